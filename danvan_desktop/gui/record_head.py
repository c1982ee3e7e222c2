"""The head of the record editor and the words on its buttons: what is on screen, in what state, by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLabel, QPushButton

from ..catalog.model import Form
from ..services.records import RecordRow
from .record_data import STATES, moment
from .widgets import restyle

_SHORT = 40
_SAVE_DRAFT = "Lưu &dự thảo (Ctrl+S)"
_BACK_TO_DRAFT = "Chuyển về &dự thảo"
_LONGEST_TITLE = 96  # what two lines of the head hold; the whole stands in the tool tip


def show_head(
    title: QLabel, state: QLabel, revision: QLabel, form: Form, row: RecordRow | None, label: str, *,
    unsaved: bool, people: Mapping[str, str], proves: Sequence[str] = (),
) -> None:  # fmt: skip
    """``row`` None: a new record; ``label``: how the record is named; ``people``: account → label; ``proves``: the
    tasks of the plan that this record proves."""
    title.setText(shortened(f"{form.short_title}: {label}", _LONGEST_TITLE))
    title.setToolTip("\n".join(part for part in (label, form.title, form.help) if part))
    words = STATES[row.state] if row is not None else "Chưa lưu"
    state.setText(words + (" – có thay đổi chưa lưu" if unsaved and row is not None else ""))
    looks = "warning" if unsaved or row is None else "ok" if row.state == "final" else "note"
    restyle(state, severity=looks)
    by = ""
    if row is not None:
        done = "Nhập" if row.revision == 1 else "Sửa lần cuối"
        by = f"{done} {moment(row.changed_at)} · {people.get(row.changed_by, row.changed_by)}"
    if row is not None and proves:
        more = f" và {len(proves) - 1} nhiệm vụ khác" if proves[1:] else ""
        by += f"\nMinh chứng cho nhiệm vụ: {shortened(proves[0], _SHORT)}{more}"  # beneath: the title needs the width
    revision.setText(by)
    revision.setToolTip("\n".join(f"Minh chứng cho nhiệm vụ {words}" for words in proves) if row is not None else "")


def shortened(text: str, longest: int) -> str:
    """``text`` cut at a word, with an ellipsis, when it is longer than ``longest`` characters."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at = kept.rfind(" ")
    return (kept[:at] if at > longest // 2 else kept).rstrip(" –,;:") + "…"


def name_draft_button(button: QPushButton, row: RecordRow | None) -> None:
    """What the button makes of this record; Ctrl+S saves a final record as final, so its name is not shown there."""
    button.setText(_BACK_TO_DRAFT if row is not None and row.state == "final" else _SAVE_DRAFT)
