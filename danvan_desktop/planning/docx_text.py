"""The text of a Word file in the order of the page: paragraphs, tables, text boxes, notes, automatic numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml

from ..kernel.vi import letter, roman
from .wording import fold_same

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LAYOUT = re.compile(r"cong hoa xa hoi|doc lap *-|noi nhan\b|(?:^|\n)so *:|tm\. |kt\. |chu tich$|giam doc$")
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def read_docx(data: bytes) -> tuple[str, bool]:
    """(text, whether it holds pictures). Whatever python-docx or lxml raise on a broken file is passed on."""
    document = docx.Document(io.BytesIO(data))
    numbers = _Numbering(document)
    body = document.element.body
    lines = list(_blocks(body, numbers))
    for part, label in _extras(document):
        text = " ".join(_blocks(part, numbers)).strip()
        if any(char.isalpha() for char in text):
            lines.append(f"{label}: {text}")
    pictures = body.find(f".//{_W}drawing") is not None or body.find(f".//{_W}pict") is not None
    return "\n".join(lines), pictures


def _extras(document: Any) -> Iterator[tuple[Any, str]]:
    """Page heads and feet, once each; they are page artefacts to the parser."""
    seen: set[str] = set()
    for section in document.sections:
        kinds = (("Đầu trang", section.header), ("Đầu trang", section.first_page_header),
                 ("Chân trang", section.footer), ("Chân trang", section.first_page_footer))  # fmt: skip
        for label, part in kinds:
            if part.is_linked_to_previous:
                continue
            key = str(part.part.partname)
            if key not in seen:
                seen.add(key)
                yield part._element, label
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            yield parse_xml(relation.target_part.blob), "Chú thích"


def _blocks(container: Any, numbers: _Numbering) -> Iterator[str]:
    for child in container:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbers)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, numbers)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}footnote", f"{_W}endnote",
                           f"{_W}customXml", f"{_W}smartTag"):  # fmt: skip
            yield from _blocks(child, numbers)


def _paragraph(paragraph: Any, numbers: _Numbering) -> Iterator[str]:
    boxes: list[Any] = []
    text = "".join(_runs(paragraph, boxes))
    label = numbers.label(paragraph)
    yield f"{label} {text}" if label and text.strip() else text
    for box in boxes:
        yield from _blocks(box, numbers)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            yield "\t"
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\f" if child.get(f"{_W}type") == "page" else "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag == f"{_W}sym":
            yield "•"
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag in (_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"):
            continue
        elif isinstance(tag, str):
            yield from _runs(child, boxes)


def _table(table: Any, numbers: _Numbering) -> Iterator[str]:
    rows: list[list[str]] = []
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        rows.append(["\n".join(_blocks(cell, numbers)).strip("\n") for cell in cells])
    folded = fold_same("\n".join(cell for row in rows for cell in row))
    widest = max((len(row) for row in rows), default=0)
    if widest <= 1 or (widest <= 3 and _LAYOUT.search(folded)):
        for row in rows:
            for cell in row:
                yield from cell.split("\n")
        return
    for row in rows:
        yield "| " + " | ".join(re.sub(r"\s*\n\s*", " ", cell).replace("|", "/").strip() for cell in row) + " |"


class _Numbering:
    """Automatic numbers of lists, as far as they follow the plain rules of Word."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._styles = {style.style_id: style.element for style in document.styles if style.style_id}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for num in root.iter(f"{_W}num"):
            link = num.find(f"{_W}abstractNumId")
            if link is not None:
                self._abstract[num.get(f"{_W}numId")] = link.get(f"{_W}val")
        for abstract in root.iter(f"{_W}abstractNum"):
            for level in abstract.iter(f"{_W}lvl"):
                key = (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl") or 0))
                start = self._value(level, "start")
                self._levels[key] = (
                    self._value(level, "numFmt") or "decimal",
                    self._value(level, "lvlText") or "",
                    int(start) if start and start.isdigit() else 1,
                )

    @staticmethod
    def _value(element: Any, name: str) -> str | None:
        found = element.find(f"{_W}{name}")
        return None if found is None else found.get(f"{_W}val")

    def label(self, paragraph: Any) -> str:
        """The number or bullet Word would print before ``paragraph``, or ""."""
        found = self._number_of(paragraph.find(f"{_W}pPr"), 0)
        if found is None:
            return ""
        abstract, depth = self._abstract.get(found[0], ""), found[1]
        level = self._levels.get((abstract, depth))
        if level is None:
            return ""
        kind, pattern, start = level
        if kind == "bullet":
            return "-"
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            form = self._levels.get((abstract, place), level)
            return _numeral(counts.get(place, form[2]), form[0])

        return re.sub(r"%(\d)", shown, pattern)

    def _number_of(self, properties: Any, hops: int) -> tuple[str, int] | None:
        if properties is None or hops > 8:
            return None
        number = properties.find(f"{_W}numPr")
        if number is not None:
            num_id, depth = self._value(number, "numId"), self._value(number, "ilvl")
            if num_id == "0":
                return None
            if num_id is not None:
                return num_id, int(depth) if depth and depth.isdigit() else 0
        style = self._styles.get(self._value(properties, "pStyle") or "")
        if style is None:
            return None
        found = self._number_of(style.find(f"{_W}pPr"), hops + 1)
        if found is None and (parent := self._styles.get(self._value(style, "basedOn") or "")) is not None:
            return self._number_of(parent.find(f"{_W}pPr"), hops + 1)
        return found


def _numeral(value: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman") and 1 <= value <= 3999:
        return roman(value) if form == "upperRoman" else roman(value).lower()
    if form in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
        return _LATIN[value - 1].upper() if form == "upperLetter" else _LATIN[value - 1]
    if form == "vietnameseCounting" and 1 <= value <= 20:
        return letter(value)
    return f"{value:02d}" if form == "decimalZero" else str(value)
