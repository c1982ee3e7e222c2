"""The page of exchange, used as officers of two offices use it: keys compared, a report out, decided, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_offices import PERIOD, REGIME, introduce, make_hub, make_parent
from gui_keys import compose, press, settle, show
from mnemonics import clashes
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot
from records_office import close_windows
from report_office import answering, hear, yes

from danvan_desktop.gui import dialogs, exchange_dialogs
from danvan_desktop.gui.exchange_desk import choose_id
from danvan_desktop.gui.exchange_dialogs import PreviewDialog, ReturnDialog, ViewDialog
from danvan_desktop.gui.exchange_page import RECEIVED, SENT, TRUST, ExchangePage
from danvan_desktop.gui.exchange_sent import ExportDialog
from danvan_desktop.gui.exchange_trust import CardDialog, large
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office


@pytest.fixture
def hub(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_hub(tmp_path, fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def parent(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_parent(tmp_path, fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder officers choose for everything they write."""
    folder = tmp_path / "usb"
    folder.mkdir()
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_args: folder)
    return folder


def open_page(qtbot: QtBot, office: Office) -> ExchangePage:
    page = ExchangePage(office, InlineRunner())
    qtbot.addWidget(page)
    page.resize(1064, 590)
    show(page)
    page.shown()
    settle()
    return page


def texts(table: QTableWidget, row: int = 0) -> list[str]:
    found = [table.item(row, column) for column in range(table.columnCount())]
    return [item.text() for item in found if item is not None]


def export(page: ExchangePage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send the approved report as a package to the stick."""
    page.tabs.setCurrentIndex(SENT)
    with monkeypatch.context() as patch:
        answering(patch, ExportDialog, lambda dialog: dialog.choose_button.click())
        page.sent.export_button.click()
        settle()


def take(
    page: ExchangePage,
    monkeypatch: pytest.MonkeyPatch,
    files: list[Path],
    look: Callable[[Any], object] = lambda _dialog: None,
) -> None:
    """Choose files, look at the preview, take in, close."""

    def act(dialog: Any) -> None:
        look(dialog)
        dialog.take_button.click()
        dialog.close_button.click()

    page.tabs.setCurrentIndex(RECEIVED)
    with monkeypatch.context() as patch:
        patch.setattr(dialogs, "choose_files", lambda *_args: files)
        answering(patch, PreviewDialog, act)
        page.received.file_button.click()
        settle()


def only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    assert len(found) == 1, found
    return found[0]


def choose_report(page: ExchangePage) -> None:
    key = next(line.package.id for line in page.received._lines if line.package.kind == "report")
    assert choose_id(page.received.table, key)


def test_keys_are_believed_only_after_the_fingerprint_was_heard(
    qtbot: QtBot, hub: Office, parent: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, hub)
    page.tabs.setCurrentIndex(TRUST)
    own = hub.trust.card().fingerprint.upper()
    shown = page.trust.own_fingerprint.text().split()
    assert shown == [own[n : n + 4] for n in range(0, 64, 4)]
    assert page.trust.empty.isVisible()
    card_file = tmp_path / "so.dvkey"
    card = parent.trust.export(card_file)
    monkeypatch.setattr(dialogs, "choose_file", lambda *_args: card_file)

    def compare(dialog: CardDialog) -> None:
        assert dialog.relation == "parent", "what the office most likely is to us stands chosen"
        assert not dialog.card_fingerprint.isVisible()
        assert not dialog.trust_button.isEnabled()
        compose(dialog, "0" * 64)
        assert "KHÔNG KHỚP" in dialog.match_label.text()
        assert not dialog.trust_button.isEnabled()
        dialog.typed_edit.clear()
        compose(dialog, large(card.fingerprint).lower().replace(" ", "-"))
        assert "Khớp" in dialog.match_label.text()
        assert clashes(dialog) == []
        dialog.trust_button.click()

    answering(monkeypatch, CardDialog, compare)
    page.trust.add_button.click()
    assert [(row.name, row.relation, row.status) for row in hub.trust.all()] == [(card.name, "parent", "trusted")]
    assert texts(page.trust.table)[:3] == [card.name, "Cơ quan cấp trên", "Đang tin cậy"]
    asked = yes(monkeypatch)
    page.trust.revoke_button.click()
    assert "Thôi tin cậy khóa" in asked[0]
    assert hub.trust.all()[0].status == "revoked"
    assert texts(page.trust.table)[2] == "Đã thôi tin cậy"
    assert not page.trust.revoke_button.isEnabled()


def test_own_key_card_is_written(qtbot: QtBot, hub: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(qtbot, hub)
    suggested: list[str] = []

    def save(_parent: Any, _title: str, name: str, _filters: str) -> Path:
        suggested.append(name)
        return tmp_path / name

    monkeypatch.setattr(dialogs, "save_file", save)
    page.trust.card_button.click()
    assert suggested[0].startswith("the-khoa-uy-ban-nhan-dan")
    assert (tmp_path / suggested[0]).is_file()


def test_without_packages_the_cursor_stands_on_the_first_button(qtbot: QtBot, hub: Office) -> None:
    page = open_page(qtbot, hub)
    assert not page.sent.table.isVisible() and page.sent.export_button.hasFocus()


def test_without_a_parent_the_export_says_what_to_do(
    qtbot: QtBot, hub: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, hub)
    assert page.sent.empty.isVisible()
    said = hear(monkeypatch)
    export(page, monkeypatch)
    assert "Chưa có thẻ khóa của cơ quan cấp trên" in said[0]
    assert not list(stick.iterdir())


def test_a_report_goes_up_and_the_acceptance_comes_back(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(hub, parent)
    below, above = open_page(qtbot, hub), open_page(qtbot, parent)
    said: list[str] = []
    below.said.connect(said.append)
    export(below, monkeypatch)
    package = only(stick, "bao-cao-*.dvpkg")
    assert package.name in said[-1]
    assert texts(below.sent.table)[1:5] == ["Báo cáo", "6 tháng đầu năm 2026, lần 1", "Sở Nội vụ tỉnh Quảng Trị",
                                            "Đã xuất gói"]  # fmt: skip
    above.tabs.setCurrentIndex(RECEIVED)
    assert texts(above.received.board_table)[:2] == ["Ủy ban nhân dân xã Vĩnh Thủy", "Chưa gửi"]
    assert "0/1 đơn vị đã gửi" in above.received.board_summary.text()

    def look(dialog: PreviewDialog) -> None:
        words = dialog.preview_detail.toPlainText()
        for part in ("Hợp lệ", "Người ký: Ủy ban nhân dân xã Vĩnh Thủy", "Loại gói: Báo cáo", "6 tháng đầu năm 2026",
                     "bao-cao.pdf", "kB"):  # fmt: skip
            assert part in words
        assert not parent.packages.all("in"), "nothing is stored before it is taken in"
        assert dialog.take_button.hasFocus()
        assert clashes(dialog) == []

    take(above, monkeypatch, [package], look)
    receipt = only(stick, "bien-nhan-*.dvpkg")
    assert texts(above.received.table)[4] == "Đã nhận, chờ xem xét"
    assert texts(above.received.board_table)[1:] == ["Đã nhận, chờ xem xét", "1", "28/05/2026", "Đúng hạn"]
    assert above.received.regime_combo.currentData() == REGIME
    assert above.received.period_combo.currentData() == PERIOD
    take(below, monkeypatch, [receipt])
    below.tabs.setCurrentIndex(SENT)
    assert texts(below.sent.table)[4] == "Cấp trên đã nhận"
    # accepted by a named person
    yes(monkeypatch)
    choose_report(above)
    above.received.accept_button.click()
    accepted = only(stick, "chap-nhan-*.dvpkg")
    assert not above.received.accept_button.isEnabled()
    take(below, monkeypatch, [accepted])
    assert texts(below.sent.table)[4] == "Cấp trên đã chấp nhận"
    assert texts(below.received.table)[1] == "Thông báo chấp nhận"
    assert parent.consolidation.board(REGIME, PERIOD)[0].state == "accepted"
    # the same file again changes nothing
    take(above, monkeypatch, [package], lambda dialog: dialog.take_button.isEnabled() and pytest.fail("taken twice"))
    assert len([line for line in above.received._lines if line.package.kind == "report"]) == 1


def test_a_return_slip_carries_remarks_to_the_very_places(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(hub, parent)
    below, above = open_page(qtbot, hub), open_page(qtbot, parent)
    export(below, monkeypatch)
    take(above, monkeypatch, [only(stick, "bao-cao-*.dvpkg")])
    named: list[str] = []

    def fill(dialog: ReturnDialog) -> None:
        dialog.send_button.click()
        assert dialog.return_problem.text() == "Hãy ghi lý do trả lại."
        compose(dialog, "Số liệu chưa khớp với sổ theo dõi.")
        dialog.due_edit.setFocus()
        compose(dialog, "27/5")
        dialog.send_button.click()
        assert "đã qua" in dialog.return_problem.text()
        dialog.due_edit.edit.selectAll()
        dialog.due_edit.setFocus()
        compose(dialog, "5/6/2026")
        key, title = next(place for place in dialog._titles.items() if place[1].startswith("Số liệu"))
        named.append(title)
        dialog.place_combo.set_value(key)
        dialog.remark_edit.setFocus()
        compose(dialog, "Đề nghị đối chiếu lại.")
        press(dialog, Qt.Key.Key_Return, text="\r")
        assert dialog.isVisible(), "Enter adds the remark, it does not send"
        assert clashes(dialog) == []
        dialog.send_button.click()

    answering(monkeypatch, ReturnDialog, fill)
    choose_report(above)
    above.received.return_button.click()
    slip = only(stick, "tra-lai-*.dvpkg")
    assert texts(above.received.table)[4] == "Đã trả lại"
    assert "Số liệu chưa khớp" in above.received.detail.text()
    assert parent.consolidation.board(REGIME, PERIOD)[0].state == "returned"
    take(below, monkeypatch, [slip])
    below.tabs.setCurrentIndex(SENT)
    assert texts(below.sent.table)[4] == "Bị trả lại, có nhận xét"
    words = below.sent.detail.toPlainText()
    for part in ("Một người", "05/06/2026", "Số liệu chưa khớp với sổ theo dõi.", f"{named[0]}: Đề nghị đối chiếu"):
        assert part in words


def test_a_sent_report_is_withdrawn_with_a_reason(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(hub, parent)
    below, above = open_page(qtbot, hub), open_page(qtbot, parent)
    export(below, monkeypatch)
    package = only(stick, "bao-cao-*.dvpkg")
    bytes_before = package.read_bytes()
    package.unlink()
    below.sent.again_button.click()
    assert package.read_bytes() == bytes_before, "a package is built once"
    take(above, monkeypatch, [package])
    monkeypatch.setattr(dialogs, "ask_text", lambda *_args, **_more: "Gửi nhầm bản chưa đủ số liệu")
    choose = next(line.id for line in below.sent._lines if line.kind == "report")
    choose_id(below.sent.table, choose)
    below.sent.recall_button.click()
    recall = only(stick, "thu-hoi-*.dvpkg")
    states = {line.kind: line.state_title for line in below.sent._lines}
    assert states == {"report": "Đã thu hồi", "recall": "Đã lập, gửi cấp trên"}
    take(above, monkeypatch, [recall])
    assert parent.consolidation.board(REGIME, PERIOD)[0].state == "recalled"
    choose_report(above)
    assert not above.received.accept_button.isEnabled()
    assert not above.received.return_button.isEnabled()


def test_a_refused_package_says_why_and_a_stranger_stays_out(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(hub, parent)
    export(open_page(qtbot, hub), monkeypatch)
    good = only(stick, "bao-cao-*.dvpkg")
    broken = stick / "hong.dvpkg"
    broken.write_bytes(good.read_bytes()[:2000])
    above = open_page(qtbot, parent)
    seen: list[str] = []

    def look(dialog: PreviewDialog) -> None:
        assert dialog.preview_heading.text() == "2 gói: 1 nhận được, 1 bị từ chối"
        choose_id(dialog.file_table, str(broken))
        seen.append(dialog.preview_detail.toPlainText())
        dialog.close_button.click()

    answering(monkeypatch, PreviewDialog, look)
    above.received.folder_button.click()
    assert "bị hỏng, bị cắt ngắn" in seen[0]
    assert "(mã: zip_structure)" in seen[0]
    assert not parent.packages.all("in")
    parent.trust.revoke(hub.trust.card().office_id)
    seen.clear()
    answering(monkeypatch, PreviewDialog, lambda dialog: seen.append(dialog.preview_detail.toPlainText()))
    drop = QMimeData()
    drop.setUrls([QUrl.fromLocalFile(str(good))])
    above.dropEvent(
        QDropEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, drop, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    assert "(mã: cert_revoked)" in seen[0]


def test_a_received_report_is_read_with_its_pdf(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    introduce(hub, parent)
    export(open_page(qtbot, hub), monkeypatch)
    above = open_page(qtbot, parent)
    take(above, monkeypatch, [only(stick, "bao-cao-*.dvpkg")])
    opened: list[bytes] = []

    def viewer(path: Path) -> bool:
        opened.append(path.read_bytes()[:5])
        return True

    monkeypatch.setattr(exchange_dialogs, "open_with_viewer", viewer)
    monkeypatch.setattr(dialogs, "save_file", lambda *_args: tmp_path / "luu.xlsx")
    said = hear(monkeypatch)

    def read(dialog: ViewDialog) -> None:
        assert dialog.figure_table.rowCount() > 20
        assert "chuyển biến rõ nét" in dialog.words_edit.toPlainText()
        assert dialog.words_edit.isReadOnly()
        dialog.pdf_button.click()
        choose_id(dialog.inside_table, "so-lieu.xlsx")
        dialog.save_button.click()
        assert clashes(dialog) == []

    answering(monkeypatch, ViewDialog, read)
    choose_report(above)
    above.received.table.setFocus()
    press(above, Qt.Key.Key_Return, text="\r")
    assert opened == [b"%PDF-"]
    assert (tmp_path / "luu.xlsx").read_bytes()[:2] == b"PK"
    assert "Đã lưu" in said[-1]


def test_every_letter_leads_to_one_thing_and_all_fits(qtbot: QtBot, hub: Office, parent: Office) -> None:
    introduce(hub, parent)
    for office in (hub, parent):
        page = open_page(qtbot, office)
        for tab in (SENT, RECEIVED, TRUST):
            page.tabs.setCurrentIndex(tab)
            settle()
            assert clashes(page) == []
        assert page.minimumSizeHint().height() <= 560
        assert page.minimumSizeHint().width() <= 1060
