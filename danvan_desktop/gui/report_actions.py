"""What is done with a whole report: made, handed up, returned, approved, numbered, written out, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from ..catalog.periods import parse_period, period_key
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..services import report_desk, report_figures
from ..services.papers import PaperWish
from ..services.report_desk import OpenReport, ReportChoice
from ..services.signing import SigningState
from . import dialogs
from .report_dialogs import FigureDialog, MakeDialog, NumberDialog, RemarksDialog, ask_what_instead
from .report_paper import ReportPaper
from .report_sign import SigningDialog
from .runner import Progress
from .widgets import restyle

if TYPE_CHECKING:
    from .report_page import ReportPage

T = TypeVar("T")
# button → the act it is for
_BUTTONS = {
    "refresh_button": "refresh",
    "discard_button": "discard",
    "send_back_button": "send_back",
    "replace_button": "replace",
    "render_button": "render",
    "number_button": "number",
    "sign_button": "sign",
    "export_button": "export",
    "submit_button": "submit",
    "approve_button": "approve",
}
# which of them is the next step, the first that may be done
_NEXT = ("approve_button", "submit_button", "number_button", "export_button")


class ReportActions(QObject):
    """The buttons of the page; every write goes through :meth:`write`, after what was typed is stored."""

    def __init__(self, page: ReportPage) -> None:
        super().__init__(page)
        self._page = page
        self._buttons: dict[str, QPushButton] = {}
        self._working = False
        self.paper = ReportPaper(page, self)
        for name in _BUTTONS:
            button = page.findChild(QPushButton, name)
            assert button is not None
            self._buttons[name] = button
        slots = {
            "refresh_button": self.recount,
            "discard_button": self.discard,
            "send_back_button": self.send_back,
            "replace_button": self.replace,
            "render_button": self.paper.render,
            "number_button": self.number,
            "sign_button": self.sign,
            "export_button": self.paper.export,
            "submit_button": self.submit,
            "approve_button": self.approve,
        }
        for name, slot in slots.items():
            self._buttons[name].clicked.connect(slot)
        page.new_button.clicked.connect(self.ask_new)
        page.desk.reviewed_button.clicked.connect(self.reviewed)
        page.problems.nil_button.clicked.connect(self.confirm_nil)
        page.problems.reason_button.clicked.connect(self.give_reason)
        page.signer_combo.activated.connect(self.choose_signer)
        page.preview_pane.print_button.clicked.connect(self.paper.print)
        page.shortcut("Ctrl+N", self.ask_new)
        page.shortcut("F5", lambda: self._buttons["refresh_button"].click())
        page.shortcut("Ctrl+P", self.paper.print)

    @property
    def report(self) -> OpenReport:
        assert self._page.report is not None
        return self._page.report

    def update(self, report: OpenReport | None) -> None:
        """Show the buttons that may be pressed now; the next step stands out."""
        acts = report.acts if report is not None else frozenset()
        following = next((name for name in _NEXT if _BUTTONS[name] in acts), "")
        if following == "approve_button" and report is not None and report.view.state == "draft" and "submit" in acts:
            following = "approve_button" if not report.errors else "submit_button"
        for name, button in self._buttons.items():
            button.setVisible(_BUTTONS[name] in acts)
            restyle(button, role="primary" if name == following else "")
        self._page.preview_button.setVisible(report is not None)
        self.paper.shown()
        self._page.new_button.setEnabled(self._page.office.context.may("report.write"))

    # -- running --------------------------------------------------------------------------------

    def write(
        self, work: Callable[[], tuple[T, Changes]], done: Callable[[T], Any] | None = None, label: str = ""
    ) -> None:
        """Store what was typed, do ``work`` on the database's thread, show the report anew, then ``done(result)``."""
        if self._working:
            return
        page, office = self._page, self._page.office
        report_id = page.report.view.id if page.report is not None else ""

        def job(_progress: Progress) -> tuple[T, Changes, OpenReport | None, Any]:
            result, changes = work()
            opened = result if isinstance(result, str) and not report_id else report_id
            new = report_desk.open_report(office, str(opened)) if opened else None
            return result, changes, new, report_desk.heads(office)

        def finished(answer: tuple[T, Changes, OpenReport | None, Any]) -> None:
            self._working = False
            result, changes, new, heads = answer
            page._fill_list(heads)
            if new is not None:
                page.put(new)
            page.wrote.emit(changes)
            if done is not None:
                done(result)

        def failed(error: Exception) -> None:
            self._working = False
            page.tell(error)

        def start() -> None:
            self._working = True
            page.runner.submit_db(job, finished, failed, label, owner=page)

        page.desk.save_now()
        page.desk.saver.when_saved(start)

    def read(self, work: Callable[[], T], done: Callable[[T], Any]) -> None:
        """Ask the database something, after what was typed is stored."""
        page = self._page
        page.desk.save_now()
        page.desk.saver.when_saved(lambda: page.runner.submit_db(lambda _progress: work(), done, page.tell, owner=page))

    # -- making ---------------------------------------------------------------------------------

    def ask_new(self) -> None:
        """The dialog "Lập báo cáo mới"."""
        if self._page.new_button.isEnabled():
            self._offer("", "")

    def open_or_make(self, regime: str, period: str) -> None:
        """Show the report of a period; offer to make it when there is none."""
        for head in self._page._heads:
            if (head.regime, head.period) == (regime, period) and head.latest:
                self._page.open(head.id, head.revision)
                return
        if self._page.report is None and self._page._heads:
            self._page.open(self._page._heads[0].id, self._page._heads[0].revision)
        self._offer(regime, period)

    def _offer(self, regime: str, period: str) -> None:
        office = self._page.office

        def work() -> tuple[tuple[ReportChoice, ...], tuple[tuple[str, str], ...]]:
            return report_desk.choices(office), report_desk.free_regimes(office)

        def done(found: tuple[tuple[ReportChoice, ...], tuple[tuple[str, str], ...]]) -> None:
            areas = tuple((item.number, item.short_title) for item in office.context.catalog.areas)
            dialog = MakeDialog(*found, clock.today(office.context.clock), self._page.window(), areas)
            dialog.choose(regime, period)
            accepted = bool(dialog.exec())
            dialog.deleteLater()
            if accepted and dialog.live_id:
                self._page.open(dialog.live_id)
            elif accepted:
                self._make_or_open(dialog.regime, dialog.period)

        self.read(work, done)

    def _make_or_open(self, regime: str, period: str) -> None:
        """A report asked for out of turn may be there already: go on with its draft, replace it, or make another."""
        known = [item for item in self._page._heads if item.latest and item.regime == regime]
        by_period = {item.period: item for item in known}
        asked = parse_period(period)
        there = by_period.get(period)
        if there is None or not (asked.areas or asked.kind == "range"):
            self.make(regime, period)
        elif there.state in ("draft", "submitted"):
            self._page.open(there.id)
        else:
            answers = ("Lập báo cáo khác", "Lập bản thay thế", "Hủy")
            answer = dialogs.choose(
                self._page.window(),
                f"Báo cáo {there.period_title} đã có và đã chốt. Anh/chị cần gì?",
                answers,
                detail="Báo cáo khác: theo yêu cầu khác, cùng những ngày đó. Bản thay thế: nội dung đã chốt bị sai.",
                escape=2,
            )
            if answer == 0:
                turns = (period_key(asked.base, asked.areas, turn) for turn in range(2, 100))
                period = next((key for key in turns if key not in by_period), period)
            if answer < 2:
                self.make(regime, period)

    def make(self, regime: str, period: str) -> None:
        """Draft the report of a period and open it."""
        page, office = self._page, self._page.office

        def done(answer: tuple[str, Changes]) -> None:
            page.wrote.emit(answer[1])
            page.said.emit("Đã lập dự thảo. Hãy viết các mục có chữ “cần viết” và xử lý các việc ở danh sách bên dưới.")
            page.load(lambda: page.open(answer[0]))

        page.desk.save_now()
        page.desk.saver.when_saved(
            lambda: page.runner.submit_db(
                lambda _progress: office.reports.make(regime, period), done, page.tell, "Đang lập dự thảo…", owner=page
            )
        )

    def replace(self) -> None:
        """A new revision in place of the frozen one; where the layout alone is wrong, a letter that corrects it."""
        view, page = self.report.view, self._page
        answer = ask_what_instead(page.window(), issued=self.report.head.number is not None)
        if answer == "replace":
            self.make(view.regime, view.period)
        elif answer == "correct":
            (template,) = page.office.papers.of_source("issued")[:1]
            page.go_to.emit("papers", PaperWish(template.key, report=view.id))

    # -- words and numbers ----------------------------------------------------------------------

    def reviewed(self) -> None:
        """The text carried over may stand."""
        page, view, section = self._page, self.report.view, self._page.desk.key

        def done(_none: None) -> None:
            page.desk.editor.setFocus()
            page.said.emit("Đã ghi nhận: mục này được rà soát, giữ nguyên.")

        self.write(lambda: (None, page.office.reports.mark_reviewed(view.id, section)), done)

    def recount(self) -> None:
        """Count again."""
        view, office = self.report.view, self._page.office

        def done(changed: tuple[str, ...]) -> None:
            said = f"Đã tính lại: {len(changed)} số liệu thay đổi." if changed else "Đã tính lại: số liệu không đổi."
            self._page.said.emit(said)

        self.write(lambda: office.reports.refresh(view.id), done, "Đang tính lại số liệu…")

    def show_figure(self, key: str) -> None:
        """Where a number comes from."""
        page, view = self._page, self.report.view

        def done(detail: report_figures.FigureDetail) -> None:
            dialog = FigureDialog(detail, may_edit="edit" in self.report.acts, parent=page.window())
            dialog.record_chosen.connect(lambda record: page.go_to.emit("records", record))
            dialog.indicators_asked.connect(lambda: page.go_to.emit("indicators", (detail.regime, detail.period, key)))
            dialog.reason_asked.connect(lambda: self._ask_reason(key, detail.title, detail.reason))
            dialog.nil_asked.connect(lambda: self._ask_nil(key))
            dialog.estimate_asked.connect(lambda: self._ask_estimate(key, detail))
            dialog.exec()
            dialog.deleteLater()

        self.read(lambda: report_figures.figure_detail(page.office, view.id, view.revision, key), done)

    def confirm_nil(self) -> None:
        """ "Không phát sinh" for the figure of the chosen problem."""
        if self._page.problems.problem is not None:
            self._ask_nil(self._page.problems.problem.figure)

    def _ask_nil(self, key: str) -> None:
        page, view = self._page, self.report.view

        def ask(scope: str) -> None:
            if dialogs.ask(
                page.window(),
                f"Xác nhận trong kỳ không phát sinh: {scope}?",
                detail="Báo cáo sẽ ghi “không phát sinh” thay cho “chưa có số liệu”.",
                yes="Xác nhận",
                no="Hủy",
            ):
                self.write(
                    lambda: report_figures.confirm_nil(page.office, view.id, key),
                    lambda title: page.said.emit(f"Đã xác nhận không phát sinh: {title}."),
                    "Đang tính lại số liệu…",
                )

        self.read(lambda: report_figures.nil_question(page.office, view.id, key), ask)

    def give_reason(self) -> None:
        """The reason for the figure of the chosen problem."""
        if self._page.problems.problem is not None:
            key = self._page.problems.problem.figure
            figure = self.report.view.draft.figure(key) if self.report.view.draft else None
            self._ask_reason(key, figure.title if figure else "", (figure.reason or "") if figure else "")

    def _ask_reason(self, key: str, title: str, reason: str) -> None:
        page, view = self._page, self.report.view
        dialog = RemarksDialog(f"Lý do của số liệu “{title}”:", "Ghi lý do", "Hãy ghi lý do.", reason, page.window())
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        if accepted:
            self.write(
                lambda: (None, page.office.reports.explain(view.id, key, dialog.text)),
                lambda _none: page.said.emit("Đã ghi lý do."),
            )

    def _ask_estimate(self, key: str, detail: report_figures.FigureDetail) -> None:
        page, view = self._page, self.report.view
        asked = f"Ngoài số đã thực hiện, ước thêm bao nhiêu {detail.unit or 'việc'} đến ngày 31/12? (0: bỏ số ước)"
        more = dialogs.ask_text(page.window(), f"{detail.title}.\n{asked}", text=detail.expected or "0")
        if more is not None:
            self.write(
                lambda: (None, page.office.reports.estimate(view.id, key, more)),
                lambda _none: page.said.emit("Đã ghi số ước; các câu, bảng có số này đã viết lại."),
            )

    def choose_signer(self, row: int) -> None:
        """Another person signs."""
        page, view, signer = self._page, self.report.view, self.report.signers[row]
        if row != self.report.signer:
            self.write(
                lambda: (None, page.office.reports.set_signer(view.id, signer)),
                lambda _none: page.said.emit(f"Người ký: {signer.name}."),
            )

    # -- from hand to hand ----------------------------------------------------------------------

    def submit(self) -> None:
        """Hand the draft to the leader."""
        page, view, errors = self._page, self.report.view, self.report.errors
        if errors and not dialogs.ask(
            page.window(),
            f"Còn {errors} việc phải xử lý. Vẫn trình lãnh đạo?",
            detail="Lãnh đạo xem được dự thảo nhưng chưa phê duyệt được cho tới khi xử lý xong.",
            yes="Vẫn trình",
            no="Xử lý tiếp",
            default=False,
        ):
            page.problems.problem_list.setFocus()
            return
        self.write(
            lambda: (None, page.office.reports.submit(view.id)),
            lambda _none: page.said.emit("Đã trình lãnh đạo."),
        )

    def discard(self) -> None:
        """Take a draft away, after a question that names it."""
        page, view = self._page, self.report.view
        if not dialogs.ask(
            page.window(), f"Bỏ dự thảo báo cáo {self.report.head.period_title}?",
            detail="Phần đã viết trong dự thảo sẽ mất; bản ghi, số liệu và các bản đã chốt vẫn nguyên.",
            yes="Bỏ dự thảo", no="Giữ lại", default=False,
        ):  # fmt: skip
            return

        def done(changes: Changes) -> None:
            page.forget()
            page.wrote.emit(changes)
            page.said.emit("Đã bỏ dự thảo.")

        def start() -> None:
            page.runner.submit_db(
                lambda _progress: page.office.reports.discard(view.id), done, page.tell, "Đang bỏ dự thảo…", owner=page
            )

        page.desk.save_now()
        page.desk.saver.when_saved(start)

    def send_back(self) -> None:
        """Return the draft with remarks."""
        page, view = self._page, self.report.view
        dialog = RemarksDialog(
            "Nhận xét gửi cán bộ soạn báo cáo:", "Trả lại", "Hãy ghi nhận xét để cán bộ biết cần sửa gì.",
            parent=page.window(),
        )  # fmt: skip
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        if accepted:
            self.write(
                lambda: (None, page.office.reports.send_back(view.id, dialog.text)),
                lambda _none: page.said.emit("Đã trả lại dự thảo kèm nhận xét."),
            )

    def approve(self) -> None:
        """Approve and freeze, after a question; what is left to do is shown instead."""
        page, view, errors = self._page, self.report.view, self.report.errors
        if errors:
            dialogs.tell(
                page.window(),
                f"Chưa phê duyệt được: còn {errors} việc phải xử lý.",
                detail="Các việc có chữ “Phải xử lý” trong danh sách dưới phần nội dung; dự thảo vẫn nguyên.",
            )
            page.problems.problem_list.setFocus()
            return
        if dialogs.ask(
            page.window(),
            f"Phê duyệt và chốt báo cáo {self.report.head.period_title}?",
            detail="Sau khi chốt, nội dung không sửa được nữa; muốn sửa phải lập bản thay thế.",
            yes="Phê duyệt và chốt",
            no="Xem lại",
            default=False,
        ):
            self.write(
                lambda: page.office.reports.approve(view.id),
                lambda sha: page.said.emit(f"Đã phê duyệt và chốt. SHA-256: {sha[:12]}…"),
                "Đang chốt báo cáo…",
            )

    def sign(self) -> None:
        """The dialog of signatures; what it wrote is shown after it."""
        page, view = self._page, self.report.view

        def show(answer: tuple[SigningState, list[str]]) -> None:
            dialog = SigningDialog(page.office, page.runner, view.id, *answer, page.window())
            dialog.exec()
            changes = dialog.changes
            dialog.deleteLater()
            if changes.kinds:
                self.write(lambda: (None, changes))

        self.read(lambda: SigningDialog.read(page.office, view.id), show)

    def number(self) -> None:
        """Number and date."""
        page, view = self._page, self.report.view

        def ask(offer: report_figures.NumberOffer) -> None:
            dialog = NumberDialog(offer, page.window())
            accepted = bool(dialog.exec())
            dialog.deleteLater()
            if accepted:
                self.write(
                    lambda: page.office.reports.number(view.id, number=dialog.number, on=dialog.day),
                    lambda issue: page.said.emit(f"Đã lấy số {vi.count(issue.number)}/{offer.symbol}."),
                )

        self.read(lambda: report_figures.next_number(page.office, view.id), ask)
