"""The document font: Tinos in four faces, always embedded, and what it cannot draw.

Tinos has the widths of Times New Roman (the decree's font) and every Vietnamese letter. ReportLab drops
characters without a glyph silently, so every text is checked against the font before a page is begun.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from ..kernel import assets

REGULAR = "Tinos"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"

_FILES = {
    REGULAR: "Tinos_400Regular.ttf",
    BOLD: "Tinos_700Bold.ttf",
    ITALIC: "Tinos_400Regular_Italic.ttf",
    BOLD_ITALIC: "Tinos_700Bold_Italic.ttf",
}

# Invisible or direction-changing characters vanish or reorder what was typed; categories of Unicode.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"})
_REFUSED_DIRECTIONS = frozenset({"R", "AL", "AN"})

_lock = threading.Lock()
_widths: dict[str, Mapping[int, float]] = {}
_drawable: frozenset[str] = frozenset()


def register() -> None:
    """Make the four faces known to ReportLab and set it to be reproducible and deaf; safe to call again."""
    global _drawable
    with _lock:
        if _widths:
            return
        rl_config.invariant = 1
        rl_config.useA85 = 0  # streams are bytes: writing them as letters costs a millisecond a page and a quarter more
        rl_config.trustedSchemes = []
        rl_config.trustedHosts = []
        rl_config.canvas_basefontname = REGULAR
        folder = assets.resources() / "fonts"
        common: set[int] | None = None
        loaded: dict[str, Mapping[int, float]] = {}
        for name, file in _FILES.items():
            font = TTFont(name, str(folder / file))
            pdfmetrics.registerFont(font)
            loaded[name] = font.face.charWidths
            glyphs = set(font.face.charToGlyph)
            common = glyphs if common is None else common & glyphs
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)
        _drawable = frozenset(
            chr(code)
            for code in common or ()
            if unicodedata.category(chr(code)) not in _REFUSED_CATEGORIES
            and unicodedata.bidirectional(chr(code)) not in _REFUSED_DIRECTIONS
        ) | {"\n", "\t"}
        _widths.update(loaded)


def face(*, bold: bool = False, italic: bool = False) -> str:
    """The name of the face with these properties."""
    if bold:
        return BOLD_ITALIC if italic else BOLD
    return ITALIC if italic else REGULAR


def char_widths(name: str) -> Mapping[int, float]:
    """Widths of the characters of a face in thousandths of the size, by code point."""
    register()
    return _widths[name]


def text_width(text: str, name: str, size: float) -> float:
    """The width of ``text`` in points."""
    widths = char_widths(name)
    return sum(widths[ord(char)] for char in text) * size / 1000.0


def char_name(char: str) -> str:
    """``U+1F600 GRINNING FACE``."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'ký tự điều khiển')}"


def missing_glyphs(text: str) -> list[str]:
    """Names of the characters of ``text`` that cannot be printed as typed, each once, in order of appearance.

    Refused are: no glyph in every face; controls, invisible and direction marks; right-to-left letters; combining
    marks (also those of a text that is not NFC: they would not be placed). Line breaks and tabs are fine.
    """
    register()
    if _drawable.issuperset(text) and unicodedata.is_normalized("NFC", text):
        return []
    names: dict[str, None] = {}
    for char in text:
        if char not in _drawable:
            names[char_name(char)] = None
    if not unicodedata.is_normalized("NFC", text):
        for char in text:
            if unicodedata.normalize("NFC", char) != char:
                names[char_name(char)] = None
        if not names:  # conjoining letters outside the marks above
            names["văn bản không ở dạng Unicode dựng sẵn (NFC)"] = None
    return list(names)
