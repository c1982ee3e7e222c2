"""What the pages of records and indicators ask of the services: protected values, evidence, periods, nil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.demo.offices import CULTURE_ID, HUB_PROFILE, OFFICE_ID
from danvan_desktop.services.evidence import MAX_EVIDENCE_BYTES, tidy_name
from danvan_desktop.services.evidence_check import is_program
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.home import KdfParameters, open_home

LIGHT = KdfParameters(64, 1, 1)
PASSWORD = "mật khẩu"
HUB = "commune-to-province"
DENUNCIATION: dict[str, Json] = {
    "received_on": "2026-03-02",
    "source": "post",
    "kind": "denunciation",
    "field": "civil_service",
    "file_no": "HS-01/2026",
    "content": "Xem trong hồ sơ giấy",
    "sender": "Người Tố Cáo",
    "address": "Thôn Mẫu Đông",
}


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    passwords = {account.name: PASSWORD for account in HUB_PROFILE.accounts}
    store, _ = create_office(tmp_path / "home", HUB_PROFILE, passwords, clock=fixed_clock, catalog=catalog(), kdf=LIGHT)
    opened = wire(store, fixed_clock)
    yield opened
    opened.close()


def petition(**values: Json) -> RecordInput:
    return RecordInput(OFFICE_ID, {**DENUNCIATION, **values})


def test_an_edit_without_a_look_keeps_protected_values(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    row = office.records.get(saved.id)
    assert "sender" not in row.values and office.records.has_protected(saved.id)
    entered = RecordInput(row.unit, {**row.values, "file_no": "HS-02/2026"})
    office.records.save("petition", entered, final=True, record_id=row.id, expected_revision=row.revision)
    assert office.records.protected(row.id) == {"sender": "Người Tố Cáo", "address": "Thôn Mẫu Đông"}


def test_after_a_look_what_is_left_empty_goes_and_the_rest_stays(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    values = {key: value for key, value in DENUNCIATION.items() if key != "address"}
    entered = RecordInput(OFFICE_ID, values, protected_shown=True)
    office.records.save("petition", entered, final=True, record_id=saved.id)
    assert office.records.protected(saved.id) == {"sender": "Người Tố Cáo"}


def test_a_lowered_class_moves_seen_values_into_the_record(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    entered = replace(petition(kind="complaint"), protected_shown=True)
    office.records.save("petition", entered, final=True, record_id=saved.id)
    row = office.records.get(saved.id)
    assert row.values["sender"] == "Người Tố Cáo" and not office.records.has_protected(saved.id)
    latest = office.records.history(saved.id)[-1]
    assert latest.snapshot["values"]["sender"] == "Người Tố Cáo"


def test_a_lowered_class_without_a_look_deletes_nothing(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    row = office.records.get(saved.id)
    entered = RecordInput(OFFICE_ID, {**row.values, "kind": "complaint", "sender": "Ông Khác"})
    office.records.save("petition", entered, final=True, record_id=saved.id)
    assert office.records.protected(saved.id)["sender"] == "Người Tố Cáo"


def test_an_account_without_the_right_edits_but_never_sees(
    office: Office, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    saved = office.records.save("petition", petition(), final=True)
    office.context.store.add_account("nhaplieu", "Nhập liệu", PASSWORD, ("entry",), False)
    office.close()
    other = wire(open_home(tmp_path / "home", clock=fixed_clock, account="nhaplieu", password=PASSWORD), fixed_clock)
    assert not other.records.may_see_protected
    with pytest.raises(Refused, match="no_right"):
        other.records.protected(saved.id)
    row = other.records.get(saved.id)
    other.records.save("petition", RecordInput(OFFICE_ID, {**row.values, "people": 2}), final=True, record_id=row.id)
    assert other.records.has_protected(saved.id)
    other.close()
    again = wire(open_home(tmp_path / "home", clock=fixed_clock, account="canbo", password=PASSWORD), fixed_clock)
    assert again.records.protected(saved.id)["sender"] == "Người Tố Cáo"
    again.close()


def test_the_unit_of_a_new_record(office: Office) -> None:
    assert office.records.default_unit() == CULTURE_ID  # the drafting unit of the hub
    office.records.save("petition", petition(), final=True)
    assert office.records.default_unit() == OFFICE_ID


def test_records_are_found_by_their_label(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    assert office.records.find("petition", "to cao hs") == [(saved.id, "02/03/2026 – Tố cáo – HS-01/2026")]
    assert office.records.find("petition", "khong co") == []
    assert len(office.records.find("petition", "")) == 1


def test_evidence_is_kept_and_copied_out(office: Office, tmp_path: Path) -> None:
    paper = tmp_path / "Công văn 12.pdf"
    paper.write_bytes(b"%PDF-1.7 ...")
    kept = office.records.evidence.add(paper)
    assert (kept.name, kept.media_type) == ("Công văn 12.pdf", "application/pdf")
    assert office.records.evidence.names(["0" * 64, kept.sha256]) == [kept]
    out = tmp_path / "xem"
    out.mkdir()
    copy = office.records.evidence.copy_to(kept.sha256, out)
    assert copy.read_bytes() == b"%PDF-1.7 ..." and copy.suffix == ".pdf"
    with pytest.raises(Refused, match="not_found"):
        office.records.evidence.copy_to("0" * 64, out)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("ảnh.png.exe", b"x", "evidence_program"),
        ("ảnh.png", b"MZ\x90\x00", "evidence_program"),
        ("bảng.xlsm", b"PK", "evidence_program"),
        ("trống.pdf", b"", "evidence_empty"),
        ("lớn.pdf", b"0" * (MAX_EVIDENCE_BYTES + 1), "evidence_too_large"),
    ],
)
def test_evidence_refused(office: Office, tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused, match=code):
        office.records.evidence.add(path)
    with pytest.raises(Refused, match="evidence_unreadable"):
        office.records.evidence.add(tmp_path / "không có.pdf")


def test_file_names_are_tidied() -> None:
    assert tidy_name("..\\a\\b:c?.pdf") == "b_c_.pdf"
    assert len(tidy_name("đ" * 300 + ".pdf")) == 120
    assert tidy_name("") == "tep" and not is_program(b"%PDF", "a.pdf")


def test_the_running_period_is_the_one_due_next(office: Office, fixed_clock: FixedClock) -> None:
    offers = office.figures.offers()
    assert {item.regime for item in offers} == {HUB}
    running = [item for item in offers if item.running]
    assert [item.period for item in running] == ["2026-H1"]
    assert running[0].due_on == date(2026, 6, 4) and running[0].title == "6 tháng đầu năm 2026"
    fixed_clock.set_local(date(2026, 6, 8))
    assert [item.period for item in office.figures.offers() if item.running] == ["2026"]


def test_figures_with_their_records_and_nil(office: Office) -> None:
    saved = office.records.save("petition", petition(), final=True)
    view = office.figures.view(HUB, "2026-H1")
    line = next(item for item in view.lines if item.state == "value" and item.now == "1" and not item.split)
    assert (line.area, line.state_words, line.source) == (6, "Có số liệu", "Ghi chép")
    part = next(item for item in view.lines if item.split and item.indicator == line.indicator)
    assert part.key.startswith(line.key + "/") and line.title not in part.title
    words = {(item.now, item.state_words) for item in view.lines if item.state == "no_data"}
    assert words == {("", "Chưa có số liệu"), ("", "Chưa ghi (tùy chọn)")}
    behind = office.figures.behind(HUB, "2026-H1", line.key)
    assert behind.total == 1 and behind.lines[0].id == saved.id and behind.lines[0].area == 6
    assert behind.lines[0].unit == "Văn phòng HĐND và UBND"
    assert "dialogue_session" in view.scopes.values() and "petition" not in view.scopes.values()
    assert view.scope_titles["dialogue_session"].startswith("Biểu “")
    office.indicators.confirm_nil(HUB, "2026-H1", "dialogue_session")
    after = office.figures.view(HUB, "2026-H1")
    assert "dialogue_session" in after.confirmed and "dialogue_session" not in after.scopes.values()
    office.indicators.revoke_nil(HUB, "2026-H1", "dialogue_session")
    assert "dialogue_session" in office.figures.view(HUB, "2026-H1").scopes.values()
    with pytest.raises(Refused, match="not_confirmed"):
        office.indicators.revoke_nil(HUB, "2026-H1", "dialogue_session")


def test_a_name_with_the_words_stands_before_a_text_with_them(office: Office) -> None:
    named = office.records.save("petition", petition(kind="complaint", file_no="Đất Đai 7", content="Đơn"), final=True)
    for number in range(3):
        told = petition(kind="complaint", file_no=f"Số {number}", content="Việc đất đai 7, đất đai 7, đất đai 7")
        office.records.save("petition", told, final=True)
    found = office.search("dat dai 7")
    assert found[0].id == named.id and found[0].place == "" and len(found) == 4
    assert found[1].place.endswith("Việc đất đai 7, đất đai 7, đất đai 7")
    assert [item.id for item in office.search("dat dai 7", 2)] == [item.id for item in found[:2]]
