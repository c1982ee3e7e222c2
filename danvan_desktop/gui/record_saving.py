"""Saving the record on screen: the reason of a correction, and what the database thread is asked to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ..catalog.model import Form
from ..services.records import RecordInput, RecordRow, RecordService, Saved
from . import dialogs
from .runner import Progress

Written = tuple[Saved, RecordRow, bool]  # what was saved, the record as it stands now, whether it has protected values


def is_final(row: RecordRow | None) -> bool:
    """Whether the record counts already: saving it again is a correction that needs a reason."""
    return row is not None and row.state == "final"


def ask_reason(parent: QWidget, row: RecordRow | None, *, final: bool) -> str | None:
    """The reason of a change of a final record, empty for others; None when the officer gave up."""
    if not is_final(row):
        return ""
    what = "Lý do sửa bản ghi chính thức:" if final else "Lý do chuyển bản ghi chính thức về dự thảo:"
    return dialogs.ask_text(parent, what)


def save_work(
    records: RecordService, form: Form, row: RecordRow | None, entered: RecordInput, *, final: bool, why: str,
    draft: str,
) -> Callable[[Progress], Written]:  # fmt: skip
    """What runs on the database thread; ``draft``: the journalled draft that goes away with the save.

    Raises Refused of :meth:`RecordService.save` (incomplete, changed by another one meanwhile, no unit).
    """

    def work(_progress: Progress) -> Written:
        saved = records.save(
            form.key, entered, final=final, record_id=row.id if row else None,
            expected_revision=row.revision if row else None, why=why, draft=draft,
        )  # fmt: skip
        return saved, records.get(saved.id), records.has_protected(saved.id)

    return work
