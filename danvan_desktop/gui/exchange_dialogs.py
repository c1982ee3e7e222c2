"""Packages looked at before they are taken in, a received report read, a return slip written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTabWidget,
    QTextBrowser,
    QWidget,
)

from ..catalog.model import Choice
from ..catalog.periods import parse_period
from ..kernel import vi
from ..kernel.clock import civil_date, parse_stamp
from ..kernel.errors import DanvanError
from ..kernel.text import squeeze
from ..services.exchange_desk import KIND_TITLES, Outcome, Remark, note_words
from ..services.exchange_reading import InsideFile, OpenedReport, save_inside
from . import dialogs, theme
from .exchange_desk import choose_id, chosen_id, fill, prepare, size_words
from .loader import load_ui
from .runner import Runner
from .widgets import ChoiceCombo, NullableDateEdit

VERDICTS = {
    "verified": ("Hợp lệ", "ok"),
    "superseded": ("Hợp lệ, nhưng là bản cũ", "warning"),
    "already_received": ("Đã nhận trước đó", "soft"),
    "refused": ("Từ chối", "error"),
}
_OPENED = (".pdf", ".xlsx")
Looked = list[tuple[Path, Outcome]]
Take = Callable[[list[Path], bool, Callable[[Looked, list[str]], None]], None]
"""(files, write receipts beside them, done(outcomes, sentences about the receipts))."""


def outcome_html(path: Path, outcome: Outcome) -> str:
    """Who signed, what kind, which period and revision, what is inside; or why it is refused."""
    details = outcome.details
    title, severity = VERDICTS[outcome.verdict]
    colour = {"ok": theme.COLOURS.ok, "warning": theme.COLOURS.warn, "error": theme.COLOURS.danger}.get(severity)
    style = f' style="color:{colour}"' if colour else ""
    parts = [f"<p><b{style}>{title}.</b> {escape(outcome.message)}"]
    if outcome.reason:
        parts.append(f' <span style="color:{theme.COLOURS.soft_ink}">(mã: {escape(outcome.reason)})</span>')
    parts.append("</p>")
    if outcome.verdict == "refused":
        return "".join(parts)
    facts = [
        ("Người ký", str(details["sender"]["name"])),
        ("Loại gói", KIND_TITLES.get(str(details["kind"]), str(details["kind"]))),
    ]
    if details.get("period"):
        facts.append(("Kỳ báo cáo", parse_period(str(details["period"])).title))
    if details.get("revision"):
        facts.append(("Lần", str(details["revision"])))
    facts.append(("Lập lúc", vi.day(civil_date(parse_stamp(str(details["created_at"]))))))
    if details.get("paper_code"):
        facts.append(("Mã đối chiếu dữ liệu", str(details["paper_code"])))
    facts.append(("Dấu vân tay người ký", f"{str(details['signer_fingerprint']).upper()[:16]}…"))
    parts.append("<p>" + "<br>".join(f"{name}: <b>{escape(value)}</b>" for name, value in facts) + "</p>")
    picked = details.get("evidence", ())
    inside = {str(item["member"]) for item in picked}
    members = "<br>".join(
        f"– {escape(str(m['name']))} ({size_words(int(m['length']))})"
        for m in details["members"]
        if m["name"] not in inside
    )
    if picked:
        lines = "<br>".join(_evidence_line(item) for item in picked)
        parts.append(f"<p>Minh chứng kèm theo, gói được mã hóa cho cơ quan ta:<br>{lines}</p>")
    parts.append(f"<p>Các tệp trong gói:<br>{members}</p>")
    notes = "<br>".join(f"– {escape(note_words(str(note)))}" for note in details.get("notes", ()))
    if notes:
        parts.append(f'<p style="color:{theme.COLOURS.warn}">Lưu ý:<br>{notes}</p>')
    return "".join(parts)


def _evidence_line(item: Mapping[str, Any]) -> str:
    """A file as its sender named it, how large it is, why it came along and of what."""
    of = f" ({escape(str(item['title']))})" if item["title"] else ""
    return (
        f"– <b>{escape(str(item['name']))}</b> ({size_words(int(item['length']))}): {escape(str(item['reason']))}{of}"
    )


class PreviewDialog(QDialog):
    """Every package found, judged; nothing is stored before "Nhận vào"."""

    preview_heading: QLabel
    preview_note: QLabel
    file_table: QTableWidget
    preview_detail: QTextBrowser
    reply_check: QCheckBox
    take_button: QPushButton
    close_button: QPushButton

    def __init__(self, found: Looked, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_preview")
        self._found = found
        self._take = take
        prepare(self.file_table, ("Tệp", "Loại gói", "Người ký", "Kết quả kiểm tra"), (0, 130, 230, 160))
        self.file_table.currentCellChanged.connect(lambda *_cells: self._show())
        self.take_button.clicked.connect(self._press)
        self.close_button.clicked.connect(self.reject)
        self._fill()
        if self._wanted():
            choose_id(self.file_table, str(self._wanted()[0]))
            self.take_button.setFocus()
        else:
            self.close_button.setFocus()

    def _wanted(self) -> list[Path]:
        return [path for path, outcome in self._found if outcome.verdict in ("verified", "superseded")]

    def _fill(self) -> None:
        rows = []
        for path, outcome in self._found:
            title, severity = VERDICTS[outcome.verdict]
            sender = outcome.details.get("sender") or {}
            kind = KIND_TITLES.get(str(outcome.details.get("kind", "")), "–")
            rows.append((str(path), (path.name, kind, str(sender.get("name", "–")), title), severity))
        fill(self.file_table, rows)
        good = self._wanted()
        refused = sum(outcome.verdict == "refused" for _path, outcome in self._found)
        words = f"{len(self._found)} gói: {len(good)} nhận được"
        self.preview_heading.setText(words + (f", {refused} bị từ chối" if refused else ""))
        self.take_button.setEnabled(bool(good))
        self.take_button.setText(f"&Nhận vào ({len(good)})" if len(good) > 1 else "&Nhận vào")
        reports = any(o.details.get("kind") == "report" for _p, o in self._found if o.verdict != "refused")
        self.reply_check.setVisible(reports)
        self._show()

    def _show(self) -> None:
        key = chosen_id(self.file_table)
        found = next((item for item in self._found if str(item[0]) == key), None)
        self.preview_detail.setHtml(outcome_html(*found) if found else "")

    def _press(self) -> None:
        self.take_button.setEnabled(False)
        self._take(self._wanted(), self.reply_check.isVisible() and self.reply_check.isChecked(), self._taken)

    def _taken(self, outcomes: Looked, sentences: list[str]) -> None:
        taken = [path for path, outcome in outcomes if outcome.verdict in ("verified", "superseded")]
        refused = [path for path, outcome in outcomes if outcome.verdict == "refused"]
        self._found = outcomes
        self._fill()
        self.preview_heading.setText(
            f"Đã nhận vào {len(taken)} gói" + (f", từ chối {len(refused)} gói" if refused else "") + "."
        )
        self.preview_note.setText("\n".join(sentences) or "Các gói đã được lưu nguyên vẹn tại đây.")
        self.take_button.setEnabled(False)
        self.reply_check.setEnabled(False)
        self.close_button.setFocus()


def open_with_viewer(path: Path) -> bool:
    """Show a file with the program the desktop has for it; False when it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ViewDialog(QDialog):
    """A received report: figures, words, the files inside, evidence under its own name. ``view`` makes the private copy
    of a file that the viewer of the system opens; nothing is ever run."""

    view_heading: QLabel
    view_sender: QLabel
    tabs: QTabWidget
    figure_table: QTableWidget
    words_edit: QPlainTextEdit
    inside_table: QTableWidget
    open_button: QPushButton
    save_button: QPushButton
    pdf_button: QPushButton
    close_button: QPushButton

    def __init__(
        self, report: OpenedReport, view: Callable[[InsideFile], Path], runner: Runner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_view")
        self._report = report
        self._view = view
        self._runner = runner
        self.view_heading.setText(report.title)
        signed = "\n".join(report.signatures) or "bản in trong gói không có chữ ký số"
        self.view_sender.setText(
            f"Cơ quan gửi: {report.sender}\nMã đối chiếu dữ liệu: {report.code} (in ở cuối phụ lục, nếu có)\n"
            f"Chữ ký số trong bản in: {signed}"
        )
        titles = ("Số liệu", "Đơn vị tính", "Kỳ này", "Cùng kỳ năm trước", "Chỉ tiêu giao", "Ghi chú")
        prepare(self.figure_table, titles, (0, 90, 120, 140, 100, 150))
        fill(
            self.figure_table,
            [
                (line.key, (line.title, line.unit, line.value, line.previous, line.target, line.note), "")
                for line in report.figures
            ],
        )
        self.words_edit.setPlainText(report.text)
        prepare(self.inside_table, ("Tệp", "Nội dung", "Dung lượng"), (300, 0, 110))
        fill(self.inside_table, [(f.name, (*_words_of(f), size_words(f.size)), "") for f in report.files])
        self.pdf_button.setEnabled(any(_is_paper(file) for file in report.files))
        self.inside_table.currentCellChanged.connect(lambda *_cells: self._show())
        self.inside_table.itemActivated.connect(lambda _item: self._open())
        self.open_button.clicked.connect(self._open)
        self.save_button.clicked.connect(self._save)
        self.pdf_button.clicked.connect(self.open_pdf)
        self.close_button.clicked.connect(self.reject)
        self._show()
        self.figure_table.setFocus()

    @property
    def _file(self) -> InsideFile | None:
        key = chosen_id(self.inside_table)
        return next((file for file in self._report.files if file.name == key), None)

    def _show(self) -> None:
        file = self._file
        self.open_button.setEnabled(file is not None and _is_opened(file))
        self.save_button.setEnabled(file is not None)

    def open_pdf(self) -> None:
        """The printed report inside the package."""
        name = next((file.name for file in self._report.files if _is_paper(file)), "")
        if name and choose_id(self.inside_table, name):
            self._open()

    def _open(self) -> None:
        file = self._file
        if file is not None and _is_opened(file):
            self._work(lambda: self._view(file), self._opened, "Đang mở tệp")

    def _opened(self, path: Path) -> None:
        if not open_with_viewer(path):
            dialogs.tell(self, "Máy chưa có chương trình mở loại tệp này. Hãy chọn “Lưu tệp ra…” để mở ở máy khác.")

    def _save(self) -> None:
        file = self._file
        if file is None:
            return
        path = dialogs.save_file(self, "Lưu tệp trong gói", file.title if file.evidence else file.name)
        if path is not None:
            self._work(
                lambda: save_inside(file, path), lambda done: dialogs.tell(self, f"Đã lưu “{done}”."), "Đang ghi tệp"
            )

    def _work(self, work: Callable[[], Path], done: Callable[[Path], Any], label: str) -> None:
        self._runner.submit_cpu(
            lambda _progress: work(), done, lambda error: dialogs.show_error(self, error), label, owner=self
        )


def _words_of(file: InsideFile) -> tuple[str, str]:
    """(name, what it is): evidence under the name its sender knows it by."""
    return (file.title, f"Minh chứng: {file.about}") if file.evidence else (file.name, file.title)


def _is_paper(file: InsideFile) -> bool:
    return file.name.endswith(".pdf") and not file.evidence


def _is_opened(file: InsideFile) -> bool:
    """Whether a viewer is asked for it: papers, workbooks, and evidence, which was looked into when it was received."""
    return file.evidence or file.name.endswith(_OPENED)


class ReturnDialog(QDialog):
    """Why a report goes back, until when, and remarks on its sections and figures."""

    return_heading: QLabel
    reason_edit: QPlainTextEdit
    due_edit: NullableDateEdit
    remark_table: QTableWidget
    place_combo: ChoiceCombo
    remark_edit: QLineEdit
    add_button: QPushButton
    remove_button: QPushButton
    return_problem: QLabel
    send_button: QPushButton
    close_button: QPushButton

    def __init__(self, report: OpenedReport, today: Callable[[], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_return")
        self._today = today
        self._titles = dict(report.places)
        self._remarks: list[Remark] = []
        self.return_heading.setText(f"{report.title} của {report.sender}")
        self.due_edit.set_today(today)
        self.due_edit.set_name("Hạn gửi lại mới")
        self.place_combo.set_name("Mục hoặc số liệu được nhận xét")
        self.place_combo.set_choices(tuple(Choice(key, title) for key, title in report.places))
        prepare(self.remark_table, ("Mục, số liệu", "Nhận xét"), (300, 0))
        self.add_button.clicked.connect(self._add)
        self.remark_edit.returnPressed.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.send_button.clicked.connect(self._send)
        self.close_button.clicked.connect(self.reject)
        self.remove_button.setEnabled(False)
        for button in (self.add_button, self.remove_button, self.send_button, self.close_button):
            button.setAutoDefault(False)  # Enter in the remark adds it, no more
        self.reason_edit.setFocus()

    @property
    def reason(self) -> str:
        return squeeze(self.reason_edit.toPlainText())

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)

    @property
    def due_on(self) -> str | None:
        value = self.due_edit.value()
        return str(value) if value else None

    def _say(self, text: str, where: QWidget) -> None:
        self.return_problem.setText(text)
        where.setFocus()

    def _add(self) -> None:
        self.place_combo.commit()
        key, text = self.place_combo.value(), squeeze(self.remark_edit.text())
        if not key:
            self._say("Hãy chọn mục hoặc số liệu được nhận xét.", self.place_combo)
        elif not text:
            self._say("Hãy ghi nhận xét.", self.remark_edit)
        else:
            self.return_problem.clear()
            self._remarks.append(Remark(str(key), text))
            self._fill(len(self._remarks) - 1)
            self.place_combo.set_value(None)
            self.remark_edit.clear()
            self.place_combo.setFocus()

    def _remove(self) -> None:
        row = self.remark_table.currentRow()
        if 0 <= row < len(self._remarks):
            del self._remarks[row]
            self._fill(row)

    def _fill(self, row: int) -> None:
        fill(
            self.remark_table,
            [(str(n), (self._titles.get(r.key, r.key), r.text), "") for n, r in enumerate(self._remarks)],
        )
        self.remark_table.setCurrentCell(min(row, len(self._remarks) - 1), 0)
        self.remove_button.setEnabled(bool(self._remarks))

    def _send(self) -> None:
        self.due_edit.commit()
        if not self.reason:
            self._say("Hãy ghi lý do trả lại.", self.reason_edit)
        elif self.due_edit.input_error():
            self._say("Hạn gửi lại chưa đúng.", self.due_edit)
        elif self.due_on is not None and self.due_on < self._today().isoformat():
            self._say("Hạn gửi lại đã qua; hãy chọn ngày từ hôm nay trở đi.", self.due_edit)
        elif squeeze(self.remark_edit.text()):
            self._say("Nhận xét đang gõ chưa được thêm; hãy bấm “Thêm” hoặc xóa đi.", self.remark_edit)
        else:
            self.accept()


def receipts(results: Sequence[tuple[Path, Path | DanvanError]]) -> list[str]:
    """Sentences about the receipts written, or not."""
    said = []
    for source, result in results:
        if isinstance(result, DanvanError):
            said.append(f"Chưa ghi được biên nhận của “{source.name}”: {result.message} Có thể xuất lại ở thẻ Gửi đi.")
        else:
            said.append(f"Biên nhận đã ghi: “{result.name}” trong “{result.parent}”.")
    return said
