"""Statistical forms: numbered columns that add figures or other columns, a row for every office (DOMAIN §3.4, §8.5).

A column is never typed and never added twice: it is the sum of its figures, or of its columns. A figure without data
is no number: a sum of nothing but such figures stays empty on the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..catalog.annex_model import AnnexColumn, AnnexTable
from ..kernel.text import squeeze
from .figures import number_text
from .model import Annex, Figure, TableColumn, TableRow

OWN = "own"
TOTAL = "office"
OWN_TITLE = "Số liệu cơ quan tự theo dõi"
TOTAL_TITLE = "Tổng cộng"
Number = tuple[int, int]  # (integer, scale)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """An office below: how it has reported, and its figures where they are counted in ours."""

    key: str
    name: str
    state: str = ""  # in words
    received: str = ""  # dd/MM/yyyy
    figures: Mapping[str, Figure] = field(default_factory=dict)


def add(numbers: Sequence[Number | None]) -> Number | None:
    """The sum of what is known; None where nothing is."""
    known = [item for item in numbers if item is not None]
    if not known:
        return None
    scale = max(item[1] for item in known)
    return sum(value * int(10 ** (scale - places)) for value, places in known), scale


def number_of(figure: Figure | None) -> Number | None:
    """A figure as a number; None without data."""
    if figure is None:
        return None
    if figure.state == "nil":
        return 0, figure.scale
    return (figure.value, figure.scale) if figure.state == "value" and figure.value is not None else None


def column_numbers(
    columns: Sequence[AnnexColumn] | Sequence[TableColumn], look: Callable[[str], Number | None]
) -> dict[str, Number | None]:
    """Column key → its number; ``look``: figure key → number. Sums come after what they add, whatever their order."""
    by_key = {item.key: item for item in columns}
    known: dict[str, Number | None] = {}

    def number(key: str) -> Number | None:
        if key not in known:
            item = by_key[key]
            known[key] = add([look(name) for name in item.figures] if item.figures else [number(p) for p in item.sums])
        return known[key]

    return {item.key: number(item.key) for item in columns if item.figures or item.sums}


def _numbers_of(table: AnnexTable, unit: UnitRow) -> dict[str, Number | None]:
    """The columns of an office below, from the figures it sent."""
    return column_numbers(table.columns, lambda key: number_of(unit.figures.get(key)))


def form_annex(
    table: AnnexTable, figures: Mapping[str, Figure], office: str, units: Sequence[UnitRow], note: str = ""
) -> Annex:
    """The form filled in. Without offices below: one row, ours. With them: theirs, what is counted here besides
    them, and the total, which is the figures of the report itself."""
    columns = tuple(
        TableColumn(
            item.key,
            squeeze(item.title),
            item.width,
            item.align,
            tuple(map(squeeze, item.groups)),
            item.figures,
            item.sums,
        )
        for item in table.columns
    )
    ours = column_numbers(table.columns, lambda key: number_of(figures.get(key)))
    shown = [unit for unit in units if unit.figures or table.kind == "units"]
    rows: list[TableRow] = []
    if table.kind == "form":
        rows.append(TableRow("numbers", tuple(_column_number(item) for item in table.columns), "numbers"))
    if not shown:
        rows.append(TableRow(TOTAL, _cells(columns, ours, {"no": "1", "unit": office}), "row"))
        return replace(_annex(table, columns, rows), note=note)
    theirs = {unit.key: _numbers_of(table, unit) for unit in shown}
    for at, unit in enumerate(shown, 1):
        words = {"no": str(at), "unit": unit.name, "state": unit.state, "received": unit.received}
        rows.append(TableRow(unit.key, _cells(columns, theirs[unit.key], words)))
    rest = column_numbers(table.columns, lambda key: _rest(key, figures, shown))
    if any(item is not None and item[0] for item in rest.values()):
        rows.append(TableRow(OWN, _cells(columns, rest, {"no": str(len(shown) + 1), "unit": OWN_TITLE})))
    rows.append(TableRow(TOTAL, _cells(columns, ours, {"unit": TOTAL_TITLE}), "total"))
    return replace(_annex(table, columns, rows), note=note)


def _annex(table: AnnexTable, columns: tuple[TableColumn, ...], rows: Sequence[TableRow]) -> Annex:
    return Annex(table.key, squeeze(table.title), columns, tuple(rows), table.landscape)


def _rest(key: str, figures: Mapping[str, Figure], units: Sequence[UnitRow]) -> Number | None:
    """What is left of a figure beside the units' parts."""
    figure = figures.get(key)
    if figure is not None and figure.unit == "%":  # shares of units do not add up
        return None
    whole = number_of(figure)
    told = add([number_of(unit.figures.get(key)) for unit in units])
    if whole is None or told is None:
        return whole
    return add([whole, (-told[0], told[1])])


def _column_number(item: AnnexColumn) -> str:
    return item.key[1:] if item.figures or item.sums else "A" if item.key == "unit" else ""


def _cells(
    columns: Sequence[TableColumn], numbers: Mapping[str, Number | None], words: Mapping[str, str]
) -> tuple[str, ...]:
    return tuple(
        _shown(numbers[item.key]) if item.key in numbers else squeeze(words.get(item.key, "")) for item in columns
    )


def _shown(number: Number | None) -> str:
    return "" if number is None else number_text(*number)


def refresh_form(annex: Annex, figures: Mapping[str, Figure]) -> Annex:
    """The row of the office itself written anew; those of offices below stay as they reported."""
    numbers = column_numbers(annex.columns, lambda key: number_of(figures.get(key)))
    rows = tuple(
        replace(
            row,
            cells=tuple(
                _shown(numbers[item.key]) if item.key in numbers else row.cells[at]
                for at, item in enumerate(annex.columns)
            ),
        )
        if row.key == TOTAL
        else row
        for row in annex.rows
    )
    return replace(annex, rows=rows)
