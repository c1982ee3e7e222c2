"""Which forms hold declared figures, and by which fields: data, so that no Python names a form (DESIGN §8.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeclaredPart:
    """A form whose records say what an indicator was in a span of days where nothing else tells it.

    ``state`` names a choice field; with its choice ``nil`` the figure is "không phát sinh"; with another, nothing is
    known. ``value`` is a decimal in the unit the indicator is printed in.
    """

    key: str
    form: str
    indicator: str
    first: str
    last: str
    value: str
    state: str
    nil: str
