"""What stands behind a task of the plan: records that prove it, kept files, and every time it was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QStackedWidget, QTabWidget, QWidget

from ..catalog.model import Choice
from ..kernel import vi
from ..kernel.changes import Changes
from ..services.office import Office
from ..services.plan_view import TaskLine
from ..services.task_work import Done, ProvingRecord, TaskProof
from . import dialogs, theme
from .record_files import RecordFiles
from .runner import Runner
from .search_dialog import SearchDialog
from .widgets import FileDrop

_KEY = Qt.ItemDataRole.UserRole
_STATES = {"draft": "dự thảo", "final": "chính thức"}
WORK, PROOF, PAST = range(3)  # the tabs of the task panel
W = TypeVar("W", bound=QWidget)


def record_words(found: ProvingRecord) -> str:
    """A record in two lines: its name, then its kind and state."""
    return f"{found.label}\n{found.form_title} · {_STATES.get(found.state, found.state)}"


def done_words(done: Done) -> str:
    """One time a task was done: when and for which last day, who noted it, what was said."""
    words = f"Xong ngày {vi.day(done.done_on)}"
    if done.due_on is not None:
        late = f", muộn {done.late_days} ngày" if done.late_days else ""
        words += f" (hạn {vi.day(done.due_on)}{late})"
    words += f"\n{done.by} ghi lúc {done.at}"
    if done.note:
        words += f"\n“{done.note}”"
    if done.undone:
        words += f"\nĐã bỏ: {done.undone}"
    return words


class ProofPart(QObject):
    """The tabs "Minh chứng" and "Quá trình" of the task panel; what is changed there is kept at once."""

    wrote = Signal(object, str)  # Changes, a sentence
    record_wanted = Signal(str)

    def __init__(self, panel: QWidget, office: Office, runner: Runner) -> None:
        super().__init__(panel)
        self._panel = panel
        self._office = office
        self._runner = runner
        self._line: TaskLine | None = None
        self._asked = 0
        self._times = 0  # how often the task shown was done
        self._may_write = office.context.may("plan")
        self._drops: dict[str, FileDrop] = {}  # one for each task seen: a file on its way goes to the task it was for
        self._files = RecordFiles(office, runner, self._fail, self)
        self.tabs = _part(panel, QTabWidget, "task_tabs")
        self.record_list = _part(panel, QListWidget, "record_list")
        self.link_button = _part(panel, QPushButton, "link_button")
        self.open_button = _part(panel, QPushButton, "open_record_button")
        self.unlink_button = _part(panel, QPushButton, "unlink_button")
        self.stack = _part(panel, QStackedWidget, "files_stack")
        self.past_label = _part(panel, QLabel, "past_label")
        self.past_list = _part(panel, QListWidget, "past_list")
        self.undo_button = _part(panel, QPushButton, "undo_button")
        for button in (self.open_button, self.unlink_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Enter and Delete do the same
        self.record_list.installEventFilter(self)
        self.record_list.itemActivated.connect(lambda _item: self.open_record())
        self.record_list.currentRowChanged.connect(lambda _row: self._enable())
        self.link_button.clicked.connect(self.ask_link)
        self.open_button.clicked.connect(self.open_record)
        self.unlink_button.clicked.connect(self.unlink)
        self.undo_button.clicked.connect(self.undo_done)
        self._fill(TaskProof((), (), ()))

    # what is shown
    def show_line(self, line: TaskLine | None) -> None:
        """Show what stands behind another task."""
        self._asked += 1
        number = self._asked
        if line is None or self._line is None or line.row.id != self._line.row.id:
            self._line = line
            self._fill(TaskProof((), (), ()))
        self._line = line
        if line is None:
            return
        office, task_id = self._office, line.row.id

        def take(proof: TaskProof) -> None:
            if number == self._asked:
                self._fill(proof)

        self._runner.submit_db(
            lambda _p: office.tasks.proof(task_id), take, self._fail, "Đang đọc minh chứng", owner=self
        )

    @property
    def drop(self) -> FileDrop | None:
        """The file list of the task shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, FileDrop) else None

    def _fill(self, proof: TaskProof) -> None:
        kept = self.record_list.currentRow()
        self.record_list.clear()
        for found in proof.records:
            item = QListWidgetItem(record_words(found))
            item.setData(_KEY, found.id)
            item.setToolTip(found.label)
            self.record_list.addItem(item)
        self.record_list.setCurrentRow(min(max(kept, 0), len(proof.records) - 1))
        if self._line is not None:
            drop = self._drop_of(self._line.row.id)
            self.stack.setCurrentWidget(drop)
            drop.set_value([item.sha256 for item in proof.files])
            drop.name_files([Choice(item.sha256, item.name) for item in proof.files])
        self.past_list.clear()
        for done in proof.history:
            item = QListWidgetItem(done_words(done))
            item.setToolTip(done_words(done))
            if done.undone:
                item.setForeground(QBrush(QColor(theme.COLOURS.soft_ink)))
            self.past_list.addItem(item)
        times = self._times = sum(not done.undone for done in proof.history)
        self.past_label.setText(f"Đã xong {times} lần" if times else "Chưa lần nào được ghi là xong.")
        behind = len(proof.records) + len(proof.files)
        self.tabs.setTabText(PROOF, f"&Minh chứng ({behind})" if behind else "&Minh chứng")
        self.tabs.setTabText(PAST, f"&Quá trình ({times})" if times else "&Quá trình")
        self._enable()

    def _drop_of(self, task_id: str) -> FileDrop:
        drop = self._drops.get(task_id)
        if drop is None:
            drop = FileDrop(self.stack)
            drop.set_name("Tệp minh chứng của nhiệm vụ")
            drop.set_read_only(not (self._may_write and self._office.context.may("record")))
            self._files.serve(drop)
            drop.edited.connect(partial(self._keep_files, task_id, drop))
            self.stack.addWidget(drop)
            self._drops[task_id] = drop
        return drop

    def _enable(self) -> None:
        chosen = self.record_list.currentRow() >= 0
        there = self._line is not None
        self.link_button.setEnabled(there and self._may_write)
        self.open_button.setEnabled(chosen)
        self.unlink_button.setEnabled(chosen and self._may_write)
        done = self._line is not None and (self._times > 0 or self._line.row.status == "done")
        self.undo_button.setEnabled(done and self._may_write)

    # what is done
    def ask_link(self) -> None:
        """Search a record, and say that it proves the task."""
        line = self._line
        if line is None or not self._may_write:
            return
        dialog = SearchDialog(self._office, self._runner, self._panel.window(), action="gắn bản ghi")
        dialog.chosen.connect(partial(self._link, line.row.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _link(self, task_id: str, record_id: str) -> None:
        self._write(lambda tasks: tasks.link(task_id, record_id), "Đã gắn bản ghi với nhiệm vụ.")
        self.record_list.setFocus()

    def open_record(self) -> None:
        """Go to the record chosen."""
        if record_id := self._chosen():
            self.record_wanted.emit(record_id)

    def unlink(self) -> None:
        """The record chosen proves the task no more; the record stays."""
        record_id, line = self._chosen(), self._line
        if record_id and line is not None and self._may_write:
            self._write(lambda tasks: tasks.unlink(line.row.id, record_id), "Đã bỏ gắn; bản ghi vẫn còn nguyên.")

    def undo_done(self) -> None:
        """Take the last "done" back, after a question."""
        line = self._line
        if line is not None and dialogs.ask(
            self._panel, "Hoàn tác lần xong gần nhất của nhiệm vụ này?",
            detail="Hạn, trạng thái và tiến độ trở lại như trước lần đó. Lần đã ghi vẫn được giữ trong quá trình.",
            yes="Hoàn tác", no="Giữ lại", default=False,
        ):  # fmt: skip
            self._write(lambda tasks: tasks.undo_done(line.row.id), "Đã hoàn tác lần xong gần nhất.")

    def _keep_files(self, task_id: str, drop: FileDrop) -> None:
        hashes = drop.hashes()
        self._write(lambda tasks: tasks.set_files(task_id, hashes), "Đã ghi tệp minh chứng của nhiệm vụ.")

    def _write(self, act: Callable[[Any], Changes], words: str) -> None:
        tasks = self._office.tasks
        self._runner.submit_db(
            lambda _p: act(tasks),
            lambda changes: self.wrote.emit(changes, words),
            self._refused,
            "Đang ghi",
            owner=self,
        )

    def _refused(self, error: Exception) -> None:
        self._fail(error)
        self.show_line(self._line)  # what is kept, not what was wished

    def _chosen(self) -> str:
        row = self.record_list.currentRow()
        return str(self.record_list.item(row).data(_KEY)) if row >= 0 else ""

    def _fail(self, error: Exception) -> None:
        dialogs.show_error(self._panel, error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.record_list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Delete:
                self.unlink()
                return True
            if event.key() == Qt.Key.Key_Insert:
                self.ask_link()
                return True
        return super().eventFilter(watched, event)


def _part(panel: QWidget, kind: type[W], name: str) -> W:
    found = panel.findChild(kind, name)
    if found is None:
        raise LookupError(f"the task panel has no {name}")
    return found
