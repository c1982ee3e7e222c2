"""What stands between a draft and its approval: a line each, errors first, with what may settle it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from ..services.report_desk import DeskProblem, OpenReport
from . import theme
from .loader import load_ui, register_widget

_WORDS = {"error": "Phải xử lý", "warning": "Cảnh báo", "note": "Lưu ý"}


@register_widget
class ProblemPane(QWidget):
    """Click or Enter: ``jump``; the buttons beneath serve the problem chosen."""

    jump = Signal()

    problem_label: QLabel
    problem_list: QListWidget
    problem_box: QWidget
    jump_button: QPushButton
    nil_button: QPushButton
    reason_button: QPushButton
    settle_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_problems")
        self._report: OpenReport | None = None
        self._folded = False
        self.problem_list.currentRowChanged.connect(self._chosen)
        self.problem_list.itemClicked.connect(lambda: self.jump.emit())
        self.problem_list.itemActivated.connect(lambda: self.jump.emit())
        self.jump_button.clicked.connect(lambda: self.jump.emit())

    def make_room(self, folded: bool) -> None:
        """The heading alone while the text is searched: a small screen has not the height for both."""
        self._folded = folded
        self.problem_list.setVisible(not folded and self.problem_list.count() > 0)

    def show_report(self, report: OpenReport) -> None:
        """List the problems of ``report``; the line chosen stays chosen."""
        self._report = report
        row = self.problem_list.currentRow()
        blocked = self.problem_list.blockSignals(True)
        self.problem_list.clear()
        colours = {"error": theme.COLOURS.danger, "warning": theme.COLOURS.warn}
        for problem in report.problems:
            item = QListWidgetItem(f"{_WORDS[problem.severity]}: {problem.message}")
            item.setForeground(QColor(colours.get(problem.severity, theme.COLOURS.ink)))
            item.setToolTip(item.text())
            self.problem_list.addItem(item)
        self.problem_list.blockSignals(blocked)
        others = len(report.problems) - report.errors
        text = f"Còn {report.errors} việc phải xử lý trước khi phê duyệt" if report.errors else "Đủ điều kiện phê duyệt"
        self.problem_label.setText(text + (f"; {others} điều lưu ý" if others else ""))
        self.problem_list.setVisible(bool(report.problems) and not self._folded)
        self.problem_box.setVisible(bool(report.problems))
        self.setVisible(report.view.draft is not None)
        if report.problems:
            self.problem_list.setCurrentRow(min(max(row, 0), len(report.problems) - 1))
        self._chosen()

    @property
    def problem(self) -> DeskProblem | None:
        """The problem chosen."""
        row = self.problem_list.currentRow()
        problems = self._report.problems if self._report is not None else ()
        return problems[row] if 0 <= row < len(problems) else None

    def _chosen(self) -> None:
        problem = self.problem
        live = self._report is not None and "edit" in self._report.acts
        self.nil_button.setVisible(live and problem is not None and problem.no_data)
        self.reason_button.setVisible(live and problem is not None and bool(problem.figure))
        self.settle_button.setVisible(live and problem is not None and bool(problem.comment))
