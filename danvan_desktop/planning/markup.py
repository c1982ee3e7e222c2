"""Raw text → plain lines of text: line ends, web markup, HTML tables, invisible characters."""

from __future__ import annotations

import html
import re
import unicodedata

from ..kernel.text import nfc

# Zero-width characters, soft hyphens, bidi marks, and what PDF text layers leave at line ends.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
BREAK = "\u2424"  # a line break inside a table cell
_ROW_END = re.compile(r"</tr\s{0,9}>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,300}>", re.IGNORECASE)
_TABLE_TAGS = re.compile(
    r"</?(?:table|thead|tbody|tfoot|tr|td|th|colgroup|col|caption|ul|ol|li|h[1-6]|blockquote|html|body|section|article)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_TAGS = re.compile(r"</?(?:u|b|i|em|strong|sup|sub|p|div|span|center|font)(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.{0,300}?-->", re.DOTALL)


def prepared(text: str) -> str:
    """``text`` with one kind of line end, pages behind form feeds, table rows as ``| a | b |``, and no markup."""
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))
    text = text.replace("\v", "\n").replace("\u0085", "\n").replace("\f", "\n\f")
    text = _with_rows(text)
    text = _BREAK_TAG.sub("\n" if "|" not in text else BREAK, _COMMENT.sub("\n", text))
    text = _TAGS.sub("", _TABLE_TAGS.sub("\n", text))
    if "&" in text:
        text = nfc(html.unescape(text))
    text = _INVISIBLE.sub("", text)
    # private-use characters are the bullets of Word's symbol fonts
    return "".join("•" if unicodedata.category(char) == "Co" else char for char in text)


def _with_rows(text: str) -> str:
    """``text`` with each HTML table row as one line ``| a | b |``."""
    pieces = _ROW_END.split(text)
    out: list[str] = []
    for piece in pieces[:-1]:
        start = piece.lower().rfind("<tr")
        out += [piece[:start], _row(piece[start:])] if start >= 0 else [piece]
    return "".join([*out, pieces[-1]])


def _row(row: str) -> str:
    cells = [_TAGS.sub("", _TABLE_TAGS.sub(" ", _BREAK_TAG.sub(BREAK, cell))) for cell in _CELL.split(row)[1:]]
    if not cells:
        return row
    return "\n| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |\n"
