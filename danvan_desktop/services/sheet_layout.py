"""Where the records stand in a sheet: the row of the headings, the column of each field. Guessed; a person corrects.

Our own template is known by its hidden sheet. Anything else is read by its headings: titles above, merged cells, two
rows of headings, a row of column numbers below them are all usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ..catalog.model import Catalog, Field, Form, ValueType
from ..kernel.errors import Refused
from ..kernel.text import fold
from ..render.sheet_read import CellValue, SheetGrid, Workbook, filled
from ..render.sheet_template import FORMAT, MARK, VERSION_SHEET
from .sheet_cells import fits
from .sheet_fields import import_fields

GOOD = 0.6
"""From this likeness on a heading is taken for a field."""
_HEAD_DEPTH = 40
_SAMPLE = 25
_EMPTY_WORDS = {"va", "cua", "cac", "ve", "cho", "theo", "la", "ghi", "neu"}
_WEAK = {"so", "ngay", "thang", "ten", "loai", "noi", "dung", "nguoi", "tong", "muc"}
"""Words that alone make no heading like another."""
_NUMBERS = {"tt", "stt", "so thu tu", "so tt"}


@dataclass(frozen=True)
class TableLayout:
    """A sheet with the rows of a small table; ``number`` is the column that says which record a row belongs to."""

    field: str
    sheet: str
    first: int
    number: int
    columns: Mapping[int, str]


@dataclass(frozen=True)
class Layout:
    """Rows and columns count from 0. ``head`` is the last row of the headings, -1: none."""

    form: str
    sheet: str
    head: int
    columns: Mapping[int, str]
    number: int | None = None
    """The column of running numbers."""
    tables: tuple[TableLayout, ...] = ()
    template: bool = False
    headings: Mapping[int, str] = field(default_factory=dict)
    first: int = 0
    """The first row below the headings."""

    def with_column(self, column: int, key: str) -> Layout:
        """Corrected: ``column`` holds the field ``key`` (empty: nothing), and no other column does."""
        kept = {at: held for at, held in self.columns.items() if at != column and held != key}
        return replace(self, columns={**kept, column: key} if key else kept)


# --- the template ---------------------------------------------------------------------------------------------------


def template_form(book: Workbook) -> str | None:
    """The form key of a workbook made by us, None for any other. Raises Refused ``template_newer``."""
    sheet = book.sheet(VERSION_SHEET)
    if sheet is None or sheet.at(0, 0) != MARK:
        return None
    version = sheet.at(0, 1)
    if isinstance(version, int) and version > FORMAT:
        raise Refused(
            "template_newer",
            "Mẫu nhập này do bản chương trình mới hơn tạo ra nên chưa đọc được. Chưa nhập gì; "
            "hãy cập nhật chương trình hoặc tạo lại mẫu trên máy này.",
        )
    key = sheet.at(1, 1)
    return key if isinstance(key, str) else None


def template_layout(book: Workbook, form: Form, fields: Sequence[Field]) -> Layout | None:
    """The layout our template says it has, where its headings still stand; None otherwise."""
    if template_form(book) != form.key:
        return None
    about = book.sheet(VERSION_SHEET)
    assert about is not None
    known = {item.key: item for item in fields}
    sheets: dict[str, tuple[str, int]] = {}
    columns: dict[str, dict[int, str]] = {}
    for row in about.rows:
        kind, table, third, fourth = (*row[:4], None, None, None, None)[:4]
        if kind == "table" and isinstance(table, str | None) and isinstance(third, str) and isinstance(fourth, int):
            sheets[table or ""] = (third, fourth - 1)
            columns.setdefault(table or "", {})
        elif kind == "column" and isinstance(third, str) and isinstance(fourth, int):
            title = row[4] if len(row) > 4 else None
            name, head = sheets.get(str(table or ""), ("", 0))
            grid = book.sheet(name)
            if grid is None or _same(grid.at(head, fourth - 1), title):
                columns.setdefault(str(table or ""), {})[fourth - 1] = third
            elif (moved := _find(grid, head, title)) is not None:
                columns.setdefault(str(table or ""), {})[moved] = third
    if "" not in sheets or not columns.get(""):
        return None
    name, head = sheets[""]
    if book.sheet(name) is None:
        return None
    tables = tuple(
        TableLayout(key, sheet, at + 1, 0, columns.get(key, {}))
        for key, (sheet, at) in sheets.items()
        if key and key in known and book.sheet(sheet) is not None
    )
    mine = {at: key for at, key in columns[""].items() if key in known}
    grid = book.sheet(name)
    assert grid is not None
    titles = {at: _text(value) for at, value in enumerate(grid.rows[head] if head < len(grid.rows) else ())}
    return Layout(form.key, name, head, mine, 0, tables, True, titles, head + 1)


def _same(value: CellValue, title: CellValue) -> bool:
    return isinstance(value, str) and isinstance(title, str) and fold(_flat(value)) == fold(_flat(title))


def _find(grid: SheetGrid, head: int, title: CellValue) -> int | None:
    row = grid.rows[head] if head < len(grid.rows) else ()
    found = [at for at, value in enumerate(row) if _same(value, title)]
    return found[0] if len(found) == 1 else None


def _flat(text: str) -> str:
    return " ".join(text.split())


def _text(value: CellValue) -> str:
    return "" if value is None else _flat(str(value))


# --- any other sheet ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def likeness(heading: str, title: str) -> float:
    """How well a heading fits a title: 1 the same words, 0 none in common."""
    ours, theirs = _words(heading), _words(title)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    if any(ours == _words(part) for part in title.split(",")):
        return 0.95  # one of the names a title gives: "Thôn" of "Thôn, tổ dân phố"
    left, right = set(ours), set(theirs)
    common = len(left & right)
    score = 2 * common / (len(left) + len(right))
    if left & right <= _WEAK and left - right and right - left:
        score = min(score, 0.35)  # "Số CCCD" is no "Số người"
    if common > 1 and (left <= right or right <= left):
        score = max(score, 0.6 + 0.3 * common / max(len(left), len(right)))
    return min(score, 0.99)


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    bare = re.sub(r"\([^)]*\)|\*|\bđvt\b.*", " ", text.casefold()) or text
    found = tuple(re.findall(r"[a-z0-9]+", fold(bare)))
    return tuple(word for word in found if word not in _EMPTY_WORDS) or found


def _headings(rows: Sequence[Sequence[CellValue]], last: int, depth: int) -> list[list[str]]:
    """For each column the ways its heading can be read: own row alone, with the row above, the row above alone."""
    result: list[list[str]] = []
    for column in range(len(rows[last])):
        own = _text(rows[last][column])
        above = _text(rows[last - 1][column]) if depth == 2 else ""
        ways = [own] if not above or above == own else [own, f"{above} {own}".strip(), *([] if own else [above])]
        result.append([way for way in ways if way and len(way) <= 200])
    return result


def _scores(headings: Sequence[Sequence[str]], fields: Sequence[Field]) -> list[tuple[float, int, str]]:
    """(likeness, column, field key) of every pair above nothing, best first."""
    pairs = []
    for column, ways in enumerate(headings):
        for item in fields:
            score = max((_like(way, item) for way in ways), default=0.0)
            if score >= 0.4:
                pairs.append((score, column, item.key))
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1]))


def _like(heading: str, item: Field) -> float:
    return max(likeness(heading, item.title), 1.0 if heading == item.key else 0.0)


def _assigned(pairs: Iterable[tuple[float, int, str]], least: float) -> dict[int, tuple[str, float]]:
    taken: dict[int, tuple[str, float]] = {}
    for score, column, key in pairs:
        if score >= least and column not in taken and key not in {held for held, _score in taken.values()}:
            taken[column] = (key, score)
    return taken


def find_head(rows: Sequence[Sequence[CellValue]], fields: Sequence[Field]) -> tuple[int, int, float]:
    """(last row, number of rows, strength) of the headings; strength 0 when there are none."""
    best = (-1, 1, 0.0)
    for last in range(min(len(rows), _HEAD_DEPTH)):
        texts = sum(1 for value in rows[last] if isinstance(value, str))
        if texts < 1:
            continue
        for depth in (1, 2) if last else (1,):
            found = _assigned(_scores(_headings(rows, last, depth), fields), GOOD)
            strength = sum(score for _key, score in found.values()) - 0.01 * depth
            if found and strength > best[2]:
                best = (last, depth, strength)
    return best


def guess_layout(grid: SheetGrid, form: Form, fields: Sequence[Field], *, head: int | None = None) -> Layout:
    """The layout of any sheet; ``head`` names the last row of the headings where a person knows better (-1: none)."""
    rows = filled(grid)
    if head is None:
        last, depth, strength = find_head(rows, fields)
        if strength < GOOD:
            last = -1
    else:
        last = min(head, len(rows) - 1)
        depth = 1
        if last > 0:
            one, two = (
                sum(s for _k, s in _assigned(_scores(_headings(rows, last, deep), fields), GOOD).values())
                for deep in (1, 2)
            )
            depth = 2 if two > one else 1
    if last < 0:
        return _by_place(grid, rows, form, fields)
    headings = _headings(rows, last, depth)
    first = last + 1
    if first < len(rows) and _numbers_only(rows[first]):
        first += 1
    number = next((at for at, ways in enumerate(headings) if any(fold(way) in _NUMBERS for way in ways)), None)
    pairs = []
    known = {item.key: item for item in fields}
    for score, column, key in _scores(headings, fields):
        if column == number:
            continue
        share = _share(rows, first, column, known[key])
        bonus = 0.0 if share is None else 0.15 if share > 0.8 else -0.3 if share < 0.2 and score < 0.95 else 0.0
        pairs.append((min(score + bonus, score if score >= 1 else 0.995), column, key))
    found = {at: key for at, (key, _s) in _assigned(sorted(pairs, key=lambda p: (-p[0], p[1])), GOOD).items()}
    found = _date_too(found, rows, first, number, form, known)
    titles = {at: (ways[1] if len(ways) > 1 else ways[0]) for at, ways in enumerate(headings) if ways}
    return Layout(form.key, grid.name, last, found, number, (), False, titles, first)


def _date_too(
    found: dict[int, str], rows: Sequence[Sequence[CellValue]], first: int, number: int | None, form: Form,
    known: Mapping[str, Field],
) -> dict[int, str]:  # fmt: skip
    """The one unclaimed column of dates is the event date when nothing else is."""
    if form.event_date in found.values() or form.event_date not in known or not rows:
        return found
    item = known[form.event_date]
    columns = [
        at
        for at in range(len(rows[0]))
        if at not in found and at != number and (_share(rows, first, at, item) or 0) > 0.8
    ]
    return {**found, columns[0]: form.event_date} if len(columns) == 1 else found


def _by_place(
    grid: SheetGrid, rows: Sequence[Sequence[CellValue]], form: Form, fields: Sequence[Field]
) -> Layout:  # fmt: skip
    """A block without headings: columns in the order of the form."""
    width = len(rows[0]) if rows else 0
    start = 0
    values = [row[0] for row in rows if row]
    if width > 1 and len(values) > 1 and values == list(range(1, len(values) + 1)):
        start = 1
    plain = [item for item in fields if item.type is not ValueType.ROWS]
    columns = {start + at: item.key for at, item in enumerate(plain) if start + at < width}
    return Layout(form.key, grid.name, -1, columns, 0 if start else None, (), False, {}, 0)


def _numbers_only(row: Sequence[CellValue]) -> bool:
    """A row of column numbers below the headings: 1, 2, 3... or (1), (2), A, B..."""
    texts = [_text(value) for value in row if value is not None]
    if len(texts) < 2 or not all(re.fullmatch(r"\(?\d{1,2}\)?|\(?[A-Z]\)?", text) for text in texts):
        return False
    numbers = [int(digits[0]) for text in texts if (digits := re.findall(r"\d+", text))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if len(numbers) > 1 else not numbers


def _share(rows: Sequence[Sequence[CellValue]], first: int, column: int, item: Field) -> float | None:
    """The share of the first values of a column that can be values of a field; None when that says nothing."""
    if item.type in (ValueType.TEXT, ValueType.LONG_TEXT, ValueType.ROWS):
        return None
    values = [row[column] for row in rows[first : first + _SAMPLE] if column < len(row) and row[column] is not None]
    return sum(1 for value in values if fits(item, value)) / len(values) if values else None


# --- which sheet, which form ----------------------------------------------------------------------------------------


def best_sheet(book: Workbook, fields: Sequence[Field]) -> SheetGrid:
    """The visible sheet whose headings fit best; the first one with data when none does."""
    shown = [sheet for sheet in book.sheets if not sheet.hidden and sheet.rows]
    if not shown:
        raise Refused("sheet_empty", "Tệp không có trang nào có số liệu. Chưa nhập gì.")
    return max(shown, key=lambda sheet: find_head(filled(sheet), fields)[2])


def best_form(book: Workbook, catalog: Catalog) -> str | None:
    """The form a workbook is most likely about: its template's, else by headings; None when nothing fits well."""
    own = template_form(book)
    if own is not None:
        return own if own in catalog.forms else None
    best, strength = None, 1.5
    shown = [filled(sheet) for sheet in book.sheets if not sheet.hidden and sheet.rows][:5]
    for form in catalog.forms.values():
        fields = [item for item in import_fields(catalog, form) if not item.key.startswith("@")]
        for rows in shown:
            found = find_head(rows, fields)[2]
            if found > strength:
                best, strength = form.key, found
    return best
