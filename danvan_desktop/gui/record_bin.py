"""Into the bin and out of it: a record is never destroyed by an officer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ..kernel import vi
from ..services.office import Office
from ..services.records import RecordRow
from . import dialogs
from .runner import Runner

BIN_WORDS = (
    "Thùng rác: các bản ghi đã xóa không được tính vào số liệu. Chọn một bản ghi rồi bấm “Khôi phục” để lấy lại."
)


def count_words(total: int, *, binned: bool, filtered: bool) -> str:
    """How many records a list holds, in words."""
    words = f"{vi.number(total)} bản ghi"
    if binned:
        return words + " trong thùng rác"
    return words + " khớp điều kiện lọc" if filtered else words


class RecordBin(QObject):
    """``moved(changes, sentence)`` when a record went in or came out."""

    moved = Signal(object, str)

    def __init__(self, office: Office, runner: Runner, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._runner, self._page = office, runner, page

    def put_in(self, row: RecordRow) -> None:
        """Move a record to the bin, with a reason asked for."""
        label = self._office.records.label(row)
        why = dialogs.ask_text(self._page, f"Lý do xóa “{label}”\n(bản ghi vào thùng rác, có thể khôi phục):")
        if why is None:
            return
        self._runner.submit_db(
            lambda _progress: self._office.records.delete(row.id, why),
            lambda changes: self.moved.emit(changes, f"Đã chuyển vào thùng rác: {label}."),
            self._failed,
            "Đang xóa",
            owner=self,
        )

    def take_out(self, row: RecordRow) -> None:
        """Bring a record back."""
        label = self._office.records.label(row)
        self._runner.submit_db(
            lambda _progress: self._office.records.undelete(row.id),
            lambda changes: self.moved.emit(changes, f"Đã khôi phục: {label}."),
            self._failed,
            "Đang khôi phục",
            owner=self,
        )

    def _failed(self, error: Exception) -> None:
        dialogs.show_error(self._page, error)
