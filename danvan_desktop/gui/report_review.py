"""Reading a report again: its history, what changed, what is new to a leader, and the comments of colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..kernel.changes import Changes
from ..services import report_history
from ..services.report_desk import Comment, OpenReport
from ..services.report_history import Comparison, Moment
from .report_comments import CommentsDialog
from .report_dialogs import RemarksDialog
from .runner import Progress

if TYPE_CHECKING:
    from .report_page import ReportPage


class ReportReview(QObject):
    """Serves the page: Ctrl+D the changes, Ctrl+M a comment, F7 all comments."""

    def __init__(self, page: ReportPage) -> None:
        super().__init__(page)
        self._page = page
        self.showing = False  # whether the changes stand in place of the text
        page.changes_pane.asked.connect(self._compare)
        page.changes_pane.left.connect(self.leave)
        page.desk.changes_button.clicked.connect(self.turn)
        page.desk.comments_button.clicked.connect(self.list_comments)
        page.problems.settle_button.clicked.connect(self._settle_chosen)
        page.shortcut("Ctrl+D", self.turn)
        page.shortcut("Ctrl+M", self.add_comment)
        page.shortcut("F7", self.list_comments)

    def update(self, report: OpenReport | None, *, same: bool) -> None:
        """Another report is shown, or another state of it."""
        page = self._page
        if not same and self.showing:
            self.leave()
        count = sum(1 for item in report.comments if item.open) if report is not None else 0
        page.desk.comments_button.setText(f"Ý kiến ({count})" if count else "Ý kiến")
        if report is not None and not same and report.view.state == "submitted" and "approve" in report.acts:
            self._look(report)

    # -- changes --------------------------------------------------------------------------------

    def turn(self) -> None:
        """Show the history and the changes in place of the text, or the text again."""
        page = self._page
        if self.showing:
            self.leave()
        elif page.report is not None:
            report_id = page.report.view.id
            page.actions_.read(lambda: report_history.moments(page.office, report_id), self._show_history)

    def _show_history(self, moments: tuple[Moment, ...]) -> None:
        if not moments:
            self._page.said.emit("Báo cáo này lập trước khi chương trình giữ lịch sử nên chưa có gì để so sánh.")
            return
        self._enter()
        self._page.changes_pane.show_history(moments)

    def _enter(self) -> None:
        self.showing = True
        self._page.desk_box.hide()
        self._page.changes_pane.show()
        self._page.changes_pane.changes_view.setFocus()

    def leave(self) -> None:
        """Back to the text."""
        self.showing = False
        self._page.changes_pane.hide()
        self._page.desk_box.setVisible(self._page.report is not None)
        self._page.desk.editor.setFocus()

    def _compare(self, since: int, until: int) -> None:
        page = self._page
        if page.report is not None:
            report_id = page.report.view.id
            page.actions_.read(
                lambda: report_history.compare(page.office, report_id, since, until or None),
                page.changes_pane.show_comparison,
            )

    def _look(self, report: OpenReport) -> None:
        """What a leader has not seen yet comes first."""
        page, view = self._page, report.view

        def work(_progress: Progress) -> tuple[Comparison | None, tuple[Moment, ...]]:
            found, _changes = report_history.look(page.office, view.id)
            return found, report_history.moments(page.office, view.id) if found is not None else ()

        def done(answer: tuple[Comparison | None, tuple[Moment, ...]]) -> None:
            found, moments = answer
            here = page.report.view if page.report is not None else None
            if found is not None and here is not None and (here.id, here.revision) == (view.id, view.revision):
                self._enter()
                page.changes_pane.show_news(moments, found)
                page.said.emit("Có thay đổi từ lần xem trước. Esc: về nội dung.")

        page.runner.submit_db(work, done, page.tell, owner=page)

    # -- comments -------------------------------------------------------------------------------

    def add_comment(self) -> None:
        """Remark on the words selected, or on the whole section."""
        page = self._page
        if page.report is None or page.report.view.draft is None or not page.desk.key or self.showing:
            page.said.emit("Ý kiến ghi vào dự thảo chưa chốt: chọn đoạn cần góp ý rồi bấm Ctrl+M.")
            return
        section, view = page.desk.key, page.report.view
        quote = page.desk.editor.textCursor().selectedText().replace("\u2029", " ").strip()
        about = f"đoạn “{_short(quote)}”" if quote else f"mục “{page.desk.section_label.text()}”"
        dialog = RemarksDialog(
            f"Ý kiến về {about} (không in ra, không gửi đi):", "Ghi ý kiến", "Hãy viết ý kiến.", parent=page.window()
        )
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        if accepted:
            page.actions_.write(
                lambda: report_history.add_comment(page.office, view.id, section, dialog.text, quote),
                lambda _id: page.said.emit("Đã ghi ý kiến."),
            )

    def list_comments(self) -> None:
        """All comments on the report, open ones first."""
        page = self._page
        if page.report is None:
            return
        dialog = CommentsDialog(page.report, page.window())
        dialog.settle.connect(lambda key, done: self._settle(key, done=done, dialog=dialog))
        if dialog.exec() and dialog.chosen is not None:
            self.go_to(dialog.chosen)
        dialog.deleteLater()

    def _settle_chosen(self) -> None:
        problem = self._page.problems.problem
        if problem is not None and problem.comment:
            self._settle(problem.comment, done=True)

    def _settle(self, comment: str, *, done: bool, dialog: CommentsDialog | None = None) -> None:
        page = self._page

        def work() -> tuple[None, Changes]:
            return None, report_history.settle_comment(page.office, comment, done=done)

        def shown(_none: None) -> None:
            page.said.emit("Ý kiến đã giải quyết." if done else "Đã mở lại ý kiến.")
            if dialog is not None and page.report is not None:
                dialog.show_report(page.report)

        page.actions_.write(work, shown)

    def go_to(self, comment: Comment | str) -> None:
        """Show the words a comment is about."""
        page = self._page
        known = page.report.comments if page.report is not None else ()
        found = next((item for item in known if comment in (item, item.id)), None)
        if found is None:
            return
        if self.showing:
            self.leave()
        page.desk.show_section(found.section)
        if not page.desk.editor.select_words(found.quote) and found.quote:
            page.said.emit("Đoạn được góp ý đã được sửa; ý kiến còn lại ở mục này.")
        page.desk.editor.setFocus()


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"
