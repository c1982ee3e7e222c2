"""The office's own scoring: points and evidence typed in a table, total and band at once, what caps it ticked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..catalog.scoring_model import ScoringScheme
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.scoring import (
    BONUS,
    PENALTY,
    Score,
    Scored,
    ScoreSheet,
    ScoringView,
    points_text,
    read_score,
    score_cell,
)
from . import dialogs
from .loader import load_ui
from .runner import Runner

_COLUMNS = ("Mã", "Tiêu chí", "Điểm chuẩn", "Tự chấm", "Minh chứng (số, ngày văn bản)")
_POINTS, _EVIDENCE = 3, 4
_WIDTHS = (52, 0, 106, 92, 260)
_KEY = Qt.ItemDataRole.UserRole


class ScoringDialog(QDialog):
    """Shows a view; :meth:`sheet` is what was typed."""

    scheme_combo: QComboBox
    about_label: QLabel
    table: QTableWidget
    caps_title: QLabel
    caps_list: QListWidget
    result_label: QLabel
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, view: ScoringView, *, may_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "scoring_dialog")
        self.setWindowTitle(f"Tự chấm điểm, xếp loại năm {view.year}")
        self._schemes = {item.key: item for item in view.schemes}
        self._stored = view.scored
        self._may_write = may_write
        self._filling = False
        self.error_label.hide()
        self.table.setColumnCount(len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.table.horizontalHeader()
        for column, width in enumerate(_WIDTHS):
            if width:
                self.table.setColumnWidth(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.scheme_combo.addItem("Không tự chấm điểm", "")
        for item in view.schemes:
            self.scheme_combo.addItem(item.title, item.key)
        chosen = view.scored.scheme.key if view.scored else ""
        self.scheme_combo.setCurrentIndex(max(0, self.scheme_combo.findData(chosen)))
        self.scheme_combo.setEnabled(may_write)
        self.ok_button.setEnabled(may_write)
        self.scheme_combo.currentIndexChanged.connect(lambda _at: self._fill())
        self.table.itemChanged.connect(lambda _item: self._tell())
        self.caps_list.itemChanged.connect(lambda _item: self._tell())
        self.ok_button.clicked.connect(self._accept)
        self.cancel_button.clicked.connect(self.reject)
        self._fill()

    def scheme(self) -> ScoringScheme | None:
        """The scheme chosen."""
        return self._schemes.get(str(self.scheme_combo.currentData() or ""))

    def _fill(self) -> None:
        scheme = self.scheme()
        self._filling = True
        self.table.setRowCount(0)
        self.caps_list.clear()
        for part in (self.table, self.caps_title, self.caps_list):
            part.setVisible(scheme is not None)
        if scheme is not None:
            stored = self._stored if self._stored and self._stored.scheme.key == scheme.key else None
            sheet = stored.sheet if stored else ScoreSheet()
            for item in scheme.criteria:
                self._row(
                    item.code, item.code, item.text, item.maximum, sheet.scores.get(item.code, Score()), item.rule
                )
            if scheme.bonus_ceiling:
                self._row(BONUS, "+", scheme.bonus_text, scheme.bonus_ceiling, sheet.bonus)
            if scheme.penalty_ceiling:
                self._row(PENALTY, "-", scheme.penalty_text, scheme.penalty_ceiling, sheet.penalty)
            self.table.setCurrentCell(0, _POINTS)
            for cap in scheme.caps:
                line = QListWidgetItem(cap.text)
                line.setData(_KEY, cap.key)
                line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                line.setCheckState(Qt.CheckState.Checked if cap.key in sheet.happened else Qt.CheckState.Unchecked)
                self.caps_list.addItem(line)
            self.about_label.setText(f"{scheme.source}. {scheme.note}".strip())
        else:
            self.about_label.setText("Chọn thang điểm để chấm. Không chọn thì báo cáo năm không có mục tự chấm điểm.")
        self._filling = False
        self._tell()

    def _row(self, key: str, code: str, text: str, most: int, score: Score, rule: str = "") -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, cell in enumerate((code, text, points_text(most), score_cell(score), score.evidence)):
            item = QTableWidgetItem(cell)
            if column < _POINTS or not self._may_write:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            if column in (2, _POINTS):
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(rule or cell)
            item.setData(_KEY, key)
            self.table.setItem(row, column, item)

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text() if item is not None else ""

    def sheet(self) -> ScoreSheet:
        """What was typed. Raises Refused for a number that is none, or beyond its ceiling."""
        scheme = self.scheme()
        if scheme is None:
            return ScoreSheet()
        read: dict[str, Score] = {}
        for row in range(self.table.rowCount()):
            first = self.table.item(row, 0)
            key = str(first.data(_KEY)) if first is not None else ""
            read[key] = read_score(scheme, key, self._cell(row, _POINTS), self._cell(row, _EVIDENCE))
        lines = [self.caps_list.item(at) for at in range(self.caps_list.count())]
        happened = frozenset(str(line.data(_KEY)) for line in lines if line.checkState() is Qt.CheckState.Checked)
        bonus, penalty = read.pop(BONUS, Score()), read.pop(PENALTY, Score())
        return ScoreSheet(read, bonus, penalty, happened)

    def _tell(self) -> bool:
        """Total and band as typed; False while something typed cannot be taken."""
        scheme = self.scheme()
        if self._filling:
            return False
        self.error_label.hide()
        self.result_label.setText("")
        if scheme is None:
            return True
        try:
            verdict = Scored(scheme, self.sheet()).verdict
        except DanvanError as error:
            self.error_label.setText(error.message)
            self.error_label.show()
            return False
        words = (
            f"Tổng {points_text(verdict.total)}/{points_text(scheme.maximum)} điểm; tự xếp loại: {verdict.band.title}"
        )
        words += f" ({'; '.join(verdict.reasons)})." if verdict.reasons else "."
        self.result_label.setText("\n".join((words, *verdict.warnings)))
        return True

    def _accept(self) -> None:
        self.table.setFocus()  # a cell being typed in gives its words
        if self._tell():
            self.accept()


def ask_scoring(
    parent: QWidget, office: Office, runner: Runner, year: int, done: Callable[[Changes, str], None]
) -> None:
    """Show and change the scoring of ``year``; ``done(changes, words)`` when something was kept."""

    def failed(error: Exception) -> None:
        if isinstance(error, DanvanError):
            dialogs.tell(parent, error.message)
        else:
            dialogs.show_error(parent, error)

    def show(view: ScoringView) -> None:
        dialog = ScoringDialog(view, may_write=office.context.may("report.write"), parent=parent.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: keep(dialog))
        dialog.open()
        dialog.table.setFocus() if dialog.scheme() else dialog.scheme_combo.setFocus()

    def keep(dialog: ScoringDialog) -> None:
        scheme, sheet = dialog.scheme(), dialog.sheet()
        runner.submit_db(
            lambda _p: office.scoring.save(year, scheme.key if scheme else "", sheet),
            lambda changes: done(changes, f"Đã ghi điểm tự chấm năm {year}; tính lại số liệu để đưa vào dự thảo."),
            failed,
            "Đang ghi điểm tự chấm",
            owner=parent,
        )

    runner.submit_db(lambda _p: office.scoring.view(year), show, failed, "Đang mở bảng tự chấm điểm", owner=parent)
