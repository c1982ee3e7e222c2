"""The main job through the window: three offices, from the first start to the receipt, as officers do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gui_gate import PASSWORD
from gui_journey import (
    ALT,
    CENTRE,
    CONTROL,
    ENTRIES,
    KEY,
    PARENT,
    Answers,
    Officer,
    close_everything,
    enter_records,
    hit,
)
from gui_keys import press, settle, show, write

from danvan_desktop.gui.exchange_dialogs import PreviewDialog
from danvan_desktop.gui.exchange_page import RECEIVED, SENT, TRUST, ExchangePage
from danvan_desktop.gui.exchange_trust import CardDialog
from danvan_desktop.gui.home_page import HomePage
from danvan_desktop.gui.indicators_page import IndicatorsPage
from danvan_desktop.gui.plan_page import PlanPage
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.report_dialogs import MakeDialog, NumberDialog, RemarksDialog
from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.exchange_desk import KIND_TITLES
from danvan_desktop.services.records import ListQuery

SEED = Path(__file__).parents[1] / "unit" / "planning" / "data" / "seed_commune.txt"
PERIOD = "2026-H1"
WORDS = "Công tác dân vận được quan tâm chỉ đạo thường xuyên."
AREAS = (KEY.Key_1, KEY.Key_2, KEY.Key_3, KEY.Key_4, KEY.Key_5, KEY.Key_6, KEY.Key_7, KEY.Key_8)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


@pytest.fixture
def officers(tmp_path: Path, fixed_clock: FixedClock, answers: Answers) -> Iterator[dict[str, Officer]]:
    """The officers of the centre, the hub and the parent; nobody has an office yet."""
    made = {name: Officer(tmp_path, name, fixed_clock) for name in ("centre", "hub", "parent")}
    yield made
    for officer in made.values():
        officer.leave()
    close_everything()


def set_up_the_hub(officer: Officer, answers: Answers, folder: Path) -> None:
    """The first start by keyboard: from the kind of office to the key card."""
    officer.desk.start()
    wizard = officer.desk.wizard
    assert wizard is not None
    show(wizard)
    press(wizard, KEY.Key_Down)  # the frame stands on the second kind: the hub of the commune
    press(wizard, KEY.Key_Return)  # and Enter takes it
    write(wizard, "Ủy ban nhân dân xã Mẫu")
    press(wizard, KEY.Key_Tab)
    write(wizard, "Sở Nội vụ tỉnh Quảng Trị")
    press(wizard, KEY.Key_Return)
    assert wizard.issuer_lines_edit.toPlainText() == "ỦY BAN NHÂN DÂN\nXÃ MẪU"
    press(wizard, KEY.Key_Tab)
    hit(wizard, KEY.Key_I, ALT)  # back
    assert wizard.step_title.text() == "Tên cơ quan"
    press(wizard, KEY.Key_Return)
    wizard.next_button.setFocus()
    press(wizard, KEY.Key_Return)
    write(wizard, "Nguyễn Văn Mẫu")
    press(wizard, KEY.Key_Return)
    press(wizard, KEY.Key_Tab)
    write(wizard, "Thôn Mẫu Đông")
    wizard.next_button.setFocus()
    press(wizard, KEY.Key_Return)
    write(wizard, "Một Người")
    press(wizard, KEY.Key_Tab)
    press(wizard, KEY.Key_Tab)
    write(wizard, PASSWORD)
    press(wizard, KEY.Key_Tab)
    write(wizard, PASSWORD)
    press(wizard, KEY.Key_Return)
    assert "Nguyễn Văn Mẫu (TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH)" in wizard.summary_label.text()
    press(wizard, KEY.Key_Return)
    assert len(wizard.code_label.text().split()) == 8
    answers.path = folder / "phieu.txt"
    press(wizard, KEY.Key_Return)  # on "Lưu phiếu khôi phục"
    assert answers.path.is_file() and "Đã lưu phiếu" in wizard.sheet_label.text()
    press(wizard, KEY.Key_Tab)
    press(wizard, KEY.Key_Space)
    press(wizard, KEY.Key_Return)
    assert wizard.step_title.text() == "Khóa ký của cơ quan"
    press(wizard, KEY.Key_Return)
    assert officer.window.current_key == "home" and "xã Mẫu" in officer.window.windowTitle()
    officer.window.sign_out()


def know_each_other(answers: Answers, below: Officer, above: Officer) -> None:
    """Cards exchanged on the page of exchange, the fingerprint read out over the telephone."""
    for officer in (below, above):
        page = officer.go(ExchangePage, KEY.Key_6)
        page.tabs.setCurrentIndex(TRUST)
        answers.path = officer.card
        page.trust.card_button.click()
        assert officer.card.is_file()
    for officer, other, relation in ((below, above, "parent"), (above, below, "child")):
        heard = other.office.trust.card().fingerprint

        def compare(dialog: CardDialog, heard: str = heard, relation: str = relation) -> None:
            write(dialog, "0" * len(heard))
            assert "KHÔNG KHỚP" in dialog.match_label.text() and not dialog.trust_button.isEnabled()
            hit(dialog, KEY.Key_A, CONTROL)
            write(dialog, heard)
            assert "Khớp" in dialog.match_label.text()
            dialog.relation_combo.setCurrentIndex(dialog.relation_combo.findData(relation))
            dialog.trust_button.click()

        assert answers.in_dialog(CardDialog, compare) == []
        page = officer.go(ExchangePage, KEY.Key_6)
        answers.path = other.card
        page.trust.add_button.click()
        cell = page.trust.table.item(page.trust.table.rowCount() - 1, 2)
        assert cell is not None and cell.text() == "Đang tin cậy"
        trusted = {row.fingerprint: row.relation for row in officer.office.trust.all()}
        assert trusted[heard] == relation


def take_over_the_plan(officer: Officer, answers: Answers) -> None:
    """The plan read from its file, looked at, kept."""
    page = officer.go(PlanPage, KEY.Key_2)
    assert page.empty_label.isVisible() and page.import_button.hasFocus()
    answers.path = SEED
    press(page, KEY.Key_Space)
    assert page.stack.currentIndex() == 1
    shown = page.editor.body()
    assert [task["area"] for task in shown["tasks"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert page.editor.title_edit.text() == shown["title"] and "dân vận chính quyền năm 2026" in shown["title"]
    assert officer.office.plans.all() == []  # a preview keeps nothing
    hit(page, KEY.Key_L, ALT)
    assert page.stack.currentIndex() == 0 and page.task_tree.hasFocus()
    assert "8 nhiệm vụ" in page.summary_label.text()
    kept = officer.office.plans.all()
    assert len(kept) == 1 and len(officer.office.plans.tasks(kept[0].id)) == 8


def records_of(officer: Officer, form: str) -> list[Any]:
    return list(officer.office.records.page(form, ListQuery(), 0, 50))


def enter_area(officer: Officer, area: int, count: int) -> RecordsPage:
    """Records of the first form of an area, entered by keys; they stand in the list and in the store."""
    page = officer.go(RecordsPage, AREAS[area - 1], ALT)
    assert page.form is not None and page.form.area == area and page.form.key in ENTRIES
    enter_records(page, count)
    assert page.count_label.text() == f"{count} bản ghi"
    found = records_of(officer, page.form.key)
    assert [row.state for row in found] == ["final"] * count
    return page


def find(page: RecordsPage, words: str) -> list[str]:
    """What the list shows for words typed without accents."""
    hit(page, KEY.Key_F, CONTROL)
    write(page, words)
    press(page, KEY.Key_Return)
    model = page.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def count_and_confirm(officer: Officer, answers: Answers, key: str, expected: int, form: str, *, missing: bool) -> None:
    """A number, the records behind it; "không phát sinh" for everything ``missing``."""
    page = officer.go(IndicatorsPage, KEY.Key_4)
    item = next(item for item, line in page.tree.indicators() if line.key == key)
    assert item.text(3) == str(expected)
    page.tree.setCurrentItem(item)
    page.tree.setFocus()
    press(page, KEY.Key_Return)
    assert page.behind_panel.isVisible()
    behind = page.behind_tree.topLevelItemCount()
    assert behind == len(records_of(officer, form))
    press(page, KEY.Key_Escape)
    regime = str(page.regime_combo.currentData())
    undecided = officer.office.indicators.undecided(regime, PERIOD)
    assert bool(undecided) == missing == page.all_button.isEnabled()
    if missing:
        hit(page, KEY.Key_T, ALT)
        assert "không phát sinh" in answers.asked[-1]
    assert officer.office.indicators.undecided(regime, PERIOD) == [] and not page.all_button.isEnabled()


def make_the_report(officer: Officer, answers: Answers, out: Path) -> Path:
    """Drafted, written, submitted, approved, numbered, printed, packed; the package."""
    page = officer.go(ReportPage, KEY.Key_5)
    answers.in_dialog(MakeDialog, lambda dialog: press(dialog, KEY.Key_Return))
    page.new_button.click()
    assert page.report is not None and page.report.view.period == PERIOD

    def remark(dialog: RemarksDialog) -> None:
        write(dialog, "Đơn vị chưa có số liệu.")
        dialog.ok_button.click()

    answers.in_dialog(RemarksDialog, remark)
    to_write = [key for key in page.outline.keys if page.outline.word(key) == "cần viết"]
    assert to_write
    for key in to_write:
        page.desk.show_section(key)
        page.desk.editor.setFocus()
        write(page, WORDS)
        page.desk.save_now()
        assert page.outline.word(key) == "đã sửa"
    while page.report.errors:
        row = next(row for row, item in enumerate(page.report.problems) if item.severity == "error")
        assert page.report.problems[row].figure, page.report.problems[row]
        page.problems.problem_list.setCurrentRow(row)
        settle()
        page.problems.reason_button.click()
    hit(page, KEY.Key_T, ALT)
    assert page.state_label.text().startswith("Đã trình lãnh đạo")
    hit(page, KEY.Key_P, ALT)
    assert page.desk.editor.isReadOnly() and "không sửa được nữa" in answers.asked[-1]
    answers.in_dialog(NumberDialog, lambda dialog: press(dialog, KEY.Key_Return))
    hit(page, KEY.Key_L, ALT)
    assert "Số 01/BC-" in page.frozen_label.text() and "28/05/2026" in page.frozen_label.text()
    answers.path = out
    hit(page, KEY.Key_X, ALT)
    assert [path.read_bytes()[:5] for path in out.glob("*.pdf")] == [b"%PDF-"]
    hit(page, KEY.Key_G, ALT)
    assert "đọc lại để kiểm tra" in answers.said[-1]
    view = officer.office.reports.view(page.report.view.id)
    assert view.sha256 is not None and view.sha256[:12].upper() in page.frozen_label.text().replace(" ", "")
    package, = out.glob("*.dvpkg")  # fmt: skip
    return package


def sent_states(page: ExchangePage) -> list[str]:
    """What stands behind the reports sent (answers to offices below are sent too)."""
    table = page.sent.table
    cells = [[table.item(row, column) for column in (1, 4)] for row in range(table.rowCount())]
    rows = [[cell.text() if cell else "" for cell in row] for row in cells]
    return [state for title, state in rows if title == KIND_TITLES["report"]]


def hand_over(answers: Answers, below: Officer, above: Officer, package: Path, replies: Path) -> None:
    """The package taken in above after a look, accepted; the answer taken in below."""
    page = below.go(ExchangePage, KEY.Key_6)
    page.tabs.setCurrentIndex(SENT)
    assert len(sent_states(page)) == 1 and "chấp nhận" not in sent_states(page)[0]

    above_page = above.go(ExchangePage, KEY.Key_6)
    above_page.tabs.setCurrentIndex(RECEIVED)
    seen: list[str] = []

    def take(dialog: PreviewDialog) -> None:
        seen.append(dialog.preview_detail.toPlainText())
        assert above.office.packages.all("in") == []  # a look stores nothing
        dialog.take_button.click()
        assert "Đã nhận vào 1 gói" in dialog.preview_heading.text()
        dialog.close_button.click()

    answers.in_dialog(PreviewDialog, take)
    answers.path = package
    above_page.received.file_button.click()
    assert below.office.settings.load().office.name in seen[0] and "Hợp lệ" in seen[0]
    current = above_page.received.current
    assert current is not None and current.may_accept
    replies.mkdir()
    answers.path = replies
    above_page.received.accept_button.click()
    accepted = above_page.received.current
    assert accepted is not None and accepted.package.state == "accepted"
    answer, = replies.glob("*.dvpkg")  # fmt: skip

    page = below.go(ExchangePage, KEY.Key_6)
    page.tabs.setCurrentIndex(RECEIVED)
    answers.in_dialog(PreviewDialog, lambda dialog: (dialog.take_button.click(), dialog.close_button.click()))
    answers.path = answer
    page.received.file_button.click()
    page.tabs.setCurrentIndex(SENT)
    assert sent_states(page) == ["Cấp trên đã chấp nhận"]
    home = below.go(HomePage, KEY.Key_1)
    assert home.isVisible()


def test_the_main_job_through_the_window(officers: dict[str, Officer], answers: Answers, tmp_path: Path) -> None:
    centre, hub, parent = officers["centre"], officers["hub"], officers["parent"]
    # 1 set up, sign in, know each other
    set_up_the_hub(hub, answers, tmp_path)
    centre.found(CENTRE)
    parent.found(PARENT)
    assert hub.desk.sign_in is not None
    for officer in (centre, hub, parent):
        officer.sign_in()
    know_each_other(answers, centre, hub)
    know_each_other(answers, hub, parent)

    # 2 the plan
    take_over_the_plan(hub, answers)

    # 3 records: one in every area, five where most is written
    for area in range(1, 9):
        page = enter_area(hub, area, 5 if area in (7, 8) else 1)
    assert find(page, "quy lan 3") == ["03/04/2026"]
    assert find(hub.go(RecordsPage, KEY.Key_7, ALT), "giai phong mat bang ngay 5") == ["05/05/2026"]
    page = enter_area(centre, 4, 1)

    # 4 to 6 numbers, report, paper, package: the centre first
    count_and_confirm(centre, answers, "files_received", 42, "procedure_month", missing=True)
    package = make_the_report(centre, answers, tmp_path / "centre-out")
    hand_over(answers, centre, hub, package, tmp_path / "centre-replies")

    # 7 to 9 the commune for the province
    # what the hub itself did not do is told by the report of the centre
    count_and_confirm(hub, answers, "supervisions", 5, "social_supervision", missing=False)
    package = make_the_report(hub, answers, tmp_path / "hub-out")
    hand_over(answers, hub, parent, package, tmp_path / "hub-replies")
