"""The Designer files: every word an officer reads is Vietnamese, in one spelling."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape

import pytest
from sources import ROOT

UI_FILES = sorted((ROOT / "ui").rglob("*.ui"))
# Properties whose text nobody reads.
_SILENT = {"objectName", "styleSheet", "inputMask", "shortcut", "displayFormat", "placeholderFormat", "icon"}
# Abbreviations and names that stand in Vietnamese papers as they are.
_NAMES = {
    "danvan",
    "pdf",
    "docx",
    "xlsx",
    "excel",
    "word",
    "usb",
    "pin",
    "dvpkg",
    "txt",
    "sha",
    "vn",
    "caps",
    "lock",
    "tab",
    "enter",
    "ctrl",
    "shift",
    "alt",
    "delete",
    "esc",
    "insert",
    "pgup",
    "pgdn",
}
# A Vietnamese syllable that can be written with plain letters: no tone mark means no final stop (c, ch, p, t).
_SYLLABLE = re.compile(
    r"(?:b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|qu|r|s|th|tr|t|v|x)?"
    r"(?:oai|oay|uya|uay|ai|ao|au|ay|eo|ia|iu|oa|oe|oi|ua|ui|uy|uo|a|e|i|o|u|y)"
    r"(?:ng|nh|m|n)?",
    re.IGNORECASE,
)


def visible_strings(xml: str) -> Iterator[str]:
    """The texts of a Designer file that a person may see."""

    def walk(node: ET.Element, name: str) -> Iterator[str]:
        name = node.get("name", name) if node.tag in ("property", "attribute") else name
        if node.get("stdset") == "0":  # a property of our own, read by the style sheet
            return
        if node.tag == "string" and name not in _SILENT and node.get("notr") != "true" and node.text:
            yield node.text
        for child in node:
            yield from walk(child, name)

    yield from walk(ET.fromstring(xml), "")


def foreign_words(text: str) -> list[str]:
    """Words of ``text`` that cannot be Vietnamese: plain letters that form no syllable, and no known name."""
    plain = re.sub(r"<[^>]*>", " ", unescape(text)).replace("&", "")
    return [
        word
        for word in re.findall(r"[^\W\d_]+", plain)
        if word.isascii()
        and word.lower() not in _NAMES
        and not (word.isupper() and len(word) <= 6)
        and not _SYLLABLE.fullmatch(word)
        and len(word) > 1
    ]


@pytest.mark.parametrize("path", UI_FILES, ids=lambda path: path.name)
def test_designer_files_speak_vietnamese(path: object) -> None:
    text = (ROOT / str(path)).read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    faults = [f"{string!r}: {foreign_words(string)}" for string in visible_strings(text) if foreign_words(string)]
    assert not faults, "\n".join(faults)


def test_there_are_screens() -> None:
    assert UI_FILES, "ui/ holds no Designer file"


@pytest.mark.parametrize("text", ["Save", "Cancel", "Open file", "Dialog", "Form", "MainWindow", "PushButton", "Text"])
def test_english_is_seen(text: str) -> None:
    assert foreign_words(text)


@pytest.mark.parametrize(
    "text", ["&Lưu", "In", "Xem trang", "Ghi chú", "Tệp PDF", "<b>Theo tháng</b>", "Kho", "Quay ra"]
)
def test_vietnamese_passes(text: str) -> None:
    assert not foreign_words(text)


def test_silent_properties_are_left_out() -> None:
    silent = '<property name="styleSheet"><string notr="true">color: red</string></property>'
    own = '<property name="role" stdset="0"><string>banner</string></property>'
    shown = '<property name="text"><string>Hello</string></property>'
    xml = f'<ui><widget class="QWidget" name="w">{silent}{own}{shown}</widget></ui>'
    assert list(visible_strings(xml)) == ["Hello"]
