"""Undoing an import: what stood before counts again, the bytes stay, nothing frozen loses its ground (DESIGN §8.11)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import services_office
from test_services_packages import PERIOD, REGIME, counted, kept, report

sys.path.insert(0, str(Path(__file__).parents[2] / "packages"))

import package_builder as pb

from danvan_desktop.exchange.keys import AgeIdentity, key_card
from danvan_desktop.kernel.canonical import sha256_hex
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.model import freeze
from danvan_desktop.services import exchange_desk
from danvan_desktop.services.office import Office
from danvan_desktop.services.packages import remark_of
from danvan_desktop.store.reports import ReportRow

WHY = "Nhận nhầm"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(pb.AT - timedelta(hours=1))


@pytest.fixture
def parent(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    office = services_office.make(
        tmp_path / "home", clock, services_office.profile("parent", pb.PARENT_NAME, office_id=pb.PARENT)
    )
    card = key_card(pb.CHILD, pb.CHILD_NAME, pb.child_key(), AgeIdentity.generate().recipient)
    office.trust.add(card, office_id=pb.CHILD, fingerprint=card.fingerprint, relation="child")
    clock.set(pb.AT)
    yield office
    office.close()


def take(office: Office, folder: Path, data: bytes) -> str:
    outcome = office.packages.take(kept(folder, data))
    assert outcome.verdict == "verified", outcome.message
    return str(outcome.details["id"])


def board(office: Office) -> tuple[str, int | None]:
    (child,) = office.consolidation.board(REGIME, PERIOD)
    return child.state, child.revision


def test_an_undone_report_stops_counting_and_a_return_slip_answers_its_receipt(parent: Office, tmp_path: Path) -> None:
    data = report()
    package = take(parent, tmp_path, data)
    parent.packages.accept(package)
    assert counted(parent).value == 7
    row, slip, changes = parent.packages.undo(package[:23], WHY)
    assert row.id == package
    assert changes.touches("received")
    assert counted(parent).state == "no_data"
    assert board(parent) == ("missing", None)
    assert slip is not None
    assert (slip.kind, slip.direction, slip.office_id) == ("return", "out", pb.CHILD)
    content = parent.context.store
    with content.read() as uow:
        assert uow.packages.get(package) is not None
        assert uow.packages.get(package).data == data  # type: ignore[union-attr]  # asserted above
        assert [item.kind for item in uow.packages.answers(package)] == ["receipt", "receipt", "return"]
        assert uow.received.by_package(package).document  # type: ignore[union-attr]  # taken in above
    assert slip.info["remarks"] == [["", WHY]]
    (line,) = [item for item in exchange_desk.received(parent) if item.package.id == package]
    assert line.package.state_title == "Đã hủy việc nhận"
    assert not line.may_accept
    assert not line.may_return
    for again in (lambda: parent.packages.undo(package, WHY), lambda: parent.packages.accept(package)):
        with pytest.raises(Refused, match=r"already_undone|package_undone"):
            again()
    assert parent.packages.take(kept(tmp_path, data)).verdict == "already_received"


def test_the_report_before_is_current_again_as_it_was_decided(parent: Office, tmp_path: Path) -> None:
    outcome = parent.packages.take(kept(tmp_path, report()))
    first, replaced = str(outcome.details["id"]), str(outcome.details["document_sha256"])
    parent.packages.accept(first)
    second = take(parent, tmp_path, report(2, 2, replaced, value=9))
    assert counted(parent).state == "no_data"
    parent.packages.undo(second, WHY)
    assert board(parent) == ("accepted", 1)
    assert counted(parent).value == 7
    # the next revision is taken as usual
    document = str(parent.packages.content(second).document_sha256)
    third = take(parent, tmp_path, report(3, 3, document, value=11))
    assert board(parent) == ("received", 3)
    parent.packages.accept(third)
    assert counted(parent).value == 11


def test_an_undone_withdrawal_is_as_if_it_had_not_come(parent: Office, tmp_path: Path) -> None:
    package = take(parent, tmp_path, report())
    parent.packages.accept(package)
    recall = take(parent, tmp_path, pb.small(pb.recall(), "recall"))
    assert board(parent)[0] == "recalled"
    _, slip, _ = parent.packages.undo(recall, WHY)
    assert slip is None
    assert board(parent) == ("accepted", 1)
    assert counted(parent).value == 7


def test_a_frozen_report_holds_what_it_rests_on(parent: Office, tmp_path: Path) -> None:
    package = take(parent, tmp_path, report())
    parent.packages.accept(package)
    with parent.context.store.unit() as uow:
        unit = uow.received.by_package(package).unit  # type: ignore[union-attr]  # taken in above
    assert unit
    frozen = pb.document(1, None, figures=(counted(parent),), id="0197a000-0000-7000-8000-00000000bbbb")
    data = freeze(frozen)
    row = ReportRow(
        frozen.id, REGIME, PERIOD, 1, "draft", {}, 1, "2026-05-28T02:00:00Z", "x", "2026-05-28T02:00:00Z", "x"
    )
    with parent.context.store.unit() as uow:
        uow.reports.insert_draft(row)
        uow.reports.freeze(frozen.id, 1, data, sha256_hex(data), by="x")
    before = parent.packages.all("out")
    with pytest.raises(Refused) as refused:
        parent.packages.undo(package, WHY)
    assert refused.value.code == "report_depends"
    assert frozen.id in refused.value.message
    assert "6 tháng đầu năm 2026" in refused.value.message
    assert board(parent) == ("accepted", 1)
    assert parent.packages.all("out") == before


def test_an_undone_answer_leaves_the_sent_report_as_it_was(tmp_path: Path, clock: FixedClock) -> None:
    pair = {}
    for kind, name in (("commune_hub", "Ủy ban nhân dân xã Mẫu"), ("parent", "Sở Nội vụ Mẫu")):
        pair[kind] = services_office.make(tmp_path / kind, clock, services_office.profile(kind, name))
    child, above = pair["commune_hub"], pair["parent"]
    try:
        for one, other, relation in ((child, above, "parent"), (above, child, "child")):
            card = other.trust.card()
            one.trust.add(card, office_id=card.office_id, fingerprint=card.fingerprint, relation=relation)
        report_id, _ = child.reports.make(REGIME, PERIOD)
        child.indicators.confirm_nil(REGIME, PERIOD, *child.indicators.undecided(REGIME, PERIOD))
        child.reports.refresh(report_id)
        for section in child.reports.view(report_id).document.sections:
            if section.manual:
                child.reports.edit(report_id, section.key, "Nội dung mẫu.")
        child.reports.approve(report_id)
        path, sent = child.packages.export(report_id, tmp_path / "out")
        assert "chưa lấy số" in remark_of(sent)  # the paper inside says so for ever
        package = str(above.packages.take(path, reply_to=tmp_path / "in").details["id"])
        receipt = child.packages.take(next((tmp_path / "in").iterdir()))
        assert child.packages.all("out")[0].status == "received"
        slip, _ = above.packages.return_(package, "Sai số", due_on=date(2026, 6, 3))
        returned = child.packages.take(above.packages.export(slip.id, tmp_path / "back")[0])
        assert child.packages.all("out")[0].status == "returned"
        [due] = [entry for entry in child.due.home().due if entry.key == f"{REGIME}|{PERIOD}"]
        assert (due.due_on, due.rule_words, due.done) == (date(2026, 6, 3), "theo phiếu trả lại", False)
        child.packages.undo(str(returned.details["id"]), WHY)
        [due] = [entry for entry in child.due.home().due if entry.key == f"{REGIME}|{PERIOD}"]
        assert (due.due_on, due.done) == (date(2026, 6, 4), True)
        assert child.packages.all("out")[0].status == "received"
        child.packages.undo(str(receipt.details["id"]), WHY)
        assert child.packages.all("out")[0].status == "built"
        with pytest.raises(Refused, match="not_received"):
            child.packages.undo(sent.id, WHY)
        with pytest.raises(Refused, match="not_found"):
            child.packages.undo("0000", WHY)
    finally:
        child.close()
        above.close()
