"""The report: its outline, its words, its numbers with their origin, and the paper it will become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ..kernel import vi
from ..kernel.changes import Changes
from ..services import report_desk
from ..services.office import Office
from ..services.report_desk import DeskProblem, OpenReport, ReportHead, Sheet
from . import dialogs, theme
from .loader import load_ui
from .pages import Page
from .report_actions import ReportActions
from .report_editor import ReportEditor, SectionText
from .report_find import FindBar
from .report_preview import PreviewPane
from .report_saving import Saver, Unsaved
from .runner import Progress, Runner

IDLE_MS = 2000
NARROW = 900  # below this width the paper is put away at first
_DATA = Qt.ItemDataRole.UserRole
_WORDS = {"error": "Phải xử lý", "warning": "Cảnh báo", "note": "Lưu ý"}
_SOURCES = ("record", "nil", "received", "indicators", "settings", "agencies", "plan")


class ReportPage(Page):
    """Reports from draft to paper. Targets: a report id, or ``regime|period`` as on the first screen."""

    title = "Báo cáo"

    title_label: QLabel
    state_label: QLabel
    preview_button: QPushButton
    frozen_label: QLabel
    remarks_label: QLabel
    stale_label: QLabel
    splitter: QSplitter
    left_box: QWidget
    report_list: QListWidget
    new_button: QPushButton
    outline_label: QLabel
    outline: QTreeWidget
    signer_box: QWidget
    signer_combo: QComboBox
    empty_label: QLabel
    desk_box: QWidget
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
    keys_label: QLabel
    problem_label: QLabel
    problem_list: QListWidget
    problem_box: QWidget
    jump_button: QPushButton
    nil_button: QPushButton
    reason_button: QPushButton
    preview_pane: PreviewPane

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_page")
        self.office = office
        self.runner = runner
        self.report: OpenReport | None = None
        self._heads: tuple[ReportHead, ...] = ()
        self._texts: dict[str, SectionText] = {}
        self._shape: list[tuple[str, int, str, str]] = []  # of the outline shown
        self._loaded = False
        self._opening = 0  # counts reports asked for: only the last one is shown
        self._unsaved: Unsaved | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.save_now)
        self.saver = Saver(office, runner, self)
        self.saver.saved.connect(self._saved)
        self.saver.failed.connect(self._save_failed)
        self.saver.state_changed.connect(self._tell_saving)
        self.preview_pane.use(runner)
        self.find_bar.use(self.editor, self)
        self.actions_ = ReportActions(self)
        self._connect()
        self._show_report(None)

    def _connect(self) -> None:
        self.report_list.currentRowChanged.connect(self._report_chosen)
        self.outline.currentItemChanged.connect(self._section_chosen)
        self.outline.itemActivated.connect(lambda: self.editor.setFocus())
        self.editor.textChanged.connect(self._typed)
        self.editor.figure_asked.connect(self.actions_.show_figure)
        self.editor.no_figure.connect(lambda: self.said.emit("Chỗ này không có con số nào gắn với số liệu."))
        self.find_bar.leave_section.connect(self._find_elsewhere)
        self.problem_list.currentRowChanged.connect(self._problem_chosen)
        self.problem_list.itemClicked.connect(self.jump)
        self.problem_list.itemActivated.connect(self.jump)
        self.jump_button.clicked.connect(self.jump)
        self.keep_mine_button.clicked.connect(self._keep_mine)
        self.take_stored_button.clicked.connect(self._take_stored)
        self.preview_button.toggled.connect(self._toggle_preview)
        self.preview_pane.hide()
        for keys, slot in (
            ("Ctrl+S", self.save_now),
            ("F6", lambda: self._next_pane(1)),
            ("Shift+F6", lambda: self._next_pane(-1)),
            ("F9", self.preview_button.toggle),
            ("Alt+Down", lambda: self._step_section(1)),
            ("Alt+Up", lambda: self._step_section(-1)),
        ):
            self.shortcut(keys, slot)

    def shortcut(self, keys: str, slot: Callable[[], Any]) -> None:
        """A key that works while the focus is anywhere on this page."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    # -- the page among the others --------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._loaded:
            wide = self.window().width() >= NARROW
            self.splitter.setSizes([262, 450, 408] if wide else [230, 480, 0])
            self.preview_button.setChecked(wide)

    def hideEvent(self, event: QHideEvent) -> None:
        self.save_now()
        super().hideEvent(event)

    def shown(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.load()

    def refresh(self, changes: Changes) -> None:
        if not self._loaded:
            return
        if changes.touches("report", "package"):
            self.load()
        elif changes.touches(*_SOURCES) and self.report is not None and "edit" in self.report.acts:
            self.stale_label.show()

    def show_target(self, target: Any) -> None:
        text = str(target)
        self._loaded = True
        if "|" in text:
            regime, period = text.split("|", 1)
            self.load(lambda: self.actions_.open_or_make(regime, period))
        else:
            self.load(lambda: self.open(text))

    def can_leave(self) -> bool:
        self.save_now()
        if self._unsaved is None:
            return True
        return dialogs.ask(
            self.window(),
            "Có đoạn vừa gõ chưa lưu được. Rời trang này?",
            detail=self._unsaved.message + " Chữ vừa gõ vẫn còn trên trang cho tới khi đóng chương trình.",
            yes="Rời trang",
            no="Ở lại",
            default=False,
        )

    # -- list -----------------------------------------------------------------------------------

    def load(self, then: Callable[[], None] | None = None) -> None:
        """Read the list of reports; then ``then()``, else the report that was open, or the newest one."""

        def work(_progress: Progress) -> tuple[ReportHead, ...]:
            return report_desk.heads(self.office)

        def done(heads: tuple[ReportHead, ...]) -> None:
            self._fill_list(heads)
            if then is not None:
                then()
            elif self.report is not None:
                self.open(self.report.view.id, self.report.view.revision)
            elif heads:
                self.open(heads[0].id, heads[0].revision)
            else:
                self._show_report(None)

        self.runner.submit_db(work, done, self.tell, owner=self)

    def _fill_list(self, heads: tuple[ReportHead, ...]) -> None:
        self._heads = heads
        self.report_list.blockSignals(True)
        self.report_list.clear()
        for head in heads:
            number = f"số {vi.count(head.number)}, " if head.number else ""
            revision = f"bản {head.revision}, " if head.revision > 1 or not head.latest else ""
            name = head.period_title[:1].upper() + head.period_title[1:]
            item = QListWidgetItem(f"{name}\n{revision}{number}{_lower(head.state_title)}")
            item.setToolTip(f"{head.regime_title}\n{item.text()}")
            self.report_list.addItem(item)
        rows = [self.report_list.sizeHintForRow(row) for row in range(min(len(heads), 3))]
        self.report_list.setFixedHeight(min(max(60, sum(rows) + 8), 132))
        self._mark_report()
        self.report_list.blockSignals(False)

    def _mark_report(self) -> None:
        here = (self.report.view.id, self.report.view.revision) if self.report else None
        blocked = self.report_list.blockSignals(True)
        for row, head in enumerate(self._heads):
            if (head.id, head.revision) == here:
                self.report_list.setCurrentRow(row)
        self.report_list.blockSignals(blocked)

    def _report_chosen(self, row: int) -> None:
        if 0 <= row < len(self._heads):
            self.open(self._heads[row].id, self._heads[row].revision)

    # -- the report -----------------------------------------------------------------------------

    def open(self, report_id: str, revision: int | None = None) -> None:
        """Put a report on the desk; what was typed into the one before is stored first."""
        self.save_now()
        self._opening += 1
        asked = self._opening

        def work(_progress: Progress) -> OpenReport:
            return report_desk.open_report(self.office, report_id, revision)

        def done(report: OpenReport) -> None:
            if asked == self._opening:
                self.put(report)

        self.runner.submit_db(work, done, self.tell, "Đang mở báo cáo…", owner=self)

    def put(self, report: OpenReport) -> None:
        """Show ``report`` as it stands stored now."""
        before = self.report
        same = before is not None and (before.view.id, before.view.revision) == (report.view.id, report.view.revision)
        if not same:
            self._drop_texts()
            self._forget_unsaved()
            self.preview_pane.clear()
        self.stale_label.hide()
        self.saver.begin(report)
        self._show_report(report)
        self.preview_pane.show_report(report.view, at_once=not same)
        self._mark_report()

    def _drop_texts(self) -> None:
        """The documents of another report are not wanted any more; the one still shown goes with the next."""
        for text in self._texts.values():
            if text is not self.editor.section:
                text.document.deleteLater()
        self._texts.clear()

    def _show_report(self, report: OpenReport | None) -> None:
        self.report = report
        for label in (self.stale_label, self.frozen_label, self.remarks_label):
            label.hide()
        for widget in (self.desk_box, self.outline, self.title_label, self.state_label):
            widget.setVisible(report is not None)
        self.preview_pane.setVisible(report is not None and self.preview_button.isChecked())
        self.empty_label.setVisible(report is None)
        self.outline_label.setVisible(report is not None)
        self.actions_.update(report)
        if report is None:
            self.empty_label.setText("Chưa có báo cáo nào.\nBấm “Lập báo cáo mới…” (Ctrl+N) để lập dự thảo đầu tiên.")
            self.outline.clear()
            self._shape = []
            self.signer_box.hide()
            return
        self._show_head(report)
        for sheet in report.sheets:
            text = self._texts.get(sheet.key)
            if text is not None:
                self._renew(text, sheet)
        self._fill_outline(report)
        self._fill_problems(report)
        self._fill_signers(report)

    def _show_head(self, report: OpenReport) -> None:
        head, view = report.head, report.view
        revision = f", bản thay thế {head.revision - 1}" if head.revision > 1 else ""
        self.title_label.setText(f"Báo cáo {head.period_title}{revision}")
        self.title_label.setToolTip(head.regime_title)
        self.state_label.setText(f"{head.state_title} – {head.regime_title}")
        if view.sha256:
            symbol = view.document.head.symbol
            number = (
                f"Số {vi.count(head.number)}/{symbol}, ngày {vi.day(head.date)}."
                if head.number and head.date
                else "Chưa lấy số."
            )
            self.frozen_label.setText(
                f"Đã chốt ngày {report.frozen_at}, chỉ để xem. {number} SHA-256: {view.sha256[:12]}…{view.sha256[-6:]}"
            )
            self.frozen_label.setToolTip(f"SHA-256: {view.sha256}")
            self.frozen_label.show()
        elif view.remarks:
            self.remarks_label.setText(f"Lãnh đạo trả lại: {view.remarks}")
            self.remarks_label.show()

    def _fill_signers(self, report: OpenReport) -> None:
        self.signer_combo.blockSignals(True)
        self.signer_combo.clear()
        for signer in report.signers:
            self.signer_combo.addItem(f"{signer.name} – {', '.join(signer.authority_lines).capitalize()}")
        self.signer_combo.setCurrentIndex(report.signer)
        self.signer_combo.setToolTip(self.signer_combo.currentText())
        self.signer_box.setVisible("edit" in report.acts and len(report.signers) > 1)
        self.signer_combo.blockSignals(False)

    # -- outline and text -----------------------------------------------------------------------

    def _fill_outline(self, report: OpenReport) -> None:
        shape = [(sheet.key, sheet.level, sheet.mark, sheet.title) for sheet in report.sheets]
        if shape != self._shape:
            self._shape = shape
            self._build_outline(report)
        errors = report_desk.problem_counts(report)
        items = self._items()
        for item, sheet in zip(items, report.sheets, strict=True):
            word, colour = _state_of(sheet, errors[sheet.key], live=report.view.draft is not None)
            item.setText(1, word)
            item.setForeground(1, QColor(colour))
            item.setToolTip(0, item.text(0) + (f" ({word})" if word else ""))
        key = self.section_key
        if report.sheet(key) is None:
            self.show_section(next((s.key for s in report.sheets if s.needs_writing or s.needs_review), "opening"))
            return
        blocked = self.outline.blockSignals(True)
        self.outline.setCurrentItem(next(item for item in items if item.data(0, _DATA) == key))
        self.outline.blockSignals(blocked)
        self._show_sheet()

    def _build_outline(self, report: OpenReport) -> None:
        blocked = self.outline.blockSignals(True)
        self.outline.clear()
        header = self.outline.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(8)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        header.setSectionResizeMode(1, header.ResizeMode.ResizeToContents)
        parents: dict[int, QTreeWidgetItem] = {}
        for sheet in report.sheets:
            above = parents.get(sheet.level - 1)
            item = QTreeWidgetItem(above if above is not None else self.outline)
            for level in [level for level in parents if level > sheet.level]:
                del parents[level]
            parents[sheet.level] = item
            item.setText(0, f"{sheet.mark} {sheet.title}".strip())
            item.setData(0, _DATA, sheet.key)
        self.outline.expandAll()
        self.outline.blockSignals(blocked)

    @property
    def section_key(self) -> str:
        """The section on the desk; "" when there is none."""
        section = self.editor.section
        return section.key if section is not None and section.key in self._texts else ""

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []

        def walk(item: QTreeWidgetItem) -> None:
            found.append(item)
            for index in range(item.childCount()):
                below = item.child(index)
                if below is not None:
                    walk(below)

        for index in range(self.outline.topLevelItemCount()):
            top = self.outline.topLevelItem(index)
            if top is not None:
                walk(top)
        return found

    def show_section(self, key: str) -> bool:
        """Choose a section; False when the report has no such one."""
        for item in self._items():
            if item.data(0, _DATA) == key:
                if self.outline.currentItem() is item:
                    self._section_chosen(item)
                else:
                    self.outline.setCurrentItem(item)
                return True
        return False

    def _step_section(self, by: int) -> None:
        items = self._items()
        current = self.outline.currentItem()
        if current is not None and 0 <= items.index(current) + by < len(items):
            self.outline.setCurrentItem(items[items.index(current) + by])

    def _section_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is None or self.report is None:
            return
        key = str(item.data(0, _DATA))
        sheet = self.report.sheet(key)
        if sheet is None:
            return
        before = self.editor.section
        if key not in self._texts:
            text = SectionText(key, self.editor)
            text.begin(sheet.text, sheet.base, sheet.spans)
            self._texts[key] = text
        self.editor.show_section(self._texts[key])
        self._show_sheet()
        self.preview_pane.follow(key)
        if before is not None and before.key in self._texts and before.key != key and "edit" in self.report.acts:
            self._idle.stop()
            self.saver.keep(before)  # last: its answer may come at once

    def _renew(self, text: SectionText, sheet: Sheet) -> None:
        """The stored words of a section may have changed; words not stored yet stay."""
        if text.changed and text.stored == sheet.text:
            return  # typed on meanwhile
        if text.text == sheet.text:
            text.note_stored(sheet.text, sheet.spans)
        elif not text.changed:
            text.begin(sheet.text, sheet.base, sheet.spans)

    def _show_sheet(self) -> None:
        sheet = self.report.sheet(self.section_key) if self.report is not None else None
        if sheet is None or self.report is None:
            return
        live = "edit" in self.report.acts
        self.section_label.setText(f"{sheet.mark} {sheet.title}".strip())
        hint = sheet.prompt
        if sheet.heads_others and not sheet.text:
            hint = "Mục này gồm các mục con bên dưới; có thể để trống."
        self.prompt_label.setText(f"Gợi ý: {hint}" if sheet.prompt and hint == sheet.prompt else hint)
        self.prompt_label.setVisible(bool(hint) and live)
        self.review_box.setVisible(sheet.needs_review and live)
        self.editor.setReadOnly(not live)
        self.editor.setPlaceholderText("Viết nội dung của mục vào đây." if live else "Mục này không có nội dung.")
        self.editor.paint_marks()
        self._tell_saving()
        self._show_unsaved()

    def _typed(self) -> None:
        section = self.editor.section
        if section is not None and self.report is not None and "edit" in self.report.acts and section.changed:
            self._idle.start()
        self._tell_saving()

    def save_now(self) -> None:
        """Store the section on the desk if it has changed."""
        self._idle.stop()
        section = self.editor.section
        if section is not None and section.key in self._texts and self.report and "edit" in self.report.acts:
            self.saver.keep(section)

    def _saved(self, report: OpenReport, changes: Changes) -> None:
        if self._unsaved is not None and not self._texts[self._unsaved.section].changed:
            self._forget_unsaved()
        if self.report is not None and report.view.id == self.report.view.id:
            self._show_report(report)
            self.preview_pane.show_report(report.view)
        self.wrote.emit(changes)

    def _tell_saving(self) -> None:
        section = self.editor.section
        if self.report is None or "edit" not in self.report.acts or section is None:
            self.save_label.setText("Chỉ để xem")
        elif self.saver.busy:
            self.save_label.setText("Đang lưu…")
        elif self._unsaved is not None:
            self.save_label.setText("Chưa lưu được")
        else:
            self.save_label.setText("Đang gõ, tự lưu khi dừng tay…" if section.changed else "Đã lưu")

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
            self.take_stored_button.setVisible(True)

    def _forget_unsaved(self) -> None:
        if self._unsaved is not None:
            self.saver.forget(self._unsaved.section)
            self._unsaved = None
        self._show_unsaved()

    def _keep_mine(self) -> None:
        self._settle(mine=True)

    def _take_stored(self) -> None:
        self._settle(mine=False)

    def _settle(self, *, mine: bool) -> None:
        """After a refused saving: write over what is stored, or take it."""
        unsaved, report = self._unsaved, self.report
        if unsaved is None or report is None:
            return

        def done(latest: OpenReport) -> None:
            text, sheet = self._texts[unsaved.section], latest.sheet(unsaved.section)
            self._forget_unsaved()
            if sheet is not None and mine:
                text.base, text.stored = sheet.base, sheet.text
            elif sheet is not None:
                text.begin(sheet.text, sheet.base, sheet.spans)
            self.put(latest)
            self.saver.retry(text)

        self.runner.submit_db(
            lambda _progress: report_desk.open_report(self.office, report.view.id), done, self.tell, owner=self
        )

    # -- problems -------------------------------------------------------------------------------

    def _fill_problems(self, report: OpenReport) -> None:
        row = self.problem_list.currentRow()
        self.problem_list.blockSignals(True)
        self.problem_list.clear()
        for problem in report.problems:
            item = QListWidgetItem(f"{_WORDS[problem.severity]}: {problem.message}")
            colours = {"error": theme.COLOURS.danger, "warning": theme.COLOURS.warn}
            item.setForeground(QColor(colours.get(problem.severity, theme.COLOURS.ink)))
            item.setToolTip(item.text())
            self.problem_list.addItem(item)
        self.problem_list.blockSignals(False)
        live = report.view.draft is not None
        others = len(report.problems) - report.errors
        text = f"Còn {report.errors} việc phải xử lý trước khi phê duyệt" if report.errors else "Đủ điều kiện phê duyệt"
        self.problem_label.setText(text + (f"; {others} điều lưu ý" if others else ""))
        self.problem_label.setVisible(live)
        for widget in (self.problem_list, self.problem_box):
            widget.setVisible(live and bool(report.problems))
        if report.problems:
            self.problem_list.setCurrentRow(min(max(row, 0), len(report.problems) - 1))
        self._problem_chosen()

    @property
    def problem(self) -> DeskProblem | None:
        """The problem chosen in the list."""
        row = self.problem_list.currentRow()
        problems = self.report.problems if self.report is not None else ()
        return problems[row] if 0 <= row < len(problems) else None

    def _problem_chosen(self) -> None:
        problem = self.problem
        live = self.report is not None and "edit" in self.report.acts
        self.nil_button.setVisible(live and problem is not None and problem.no_data)
        self.reason_button.setVisible(live and problem is not None and bool(problem.figure))

    def jump(self) -> None:
        """Go to where the chosen problem can be settled."""
        problem = self.problem
        if problem is None:
            return
        if problem.section and self.show_section(problem.section):
            if problem.figure:
                self.editor.select_figure(problem.figure)
            self.editor.setFocus()
        elif problem.figure:
            self.actions_.show_figure(problem.figure)
        elif problem.place == "signature" and not self.signer_box.isHidden():
            self.signer_combo.setFocus()
        elif problem.place:
            self.go_to.emit("settings", None)

    def _find_elsewhere(self, words: str, backwards: bool) -> None:
        """The next section that holds ``words``, beginning again at the other end of the report."""
        keys = [str(item.data(0, _DATA)) for item in self._items()]
        at = keys.index(self.section_key) if self.section_key in keys else 0
        order = [*keys[at + 1 :], *keys[: at + 1]] if not backwards else [*keys[:at][::-1], *keys[at:][::-1]]
        for key in order:
            sheet = self.report.sheet(key) if self.report else None
            text = self._texts[key].text if key in self._texts else sheet.text if sheet else ""
            if words.casefold() in text.casefold():
                self.show_section(key)
                self.find_bar.wrap(backwards)
                return
        self.said.emit(f"Không tìm thấy “{words}” trong báo cáo.")

    # -- panes ----------------------------------------------------------------------------------

    def _toggle_preview(self, shown: bool) -> None:
        self.preview_pane.setVisible(shown and self.report is not None)
        self.preview_button.setText("Ẩn x&em trước" if shown else "X&em trước")
        if shown and self.report is not None:
            if self.splitter.sizes()[2] < 250:
                total = sum(self.splitter.sizes())
                self.splitter.setSizes([total * 20 // 100, total * 42 // 100, total * 38 // 100])
            self.preview_pane.draw_now()

    def _next_pane(self, by: int) -> None:
        panes: list[QWidget] = [self.report_list, self.outline, self.editor, self.problem_list, self.preview_pane.area]
        panes = [pane for pane in panes if pane.isVisible()]
        focus: QWidget | None = self.window().focusWidget()
        here = -1
        for row, pane in enumerate(panes):
            if focus is pane or (focus is not None and pane.isAncestorOf(focus)):
                here = row
        panes[(here + by) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def tell(self, error: Exception) -> None:
        """What went wrong, in a sentence."""
        dialogs.show_error(self.window(), error)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _state_of(sheet: Sheet, errors: int, *, live: bool) -> tuple[str, str]:
    """The word beside a section of a draft, and its colour."""
    if not live:
        return "", theme.COLOURS.soft_ink
    if sheet.needs_writing:
        return "cần viết", theme.COLOURS.danger
    if sheet.needs_review:
        return "cần soát", theme.COLOURS.warn
    if errors:
        return f"{errors} lỗi", theme.COLOURS.danger
    return ("đã sửa" if sheet.edited else ""), theme.COLOURS.soft_ink
