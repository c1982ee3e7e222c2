"""Registers as printed: columns of the form, what never stands in them, the act recorded; read back from the files."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from services_office import LIGHT, make

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Json
from danvan_desktop.catalog.periods import parse_period
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput
from danvan_desktop.store.home import open_home

H1 = parse_period("2026-H1")


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make(tmp_path / "home", fixed_clock)
    yield opened
    opened.close()


def came(office: Office, day: str, name: str, *, kind: str = "feedback", note: str = "", **more: Json) -> str:
    form = office.context.catalog.forms["citizen_reception"]
    given: dict[str, Json] = {
        "received_on": day,
        "kind": "regular",
        "receiver": "Bùi Mẫu Tiếp",
        "visitor": name,
        "people": 1,
        "content": "Hỏi về thủ tục đất đai",
        "petition_kind": kind,
        "first_time": "first",
        **more,
    }
    return office.records.save(
        form.key,
        RecordInput(office.records.default_unit() or office.settings.load().agencies[0].id, given, note=note),
        final=True,
    ).id


def test_the_reception_book_has_the_thirteen_columns_of_the_form(office: Office, tmp_path: Path) -> None:
    came(office, "2026-02-03", "Đỗ Mẫu <b>An</b>", address="Thôn Mẫu Đông", identity_no="001099000123", note="=1+1")
    came(office, "2026-01-05", "Lê Mẫu Bình", in_jurisdiction=True)
    came(office, "2026-04-09", "Người Phải Giữ Kín", kind="denunciation", file_no="TC-07")
    came(office, "2025-12-31", "Kỳ Trước Mẫu")
    register = catalog().registers["reception_book"]
    assert len(register.columns) == 13 and register.form_no == "Mẫu số 03/TCD" and register.personal
    target = tmp_path / "so.pdf"
    rows, _ = office.registers.export("reception_book", H1, target)
    assert rows == 3
    text = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, check=True).stdout.decode()
    words = " ".join(text.split())
    assert "SỔ TIẾP CÔNG DÂN" in words and "Mẫu số 03/TCD" in words and "(13)" in words
    assert "Từ ngày 01/01/2026 đến ngày 30/06/2026" in words
    assert "Mã: TC-07" in words and "<b>An</b>" in words
    assert "Giữ" not in words.replace("Ghi chú", "") and "Kỳ Trước" not in words
    size = subprocess.run(["pdfinfo", target], capture_output=True, check=True).stdout.decode()
    assert "841.89 x 595.276" in size  # landscape A4
    again = tmp_path / "so2.pdf"
    office.registers.export("reception_book", H1, again)
    assert again.read_bytes() == target.read_bytes()

    screen = office.registers.table("reception_book", H1, on_screen=True)
    cells = [row.cells for row in screen.rows if row.kind == "row"]
    assert [row[1] for row in cells] == ["05/01/2026", "03/02/2026", "09/04/2026"]  # oldest first
    assert cells[1][3] == "•••••••••123" and cells[0][8] == "x" and cells[0][5] == "KNPA"
    with office.context.store.read() as uow:
        acts = [(entry.action, entry.subject) for entry in uow.audit.list()]
    assert acts.count(("register_exported", "reception_book")) == 2


def test_the_workbook_holds_texts_and_no_formula(office: Office, tmp_path: Path) -> None:
    came(office, "2026-02-03", "=HYPERLINK(1)", identity_no="001099000123", note="=1+1")
    target = tmp_path / "so.xlsx"
    office.registers.export("reception_book", H1, target)
    sheet = load_workbook(io.BytesIO(target.read_bytes())).worksheets[0]
    cells = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "001099000123" in cells and cells["=1+1"].data_type == "s" and cells["=HYPERLINK(1)"].data_type == "s"


def test_every_register_of_the_catalogue_prints_empty_and_refuses_other_files(office: Office, tmp_path: Path) -> None:
    for key in catalog().registers:
        target = tmp_path / f"{key}.pdf"
        assert office.registers.export(key, H1, target)[0] == 0
        assert target.read_bytes().startswith(b"%PDF-")
    with pytest.raises(Refused) as error:
        office.registers.export("reception_book", H1, tmp_path / "so.doc")
    assert error.value.code == "file_type"
    with pytest.raises(Refused) as error:
        office.registers.export("no_such_book", H1, tmp_path / "so.pdf")
    assert error.value.code == "unknown_register"


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ('{ field = "nowhere" }', "không có trường"),
        ('{ field = "@elsewhere" }', "phần chung chỉ có"),
        ('{ field = "kind", mark = true }', "trường có/không"),
        ('{ field = "content", short = true }', "trường lựa chọn"),
        ('{ field = "extensions" }', "cần nêu cột"),
        ('{ field = "extensions", column = "none" }', "không có cột"),
    ],
)
def test_a_register_that_does_not_fit_its_form_is_refused(part: str, reason: str) -> None:
    text = f'[[register]]\nkey = "r"\ntitle = "Sổ"\nform = "petition"\ncolumn = [{{ title = "C", part = [{part}] }}]\n'
    with pytest.raises(Refused) as error:
        load_shipped({"r.toml": text})
    assert error.value.code == "catalog_invalid" and reason in error.value.message


def test_names_are_for_those_who_record(office: Office, fixed_clock: FixedClock) -> None:
    office.context.store.add_account("vanthu", "Văn thư", "mat khau 2", ("records_office",), kdf=LIGHT)
    home = office.context.store.path
    office.close()
    clerk = wire(open_home(home, clock=fixed_clock, account="vanthu", password="mat khau 2"), fixed_clock)
    try:
        with pytest.raises(Refused) as error:
            clerk.registers.table("reception_book", H1, on_screen=True)
        assert error.value.code == "no_right"
        assert clerk.registers.table("model_list", H1, on_screen=True).rows == ()
    finally:
        clerk.close()
