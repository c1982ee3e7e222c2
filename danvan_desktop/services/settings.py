"""The office's own data: names, signers, agencies, villages, accounts, backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..reporting.office import OfficeIdentity, Signer
from ..store.home import AccountSlot, list_accounts
from ..store.places import Agency, Village
from .context import ROLE_TITLES, Context
from .places import DatedNames, dated_names
from .report_moments import SEPARATE

__all__ = ["ROLE_TITLES", "AccountSlot", "Agency", "OfficeIdentity", "OfficeSettings",
           "SettingsService", "Signer", "Village"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    office: OfficeIdentity
    signers: tuple[Signer, ...]
    agencies: tuple[Agency, ...]
    villages: tuple[Village, ...]
    accounts: tuple[AccountSlot, ...]
    common_series: bool
    names: DatedNames
    separate_approver: bool = False  # whoever wrote a report may not approve it


class SettingsService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def load(self) -> OfficeSettings:
        """Everything the settings page shows."""
        context = self._context
        with context.store.read() as uow:
            return OfficeSettings(
                office=context.office(uow),
                signers=context.signers(uow),
                agencies=tuple(uow.agencies.list()),
                villages=tuple(uow.villages.list()),
                accounts=tuple(list_accounts(context.store.path)),
                common_series=bool(uow.settings.get("common_series", False)),
                names=dated_names(uow),
                separate_approver=bool(uow.settings.get(SEPARATE, False)),
            )

    def save_office(
        self,
        office: OfficeIdentity,
        signers: tuple[Signer, ...],
        common_series: bool,
        separate_approver: bool | None = None,
    ) -> Changes:
        """Keep names, head lines, signers. The office id and profile never change here.

        ``separate_approver``: whether whoever wrote a report may not approve it; None leaves that as it is.

        Raises Refused ``office_invalid``, ``no_right``.
        """
        context = self._context
        context.require("settings")
        if not office.name.strip() or not office.issuer_lines or not office.place.strip():
            raise Refused(
                "office_invalid", "Tên cơ quan, tên cơ quan ban hành và địa danh không được để trống. Chưa lưu."
            )
        if not signers or any(not signer.authority_lines or not signer.name.strip() for signer in signers):
            raise Refused("office_invalid", "Mỗi người ký cần có dòng quyền hạn, chức vụ và họ tên. Chưa lưu.")
        with context.store.unit() as uow:
            before = context.office(uow)
            uow.settings.set("office", replace(office, id=before.id, profile=before.profile).to_json())
            uow.settings.set("signers", [signer.to_json() for signer in signers])
            uow.settings.set("common_series", common_series)
            if separate_approver is not None and separate_approver != bool(uow.settings.get(SEPARATE, False)):
                uow.settings.set(SEPARATE, separate_approver)
                uow.audit.append("settings_changed", before.id, {"part": SEPARATE, "on": separate_approver})
            uow.audit.append("settings_changed", before.id, {"part": "office"})
        return Changes.of("settings")

    def save_agency(self, agency: Agency) -> Changes:
        """Add (empty id) or change an agency; records keep pointing at its id."""
        self._context.require("settings")
        with self._context.store.unit() as uow:
            uow.agencies.upsert(agency if agency.id else replace(agency, id=new_id(self._context.clock)))
        return Changes.of("settings", "agencies")

    def save_agencies(self, agencies: Sequence[Agency]) -> Changes:
        """Add (empty id) or change several agencies, all or none. Raises Refused ``no_right``."""
        self._context.require("settings")
        with self._context.store.unit() as uow:
            for agency in agencies:
                uow.agencies.upsert(agency if agency.id else replace(agency, id=new_id(self._context.clock)))
        return Changes.of("settings", "agencies")

    def save_villages(self, villages: Sequence[Village]) -> Changes:
        """Add (empty id) or change several villages, all or none. Raises Refused ``no_right``."""
        self._context.require("settings")
        with self._context.store.unit() as uow:
            for village in villages:
                uow.villages.upsert(village if village.id else replace(village, id=new_id(self._context.clock)))
        return Changes.of("settings", "villages")

    def save_village(self, village: Village) -> Changes:
        """Add (empty id) or change a village."""
        self._context.require("settings")
        with self._context.store.unit() as uow:
            uow.villages.upsert(village if village.id else replace(village, id=new_id(self._context.clock)))
        return Changes.of("settings", "villages")

    def add_account(self, name: str, label: str, password: str, roles: tuple[str, ...]) -> Changes:
        """Add an account with its own password and roles."""
        self._context.require("settings")
        if not roles or set(roles) - set(ROLE_TITLES):
            raise Refused("account_invalid", "Hãy chọn ít nhất một vai trò cho tài khoản. Chưa thêm.")
        self._context.store.add_account(name, label, password, roles, "leader" in roles)
        return Changes.of("settings", "accounts")

    def renew_account(self, name: str, label: str, password: str, roles: tuple[str, ...]) -> Changes:
        """Give an account another label, other roles and a new password: roles are sealed in with the password.

        Raises Refused ``account_invalid``, ``unknown_account``, ``password_weak``, ``last_admin``, ``no_right``.
        """
        self._context.require("settings")
        if not roles or set(roles) - set(ROLE_TITLES):
            raise Refused("account_invalid", "Hãy chọn ít nhất một vai trò cho tài khoản. Chưa đổi gì.")
        self._keep_an_admin(name, roles)
        self._context.store.renew_account(name, label, password, roles, "leader" in roles)
        return Changes.of("settings", "accounts")

    def remove_account(self, name: str) -> Changes:
        """Take an account away; what it has written keeps its name.

        Raises Refused ``own_account``, ``last_admin``, ``unknown_account``, ``no_right``.
        """
        self._context.require("settings")
        if name == self._context.by:
            raise Refused("own_account", "Không tự xóa tài khoản đang đăng nhập. Hãy nhờ người quản trị khác.")
        self._keep_an_admin(name, ())
        self._context.store.remove_account(name)
        return Changes.of("settings", "accounts")

    def _keep_an_admin(self, name: str, roles: tuple[str, ...]) -> None:
        others = [account for account in self._context.store.accounts if account.name != name]
        if "admin" not in roles and all("admin" not in account.roles for account in others):
            raise Refused(
                "last_admin",
                "Cần ít nhất một tài khoản có vai trò quản trị. Chưa đổi gì; hãy trao vai trò này cho người khác.",
            )

    def change_password(self, old: str, new: str) -> Changes:
        """Change the password of the signed-in account."""
        self._context.store.change_password(old, new)
        return Changes.of("accounts")

    def backup(self, target: Path) -> Path:
        """Write an encrypted backup (``.dvbak``) to a file, or into a folder under a dated name."""
        store = self._context.store
        if target.is_dir():
            now = clock.stamp(store.clock.now()).replace(":", "")
            target = target / f"danvan-{now}.dvbak"
        store.backup(target)
        return target

    def check(self) -> list[str]:
        """Sentences about what is wrong with the data; empty when all is well."""
        return self._context.store.check()
