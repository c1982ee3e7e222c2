"""The rows of a sheet as records to be: every cell read, every fault named by its address. Writes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..catalog.model import Field, Form, Json, Severity, ValueType
from ..catalog.values import ValueProblem, event_date
from ..kernel import vi
from ..kernel.cells import address
from ..kernel.errors import Refused
from ..kernel.legacy_text import clearly_old, converted, guess_encoding, is_unicode
from ..render.sheet_read import CellValue, SheetGrid, Workbook, filled, strange_character
from .sheet_cells import Names, read_cell
from .sheet_layout import Layout, TableLayout

MAX_ROWS = 20_000
_TOTAL = re.compile(r"(?:tổng|tổng cộng|tổng số|cộng|cộng lại|total)\s*(?:[:.(].*)?", re.IGNORECASE)
Tick = Callable[[int, int], None]
"""(done, total); may raise Cancelled."""


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """A fault of one cell; ``row`` and ``column`` count from 0."""

    sheet: str
    row: int
    column: int
    message: str
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """``Sheet!C5``."""
        return f"{self.sheet}!{address(self.row, self.column)}"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Conversion:
    """A text cell read from an old encoding."""

    sheet: str
    row: int
    column: int
    encoding: str
    before: str
    after: str


@dataclass
class RawRow:
    """One row as read: values by field key, and what could not be read."""

    row: int
    values: dict[str, Json] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Fields whose cell holds something that is no value: not missing, but wrong."""
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Row id of a small table → (sheet, row)."""
    day: date | None = None
    """The event date, where it can be read: some names of places depend on it."""


@dataclass(frozen=True)
class ReadRows:
    rows: tuple[RawRow, ...]
    skipped: tuple[tuple[int, str], ...]
    """(row, why) of rows that are no records: totals, groups, signatures."""
    notes: Mapping[str, tuple[int, str]]
    """Note key of sheet_cells.NOTES, or the sentence itself → (how often, first address)."""
    problems: tuple[SheetProblem, ...] = ()
    """Faults that belong to no record (rows of a small table without one)."""


def modern(book: Workbook) -> tuple[Workbook, tuple[Conversion, ...]]:
    """The workbook with texts of old encodings as Unicode, and what was changed. Decided column by column."""
    sheets: list[SheetGrid] = []
    changes: list[Conversion] = []
    for grid in book.sheets:
        texts = [[value for row in grid.rows if isinstance(value := row[at], str)] for at in range(grid.width)]
        marked = [[text for text in column if not text.isascii() and not is_unicode(text)] for column in texts]
        common = guess_encoding([text for column in marked for text in column])
        if common is None:
            sheets.append(grid)
            continue
        encodings = {}
        for at, column in enumerate(texts):
            own = guess_encoding(marked[at]) or (common if marked[at] and not any(map(is_unicode, column)) else None)
            if own is not None:
                clear = [clearly_old(own, text) for text in column]
                below = column[clear.index(True) :] if any(clear) else column
                encodings[at] = (own, any(map(is_unicode, below)))
        rows = [list(row) for row in grid.rows]
        for number, cells in enumerate(rows):
            for at, (encoding, mixed) in encodings.items():
                before = cells[at]
                if not isinstance(before, str) or (mixed and not clearly_old(encoding, before)):
                    continue  # among Unicode texts only what makes no sense as it is
                if (after := converted(encoding, before)) != before:
                    cells[at] = after
                    changes.append(Conversion(grid.name, number, at, encoding, before, after))
        sheets.append(replace(grid, rows=tuple(tuple(row) for row in rows)))
    return replace(book, sheets=tuple(sheets)), tuple(changes)


class RowReader:
    """Reads the rows of a layout."""

    def __init__(self, book: Workbook, form: Form, fields: Sequence[Field], layout: Layout, names: Names) -> None:
        grid = book.sheet(layout.sheet)
        if grid is None:
            raise Refused("sheet_missing", f"Tệp không có trang “{layout.sheet}”. Chưa nhập gì.")
        self._book, self._grid, self._form, self._layout, self._names = book, grid, form, layout, names
        self._rows = filled(grid)
        self._fields = {item.key: item for item in fields}
        self._notes: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def read(self, new_id: Callable[[], str], tick: Tick | None = None) -> ReadRows:
        """All rows. ``new_id`` makes the ids of rows of small tables. Raises Refused ``sheet_too_many_rows``."""
        layout = self._layout
        found: list[RawRow] = []
        skipped: list[tuple[int, str]] = []
        numbers: dict[int, RawRow] = {}
        gap = False
        total = len(self._rows)
        for number in range(layout.first, total):
            if tick is not None and number % 200 == 0:
                tick(number, total)
            if not self._filled_columns(number):
                gap = gap or bool(found and all(value is None for value in self._rows[number]))
                continue
            why = self._no_record(number, after_gap=gap)
            if why:
                skipped.append((number, why))
                continue
            gap = False
            raw = self._row(number)
            found.append(raw)
            key = self._grid.at(number, layout.number) if layout.number is not None else None
            if isinstance(key, int | float | str) and (shown := _number(key)) is not None:
                numbers.setdefault(shown, raw)
            if len(found) > MAX_ROWS:
                raise Refused(
                    "sheet_too_many_rows",
                    f"Trang “{layout.sheet}” có hơn {vi.number(MAX_ROWS)} dòng. Chưa nhập gì; "
                    "hãy chia thành nhiều tệp.",
                )
        problems = [problem for table in layout.tables for problem in self._table(table, numbers, new_id)]
        notes = {key: (count, self._first[key]) for key, count in self._notes.items()}
        return ReadRows(tuple(found), tuple(skipped), notes, tuple(problems))

    # -- which rows are records -----------------------------------------------------------------

    def _filled_columns(self, number: int) -> list[int]:
        row = self._rows[number]
        lost = self._grid.lost_formulas
        return [at for at in self._layout.columns if at < len(row) and (row[at] is not None or (number, at) in lost)]

    def _no_record(self, number: int, *, after_gap: bool) -> str:
        row = self._grid.rows[number]
        texts = [" ".join(value.split()) for value in row if isinstance(value, str)]
        day = self._day_at(number)
        if texts and _TOTAL.fullmatch(texts[0]) and day is None:
            return "dòng tổng"
        if self._layout.template or day is not None:
            return ""
        own = [value for value in row if value is not None]
        if len(own) == 1 and texts and len(self._layout.columns) > 1:
            return "dòng tiêu đề nhóm hoặc ghi chú"
        if after_gap and len(own) <= 3:
            return "phần ký, ghi chú ở cuối trang"
        return ""

    def _day_at(self, number: int) -> CellValue:
        """What stands in the column of the event date."""
        at = next((at for at, key in self._layout.columns.items() if key == self._form.event_date), None)
        return None if at is None else self._rows[number][at]

    def _event_day(self, number: int) -> date | None:
        item = self._fields.get(self._form.event_date)
        if item is None or not self._names.dated:
            return None
        try:
            read, _note = read_cell(item, self._day_at(number), self._names)
        except ValueProblem:
            return None
        return event_date(self._form, {item.key: read})

    # -- cells ----------------------------------------------------------------------------------

    def _row(self, number: int) -> RawRow:
        raw = RawRow(number, day=self._event_day(number))
        for at, key in self._layout.columns.items():
            if at < len(self._rows[number]):
                self._cell(raw, raw.values, self._grid, self._rows, number, at, self._fields[key], key)
        return raw

    def _cell(
        self, raw: RawRow, into: dict[str, Json], grid: SheetGrid, rows: Sequence[Sequence[CellValue]],
        number: int, at: int, item: Field, unread_key: str,
    ) -> None:  # fmt: skip
        value = rows[number][at]
        place = (number, at)
        if value is None and place in grid.lost_formulas:
            words = "ô có công thức hoặc lỗi công thức mà tệp không lưu kết quả; hãy gõ giá trị vào ô"
            raw.problems.append(SheetProblem(grid.name, number, at, f"“{item.title}”: {words}."))
            raw.unread.add(unread_key)
            return
        if value is None:
            return
        if bad := strange_character(value):
            words = f"có ký tự không dùng được ({bad}), hãy xóa đi"
            raw.problems.append(SheetProblem(grid.name, number, at, f"“{item.title}” {words}."))
            raw.unread.add(unread_key)
            return
        try:
            read, note = read_cell(
                item, value, self._names, percent=place in grid.percents, zeros=grid.zeros.get(place, 0), day=raw.day
            )
        except ValueProblem as error:
            raw.problems.append(SheetProblem(grid.name, number, at, error.message))
            raw.unread.add(unread_key)
            return
        if read is not None:
            into[item.key] = read
        for key in (
            *note.split("\n"),
            "formula" if place in grid.formulas else "",
            "" if grid.at(*place) is not None else "merged",
        ):
            if key:
                self._notes[key] += 1
                self._first.setdefault(key, f"{grid.name}!{address(number, at)}")

    def _table(
        self, table: TableLayout, numbers: Mapping[int, RawRow], new_id: Callable[[], str]
    ) -> list[SheetProblem]:
        grid = self._book.sheet(table.sheet)
        item = self._fields.get(table.field)
        if grid is None or item is None or item.type is not ValueType.ROWS:
            return []
        columns = {at: item.column(key) for at, key in table.columns.items() if _has_column(item, key)}
        rows = filled(grid)
        stray: list[SheetProblem] = []
        for number in range(table.first, len(rows)):
            if not any(
                at < len(rows[number]) and (rows[number][at] is not None or (number, at) in grid.lost_formulas)
                for at in columns
            ):
                continue
            key = rows[number][table.number]
            owner = numbers.get(_number(key) or 0) if isinstance(key, int | float | str) else None
            if owner is None:
                words = f"cột TT phải ghi số TT của một dòng có nội dung ở trang “{self._layout.sheet}”"
                stray.append(SheetProblem(grid.name, number, table.number, f"“{item.title}”: {words}."))
                continue
            row_id = new_id()
            made: dict[str, Json] = {"row": row_id}
            for at, column in columns.items():
                if at < len(rows[number]):
                    self._cell(owner, made, grid, rows, number, at, column, f"{item.key}.{column.key}")
            owner.places[row_id] = (grid.name, number)
            held = owner.values.setdefault(item.key, [])
            if isinstance(held, list):
                held.append(made)
        return stray


def _has_column(item: Field, key: str) -> bool:
    return any(column.key == key for column in item.columns)


def _number(value: CellValue) -> int | None:
    text = str(value).strip().rstrip(".")
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None
