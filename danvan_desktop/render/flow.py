"""Blocks that know their height, split at lines, and are put on pages one after the other.

All blocks are measured before a page is begun, so what must stay together is decided by arithmetic:
a heading with the text below it, two lines at least on either side of a page break, the signature block
with the last two lines of the paper.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .layout import BASELINE, MM, Frame, Layout
from .lines import Line, draw_lines

_EPS = 0.01
_KEEP = 2  # lines that must stand together before and after a page break


class Block:
    """Something that takes room from the top down. ``before`` and ``after`` are dropped at the top of a page."""

    before: float = 0.0
    after: float = 0.0
    keep_next: bool = False
    key: str | None = None
    height: float = 0.0

    def start_height(self) -> float:
        """The least room in which a beginning of this block looks right."""
        return self.height

    def split(self, room: float, *, force: bool) -> tuple[Block | None, Block | None]:
        """What fits into ``room`` and the rest; (None, self) when it must start on a new page.

        ``force``: the page is empty, so something must be placed for the paper to end.
        """
        return (self, None) if force else (None, self)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        raise NotImplementedError


class TextBlock(Block):
    """A paragraph or heading, already broken into lines."""

    def __init__(
        self,
        lines: Sequence[Line],
        size: float,
        leading: float,
        *,
        align: str = "justify",
        before: float = 0.0,
        after: float = 0.0,
        keep_next: bool = False,
        key: str | None = None,
    ) -> None:
        self.lines = list(lines)
        self.size = size
        self.leading = leading
        self.align = align
        self.before = before
        self.after = after
        self.keep_next = keep_next
        self.key = key
        self.height = len(self.lines) * leading

    def start_height(self) -> float:
        count = len(self.lines)
        return self.height if count <= _KEEP + 1 else _KEEP * self.leading

    def part(self, start: int, end: int) -> TextBlock:
        """The lines from ``start`` to ``end`` as a block of their own."""
        last = end == len(self.lines)
        return TextBlock(
            self.lines[start:end],
            self.size,
            self.leading,
            align=self.align,
            before=self.before if start == 0 else 0.0,
            after=self.after if last else 0.0,
            keep_next=self.keep_next and last,
            key=self.key if start == 0 else None,
        )

    def split(self, room: float, *, force: bool) -> tuple[Block | None, Block | None]:
        count = len(self.lines)
        fit = int((room + _EPS) // self.leading)
        if fit >= count:
            return self, None
        if count - fit < _KEEP:
            fit = count - _KEEP
        if fit < _KEEP:
            if not force:
                return None, self
            fit = max(1, int((room + _EPS) // self.leading))
        return self.part(0, fit), self.part(fit, count)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        draw_lines(
            canvas, self.lines, x, top, width,
            size=self.size, leading=self.leading, align=self.align, baseline=self.leading * BASELINE,
        )  # fmt: skip


class RuleBlock(Block):
    """A centred rule of ``length`` points."""

    def __init__(self, length: float, line_width: float, *, gap: float = 4.0, after: float = 0.0) -> None:
        self.length = length
        self.line_width = line_width
        self.gap = gap
        self.after = after
        self.height = gap + line_width

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        draw_rule(canvas, x + (width - self.length) / 2, top - self.gap, self.length, self.line_width)


@dataclass(frozen=True, slots=True)
class Item:
    """One line, rule or gap of a column. ``role`` marks the gap for the hand signature."""

    height: float
    line: Line | None = None
    size: float = 0.0
    align: str = "center"
    rule: float = 0.0
    rule_width: float = 0.0
    role: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    width: float
    items: tuple[Item, ...]

    @property
    def height(self) -> float:
        return sum(item.height for item in self.items)


class ColumnsBlock(Block):
    """Columns side by side that start level: the head of the paper, and its end."""

    def __init__(self, columns: Sequence[Column], *, before: float = 0.0, after: float = 0.0) -> None:
        self.columns = tuple(columns)
        self.before = before
        self.after = after
        self.height = max(column.height for column in self.columns)
        self.drawn: dict[str, tuple[float, float, float, float]] = {}

    def split(self, room: float, *, force: bool) -> tuple[Block | None, Block | None]:
        if self.height <= room + _EPS:
            return self, None
        if not force:
            return None, self
        heads: list[Column] = []
        tails: list[Column] = []
        for column in self.columns:
            used = 0.0
            count = 0
            for item in column.items:
                if used + item.height > room + _EPS:
                    break
                used += item.height
                count += 1
            heads.append(Column(column.x, column.width, column.items[:count]))
            tails.append(Column(column.x, column.width, column.items[count:]))
        if not any(column.items for column in heads):
            return self, None
        return ColumnsBlock(heads, before=self.before), ColumnsBlock(tails, after=self.after)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        for column in self.columns:
            y = top
            for item in column.items:
                left = x + column.x
                if item.line is not None:
                    draw_lines(
                        canvas, [item.line], left, y, column.width,
                        size=item.size, leading=item.height, align=item.align, baseline=item.height * BASELINE,
                    )  # fmt: skip
                elif item.rule:
                    draw_rule(canvas, left + (column.width - item.rule) / 2, y - item.height + item.rule_width,
                              item.rule, item.rule_width)  # fmt: skip
                if item.role:
                    self.drawn[item.role] = (left, y - item.height, column.width, item.height)
                y -= item.height


class TailBlock(Block):
    """The last paragraph (or the last two, when the last has one line) and the signature block below it."""

    def __init__(self, texts: Sequence[TextBlock], end: ColumnsBlock) -> None:
        self.texts = list(texts)
        self.end = end
        self.before = self.texts[0].before if self.texts else end.before
        self.after = end.after
        self.height = self._texts_height() + end.height

    def _texts_height(self) -> float:
        return sum(text.height + text.after for text in self.texts) + (self.end.before if self.texts else 0.0)

    def start_height(self) -> float:
        first = self.texts[0] if self.texts else None
        if first is not None and len(first.lines) >= 2 * _KEEP:
            return _KEEP * first.leading
        return self.height

    def split(self, room: float, *, force: bool) -> tuple[Block | None, Block | None]:
        if self.height <= room + _EPS:
            return self, None
        if self.texts:
            first = self.texts[0]
            count = len(first.lines)
            fit = min(count - _KEEP, int((room + _EPS) // first.leading))
            if fit >= _KEEP:
                return first.part(0, fit), TailBlock([first.part(fit, count), *self.texts[1:]], self.end)
        if not force:
            return None, self
        # an end taller than a page: as much of it as fits goes below the text
        head, tail = self.end.split(room - self._texts_height(), force=True)
        if isinstance(head, ColumnsBlock) and isinstance(tail, ColumnsBlock):
            return TailBlock(self.texts, head), tail
        return self, None

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        y = top
        for text in self.texts:
            text.draw(canvas, x, y, width)
            y -= text.height + text.after
        if self.texts:
            y -= self.end.before
        self.end.draw(canvas, x, y, width)


def draw_rule(canvas: Any, x: float, y: float, length: float, line_width: float) -> None:
    """A solid horizontal rule."""
    canvas.setLineWidth(line_width)
    canvas.line(x, y, x + length, y)


class Pager:
    """Puts blocks on the pages of one numbered part (the paper itself, or one annex)."""

    def __init__(self, canvas: Any, layout: Layout, frame: Frame, mark: str, first_page: int) -> None:
        self.canvas = canvas
        self.layout = layout
        self.frame = frame
        self.mark = mark
        self.page = first_page  # of the file, from 0
        self.number = 1  # of this part
        self.keys: dict[str, int] = {}
        self.roles: dict[str, tuple[int, tuple[float, float, float, float]]] = {}

    def run(self, blocks: Iterable[Block]) -> int:
        """Draw all blocks; returns the number of pages used."""
        queue = deque(blocks)
        frame = self.frame
        self._begin()
        room = frame.height
        after = 0.0
        empty = True
        while queue:
            block = queue.popleft()
            before = 0.0 if empty else max(block.before, after)
            if not empty and block.keep_next and before + _chain(block, queue) > room + _EPS:
                queue.appendleft(block)
                room, after, empty = self._next(), 0.0, True
                continue
            head: Block | None
            tail: Block | None
            if before + block.height <= room + _EPS:
                head, tail = block, None
            elif not empty and before + block.start_height() > room + _EPS:
                head, tail = None, block
            else:
                head, tail = block.split(room - before, force=empty)
            if head is not None:
                self._place(head, room - before)
                room -= before + head.height
                after = head.after
                empty = False
            if tail is not None:
                queue.appendleft(tail)
                room, after, empty = self._next(), 0.0, True
        self.canvas.showPage()
        return self.number

    def _place(self, block: Block, room: float) -> None:
        top = self.frame.top - self.frame.height + room
        block.draw(self.canvas, self.frame.left, top, self.frame.width)
        if block.key is not None:
            self.keys.setdefault(block.key, self.page)
        end = block.end if isinstance(block, TailBlock) else block
        if isinstance(end, ColumnsBlock):
            for role, box in end.drawn.items():
                self.roles.setdefault(role, (self.page, box))
        if isinstance(block, TailBlock):
            for text in block.texts:
                if text.key is not None:
                    self.keys.setdefault(text.key, self.page)

    def _next(self) -> float:
        self.canvas.showPage()
        self.page += 1
        self.number += 1
        self._begin()
        return self.frame.height

    def _begin(self) -> None:
        page = self.layout.page
        frame = self.frame
        self.canvas.setPageSize((frame.page_width, frame.page_height))
        centre = frame.left + frame.width / 2
        if self.number > 1:
            self.canvas.setFont("Tinos", page.number_size)
            middle = frame.page_height - page.top_mm * MM / 2
            self.canvas.drawCentredString(centre, middle - page.number_size * 0.33, str(self.number))
        if self.mark:
            self.canvas.saveState()
            self.canvas.setFillGray(0.45)
            self.canvas.setFont("Tinos", page.mark_size)
            self.canvas.drawCentredString(centre, page.bottom_mm * MM / 2 - page.mark_size * 0.33, self.mark)
            self.canvas.restoreState()


def _chain(block: Block, queue: deque[Block]) -> float:
    """Room for ``block``, the blocks glued below it, and a beginning of the first that is not."""
    total = block.height
    after = block.after
    for follower in queue:
        total += max(follower.before, after)
        if not follower.keep_next:
            return total + follower.start_height()
        total += follower.height
        after = follower.after
    return total
