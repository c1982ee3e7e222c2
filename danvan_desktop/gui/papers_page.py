"""Papers other than reports: chosen in a list, edited part by part, seen as printed, approved, numbered, put out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPlainTextEdit, QPushButton, QTableWidget, QWidget

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services import preview
from ..services.office import Office
from ..services.papers import PaperLine, PaperView, PaperWish
from ..services.report_figures import NumberOffer
from . import dialogs
from .exchange_desk import choose_id, chosen_id, fill, prepare
from .loader import load_ui
from .pages import Page
from .report_dialogs import NumberDialog
from .report_preview import PreviewPane
from .report_print import make_printer, print_pages
from .runner import Runner

SAVE_AFTER_MS = 1500
_STATES = {"draft": "Dự thảo", "frozen": "Đã phê duyệt"}


class PapersPage(Page):
    """``show_target``: a :class:`PaperWish` drafts a paper and shows it; an id shows a paper."""

    title = "Văn bản"

    make_button: QPushButton
    approve_button: QPushButton
    number_button: QPushButton
    render_button: QPushButton
    discard_button: QPushButton
    empty_label: QLabel
    body_box: QWidget
    paper_table: QTableWidget
    part_combo: QComboBox
    part_edit: QPlainTextEdit
    problem_label: QLabel
    preview_pane: PreviewPane

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "papers_page")
        self._office = office
        self._runner = runner
        self._stale = True
        self._wanted = ""
        self._view: PaperView | None = None
        self._part = ""  # key of the part in the editor
        self._filling = False
        self._unsaved: dict[str, str] = {}  # part key → what was typed there and is not kept yet
        self._busy = False  # a saving is under way
        self._waiting = False  # the paper chosen is opened once everything is kept
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_AFTER_MS)
        self._saving.timeout.connect(self.save_now)
        self.preview_pane.use(runner)
        prepare(self.paper_table, ("Văn bản", "Số, tình trạng"), (0, 118))
        self._build_menu()
        self.empty_label.hide()
        self.paper_table.currentCellChanged.connect(lambda *_cells: self._open_chosen())
        self.part_combo.activated.connect(lambda _row: self._change_part())
        self.part_edit.textChanged.connect(self._typed)
        self.approve_button.clicked.connect(self.approve)
        self.number_button.clicked.connect(self.begin_number)
        self.render_button.clicked.connect(self.render_files)
        self.discard_button.clicked.connect(self.discard)
        self.preview_pane.open_button.hide()  # an approved paper is put out by its own button
        self.preview_pane.charts_check.hide()  # for reports only
        self.preview_pane.print_button.clicked.connect(self.print_paper)
        self._enable()

    def _build_menu(self) -> None:
        menu = QMenu(self.make_button)
        catalog = self._office.context.catalog
        for template in self._office.papers.templates():
            action = menu.addAction(template.title.replace("&", "&&"))
            if template.source in ("plan", "late_tasks"):
                action.triggered.connect(partial(self._make, PaperWish(template.key)))
            elif template.source == "late_reports":
                action.triggered.connect(partial(self._elsewhere, "exchange", "ở thẻ Nhận về, bảng đơn vị gửi báo cáo"))
            elif template.source == "issued":
                action.triggered.connect(
                    partial(self._elsewhere, "reports", "từ báo cáo đã có số, nút Lập bản thay thế")
                )
            else:
                form = catalog.forms[template.form]
                action.triggered.connect(
                    partial(self._elsewhere, f"area{form.area}", f"từ bản ghi “{form.short_title}”, nút Chế độ xem")
                )
        self.make_button.setMenu(menu)
        self.make_button.setEnabled(self._office.context.may("report.write"))

    def _elsewhere(self, page: str, where: str, _on: bool = False) -> None:
        self.go_to.emit(page, None)
        self.said.emit(f"Văn bản này lập {where}.")

    # the page
    def hasHeightForWidth(self) -> bool:
        """No: the editor and the preview scroll by themselves; else the lines of a banner would make the page taller
        than the screen."""
        return False

    def shown(self) -> None:
        if self._stale:
            self.load()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("paper", "settings"):
            self._stale = True
            if self.isVisible():
                self.load()

    def show_target(self, target: Any) -> None:
        if isinstance(target, PaperWish):
            self._make(target)
        elif isinstance(target, str):
            self._wanted = target
            self.load()

    def can_leave(self) -> bool:
        self.save_now()
        return True

    def load(self) -> None:
        """Read the list again; the paper chosen stays chosen."""
        self._stale = False
        self._runner.submit_db(
            lambda _p: self._office.papers.all(), self._take, self._tell, "Đang đọc văn bản", owner=self
        )

    def _take(self, lines: list[PaperLine]) -> None:
        rows = [
            (
                line.id,
                (line.title, line.number or _STATES.get(line.state, line.state)),
                "" if line.state == "draft" else "ok",
            )
            for line in lines
        ]
        self.paper_table.blockSignals(True)
        fill(self.paper_table, rows)
        if self._wanted and choose_id(self.paper_table, self._wanted):
            self._wanted = ""
        self.paper_table.blockSignals(False)
        self.empty_label.setVisible(not rows)
        self.body_box.setVisible(bool(rows))
        self._open_chosen()

    def _tell(self, error: Exception) -> None:
        dialogs.show_error(self, error)

    # one paper
    def _open_chosen(self) -> None:
        self.save_now()
        self._waiting = self._busy
        if self._waiting:
            return
        key = chosen_id(self.paper_table)
        if not key:
            self._show(None)
            return
        self._runner.submit_db(
            lambda _p: self._office.papers.view(key), self._show, self._tell, "Đang mở văn bản", owner=self
        )

    def _show(self, view: PaperView | None) -> None:
        same = view is not None and self._view is not None and view.id == self._view.id
        self._view = view
        keys = [part.key for part in view.parts] if view else []
        self._filling = True
        if not same or self._part not in keys:
            self._part = _first_part(view)
        self.part_combo.clear()
        for part in view.parts if view else ():
            self.part_combo.addItem(part.title, part.key)
        self.part_combo.setCurrentIndex(self.part_combo.findData(self._part))
        text = self._stored()
        if self.part_edit.toPlainText() != text:
            self.part_edit.setPlainText(text)
        self._filling = False
        self._show_problems()
        self._enable()
        if view is None:
            self.preview_pane.clear()
        else:
            self.preview_pane.show_report(view, at_once=not same)

    def _stored(self) -> str:
        if self._part in self._unsaved:
            return self._unsaved[self._part]
        return next((part.text for part in self._view.parts if part.key == self._part), "") if self._view else ""

    def _show_problems(self) -> None:
        problems = self._view.problems if self._view else ()
        self.problem_label.setVisible(bool(problems))
        words = "; ".join(item.message[:1].lower() + item.message[1:] for item in problems)
        self.problem_label.setText(f"Trước khi phê duyệt: {words}." if words else "")

    def _enable(self) -> None:
        may, view = self._office.context.may, self._view
        draft = view is not None and view.state == "draft"
        numbered = view is not None and view.issue is not None and view.issue.number is not None
        self.part_edit.setReadOnly(not draft or not may("report.write"))
        self.approve_button.setEnabled(draft and may("report.approve"))
        self.approve_button.setToolTip("" if may("report.approve") else "Chỉ lãnh đạo được phê duyệt.")
        self.number_button.setEnabled(view is not None and not draft and not numbered and may("report.number"))
        self.render_button.setEnabled(view is not None and not draft)
        self.discard_button.setEnabled(draft and may("report.write"))

    def _change_part(self) -> None:
        key = str(self.part_combo.currentData() or "")
        if key != self._part:
            self.save_now()
            self._part = key
            self._filling = True
            self.part_edit.setPlainText(self._stored())
            self._filling = False

    def _typed(self) -> None:
        if not self._filling and self._view is not None:
            self._unsaved[self._part] = self.part_edit.toPlainText()
            self._saving.start()

    def save_now(self) -> None:
        """Keep what was typed, if anything was; while a saving is under way, after it."""
        self._saving.stop()
        view = self._view
        if view is None or self._busy or not self._unsaved:
            return
        papers, texts = self._office.papers, dict(self._unsaved)
        self._busy = True

        def work(_progress: object) -> PaperView:
            papers.edit(view.id, texts, expected_version=view.version)
            return papers.view(view.id)

        self._runner.submit_db(
            work, lambda kept: self._saved(kept, texts), self._not_saved, "Đang ghi văn bản", owner=self
        )

    def _saved(self, view: PaperView, texts: dict[str, str]) -> None:
        self._busy = False
        self._unsaved = {key: text for key, text in self._unsaved.items() if texts.get(key) != text}
        self._view = view
        self._show_problems()
        self._enable()
        self.preview_pane.show_report(view)
        if self._unsaved:
            self.save_now()
        elif self._waiting:
            self._open_chosen()

    def _not_saved(self, error: Exception) -> None:
        self._busy = self._waiting = False
        typed = "\n\n".join(self._unsaved.values())
        self._tell(error)
        if isinstance(error, DanvanError) and error.code in ("paper_changed", "paper_frozen", "not_found"):
            self._unsaved = {}
            self._view = None  # what stands stored is shown; nothing of it was written over
            QGuiApplication.clipboard().setText(typed)
            self.load()
            self.said.emit("Lời vừa gõ đã được chép vào bộ nhớ tạm: dán lại bằng Ctrl+V.")

    # acts
    def _make(self, wish: PaperWish, _on: bool = False) -> None:
        self.save_now()

        def done(result: tuple[str, Changes]) -> None:
            self._wanted = result[0]
            self._wrote(result[1], "Đã lập dự thảo văn bản; hãy xem, sửa rồi trình phê duyệt.")
            self.part_edit.setFocus()

        self._write(lambda: self._office.papers.make(wish), done, "Đang lập văn bản")

    def approve(self) -> None:
        """Approve the paper on screen, after asking."""
        self.save_now()
        view = self._view
        if view is None or not dialogs.ask(
            self.window(), f"Phê duyệt “{view.document.title}”?",
            detail="Văn bản đã phê duyệt không sửa được nữa.", yes="Phê duyệt", no="Chưa",
        ):  # fmt: skip
            return
        key = view.id
        self._write(
            lambda: self._office.papers.approve(key),
            lambda result: self._wrote(result[1], "Đã phê duyệt văn bản."),
            "Đang phê duyệt",
        )

    def begin_number(self) -> None:
        """Ask for number and date."""
        view = self._view
        if view is None:
            return
        office, key = self._office, view.id

        def ask(following: int) -> None:
            today = clock.today(office.context.clock)
            dialog = NumberDialog(NumberOffer(following, view.document.head.symbol, today), self.window())
            dialog.setWindowTitle("Lấy số cho văn bản")
            dialog.about_label.setText("Số đã cấp không thay đổi được. Số và ngày sẽ in trên văn bản.")
            accepted, number, day = bool(dialog.exec()), dialog.number, dialog.day
            dialog.deleteLater()
            if accepted:
                self._write(
                    lambda: office.papers.number(key, number=number, on=day),
                    lambda result: self._wrote(result[1], f"Đã lấy số {vi.count(result[0].number)}."),
                    "Đang lấy số",
                )

        self._runner.submit_db(
            lambda _p: office.papers.next_number(key), ask, self._tell, "Đang xem sổ số văn bản", owner=self
        )

    def discard(self) -> None:
        """Take the draft away, after asking."""
        view = self._view
        if view is None or not dialogs.ask(
            self.window(), f"Bỏ dự thảo “{view.document.title}”?", yes="Bỏ dự thảo", no="Giữ lại", default=False
        ):
            return
        self._saving.stop()
        self._unsaved = {}
        self._view = None
        key = view.id
        self._write(
            lambda: self._office.papers.discard(key),
            lambda changes: self._wrote(changes, "Đã bỏ dự thảo."),
            "Đang bỏ dự thảo",
        )

    def render_files(self) -> None:
        """PDF and DOCX into a folder, then the PDF is opened."""
        view = self._view
        folder = dialogs.choose_folder(self.window(), "Chọn thư mục để ghi PDF và DOCX") if view else None
        if view is None or folder is None:
            return
        key = view.id

        def done(paths: list[Path]) -> None:
            self.said.emit(f"Đã ghi “{paths[0].name}” và “{paths[1].name}” vào “{folder}”.")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths[0])))

        self._write(lambda: self._office.papers.render(key, folder), done, "Đang ghi tệp")

    def print_paper(self) -> None:
        """The paper on the office's printer."""
        paper = self.preview_pane.paper
        if paper is None:
            return
        printer = make_printer()
        dialog = QPrintDialog(printer, self.window())
        dialog.setWindowTitle("In văn bản")
        dialog.setMinMax(1, paper.pages)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        if accepted:
            shown: preview.Paper = paper
            self._runner.submit_cpu(
                lambda progress: print_pages(printer, shown, progress),
                lambda count: self.said.emit(f"Đã gửi {count} trang tới máy in."),
                self._tell, "Đang in…", owner=self,
            )  # fmt: skip

    def _write(self, work: Any, done: Any, label: str) -> None:
        self._runner.submit_db(lambda _progress: work(), done, self._tell, label, owner=self)

    def _wrote(self, changes: Changes, sentence: str) -> None:
        self.load()
        self.wrote.emit(changes)
        self.said.emit(sentence)


def _first_part(view: PaperView | None) -> str:
    """The part to begin with: what is still missing, else the first words of the paper."""
    if view is None:
        return ""
    if view.problems:
        return view.problems[0].key
    words = [part.key for part in view.parts if part.text and part.key not in ("abstract", "addressees", "bases")]
    return "opening" if "opening" in words else next(iter(words), "")
