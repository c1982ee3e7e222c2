"""Packages sent: what was built, for whom, how the other side answered; written again, withdrawn."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTableWidget, QTextBrowser, QWidget

from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.clock import VIETNAM, civil_date
from ..services import exchange_desk
from ..services.exchange_desk import PackageLine
from ..services.office import Office
from ..services.package_evidence import EvidenceOffer
from ..services.packages import remark_of
from ..services.report_desk import ReportHead, heads
from . import dialogs, theme
from .exchange_desk import Part, chosen_id, fill, leave, prepare, written
from .exchange_evidence import ask_evidence
from .loader import load_ui
from .pages import Page
from .record_files import RecordFiles
from .runner import Runner

FOLDER_QUESTION = "Ghi gói báo cáo vào thư mục hoặc ổ USB"
_TITLES = ("Thời gian", "Loại gói", "Nội dung", "Nơi nhận", "Trạng thái", "Tên tệp")
_WIDTHS = (124, 150, 190, 0, 180, 200)
_SEVERITY = {"accepted": "ok", "returned": "error", "recalled": "soft", "built": "warning"}


def when(line: PackageLine) -> str:
    """``28/05/2026 08:00``, Vietnamese time."""
    local = line.at.astimezone(VIETNAM)
    return f"{vi.day(civil_date(line.at))} {local:%H:%M}"


def remarks_html(line: PackageLine) -> str:
    """Remarks of the receiver, the new due date, who said so."""
    parts = []
    if line.said_by:
        parts.append(f"Người quyết định: <b>{escape(line.said_by)}</b>")
    if line.due_on is not None:
        parts.append(f"Hạn gửi lại: <b>{vi.day(line.due_on)}</b>")
    for remark in line.remarks:
        place = f"<b>{escape(remark.place)}</b>: " if remark.place else ""
        parts.append(f"– {place}{escape(remark.text)}".replace("\n", "<br>"))
    return "<br>".join(parts)


class ExportDialog(QDialog):
    """Which approved report goes out."""

    report_table: QTableWidget
    export_note: QLabel
    export_empty: QLabel
    choose_button: QPushButton
    close_button: QPushButton

    def __init__(self, reports: list[ReportHead], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_export")
        prepare(self.report_table, ("Kỳ báo cáo", "Lần", "Chế độ", "Số, ngày", "Trạng thái"), (150, 46, 0, 130, 180))
        rows = []
        for item in reports:
            number = f"{item.number}, {vi.day(item.date)}" if item.number and item.date else "chưa cấp số"
            texts = (item.period_title, str(item.revision), item.regime_title, number, item.state_title)
            rows.append((item.id, texts, ""))
        fill(self.report_table, rows)
        self.report_table.setVisible(bool(rows))
        self.export_note.setVisible(bool(rows))
        self.export_empty.setVisible(not rows)
        self.choose_button.setEnabled(bool(rows))
        self.choose_button.clicked.connect(self.accept)
        self.report_table.itemActivated.connect(lambda _item: self.accept())
        self.close_button.clicked.connect(self.reject)
        (self.report_table if rows else self.close_button).setFocus()

    @property
    def report_id(self) -> str:
        return chosen_id(self.report_table)


class SentPart(Part):
    def __init__(self, page: Page, office: Office, runner: Runner) -> None:
        super().__init__(page, office, runner)
        self._lines: tuple[PackageLine, ...] = ()
        self.table = self.child(QTableWidget, "sent_table")
        self.empty = self.child(QLabel, "sent_empty")
        self.detail = self.child(QTextBrowser, "sent_detail")
        self.export_button = self.child(QPushButton, "export_button")
        self.again_button = self.child(QPushButton, "again_button")
        self.recall_button = self.child(QPushButton, "recall_button")
        self._may = office.context.may("package")
        self._files = RecordFiles(office, runner, lambda error: dialogs.show_error(page, error), self)
        prepare(self.table, _TITLES, _WIDTHS)
        self.empty.hide()
        self.table.currentCellChanged.connect(lambda *_cells: self._show())
        self.export_button.clicked.connect(self.export)
        self.again_button.clicked.connect(self.again)
        self.recall_button.clicked.connect(self.recall)
        self.export_button.setEnabled(self._may)
        if not self._may:
            for button in (self.export_button, self.again_button, self.recall_button):
                button.setToolTip("Tài khoản này không có quyền gửi, nhận gói.")

    def load(self) -> None:
        office = self.office
        self.run(lambda: exchange_desk.sent(office), self._take, "Đang đọc các gói gửi đi")

    def _take(self, lines: tuple[PackageLine, ...]) -> None:
        self._lines = lines
        rows = []
        for line in lines:
            severity = _SEVERITY.get(line.state, "") if line.kind == "report" else ""
            texts = (when(line), line.title, line.subject, line.office, line.state_title, line.file_name)
            rows.append((line.id, texts, severity))
        fill(self.table, rows)
        if not lines:
            leave(self.table, self.export_button)
        for widget in (self.table, self.detail):
            widget.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self._show()

    @property
    def current(self) -> PackageLine | None:
        key = chosen_id(self.table)
        return next((line for line in self._lines if line.id == key), None)

    def _show(self) -> None:
        line = self.current
        self.again_button.setEnabled(line is not None and self._may)
        self.recall_button.setEnabled(
            line is not None and line.kind == "report" and line.state != "recalled" and self._may
        )
        if line is None:
            self.detail.clear()
            return
        head = f"<b>{escape(line.title)}</b> – {escape(line.subject)} – gửi {escape(line.office)}: "
        head += f"<b>{escape(line.state_title)}</b>"
        said = remarks_html(line)
        about = f"Tệp {escape(line.file_name)}; mã kiểm tra {line.sha256[:16]}…"
        if line.evidence:
            about += f"; kèm {line.evidence} tệp minh chứng, mã hóa cho nơi nhận"
        tail = f'<span style="color:{theme.COLOURS.soft_ink}">{about}</span>'
        self.detail.setHtml("<br>".join(part for part in (head, said, tail) if part))

    # work
    def export(self) -> None:
        """Choose an approved report, then where its package goes."""
        office = self.office

        def approved() -> list[ReportHead]:
            return [item for item in heads(office) if item.state == "frozen" and item.latest]

        self.run(approved, self._choose_report, "Đang tìm báo cáo đã phê duyệt")

    def _choose_report(self, reports: list[ReportHead]) -> None:
        dialog = ExportDialog(reports, self.page)
        accepted = bool(dialog.exec()) and bool(dialog.report_id)
        report_id = dialog.report_id
        dialog.deleteLater()
        if not accepted:
            return
        packages = self.office.packages
        self.run(
            lambda: packages.offered(report_id),
            lambda offer: self._choose_evidence(report_id, offer),
            "Đang tìm tệp minh chứng của báo cáo",
        )

    def _choose_evidence(self, report_id: str, offer: EvidenceOffer) -> None:
        picks = ask_evidence(offer, self._files.open, self.page)
        folder = dialogs.choose_folder(self.page, FOLDER_QUESTION) if picks is not None else None
        if folder is None or picks is None:
            return
        packages = self.office.packages

        def done(result: tuple[Path, str]) -> None:
            path, remark = result
            self.announce(Changes.of("package", "report", ids=[report_id]), f"{written(path)} {remark}".strip())

        def work() -> tuple[Path, str]:
            path, row = packages.export(report_id, folder, picks)
            return path, remark_of(row) if picks else ""

        self.run(work, done, "Đang lập, ký và ghi gói báo cáo")

    def again(self) -> None:
        """The same bytes once more, elsewhere."""
        line = self.current
        if line is not None:
            self.write_out(line.id, "Ghi lại gói vào thư mục hoặc ổ USB", "Chưa ghi gói.")

    def recall(self) -> None:
        """Withdraw a report, with a reason."""
        line = self.current
        if line is None:
            return
        reason = dialogs.ask_text(
            self.page, f"Lý do thu hồi báo cáo {line.subject} đã gửi {line.office} (cấp trên sẽ đọc):"
        )
        if reason is None:
            return
        packages = self.office.packages
        self.run(lambda: packages.recall(line.id, reason), self._recalled, "Đang lập thông báo thu hồi")

    def _recalled(self, result: tuple[object, Changes]) -> None:
        row, changes = result
        self.announce(changes, "Đã thu hồi báo cáo.")
        self.write_out(
            str(getattr(row, "id", "")),
            "Ghi thông báo thu hồi (gửi cấp trên) vào thư mục hoặc ổ USB",
            "Đã thu hồi. Thông báo thu hồi chưa ghi ra tệp; hãy chọn gói này và bấm “Xuất lại…”.",
        )
