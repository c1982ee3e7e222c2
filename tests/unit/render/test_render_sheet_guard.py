"""Spreadsheets that must not be opened, refused by a plain sentence before any library reads them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render import sheet_guard
from danvan_desktop.render.sheet_read import read_workbook

SHEET = "xl/worksheets/sheet1.xml"


def book(rows: list[list[Any]]) -> bytes:
    """A workbook with one sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data: bytes, **members: bytes) -> bytes:
    """The zip with members replaced or added; names with ``__`` for ``/`` and ``_DOT_`` for ``.``."""
    new = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in new:
                target.writestr(name, source.read(name))
        for name, content in new.items():
            target.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes, name: str = "bang.xlsx") -> Refused:
    with pytest.raises(Refused) as caught:
        read_workbook(data, name)
    assert name in caught.value.message and "giữ nguyên" in caught.value.message
    return caught.value


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = changed(book([["a"]]), xl__worksheets__sheet1_DOT_xml=b" " * (sheet_guard.MAX_UNPACKED + 1))
    assert len(bomb) < 400_000

    def unpacked(*_args: Any) -> Any:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    assert refusal(bomb).code == "sheet_too_large"


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    honest = changed(book([["a"]]), xl__extra_DOT_xml=b"x" * 5_000_000)
    at = honest.rindex(b"xl/extra.xml")  # in the central directory, 46 bytes behind its header
    lying = honest[: at - 46 + 24] + (10).to_bytes(4, "little") + honest[at - 46 + 28 :]
    assert refusal(lying).code == "sheet_damaged"


def test_one_cell_in_the_last_corner_is_refused() -> None:
    corner = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert refusal(changed(book([["a"]]), xl__worksheets__sheet1_DOT_xml=corner)).code == "sheet_too_large"


def test_one_long_text_shown_in_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 11))
    shared = changed(
        book([["a"]]),
        xl__worksheets__sheet1_DOT_xml=b"<worksheet %b><sheetData>%b</sheetData></worksheet>" % (space, cells),
        xl__sharedStrings_DOT_xml=b"<sst %b><si><t>%b</t></si></sst>" % (space, b"x" * 20_000),
    )
    monkeypatch.setattr(sheet_guard, "MAX_LETTERS", 100_000)
    assert refusal(shared).code == "sheet_too_large"
    monkeypatch.setattr(sheet_guard, "MAX_LETTERS", 10_000_000)
    read_workbook(shared, "a.xlsx")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_guard, "MAX_CELLS", 5)
    assert refusal(book([[1, 2, 3], [1, 2, 3]])).code == "sheet_too_large"


def test_macros_passwords_old_formats_and_damage() -> None:
    plain = book([["a"]])
    assert refusal(changed(plain, xl__vbaProject_DOT_bin=b"x")).code == "sheet_macro"
    assert refusal(plain, "bang.xlsm").code == "sheet_macro"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal(ole).code == "sheet_old_format"
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")).code == "sheet_encrypted"
    flagged = plain.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert flagged != plain and refusal(flagged).code == "sheet_encrypted"
    assert refusal(plain[: len(plain) // 2]).code == "sheet_damaged"
    assert refusal(b"\x89PNG").code == "sheet_damaged" == refusal(b"").code
    assert refusal(changed(plain, xl__workbook_DOT_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")).code == (
        "sheet_damaged"
    )
    assert refusal(changed(plain, xl__worksheets__sheet1_DOT_xml=b"<worksheet><broken")).code in (
        "sheet_damaged",
        "sheet_empty",
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("word/document.xml", "<a/>")
    assert refusal(out.getvalue()).code == "sheet_damaged"


def test_cells_are_what_the_file_holds_and_nothing_is_computed() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["C1"], sheet["D1"] = "=1+1", 0.125, 1234, "Ha\u0300"
    sheet["B1"].number_format, sheet["C1"].number_format = "0.0%", "00000000"
    sheet["A2"] = "=1+1"
    sheet["A2"].data_type = "s"
    out = io.BytesIO()
    made.save(out)
    grid = read_workbook(out.getvalue(), "a.xlsx").sheets[0]
    assert grid.at(0, 0) is None and (0, 0) in grid.lost_formulas, "a formula nobody computed has no value"
    assert grid.at(1, 0) == "=1+1" and (1, 0) not in grid.formulas, "a text stays a text"
    assert (0, 1) in grid.percents and grid.zeros == {(0, 2): 8} and grid.at(0, 3) == "Hà"


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_random_bytes_are_refused_politely(data: bytes) -> None:
    for given_bytes in (data, b"PK\x03\x04" + data):
        with pytest.raises(Refused):
            read_workbook(given_bytes, "a.xlsx")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_sheet_never_crashes(data: st.DataObject) -> None:
    good = bytearray(_GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_workbook(bytes(good), "a.xlsx")
    except Refused as error:
        assert error.code.startswith("sheet_")


_GOOD = book([["Ngày", "Nội dung"], ["05/06/2026", "x"], [1, 2.5]])
