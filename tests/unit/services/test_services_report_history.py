"""Kept states of a draft, what a leader sees anew, comments, and who may approve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from services_office import ALL_ROLES, make, profile

from danvan_desktop.bootstrap import wire
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services import report_desk, report_history
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import AccountSpec
from danvan_desktop.store.home import open_home

REGIME, PERIOD = "commune-to-province", "2026-H1"
SECTION = "assessment_strengths"
ACCOUNTS = (AccountSpec("motnguoi", "Một người", ALL_ROLES), AccountSpec("lanhdao", "Lãnh đạo", ("leader",)))


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make(tmp_path / "home", fixed_clock, profile(accounts=ACCOUNTS))
    yield made
    made.close()


def as_leader(office: Office, clock: FixedClock) -> Office:
    home = office.context.store.path
    office.close()
    return wire(open_home(home, clock=clock, account="lanhdao", password="x"), clock)


def acts(office: Office, report_id: str) -> list[str]:
    return [item.act for item in reversed(report_history.moments(office, report_id))]


def test_states_are_kept_at_every_step_and_at_most_every_ten_minutes(office: Office, fixed_clock: FixedClock) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    office.reports.edit(report_id, SECTION, "Bốn chữ ban đầu.")
    fixed_clock.set_local(date(2026, 5, 28), 15)
    office.reports.edit(report_id, SECTION, "Bốn chữ buổi chiều.")
    office.reports.edit(report_id, SECTION, "Bốn chữ cuối chiều.")
    office.reports.edit(report_id, SECTION, "Bốn chữ cuối ngày.")
    kept = ["made", "saved", "saved"]  # as the morning left it, and the afternoon began
    assert acts(office, report_id) == kept
    office.reports.refresh(report_id)
    office.reports.submit(report_id)
    office.reports.send_back(report_id, "Bổ sung đánh giá.")
    assert acts(office, report_id) == [*kept, "saved", "refreshed", "submitted", "returned"]
    last = report_history.moments(office, report_id)[0]
    assert last.remarks == "Bổ sung đánh giá." and "28/05/2026 15:00 – Một người: trả lại" in last.title
    morning = next(item for item in reversed(report_history.moments(office, report_id)) if item.act == "saved")
    found = report_history.compare(office, report_id, morning.seq)
    (change,) = (item for item in found.texts if item.key == SECTION)
    assert [(item.op, item.text) for item in change.words if item.op != "same"] == [
        ("removed", "ban đầu"), ("added", "cuối ngày"),
    ]  # fmt: skip
    assert found.figures == ()
    office.reports.discard(report_id)
    assert report_history.moments(office, report_id) == ()  # the words of a discarded draft are gone


def test_a_leader_is_told_what_changed_since_the_last_look(office: Office, fixed_clock: FixedClock) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    office.reports.edit(report_id, SECTION, "Nhân dân đồng thuận.")
    office.reports.submit(report_id)
    assert report_history.look(office, report_id)[0] is None  # nothing was seen before
    assert report_history.look(office, report_id)[0] is None  # nothing changed
    assert acts(office, report_id).count("looked") == 1
    office.reports.edit(report_id, SECTION, "Nhân dân đồng thuận cao.")
    found, _ = report_history.look(office, report_id)
    assert found is not None and [item.key for item in found.texts] == [SECTION]
    assert any(item.op == "added" and "cao" in item.text for item in found.texts[0].words)
    assert report_history.look(office, report_id)[0] is None
    office.reports.send_back(report_id, "Viết rõ hơn.")
    assert report_history.look(office, report_id)[0] is None  # it is not before the leader now
    office.reports.edit(report_id, SECTION, "Nhân dân đồng thuận rất cao.")
    office.reports.submit(report_id)
    found, _ = report_history.look(office, report_id)
    assert found is not None and "rất" in "".join(item.text for item in found.texts[0].words if item.op == "added")


def test_comments_are_listed_until_settled_and_never_printed(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    with pytest.raises(Refused, match="cần có chữ"):
        report_history.add_comment(office, report_id, SECTION, "  ")
    with pytest.raises(Refused, match="không có mục"):
        report_history.add_comment(office, report_id, "nowhere", "Xem lại")
    made, _ = report_history.add_comment(office, report_id, SECTION, "Nêu thêm ví dụ\nở thôn 3", "đồng  thuận")
    opened = report_desk.open_report(office, report_id)
    (note,) = (item for item in opened.problems if item.comment)
    assert (note.severity, note.section, note.comment) == ("note", SECTION, made)
    assert note.message == "Ý kiến của Một người về “đồng thuận”: Nêu thêm ví dụ ở thôn 3"
    assert "ví dụ" not in repr(opened.view.document)
    report_history.settle_comment(office, made)
    opened = report_desk.open_report(office, report_id)
    assert not any(item.comment for item in opened.problems)
    assert not opened.comments[0].open and "Một người giải quyết" in opened.comments[0].settled
    report_history.settle_comment(office, made, done=False)
    assert report_desk.open_report(office, report_id).comments[0].open


def test_who_wrote_a_report_does_not_approve_it_where_the_office_says_so(
    office: Office, fixed_clock: FixedClock
) -> None:
    loaded = office.settings.load()
    assert not loaded.separate_approver
    office.settings.save_office(loaded.office, loaded.signers, loaded.common_series, True)
    office.settings.save_office(loaded.office, loaded.signers, loaded.common_series)  # leaves it as it is
    assert office.settings.load().separate_approver
    report_id, _ = office.reports.make(REGIME, PERIOD)
    office.reports.submit(report_id)
    with pytest.raises(Refused) as told:
        office.reports.approve(report_id)
    assert told.value.code == "own_draft"
    leader = as_leader(office, fixed_clock)
    try:
        with pytest.raises(Refused) as told:
            leader.reports.approve(report_id)
        assert told.value.code == "report_incomplete"  # another person gets that far
    finally:
        leader.close()


def test_a_replacing_report_names_the_one_it_replaces(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    office.indicators.confirm_nil(REGIME, PERIOD, *office.indicators.undecided(REGIME, PERIOD))
    office.reports.refresh(report_id)
    opened = report_desk.open_report(office, report_id)
    for sheet in opened.sheets:
        if sheet.needs_writing:
            office.reports.edit(report_id, sheet.key, "Công tác dân vận có chuyển biến.")
    for problem in report_desk.open_report(office, report_id).problems:
        if problem.severity == "error" and problem.figure:
            office.reports.explain(report_id, problem.figure, "Đang chờ số liệu.")
    office.reports.approve(report_id)
    office.reports.number(report_id)
    office.reports.make(REGIME, PERIOD)
    said = "Báo cáo này thay thế Báo cáo số 01/BC-UBND ngày 28/05/2026 của Ủy ban nhân dân xã Mẫu."

    def opening() -> str:
        sheet = report_desk.open_report(office, report_id).sheet("opening")
        assert sheet is not None
        return sheet.text

    assert opening().startswith(said) and opening().endswith("như sau:")
    office.reports.refresh(report_id)
    assert opening().count(said) == 1
    office.reports.edit(report_id, "opening", opening().replace("như sau:", "với các nội dung sau:"))
    office.reports.refresh(report_id)
    assert opening().count(said) == 1 and opening().endswith("với các nội dung sau:")
    assert office.reports.view(report_id, 1).sha256  # the old one stays readable
