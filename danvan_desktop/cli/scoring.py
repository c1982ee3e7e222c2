"""Commands about the office's own scoring of its year."""

from __future__ import annotations

from ..services.scoring import BONUS, PENALTY, points_text, score_cell
from .session import Session


def _year(session: Session) -> int:
    year: int = session.options.year or session.office().scoring.this_year()
    return year


def show(session: Session) -> int:
    """Scheme, points, total, band and what is still open."""
    year = _year(session)
    view = session.office().scoring.view(year)
    schemes = [{"key": item.key, "title": item.title, "source": item.source} for item in view.schemes]
    if view.scored is None:
        session.output.result(
            {"year": year, "scheme": "", "schemes": schemes},
            [f"Năm {year} chưa chọn thang điểm. Có thể chọn:", *(f"{item.key}  {item.title}" for item in view.schemes)],
        )
        return 0
    scheme, sheet, verdict = view.scored.scheme, view.scored.sheet, view.scored.verdict
    scores = {item.code: sheet.scores.get(item.code) for item in scheme.criteria}
    placed = [
        *((item.code, item.text, item.maximum, scores[item.code]) for item in scheme.criteria),
        (BONUS, scheme.bonus_text, scheme.bonus_ceiling, sheet.bonus),
        (PENALTY, scheme.penalty_text, scheme.penalty_ceiling, sheet.penalty),
    ]
    session.output.result(
        {
            "year": year,
            "scheme": scheme.key,
            "schemes": schemes,
            "criteria": [
                {"code": code, "text": text, "max": points_text(most),
                 "points": score_cell(score) if score else "", "evidence": score.evidence if score else ""}
                for code, text, most, score in placed
            ],
            "caps": [
                {"key": item.key, "text": item.text, "happened": item.key in sheet.happened} for item in scheme.caps
            ],
            "total": points_text(verdict.total),
            "band": verdict.band.key,
            "band_title": verdict.band.title,
            "reasons": list(verdict.reasons),
            "warnings": list(verdict.warnings),
        },
        [
            scheme.title,
            *(f"{code}  {text}: {(score_cell(score) if score else '') or 'chưa chấm'}/{points_text(most)}"
              + (f"  ({score.evidence})" if score and score.evidence else "") for code, text, most, score in placed),
            *(f"{item.key}  {item.text}: {'có' if item.key in sheet.happened else 'không'}" for item in scheme.caps),
            f"Tổng {points_text(verdict.total)}/{points_text(scheme.maximum)} điểm; tự xếp loại: {verdict.band.title}.",
            *(item[:1].upper() + item[1:] + "." for item in verdict.reasons),
            *verdict.warnings,
        ],
    )  # fmt: skip
    return 0


def set_points(session: Session) -> int:
    """Score one criterion."""
    options = session.options
    session.office().scoring.set(_year(session), options.place, options.points, options.evidence)
    return show(session)


def happened(session: Session) -> int:
    """Something that caps the band happened, or did not."""
    session.office().scoring.happened(_year(session), session.options.cap, not session.options.no)
    return show(session)


def choose(session: Session) -> int:
    """Choose the scheme of a year."""
    session.office().scoring.choose(_year(session), session.options.scheme)
    return show(session)
