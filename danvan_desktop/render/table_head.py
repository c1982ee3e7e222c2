"""Head rows with titles over several columns, as statistical forms have them: one shape for PDF, Word and sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..reporting.model import Annex, TableColumn, TableRow
from .fonts import BOLD
from .layout import BASELINE
from .lines import Line, break_pieces

_SMALLEST = 7.0  # points; below, nobody reads it
_STEP = 0.5


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A title over columns ``first`` to ``first + width - 1`` in head rows ``top`` to ``top + height - 1``."""

    title: str
    first: int
    width: int
    top: int
    height: int


def depth(columns: Sequence[TableColumn]) -> int:
    """How many rows the head has."""
    return 1 + max((len(item.groups) for item in columns), default=0)


def head_cells(columns: Sequence[TableColumn]) -> tuple[HeadCell, ...]:
    """The cells of the head, row by row. A column's own title reaches down to the last row."""
    rows = depth(columns)
    cells: list[HeadCell] = []
    for level in range(rows - 1):
        index = 0
        while index < len(columns):
            path = columns[index].groups[: level + 1]
            last = index + 1
            while len(path) > level and last < len(columns) and columns[last].groups[: level + 1] == path:
                last += 1
            if len(path) > level:
                cells.append(HeadCell(path[level], index, last - index, level, 1))
            index = last
    for index, item in enumerate(columns):
        cells.append(HeadCell(item.title, index, 1, len(item.groups), rows - len(item.groups)))
    return tuple(sorted(cells, key=lambda cell: (cell.top, cell.first)))


def numbers_row(annex: Annex) -> TableRow | None:
    """The row with the numbers of the columns, where it stands right below a head of several rows."""
    if depth(annex.columns) > 1 and annex.rows and annex.rows[0].kind == "numbers":
        return annex.rows[0]
    return None


def form_size(annex: Annex, width: float, size: float, least: Callable[[int, float], float]) -> float:
    """The size of the letters of a form with grouped heads: the greatest at which no word is cut.

    ``least``: the least width of a column at a size. Other tables keep the size of the layout.
    """
    if depth(annex.columns) == 1:
        return size
    now = size
    while now > _SMALLEST and sum(least(index, now) for index in range(len(annex.columns))) > width:
        now -= _STEP
    return now


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    width: float
    top: float  # below the upper edge of the head
    height: float
    lines: tuple[Line, ...]


class GroupedHead:
    """A head of several rows, measured; drawn whole on every page."""

    kind = "head"

    def __init__(
        self, annex: Annex, widths: Sequence[float], size: float, leading: float, padding: float, line_width: float
    ) -> None:
        self._size, self._leading, self._line = size, leading, line_width
        starts = [sum(widths[:index]) for index in range(len(widths) + 1)]
        cells = head_cells(annex.columns)
        number = numbers_row(annex)
        if number is not None:
            level = depth(annex.columns)
            cells += tuple(HeadCell(text, index, 1, level, 1) for index, text in enumerate(number.cells))
        wrapped: list[tuple[HeadCell, tuple[Line, ...]]] = []
        for cell in cells:
            inner = starts[cell.first + cell.width] - starts[cell.first] - 2 * padding
            lines = break_pieces([(BOLD, cell.title)], size, inner) if cell.title else []
            wrapped.append((cell, tuple(lines)))
        heights = [0.0] * (depth(annex.columns) + (number is not None))
        for cell, found in sorted(wrapped, key=lambda item: item[0].height):
            need = max(len(found), 1) * leading + 2 * padding
            rows = range(cell.top, cell.top + cell.height)
            heights[rows[-1]] += max(0.0, need - sum(heights[row] for row in rows))
        tops = [sum(heights[:row]) for row in range(len(heights) + 1)]
        self.height = tops[-1]
        self._boxes = [
            _Box(
                starts[cell.first],
                starts[cell.first + cell.width] - starts[cell.first],
                tops[cell.top],
                tops[cell.top + cell.height] - tops[cell.top],
                found,
            )
            for cell, found in wrapped
        ]

    def draw(self, canvas: Any, x: float, top: float) -> None:
        """All cells with their frames, each text in the middle of its cell."""
        canvas.setLineWidth(self._line)
        text = canvas.beginText()
        for box in self._boxes:
            left, upper = x + box.x, top - box.top
            canvas.rect(left, upper - box.height, box.width, box.height)
            y = upper - (box.height - len(box.lines) * self._leading) / 2 - self._leading * BASELINE
            for line in box.lines:
                text.setTextOrigin(left + (box.width - line.width) / 2, y)
                for face, part in line.pieces:
                    text.setFont(face, self._size, self._leading)
                    text.textOut(part)
                y -= self._leading
        canvas.drawText(text)
