"""The section on the desk: its words, what is asked of it, and their way to the store."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ..kernel.changes import Changes
from ..services import report_desk
from ..services.office import Office
from ..services.report_desk import OpenReport, Sheet
from . import dialogs
from .loader import load_ui, register_widget
from .report_editor import ReportEditor, SectionText
from .report_find import FindBar
from .report_saving import Saver, Unsaved
from .report_undo import UndoOrder
from .runner import Runner

IDLE_MS = 2000


@register_widget
class SectionDesk(QWidget):
    """Give it a report with :meth:`put`, then sections with :meth:`show_section`. What is typed is stored when the
    section is left, after two idle seconds, and before anything else is done with the report."""

    saved = Signal(object, object)  # OpenReport, Changes
    section_shown = Signal(str)
    renewed = Signal(object)  # OpenReport, read again after two had written the same section
    said = Signal(str)

    section_label: QLabel
    prompt_label: QLabel
    review_box: QWidget
    reviewed_button: QPushButton
    editor: ReportEditor
    find_bar: FindBar
    unsaved_box: QWidget
    unsaved_label: QLabel
    keep_mine_button: QPushButton
    take_stored_button: QPushButton
    save_label: QLabel
    comments_button: QPushButton
    changes_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_section")
        self.report: OpenReport | None = None
        self.texts: dict[str, SectionText] = {}
        self._unsaved: Unsaved | None = None
        self.order = UndoOrder(lambda: self.texts)
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.setInterval(IDLE_MS)
        self.idle.timeout.connect(self.save_now)
        self.editor.textChanged.connect(self._typed)
        self.editor.no_figure.connect(lambda: self.said.emit("Chỗ này không có con số nào gắn với số liệu."))
        self.editor.undo_asked.connect(lambda: self.turn_back(self.order.undo()))
        self.editor.redo_asked.connect(lambda: self.turn_back(self.order.redo()))
        self.find_bar.leave_section.connect(self._find_elsewhere)
        self.find_bar.replace_everywhere.connect(self._replace_everywhere)
        self.keep_mine_button.clicked.connect(lambda: self._settle(mine=True))
        self.take_stored_button.clicked.connect(lambda: self._settle(mine=False))
        self.unsaved_box.hide()

    def use(self, office: Office, runner: Runner, page: QWidget) -> None:
        """Work for ``page``, whose keys Ctrl+F, Ctrl+H, F3 find."""
        self._office = office
        self._runner = runner
        self.saver = Saver(office, runner, self)
        self.saver.saved.connect(self._saved)
        self.saver.failed.connect(self._save_failed)
        self.saver.state_changed.connect(self._tell_saving)
        self.find_bar.use(self.editor, page)

    # -- what is shown --------------------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether the words may be changed."""
        return self.report is not None and "edit" in self.report.acts

    @property
    def key(self) -> str:
        """The section shown; "" when there is none."""
        section = self.editor.section
        return section.key if section is not None and section.key in self.texts else ""

    def put(self, report: OpenReport | None, *, same: bool) -> None:
        """``report`` as it stands stored now; ``same``: only another state of the one before."""
        self.report = report
        if not same:
            for text in self.texts.values():
                if text is not self.editor.section:  # that one goes when the next is shown
                    text.document.deleteLater()
            self.texts.clear()
            self.order.clear()
            self._forget_unsaved()
        self.saver.begin(report)
        for sheet in report.sheets if report is not None else ():
            known = self.texts.get(sheet.key)
            if known is not None and _renew(known, sheet):
                self.order.forget(sheet.key)
        if report is not None and report.sheet(self.key) is not None:
            self._show_sheet()

    def show_section(self, key: str) -> None:
        """Put a section on the desk; the one before is stored."""
        sheet = self.report.sheet(key) if self.report is not None else None
        if sheet is None:
            return
        before = self.editor.section
        self.editor.show_section(self._text_of(sheet))
        self._show_sheet()
        self.section_shown.emit(key)
        if before is not None and before.key != key and self.texts.get(before.key) is before and self.live:
            self.idle.stop()
            self.saver.keep(before)  # last: its answer may come at once
        elif before is not None and before.key not in self.texts:
            before.document.deleteLater()

    def _text_of(self, sheet: Sheet) -> SectionText:
        """The text of a section as it is worked on, begun when it is first asked for."""
        if sheet.key not in self.texts:
            text = SectionText(sheet.key, self.editor)
            text.begin(sheet.text, sheet.base, sheet.spans, sheet.looks)
            self.texts[sheet.key] = text
            self.order.watch(text)
        return self.texts[sheet.key]

    def _show_sheet(self) -> None:
        sheet = self.report.sheet(self.key) if self.report is not None else None
        if sheet is None:
            return
        self.section_label.setText(f"{sheet.mark} {sheet.title}".strip())
        hint = f"Gợi ý: {sheet.prompt}" if sheet.prompt else ""
        if sheet.heads_others and not sheet.text and not sheet.prompt:
            hint = "Mục này gồm các mục con bên dưới; có thể để trống."
        self.prompt_label.setText(hint)
        self.prompt_label.setVisible(bool(hint) and self.live)
        self.review_box.setVisible(sheet.needs_review and self.live)
        self.editor.setReadOnly(not self.live)
        self.editor.setPlaceholderText("Viết nội dung của mục vào đây." if self.live else "Mục này không có nội dung.")
        self.editor.show_remarks(
            [
                (item.quote, f"{item.by}: {item.body}")
                for item in self.report.comments
                if item.open and item.section == sheet.key and item.quote
            ]
            if self.report is not None
            else []
        )
        self._tell_saving()
        self._show_unsaved()

    # -- to the store ---------------------------------------------------------------------------

    def _typed(self) -> None:
        section = self.editor.section
        if section is not None and self.live and section.changed:
            self.idle.start()
        self._tell_saving()

    def save_now(self) -> None:
        """Store the section on the desk if it has changed."""
        self.idle.stop()
        if self.key and self.live:
            self.saver.keep(self.texts[self.key])

    def _saved(self, report: OpenReport, changes: Changes) -> None:
        if self._unsaved is not None and not self.texts[self._unsaved.section].changed:
            self._forget_unsaved()
        self.saved.emit(report, changes)

    def _tell_saving(self) -> None:
        section = self.editor.section
        if not self.live or section is None:
            self.save_label.setText("Chỉ để xem")
        elif self.saver.busy:
            self.save_label.setText("Đang lưu…")
        elif self._unsaved is not None:
            self.save_label.setText("Chưa lưu được")
        else:
            self.save_label.setText("Tự lưu khi dừng tay…" if section.changed else "Đã lưu")

    # -- words that could not be stored ---------------------------------------------------------

    @property
    def unsaved(self) -> Unsaved | None:
        """Words that could not be stored and are still here."""
        return self._unsaved

    def _save_failed(self, unsaved: Unsaved) -> None:
        self._unsaved = unsaved
        self.show_section(unsaved.section)
        self._show_unsaved()
        self._tell_saving()

    def _show_unsaved(self) -> None:
        unsaved = self._unsaved
        self.unsaved_box.setVisible(unsaved is not None)
        if unsaved is not None:
            self.unsaved_label.setText(unsaved.message)
            self.keep_mine_button.setVisible(unsaved.conflict)

    def _forget_unsaved(self) -> None:
        if self._unsaved is not None:
            self.saver.forget(self._unsaved.section)
            self._unsaved = None
        self._show_unsaved()

    def _settle(self, *, mine: bool) -> None:
        """After a refused saving: write over what is stored, or take it."""
        unsaved, report, office = self._unsaved, self.report, self._office
        if unsaved is None or report is None:
            return

        def done(latest: OpenReport) -> None:
            text, sheet = self.texts[unsaved.section], latest.sheet(unsaved.section)
            self._forget_unsaved()
            if sheet is not None and mine:
                text.base, text.stored, text.stored_looks = sheet.base, sheet.text, sheet.looks
            elif sheet is not None:
                text.begin(sheet.text, sheet.base, sheet.spans, sheet.looks)
                self.order.forget(sheet.key)
            self.renewed.emit(latest)
            self.saver.retry(text)

        self._runner.submit_db(
            lambda _progress: report_desk.open_report(office, report.view.id),
            done,
            lambda error: dialogs.show_error(self.window(), error),
            owner=self,
        )

    # -- over all sections ----------------------------------------------------------------------

    def turn_back(self, turned: tuple[str, ...]) -> None:
        """Sections in which a step was undone or done again: one of them is shown, the others are stored."""
        if not turned:
            self.said.emit("Không còn thao tác nào để hoàn tác hoặc làm lại.")
            return
        if self.key not in turned:
            self.show_section(turned[-1])
        for key in turned:
            if key != self.key:
                self.saver.keep(self.texts[key])
        if len(turned) > 1:
            self.said.emit(f"Đã đổi lại ở {len(turned)} mục.")

    def _find_elsewhere(self, words: str, backwards: bool) -> None:
        """The next section that holds ``words``, beginning again at the other end of the report."""
        sheets = list(self.report.sheets) if self.report is not None else []
        at = next((row for row, sheet in enumerate(sheets) if sheet.key == self.key), 0)
        order = [*sheets[:at][::-1], *sheets[at:][::-1]] if backwards else [*sheets[at + 1 :], *sheets[: at + 1]]
        for sheet in order:
            text = self.texts[sheet.key].text if sheet.key in self.texts else sheet.text
            if self.find_bar.places(text):
                self.show_section(sheet.key)
                self.find_bar.wrap(backwards)
                return
        self.said.emit(f"Không tìm thấy “{words}” trong báo cáo.")

    def _replace_everywhere(self) -> None:
        """Replace what is looked for in every section; one undo takes all back."""
        if self.report is None or not self.live:
            return
        total, changed = 0, []
        with self.order.together():
            for sheet in self.report.sheets:
                known = self.texts.get(sheet.key)
                if self.find_bar.places(known.text if known is not None else sheet.text):
                    text = self._text_of(sheet)
                    total += self.find_bar.replace_in(text.document)
                    changed.append(text)
        for text in changed:
            self.saver.keep(text)
        where = f" trong {len(changed)} mục" if len(changed) > 1 else ""
        self.find_bar.say(f"Đã thay {total} chỗ{where}; Ctrl+Z để lấy lại" if total else "Không có chỗ nào để thay")


def _renew(text: SectionText, sheet: Sheet) -> bool:
    """The stored words of a section may have changed; words not stored yet stay. Whether they were written anew."""
    if text.changed and text.stored == sheet.text:
        return False  # typed on meanwhile
    if text.text == sheet.text:
        text.note_stored(sheet.text, sheet.spans)
    elif not text.changed:
        text.begin(sheet.text, sheet.base, sheet.spans, sheet.looks)
        return True
    return False
