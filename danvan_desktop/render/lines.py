"""Breaking text into lines and drawing them.

Text goes straight to the page: there is no markup on the way, so no name, however odd, can be read as a tag,
a link or a file. Lines break at spaces only (``05/BC-UBND`` stays whole); a word longer than a line is cut,
by preference after a slash, hyphen, underscore or dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .fonts import REGULAR, char_widths
from .ink import Ink

_EPS = 0.001
_CUT_AFTER = "/-_.,;:@&=?"
_SHORT = 40

Piece = tuple[str, str]
"""(face, text)."""


@dataclass(slots=True)
class Word:
    pieces: list[Piece]
    width: float


@dataclass(slots=True)
class Line:
    """``width`` is natural; ``stretch`` says that the line may be spread to the full width (not the last one)."""

    pieces: list[Piece]
    width: float
    indent: float = 0.0
    stretch: bool = False

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pieces)


class Measure:
    """Word widths at one size, remembered: a Vietnamese report uses the same syllables over and over."""

    def __init__(self, size: float) -> None:
        self.size = size
        self.space = char_widths(REGULAR)[32] * size / 1000.0  # equal in the four faces
        self._known: dict[Piece, float] = {}

    def width(self, face: str, text: str) -> float:
        key = (face, text)
        found = self._known.get(key)
        if found is None:
            widths = char_widths(face)
            found = sum([widths[ord(char)] for char in text]) * self.size / 1000.0
            if len(text) <= _SHORT:
                self._known[key] = found
        return found


_measures: dict[float, Measure] = {}


def measure(size: float) -> Measure:
    """The shared measure of a size (kept small: it is dropped when it has grown past 20,000 words)."""
    found = _measures.get(size)
    if found is None or len(found._known) > 20_000:
        found = _measures[size] = Measure(size)
    return found


def words_of(pieces: Iterable[Piece], ruler: Measure) -> list[Word]:
    """The words of a line of text (no line breaks in it); a word may run through several faces.

    A per cent sign stays with its number (the space between them is drawn and read back as a plain one).
    """
    words: list[Word] = []
    open_word = False
    for face, text in pieces:
        if not text:
            continue
        for index, part in enumerate(text.replace("\t", " ").replace(" %", "\u00a0%").split(" ")):
            if index:
                open_word = False
            if index == 0 and open_word:
                if part:
                    words[-1].pieces.append((face, part))
                    words[-1].width += ruler.width(face, part)
                continue
            words.append(Word([(face, part)] if part else [], ruler.width(face, part) if part else 0.0))
            open_word = True
    return words


def _cut(flat: Sequence[Piece], start: int, room: float, ruler: Measure, *, force: bool) -> int:
    """The end of what fits into ``room`` of the characters from ``start``; with ``force`` at least one of them."""
    scale = ruler.size / 1000.0
    used = 0.0
    end = start
    while end < len(flat):
        face, char = flat[end]
        used += char_widths(face)[ord(char)] * scale
        if used > room + _EPS:
            break
        end += 1
    if end == len(flat):
        return end
    if force and end == start:
        return start + 1
    for back in range(end, start + (end - start) // 2, -1):
        if flat[back - 1][1] in _CUT_AFTER:
            return back
    return end


def _joined(flat: Sequence[Piece], ruler: Measure) -> Word:
    pieces: list[Piece] = []
    start = 0
    for index in range(1, len(flat) + 1):
        if index == len(flat) or flat[index][0] != flat[start][0]:
            pieces.append((flat[start][0], "".join(char for _, char in flat[start:index])))
            start = index
    return Word(pieces, sum(ruler.width(face, text) for face, text in pieces))


def _line(words: list[Word], width: float, indent: float, *, stretch: bool) -> Line:
    pieces: list[Piece] = []
    last = REGULAR
    pending = ""
    for index, word in enumerate(words):
        if index:
            pending += " "
        for face, text in word.pieces:
            if pieces and face == last:
                pieces[-1] = (face, pieces[-1][1] + pending + text)
            elif pending and pieces:
                pieces[-1] = (last, pieces[-1][1] + pending)
                pieces.append((face, text))
            else:
                pieces.append((face, pending + text))
            pending = ""
            last = face
    return Line(pieces, width, indent, stretch)


def break_pieces(
    pieces: Sequence[Piece], size: float, width: float, *, first: float = 0.0, rest: float = 0.0
) -> list[Line]:
    """Lines of at most ``width`` points; ``first`` and ``rest`` are the indents of the first and the other lines.

    A line break in the text ends a line for good; what follows is indented like the first line.
    """
    ruler = measure(size)
    if len(pieces) == 1 and (short := _short(pieces[0], ruler, width - first)) is not None:
        short.indent = first
        return [short]
    lines: list[Line] = []
    for paragraph in _split_breaks(pieces):
        _fill(lines, words_of(paragraph, ruler), ruler, width, first, rest)
    return lines


def _short(piece: Piece, ruler: Measure, room: float) -> Line | None:
    """The one line of a text that plainly fits: most cells of a table hold a word or two."""
    face, text = piece
    if len(text) > _SHORT or not text or text[0] == " " or text[-1] == " " or any(char in text for char in "\n\t%"):
        return None
    width = ruler.width(face, text)
    return Line([piece], width) if width <= room else None


def _split_breaks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    out: list[list[Piece]] = [[]]
    for face, text in pieces:
        for index, part in enumerate(text.split("\n")):
            if index:
                out.append([])
            out[-1].append((face, part))
    return out


def _fill(lines: list[Line], words: list[Word], ruler: Measure, width: float, first: float, rest: float) -> None:
    current: list[Word] = []
    used = 0.0
    indent = first
    full = width - rest
    space = ruler.space

    def flush(*, stretch: bool) -> None:
        nonlocal current, used, indent
        while current and not current[-1].pieces:  # blanks at the end of a line
            current.pop()
            used -= space
        lines.append(_line(current, used, indent, stretch=stretch and len(current) > 1))
        current, used, indent = [], 0.0, rest

    for word in words:
        if not current and not word.pieces:
            continue  # blanks at the start of a line
        gap = space if current else 0.0
        if used + gap + word.width <= width - indent + _EPS:
            current.append(word)
            used += gap + word.width
            continue
        if word.width <= full + _EPS:
            if current:
                flush(stretch=True)
            current, used = [word], word.width
            continue
        flat = [(face, char) for face, text in word.pieces for char in text]
        start = 0
        while start < len(flat):
            gap = space if current else 0.0
            room = width - indent - used - gap
            if current and room < full * 0.2:
                flush(stretch=True)
                continue
            end = _cut(flat, start, room, ruler, force=not current)
            head = _joined(flat[start:end], ruler)
            current.append(head)
            used += gap + head.width
            if end < len(flat):
                flush(stretch=True)
            start = end
    flush(stretch=False)


def break_balanced(pieces: Sequence[Piece], size: float, width: float) -> list[Line]:
    """Centred text: no more lines than needed, and those as equal as they can be."""
    out: list[Line] = []
    for paragraph in _split_breaks(pieces):
        best = break_pieces(paragraph, size, width)
        if 1 < len(best) <= 6:
            low, high = width / len(best), width
            for _ in range(12):
                middle = (low + high) / 2
                trial = break_pieces(paragraph, size, middle)
                longest = max(word.width for word in words_of(paragraph, measure(size)))
                if len(trial) > len(best) or longest > middle:
                    low = middle
                else:
                    high, best = middle, trial
        out += best
    return out


def draw_lines(
    canvas: Any,
    lines: Sequence[Line],
    x: float,
    top: float,
    width: float,
    *,
    size: float,
    leading: float,
    align: str,
    baseline: float,
) -> None:
    """Draw lines below ``top``. ``align``: justify | left | center | right; ``baseline``: points below a line's top."""
    ink = Ink(canvas)
    spread = 0.0
    y = top - baseline
    for line in lines:
        start = x + line.indent
        wanted = 0.0
        if align == "center":
            start = x + (width - line.width) / 2
        elif align == "right":
            start = x + width - line.width
        elif align == "justify" and line.stretch:
            gaps = sum(
                part.count(" ") + part.count("\u00a0") for _, part in line.pieces
            )  # ReportLab draws U+00A0 as 32
            if gaps:
                wanted = (width - line.indent - line.width) / gaps
        ink.move(start, y)
        if abs(wanted - spread) > 1e-6:
            ink.spread(wanted)
            spread = wanted
        for face, part in line.pieces:
            ink.face(face, size)
            ink.write(part)
        y -= leading
    if spread:
        ink.spread(0.0)
    ink.done()
