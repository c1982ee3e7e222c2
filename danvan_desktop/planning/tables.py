"""Tables of a plan: task, body in charge, time; found by the words of their head row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .tree import Node
from .wording import fold_same, tidy

_COLUMNS = (
    ("mark", re.compile(r"(?:so )?(?:tt|stt|so thu tu)\.?")),
    ("partner", re.compile(r".*(?:phoi hop).*")),
    ("time", re.compile(r".*(?:thoi gian|thoi han|tien do|hoan thanh|thoi diem).*")),
    ("body", re.compile(r".*(?:chu tri|don vi|co quan|phu trach|phan cong|nguoi thuc hien|bo phan|thuc hien chinh).*")),
    ("text", re.compile(r".*(?:noi dung|nhiem vu|cong viec|hoat dong|chi tieu).*")),
)


@dataclass(slots=True)
class Row:
    mark: str | None = None
    text: str = ""
    body: str = ""
    time: str = ""
    raw: str = ""


@dataclass(slots=True)
class Table:
    """``text``, ``body`` and ``time`` are column numbers, None where the table has no such column."""

    text: int | None = None
    body: int | None = None
    time: int | None = None
    mark: int | None = None
    rows: list[Row] = field(default_factory=list)


def tables_below(node: Node) -> list[Table]:
    """The tables among the paragraphs below ``node`` (not below its inner headings' own lists)."""
    tables: list[Table] = []
    current: Table | None = None
    for child in node.walk():
        if child.para.kind != "row":
            if child is not node and child.para.kind == "text" and current is not None:
                current = None
            continue
        cells = child.para.cells
        head = _head(cells)
        if head is not None:
            current = head
            tables.append(current)
        elif current is not None:
            _add(current, cells, child.para.text)
    return [table for table in tables if table.rows]


def _head(cells: tuple[str, ...]) -> Table | None:
    places: dict[str, int] = {}
    for index, cell in enumerate(cells):
        folded = fold_same(cell)
        if len(folded) > 60:
            return None
        for name, pattern in _COLUMNS:
            if name not in places and pattern.fullmatch(folded):
                places[name] = index
                break
    if "text" not in places or not ({"body", "time", "partner"} & places.keys()):
        return None
    return Table(places["text"], places.get("body"), places.get("time"), places.get("mark"))


def _add(table: Table, cells: tuple[str, ...], raw: str) -> None:
    def cell(index: int | None) -> str:
        return tidy(cells[index]) if index is not None and index < len(cells) else ""

    row = Row(cell(table.mark).rstrip(".") or None, cell(table.text), cell(table.body), cell(table.time), raw)
    if row.mark is None and table.rows and not row.text:
        last = table.rows[-1]  # a row broken over two pages
        last.body, last.time = tidy(f"{last.body} {row.body}"), tidy(f"{last.time} {row.time}")
        return
    if row.mark and not row.text:
        return
    table.rows.append(row)
