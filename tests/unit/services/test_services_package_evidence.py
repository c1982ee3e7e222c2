"""Evidence that goes along with a report: picked one by one, sealed for the parent, read there, and never by itself."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import services_office

sys.path.insert(0, str(Path(__file__).parents[2] / "packages"))

import evidence_cases
import package_builder as pb

from danvan_desktop.catalog.model import Json
from danvan_desktop.exchange.keys import AgeIdentity, key_card
from danvan_desktop.exchange.sealed import is_sealed, seal, unseal
from danvan_desktop.kernel.canonical import sha256_hex
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.context import Context
from danvan_desktop.services.evidence import VIEWING_FOLDER
from danvan_desktop.services.exchange_desk import received, sent
from danvan_desktop.services.exchange_reading import open_received, view_inside
from danvan_desktop.services.office import Office
from danvan_desktop.services.package_evidence import Pick, candidates, may_pick
from danvan_desktop.services.packages import remark_of
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"
WHY = "Sở yêu cầu gửi kèm"
MINUTES = b"%PDF-1.7 bien ban"
PHOTO = b"\xff\xd8\xff\xe0 anh"


def record(office: Office, kind: str, name: str, data: bytes, day: str = "2026-04-02", **more: Json) -> str:
    kept = office.records.evidence.add_bytes(data, name)
    unit = office.settings.load().agencies[0].id
    values: dict[str, Json] = {
        "received_on": day, "kind": "periodic", "receiver": "Chủ tịch UBND xã", "people": 1, "petition_kind": kind,
        "content": "Phản ánh đường liên thôn", "first_time": "first", **more,
    }  # fmt: skip
    saved = office.records.save("citizen_reception", RecordInput(unit, values, evidence=(kept.sha256,)), final=True)
    assert not [item for item in saved.problems if item.severity == "error"]
    return saved.id


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office, str, str]]:
    """A commune with an approved report and files behind it, the parent above it; the ids of report and record."""
    clock = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("pair")
    child = services_office.make(folder / "xa", clock, services_office.profile("commune_hub", "UBND xã Mẫu"))
    above = services_office.make(folder / "so", clock, services_office.profile("parent", "Sở Nội vụ Mẫu"))
    for one, other, relation in ((child, above, "parent"), (above, child, "child")):
        card = other.trust.card()
        one.trust.add(card, office_id=card.office_id, fingerprint=card.fingerprint, relation=relation)
    open_id = record(child, "feedback", "Biên bản tiếp công dân.pdf", MINUTES, visitor="Nguyễn Thị Mẫu")
    record(child, "denunciation", "Đơn tố cáo.pdf", b"%PDF-1.7 don", file_no="HS-01")
    record(child, "feedback", "Ảnh hiện trường.jpg", PHOTO, day="2026-03-01", visitor="Trần Văn Thí Dụ")
    shared = b"%PDF-1.7 chung"  # of a reception of the period, and of a denunciation long before
    record(child, "feedback", "Tài liệu chung.pdf", shared, day="2026-03-02", visitor="Trần Văn Thí Dụ")
    record(child, "denunciation", "Tài liệu chung.pdf", shared, day="2025-03-02", file_no="HS-02")
    report_id, _ = child.reports.make(REGIME, PERIOD)
    child.indicators.confirm_nil(REGIME, PERIOD, *child.indicators.undecided(REGIME, PERIOD))
    child.reports.refresh(report_id)
    for section in child.reports.view(report_id).document.sections:
        if section.manual:
            child.reports.edit(report_id, section.key, "Nội dung mẫu.")
    child.reports.approve(report_id)
    yield child, above, report_id, open_id
    child.close()
    above.close()


def test_what_may_be_picked(pair: tuple[Office, Office, str, str]) -> None:
    child, _above, report_id, record_id = pair
    found = child.packages.evidence(report_id)
    assert [item.name for item in found] == ["Biên bản tiếp công dân.pdf", "Ảnh hiện trường.jpg"], (
        "never a denunciation"
    )
    first = found[0]
    assert (first.size, first.source, first.source_id) == (len(MINUTES), "record", record_id)
    assert first.title == first.open_title == "02/04/2026 – Lãnh đạo tiếp định kỳ"


def test_a_package_refused_leaves_nothing(pair: tuple[Office, Office, str, str], tmp_path: Path) -> None:
    child, _above, report_id, _record = pair
    minutes = sha256_hex(MINUTES)
    denunciation = sha256_hex(b"%PDF-1.7 don")
    wrong = {
        "evidence_unknown": [Pick("ffff", WHY)],
        "reason_missing": [Pick(minutes, " \n ")],
        "bad_text": [Pick(minutes, "x" * 301)],
        "evidence_twice": [Pick(minutes, WHY), Pick(minutes[:12], WHY)],
    }
    for code, picks in wrong.items():
        with pytest.raises(Refused, match=code):
            child.packages.export(report_id, tmp_path, picks)
    with pytest.raises(Refused, match="evidence_unknown"):
        child.packages.export(report_id, tmp_path, [Pick(denunciation, WHY)])
    assert not child.packages.all("out")
    assert not list(tmp_path.iterdir())


def test_from_the_pick_to_the_screen_of_the_parent(pair: tuple[Office, Office, str, str], tmp_path: Path) -> None:
    child, above, report_id, record_id = pair
    picks = [Pick(sha256_hex(MINUTES)[:10], WHY), Pick(sha256_hex(PHOTO), "Ảnh hiện trường")]
    path, row = child.packages.export(report_id, tmp_path, picks)
    data = path.read_bytes()
    assert is_sealed(data)
    assert "Gói kèm 2 tệp minh chứng nên được mã hóa" in remark_of(row)
    with child.context.store.read() as uow:
        said = [entry for entry in reversed(uow.audit.list()) if entry.action == "evidence_packed"]
    assert next((item.details["file"], item.details["record"]) for item in said) == (sha256_hex(MINUTES), record_id)
    assert said[0].details["reason"] == sha256_hex(WHY.encode())
    assert said[0].account == "motnguoi"
    assert sent(child)[0].evidence == 2

    # our own key opens it too; the container inside is what we keep, and its hash is the identity
    with child.context.store.read() as uow:
        own = AgeIdentity(str(uow.settings.get("age_identity", "")))
    inner = unseal(data, own)
    assert (inner, sha256_hex(inner)) == (row.data, row.sha256)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        names = archive.namelist()
        carried = archive.read("evidence.json").decode("utf-8")
    assert all(name.isascii() for name in names)
    assert [name for name in names if name.startswith("evidence")] == [
        "evidence.json", "evidence/001.pdf", "evidence/002.jpg"
    ]  # fmt: skip
    assert "Biên bản tiếp công dân.pdf" in carried
    assert "Nguyễn Thị Mẫu" not in carried

    # the same again; other files: refused
    again, same = child.packages.export(report_id, tmp_path / "again", picks)
    assert (same.id, unseal(again.read_bytes(), own)) == (row.id, inner)
    assert is_sealed(child.packages.export(report_id, tmp_path / "plain")[0].read_bytes())
    with pytest.raises(Refused, match="package_built"):
        child.packages.export(report_id, tmp_path, picks[:1])
    with pytest.raises(Refused, match="package_built"):
        child.packages.evidence(report_id)

    # at the parent: not without the seal, not for another reader, not cut off
    hostile = {"schema_invalid": inner, "hash_mismatch": data[:-20], "not_for_us": seal(inner, [own.recipient])}
    for reason, bad in hostile.items():
        file = tmp_path / f"{reason}.dvpkg"
        file.write_bytes(bad)
        assert above.packages.take(file).reason == reason
    looked = above.packages.take(path, dry_run=True)
    assert [item["name"] for item in looked.details["evidence"]] == [
        "Biên bản tiếp công dân.pdf",
        "Ảnh hiện trường.jpg",
    ]
    taken = above.packages.take(path)
    assert (taken.verdict, taken.details["sha256"]) == ("verified", row.sha256)
    assert above.packages.take(again).verdict == "already_received", "another seal, the same package"
    assert "kèm 2 minh chứng" in received(above)[0].marks
    opened = open_received(above, str(taken.details["id"]))
    shown = {file.title: file for file in opened.files if file.evidence}
    assert list(shown) == ["Biên bản tiếp công dân.pdf", "Ảnh hiện trường.jpg"]
    copy = view_inside(above, shown["Biên bản tiếp công dân.pdf"])
    assert copy.read_bytes() == MINUTES
    assert copy.parent == above.context.store.path / VIEWING_FOLDER
    assert copy.stat().st_mode & 0o177 == 0


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The parent of the package builder."""
    office = services_office.make(
        tmp_path_factory.mktemp("receiver") / "home", FixedClock(pb.AT),
        services_office.profile("parent", pb.PARENT_NAME, office_id=pb.PARENT),
    )  # fmt: skip
    card = key_card(pb.CHILD, pb.CHILD_NAME, pb.child_key(), AgeIdentity.generate().recipient)
    office.trust.add(card, office_id=pb.CHILD, fingerprint=card.fingerprint, relation="child")
    yield office
    office.close()


@pytest.mark.parametrize("case", evidence_cases.CASES, ids=lambda case: case.name)
def test_hostile_evidence_changes_nothing(case: evidence_cases.Case, receiver: Office, tmp_path: Path) -> None:
    data = case.data()
    path = tmp_path / "goi.dvpkg"
    path.write_bytes(seal(data, [receiver.trust.card().age_recipient]) if case.sealed else data)
    outcome = receiver.packages.take(path)
    assert (outcome.verdict, outcome.reason) == ("refused", case.reason)
    assert not receiver.packages.all("in")


@pytest.mark.parametrize("right", ["record", "package"])
def test_only_who_may_read_and_send_may_pick(
    right: str, pair: tuple[Office, Office, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    child, _above, report_id, _record = pair
    monkeypatch.setattr(Context, "may", lambda _self, act: act != right)
    assert not may_pick(child.context)
    with child.context.store.read() as uow, pytest.raises(Refused, match="no_right"):
        candidates(child.context, uow, child.reports.view(report_id))
