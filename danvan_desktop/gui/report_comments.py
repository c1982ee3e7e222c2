"""The comments on a report: listed, read, settled."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QPlainTextEdit, QPushButton, QWidget

from ..services.report_desk import Comment, OpenReport
from . import theme
from .loader import load_ui


class CommentsDialog(QDialog):
    """``chosen``: the comment to go to, once accepted. ``settle(id, done)`` comes back through :meth:`show_report`."""

    settle = Signal(str, bool)

    comment_list: QListWidget
    body_view: QPlainTextEdit
    jump_button: QPushButton
    settle_button: QPushButton
    close_button: QPushButton

    def __init__(self, report: OpenReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_comments")
        self._comments: tuple[Comment, ...] = ()
        self.chosen: Comment | None = None
        self.comment_list.currentRowChanged.connect(self._shown)
        self.comment_list.itemActivated.connect(self.accept)
        self.jump_button.clicked.connect(self.accept)
        self.settle_button.clicked.connect(self._settle)
        self.close_button.clicked.connect(self.reject)
        self.show_report(report)

    def show_report(self, report: OpenReport) -> None:
        """List the comments: open ones first, the newest of each kind first."""
        self._live = report.view.draft is not None
        row = max(self.comment_list.currentRow(), 0)
        self._comments = tuple(sorted(report.comments, key=lambda item: (item.open, item.id), reverse=True))
        titles = {sheet.key: f"{sheet.mark} {sheet.title}".strip() for sheet in report.sheets}
        blocked = self.comment_list.blockSignals(True)
        self.comment_list.clear()
        for item in self._comments:
            state = "Chưa giải quyết" if item.open else "Đã giải quyết"
            line = QListWidgetItem(
                f"{state}: {titles.get(item.section, item.section)} – {item.body}".replace("\n", " ")
            )
            line.setForeground(QColor(theme.COLOURS.warn if item.open else theme.COLOURS.soft_ink))
            line.setToolTip(item.body)
            self.comment_list.addItem(line)
        self.comment_list.setCurrentRow(min(row, len(self._comments) - 1))
        self.comment_list.blockSignals(blocked)
        self._shown()

    @property
    def comment(self) -> Comment | None:
        """The comment chosen in the list."""
        row = self.comment_list.currentRow()
        return self._comments[row] if 0 <= row < len(self._comments) else None

    def _shown(self) -> None:
        item = self.comment
        self.jump_button.setEnabled(item is not None)
        self.settle_button.setVisible(self._live and item is not None)
        if item is None:
            self.body_view.setPlainText("Chưa có ý kiến nào. Đóng cửa sổ này, chọn đoạn cần góp ý rồi bấm Ctrl+M.")
            return
        about = f"Về “{item.quote}”:\n" if item.quote else ""
        settled = f"\n({item.settled})" if item.settled else ""
        self.body_view.setPlainText(f"{item.by}, {item.when}\n{about}{item.body}{settled}")
        self.settle_button.setText("Đã giải &quyết" if item.open else "&Mở lại")

    def _settle(self) -> None:
        if self.comment is not None:
            self.settle.emit(self.comment.id, self.comment.open)

    def accept(self) -> None:
        self.chosen = self.comment
        super().accept()
