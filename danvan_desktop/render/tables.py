"""Tables of annexes: wrapped cells, head rows on every page, groups, totals, rows longer than a page.

Drawn by ourselves: ReportLab's tables grow slower with every page of one table, and cannot keep a total
with the row above it. Here a page costs the same whether it is the second or the three hundredth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..reporting.model import Annex, TableRow
from .flow import Block
from .fonts import BOLD, REGULAR, text_width
from .ink import Ink, draw_rules
from .layout import BASELINE, Frame, Layout
from .lines import Line, break_pieces
from .table_head import GroupedHead, depth, form_size, numbers_row

_EPS = 0.01
_TALL = 0.5  # a row above this share of the page may be cut
_SAMPLE = 300  # rows at either end of a long table that are looked at for the width of columns
_NAMES = 0.11  # of the width of a wide form is left for the names of offices
_TALL_HEAD = 0.4  # a head above this share is printed once only


@dataclass(frozen=True, slots=True)
class Cell:
    x: float
    width: float
    lines: tuple[Line, ...]
    align: str


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    height: float
    kind: str
    middle: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    leading: float
    padding: float
    line_width: float
    tall: float


class TableBlock(Block):
    """The rows of one annex. ``head`` is repeated on every page."""

    def __init__(
        self, head: Row | GroupedHead | None, rows: Sequence[Row], style: _Style, *, tall: float | None = None
    ) -> None:
        """``tall``: the height of all rows where it is known (summing thousands of them for every page takes time)."""
        self.head = head
        self.rows = list(rows)
        self.style = style
        self.after = 6.0
        self._rows_height = sum(row.height for row in self.rows) if tall is None else tall
        self.height = self._head_height() + self._rows_height

    def _head_height(self) -> float:
        return self.head.height if self.head is not None else 0.0

    def start_height(self) -> float:
        rows = 0.0
        for row in self.rows:
            rows += min(row.height, self.style.tall / 3)
            if row.kind != "group":
                break
        return self._head_height() + rows

    def split(self, room: float, *, force: bool) -> tuple[Block | None, Block | None]:
        left = room - self._head_height()
        count = 0
        while count < len(self.rows) and self.rows[count].height <= left + _EPS:
            left -= self.rows[count].height
            count += 1
        if count == len(self.rows):
            return self, None
        kept = self._nice(count)
        if kept == 0 and force:
            kept = count
        head_rows = self.rows[:kept]
        tail_rows = self.rows[kept:]
        if kept == count and (tail_rows[0].height > self.style.tall or (force and kept == 0)):
            first, second = self._cut(tail_rows[0], left, force=force and kept == 0)
            if first is not None and second is not None:
                head_rows = [*head_rows, first]
                tail_rows = [second, *tail_rows[1:]]
        if not head_rows:
            return None, self
        first_part = TableBlock(self.head, head_rows, self.style)
        if tail_rows[0] is self.rows[kept]:  # no row was cut
            rest = max(0.0, self._rows_height - first_part._rows_height)
            return first_part, TableBlock(self.head, tail_rows, self.style, tall=rest)
        return first_part, TableBlock(self.head, tail_rows, self.style)

    def _nice(self, count: int) -> int:
        """Fewer rows where a total would stand alone above, or a group title alone below, the page break."""
        if count >= 2 and self.rows[count].kind == "total" and self.rows[count - 1].kind == "row":
            count -= 1
        while count and self.rows[count - 1].kind == "group":
            count -= 1
        return count

    def _cut(self, row: Row, room: float, *, force: bool) -> tuple[Row | None, Row | None]:
        style = self.style
        fit = int((room - 2 * style.padding + _EPS) // style.leading)
        if fit < 3 and not force:
            return None, row
        fit = max(fit, 1)
        first = tuple(replace(cell, lines=cell.lines[:fit]) for cell in row.cells)
        second = tuple(replace(cell, lines=cell.lines[fit:]) for cell in row.cells)
        return _row(first, row.kind, style), _row(second, row.kind, style)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        style = self.style
        ink = Ink(canvas)
        rules: list[tuple[float, float, float, float]] = [(x, top, x + width, top)]
        y = top
        head = self.head
        if isinstance(head, GroupedHead):
            head.draw(canvas, x, top)
            y, head = top - head.height, None
        for row in ([head] if head is not None else []) + self.rows:
            bottom = y - row.height
            rules.append((x, bottom, x + width, bottom))
            rules.append((x, y, x, bottom))
            for cell in row.cells:
                left = x + cell.x + style.padding
                inner = cell.width - 2 * style.padding
                rules.append((x + cell.x + cell.width, y, x + cell.x + cell.width, bottom))
                line_y = y - style.padding - style.leading * BASELINE
                if row.middle:
                    line_y -= (row.height - 2 * style.padding - len(cell.lines) * style.leading) / 2
                for line in cell.lines:
                    start = left
                    if cell.align == "right":
                        start = left + inner - line.width
                    elif cell.align == "center":
                        start = left + (inner - line.width) / 2
                    ink.move(start, line_y)
                    for face, part in line.pieces:
                        ink.face(face, style.size)
                        ink.write(part)
                    line_y -= style.leading
            y = bottom
        draw_rules(canvas, rules, style.line_width)
        ink.done()


def _row(cells: tuple[Cell, ...], kind: str, style: _Style, *, middle: bool = False) -> Row:
    lines = max((len(cell.lines) for cell in cells), default=0) or 1
    return Row(cells, lines * style.leading + 2 * style.padding, kind, middle)


def _sample(rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """Rows that tell how wide columns must be: of a long table its beginning, its end (long running numbers), and
    some in between."""
    if len(rows) <= 3 * _SAMPLE:
        return rows
    return (*rows[:_SAMPLE], *rows[_SAMPLE : -_SAMPLE : len(rows) // _SAMPLE], *rows[-_SAMPLE:])


def _least(annex: Annex, index: int, size: float, padding: float) -> float:
    """The width in which no word of a column need be cut (of its head, and of its rows)."""
    words = {(BOLD, word) for word in annex.columns[index].title.split()}
    for row in _sample(annex.rows):
        if row.kind != "group" and index < len(row.cells):
            face = REGULAR if row.kind == "row" else BOLD
            words.update((face, word) for word in row.cells[index].split())
    longest = max((text_width(word, face, size) for face, word in words if len(word) <= 40), default=0.0)
    return longest + 2 * padding + 0.5


def cell_size(annex: Annex, layout: Layout, frame: Frame) -> float:
    """The size of the letters in the cells of ``annex``: that of the layout; a wide form with grouped heads: less."""
    sizes = layout.annex
    return form_size(
        annex,
        frame.width,
        sizes.cell_size,
        lambda index, size: max(
            _least(annex, index, size, _padding(sizes.cell_padding, size, sizes.cell_size)),
            frame.width * _NAMES if annex.columns[index].align == "left" else 0.0,
        ),
    )


def _padding(padding: float, size: float, whole: float) -> float:
    """The space beside the words of a cell: less where the letters are smaller."""
    return padding if size == whole else padding * 0.5


def _column_widths(annex: Annex, width: float, size: float, padding: float) -> list[float]:
    """The declared widths are shares; a column too narrow for its words takes room from the others."""
    columns = annex.columns
    shares = [max(column.width, 1) for column in columns]
    fair = width / len(columns)
    least = [min(_least(annex, index, size, padding), max(fair, width * 0.2)) for index in range(len(columns))]
    if sum(least) > width:
        least = [value * width / sum(least) for value in least]
    wanted = [max(width * share / sum(shares), low) for share, low in zip(shares, least, strict=True)]
    spare = width - sum(least)
    above = sum(wanted) - sum(least)
    if above <= 0:
        return [value * width / sum(wanted) for value in wanted]
    return [low + (value - low) * spare / above for value, low in zip(wanted, least, strict=True)]


def widths_of(annex: Annex, layout: Layout, frame: Frame) -> list[float]:
    """The widths of the columns of ``annex`` on a page of ``frame``, in points."""
    size = cell_size(annex, layout, frame)
    return _column_widths(annex, frame.width, size, cell_padding(size, layout))


def cell_padding(size: float, layout: Layout) -> float:
    """The space beside the words of cells written in ``size``."""
    return _padding(layout.annex.cell_padding, size, layout.annex.cell_size)


def table_block(annex: Annex, layout: Layout, frame: Frame) -> TableBlock:
    """The table of ``annex`` measured for ``frame``. A row of kind ``group`` is one cell over the whole width."""
    sizes = layout.annex
    size = cell_size(annex, layout, frame)
    style = _Style(
        size=size,
        leading=size * sizes.cell_leading,
        padding=cell_padding(size, layout),
        line_width=sizes.line_width,
        tall=frame.height * _TALL,
    )
    widths = widths_of(annex, layout, frame)
    starts = [sum(widths[:index]) for index in range(len(widths))]

    def cell(text: str, index: int, face: str, align: str) -> Cell:
        lines = break_pieces([(face, text)], style.size, widths[index] - 2 * style.padding) if text else []
        return Cell(starts[index], widths[index], tuple(lines), align)

    def body(row: TableRow) -> Row:
        face = REGULAR if row.kind in ("row", "numbers") else BOLD
        if row.kind == "group":
            text = row.cells[0] if row.cells else ""
            lines = break_pieces([(face, text)], style.size, frame.width - 2 * style.padding) if text else []
            return _row((Cell(0.0, frame.width, tuple(lines), "left"),), "group", style)
        numbers = row.kind == "numbers"  # of the columns, below the head of a printed form
        cells = tuple(
            cell(row.cells[index] if index < len(row.cells) else "", index, face, "center" if numbers else column.align)
            for index, column in enumerate(annex.columns)
        )
        return _row(cells, row.kind, style)

    rows = [body(row) for row in (annex.rows[1:] if numbers_row(annex) else annex.rows)]
    if not rows:  # an empty list still shows as a table, not as a broken line
        rows = [body(TableRow(key="empty", cells=tuple("" for _ in annex.columns)))]
    if depth(annex.columns) > 1:
        grouped = GroupedHead(annex, widths, style.size, style.leading, style.padding, style.line_width)
        return TableBlock(grouped, rows, style)
    head_cells = tuple(cell(column.title, index, BOLD, "center") for index, column in enumerate(annex.columns))
    head = _row(head_cells, "head", style, middle=True)
    if head.height > frame.height * _TALL_HEAD:
        return TableBlock(None, [head, *rows], style)
    return TableBlock(head, rows, style)
