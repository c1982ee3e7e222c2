"""Text and rules as the operators of a page, written without detours: most of the time of a long annex goes here.

ReportLab formats every number and encodes every text anew. Here numbers have two decimals (a 7,000th of a millimetre
is not seen), a text that was printed before keeps its encoding, and rules that run on become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase import pdfmetrics

_ESCAPED = {code: f"\\{code:03o}" for code in (*range(32), 40, 41, 92, *range(127, 256))}
Rule = tuple[float, float, float, float]
"""x and y of its beginning, x and y of its end, in points."""


class Ink:
    """A run of texts on one page of ``canvas``: begin, set faces and places, write, and :meth:`done`."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._file = canvas._doc  # what embeds the fonts: their subsets grow with what is written
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = canvas.__dict__.setdefault("ink_known", {})
        self._code = ["BT"]
        self._face = ""
        self._size = 0.0
        self._font = ""  # the subset in use

    def move(self, x: float, y: float) -> None:
        """What is written next begins at ``x``, on the base line ``y``."""
        self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")

    def face(self, face: str, size: float) -> None:
        """Write in ``face`` from here on."""
        if (face, size) != (self._face, self._size):
            self._face, self._size, self._font = face, size, ""

    def spread(self, width: float) -> None:
        """Every blank is ``width`` points wider from here on."""
        self._code.append(f"{width:.4f} Tw")

    def write(self, text: str) -> None:
        """Write ``text``; every character of it has a glyph in the face (asked before: :mod:`.check`)."""
        for font, operand in self._operands(text):
            if font != self._font:
                self._code.append(f"{font} {self._size:g} Tf")
                self._font = font
            self._code.append(operand)

    def _operands(self, text: str) -> list[tuple[str, str]]:
        key = (self._face, text)
        found = self._known.get(key)
        if found is None:
            font = pdfmetrics.getFont(self._face)
            found = self._known[key] = [
                (font.getSubsetInternalName(subset, self._file), f"({codes.decode('latin-1').translate(_ESCAPED)}) Tj")
                for subset, codes in font.splitString(text, self._file)
            ]
        return found

    def done(self) -> None:
        """Put everything on the page."""
        self._canvas.addLiteral(" ".join([*self._code, "ET"]))


def draw_rules(canvas: Any, rules: Iterable[Rule], line_width: float) -> None:
    """Straight rules; one that begins where another of the same direction ended goes on as the same stroke."""
    upright: dict[float, list[float]] = {}  # x → (top, bottom) of the rule that is still growing
    code = ["n"]

    def stroke(x1: float, y1: float, x2: float, y2: float) -> None:
        code.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l")

    for x1, y1, x2, y2 in rules:
        if x1 != x2:
            stroke(x1, y1, x2, y2)
            continue
        growing = upright.get(x1)
        if growing is not None and abs(growing[1] - y1) < 0.005:
            growing[1] = y2
            continue
        if growing is not None:
            stroke(x1, growing[0], x1, growing[1])
        upright[x1] = [y1, y2]
    for x, (top, bottom) in upright.items():
        stroke(x, top, x, bottom)
    code.append("S")
    canvas.setLineWidth(line_width)
    canvas.addLiteral(" ".join(code))
