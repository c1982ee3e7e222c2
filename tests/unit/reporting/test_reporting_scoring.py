"""Self-scoring: never above the ceilings, never worse for more points, capped only by what is declared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.read_scoring import read_scoring
from danvan_desktop.catalog.reader import Table, parse_toml
from danvan_desktop.catalog.scoring_model import Criterion, ScoringScheme
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.scoring import BONUS, Score, Scored, ScoreSheet, check_points, judge, scoring_annex

CATALOG = load_shipped()
SHIPPED = CATALOG.scoring["can_tho_2025"]
FINE = replace(
    SHIPPED,
    criteria=tuple(Criterion(f"I.{at}", f"Tiêu chí {at}", 1250, "", at % 2 == 0, at % 3 != 0) for at in range(8)),
)
ORDER = {item.key: at for at, item in enumerate(SHIPPED.bands)}
POINTS = st.one_of(st.none(), st.integers(0, 1250))
SHEETS = st.builds(
    ScoreSheet,
    st.fixed_dictionaries({item.code: st.builds(Score, POINTS) for item in FINE.criteria}),
    st.builds(Score, st.integers(0, 9000)),
    st.builds(Score, st.integers(0, 9000)),
    st.frozensets(st.sampled_from([item.key for item in FINE.caps]), max_size=2),
)


def sheet(
    one: int | None, two: int | None, *happened: str, evidence: str = "KH 12/KH-UBND", **more: Score
) -> ScoreSheet:
    return ScoreSheet({"I": Score(one, evidence), "II": Score(two, evidence)}, happened=frozenset(happened), **more)


@settings(max_examples=80, deadline=None)
@given(SHEETS, st.sampled_from([item.code for item in FINE.criteria]), st.integers(1, 1250))
def test_more_points_never_lower_total_or_band(scores: ScoreSheet, code: str, more: int) -> None:
    before = judge(FINE, scores)
    assert 0 <= before.total <= FINE.maximum + FINE.bonus_ceiling
    raised = replace(scores, scores={**scores.scores, code: Score((scores.scores[code].points or 0) + more)})
    after = judge(FINE, raised)
    assert after.total >= before.total and ORDER[after.band.key] <= ORDER[before.band.key]
    calm = judge(FINE, replace(scores, happened=frozenset()))
    assert ORDER[calm.band.key] <= ORDER[before.band.key]


@pytest.mark.parametrize(
    ("scores", "band", "said"),
    [
        (sheet(1000, 8600), "excellent", ""),
        (sheet(1000, 8499), "good", ""),
        (sheet(0, 9000, bonus=Score(300, "x")), "completed", "vì tiêu chí I 0 điểm"),
        (sheet(1000, 8600, "reprimand"), "good", "kỷ luật khiển trách"),
        (sheet(1000, 8600, "reprimand", "warning"), "completed", "kỷ luật cảnh cáo"),
        (sheet(1000, 8600, "criminal"), "not_completed", "xử lý hình sự"),
        (sheet(1000, 6000), "not_completed", ""),
        (sheet(None, None), "not_completed", "chưa tự chấm điểm"),
    ],
)
def test_the_bands_of_the_shipped_scheme(scores: ScoreSheet, band: str, said: str) -> None:
    verdict = judge(SHIPPED, scores)
    assert verdict.band.key == band
    assert said in "; ".join(verdict.reasons) if said else not verdict.reasons


def test_bonus_and_penalty_stay_within_their_ceilings_and_evidence_is_asked_for() -> None:
    scores = ScoreSheet({"I": Score(900), "II": Score(None)}, bonus=Score(900), penalty=Score(100))
    verdict = judge(SHIPPED, scores)
    assert verdict.total == 900 + 300 - 100
    assert [text.split(" ")[:3] for text in verdict.warnings] == [
        ["Tiêu", "chí", "I"], ["Tiêu", "chí", "II"], ["Điểm", "thưởng", "chưa"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "points", "code"),
    [
        ("I", 1001, "points_out_of_range"),
        ("I", -1, "points_out_of_range"),
        (BONUS, 301, "points_out_of_range"),
        ("IX", 1, "unknown_criterion"),
    ],
)
def test_points_beyond_the_scheme_are_refused(place: str, points: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_points(SHIPPED, place, points)
    assert refused.value.code == code


def test_the_annex_and_the_line_say_the_same() -> None:
    table = next(item for item in CATALOG.outlines["annual_commune"].annexes if item.key == "self_scoring")
    scored = Scored(SHIPPED, sheet(950, 8600, "reprimand", penalty=Score(50, "x")))
    annex = scoring_annex(table, scored)
    assert [row.cells[3] for row in annex.rows] == ["9,5", "86", "", "-0,5", "95"]
    assert annex.rows[-1].kind == "total" and "Hoàn thành tốt nhiệm vụ" in annex.rows[-1].cells[4]
    assert "95/100 điểm" in scored.sentence() and "khiển trách" in scored.sentence() and "khiển trách" in annex.note
    assert all(len(row.cells) == len(annex.columns) for row in annex.rows)


@pytest.mark.parametrize(
    ("change", "reason"),
    [(("min = 0", "min = 100"), "mức cuối từ 0"), (('band = "low"', 'band = "none"'), "không có mức"),
     (("max = 100", "max = 0"), ""), (('code = "B"', 'code = "A"'), "trùng khóa")],
)  # fmt: skip
def test_a_scheme_that_cannot_be_is_refused_when_read(change: tuple[str, str], reason: str) -> None:
    text = """
[[scoring]]
key = "sample"
title = "Thang điểm"
source = "Quyết định"
valid_from = 2026-01-01
[[scoring.criterion]]
code = "A"
text = "Một"
max = 100
[[scoring.criterion]]
code = "B"
text = "Hai"
max = 100
[[scoring.band]]
key = "high"
title = "Tốt"
min = 150
[[scoring.band]]
key = "low"
title = "Chưa tốt"
min = 0
[[scoring.cap]]
key = "fault"
text = "Có sai phạm"
band = "low"
"""

    def read(source: str) -> ScoringScheme:
        return read_scoring(Table("t", "t", parse_toml("t", source)).tables("scoring")[0])

    assert read(text).maximum == 200
    with pytest.raises(Refused) as refused:
        read(text.replace(*change))
    assert reason in str(refused.value.details["reason"])
