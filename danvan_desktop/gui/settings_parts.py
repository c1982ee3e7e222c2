"""Parts of the settings page: accounts, backup, check and key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidgetItem

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services import clock_guard
from ..services.office import Office
from ..services.settings import ROLE_TITLES, AccountSlot
from ..services.trust import grouped
from . import dialogs
from .account_dialogs import AccountDialog, Answer
from .office_widgets import two_lines
from .runner import Runner
from .settings_tables import columns
from .widgets import restyle

if TYPE_CHECKING:
    from .settings_page import SettingsPage

_ACCOUNT = Qt.ItemDataRole.UserRole


class AccountsPart:
    """The tab "Tài khoản"."""

    def __init__(self, page: SettingsPage, office: Office, may: bool) -> None:
        self._page = page
        self._office = office
        self._may = may
        columns(page.account_table, ("Họ và tên", "Tên đăng nhập", "Vai trò"), 2)
        page.account_table.itemSelectionChanged.connect(self._enable)
        page.account_table.itemActivated.connect(lambda _item: self._renew())
        page.add_account_button.clicked.connect(self._add)
        page.renew_account_button.clicked.connect(self._renew)
        page.remove_account_button.clicked.connect(self._remove)
        self._enable()

    def show_accounts(self, accounts: Sequence[AccountSlot]) -> None:
        """Show who may sign in."""
        table = self._page.account_table
        row_before = max(table.currentRow(), 0)
        table.setRowCount(len(accounts))
        for row, account in enumerate(accounts):
            roles = ", ".join(ROLE_TITLES.get(role, role) for role in account.roles)
            for column, text in enumerate((account.label, account.name, roles)):
                item = QTableWidgetItem(text)
                item.setData(_ACCOUNT, account)
                table.setItem(row, column, item)
        if accounts:
            table.setCurrentCell(min(row_before, len(accounts) - 1), 0)
        self._enable()

    def _chosen(self) -> AccountSlot | None:
        item = self._page.account_table.item(self._page.account_table.currentRow(), 0)
        return item.data(_ACCOUNT) if item is not None else None

    def _enable(self) -> None:
        account = self._chosen()
        own = account is not None and account.name == self._office.context.by
        self._page.add_account_button.setEnabled(self._may)
        self._page.renew_account_button.setEnabled(self._may and account is not None)
        self._page.remove_account_button.setEnabled(self._may and account is not None and not own)

    def _add(self) -> None:
        settings = self._office.settings

        def act(name: str, label: str, _old: str, new: str, roles: tuple[str, ...], answer: Answer) -> None:
            self._page.do(
                lambda: settings.add_account(name, label, new, roles), f"Đã thêm tài khoản “{label}”.", "accounts",
                answer,
            )  # fmt: skip

        dialog = AccountDialog(
            "Thêm tài khoản",
            "Mỗi người một tài khoản và mật khẩu riêng; báo mật khẩu cho người đó và nhắc đổi khi đăng nhập lần đầu.",
            act, roles=ROLE_TITLES, chosen=("entry",), parent=self._page,
        )  # fmt: skip
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _renew(self) -> None:
        account = self._chosen()
        if account is None or not self._may:
            return
        settings = self._office.settings

        def act(name: str, label: str, _old: str, new: str, roles: tuple[str, ...], answer: Answer) -> None:
            self._page.do(
                lambda: settings.renew_account(name, label, new, roles), f"Đã đổi tài khoản “{label}”.", "accounts",
                answer,
            )  # fmt: skip

        dialog = AccountDialog(
            "Đổi vai trò, đặt lại mật khẩu",
            "Vai trò được niêm phong cùng mật khẩu, nên đổi vai trò thì phải đặt mật khẩu mới.",
            act, roles=ROLE_TITLES, name=account.name, label=account.label, chosen=account.roles, parent=self._page,
        )  # fmt: skip
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self) -> None:
        account = self._chosen()
        if account is None:
            return
        if dialogs.ask(
            self._page, f"Xóa tài khoản “{account.label}”?",
            detail="Người này không đăng nhập được nữa. Những gì người này đã ghi vẫn giữ nguyên tên.",
            yes="Xóa tài khoản", no="Giữ lại", default=False,
        ):  # fmt: skip
            settings, name = self._office.settings, account.name
            self._page.do(lambda: settings.remove_account(name), f"Đã xóa tài khoản “{account.label}”.", "accounts")


class CarePart:
    """The tab "Sao lưu, khóa"."""

    def __init__(self, page: SettingsPage, office: Office, runner: Runner) -> None:
        self._page = page
        self._office = office
        self._runner = runner
        page.care_label.hide()
        page.card_label.hide()
        page.folder_label.setText(f"Thư mục dữ liệu: {office.context.store.path}")
        page.backup_button.clicked.connect(self._backup)
        page.check_button.clicked.connect(self._check)
        page.clock_button.clicked.connect(self._confirm_clock)
        page.clock_button.setEnabled(office.context.may("settings"))
        page.export_card_button.clicked.connect(self._export)

    def show_key(self, fingerprint: str) -> None:
        """Show the fingerprint of the office's key, in groups to be read over the telephone."""
        self._page.fingerprint_label.setText(two_lines(grouped(fingerprint)))

    def _backup(self) -> None:
        day = clock.today(self._office.context.clock).isoformat()
        path = dialogs.save_file(self._page, "Sao lưu dữ liệu", f"danvan-{day}.dvbak", "Tệp sao lưu (*.dvbak)")
        if path is None:
            return
        settings = self._office.settings

        def done(written: Path) -> None:
            self._say(self._page.care_label, f"Đã sao lưu vào {written} và đọc lại để kiểm tra.", "ok")

        self._page.backup_button.setEnabled(False)
        self._runner.submit_db(
            lambda _progress: settings.backup(path), done, self._failed, "Đang sao lưu", owner=self._page
        )
        self._runner.submit_db(lambda _progress: None, self._free, owner=self._page)

    def _check(self) -> None:
        settings = self._office.settings
        self._page.check_button.setEnabled(False)
        self._runner.submit_db(
            lambda _progress: settings.check(), self._checked, self._failed, "Đang kiểm tra dữ liệu", owner=self._page
        )
        self._runner.submit_db(lambda _progress: None, self._free, owner=self._page)

    def _confirm_clock(self) -> None:
        context = self._office.context
        today = vi.day(clock.today(context.clock))
        if not dialogs.ask(
            self._page,
            f"Hôm nay đúng là ngày {today}?",
            detail="Chỉ xác nhận khi trước đây máy chạy nhanh và nay đã chỉnh lại. Ngày giờ của những lần ghi trước "
            "sẽ không còn ngăn việc phê duyệt, lấy số và nhận gói; ai xác nhận được ghi vào nhật ký.",
            yes="Đúng, xác nhận",
            no="Chưa",
            default=False,
        ):
            return

        def done(changes: Changes) -> None:
            self._page.wrote.emit(changes)
            self._say(self._page.care_label, f"Đã xác nhận đồng hồ máy đúng, hôm nay {today}.", "ok")

        self._runner.submit_db(
            lambda _progress: clock_guard.confirm_clock(context),
            done,
            self._failed,
            "Đang ghi xác nhận",
            owner=self._page,
        )

    def _free(self, _none: None) -> None:
        self._page.backup_button.setEnabled(True)
        self._page.check_button.setEnabled(True)

    def _checked(self, problems: list[str]) -> None:
        if problems:
            text = "Dữ liệu có vấn đề:\n" + "\n".join(f"– {problem}" for problem in problems)
            self._say(self._page.care_label, text + "\nHãy sao lưu ngay ra USB rồi liên hệ người hỗ trợ.", "error")
        else:
            self._say(self._page.care_label, "Đã kiểm tra: dữ liệu nguyên vẹn.", "ok")

    def _export(self) -> None:
        path = dialogs.save_file(self._page, "Xuất thẻ khóa", "the-khoa.dvkey", "Thẻ khóa (*.dvkey)")
        if path is None:
            return
        trust = self._office.trust

        def done(_card: object) -> None:
            self._say(self._page.card_label, f"Đã ghi thẻ khóa vào {path}.", "ok")

        self._runner.submit_db(
            lambda _progress: trust.export(path), done, self._failed, "Đang ghi thẻ khóa", owner=self._page
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, DanvanError):
            self._page.refuse(error.message)
        else:
            dialogs.show_error(self._page, error)

    def _say(self, label: QLabel, text: str, severity: str) -> None:
        label.setText(text)
        restyle(label, severity=severity)
        label.show()
