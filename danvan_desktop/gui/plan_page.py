"""The plan: chosen by year, read from a file, corrected, kept, and followed task by task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPlainTextEdit,
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
from ..services.plan_view import STATUS_TITLES, PlanDesk, TaskLine, open_plan
from ..services.plans import PlanPreview, PlanRow
from . import dialogs, plan_board
from .loader import load_ui
from .pages import Page
from .plan_editor import PlanEditor
from .runner import Runner
from .widgets import MultiChoice, NullableDateEdit, NullableNumberEdit, UnitCombo

FILTERS = "Kế hoạch (*.txt *.docx *.pdf);;Mọi tệp (*)"


class PlanPage(Page):
    """``show_target``: a task id, or a plan id."""

    title = "Kế hoạch"

    stack: QStackedWidget
    plan_combo: QComboBox
    edit_button: QPushButton
    import_button: QPushButton
    new_button: QPushButton
    empty_label: QLabel
    tabs: QTabWidget
    view_combo: QComboBox
    summary_label: QLabel
    task_tree: QTreeWidget
    task_title: QLabel
    task_words: QPlainTextEdit
    lead_combo: UnitCombo
    helpers_list: MultiChoice
    due_edit: NullableDateEdit
    progress_edit: NullableNumberEdit
    status_combo: QComboBox
    task_problem: QLabel
    save_task_button: QPushButton
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
        self._dirty = False
        self._filling = False
        self._may_write = office.context.may("plan")
        for button in (self.edit_button, self.import_button, self.new_button, self.save_task_button):
            button.setEnabled(self._may_write)
            if not self._may_write:
                button.setToolTip("Tài khoản này không có quyền sửa kế hoạch.")
        self.empty_label.hide()
        self.task_problem.hide()
        plan_board.prepare_tree(self.task_tree)
        self.view_combo.addItem("Mảng công tác", plan_board.BY_AREA)
        self.view_combo.addItem("Cơ quan chủ trì", plan_board.BY_BODY)
        for key, title in STATUS_TITLES.items():
            self.status_combo.addItem(title, key)
        self.due_edit.set_today(self._today)
        self.due_edit.set_name("Hạn của nhiệm vụ")
        self.progress_edit.set_name("Tiến độ, phần trăm")
        self.progress_edit.set_unit_text("%")
        self.lead_combo.set_name("Cơ quan chủ trì")
        self.helpers_list.set_name("Cơ quan phối hợp")
        self.helpers_list.list.max_rows = 4
        self.editor = PlanEditor(office, self._today, self)
        self.stack.addWidget(self.editor)
        self._connect()
        self._show_task(None)

    def _connect(self) -> None:
        self.editor.saving.connect(self._save)
        self.editor.cancelled.connect(self._to_board)
        self.import_button.clicked.connect(self.import_file)
        self.new_button.clicked.connect(self.begin_new)
        self.edit_button.clicked.connect(self.begin_edit)
        self.plan_combo.activated.connect(lambda _row: self._change_plan())
        self.view_combo.activated.connect(lambda _row: self._change_view())
        self.task_tree.currentItemChanged.connect(self._choose)
        self.task_tree.itemActivated.connect(lambda _item: self.lead_combo.setFocus())
        self.save_task_button.clicked.connect(self._save_task)
        for field in (self.lead_combo, self.helpers_list, self.due_edit, self.progress_edit):
            field.edited.connect(self._mark_dirty)
        self.status_combo.activated.connect(lambda _row: self._mark_dirty())
        QShortcut(QKeySequence("F2"), self.tabs).activated.connect(lambda: self.lead_combo.setFocus())

    def _today(self) -> date:
        return clock.today(self._office.context.clock)

    # the page
    def shown(self) -> None:
        if self._stale:
            self._load()
        if self.stack.currentIndex() == 0:
            self._focus_board()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("plan", "agencies", "settings"):
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
        return not self._dirty or self._give_up()

    def _give_up(self) -> bool:
        if not dialogs.ask(self, "Thay đổi của nhiệm vụ chưa ghi. Bỏ thay đổi?", yes="Bỏ", no="Ở lại", default=False):
            return False
        self._show_task(self._line())
        return True

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
        self.empty_label.setVisible(desk is None)
        self.tabs.setVisible(desk is not None)
        if desk is None:
            return
        self.summary_label.setText(plan_board.summary(desk))
        self.body_text.setHtml(plan_board.bodies_html(desk.row.body))
        plan_board.fill_duties(self.reporting_table, desk.duties)
        self.plan_text.setHtml(plan_board.plan_html(desk.row.body))
        shown = self._chosen_id()
        self._fill_tree(chosen)
        if not self._dirty or self._chosen_id() != shown:  # what is being typed stays when others have written
            self.lead_combo.set_choices(desk.agencies)
            self.helpers_list.set_choices(desk.agencies)
            self._show_task(self._line())
        if self.stack.currentIndex() == 0 and self.import_button.hasFocus():  # it stood in for the list not yet read
            self._focus_board()

    def _change_plan(self) -> None:
        if self._desk is not None and self._dirty and not self._give_up():
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
            self._show_task(self._line())

    def _fill_tree(self, chosen: str) -> None:
        if self._desk is not None:
            by = str(self.view_combo.currentData())
            self.task_tree.blockSignals(True)
            plan_board.fill_tree(self.task_tree, self._desk, self._areas, by, chosen)
            self.task_tree.blockSignals(False)

    def _choose(self, _item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        if self._dirty and before is not None:
            if not dialogs.ask(
                self, "Thay đổi của nhiệm vụ chưa ghi. Bỏ thay đổi?", yes="Bỏ", no="Ở lại", default=False
            ):
                self.task_tree.blockSignals(True)
                self.task_tree.setCurrentItem(before)
                self.task_tree.blockSignals(False)
                return
            self._dirty = False
        self._show_task(self._line())

    def _show_task(self, line: TaskLine | None) -> None:
        row = line.row if line is not None else None
        self._filling = True
        self.task_title.setText((f"Nhiệm vụ {row.mark}" if row.mark else "Nhiệm vụ") if row else "Chọn một nhiệm vụ")
        self.task_words.setPlainText(row.text if row else "")
        self.lead_combo.set_value(row.lead_unit if row else None)
        self.helpers_list.set_value(list(row.helpers) if row and row.helpers else None)
        self.due_edit.set_value(row.due_on.isoformat() if row and row.due_on else None)
        self.progress_edit.set_value(row.progress if row else None)
        self.status_combo.setCurrentIndex(self.status_combo.findData(row.status) if row else -1)
        for field in (self.lead_combo, self.due_edit, self.progress_edit):
            field.set_problem("")
        self.task_problem.hide()
        for widget in (self.lead_combo, self.helpers_list, self.due_edit, self.progress_edit, self.status_combo):
            widget.setEnabled(row is not None and self._may_write)
        self.save_task_button.setEnabled(row is not None and self._may_write)
        self._filling = False
        self._dirty = False

    def _mark_dirty(self) -> None:
        self._dirty = self._dirty or not self._filling

    def _save_task(self) -> None:
        line = self._line()
        if line is None:
            return
        for field in (self.lead_combo, self.due_edit, self.progress_edit):
            field.set_problem("")
            field.commit()
            if field.input_error():
                field.setFocus()
                return
        progress, status = int(str(self.progress_edit.value() or 0)), str(self.status_combo.currentData())
        if not 0 <= progress <= 100:
            self.progress_edit.set_problem("Từ 0 đến 100.")
            self.progress_edit.setFocus()
            return
        if status == "done":
            progress = 100
        elif (status == "open" and progress > 0) or (progress == 100 and status == "doing"):
            status = "done" if progress == 100 else "doing"
        due, lead, helpers = self.due_edit.value(), self.lead_combo.value(), self.helpers_list.value()
        task = replace(
            line.row,
            lead_unit=str(lead) if lead else None,
            helpers=tuple(str(key) for key in helpers if key != lead) if isinstance(helpers, list) else (),
            due_on=date.fromisoformat(str(due)) if due else None,
            progress=progress,
            status=status,
        )
        plans = self._office.plans
        self._runner.submit_db(
            lambda _progress: plans.set_task(task),
            self._task_saved,
            self._task_refused,
            "Đang ghi nhiệm vụ",
            owner=self,
        )

    def _task_saved(self, changes: Changes) -> None:
        self._dirty = False
        self._load()
        self.wrote.emit(changes)
        self.said.emit("Đã ghi nhiệm vụ.")
        self.task_tree.setFocus()

    def _task_refused(self, error: Exception) -> None:
        if isinstance(error, DanvanError):
            self.task_problem.setText(error.message)
            self.task_problem.show()
        else:
            dialogs.show_error(self, error)

    # the editor
    def import_file(self) -> None:
        """Ask for a plan file and read it."""
        if self._dirty and not self._give_up():
            return
        path = dialogs.choose_file(self, "Chọn tệp kế hoạch", FILTERS)
        if path is not None:
            self._read(lambda: self._office.plans.preview(path), f"Đang đọc tệp “{path.name}”")

    def begin_new(self) -> None:
        """A plan typed from nothing."""
        if not self._dirty or self._give_up():
            self._read(self._office.plans.empty, "Đang mở kế hoạch trống")

    def _read(self, work: Callable[[], PlanPreview], label: str) -> None:
        self._runner.submit_cpu(
            lambda _progress: work(), self._preview, lambda error: dialogs.show_error(self, error), label, owner=self
        )

    def _preview(self, preview: PlanPreview) -> None:
        body = preview.to_json()
        self._source = (preview.source_name, preview.source_sha256)
        self._plan_id = ""
        if preview.source_name:
            left = len(body["unplaced"])
            note = (
                f"Đã đọc “{preview.source_name}”: {len(body['tasks'])} nhiệm vụ, {len(body['assignments'])} cơ quan "
                f"được giao việc, {len(body['reporting'])} chế độ báo cáo"
            )
            note += f"; {left} dòng chưa xếp được (xem thẻ cuối)" if left else ""
            note += ". Chưa lưu: hãy đối chiếu, sửa nếu cần rồi bấm “Lưu kế hoạch”."
            self.editor.begin(body, "Xem trước kế hoạch", note, warn=bool(left))
        else:
            body["year"] = self._today().year
            self.editor.begin(body, "Lập kế hoạch từ đầu", "Gõ từng phần ở các thẻ dưới đây rồi bấm “Lưu kế hoạch”.")
        self._to_editor()

    def begin_edit(self) -> None:
        """Correct the kept plan."""
        desk = self._desk
        if desk is None or (self._dirty and not self._give_up()):
            return
        self._source, self._plan_id = ("", ""), desk.row.id
        noted = frozenset(
            line.row.id
            for line in desk.tasks
            if line.row.lead_unit or line.row.due_on or line.row.progress or line.row.status != "open"
        )
        kept = f"Nguồn: tệp “{desk.row.source_name}”. " if desk.row.source_name else ""
        note = kept + "Phân công và tiến độ của từng nhiệm vụ được giữ nguyên khi lưu."
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
