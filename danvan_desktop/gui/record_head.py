"""The head of the record editor and the words on its buttons: what is on screen, in what state, by whom."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QLabel, QPushButton

from ..catalog.model import Form
from ..services.records import RecordRow
from .record_data import STATES, moment
from .widgets import restyle

_SAVE_DRAFT = "Lưu &dự thảo (Ctrl+S)"
_BACK_TO_DRAFT = "Chuyển về &dự thảo (Ctrl+S)"


def show_head(
    title: QLabel, state: QLabel, revision: QLabel, form: Form, row: RecordRow | None, label: str, *,
    unsaved: bool, people: Mapping[str, str],
) -> None:  # fmt: skip
    """``row`` None: a new record; ``label``: how the record is named; ``people``: account → label."""
    title.setText(f"{form.short_title}: {label}")
    title.setToolTip("\n".join(part for part in (label, form.title, form.help) if part))
    words = STATES[row.state] if row is not None else "Chưa lưu"
    state.setText(words + (" – có thay đổi chưa lưu" if unsaved and row is not None else ""))
    looks = "warning" if unsaved or row is None else "ok" if row.state == "final" else "note"
    restyle(state, severity=looks)
    by = ""
    if row is not None:
        by = f"Lần sửa {row.revision} · {moment(row.changed_at)} · {people.get(row.changed_by, row.changed_by)}"
    revision.setText(by)


def name_draft_button(button: QPushButton, row: RecordRow | None) -> None:
    """What Ctrl+S does to this record."""
    button.setText(_BACK_TO_DRAFT if row is not None and row.state == "final" else _SAVE_DRAFT)
