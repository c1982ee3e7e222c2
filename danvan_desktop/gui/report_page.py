"""The report: its outline, its words, its numbers with their origin, and the paper it will become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QWidget,
)

from ..catalog.periods import parse_period
from ..kernel import vi
from ..kernel.changes import Changes
from ..services import report_desk
from ..services.office import Office
from ..services.report_desk import OpenReport, ReportHead
from . import dialogs
from .keys_dialog import REPORT, Keys
from .loader import load_ui
from .pages import Page
from .report_actions import ReportActions
from .report_changes import ChangesPane
from .report_outline import ReportOutline
from .report_preview import PreviewPane
from .report_problems import ProblemPane
from .report_review import ReportReview
from .report_section import SectionDesk
from .runner import Progress, Runner
from .scoring_dialog import ask_scoring

LOW = 600  # below this height the list of problems keeps itself short
NARROW = 900  # below this width the paper is put away at first
_SOURCES = ("record", "nil", "received", "indicators", "settings", "agencies", "plan")


class ReportPage(Page):
    """Reports from draft to paper. Targets: a report id, or (regime, period) as the first screen says it."""

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
    outline: ReportOutline
    signer_box: QWidget
    signer_combo: QComboBox
    empty_label: QLabel
    desk_box: QWidget
    desk: SectionDesk
    problems: ProblemPane
    changes_pane: ChangesPane
    preview_pane: PreviewPane

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_page")
        self.office = office
        self.runner = runner
        self.report: OpenReport | None = None
        self._heads: tuple[ReportHead, ...] = ()
        self._put_away = False  # the paper, because the window had become narrow
        self._loaded = False
        self._opening = 0  # counts reports asked for: only the last one is shown
        self.preview_pane.use(runner)
        self.desk.use(office, runner, self)
        self.actions_ = ReportActions(self)
        self.review = ReportReview(self)
        self._connect()
        self._show_report(None)

    def _connect(self) -> None:
        self.report_list.currentRowChanged.connect(self._report_chosen)
        self.outline.section_chosen.connect(self.desk.show_section)
        self.outline.itemActivated.connect(lambda: self.desk.editor.setFocus())
        self.desk.section_shown.connect(self._section_shown)
        self.desk.saved.connect(self._saved)
        self.desk.renewed.connect(self.put)
        self.desk.said.connect(self.said)
        self.desk.editor.figure_asked.connect(self.actions_.show_figure)
        self.desk.find_bar.stands.connect(self.problems.make_room)
        self.problems.jump.connect(self.jump)
        self.preview_button.toggled.connect(self._toggle_preview)
        self.preview_pane.hide()
        for keys, slot in (
            ("Ctrl+S", self.desk.save_now),
            ("F8", self.ask_scoring),
            ("F6", lambda: self._next_pane(1)),
            ("Shift+F6", lambda: self._next_pane(-1)),
            ("F9", self.preview_button.toggle),
            ("Alt+Down", lambda: self.outline.step(1)),
            ("Alt+Up", lambda: self.outline.step(-1)),
        ):
            self.shortcut(keys, slot)

    def shortcut(self, keys: str, slot: Callable[[], Any]) -> None:
        """A key that works while the focus is anywhere on this page."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    def ask_scoring(self) -> None:
        """The office's own scoring of the year of the report shown, else of this year."""
        year = parse_period(self.report.view.period).year if self.report else self.office.scoring.this_year()
        ask_scoring(self, self.office, self.runner, year, self._scored)

    def _scored(self, changes: Changes, words: str) -> None:
        self.wrote.emit(changes)
        self.said.emit(words)

    # -- the page among the others --------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._loaded:
            wide = self.width() >= NARROW
            self.splitter.setSizes([262, 450, 408] if wide else [230, 480, 0])
            self.preview_button.setChecked(wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.problems.problem_list.setMaximumHeight(72 if event.size().height() < LOW else 140)
        narrow = event.size().width() < NARROW
        if narrow and self.preview_button.isChecked():
            self._put_away = True
            self.preview_button.setChecked(False)
        elif not narrow and self._put_away:
            self._put_away = False
            self.preview_button.setChecked(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self.desk.save_now()
        super().hideEvent(event)

    def shown(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.load()

    def page_keys(self) -> tuple[str, Keys]:
        return "Báo cáo", REPORT

    def refresh(self, changes: Changes) -> None:
        if not self._loaded:
            return
        if changes.touches("report", "package"):
            self.load()
        elif changes.touches(*_SOURCES) and self.report is not None and "edit" in self.report.acts:
            self.stale_label.show()

    def show_target(self, target: Any) -> None:
        """``target``: a report id, or (regime, period): that report, or the offer to make it."""
        self._loaded = True
        if isinstance(target, tuple):
            regime, period = target
            self.load(lambda: self.actions_.open_or_make(regime, period))
        else:
            self.load(lambda: self.open(str(target)))

    def can_leave(self) -> bool:
        self.desk.save_now()
        if self.desk.unsaved is None:
            return True
        return dialogs.ask(
            self.window(),
            "Có đoạn vừa gõ chưa lưu được. Rời trang này?",
            detail=self.desk.unsaved.message + " Chữ vừa gõ vẫn còn trên trang cho tới khi đóng chương trình.",
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
        self.desk.save_now()
        self._opening += 1
        asked = self._opening

        def work(_progress: Progress) -> OpenReport:
            return report_desk.open_report(self.office, report_id, revision)

        def done(report: OpenReport) -> None:
            if asked == self._opening:
                self.put(report)

        self.runner.submit_db(work, done, self.tell, "Đang mở báo cáo…", owner=self)

    def forget(self) -> None:
        """The report on screen is gone: show what there is."""
        self._show_report(None)
        self.preview_pane.clear()
        self.load()

    def put(self, report: OpenReport) -> None:
        """Show ``report`` as it stands stored now."""
        before = self.report
        same = before is not None and (before.view.id, before.view.revision) == (report.view.id, report.view.revision)
        if not same:
            self.preview_pane.clear()
        self.stale_label.hide()
        self._show_report(report, same=same)
        self.preview_pane.show_report(report.view, at_once=not same)
        self._mark_report()

    def _show_report(self, report: OpenReport | None, *, same: bool = False) -> None:
        self.report = report
        for label in (self.stale_label, self.frozen_label, self.remarks_label):
            label.hide()
        for widget in (self.desk_box, self.outline, self.title_label, self.state_label):
            widget.setVisible(report is not None)
        self.desk_box.setVisible(report is not None and not (same and self.review.showing))
        self.preview_pane.setVisible(report is not None and self.preview_button.isChecked())
        self.empty_label.setVisible(report is None)
        self.outline_label.setVisible(report is not None)
        self.actions_.update(report)
        self.desk.put(report, same=same)
        self.outline.show_report(report)
        if report is None:
            self.empty_label.setText("Chưa có báo cáo nào.\nBấm “Lập báo cáo mới…” (Ctrl+N) để lập dự thảo đầu tiên.")
            self.signer_box.hide()
            self.review.update(None, same=False)
            return
        self._show_head(report)
        self._fill_signers(report)
        self.problems.show_report(report)
        if report.sheet(self.desk.key) is not None:
            self.outline.choose(self.desk.key)
        else:
            first = (sheet.key for sheet in report.sheets if sheet.needs_writing or sheet.needs_review)
            self.desk.show_section(next(first, "opening"))
        self.review.update(report, same=same)

    def _show_head(self, report: OpenReport) -> None:
        head, view = report.head, report.view
        revision = f", bản thay thế {head.revision - 1}" if head.revision > 1 else ""
        self.title_label.setText(f"Báo cáo {head.period_title}{revision}")
        self.title_label.setToolTip(head.regime_title)
        self.state_label.setText(f"{head.state_title} – {head.regime_title}")
        if view.sha256:
            symbol = view.document.head.symbol
            code = view.fingerprint.code if view.fingerprint else ""
            number = (
                f"Số {vi.count(head.number)}/{symbol}, ngày {vi.day(head.date)}."
                if head.number and head.date
                else "Chưa lấy số."
            )
            self.frozen_label.setText(f"Đã chốt ngày {report.frozen_at}, chỉ để xem. {number} Mã đối chiếu: {code}")
            self.frozen_label.setToolTip(f"Mã đối chiếu in ở cuối phụ lục, nếu có.\nSHA-256: {view.sha256}")
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

    def _section_shown(self, key: str) -> None:
        self.outline.choose(key)
        self.preview_pane.follow(key)
        self.changes_pane.go_to(key)

    def _saved(self, report: OpenReport, changes: Changes) -> None:
        if self.report is not None and report.view.id == self.report.view.id:
            self._show_report(report, same=True)
            self.preview_pane.show_report(report.view)
        self.wrote.emit(changes)

    def jump(self) -> None:
        """Go to where the chosen problem can be settled; words just written are stored first: they may settle it."""
        self.desk.save_now()
        self.desk.saver.when_saved(self._jump)

    def _jump(self) -> None:
        problem = self.problems.problem
        if problem is None:
            return
        if problem.comment:
            self.review.go_to(problem.comment)
        elif problem.section:
            self.desk.show_section(problem.section)
            if problem.figure:
                self.desk.editor.select_figure(problem.figure)
            self.desk.editor.setFocus()
        elif problem.figure:
            self.actions_.show_figure(problem.figure)
        elif problem.record:
            self.go_to.emit("records", problem.record)
        elif problem.place == "signature" and not self.signer_box.isHidden():
            self.signer_combo.setFocus()
        elif problem.place == "exchange":
            self.go_to.emit("exchange", None)
        elif problem.place:
            self.go_to.emit("settings", None)

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
        panes: list[QWidget] = [self.report_list, self.outline, self.changes_pane.changes_view, self.desk.editor]
        panes += [self.problems.problem_list, self.preview_pane.area]
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
