"""What the three parts of the page of exchange share: running work, tables of texts, folders for packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QPushButton, QTableWidget, QTableWidgetItem, QWidget

from ..kernel.changes import Changes
from ..services.office import Office
from . import dialogs, theme
from .fair_columns import FairColumns
from .pages import Page
from .row_table import whole_rows
from .runner import Runner

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
ID_ROLE = Qt.ItemDataRole.UserRole
_MEASURED = 100  # lines whose height follows their texts
PACKAGES = "Gói dữ liệu (*.dvpkg);;Mọi tệp (*)"


class Part(QObject):
    """One tab of the page."""

    def __init__(self, page: Page, office: Office, runner: Runner) -> None:
        super().__init__(page)
        self.page = page
        self.office = office
        self.runner = runner

    def child(self, kind: type[W], name: str) -> W:
        """A widget of the page. Raises LookupError when the drawn page has none of this name and kind."""
        found = self.page.findChild(kind, name)
        if found is None:
            raise LookupError(f"{type(self.page).__name__} has no {kind.__name__} {name}")
        return found

    def run(self, work: Callable[[], T], done: Callable[[T], Any], label: str) -> None:
        """Do ``work`` on the database thread; what goes wrong is told."""
        self.runner.submit_db(
            lambda _progress: work(), done, lambda error: dialogs.show_error(self.page, error), label, owner=self
        )

    def announce(self, changes: Changes, sentence: str) -> None:
        """Tell the page itself, the other pages and the officer what was done."""
        self.page.refresh(changes)
        self.page.wrote.emit(changes)
        self.page.said.emit(sentence)

    def write_out(self, package_id: str, question: str, later: str) -> None:
        """Ask for a folder and write a built package there, read back; ``later``: what is said when given up."""
        folder = dialogs.choose_folder(self.page, question)
        if folder is None:
            self.page.said.emit(later)
            return
        packages = self.office.packages
        self.run(
            lambda: packages.export(package_id, folder)[0],
            lambda path: self.announce(Changes.of("package"), written(path)),
            "Đang ghi và đọc lại gói",
        )


def written(path: Path) -> str:
    """The sentence after a package was written."""
    return f"Đã ghi và kiểm tra lại gói “{path.name}” trong “{path.parent}”."


def prepare(table: QTableWidget, titles: Sequence[str], widths: Sequence[int]) -> None:
    """Columns of a table; width 0: takes what is left; negative: does not give way (FairColumns)."""
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    FairColumns(table, header, widths)
    whole_rows(table)


def fill(table: QTableWidget, rows: Sequence[tuple[str, Sequence[str], str]]) -> None:
    """Rows as (id, texts, severity: "", "error", "warning", "ok", "soft"); the chosen id stays chosen."""
    chosen = chosen_id(table)
    colours = {
        "error": theme.COLOURS.danger,
        "warning": theme.COLOURS.warn,
        "ok": theme.COLOURS.ok,
        "soft": theme.COLOURS.soft_ink,
    }
    table.blockSignals(True)
    if table.wordWrap():
        down = table.verticalHeader()
        if len(rows) <= _MEASURED:
            down.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        else:  # every line would be measured again and again; the whole text stands in the tip
            down.setDefaultSectionSize(2 * table.fontMetrics().lineSpacing() + 8)
            down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.setRowCount(len(rows))
    current = 0
    for number, (key, texts, severity) in enumerate(rows):
        if key == chosen:
            current = number
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(ID_ROLE, key)
            item.setToolTip(text)
            if severity in colours:
                item.setForeground(QColor(colours[severity]))
            table.setItem(number, column, item)
    table.setCurrentCell(current if rows else -1, 0)
    table.blockSignals(False)


def leave(table: QTableWidget, button: QPushButton) -> None:
    """Before an empty table is hidden: the cursor goes to ``button``, else Qt would put it anywhere in the window."""
    if table.hasFocus():
        button.setFocus()


def chosen_id(table: QTableWidget) -> str:
    """The id of the chosen row, or nothing."""
    item = table.item(table.currentRow(), 0) if table.currentRow() >= 0 else None
    return str(item.data(ID_ROLE)) if item is not None else ""


def choose_id(table: QTableWidget, key: str) -> bool:
    """Choose the row with this id; False when there is none."""
    for row in range(table.rowCount()):
        item = table.item(row, 0)
        if item is not None and item.data(ID_ROLE) == key:
            table.setCurrentCell(row, 0)
            return True
    return False


def size_words(length: int) -> str:
    """``12 kB``, ``1,2 MB``."""
    if length < 10 * 1024:
        return f"{length} byte"
    if length < 1024 * 1024:
        return f"{length // 1024} kB"
    return f"{length / 1024 / 1024:.1f} MB".replace(".", ",")
