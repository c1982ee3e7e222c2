"""The history of a record: who changed what, when and why, and the way back to an earlier revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QPlainTextEdit, QPushButton, QWidget

from ..catalog import values
from ..catalog.model import Form, Privacy
from ..catalog.privacy import masked, privacy_of
from ..services.office import Office
from ..services.records import RevisionRow, Saved
from . import dialogs
from .loader import load_ui, register_widget
from .record_data import STATES, OfficeLists, moment
from .runner import Runner

ACTIONS = {
    "insert": "Thêm mới",
    "update": "Sửa",
    "delete": "Chuyển vào thùng rác",
    "undelete": "Khôi phục từ thùng rác",
}
EMPTY = "(trống)"


def heading(revision: RevisionRow, people: Mapping[str, str]) -> str:
    """``Lần 3 · 28/05/2026 09:05 · Cán bộ`` and what was done."""
    who = people.get(revision.by, revision.by)
    done = ACTIONS.get(revision.action, revision.action)
    return f"Lần {revision.revision} · {moment(revision.at)} (giờ Việt Nam)\n{done} – {who}"


def changes(
    form: Form, before: Mapping[str, Any] | None, after: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(title, old, new) of everything that differs between two snapshots; ``before`` None: a new record."""
    old: Mapping[str, Any] = before or {}
    old_values, new_values = old.get("values", {}), after.get("values", {})
    result = []
    for item in form.fields:
        was, now = old_values.get(item.key), new_values.get(item.key)
        if was != now:
            hidden = Privacy.SENSITIVE in (privacy_of(form, item, old_values), privacy_of(form, item, new_values))
            old_text, new_text = (
                (masked(text) if hidden else text) or EMPTY
                for text in (values.display(item, value, names) for value in (was, now))
            )
            result.append((item.title, old_text, new_text))
    for key in sorted({*old_values, *new_values}):
        if not form.has_field(key) and old_values.get(key) != new_values.get(key):
            title = f"Mục của phiên bản khác ({key})"
            result.append((title, str(old_values.get(key, EMPTY)), str(new_values.get(key, EMPTY))))
    for key, title, text in (
        ("unit", "Đơn vị thực hiện", lambda value: names.get(str(value), str(value))),
        ("state", "Trạng thái", lambda value: STATES.get(str(value), str(value))),
        ("villages", "Thôn, tổ dân phố", lambda value: "; ".join(names.get(item, item) for item in value)),
        ("secondary_areas", "Mảng liên quan khác", lambda value: ", ".join(map(str, value))),
        ("note", "Ghi chú", str),
        ("evidence", "Tệp minh chứng", lambda value: f"{len(value)} tệp"),
    ):
        was, now = old.get(key), after.get(key)
        if (was or None) != (now or None):
            after_words = text(now) if now else EMPTY
            if key == "evidence" and was and now:
                after_words += f" (thêm {len(set(now) - set(was))}, bỏ {len(set(was) - set(now))})"
            result.append((title, text(was) if was else EMPTY, after_words))
    return result


def story(form: Form, revisions: Sequence[RevisionRow], at: int, names: Mapping[str, str]) -> str:
    """The text beneath revision ``at`` (place in the list, oldest first): why, and every field old → new."""
    revision = revisions[at]
    lines = [f"Lý do: {revision.why}"] if revision.why else []
    before = revisions[at - 1].snapshot if at else None
    found = changes(form, before, revision.snapshot, names)
    if revision.action in ("delete", "undelete"):
        lines.append(ACTIONS[revision.action] + ".")
    elif not found:
        lines.append("Không có mục nào đổi giá trị (thông tin được bảo vệ, nếu có, không hiện ở đây).")
    for title, was, now in found:
        lines.append(f"• {title}: {now}" if before is None else f"• {title}:\n   {was}  →  {now}")
    return "\n".join(lines)


def comparison(form: Form, first: RevisionRow, last: RevisionRow, names: Mapping[str, str]) -> str:
    """The text beneath two chosen revisions: every field that differs between them, older → newer."""
    lines = [f"So sánh lần {first.revision} với lần {last.revision}:"]
    found = changes(form, first.snapshot, last.snapshot, names)
    lines += [f"• {title}:\n   {was}  →  {now}" for title, was, now in found]
    return "\n".join(lines if found else [*lines, "Hai lần sửa này có nội dung như nhau."])


@register_widget
class RecordHistory(QFrame):
    """The panel beside the form."""

    restored = Signal(object)  # Saved
    said = Signal(str)

    history_list: QListWidget
    history_text: QPlainTextEdit
    restore_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "record_history")
        self._office: Office | None = None
        self._runner: Runner | None = None
        self._may_go: Callable[[], bool] = lambda: True
        self._form: Form | None = None
        self._record_id = ""
        self._lists: OfficeLists | None = None
        self._may_restore = False
        self._revisions: list[RevisionRow] = []
        self.history_list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.history_list.setToolTip("Giữ Shift và bấm mũi tên để chọn hai lần sửa mà so sánh")
        self.history_list.itemSelectionChanged.connect(self._show)
        self.restore_button.clicked.connect(self._restore)

    def use(self, office: Office, runner: Runner, may_go: Callable[[], bool]) -> None:
        """``may_go``: asks whether unsaved work may be left before a revision is restored."""
        self._office, self._runner, self._may_go = office, runner, may_go

    def load(self, form: Form, record_id: str, lists: OfficeLists, *, may_restore: bool) -> None:
        """Show the revisions of a record, the newest first."""
        office, runner = self._office, self._runner
        if office is None or runner is None:
            return
        self._form, self._record_id, self._lists, self._may_restore = form, record_id, lists, may_restore
        runner.submit_db(
            lambda _p: office.records.history(record_id), self._take, self._fail, "Đang đọc lịch sử", owner=self
        )

    def _take(self, revisions: list[RevisionRow]) -> None:
        self._revisions = revisions
        people = self._lists.people if self._lists else {}
        self.history_list.clear()
        for revision in reversed(revisions):
            self.history_list.addItem(heading(revision, people))
        self.history_list.setCurrentRow(0)

    def _fail(self, error: Exception) -> None:
        dialogs.show_error(self, error)

    def _place(self) -> int:
        """The place of the chosen revision, oldest first; -1 when none is chosen."""
        row = self.history_list.currentRow()
        return len(self._revisions) - 1 - row if row >= 0 else -1

    def _show(self) -> None:
        at = self._place()
        if at < 0 or self._form is None or self._lists is None:
            self.history_text.clear()
            return
        chosen = sorted(len(self._revisions) - 1 - self.history_list.row(i) for i in self.history_list.selectedItems())
        if len(chosen) > 1:
            first, last = self._revisions[chosen[0]], self._revisions[chosen[-1]]
            self.history_text.setPlainText(comparison(self._form, first, last, self._lists.names))
            self.restore_button.setEnabled(False)
            return
        self.history_text.setPlainText(story(self._form, self._revisions, at, self._lists.names))
        self.restore_button.setEnabled(at < len(self._revisions) - 1 and self._may_restore)

    def _restore(self) -> None:
        at, office, runner, record_id = self._place(), self._office, self._runner, self._record_id
        if at < 0 or office is None or runner is None or not self._may_go():
            return
        revision = self._revisions[at].revision
        if not dialogs.ask(
            self,
            f"Khôi phục nội dung của lần sửa thứ {revision}?",
            detail="Nội dung hiện nay vẫn nằm trong lịch sử; việc khôi phục được ghi thành một lần sửa mới.",
            yes="Khôi phục",
            no="Giữ như hiện nay",
        ):
            return

        def done(saved: Saved) -> None:
            self.said.emit(f"Đã khôi phục lần sửa thứ {revision}.")
            self.restored.emit(saved)

        runner.submit_db(
            lambda _p: office.records.restore(record_id, revision), done, self._fail, "Đang khôi phục", owner=self
        )
