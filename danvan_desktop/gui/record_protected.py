"""Fields whose values are protected in a record: closed until looked at, or for accounts without the right."""

from __future__ import annotations

from ..catalog.model import Form, Privacy
from ..catalog.privacy import privacy_of
from .form_builder import FormView
from .widgets import LineField, LongTextField

KEPT_WORDS = (
    "Danh tính người tố cáo được giữ kín ở kho riêng; mỗi lần xem đều được ghi lại. Sửa các mục khác không làm mất."
)
BARRED_WORDS = "Danh tính người tố cáo được giữ kín; tài khoản này không có quyền xem. Sửa các mục khác không làm mất."
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
