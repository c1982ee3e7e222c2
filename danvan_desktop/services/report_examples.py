"""The records a draft proposes as named examples, by the rule the outline declares (catalog.model.Example)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..catalog.conditions import holds
from ..catalog.model import Catalog, Example, Form, Outline
from ..reporting.model import thaw
from ..store.store import UnitOfWork
from .indicators import FigureSet, counting_reports
from .lists import open_texts

_PART = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


def examples_of(catalog: Catalog, uow: UnitOfWork, outline: Outline, figures: FigureSet) -> dict[str, tuple[str, ...]]:
    """``section.example`` → the phrases proposed, best first; open fields only, of the figures' own sources."""
    found: dict[str, tuple[str, ...]] = {}
    for section in outline.sections:
        for example in section.examples:
            form = catalog.forms[example.form]
            ranked = sorted(
                (values for values in _values(uow, form, figures) if holds(example.filters, values)),
                key=lambda values: tuple(_rank(values.get(key)) for key in example.order),
                reverse=True,
            )
            phrases = (_phrase(example, open_texts(form, values, {})) for values in ranked)
            kept = tuple(phrase for phrase in phrases if phrase)[: example.most]
            if kept:
                found[f"{section.key}.{example.key}"] = kept
    return found


def _values(uow: UnitOfWork, form: Form, figures: FigureSet) -> list[Mapping[str, Any]]:
    """Oldest first: our own final records, then the open rows that came with reports."""
    window = (figures.window.first, figures.window.last)
    total = uow.records.count(form, states=("final",), window=window)
    rows = uow.records.page(form, offset=0, limit=max(total, 1), sort="event_date", descending=False,
                            states=("final",), window=window)  # fmt: skip
    own = [row.values for row in rows if row.unit not in figures.reported_units]
    received = [
        row["values"]
        for unit, report in counting_reports(uow, figures.period).items()
        if unit in figures.reported_units
        for row in thaw(report.document).rows.get(form.key, ())
    ]
    return [*own, *received]


def _rank(value: Any) -> tuple[int, int]:
    """Empty last; then by number, day, or yes before no."""
    if isinstance(value, int):
        return 1, int(value)
    try:
        return 1, date.fromisoformat(str(value)).toordinal()
    except ValueError:
        return 0, 0


def _phrase(example: Example, texts: Mapping[str, str]) -> str:
    """The example in words; "" when what it is named by is empty."""

    def part(match: re.Match[str]) -> str:
        return match[1] if all(texts.get(key) for key in _PLACE.findall(match[1])) else ""

    text = _PART.sub(part, example.text)
    if not all(texts.get(key) for key in _PLACE.findall(text)):
        return ""
    return " ".join(_PLACE.sub(lambda match: texts[match[1]], text).split())
