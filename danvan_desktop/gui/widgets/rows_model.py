"""The sheet behind a rows field: rows of column values, a blank row at the end, blocks pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from ...catalog.model import Field, Json, Severity, ValueType
from ...kernel.cells import address, parse_block
from .. import theme
from .codec import Codec, NotAccepted

_Index = QModelIndex | QPersistentModelIndex
_SHOWN = 40  # letters of a refused text
_NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell of a pasted block that was not taken; ``row`` and ``column`` count from 1 in the sheet."""

    row: int
    column: int
    title: str
    text: str
    reason: str
    place: str
    """Its address in the block: ``B3``, as in a sheet that begins with the block."""

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN].rstrip() + "…"
        return f"ô {self.place} ({self.title}) “{shown}”: {self.reason.rstrip('.')}"


@dataclass
class Row:
    id: str
    values: dict[str, Json]
    wrong: dict[str, str]  # what was typed and is no value, by column: kept on screen, not in the value

    @property
    def blank(self) -> bool:
        return not self.values and not self.wrong

    def copy(self) -> Row:
        return Row(self.id, dict(self.values), dict(self.wrong))


class RowsModel(QAbstractTableModel):
    """One blank row always stands at the end; typing in it makes it a row."""

    edited = Signal()

    def __init__(
        self,
        columns: Sequence[Field],
        codecs: Mapping[str, Codec],
        new_id: Callable[[], str],
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.codecs = dict(codecs)
        self._new_id = new_id
        self.rows: list[Row] = []
        self.read_only = False
        self._problems: dict[tuple[str, str], tuple[str, Severity]] = {}
        self._headings = [_heading(column) for column in self.columns]

    # Qt
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.rows) + (0 if self.read_only else 1)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.read_only and self.editable(index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Horizontal:
                return self._headings[section]
            return str(section + 1) if section < len(self.rows) else "+"
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].help or self.columns[section].title
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        row = self.rows[index.row()] if index.row() < len(self.rows) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if row is None:
                return ""
            if column.key in row.wrong:
                return row.wrong[column.key]
            return self.codecs[column.key].show(row.values.get(column.key))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.type in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole and column.derive is not None:
            font = QFont()
            font.setItalic(True)
            return font
        if row is None:
            return None
        problem = self.problem(row, column.key)
        if problem is not None:
            text, severity = problem
            if role == Qt.ItemDataRole.BackgroundRole:
                return QColor(theme.SEVERITY_COLOURS[severity][1])
            if role == Qt.ItemDataRole.ForegroundRole:
                return QColor(theme.SEVERITY_COLOURS[severity][0])
            if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
                return f"{theme.SEVERITY_WORDS[severity]}: {text}"
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take the typed text of a cell. A text that is no value stays in the cell, marked, outside the value."""
        if role != Qt.ItemDataRole.EditRole or self.read_only or not self.editable(index.column()):
            return False
        key = self.columns[index.column()].key
        text = str(value)
        if index.row() >= len(self.rows):
            if not text.strip():
                return False
            self._append()
        row = self.rows[index.row()]
        before = row.copy()
        self._put(row, key, text)
        if row.values == before.values and row.wrong == before.wrong:
            return False
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    # ours
    def editable(self, column: int) -> bool:
        """Whether a column is typed: derived columns and files are not."""
        field = self.columns[column]
        return field.derive is None and field.type not in (ValueType.FILES, ValueType.ROWS)

    def set_cell(self, row: int, key: str, value: Json) -> None:
        """Set a value chosen in the cell (a picked record), not typed."""
        while row >= len(self.rows):
            self._append()
        self.rows[row].wrong.pop(key, None)
        if value is None:
            self.rows[row].values.pop(key, None)
        else:
            self.rows[row].values[key] = value
        at = self.index(row, [column.key for column in self.columns].index(key))
        self.dataChanged.emit(at, at)
        self.edited.emit()

    def _put(self, row: Row, key: str, text: str) -> str:
        """Put a text into a cell; the reason when it is no value."""
        codec = self.codecs[key]
        if key in row.values and text == codec.show(row.values[key]):
            row.wrong.pop(key, None)
            return ""
        try:
            value = codec.parse(text)
        except NotAccepted as error:
            row.values.pop(key, None)
            row.wrong[key] = text
            return str(error)
        row.wrong.pop(key, None)
        if value is None:
            row.values.pop(key, None)
        else:
            row.values[key] = value
        return ""

    def _append(self) -> None:
        """The blank row becomes a row, and a new blank one follows it: the cursor stays where it is."""
        at = len(self.rows)
        self.beginInsertRows(QModelIndex(), at + 1, at + 1)
        self.rows.append(Row(self._new_id(), {}, {}))
        self.endInsertRows()
        self.headerDataChanged.emit(Qt.Orientation.Vertical, at, at + 1)

    def value(self) -> Json:
        rows: list[Any] = [{"row": row.id, **row.values} for row in self.rows if row.values]
        return rows or None

    def set_value(self, value: Json) -> None:
        """Show ``value``; columns this form does not know are kept in their rows."""
        rows = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
        self.restore(
            [
                Row(str(item.get("row") or self._new_id()), {k: v for k, v in item.items() if k != "row"}, {})
                for item in rows
            ]
        )

    def snapshot(self) -> tuple[Row, ...]:
        """All rows, for undo."""
        return tuple(row.copy() for row in self.rows)

    def restore(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = [row.copy() for row in rows]
        self.endResetModel()

    def wrong_cells(self) -> list[list[str]]:
        """``[row id, column, text]`` of every cell whose text is no value."""
        return [[row.id, key, text] for row in self.rows for key, text in row.wrong.items()]

    def put_wrong_cells(self, cells: Sequence[Sequence[str]]) -> None:
        """Put such texts back into their rows; a row that holds nothing else is made again."""
        self.beginResetModel()
        for row_id, key, text in cells:
            row = next((item for item in self.rows if item.id == row_id), None)
            if row is None:
                row = Row(row_id, {}, {})
                self.rows.append(row)
            if key in self.codecs:
                row.wrong[key] = text
        self.endResetModel()

    def insert_row(self, at: int) -> None:
        """A blank row before ``at``."""
        at = min(at, len(self.rows))
        self.beginInsertRows(QModelIndex(), at, at)
        self.rows.insert(at, Row(self._new_id(), {}, {}))
        self.endInsertRows()
        self.edited.emit()

    def remove_rows(self, numbers: Sequence[int]) -> int:
        """Remove rows; how many there were to remove."""
        doomed = sorted({number for number in numbers if number < len(self.rows)}, reverse=True)
        if self.read_only or not doomed:
            return 0
        for number in doomed:
            self.beginRemoveRows(QModelIndex(), number, number)
            del self.rows[number]
            self.endRemoveRows()
        self.edited.emit()
        return len(doomed)

    def clear_cells(self, cells: Sequence[tuple[int, int]]) -> None:
        """Empty some cells."""
        changed = False
        for number, column in cells:
            if number < len(self.rows) and self.editable(column) and not self.read_only:
                row, key = self.rows[number], self.columns[column].key
                changed |= row.values.pop(key, None) is not None
                changed |= row.wrong.pop(key, None) is not None
        if changed:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            self.edited.emit()

    def paste(self, at_row: int, at_column: int, text: str) -> list[RefusedCell]:
        """Put a block of tab-separated cells with its corner at a cell; refused cells keep what they held.

        One ``edited`` for the whole block, so that one undo takes it all back.
        """
        block = parse_block(text)
        if self.read_only or not block:
            return []
        refused: list[RefusedCell] = []
        self.beginResetModel()
        for down, line in enumerate(block):
            number = at_row + down
            if number >= len(self.rows):
                if not any(cell.strip() for cell in line):
                    continue
                number = len(self.rows)
                self.rows.append(Row(self._new_id(), {}, {}))
            row = self.rows[number]
            for across, cell in enumerate(line):
                column = at_column + across
                field = self.columns[column] if column < len(self.columns) else None
                reason = self._pasted(row, field, cell)
                if reason:
                    title = field.title if field else f"cột thứ {column + 1}"
                    refused.append(
                        RefusedCell(number + 1, column + 1, title, cell.strip(), reason, address(down, across))
                    )
        self.rows = [row for row in self.rows if not row.blank]
        self.endResetModel()
        self.edited.emit()
        return refused

    def _pasted(self, row: Row, field: Field | None, cell: str) -> str:
        """Put a pasted cell into its row; why not, when it is refused."""
        if field is None:
            return "bảng không có cột này." if cell.strip() else ""
        if not self.editable(self.columns.index(field)):
            same = not cell.strip() or cell.strip() == self.codecs[field.key].show(row.values.get(field.key))
            return "" if same else "cột này không nhập bằng cách dán."
        trial = row.copy()
        reason = self._put(trial, field.key, cell)
        if not reason:
            row.values, row.wrong = trial.values, trial.wrong
        return reason

    def copy_text(self, cells: Sequence[tuple[int, int]]) -> str:
        """Cells as tab-separated text, as spreadsheets understand it."""
        if not cells:
            return ""
        rows = sorted({row for row, _column in cells})
        columns = sorted({column for _row, column in cells})
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        for row in rows:
            writer.writerow(
                [self.data(self.index(row, column)) if (row, column) in cells else "" for column in columns]
            )
        return out.getvalue().rstrip("\n")

    def problem(self, row: Row, key: str) -> tuple[str, Severity] | None:
        """What is wrong with a cell."""
        if key in row.wrong:
            try:
                self.codecs[key].parse(row.wrong[key])
            except NotAccepted as error:
                return str(error), Severity.ERROR
        return self._problems.get((row.id, key))

    def input_errors(self) -> list[tuple[int, int, str]]:
        """(row, column, sentence) of every cell whose text is no value."""
        found = []
        for number, row in enumerate(self.rows):
            for at, column in enumerate(self.columns):
                if column.key in row.wrong:
                    problem = self.problem(row, column.key)
                    found.append((number, at, problem[0] if problem else ""))
        return found

    def set_cell_problems(self, problems: Mapping[tuple[str, str], tuple[str, Severity]]) -> None:
        """Mark cells by (row id, column key)."""
        self._problems = dict(problems)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))


def _heading(field: Field) -> str:
    unit = f" ({field.unit_text})" if field.unit_text else ""
    return field.title + unit + (" *" if field.required and field.derive is None else "")
