"""The main window of an open office: its pages, the way to a record, the search, the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.drafts import WaitingDraft
from ..services.due import SOON_DAYS, Notice
from ..services.office import Office
from ..services.settings import ROLE_TITLES
from . import dialogs
from .account_dialogs import AccountDialog, Answer
from .due_notice import DueNotice
from .main_window import MainWindow
from .pages import Page, PageSpec
from .record_journal import DraftOffers, DraftTarget
from .runner import Runner
from .search_dialog import SearchDialog

RECORDS = "records"  # a target, not a page: the page is that of the record's area
_GROUP = "Ghi chép"


def page_specs(office: Office, runner: Runner) -> list[PageSpec]:
    """Every page, built when first visited."""

    def home() -> Page:
        from .home_page import HomePage

        return HomePage(office, runner)

    def month() -> Page:
        from .calendar_page import CalendarPage

        return CalendarPage(office, runner)

    def plan() -> Page:
        from .plan_page import PlanPage

        return PlanPage(office, runner)

    def records(area: int) -> Callable[[], Page]:
        def make() -> Page:
            from .records_page import RecordsPage

            return RecordsPage(office, runner, area)

        return make

    def indicators() -> Page:
        from .indicators_page import IndicatorsPage

        return IndicatorsPage(office, runner)

    def report() -> Page:
        from .report_page import ReportPage

        return ReportPage(office, runner)

    def papers() -> Page:
        from .papers_page import PapersPage

        return PapersPage(office, runner)

    def exchange() -> Page:
        from .exchange_page import ExchangePage

        return ExchangePage(office, runner)

    def settings() -> Page:
        from .settings_page import SettingsPage

        return SettingsPage(office, runner)

    return [
        PageSpec("home", "Việc đến hạn", "Ctrl+1", home, icon="nav_due"),
        PageSpec("calendar", "Lịch", "Ctrl+L", month, icon="nav_calendar", tip="Lịch thời hạn"),
        PageSpec("plan", "Kế hoạch", "Ctrl+2", plan, icon="nav_plan"),
        *(
            PageSpec(
                f"area{area.number}", f"{area.number}. {area.short_title}", f"Alt+{area.number}",
                records(area.number), group=_GROUP, tip=f"{area.number}. {area.title}",
            )
            for area in office.context.catalog.areas
        ),
        PageSpec("indicators", "Chỉ tiêu", "Ctrl+4", indicators, icon="nav_indicators"),
        PageSpec("report", "Báo cáo", "Ctrl+5", report, icon="nav_reports"),
        PageSpec("papers", "Văn bản", "Ctrl+8", papers, icon="nav_papers", tip="Văn bản khác báo cáo"),
        PageSpec("exchange", "Trao đổi", "Ctrl+6", exchange, icon="nav_exchange"),
        PageSpec("settings", "Thiết lập", "Ctrl+7", settings, icon="nav_settings"),
    ]  # fmt: skip


class OfficeWindow(MainWindow):
    """``left(again)``: closed; ``again`` when the officer signed out and someone signs in next."""

    left = Signal(bool)

    def __init__(self, office: Office, runner: Any, office_name: str) -> None:
        """``runner`` is a Runner that also tells of work under way (gui.runner's both do)."""
        self._signing_out = False
        self._search: SearchDialog | None = None
        super().__init__(page_specs(office, runner), runner)
        self._office = office
        self._runner: Runner = runner
        account = office.context.store.account
        roles = ", ".join(ROLE_TITLES.get(role, role) for role in account.roles)
        self.set_office(office_name, demo=office.context.store.demo, story_day=office.context.story_day)
        self.set_account(account.label, f"Vai trò: {roles}")
        self.add_group_shortcut(_GROUP, "Ctrl+3")
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.open_search)
        self.account_menu = QMenu(self)
        self.account_menu.addAction("&Tìm bản ghi…\tCtrl+K", self.open_search)
        self.account_menu.addAction("&Bản nhập dở chưa lưu…", lambda: self.offer_drafts(tell=True))
        self.account_menu.addSeparator()
        self.account_menu.addAction("Đổi &mật khẩu…", self.change_password)
        self.account_menu.addAction("Đăng &xuất, đổi tài khoản", self.sign_out)
        self.account_requested.connect(self._show_menu)
        QShortcut(QKeySequence("F10"), self).activated.connect(self._show_menu)
        evidence = office.records.evidence
        runner.submit_db(lambda _p: evidence.clear_viewing(), lambda _n: None, owner=self)  # left by a power cut
        self._drafts = DraftOffers(office.records.drafts, runner, self._go_on, self)

    def offer_drafts(self, *, tell: bool = False) -> None:
        """Offer what was typed and never saved (a crash, a power cut); ``tell``: say so when there is nothing."""
        self._drafts.offer((lambda: self.say("Không có bản nhập dở nào.")) if tell else None)

    def offer_notice(self, then: Callable[[], object]) -> None:
        """Tell what is late and soon due, once a day for each account; then ``then()``, also when there is nothing."""
        due = self._office.due

        def told(notice: Notice | None) -> None:
            if notice is None:
                then()
                return
            dialog = DueNotice(notice, SOON_DAYS, self)
            dialog.go_to.connect(self.open_page)
            dialog.finished.connect(dialog.deleteLater)
            dialog.finished.connect(lambda _result: then())
            dialog.open()

        def failed(error: Exception) -> None:
            self.show_error(error)
            then()

        self._runner.submit_db(lambda _p: due.notice(), told, failed, "Đang xem việc đến hạn", owner=self)

    def _go_on(self, draft: WaitingDraft) -> None:
        self.open_page(f"area{draft.form.area}", DraftTarget(draft.id))

    def broadcast(self, changes: Changes, source: Page | None = None) -> None:
        super().broadcast(changes, source)
        if changes.touches("settings"):
            office = self._office
            self._runner.submit_db(
                lambda _progress: office.settings.load().office.name, self._name_again, owner=self
            )  # fmt: skip

    def _name_again(self, name: str) -> None:
        context = self._office.context
        self.set_office(name, demo=context.store.demo, story_day=context.story_day)

    # ways
    def open_page(self, key: str, target: Any = None) -> bool:
        """As in the main window; ``records`` with a record id goes to the page of the record's area."""
        if key != RECORDS:
            return super().open_page(key, target)
        office, record_id = self._office, str(target)

        def area(_progress: object) -> int | None:
            form = office.context.catalog.forms.get(office.records.get(record_id).form)
            return form.area if form else None

        def go(number: int | None) -> None:
            if number is None:
                self.say("Bản ghi này thuộc một biểu mà chương trình chưa biết nên chưa mở được.")
            else:
                super(OfficeWindow, self).open_page(f"area{number}", record_id)

        self._runner.submit_db(area, go, self.show_error, "Đang mở bản ghi", owner=self)
        return True

    def open_search(self) -> None:
        """The search over all records."""
        if self._search is not None:
            return
        dialog = SearchDialog(self._office, self._runner, self)
        self._search = dialog
        dialog.chosen.connect(lambda record_id: self.open_page(RECORDS, record_id))
        dialog.finished.connect(self._search_closed)
        dialog.open()

    def _search_closed(self) -> None:
        if self._search is not None:
            self._search.deleteLater()
            self._search = None

    # the account
    def _show_menu(self) -> None:
        self.account_menu.popup(self.account_button.mapToGlobal(QPoint(0, self.account_button.height())))
        self.account_menu.setActiveAction(self.account_menu.actions()[0])  # the arrows go on from there

    def change_password(self) -> None:
        """Ask for the old and the new password of the person signed in."""
        settings = self._office.settings

        def act(_name: str, _label: str, old: str, new: str, _roles: tuple[str, ...], answer: Answer) -> None:
            def failed(error: Exception) -> None:
                if isinstance(error, DanvanError):
                    answer(error.message)
                else:
                    answer("Chưa đổi được mật khẩu.")
                    dialogs.show_error(self, error)

            def done(_changes: object) -> None:
                answer("")
                self.say("Đã đổi mật khẩu. Lần đăng nhập sau hãy dùng mật khẩu mới.")

            self._runner.submit_db(
                lambda _progress: settings.change_password(old, new), done, failed, "Đang đổi mật khẩu", owner=self
            )

        dialog = AccountDialog("Đổi mật khẩu", "Mật khẩu mới có hiệu lực ngay; dữ liệu giữ nguyên.", act, parent=self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def sign_out(self) -> None:
        """Close the office so that another account can be used; a page with unsaved work asks first."""
        self._signing_out = True
        if not self.close():
            self._signing_out = False

    def show_error(self, error: Exception) -> None:
        """Errors of work that no page handled itself."""
        dialogs.show_error(self, error)

    def closeEvent(self, event: Any) -> None:
        super().closeEvent(event)
        if event.isAccepted():
            self.left.emit(self._signing_out)
