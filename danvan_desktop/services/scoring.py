"""Self-scoring: the scheme an office has chosen, the points typed with their evidence, total and band (DOMAIN §8.6).

Kept by year in the office's settings as integers of a hundredth; every change is told in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..catalog.scoring_model import ScoringScheme
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import bad_character, squeeze
from ..reporting.scoring import (
    BONUS,
    PENALTY,
    SCALE,
    Score,
    Scored,
    ScoreSheet,
    check_points,
    points_text,
)
from ..store.store import UnitOfWork
from .context import Context

__all__ = ["BONUS", "PENALTY", "Score", "ScoreSheet", "Scored", "ScoringService", "ScoringView", "points_text",
           "read_score", "score_cell", "scored"]  # fmt: skip

_EVIDENCE = 500
_NONE = "none"


@dataclass(frozen=True, slots=True)
class ScoringView:
    """What the dialog and the command line show; ``scored`` None: no scheme chosen for the year."""

    year: int
    schemes: tuple[ScoringScheme, ...]
    scored: Scored | None


class ScoringService:
    """Everyone may read; scoring needs the right ``report.write``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def this_year(self) -> int:
        """The year that is scored now."""
        return clock.today(self._context.clock).year

    def view(self, year: int) -> ScoringView:
        """The schemes in force in ``year`` and what was scored."""
        known = self._context.catalog.scoring.values()
        with self._context.store.read() as uow:
            found = scored(self._context, uow, year)
        return ScoringView(year, tuple(item for item in known if item.valid_from.year <= year), found)

    def choose(self, year: int, scheme: str) -> Changes:
        """Score ``year`` by a scheme ("" or ``none``: not at all). Raises Refused ``unknown_scheme``."""
        key = "" if scheme == _NONE else scheme
        self._check_scheme(year, key)
        return self._write(year, key, None, "scheme")

    def set(self, year: int, place: str, text: str, evidence: str | None = None) -> Changes:
        """Points of a criterion, ``bonus`` or ``penalty``, as typed ("9,5"; empty: not scored). Evidence None: kept.

        Raises Refused ``no_scheme``, ``unknown_criterion``, ``points_out_of_range``, ``bad_number``, ``bad_text``.
        """
        now = self._required(year)
        before = _place(now.sheet, place)
        score = read_score(now.scheme, place, text, before.evidence if evidence is None else evidence)
        return self._write(year, now.scheme.key, _with(now.sheet, place, score), place)

    def happened(self, year: int, cap: str, yes: bool = True) -> Changes:
        """Whether something happened that caps the band. Raises Refused ``no_scheme``, ``unknown_cap``."""
        now = self._required(year)
        if cap not in {item.key for item in now.scheme.caps}:
            raise Refused(
                "unknown_cap",
                f"Thang điểm không có việc “{cap[:60]}”; chưa đổi gì.",
                caps=[item.key for item in now.scheme.caps],
            )
        kept = now.sheet.happened | {cap} if yes else now.sheet.happened - {cap}
        return self._write(year, now.scheme.key, replace(now.sheet, happened=frozenset(kept)), cap)

    def save(self, year: int, scheme: str, sheet: ScoreSheet) -> Changes:
        """Keep a whole sheet (of the dialog). Raises what :meth:`set` and :meth:`choose` raise; nothing kept then."""
        self._check_scheme(year, scheme)
        return self._write(year, scheme, sheet if scheme else None, "sheet")

    def _check_scheme(self, year: int, scheme: str) -> None:
        known = [item.key for item in self.view(year).schemes]
        if scheme and scheme not in known:
            raise Refused(
                "unknown_scheme",
                f"Không có thang điểm “{scheme[:60]}” áp dụng cho năm {year}; thang điểm đang dùng giữ nguyên.",
                schemes=known,
            )

    def _required(self, year: int) -> Scored:
        found = self.view(year).scored
        if found is None:
            raise Refused(
                "no_scheme", f"Năm {year} chưa chọn thang điểm. Hãy chọn thang điểm trước rồi chấm; chưa ghi gì."
            )
        return found

    def _write(self, year: int, scheme: str, sheet: ScoreSheet | None, what: str) -> Changes:
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            kept = dict(uow.settings.get(_key(year), {}))
            sheets = dict(kept.get("sheets", {}))
            if sheet is not None and scheme:
                sheets[scheme] = _plain(sheet)
            uow.settings.set(_key(year), {"scheme": scheme, "sheets": sheets})
            uow.audit.append("self_scored", str(year), {"scheme": scheme, "what": what})
        return Changes.of("scoring", ids=[str(year)])


def scored(context: Context, uow: UnitOfWork, year: int) -> Scored | None:
    """The scheme chosen for ``year`` with what was typed; None where none is chosen, or the catalogue lost it."""
    kept: Mapping[str, Any] = uow.settings.get(_key(year), {})
    scheme = context.catalog.scoring.get(str(kept.get("scheme", "")))
    if scheme is None:
        return None
    return Scored(scheme, _sheet(kept.get("sheets", {}).get(scheme.key, {})))


def read_score(scheme: ScoringScheme, place: str, text: str, evidence: str) -> Score:
    """Points and evidence as typed. Raises Refused ``bad_number``, ``bad_text`` and those of check_points."""
    points: int | None = None
    if text.strip():
        try:
            points = vi.parse_number(text.strip(), SCALE)
        except ValueError:
            raise Refused(
                "bad_number", f"“{text.strip()[:20]}” không phải số điểm; hãy gõ như 9,5. Điểm đã chấm giữ nguyên."
            ) from None
    check_points(scheme, place, points or 0)
    words = squeeze(evidence).replace("\n", " ")[:_EVIDENCE]
    if bad := bad_character(words):
        raise Refused("bad_text", f"Minh chứng có ký tự không in được ({bad}); hãy xóa ký tự đó. Chưa ghi gì.")
    return Score(points, words)


def score_cell(score: Score) -> str:
    """Points as typed again: "9,5"; empty where not scored."""
    return "" if score.points is None else points_text(score.points)


def _key(year: int) -> str:
    return f"scoring:{year}"


def _place(sheet: ScoreSheet, place: str) -> Score:
    return {BONUS: sheet.bonus, PENALTY: sheet.penalty}.get(place) or sheet.scores.get(place, Score())


def _with(sheet: ScoreSheet, place: str, score: Score) -> ScoreSheet:
    if place == BONUS:
        return replace(sheet, bonus=score)
    if place == PENALTY:
        return replace(sheet, penalty=score)
    return replace(sheet, scores={**sheet.scores, place: score})


def _plain(sheet: ScoreSheet) -> dict[str, Any]:
    def one(score: Score) -> dict[str, Any]:
        return {"points": score.points, "evidence": score.evidence}

    return {
        "scores": {code: one(score) for code, score in sheet.scores.items()},
        BONUS: one(sheet.bonus),
        PENALTY: one(sheet.penalty),
        "happened": sorted(sheet.happened),
    }


def _sheet(kept: Mapping[str, Any]) -> ScoreSheet:
    def one(value: Mapping[str, Any]) -> Score:
        return Score(value.get("points"), str(value.get("evidence", "")))

    return ScoreSheet(
        {code: one(value) for code, value in kept.get("scores", {}).items()},
        one(kept.get(BONUS, {})),
        one(kept.get(PENALTY, {})),
        frozenset(kept.get("happened", ())),
    )
