"""What every service works with: an open home, the catalogue, the clock, who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..catalog.desks import forms_for
from ..catalog.model import Catalog, Form, Regime
from ..kernel.clock import Clock, StoryClock, today
from ..kernel.errors import Refused
from ..planning.calendar import WorkingCalendar
from ..reporting.office import OfficeIdentity, Signer
from ..store.store import Store, UnitOfWork

ROLE_TITLES = {
    "entry": "nhập liệu",
    "consolidation": "tổng hợp",
    "leader": "lãnh đạo",
    "records_office": "văn thư",
    "admin": "quản trị",
}
# Acts and the roles that may do them: advisory inside one PC; only protected values are cryptographic
# (docs/security.md).
RIGHTS: dict[str, frozenset[str]] = {
    "record": frozenset({"entry", "consolidation", "leader"}),
    "plan": frozenset({"entry", "consolidation", "leader", "admin"}),
    "report.write": frozenset({"entry", "consolidation", "leader"}),
    "report.approve": frozenset({"leader"}),
    "report.number": frozenset({"records_office", "consolidation", "leader"}),
    "report.sign": frozenset({"leader"}),
    "report.seal": frozenset({"records_office", "leader"}),
    "package": frozenset({"consolidation", "leader", "records_office", "admin"}),
    "package.accept": frozenset({"consolidation", "leader"}),
    "trust": frozenset({"admin", "leader"}),
    "settings": frozenset({"admin", "leader"}),
}


@dataclass(frozen=True)
class Context:
    """One open home. Services never keep a unit of work open between calls."""

    store: Store
    catalog: Catalog
    calendar: WorkingCalendar
    clock: Clock

    @property
    def by(self) -> str:
        """The account name that stands in records and audit."""
        return self.store.account.name

    @property
    def story_day(self) -> date | None:
        """Today in the story of a demonstration; None where the day is the real one."""
        return today(self.clock) if isinstance(self.clock, StoryClock) else None

    def may(self, act: str) -> bool:
        """Whether the signed-in account has a role that may do ``act`` (a key of RIGHTS)."""
        return bool(RIGHTS[act] & set(self.store.account.roles))

    def require(self, act: str) -> None:
        """Raises Refused ``no_right`` naming the roles that may do ``act``."""
        if not self.may(act):
            roles = ", ".join(ROLE_TITLES[role] for role in sorted(RIGHTS[act]))
            raise Refused(
                "no_right",
                f"Tài khoản “{self.store.account.label}” không có quyền làm việc này (cần vai trò: {roles}). "
                "Hãy đăng nhập bằng tài khoản khác hoặc nhờ người có quyền.",
            )

    def form(self, key: str) -> Form:
        """The form ``key``. Raises Refused ``unknown_form``."""
        form = self.catalog.forms.get(key)
        if form is None:
            raise Refused("unknown_form", f"Danh mục không có biểu “{key}”. Các biểu: {', '.join(self.catalog.forms)}.")
        return form

    def regime(self, key: str) -> Regime:
        """The report regime ``key``. Raises Refused ``unknown_regime``."""
        regime = self.catalog.regimes.get(key)
        if regime is None:
            raise Refused(
                "unknown_regime",
                f"Danh mục không có chế độ báo cáo “{key}”. Các chế độ: {', '.join(self.catalog.regimes)}.",
            )
        return regime

    def office(self, uow: UnitOfWork) -> OfficeIdentity:
        """The identity of this office, as set at set-up."""
        return OfficeIdentity.from_json(uow.settings.get("office", None))

    def forms(self, uow: UnitOfWork) -> tuple[Form, ...]:
        """The forms offered to this office, those first on its desk at the head."""
        office = self.office(uow)
        return forms_for(self.catalog, office.profile, office.name)

    def signers(self, uow: UnitOfWork) -> tuple[Signer, ...]:
        return tuple(Signer.from_json(item) for item in _list(uow.settings.get("signers", [])))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def unique(prefix: str, find: Callable[[str], list[str]], what: str) -> str:
    """The one id that starts with ``prefix``. Raises Refused ``not_found`` or ``ambiguous_id``."""
    low = prefix.strip().lower()
    found = find(low) if low else []  # nothing named is nobody meant
    if low in found:
        return low
    if not found:
        raise Refused("not_found", f"Không tìm thấy {what} có mã “{prefix}”.")
    if len(found) > 1:
        raise Refused("ambiguous_id", f"Mã “{prefix}” ứng với {len(found)} {what}; hãy viết dài hơn.", ids=found[:10])
    return found[0]
