"""The annex tables of a report, as declared data (DOMAIN §3.4, §8.5)."""

from __future__ import annotations

from dataclasses import dataclass

UNIT_SHOWS = ("no", "unit", "state", "received")
"""What a column of a form shows of the office whose row it is: its place in the list, its name, how it has reported."""


@dataclass(frozen=True, slots=True)
class AnnexColumn:
    """``key``: a field, or "no" for the running number, or figure words (title, unit, value, previous, change).

    Of a form: ``figures`` are added up, or ``sums``, other columns; ``groups`` are titles above the column's own;
    ``detail`` marks an "of which" that no other column may add again.
    """

    key: str
    title: str
    width: int  # relative
    align: str = "left"
    groups: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Column ``total`` equals the sum of columns ``parts``, whatever was counted."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """``kind``: records (of a form) | indicators | form (a statistical form: numbered columns, a row an office) |
    units (the same for the offices below, also those that sent nothing) | scoring (the self-scoring)."""

    key: str
    title: str
    kind: str
    form: str = ""
    indicators: tuple[str, ...] = ()  # empty: all of the office's; of a form: those its columns add
    columns: tuple[AnnexColumn, ...] = ()
    landscape: bool = False
    optional: bool = False  # left out when it has nothing to show
    identities: tuple[Identity, ...] = ()
    note: str = ""

    def column(self, key: str) -> AnnexColumn:
        """The column ``key``. Raises KeyError."""
        for item in self.columns:
            if item.key == key:
                return item
        raise KeyError(key)

    def figures_of(self, key: str) -> tuple[str, ...]:
        """The figures whose sum column ``key`` is, through all columns it adds; a figure as often as it is added."""
        item = self.column(key)
        return item.figures + tuple(figure for part in item.sums for figure in self.figures_of(part))
