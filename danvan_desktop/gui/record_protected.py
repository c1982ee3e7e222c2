"""Fields whose values are protected in a record: closed until looked at, or for accounts without the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ..catalog.model import Form, Json, Privacy
from ..catalog.privacy import privacy_of
from ..services.records import RecordRow, RecordService
from .form_builder import FormView
from .record_data import common_of
from .runner import Failed, Runner
from .widgets import LineField, LongTextField

KEPT_WORDS = (
    "Danh tính người tố cáo được giữ kín ở kho riêng; mỗi lần xem đều được ghi lại. Sửa các mục khác không làm mất."
)
BARRED_WORDS = "Danh tính người tố cáo được giữ kín; tài khoản này không có quyền xem. Sửa các mục khác không làm mất."
SHOWN_WORDS = "Đang hiện thông tin được bảo vệ; lần xem này đã được ghi lại."
_KEPT = "được giữ kín"
_BARRED = "tài khoản này không được ghi"


def close_protected(form: Form, view: FormView, *, kept: bool, may_see: bool, read_only: bool) -> bool:
    """Close the fields that are protected with what stands in the form now; whether any keeps a hidden value.

    ``kept``: the record has protected values that have not been shown. A field that holds a value typed just now
    stays open, so that it can be taken out.
    """
    entered = view.values()
    hidden = False
    for item in form.fields:
        if item.class_when is None and item.privacy is not Privacy.PROTECTED:
            continue
        widget = view.widget(item.key)
        secret = privacy_of(form, item, entered) is Privacy.PROTECTED
        closed = secret and kept
        barred = secret and not may_see and item.key not in entered
        hidden = hidden or closed
        widget.set_read_only(read_only or closed or barred)
        if isinstance(widget, LineField | LongTextField):
            widget.edit.setPlaceholderText(_KEPT if closed else _BARRED if barred else "")
    return hidden


class ProtectedPart(QObject):
    """The box above the form that says what is kept hidden, and the look at it."""

    def __init__(
        self, records: RecordService, runner: Runner, box: QWidget, label: QLabel, button: QPushButton, on_error: Failed
    ) -> None:
        super().__init__(box)
        self._records = records
        self._runner = runner
        self._box = box
        self._label = label
        self._button = button
        self._on_error = on_error
        self.has = False  # the record on screen has protected values
        self.shown = False  # and they are before the officer's eyes
        box.hide()

    def start(self, has: bool) -> None:
        """Another record is on screen."""
        self.has, self.shown = has, False

    def saved(self, has: bool) -> None:
        """The record has been saved: what was typed just now is before the officer's eyes already."""
        if has and not self.has:
            self.shown = True
        self.has = has

    def guard(self, form: Form, view: FormView, read_only: bool) -> None:
        """Fields whose values are protected now: closed until looked at, or without the right."""
        may_see = self._records.may_see_protected
        hidden = close_protected(
            form, view, kept=self.has and not self.shown, may_see=may_see, read_only=read_only
        )  # fmt: skip
        self._box.setVisible(hidden)
        self._button.setVisible(may_see)
        self._label.setText(KEPT_WORDS if may_see else BARRED_WORDS)

    def look(
        self,
        form: Form,
        row: RecordRow,
        view: Callable[[], FormView | None],
        read_only: bool,
        then: Callable[[], None],
    ) -> None:
        """Put the protected values into the form; the look is recorded. ``view``: the form, None when gone by then."""

        def shown(found: dict[str, Json]) -> None:
            at = view()
            if at is None:
                return
            self.shown = True
            if at.is_changed():
                at.apply({**at.values(), **found})
            else:
                at.load({**row.values, **found}, common_of(row))
            at.set_read_only(read_only)
            self.guard(form, at, read_only)
            then()
            first = next((item.key for item in form.fields if item.key in found), None)
            if first is not None:
                at.focus_field(first)

        self._runner.submit_db(
            lambda _p: self._records.protected(row.id), shown, self._on_error, "Đang mở thông tin", owner=self
        )
