"""The imports from spreadsheets, newest first, each to be taken back in one step. Keyboard only is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTableWidget, QWidget

from ..kernel import vi
from ..services.office import Office
from ..services.sheets import ImportEntry, Undone
from . import dialogs
from .exchange_desk import chosen_id, fill, prepare
from .import_dialog import undone_words
from .loader import load_ui
from .record_data import moment
from .runner import Runner

_TITLES = ("Lúc nhập", "Người nhập", "Biểu", "Tệp", "Bản ghi", "Tình trạng")
_WIDTHS = (130, 130, 150, 150, 70, 0)


class ImportListDialog(QDialog):
    """``wrote(changes)`` after an import was taken back; ``said`` a sentence for the page."""

    wrote = Signal(object)
    said = Signal(str)

    import_table: QTableWidget
    message_label: QLabel
    undo_button: QPushButton
    close_button: QPushButton

    def __init__(
        self, office: Office, runner: Runner, entries: Sequence[ImportEntry], people: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        load_ui(self, "import_list")
        self._office, self._runner, self._people = office, runner, people
        self._entries: dict[str, ImportEntry] = {}
        prepare(self.import_table, _TITLES, _WIDTHS)
        self.import_table.currentCellChanged.connect(lambda *_places: self._show_chosen())
        self.import_table.doubleClicked.connect(lambda _index: self.undo())
        self.undo_button.clicked.connect(self.undo)
        self.close_button.clicked.connect(self.reject)
        self.show_entries(entries)
        self.import_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_entries(self, entries: Sequence[ImportEntry]) -> None:
        """The list; the chosen import stays chosen."""
        self._entries = {entry.row.id: entry for entry in entries}
        fill(
            self.import_table,
            [
                (entry.row.id,
                 (moment(entry.row.at), self._people.get(entry.row.by, entry.row.by), entry.form, entry.row.source,
                  vi.number(len(entry.row.record_ids)), self._state(entry)),
                 "" if entry.undoable else "soft")
                for entry in entries
            ],
        )  # fmt: skip
        self._show_chosen()

    def _state(self, entry: ImportEntry) -> str:
        if entry.row.undone_at is not None:
            who = self._people.get(entry.row.undone_by or "", entry.row.undone_by or "")
            return f"Đã hoàn tác {moment(entry.row.undone_at)}, {who}"
        if entry.reports:
            return "Đã nằm trong báo cáo đã chốt: " + "; ".join(entry.reports)
        changed = len(entry.row.record_ids) - entry.untouched
        return "Hoàn tác được" + (f"; {vi.number(changed)} bản ghi đã sửa hoặc xóa, giữ nguyên" if changed else "")

    def _chosen(self) -> ImportEntry | None:
        return self._entries.get(chosen_id(self.import_table))

    def _show_chosen(self) -> None:
        entry = self._chosen()
        self.undo_button.setEnabled(entry is not None and entry.row.undone_at is None)
        self._say("")

    def _say(self, text: str) -> None:
        self.message_label.setText(text)
        self.message_label.setVisible(bool(text))

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None], label: str) -> None:
        self._runner.submit_db(
            lambda _progress: work(), done, lambda error: dialogs.show_error(self, error), label, owner=self
        )

    def undo(self) -> None:
        """Take the chosen import back, after a question; the service refuses what a frozen report counts."""
        entry = self._chosen()
        if entry is None or entry.row.undone_at is not None:
            return
        sheets, row = self._office.sheets, entry.row
        if not entry.reports:
            question = (
                f"Hoàn tác lần nhập “{row.source}” lúc {moment(row.at)} ({vi.number(len(row.record_ids))} bản ghi)?"
            )
            detail = f"{vi.number(entry.untouched)} bản ghi chưa ai sửa chuyển vào thùng rác."
            if not dialogs.ask(self, question, detail=detail, yes="Hoàn tác", no="Giữ lại", default=False):
                return
        self._run(lambda: (sheets.undo(row.id), sheets.import_list()), self._undone, "Đang hoàn tác lần nhập")

    def _undone(self, result: tuple[Undone, Sequence[ImportEntry]]) -> None:
        undone, entries = result
        self.wrote.emit(undone.changes)
        self.show_entries(entries)
        self._say(undone_words(undone))
        self.said.emit(undone_words(undone))
        self.import_table.setFocus(Qt.FocusReason.OtherFocusReason)
