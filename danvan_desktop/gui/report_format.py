"""Bold, italics and bullets in the text of a report: all the formatting there is, typed, pasted or read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFragment, QTextList

from ..kernel.text import nfc
from ..services.report_desk import Look

BULLETS = ("- ", "+ ")
_SIGN = re.compile(r"^[\s\u00a0]*[·•▪◦●§][\s\u00a0]+")  # bullets as word processors paste them
_LONGEST = 2_000_000  # characters of pasted HTML that are looked at
Piece = tuple[str, bool, bool]  # text, bold, italic


class _Pasted(QTextDocument):
    """Reads pasted HTML and nothing else: no picture, style sheet or page it names is opened."""

    def loadResource(self, _type: int, _name: QUrl | str) -> Any:
        return None


def units(text: str) -> int:
    """Length as Qt counts: characters beyond the basic plane are two."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def _fragments(block: QTextBlock) -> Iterable[QTextFragment]:
    at = block.begin()
    while not at.atEnd():
        if at.fragment().isValid():
            yield at.fragment()
        at += 1


def _is_bold(look: QTextCharFormat) -> bool:
    return bool(look.fontWeight() >= QFont.Weight.DemiBold)


def _bullet(text: str) -> int:
    return next((len(mark) for mark in BULLETS if text.startswith(mark)), 0)


def looks(document: QTextDocument) -> tuple[Look, ...]:
    """Where the text of ``document`` (NFC, as it is stored) is bold or italic; bullets at line starts are not."""
    result: list[Look] = []
    at = 0
    block = document.begin()
    while block.isValid():
        begin, text = at, ""
        for fragment in _fragments(block):
            words, look = nfc(fragment.text()), fragment.charFormat()
            bold, italic = _is_bold(look), look.fontItalic()
            start, end = begin + len(text), begin + len(text) + len(words)
            text += words
            start = max(start, begin + _bullet(text))
            last = result[-1] if result else None
            if last is not None and (last.end, last.bold, last.italic) == (start, bold, italic):
                result[-1] = Look(last.start, end, bold, italic)
            elif (bold or italic) and start < end:
                result.append(Look(start, end, bold, italic))
        at = begin + len(text) + 1
        block = block.next()
    return tuple(result)


def apply(document: QTextDocument, text: str, found: Sequence[Look]) -> None:
    """Give the places of ``text``, which stands in ``document``, their looks."""
    for look in found:
        cursor = QTextCursor(document)
        cursor.setPosition(units(text[: look.start]))
        cursor.setPosition(units(text[: look.end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_format(bold=look.bold, italic=look.italic))


def _format(*, bold: bool | None = None, italic: bool | None = None) -> QTextCharFormat:
    made = QTextCharFormat()
    if bold is not None:
        made.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    if italic is not None:
        made.setFontItalic(italic)
    return made


def toggle(cursor: QTextCursor, *, bold: bool = False, italic: bool = False) -> QTextCharFormat:
    """Turn bold or italics of the selection on, or off where all of it has it; what was merged, for what is typed."""
    looked = QTextCursor(cursor)
    on = not _everywhere(looked, bold=bold)
    made = _format(bold=on if bold else None, italic=on if italic else None)
    if cursor.hasSelection():
        cursor.mergeCharFormat(made)
    return made


def _everywhere(cursor: QTextCursor, *, bold: bool) -> bool:
    """Whether all of the selection (or what would be typed here) is bold, or italic."""

    def has(look: QTextCharFormat) -> bool:
        return _is_bold(look) if bold else look.fontItalic()

    if not cursor.hasSelection():
        return has(cursor.charFormat())
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    block = cursor.document().findBlock(start)
    while block.isValid() and block.position() < end:
        for fragment in _fragments(block):
            inside = fragment.position() < end and fragment.position() + fragment.length() > start
            if inside and fragment.text().strip() and not has(fragment.charFormat()):
                return False
        block = block.next()
    return True


def turn_bullets(cursor: QTextCursor) -> None:
    """The lines of the selection: plain → "- " → "+ " → plain. One undo takes it back."""
    document = cursor.document()
    first, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    lines = []
    block = first
    while block.isValid() and block.blockNumber() <= last.blockNumber():
        lines.append(block.blockNumber())
        block = block.next()
    texts = [document.findBlockByNumber(line).text() for line in lines]
    filled = [text for text in texts if text.strip()] or texts
    now = next((mark for mark in BULLETS if all(text.startswith(mark) for text in filled)), "")
    following = {"": BULLETS[0], BULLETS[0]: BULLETS[1], BULLETS[1]: ""}[now]
    edit = QTextCursor(document)
    edit.beginEditBlock()
    for line, text in zip(lines, texts, strict=True):
        if not text.strip() and len(lines) > 1:
            continue
        edit.setPosition(document.findBlockByNumber(line).position())
        edit.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, _bullet(text))
        edit.insertText(following, QTextCharFormat())
    edit.endEditBlock()


def pieces_of(html: str) -> list[Piece] | None:
    """Pasted HTML as text with bold, italics and bullets; everything else of it is lost. None: it is too long."""
    if len(html) > _LONGEST:
        return None
    document = _Pasted()
    document.setHtml(html)
    pieces: list[Piece] = []
    block = document.begin()
    while block.isValid():
        if block != document.begin():
            pieces.append(("\n", False, False))
        line: list[Piece] = []
        for fragment in _fragments(block):
            text = fragment.text().replace("\ufffc", "").replace("\u2028", "\n").replace("\u00a0", " ")
            line.append((text, _is_bold(fragment.charFormat()), fragment.charFormat().fontItalic()))
        shown = _list_of(block)
        whole = "".join(text for text, _, _ in line)
        sign = _SIGN.match(whole)
        if sign is not None:
            line = _without(line, sign.end())
        if (shown is not None or sign is not None) and not _bullet(whole):
            depth = shown.format().indent() if shown is not None else 1
            pieces.append((BULLETS[0] if depth <= 1 else BULLETS[1], False, False))
        pieces += line
        block = block.next()
    return pieces


def _list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


def _without(line: Iterable[Piece], count: int) -> list[Piece]:
    """A line without its first ``count`` characters."""
    result: list[Piece] = []
    for text, bold, italic in line:
        result.append((text[count:], bold, italic))
        count = max(0, count - len(text))
    return result


def insert(cursor: QTextCursor, pieces: Iterable[Piece]) -> None:
    """Write ``pieces`` over the selection; one undo takes them back."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    for text, bold, italic in pieces:
        if text:
            cursor.insertText(text, _format(bold=True if bold else None, italic=True if italic else None))
    cursor.endEditBlock()
