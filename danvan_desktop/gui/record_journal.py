"""The draft journal behind an entry form: every finished field is kept; what was never saved is offered again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ..services.drafts import DraftService, TypedDraft, WaitingDraft
from . import dialogs
from .form_builder import FormView
from .record_data import moment
from .runner import Progress, Runner

REST_MS = 1500  # a long text is journalled too while it is typed, whenever the keys rest this long
CONTINUE, LATER, DROP = range(3)


@dataclass(frozen=True)
class DraftTarget:
    """What a page of records is asked to show: a journalled draft."""

    id: str


class RecordJournal(QObject):
    """Keeps the form on screen. ``look`` tells what stands there now, None when there is nothing to keep."""

    def __init__(
        self,
        drafts: DraftService,
        runner: Runner,
        look: Callable[[], TypedDraft | None],
        on_error: Callable[[Exception], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._runner = runner
        self._look = look
        self._on_error = on_error
        self._id = ""
        self._failed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.keep)

    @property
    def id(self) -> str:
        """The draft kept of what is on screen; empty when nothing is."""
        return self._id

    def watch(self, view: FormView) -> None:
        """Follow the typing in a form."""
        view.edited.connect(lambda _key: self._timer.start())
        view.field_finished.connect(lambda _key: self.keep())

    def start(self, draft_id: str = "") -> None:
        """Another record is on screen; ``draft_id``: it goes on with this draft."""
        self._timer.stop()
        self._id = draft_id

    def pause(self) -> str:
        """The record is being saved: the draft that goes with it."""
        self._timer.stop()
        return self._id

    def keep(self) -> None:
        """Write down what stands in the form now; nothing unsaved there: forget the draft."""
        self._timer.stop()
        draft = self._look()
        if draft is None:
            self.drop()
            return
        self._id = self._id or self._drafts.new_id()
        kept_id, kept = self._id, draft

        def work(_progress: Progress) -> None:
            self._drafts.keep(kept_id, kept)

        self._runner.submit_db(work, lambda _none: self._kept(), self._not_kept, "Đang ghi nháp", owner=self)

    def _kept(self) -> None:
        self._failed = False

    def _not_kept(self, error: Exception) -> None:
        if not self._failed:  # said once, not at every field
            self._failed = True
            self._on_error(error)

    def drop(self) -> None:
        """The draft is given up."""
        self._timer.stop()
        dropped, self._id = self._id, ""
        if dropped:
            self._runner.submit_db(
                lambda _p: self._drafts.discard(dropped), lambda _n: None, self._not_kept, "Đang bỏ nháp", owner=self
            )


def ask_about(parent: QWidget, draft: WaitingDraft, *, more: int = 0) -> int:
    """What to do with a draft that was never saved: CONTINUE, LATER or DROP."""
    what = "Một bản ghi mới" if draft.record_id is None else "Phần đang sửa của bản ghi"
    others = f" Còn {more} bản nhập dở khác sẽ được hỏi sau." if more else ""
    answer = dialogs.choose(
        parent,
        f"{what} ở biểu “{draft.form.short_title}” đang nhập dở, chưa lưu. Anh/chị có nhập tiếp không?",
        ("Nhập tiếp", "Để sau", "Bỏ bản này"),
        detail=f"{draft.label}\nĐược giữ tự động lúc {moment(draft.changed_at)}. Bản nhập dở chưa được tính vào số "
        f"liệu.{others}",
        escape=LATER,
    )
    if answer == DROP and not dialogs.ask(
        parent,
        "Bỏ hẳn những gì đã nhập trong bản này?",
        detail=f"{draft.label}\nKhông lấy lại được.",
        yes="Bỏ hẳn",
        no="Giữ lại",
        default=False,
    ):
        return LATER
    return answer


class DraftOffers(QObject):
    """Offers the drafts that were never saved, one after the other. ``go``: opens the one to go on with."""

    def __init__(
        self, drafts: DraftService, runner: Runner, go: Callable[[WaitingDraft], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._runner = runner
        self._go = go
        self._window = parent

    def offer(self, nothing: Callable[[], None] | None = None) -> None:
        """Ask about the drafts waiting; ``nothing`` is called when there are none."""

        def found(waiting: list[WaitingDraft]) -> None:
            if not waiting and nothing is not None:
                nothing()
            self._ask(waiting)

        self._runner.submit_db(lambda _p: self._drafts.waiting(), found, label="Đang tìm bản nhập dở", owner=self)

    def _ask(self, waiting: list[WaitingDraft]) -> None:
        for at, draft in enumerate(waiting):
            answer = ask_about(self._window, draft, more=len(waiting) - at - 1)
            if not isValid(self):
                return
            if answer == CONTINUE:
                self._go(draft)
                return
            if answer == DROP:
                self._runner.submit_db(partial(_discard, self._drafts, draft.id), lambda _n: None, owner=self)


def _discard(drafts: DraftService, draft_id: str, _progress: Progress) -> None:
    drafts.discard(draft_id)
