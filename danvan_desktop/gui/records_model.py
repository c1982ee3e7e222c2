"""Lists of records: a model over windows of rows, so that 100,000 rows open like a hundred."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from .runner import Progress, Runner

R = TypeVar("R")
_Index = QModelIndex | QPersistentModelIndex
WINDOW = 100  # rows asked for at once
KEPT = 60  # windows kept in memory
_AT_WORK = 2  # requests on their way; scrolling past the others drops them
RowRole = Qt.ItemDataRole.UserRole
PLACEHOLDER = "…"


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column of a list: ``text`` shows a row, ``sort`` is the key the list is asked to be sorted by."""

    key: str
    title: str
    text: Callable[[R], str]
    right: bool = False
    sort: str = ""
    width: int = 0  # pixels at 100 %; 0: not said
    least: int = 0  # never narrower than this


class WindowModel(QAbstractTableModel, Generic[R]):
    """Rows come by windows through the runner; rows on their way show ``…``.

    ``fetch(offset, limit)`` and ``count()`` run on the database thread. :meth:`set_source` starts anew; answers
    to an earlier source are dropped.
    """

    total_known = Signal(int)
    window_loaded = Signal(int, int)  # first row, number of rows
    sort_requested = Signal(str, bool)  # sort key, descending
    failed = Signal(object)  # Exception

    def __init__(self, runner: Runner, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._columns = tuple(columns)
        self._fetch: Callable[[int, int], Sequence[R]] | None = None
        self._count: Callable[[], int] | None = None
        self._windows: OrderedDict[int, tuple[R, ...]] = OrderedDict()
        self._total = 0
        self._total_is_known = False
        self._generation = 0
        self._wanted: list[int] = []
        self._at_work: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)

    def set_source(self, fetch: Callable[[int, int], Sequence[R]], count: Callable[[], int]) -> None:
        """Show other rows: both functions are run on the database thread."""
        self._fetch, self._count = fetch, count
        self.beginResetModel()
        self._forget()
        self._total, self._total_is_known = 0, False
        self.endResetModel()
        self._request(0)
        self._ask_total()

    def reload(self) -> None:
        """The rows have changed: ask again for what is shown; the place in the list stays."""
        if self._fetch is None:
            return
        shown = list(self._windows)[-2:] or [0]
        self._forget()
        for window in shown:
            self._request(window)
        self._ask_total()

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns of the same rows."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    @property
    def columns(self) -> tuple[Column[R], ...]:
        return self._columns

    @property
    def total(self) -> int | None:
        """How many rows there are; None while not known yet."""
        return self._total if self._total_is_known else None

    def row_at(self, index: _Index | int) -> R | None:
        """The row, or None while it is on its way (which asks for it)."""
        number = index if isinstance(index, int) else index.row()
        window, place = divmod(number, WINDOW)
        rows = self._windows.get(window)
        if rows is None:
            self._want(window)
            return None
        self._windows.move_to_end(window)
        return rows[place] if place < len(rows) else None

    # Qt
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            return None
        return section + 1 if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, RowRole):
            return None
        row = self.row_at(index)
        if role == RowRole:
            return row
        if row is None:
            return PLACEHOLDER if role == Qt.ItemDataRole.DisplayRole else None
        return column.text(row)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self._columns) and self._columns[column].sort:
            self.sort_requested.emit(self._columns[column].sort, order == Qt.SortOrder.DescendingOrder)

    # loading
    def _forget(self) -> None:
        self._generation += 1
        self._windows.clear()
        self._wanted.clear()
        self._at_work.clear()

    def _want(self, window: int) -> None:
        if window in self._at_work:
            return
        if window in self._wanted:
            self._wanted.remove(window)
        self._wanted.append(window)  # the last asked for is what the officer looks at
        del self._wanted[:-6]
        if not self._timer.isActive():
            self._timer.start()

    def _work(self) -> None:
        while self._wanted and len(self._at_work) < _AT_WORK:
            self._request(self._wanted.pop())

    def _request(self, window: int) -> None:
        fetch, generation = self._fetch, self._generation
        if fetch is None or window in self._at_work:
            return
        self._at_work.add(window)

        def work(_progress: Progress) -> tuple[R, ...]:
            return tuple(fetch(window * WINDOW, WINDOW))

        self._runner.submit_db(
            work,
            lambda rows: self._take(generation, window, rows),
            lambda error: self._fail(generation, window, error),
            "Đang đọc danh sách",
            owner=self,
        )

    def _take(self, generation: int, window: int, rows: tuple[R, ...]) -> None:
        if generation != self._generation:
            return
        self._at_work.discard(window)
        self._windows[window] = rows
        while len(self._windows) > KEPT:
            self._windows.popitem(last=False)
        if not self._total_is_known:
            self._resize(max(self._total, window * WINDOW + len(rows)))
        first, last = window * WINDOW, min(window * WINDOW + len(rows), self._total) - 1
        if last >= first and self._columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
        self.window_loaded.emit(first, len(rows))
        if self._wanted:
            self._timer.start()

    def _fail(self, generation: int, window: int, error: Exception) -> None:
        if generation == self._generation:
            self._at_work.discard(window)
            self.failed.emit(error)

    def _ask_total(self) -> None:
        count, generation = self._count, self._generation
        if count is None:
            return
        self._runner.submit_db(
            lambda _progress: count(),
            lambda total: self._take_total(generation, total),
            lambda error: self._fail(generation, -1, error),
            "Đang đếm",
            owner=self,
        )

    def _take_total(self, generation: int, total: int) -> None:
        if generation != self._generation:
            return
        self._total_is_known = True
        self._resize(total)
        self.total_known.emit(total)

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()
