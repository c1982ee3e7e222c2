"""The plan: chosen by year, read from a file, corrected, kept, and followed task by task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTabWidget,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.plan_view import PlanDesk, TaskLine, open_plan
from ..services.plans import PlanPreview, PlanRow
from . import dialogs, plan_board
from .keys_dialog import PLAN, PLAN_EDITOR, Keys
from .loader import load_ui
from .pages import Page
from .plan_editor import PlanEditor
from .plan_papers import PlanPapers
from .plan_targets import PlanTargets
from .plan_task import TaskPanel
from .runner import Runner

FILTERS = "Kế hoạch (*.txt *.docx *.pdf);;Mọi tệp (*)"


class PlanPage(Page):
    """``show_target``: a task id, or a plan id."""

    title = "Kế hoạch"

    stack: QStackedWidget
    plan_combo: QComboBox
    edit_button: QPushButton
    papers_button: QPushButton
    import_button: QPushButton
    new_button: QPushButton
    empty_label: QLabel
    tabs: QTabWidget
    view_combo: QComboBox
    summary_label: QLabel
    task_tree: QTreeWidget
    panel: TaskPanel
    targets: PlanTargets
    body_text: QTextBrowser
    reporting_table: QTableWidget
    plan_text: QTextBrowser

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "plan_page")
        self._office = office
        self._runner = runner
        self._areas = office.context.catalog.areas
        self._stale = True
        self._desk: PlanDesk | None = None
        self._source = ("", "")  # name and hash of the file the edited plan came from
        self._plan_id = ""  # of the plan being edited; empty: a new one
        self._wanted = ""  # a task or plan to show when the plans have been read
        self._may_write = office.context.may("plan")
        for button in (self.edit_button, self.import_button, self.new_button):
            button.setEnabled(self._may_write)
            if not self._may_write:
                button.setToolTip("Tài khoản này không có quyền sửa kế hoạch.")
        self.empty_label.hide()
        plan_board.prepare_tree(self.task_tree)
        self.task_tree.installEventFilter(self)
        self.view_combo.addItem("Mảng công tác", plan_board.BY_AREA)
        self.view_combo.addItem("Cơ quan chủ trì", plan_board.BY_BODY)
        self.view_combo.addItem("Trạng thái", plan_board.BY_STATE)
        self.panel.use(office, runner)
        self.targets.use(office, runner)
        self.editor = PlanEditor(office, self._today, self)
        self.stack.addWidget(self.editor)
        self.papers = PlanPapers(office, runner, self.papers_button, lambda: self._desk, self)
        self._connect()
        self.panel.show_line(None)

    def _connect(self) -> None:
        self.editor.saving.connect(self._save)
        self.editor.cancelled.connect(self._to_board)
        self.import_button.clicked.connect(self.import_file)
        self.new_button.clicked.connect(self.begin_new)
        self.edit_button.clicked.connect(self.begin_edit)
        self.plan_combo.activated.connect(lambda _row: self._change_plan())
        self.view_combo.activated.connect(lambda _row: self._change_view())
        self.task_tree.currentItemChanged.connect(self._choose)
        self.task_tree.itemActivated.connect(lambda _item: self.panel.begin())
        self.panel.saved.connect(self._task_saved)
        self.panel.go_to.connect(self.go_to)
        self.targets.wrote.connect(self._target_kept)
        self.tabs.currentChanged.connect(lambda _tab: self._show_targets())
        for key, slot in (("F2", self.panel.begin), ("F3", self.panel.prove), ("F8", self.panel.mark_done)):
            QShortcut(QKeySequence(key), self.tabs).activated.connect(partial(self._on_task, slot))

    def _on_task(self, act: Callable[[], None]) -> None:
        """Do something with the task chosen, before the officer's eyes whichever tab is in front."""
        self.tabs.setCurrentIndex(0)
        act()

    def _today(self) -> date:
        return clock.today(self._office.context.clock)

    # the page
    def hasHeightForWidth(self) -> bool:
        """No: the boxes of the editor scroll by themselves. Else its wrapping lines would make the window ask how high
        all its boxes would like to be, and both editor and board would stand taller than the screen."""
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.task_tree:
            plan_board.fit_columns(self.task_tree)
        return super().eventFilter(watched, event)

    def shown(self) -> None:
        if self._stale:
            self._load()
        if self.stack.currentIndex() == 0:
            self._focus_board()

    def page_keys(self) -> tuple[str, Keys]:
        if self.stack.currentWidget() is self.editor:
            return "Sửa kế hoạch", PLAN_EDITOR
        return "Kế hoạch", PLAN

    def refresh(self, changes: Changes) -> None:
        self.targets.forget()
        if changes.touches("plan", "agencies", "settings", "record"):
            self._stale = True
            if self.isVisible():
                self._load()

    def show_target(self, target: Any) -> None:
        if isinstance(target, str) and self.can_leave():
            self._wanted = target
            self.tabs.setCurrentIndex(0)
            self._load()

    def can_leave(self) -> bool:
        if self.stack.currentIndex() == 1:
            if not self.editor.may_leave():
                return False
            self._to_board()
            return True
        return self.panel.may_leave()

    def _focus_board(self) -> None:
        (self.task_tree if self._desk else self.import_button).setFocus()

    def _load(self, plan_id: str = "") -> None:
        self._stale = False
        office, wanted = self._office, self._wanted
        chosen = plan_id or str(self.plan_combo.currentData() or "")

        def work(_progress: object) -> tuple[list[PlanRow], PlanDesk | None]:
            rows = office.plans.all()
            ids = [row.id for row in rows]
            show = chosen if chosen in ids else ids[0] if ids else ""
            if wanted:
                holder = (i for i in ids if wanted == i or any(t.id == wanted for t in office.plans.tasks(i)))
                show = next(holder, show)
            return rows, open_plan(office, show) if show else None

        self._runner.submit_db(work, self._take, label="Đang đọc kế hoạch", owner=self)

    def _take(self, found: tuple[list[PlanRow], PlanDesk | None]) -> None:
        rows, desk = found
        chosen, self._wanted = self._wanted or self._chosen_id(), ""
        self._desk = desk
        self.plan_combo.clear()
        for row in rows:
            year = f"{row.year}: " if row.year else ""
            self.plan_combo.addItem(f"{year}{row.title}" + (f" ({row.issuer})" if row.issuer else ""), row.id)
        self.plan_combo.setCurrentIndex(self.plan_combo.findData(desk.row.id) if desk else -1)
        self.plan_combo.setEnabled(bool(rows))
        self.edit_button.setEnabled(desk is not None and self._may_write)
        self.papers_button.setEnabled(desk is not None)
        self.empty_label.setVisible(desk is None)
        self.tabs.setVisible(desk is not None)
        if desk is None:
            return
        self.summary_label.setText(plan_board.summary(desk))
        self.body_text.setHtml(plan_board.bodies_html(desk.row.body))
        plan_board.fill_duties(self.reporting_table, desk.duties)
        self.plan_text.setHtml(plan_board.plan_html(desk.row.body))
        self._fill_tree(chosen)
        self._show_targets()
        self.panel.set_agencies(desk.agencies)
        self.panel.show_line(self._line())
        if self.stack.currentIndex() == 0 and self.import_button.hasFocus():  # it stood in for the list not yet read
            self._focus_board()

    def _change_plan(self) -> None:
        if self._desk is not None and not self.panel.may_leave():
            self.plan_combo.setCurrentIndex(self.plan_combo.findData(self._desk.row.id))
            return
        self._load()

    # the board
    def _chosen_id(self) -> str:
        item = self.task_tree.currentItem()
        return str(item.data(0, plan_board.TASK_ROLE) or "") if item is not None else ""

    def _line(self) -> TaskLine | None:
        chosen = self._chosen_id()
        return next((line for line in self._desk.tasks if line.row.id == chosen), None) if self._desk else None

    def _change_view(self) -> None:
        before = self._chosen_id()
        self._fill_tree(before)
        if self._chosen_id() != before:
            self.panel.show_line(self._line())

    def _fill_tree(self, chosen: str) -> None:
        if self._desk is not None:
            by = str(self.view_combo.currentData())
            self.task_tree.blockSignals(True)
            plan_board.fill_tree(self.task_tree, self._desk, self._areas, by, chosen)
            self.task_tree.blockSignals(False)

    def _choose(self, _item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        if before is not None and not self.panel.may_leave():
            self.task_tree.blockSignals(True)
            self.task_tree.setCurrentItem(before)
            self.task_tree.blockSignals(False)
            return
        self.panel.show_line(self._line())

    def _task_saved(self, changes: Changes, words: str, from_list: bool) -> None:
        self._load()
        self.wrote.emit(changes)
        self.said.emit(words)
        if from_list:
            self.task_tree.setFocus()

    # the targets
    def _show_targets(self) -> None:
        """Count only when the officer looks: the targets of the plan's year."""
        if self._desk is not None and self.tabs.currentWidget() is self.targets:
            self.targets.show_year(self._desk.row.year or self._today().year)

    def _target_kept(self, changes: Changes, words: str) -> None:
        self.wrote.emit(changes)
        self.said.emit(words)

    # the editor
    def import_file(self) -> None:
        """Ask for a plan file and read it."""
        if not self.panel.may_leave():
            return
        path = dialogs.choose_file(self, "Chọn tệp kế hoạch", FILTERS)
        if path is not None:
            self._read(lambda: self._office.plans.preview(path), f"Đang đọc tệp “{path.name}”")

    def begin_new(self) -> None:
        """A plan typed from nothing."""
        if self.panel.may_leave():
            self._read(self._office.plans.empty, "Đang mở kế hoạch trống")

    def _read(self, work: Callable[[], PlanPreview], label: str) -> None:
        self._runner.submit_cpu(
            lambda _progress: work(),
            self._look_for_kept,
            lambda error: dialogs.show_error(self, error),
            label,
            owner=self,
        )

    def _look_for_kept(self, preview: PlanPreview) -> None:
        """A plan of that year may be here already: read again, it keeps the work on its tasks."""
        office, plans, body = self._office, self._office.plans, preview.to_json()
        if not preview.source_name:
            self._preview(preview, body)
            return

        def work(_progress: object) -> tuple[PlanRow | None, dict[str, Any], int]:
            kept = plans.same_year(body["year"])
            if kept is None:
                return None, body, 0
            carried = plans.carried(body, kept.id)
            ids = {task["id"] for task in carried["tasks"]}
            return (
                kept,
                carried,
                sum(line.noted and line.row.id not in ids for line in open_plan(office, kept.id).tasks),
            )

        def take(found: tuple[PlanRow | None, dict[str, Any], int]) -> None:
            kept, carried, lost = found
            if kept is None:
                self._preview(preview, body)
                return
            same, of = sum(bool(task["id"]) for task in carried["tasks"]), len(carried["tasks"])
            detail = f"Nếu thay: {same}/{of} nhiệm vụ giống lời giữ nguyên phân công, tiến độ, quá trình và minh chứng"
            detail += f"; {lost} nhiệm vụ đang theo dõi không còn trong kế hoạch mới sẽ bỏ đi" if lost else ""
            answer = dialogs.choose(
                self,
                f"Đã có kế hoạch năm {kept.year}: “{kept.title}”. Thay bằng kế hoạch vừa đọc?",
                ("Thay kế hoạch đang có", "Thêm thành kế hoạch khác", "Thôi"),
                detail=f"{detail}. Chưa có gì thay đổi cho đến khi lưu.",
                escape=2,
            )
            if answer == 0:
                self._preview(preview, carried, kept.id)
            elif answer == 1:
                self._preview(preview, body)

        self._runner.submit_db(
            work, take, lambda error: dialogs.show_error(self, error), "Đang tìm kế hoạch đã có", owner=self
        )

    def _preview(self, preview: PlanPreview, body: dict[str, Any], plan_id: str = "") -> None:
        self._source = (preview.source_name, preview.source_sha256)
        self._plan_id = plan_id
        if preview.source_name:
            left = len(body["unplaced"])
            note = (
                f"Đã đọc “{preview.source_name}”: {len(body['tasks'])} nhiệm vụ, {len(body['assignments'])} cơ quan "
                f"được giao việc, {len(body['reporting'])} chế độ báo cáo"
            )
            note += f"; {left} dòng chưa xếp được (xem thẻ cuối)" if left else ""
            note += ". Chưa lưu: hãy đối chiếu, sửa nếu cần rồi bấm “Lưu kế hoạch”"
            note += " để thay kế hoạch đang có." if plan_id else "."
            self.editor.begin(body, "Xem trước kế hoạch", note, warn=bool(left))
        else:
            body["year"] = self._today().year
            self.editor.begin(body, "Lập kế hoạch từ đầu", "Gõ từng phần ở các thẻ dưới đây rồi bấm “Lưu kế hoạch”.")
        self._to_editor()

    def begin_edit(self) -> None:
        """Correct the kept plan."""
        desk = self._desk
        if desk is None or not self.panel.may_leave():
            return
        self._source, self._plan_id = ("", ""), desk.row.id
        kept = f"Nguồn: tệp “{desk.row.source_name}”. " if desk.row.source_name else ""
        note = kept + "Phân công, tiến độ và minh chứng của từng nhiệm vụ được giữ nguyên khi lưu."
        noted = frozenset(line.row.id for line in desk.tasks if line.noted)
        self.editor.begin(desk.row.body, "Sửa kế hoạch", note, followed=noted)
        self._to_editor()

    def _to_editor(self) -> None:
        self.stack.setCurrentIndex(1)
        self.editor.title_edit.setFocus()

    def _save(self, body: dict[str, Any]) -> None:
        plans, plan_id, (name, digest) = self._office.plans, self._plan_id, self._source
        self._runner.submit_db(
            lambda _progress: plans.save(body, source_name=name, source_sha256=digest, plan_id=plan_id),
            self._saved,
            self._refused,
            "Đang lưu kế hoạch",
            owner=self,
        )

    def _saved(self, result: tuple[str, Changes]) -> None:
        plan_id, changes = result
        self._to_board()
        self._load(plan_id)
        self.wrote.emit(changes)
        self.said.emit("Đã lưu kế hoạch.")

    def _refused(self, error: Exception) -> None:
        if isinstance(error, DanvanError):
            self.editor.refuse(error.message)
        else:
            dialogs.show_error(self, error)

    def _to_board(self) -> None:
        self.editor.begin({}, "", "")
        self.stack.setCurrentIndex(0)
        self._focus_board()
