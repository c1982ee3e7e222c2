"""Packages received: looked at, taken in, read, accepted or returned; and who has sent for a period."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTableWidget, QWidget

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..services import exchange_desk
from ..services.exchange_desk import BoardChoice, BoardLine, ReceivedLine
from ..services.exchange_reading import OpenedReport, open_received, view_inside
from ..services.office import Office
from ..services.papers import BEHIND, PaperWish
from . import dialogs
from .exchange_desk import PACKAGES, Part, choose_id, chosen_id, fill, leave, prepare
from .exchange_dialogs import Looked, PreviewDialog, ReturnDialog, ViewDialog, receipts
from .exchange_sent import when
from .pages import Page
from .runner import Runner

_TITLES = ("Nhận lúc", "Loại gói", "Nội dung", "Cơ quan gửi", "Tình trạng", "Lưu ý")
_WIDTHS = (124, 120, 190, 0, 170, 120)
_SEVERITY = {"received": "warning", "accepted": "ok", "returned": "error", "superseded": "soft", "recalled": "soft",
             "undone": "soft"}  # fmt: skip
_NO_RIGHT = "Tài khoản này không có quyền nhận, xử lý gói."


class ReceivedPart(Part):
    def __init__(self, page: Page, office: Office, runner: Runner) -> None:
        super().__init__(page, office, runner)
        self._lines: tuple[ReceivedLine, ...] = ()
        self._choices: tuple[BoardChoice, ...] = ()
        self.table = self.child(QTableWidget, "received_table")
        self.empty = self.child(QLabel, "received_empty")
        self.detail = self.child(QLabel, "received_detail")
        self.file_button = self.child(QPushButton, "file_button")
        self.folder_button = self.child(QPushButton, "folder_button")
        self.view_button = self.child(QPushButton, "view_button")
        self.accept_button = self.child(QPushButton, "accept_button")
        self.return_button = self.child(QPushButton, "return_button")
        self.board_box = self.child(QWidget, "board_box")
        self.regime_combo = self.child(QComboBox, "regime_combo")
        self.period_combo = self.child(QComboBox, "period_combo")
        self.board_summary = self.child(QLabel, "board_summary")
        self.board_table = self.child(QTableWidget, "board_table")
        self.remind_button = self.child(QPushButton, "remind_button")
        self.may_take = office.context.may("package")
        self._may_decide = office.context.may("package.accept")
        prepare(self.table, _TITLES, _WIDTHS)
        prepare(self.board_table, ("Cơ quan, đơn vị", "Tình trạng", "Lần", "Ngày nhận", "Hạn"), (0, 190, 60, 120, 150))
        for widget in (self.empty, self.board_box, self.detail):
            widget.hide()
        for button in (self.file_button, self.folder_button):
            button.setEnabled(self.may_take)
            button.setToolTip(button.toolTip() if self.may_take else _NO_RIGHT)
        self.table.currentCellChanged.connect(lambda *_cells: self._show())
        self.table.itemActivated.connect(lambda _item: self.view())
        self.board_table.itemActivated.connect(lambda _item: self._to_report())
        self.file_button.clicked.connect(self.take_files)
        self.folder_button.clicked.connect(self.take_folder)
        self.view_button.clicked.connect(self.view)
        self.accept_button.clicked.connect(self.accept)
        self.return_button.clicked.connect(self.begin_return)
        self.remind_button.clicked.connect(self.remind)
        self.regime_combo.activated.connect(lambda _row: self._fill_periods())
        self.period_combo.activated.connect(lambda _row: self._load_board())

    def load(self) -> None:
        office = self.office
        self.run(
            lambda: (exchange_desk.received(office), exchange_desk.board_choices(office)),
            self._take,
            "Đang đọc các gói nhận về",
        )

    def _take(self, found: tuple[tuple[ReceivedLine, ...], tuple[BoardChoice, ...]]) -> None:
        self._lines, choices = found
        rows = []
        for item in self._lines:
            line = item.package
            marks = [*(["NỘP MUỘN"] if item.late else []), *item.marks]
            texts = (when(line), line.title, line.subject, line.office, line.state_title, "; ".join(marks))
            rows.append((line.id, texts, _SEVERITY.get(line.state, "") if line.kind == "report" else ""))
        fill(self.table, rows)
        if not rows:
            leave(self.table, self.file_button)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show()
        self.board_box.setVisible(bool(choices))
        if choices != self._choices:
            self._choices = choices
            self._fill_regimes()
        elif choices:
            self._load_board()

    @property
    def current(self) -> ReceivedLine | None:
        key = chosen_id(self.table)
        return next((item for item in self._lines if item.package.id == key), None)

    def _show(self) -> None:
        item = self.current
        report = item is not None and item.package.kind == "report"
        self.view_button.setEnabled(report)
        self.accept_button.setEnabled(item is not None and item.may_accept and self._may_decide)
        self.return_button.setEnabled(item is not None and item.may_return and self._may_decide)
        why = "" if self._may_decide else "Chỉ người tổng hợp hoặc lãnh đạo được chấp nhận, trả lại báo cáo."
        for button in (self.accept_button, self.return_button):
            button.setToolTip(why)
        words = []
        if item is not None:
            line = item.package
            words = [f"{r.place}: {r.text}" if r.place else r.text for r in line.remarks]
            if line.due_on is not None:
                words.append(f"Hạn gửi lại: {vi.day(line.due_on)}.")
            if line.said_by and words:
                words[0] = f"{line.said_by}: {words[0]}"
        self.detail.setText("Nhận xét – " + " | ".join(words) if words else "")
        self.detail.setVisible(bool(words))

    # taking in
    def take_files(self) -> None:
        paths = dialogs.choose_files(self.page, "Chọn gói nhận được", PACKAGES)
        if paths:
            self.look(tuple(paths))

    def take_folder(self) -> None:
        folder = dialogs.choose_folder(self.page, "Chọn thư mục hoặc ổ USB có gói")
        if folder is not None:
            self.look((folder,))

    def look(self, paths: tuple[Path, ...]) -> None:
        """Judge packages and show what they are, before anything is taken in."""
        office = self.office
        self.run(lambda: exchange_desk.look_at(office, paths), self._preview, "Đang kiểm tra gói")

    def _preview(self, found: Looked) -> None:
        dialog = PreviewDialog(found, self._take_in, self.page)
        dialog.exec()
        dialog.deleteLater()

    def _take_in(self, paths: list[Path], with_receipts: bool, done: Any) -> None:
        office = self.office

        def taken(result: Any) -> None:
            outcomes, written, changes = result
            done(outcomes, receipts(written))
            self.announce(changes, "Đã nhận gói.")

        self.run(
            lambda: exchange_desk.take_in(office, tuple(paths), receipts=with_receipts), taken, "Đang nhận gói vào"
        )

    # one report
    def view(self) -> None:
        item = self.current
        if item is not None and item.package.kind == "report":
            office, key = self.office, item.package.id
            self.run(lambda: open_received(office, key), self._view, "Đang mở báo cáo")

    def _view(self, report: OpenedReport) -> None:
        dialog = ViewDialog(report, lambda file: view_inside(self.office, file), self.runner, self.page)
        dialog.exec()
        dialog.deleteLater()

    def accept(self) -> None:
        """A named person accepts; the signed answer goes to a folder."""
        item = self.current
        subject = item.package.subject if item is not None else ""
        if item is None or not dialogs.ask(
            self.page,
            f"Chấp nhận báo cáo {subject[:1].lower()}{subject[1:]} của “{item.package.office}”?",
            detail="Từ nay số liệu của báo cáo này được dùng để tổng hợp. "
            "Thông báo chấp nhận ghi tên anh, chị được ký để gửi trả đơn vị.",
            yes="Chấp nhận",
            no="Chưa",
        ):
            return
        packages, key = self.office.packages, item.package.id
        self.run(
            lambda: packages.accept(key),
            lambda result: self._answered(result, "Đã chấp nhận báo cáo.", "thông báo chấp nhận"),
            "Đang lập thông báo chấp nhận",
        )

    def begin_return(self) -> None:
        """Open the return slip of the chosen report."""
        item = self.current
        if item is not None:
            office, key = self.office, item.package.id
            self.run(lambda: open_received(office, key), self._return, "Đang mở báo cáo")

    def _return(self, report: OpenedReport) -> None:
        dialog = ReturnDialog(report, self._today, self.page)
        accepted = bool(dialog.exec())
        reason, due, remarks = dialog.reason, dialog.due_on, dialog.remarks
        dialog.deleteLater()
        if not accepted:
            return
        packages = self.office.packages
        due_on = date.fromisoformat(due) if due else None
        self.run(
            lambda: packages.return_(report.package_id, reason, due_on=due_on, remarks=remarks),
            lambda result: self._answered(result, "Đã trả lại báo cáo.", "phiếu trả lại"),
            "Đang lập phiếu trả lại",
        )

    def _answered(self, result: tuple[Any, Changes], sentence: str, what: str) -> None:
        row, changes = result
        self.announce(changes, sentence)
        self.write_out(
            row.id,
            f"Ghi {what} (gửi đơn vị) vào thư mục hoặc ổ USB",
            f"{sentence} Tệp {what} chưa ghi ra; có thể xuất lại ở thẻ Gửi đi.",
        )

    def _today(self) -> date:
        return clock.today(self.office.context.clock)

    # the board
    def _fill_regimes(self) -> None:
        chosen = self.regime_combo.currentData()
        self.regime_combo.clear()
        for key, title in dict.fromkeys((c.regime, c.regime_title) for c in self._choices):
            self.regime_combo.addItem(title, key)
        self.regime_combo.setCurrentIndex(max(0, self.regime_combo.findData(chosen)))
        if self._choices:
            self._fill_periods()

    def _fill_periods(self) -> None:
        offered = [c for c in self._choices if c.regime == self.regime_combo.currentData()]
        self.period_combo.clear()
        for choice in offered:
            self.period_combo.addItem(choice.period_title, choice.period)
        running = next((n for n, choice in enumerate(offered) if choice.running), 0)
        self.period_combo.setCurrentIndex(running)
        self._load_board()

    def _load_board(self) -> None:
        office = self.office
        regime, period = str(self.regime_combo.currentData()), str(self.period_combo.currentData())
        self.run(
            lambda: (exchange_desk.board(office, regime, period), exchange_desk.due_on(office, regime, period)),
            self._take_board,
            "Đang xem tình hình gửi báo cáo",
        )

    def _take_board(self, found: tuple[tuple[BoardLine, ...], date | None]) -> None:
        lines, due = found
        today = self._today()
        rows = []
        for number, line in enumerate(lines):
            missing = line.state == "missing"
            overdue = missing and due is not None and today > due
            last = "Nộp muộn" if line.late else f"QUÁ HẠN {(today - due).days} ngày" if overdue and due else ""
            if not last and missing and due is not None:
                last = f"Còn {(due - today).days} ngày"
            elif not last and not missing:
                last = "Đúng hạn" if due is not None else ""
            severity = "error" if overdue else "warning" if missing or line.late else _SEVERITY.get(line.state, "")
            received = vi.day(line.received_on) if line.received_on else "–"
            texts = (line.name, line.state_title, str(line.revision or "–"), received, last)
            rows.append((line.package_id or f"missing-{number}", texts, severity))
        fill(self.board_table, rows)
        sent = sum(line.state != "missing" for line in lines)
        words = f"{sent}/{len(lines)} đơn vị đã gửi" + (f"; ngày cuối {vi.day(due)}" if due else "")
        self.board_summary.setText(words if lines else "Chưa tin cậy khóa của đơn vị cấp dưới nào.")

        behind = any(line.state in BEHIND for line in lines)
        self.remind_button.setEnabled(behind and self.office.context.may("report.write"))

    def remind(self) -> None:
        """A letter to those who have not sent, drafted on the page of papers."""
        (template,) = self.office.papers.of_source("late_reports")[:1]
        regime, period = str(self.regime_combo.currentData()), str(self.period_combo.currentData())
        self.page.go_to.emit("papers", PaperWish(template.key, regime=regime, period=period))

    def _to_report(self) -> None:
        if choose_id(self.table, chosen_id(self.board_table)):
            self.table.setFocus()
