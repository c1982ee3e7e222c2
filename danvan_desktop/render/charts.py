"""Charts as drawings: one drawing for the annex (PDF) and for the screen (SVG). Readable in black and white.

Every bar and point carries its number; kinds of bars differ by a pattern, lines by their marks. No grid, no frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from reportlab.graphics import renderPDF, renderSVG
from reportlab.graphics.shapes import STATE_DEFAULTS, Circle, Drawing, Line, Rect, String
from reportlab.lib.colors import Color

from ..kernel import vi
from ..reporting.model import Chart
from .flow import Block
from .fonts import BOLD, REGULAR, register, text_width
from .lines import break_balanced, break_pieces

_TITLE, _SIZE, _LEADING = 13.0, 11.0, 13.5
_BAR, _GAP = 13.0, 7.0
_INK = Color(0, 0, 0)
_CLIP = re.compile(r"<clipPath.*?</clipPath>", re.DOTALL)
_CLOSED = re.compile(r"(d=\"M [-\d.,]+ L [-\d.,]+) Z(?=\")")  # a stroke that runs back over its own gaps
_PLOT = 120.0  # height of a trend between its lowest and highest place
_HATCH = 4.0
_FILLS: tuple[tuple[float | None, str], ...] = (
    (0.25, ""), (None, "/"), (0.72, ""), (None, "\\"), (0.5, ""), (None, "-"), (0.88, ""), (None, "x"),
)  # fmt: skip


def chart_drawing(chart: Chart, width: float) -> Drawing:
    """``chart``, ``width`` points wide and as high as it needs."""
    register()
    STATE_DEFAULTS["fontName"] = REGULAR  # else Helvetica is named in the file, though nothing is set in it
    pen = _Pen(width)
    for line in break_balanced([(BOLD, chart.title)], _TITLE, width):
        text = "".join(part for _, part in line.pieces)
        pen.text(width / 2, pen.y + _TITLE, text, BOLD, _TITLE, "middle")
        pen.y += _TITLE * 1.2
    if chart.unit:
        unit = f"Đơn vị tính: {chart.unit}"
        pen.text(width, pen.y + _SIZE, unit, REGULAR, _SIZE, "end")
        pen.y += _LEADING
    pen.y += 4
    {"bar": _bars, "share": _shares, "trend": _trend}[chart.kind](pen, chart)
    return pen.drawing()


def chart_svg(chart: Chart, width: float) -> bytes:
    """The drawing for the screen; the font is Tinos, which must be known to the screen."""
    text: str = renderSVG.drawToString(chart_drawing(chart, width))
    text = _CLIP.sub("", text, count=1)  # Qt knows no clipping in SVG and would draw its frame as a black sheet
    text = _CLOSED.sub(r"\1", text)
    return text.replace("font-family: Tinos-Bold;", "font-family: Tinos; font-weight: bold;").encode("utf-8")


class ChartBlock(Block):
    """A chart on a page, never cut."""

    def __init__(self, chart: Chart, width: float) -> None:
        self._drawing = chart_drawing(chart, width)
        self.height = self._drawing.height
        self.before = self.after = 14.0

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        renderPDF.draw(self._drawing, canvas, x, top - self.height)


class _Pen:
    """Draws from the top down; ``y`` is where the next thing begins."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.y = 0.0
        self._shapes: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def text(self, x: float, base: float, words: str, face: str, size: float, anchor: str = "start") -> None:
        self._shapes.append(("text", (x, base, words), {"fontName": face, "fontSize": size, "textAnchor": anchor}))

    def line(
        self, points: Sequence[tuple[float, float]], width: float = 0.6, dash: Sequence[float] | None = None
    ) -> None:
        self._shapes.append(("line", tuple(points), {"strokeWidth": width, "strokeDashArray": dash}))

    def rect(self, x: float, top: float, width: float, height: float, fill: int) -> None:
        """A bar with the ``fill``-th pattern."""
        grey, hatch = _FILLS[fill % len(_FILLS)]
        self._shapes.append(("rect", (x, top, width, height), {"grey": grey}))
        for one in _hatched(hatch, x, top, width, height):
            self.line(one, 0.5)

    def mark(self, x: float, y: float, kind: int) -> None:
        self._shapes.append(("mark", (x, y, kind), {}))

    def drawing(self) -> Drawing:
        height = self.y
        made = Drawing(self.width, height)
        for kind, at, look in self._shapes:
            if kind == "text":
                made.add(String(at[0], height - at[1], at[2], fillColor=_INK, **look))
            elif kind == "rect":
                grey = look["grey"]
                fill = Color(1, 1, 1) if grey is None else Color(grey, grey, grey)
                made.add(
                    Rect(at[0], height - at[1] - at[3], at[2], at[3], fillColor=fill, strokeColor=_INK, strokeWidth=0.6)
                )
            elif kind == "line":
                # stroke by stroke: a line of several is filled by what shows SVG
                for (x, y), (to_x, to_y) in pairwise(at):
                    stroke = Line(x, height - y, to_x, height - to_y, strokeColor=_INK)
                    stroke.strokeWidth, stroke.strokeDashArray = look["strokeWidth"], look["strokeDashArray"]
                    made.add(stroke)
            else:
                x, y, which = at[0], height - at[1], at[2]
                fill = _INK if which == 0 else Color(1, 1, 1)
                if which == 2:
                    made.add(Rect(x - 2.6, y - 2.6, 5.2, 5.2, fillColor=fill, strokeColor=_INK, strokeWidth=1))
                else:
                    made.add(Circle(x, y, 2.8, fillColor=fill, strokeColor=_INK, strokeWidth=1))
        return made


def _hatched(kind: str, x: float, top: float, width: float, height: float) -> list[list[tuple[float, float]]]:
    """The strokes of a pattern within a bar."""
    strokes: list[list[tuple[float, float]]] = []
    if kind == "-":
        count = int(height / (_HATCH * 0.8))
        return [
            [(x, top + (n + 0.5) * height / count), (x + width, top + (n + 0.5) * height / count)] for n in range(count)
        ]
    for way in kind.replace("x", "/\\"):
        start = -height + _HATCH
        while start < width:
            first, last = max(start, 0.0), min(start + height, width)
            if last > first:
                low, high = first - start, last - start  # how far down the diagonal the bar cuts it
                ends = [(x + first, top + low), (x + last, top + high)]
                if way == "/":
                    ends = [(at, 2 * top + height - down) for at, down in ends]
                strokes.append(ends)
            start += _HATCH
    return strokes


def _number(chart: Chart, value: int) -> str:
    return vi.number(value, chart.scale) + ("%" if chart.unit == "%" else "")


def _key(pen: _Pen, names: Sequence[str]) -> None:
    """Which pattern is which."""
    x = 0.0
    for number, name in enumerate(names):
        needed = 24 + text_width(name, REGULAR, _SIZE) + 14
        if x and x + needed > pen.width:
            x = 0.0
            pen.y += _LEADING + 2
        pen.rect(x, pen.y + 2, 18, 9, number)
        pen.text(x + 24, pen.y + _SIZE, name, REGULAR, _SIZE)
        x += needed
    pen.y += _LEADING + 8


def _bars(pen: _Pen, chart: Chart) -> None:
    """Lying bars, the words on the left, the numbers at their ends."""
    if len(chart.series) > 1:
        _key(pen, [line.title for line in chart.series])
    values = [value for line in chart.series for value in line.values if value is not None]
    most = max([*values, 1])
    numbers = max((text_width(_number(chart, value), REGULAR, _SIZE) for value in values), default=0.0)
    left = pen.width * 0.42
    room = pen.width - left - numbers - 8
    upper = pen.y
    for at, label in enumerate(chart.labels):
        words = break_pieces([(REGULAR, label)], _SIZE, left - 10)
        bars = _BAR * len(chart.series)
        height = max(bars, len(words) * _LEADING)
        base = pen.y + (height - len(words) * _LEADING) / 2 + _SIZE
        for line in words:
            pen.text(left - 8, base, "".join(part for _, part in line.pieces), REGULAR, _SIZE, "end")
            base += _LEADING
        top = pen.y + (height - bars) / 2
        for number, line_ in enumerate(chart.series):
            value = line_.values[at]
            long = room * max(value or 0, 0) / most
            if long > 0:
                pen.rect(left, top + 1, long, _BAR - 2, number)
            said = "–" if value is None else _number(chart, value)
            pen.text(left + long + 5, top + _BAR - 3, said, REGULAR, _SIZE)
            top += _BAR
        pen.y += height + _GAP
    pen.line([(left, upper - 3), (left, pen.y - _GAP + 3)], 0.8)


def _shares(pen: _Pen, chart: Chart) -> None:
    """One bar parted by the shares, and each part below it with its number and its share."""
    values = [value or 0 for value in chart.series[0].values]
    total = sum(values) or 1
    x = 0.0
    for number, value in enumerate(values):
        pen.rect(x, pen.y, pen.width * value / total, 22, number)
        x += pen.width * value / total
    pen.y += 22 + 8
    for number, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        share = vi.number(round(value * 1000 / total), 1)
        words = break_pieces([(REGULAR, f"{label}: {_number(chart, value)} ({share}%)")], _SIZE, pen.width - 26)
        pen.rect(0, pen.y + 2, 18, 9, number)
        for line in words:
            pen.text(26, pen.y + _SIZE, "".join(part for _, part in line.pieces), REGULAR, _SIZE)
            pen.y += _LEADING
        pen.y += 2


def _numbers(pen: _Pen, x: float, points: Sequence[tuple[float, str]]) -> None:
    """The numbers of one period, from the highest down: above their points, below where something stands there."""
    taken: list[float] = [y for y, _ in points]  # marks, then baselines of numbers
    for y, said in points:
        base = y - 6
        if any(other != y and base - _SIZE < other < base + 4 for other in taken):
            base = y + _SIZE + 4
        while any(other > y and abs(base - other) < _SIZE - 1 for other in taken[len(points) :]):
            base += _SIZE
        taken.append(base)
        pen.text(x, base, said, REGULAR, _SIZE, "middle")


_DASHES: tuple[list[float] | None, ...] = (None, [5, 3], [1.5, 2.5])


def _trend(pen: _Pen, chart: Chart) -> None:
    """Lines over the periods, from 0 up; a period without data is a gap."""
    if len(chart.series) > 1:
        for number, line in enumerate(chart.series):
            for at, words in enumerate(break_pieces([(REGULAR, line.title)], _SIZE, pen.width - 44)):
                if not at:
                    pen.line([(0, pen.y + 7), (34, pen.y + 7)], 1.2, _DASHES[number % 3])
                    pen.mark(17, pen.y + 7, number % 3)
                pen.text(42, pen.y + _SIZE, "".join(part for _, part in words.pieces), REGULAR, _SIZE)
                pen.y += _LEADING
    most = max([value for line in chart.series for value in line.values if value is not None] + [1])
    step = pen.width / len(chart.labels)
    foot = pen.y + _PLOT + 22
    for number, line in enumerate(chart.series):
        run: list[tuple[float, float]] = []
        for at, value in enumerate([*line.values, None]):
            if value is not None:
                run.append((step * (at + 0.5), foot - _PLOT * value / most))
                continue
            if len(run) > 1:
                pen.line(run, 1.2, _DASHES[number % 3])
            for x, y in run:
                pen.mark(x, y, number % 3)
            run = []
    for at in range(len(chart.labels)):
        points = sorted(
            (foot - _PLOT * value / most, _number(chart, value))
            for line in chart.series
            if (value := line.values[at]) is not None
        )
        _numbers(pen, step * (at + 0.5), points)
    pen.line([(0, foot), (pen.width, foot)], 0.8)
    pen.y = foot + 3
    lines = [break_balanced([(REGULAR, label)], _SIZE, step - 8) for label in chart.labels]
    for at, broken in enumerate(lines):
        base = pen.y + _SIZE
        for one in broken:
            pen.text(step * (at + 0.5), base, "".join(part for _, part in one.pieces), REGULAR, _SIZE, "middle")
            base += _LEADING
    pen.y += max(len(words) for words in lines) * _LEADING + 2
