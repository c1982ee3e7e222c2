"""One task of the plan, beside the board: who does it, until when and how often, how far it is, what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from ..catalog.model import Choice
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.plan_view import RECURRENCE_TITLES, STATUS_TITLES, TaskLine
from ..services.plans import TaskRow
from ..services.task_work import MAX_NOTE, MAX_REMARK
from . import dialogs
from .loader import load_ui, register_widget
from .plan_proof import PROOF, WORK, ProofPart
from .runner import Progress, Runner
from .widgets import FieldWidget, MultiChoice, NullableDateEdit, NullableNumberEdit, TextField, UnitCombo


@register_widget
class TaskPanel(QFrame):
    """``saved(changes, words, from the work tab)`` when something was kept; ``go_to(page, target)`` leads elsewhere."""

    saved = Signal(object, str, bool)
    go_to = Signal(str, object)

    task_title: QLabel
    task_words: QPlainTextEdit
    task_tabs: QTabWidget
    lead_combo: UnitCombo
    helpers_list: MultiChoice
    due_edit: NullableDateEdit
    recurrence_combo: QComboBox
    progress_edit: NullableNumberEdit
    status_combo: QComboBox
    done_label: QLabel
    done_edit: NullableDateEdit
    done_button: QPushButton
    remark_label: QLabel
    remark_edit: TextField
    note_edit: TextField
    task_problem: QLabel
    save_task_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "plan_task")
        self._office: Office | None = None
        self._line: TaskLine | None = None
        self._dirty = False
        self._filling = False

    def use(self, office: Office, runner: Runner) -> None:
        """Work with an open office."""
        self._office = office
        self._runner = runner
        self._may_write = office.context.may("plan")
        if not self._may_write:
            self.save_task_button.setToolTip("Tài khoản này không có quyền sửa kế hoạch.")
        for key, title in STATUS_TITLES.items():
            self.status_combo.addItem(title, key)
        for key, title in RECURRENCE_TITLES.items():
            self.recurrence_combo.addItem(title, key)
        for edit, name in ((self.due_edit, "Hạn của nhiệm vụ"), (self.done_edit, "Ngày làm xong")):
            edit.set_today(lambda: clock.today(office.context.clock))
            edit.set_name(name)
        self.progress_edit.set_name("Tiến độ, phần trăm")
        self.progress_edit.set_unit_text("%")
        self.lead_combo.set_name("Cơ quan chủ trì")
        self.helpers_list.set_name("Cơ quan phối hợp")
        self.helpers_list.list.max_rows = 3
        self.remark_edit.set_name("Nhận xét khi xong", "Kết quả của lần này; giữ trong quá trình của nhiệm vụ.")
        self.remark_edit.edit.setMaxLength(MAX_REMARK)
        self.note_edit.set_name("Ghi chú về nhiệm vụ")
        self.note_edit.edit.setMaxLength(MAX_NOTE)
        for field in self._fields():
            field.edited.connect(self._mark_dirty)
        for combo in (self.status_combo, self.recurrence_combo):
            combo.activated.connect(lambda _row: self._mark_dirty())
        self.status_combo.activated.connect(lambda _row: self._show_done())
        self.save_task_button.clicked.connect(self.save)
        self.done_button.clicked.connect(self.mark_done)
        self.proof = ProofPart(self, office, runner)
        self.proof.wrote.connect(lambda changes, words: self.saved.emit(changes, words, False))
        self.proof.record_wanted.connect(lambda record_id: self.go_to.emit("records", record_id))

    def _fields(self) -> tuple[FieldWidget, ...]:
        return (
            self.lead_combo, self.helpers_list, self.due_edit, self.progress_edit, self.done_edit, self.remark_edit,
            self.note_edit,
        )  # fmt: skip

    # what is shown
    def set_agencies(self, agencies: Sequence[Choice]) -> None:
        """The bodies to choose from; what is being typed stays."""
        if not self._dirty:
            self.lead_combo.set_choices(agencies)
            self.helpers_list.set_choices(agencies)

    def show_line(self, line: TaskLine | None) -> None:
        """Show a task; one that is being typed in stays as typed when others have written."""
        self.proof.show_line(line)
        if self._dirty and line is not None and self._line is not None and line.row.id == self._line.row.id:
            return
        self._line = line
        row = line.row if line is not None else None
        self._filling = True
        self.task_title.setText((f"Nhiệm vụ {row.mark}" if row.mark else "Nhiệm vụ") if row else "Chọn một nhiệm vụ")
        self.task_words.setPlainText(row.text if row else "")
        self.lead_combo.set_value(row.lead_unit if row else None)
        self.helpers_list.set_value(list(row.helpers) if row and row.helpers else None)
        self.due_edit.set_value(row.due_on.isoformat() if row and row.due_on else None)
        self.recurrence_combo.setCurrentIndex(self.recurrence_combo.findData(row.recurrence) if row else -1)
        self.progress_edit.set_value(row.progress if row else None)
        self.status_combo.setCurrentIndex(self.status_combo.findData(row.status) if row else -1)
        self.done_edit.set_value(row.done_on.isoformat() if row and row.done_on else None)
        self.remark_edit.set_value(None)
        self.note_edit.set_value((row.note or None) if row else None)
        for field in self._fields():
            field.set_problem("")
        self.task_problem.hide()
        writable = row is not None and self._may_write
        for widget in (*self._fields(), self.status_combo, self.recurrence_combo, self.save_task_button):
            widget.setEnabled(writable)
        self.done_button.setEnabled(writable and row is not None and row.status != "done")
        self._show_done()
        self._filling = False
        self._dirty = False

    def _show_done(self) -> None:
        """The day and the words of "done" are asked for only where the task is."""
        done = self.status_combo.currentData() == "done"
        for widget in (self.done_label, self.done_edit, self.remark_label, self.remark_edit):
            widget.setEnabled(done and self._may_write)
        if done and self.done_edit.value() is None and self._office is not None and not self._filling:
            self.done_edit.set_value(clock.today(self._office.context.clock).isoformat())

    def _mark_dirty(self) -> None:
        self._dirty = self._dirty or not self._filling

    def may_leave(self) -> bool:
        """Ask before what was typed and not kept is lost."""
        if not self._dirty:
            return True
        if not dialogs.ask(self, "Thay đổi của nhiệm vụ chưa ghi. Bỏ thay đổi?", yes="Bỏ", no="Ở lại", default=False):
            return False
        self._dirty = False
        self.show_line(self._line)
        return True

    # keys
    def begin(self) -> None:
        """To the first field (F2)."""
        self.task_tabs.setCurrentIndex(WORK)
        self.lead_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def prove(self) -> None:
        """Search a record that proves the task (F3)."""
        self.task_tabs.setCurrentIndex(PROOF)
        self.proof.ask_link()

    def mark_done(self) -> None:
        """Say that it was done today, the day still to be corrected (F8); kept with the rest."""
        if self._line is None or not self.done_button.isEnabled():
            return
        self.task_tabs.setCurrentIndex(WORK)
        self.status_combo.setCurrentIndex(self.status_combo.findData("done"))
        self._mark_dirty()
        self._show_done()
        self.done_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # keeping it
    def save(self) -> None:
        """Keep what is typed."""
        line, office = self._line, self._office
        if line is None or office is None:
            return
        for field in self._fields():
            field.set_problem("")
            field.commit()
            if field.isEnabled() and field.input_error():
                field.setFocus()
                return
        progress, status = int(str(self.progress_edit.value() or 0)), str(self.status_combo.currentData())
        if not 0 <= progress <= 100:
            self.progress_edit.set_problem("Từ 0 đến 100.")
            self.progress_edit.setFocus()
            return
        if status == "done":
            progress = 100
        elif line.row.status != "done" and (
            (status == "open" and progress > 0) or (progress == 100 and status == "doing")
        ):
            status = "done" if progress == 100 else "doing"
        due, lead, helpers, done = (
            field.value() for field in (self.due_edit, self.lead_combo, self.helpers_list, self.done_edit)
        )
        task = replace(
            line.row,
            lead_unit=str(lead) if lead else None,
            helpers=tuple(str(key) for key in helpers) if isinstance(helpers, list) else (),
            due_on=date.fromisoformat(str(due)) if due else None,
            recurrence=str(self.recurrence_combo.currentData()),
            progress=progress,
            status=status,
            done_on=date.fromisoformat(str(done)) if done and self.done_edit.isEnabled() else None,
            note=str(self.note_edit.value() or ""),
        )
        remark = str(self.remark_edit.value() or "") if status == "done" else ""

        def work(_progress: Progress) -> tuple[Changes, TaskRow]:
            return office.tasks.save(task, remark), office.tasks.get(task.id)

        self._runner.submit_db(
            work, lambda kept: self._saved(status, *kept), self._refused, "Đang ghi nhiệm vụ", owner=self
        )

    def _saved(self, asked: str, changes: Changes, row: TaskRow) -> None:
        self._dirty = False
        words = "Đã ghi nhiệm vụ."
        if asked == "done" and row.status != "done" and row.due_on is not None:
            words = f"Đã ghi xong lần này; hạn tiếp theo là {vi.day(row.due_on)}."
        self.saved.emit(changes, words, True)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, DanvanError):
            dialogs.show_error(self, error)
            return
        field = {"due_on": self.due_edit, "done_on": self.done_edit}.get(str(error.details.get("field")))
        if field is not None:
            field.set_problem(error.message)
            field.setFocus()
        else:
            self.task_problem.setText(error.message)
            self.task_problem.show()
