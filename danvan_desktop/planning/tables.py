"""Tables of a plan: task, body in charge, time; found by the words of their head row."""

from __future__ import annotations

from dataclasses import dataclass, field

from .columns import columns_of
from .tree import Node
from .wording import tidy


@dataclass(slots=True)
class Row:
    mark: str | None = None
    text: str = ""
    body: str = ""
    time: str = ""
    raw: str = ""
    group: bool = False  # a heading inside the table ("I | Công tác chỉ đạo")


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
    for table in tables:
        _mark_groups(table)
    return [table for table in tables if table.rows]


def _mark_groups(table: Table) -> None:
    """Rows with another kind of mark and nothing but a name, above rows with a body or a time, are headings."""
    full = [bool(row.body or row.time) for row in table.rows]
    for index, row in enumerate(table.rows[:-1]):
        lettered = row.mark is None or not row.mark[:1].isdigit()
        row.group = lettered and not full[index] and any(full[index + 1 :])


def _head(cells: tuple[str, ...]) -> Table | None:
    places = columns_of(cells)
    if places is None:
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
