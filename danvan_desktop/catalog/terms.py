"""Legal terms by the day they apply to: which row of the effective-dated table holds (DOMAIN §0.2, §3.1–3.2)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .model import Catalog, LegalTerm

WEEKS_OF_A_MONTH = 4  # "at least one day a week": the full weeks every month has


def term_on(terms: Sequence[LegalTerm], key: str, day: date, conditions: Mapping[str, Any] | None = None) -> LegalTerm:
    """The term ``key`` in force on ``day`` whose ``when`` holds under ``conditions``; the most specific one wins.

    A condition that is absent counts as not met. Raises KeyError when no row applies.
    """
    given = conditions or {}
    fitting = [
        term
        for term in terms
        if term.key == key
        and term.valid_from <= day
        and (term.valid_to is None or day <= term.valid_to)
        and all((given.get(name) or False) == wanted for name, wanted in term.when.items())
    ]
    if not fitting:
        raise KeyError(f"{key} on {day.isoformat()}")
    return max(fitting, key=lambda term: (len(term.when), term.valid_from))


def monthly_minimum(catalog: Catalog, key: str, year: int, month: int) -> int:
    """How many times a month the duty ``key`` (unit count_per_week or count_per_month) asks for.

    The rule in force on the last day of the month decides. Raises KeyError when none is.
    """
    term = term_on(catalog.terms, key, date(year, month, calendar.monthrange(year, month)[1]))
    return term.value * WEEKS_OF_A_MONTH if term.unit == "count_per_week" else term.value


def title_of_term(catalog: Catalog, key: str) -> str:
    """What a term is called; the key itself when the catalogue does not have it."""
    return next((term.title for term in catalog.terms if term.key == key), key)
