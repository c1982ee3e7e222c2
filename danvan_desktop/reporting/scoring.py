"""What an office scores itself: total, band, and why no better one (DOMAIN §8.6). Pure; points in hundredths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..catalog.annex_model import AnnexTable
from ..catalog.scoring_model import Band, Criterion, ScoringScheme
from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import squeeze
from .model import Annex, TableColumn, TableRow

SCALE = 2
BONUS, PENALTY = "bonus", "penalty"


@dataclass(frozen=True, slots=True)
class Score:
    """Points and what proves them (numbers and days of papers). ``points`` None: not scored yet."""

    points: int | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What people typed. ``happened``: keys of the caps that apply."""

    scores: Mapping[str, Score] = field(default_factory=dict)  # criterion code → score
    bonus: Score = Score()
    penalty: Score = Score()
    happened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``total`` in hundredths; ``reasons``: why a better band was not given; ``warnings``: what is still open."""

    total: int
    band: Band
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    started: bool  # whether anything was scored at all


def points_text(points: int) -> str:
    """``95,5``; in tables and sentences alike."""
    return vi.number(points, SCALE)


def check_points(scheme: ScoringScheme, place: str, points: int) -> None:
    """Raises Refused ``unknown_criterion``, ``points_out_of_range``."""
    item = scheme.criterion(place)
    ceiling = {BONUS: scheme.bonus_ceiling, PENALTY: scheme.penalty_ceiling}.get(place)
    if item is not None:
        ceiling = item.maximum
    if ceiling is None:
        raise Refused(
            "unknown_criterion",
            f"Thang điểm không có tiêu chí “{place[:40]}”; điểm đã chấm giữ nguyên.",
            criteria=[*(entry.code for entry in scheme.criteria), BONUS, PENALTY],
        )
    if not 0 <= points <= ceiling:
        name = {BONUS: "Điểm thưởng", PENALTY: "Điểm trừ"}.get(place, f"Tiêu chí {place}")
        raise Refused(
            "points_out_of_range",
            f"{name} chỉ nhận từ 0 đến {points_text(ceiling)} điểm, không phải {points_text(points)}. "
            "Điểm đã chấm giữ nguyên.",
        )


def judge(scheme: ScoringScheme, sheet: ScoreSheet) -> Verdict:
    """Total and band. Every part is held within its ceiling, whatever was stored; what is not scored counts 0."""
    total = sum(_within(sheet.scores.get(item.code, Score()).points, item.maximum) for item in scheme.criteria)
    total += _within(sheet.bonus.points, scheme.bonus_ceiling) - _within(sheet.penalty.points, scheme.penalty_ceiling)
    total = max(0, total)
    started = any(item.points is not None for item in sheet.scores.values())
    zeros = [item for item in scheme.criteria if item.zero_blocks_rank and _zero(sheet, item)]
    reasons: list[str] = []
    band = scheme.bands[-1]
    for at, candidate in enumerate(scheme.bands):
        if total < candidate.minimum:
            continue
        if candidate.no_zero and zeros:
            codes = ", ".join(item.code for item in zeros)
            reasons.append(f"không xếp “{candidate.title}” vì tiêu chí {codes} 0 điểm")
            continue
        band = scheme.bands[at]
        break
    order = {item.key: at for at, item in enumerate(scheme.bands)}
    for cap in scheme.caps:
        if cap.key in sheet.happened and order[cap.band] > order[band.key]:
            lower = scheme.bands[order[cap.band]]
            reasons.append(f"không xếp “{band.title}” vì {cap.text[:1].lower() + cap.text[1:]}")
            band = lower
    if not started and scheme.unscored_band and order[scheme.unscored_band] >= order[band.key]:
        band = scheme.bands[order[scheme.unscored_band]]
        reasons = [f"xếp “{band.title}” vì chưa tự chấm điểm"]
    return Verdict(total, band, tuple(reasons), _warnings(scheme, sheet) if started else (), started)


def _within(points: int | None, ceiling: int) -> int:
    return min(max(points or 0, 0), ceiling)


def _zero(sheet: ScoreSheet, item: Criterion) -> bool:
    return _within(sheet.scores.get(item.code, Score()).points, item.maximum) == 0


def _warnings(scheme: ScoringScheme, sheet: ScoreSheet) -> tuple[str, ...]:
    found = []
    for item in scheme.criteria:
        score = sheet.scores.get(item.code, Score())
        if score.points is None:
            found.append(f"Tiêu chí {item.code} chưa chấm, đang tính 0 điểm.")
        elif score.points and item.evidence_required and not score.evidence.strip():
            found.append(f"Tiêu chí {item.code} được {points_text(score.points)} điểm nhưng chưa ghi minh chứng.")
    if sheet.bonus.points and not sheet.bonus.evidence.strip():
        found.append("Điểm thưởng chưa ghi minh chứng.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Scored:
    """A year's scoring of this office under its scheme."""

    scheme: ScoringScheme
    sheet: ScoreSheet

    @property
    def verdict(self) -> Verdict:
        """Total and band, reckoned anew."""
        return judge(self.scheme, self.sheet)

    def sentence(self) -> str:
        """The line of the section "Tự chấm điểm, xếp loại"."""
        verdict = self.verdict
        text = (
            f"Tự chấm {points_text(verdict.total)}/{points_text(self.scheme.maximum)} điểm theo {self.scheme.source}; "
            f"tự xếp loại: {verdict.band.title}"
        )
        return squeeze(text + (f" ({'; '.join(verdict.reasons)})" if verdict.reasons else ""))


def scoring_annex(table: AnnexTable, scored: Scored) -> Annex:
    """The table of criteria, maxima, points and evidence; with bonus, penalty, total and band."""
    scheme, sheet, verdict = scored.scheme, scored.sheet, scored.verdict
    rows = [
        _row(table, item.code, item.code, item.text, points_text(item.maximum), sheet.scores.get(item.code, Score()))
        for item in scheme.criteria
    ]
    if scheme.bonus_ceiling:
        most = f"tối đa {points_text(scheme.bonus_ceiling)}"
        rows.append(_row(table, BONUS, "", scheme.bonus_text or "Điểm thưởng", most, sheet.bonus))
    if scheme.penalty_ceiling:
        most = f"tối đa {points_text(scheme.penalty_ceiling)}"
        rows.append(_row(table, PENALTY, "", scheme.penalty_text or "Điểm trừ", most, sheet.penalty, minus=True))
    whole = Score(verdict.total, f"Tự xếp loại: {verdict.band.title}")
    rows.append(_row(table, "total", "", "Tổng điểm", points_text(scheme.maximum), whole, kind="total"))
    columns = tuple(TableColumn(item.key, squeeze(item.title), item.width, item.align) for item in table.columns)
    said = [
        f"Thang điểm: {scheme.source}",
        scheme.note.rstrip("."),
        *(item[:1].upper() + item[1:] for item in verdict.reasons),
    ]
    note = " ".join(f"{item}." for item in said if item)
    return Annex(table.key, squeeze(table.title), columns, tuple(rows), table.landscape, squeeze(note))


def _row(
    table: AnnexTable,
    key: str,
    code: str,
    text: str,
    maximum: str,
    score: Score,
    *,
    minus: bool = False,
    kind: str = "row",
) -> TableRow:
    shown = "" if score.points is None else points_text(score.points)
    cells = {
        "code": code,
        "text": squeeze(text),
        "max": maximum,
        "score": f"-{shown}" if minus and score.points else shown,
        "evidence": squeeze(score.evidence),
    }
    return TableRow(f"score_{key}", tuple(cells[item.key] for item in table.columns), kind)
