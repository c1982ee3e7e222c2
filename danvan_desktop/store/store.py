"""An open home: units of work over its encrypted database, its accounts, its backups."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError

from ..kernel.clock import Clock
from ..kernel.errors import Refused
from . import backup as backups
from . import check as checks
from .audit import AuditRepository
from .blobs import BlobRepository
from .due_queries import DueRepository
from .engine import BEGIN_OPTION, refusal
from .exchange import PackageRepository, ReceivedRepository, TrustRepository
from .facts import FactRepository
from .imports import ImportRepository
from .indicator_statements import StatementBook
from .indicators import IndicatorRepository
from .keys import KdfParameters, Keys
from .lock import HomeLock
from .office_papers import OfficePaperRepository
from .papers import PaperRepository
from .place_events import PlaceEventRepository
from .places import AgencyRepository, NilRepository, SettingRepository, VillageRepository
from .plans import PlanRepository
from .protected import ProtectedRepository
from .record_drafts import DraftRepository
from .record_files import RecordFileRepository
from .records import PERSONAL_ROLES, RecordRepository
from .reindex import IndexRepository
from .report_history import DeskRepository
from .reports import ReportRepository
from .slots import AccountSlot, HomeFile, require_password, unknown_account, with_recovery, wrong_password
from .targets import TargetRepository
from .task_work import TaskWorkRepository


class UnitOfWork:
    """The repositories over one transaction. Never kept after the ``with`` block that made it."""

    def __init__(self, connection: Connection, clock: Clock, account: AccountSlot, protected_key: bytes | None,
                 statements: StatementBook | None = None) -> None:  # fmt: skip
        self.audit = AuditRepository(connection, clock, account.name)
        self.protected = ProtectedRepository(connection, clock, protected_key, self.audit)
        personal = bool(PERSONAL_ROLES & set(account.roles))
        self.records = RecordRepository(connection, clock, self.audit, self.protected, personal=personal)
        self.record_files = RecordFileRepository(connection)
        self.drafts = DraftRepository(connection, clock, account.name, protected_key, self.audit)
        self.imports = ImportRepository(connection, clock, self.audit)
        self.settings = SettingRepository(connection)
        self.index = IndexRepository(connection)
        self.agencies = AgencyRepository(connection)
        self.villages = VillageRepository(connection)
        self.place_events = PlaceEventRepository(connection, clock, account.name)
        self.nil = NilRepository(connection, clock)
        self.plans = PlanRepository(connection)
        self.task_work = TaskWorkRepository(connection, clock, account.name)
        self.due = DueRepository(connection)
        self.targets = TargetRepository(connection, clock, account.name)
        self.reports = ReportRepository(connection, clock)
        self.papers = PaperRepository(connection, clock)
        self.desk = DeskRepository(connection, clock, account.name)
        self.office_papers = OfficePaperRepository(connection, clock, self.reports)
        self.packages = PackageRepository(connection)
        self.received = ReceivedRepository(connection)
        self.trust = TrustRepository(connection)
        self.blobs = BlobRepository(connection, clock)
        self.indicators = IndicatorRepository(connection, self.agencies, self.villages, self.place_events, statements)
        self.facts = FactRepository(connection, self.indicators)


class Store:
    """An open home, signed in as one account. Made by :mod:`.home`; hold it for as long as the program works in it."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        account: AccountSlot,
        home: HomeFile,
        opened: Keys,
        engine: Engine,
        lock: HomeLock,
    ) -> None:
        self.path = path
        self.clock = clock
        self.account = account
        self._statements = StatementBook()
        self._home = home
        self._keys = opened
        self._engine = engine
        self._lock = lock
        self._busy = threading.local()
        self._closed = False

    @property
    def demo(self) -> bool:
        """Whether this is demonstration data, to be marked everywhere."""
        return self._home.demo

    @property
    def home_id(self) -> str:
        return self._home.home_id

    @property
    def protected_unlocked(self) -> bool:
        """Whether the signed-in account may see protected values."""
        return self._keys.protected is not None

    def close(self) -> None:
        """Close the database (its log is folded in) and let go of the lock; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._engine.dispose()
        self._lock.release()

    # -- units of work --------------------------------------------------------------------------

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """A writing unit of work: all of it is kept when the block ends, nothing when it raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield UnitOfWork(connection, self.clock, self.account, self._keys.protected, self._statements)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A reading unit of work over one moment of the data; a write in it fails."""
        with self._transaction("BEGIN") as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
            try:
                yield UnitOfWork(connection, self.clock, self.account, self._keys.protected, self._statements)
            finally:
                with suppress(DBAPIError):
                    connection.exec_driver_sql("PRAGMA query_only=OFF")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        if self._closed:
            raise RuntimeError("the home is closed")
        writing = begin != "BEGIN"
        if writing and getattr(self._busy, "writing", False):
            raise RuntimeError("a writing unit of work is already open in this thread")
        try:
            with self._engine.connect() as plain:
                connection = plain.execution_options(**{BEGIN_OPTION: begin})
                self._busy.writing = writing or getattr(self._busy, "writing", False)
                with connection.begin():
                    yield connection
        except DatabaseError as error:
            known = refusal(error, self.path)
            if known is None:
                raise
            raise known from error
        finally:
            if writing:
                self._busy.writing = False

    # -- accounts -------------------------------------------------------------------------------

    @property
    def accounts(self) -> list[AccountSlot]:
        return self._home.accounts

    def may_see_protected(self, name: str) -> bool:
        """Whether the account ``name`` has the right to protected values."""
        return self._home.has_protected(name)

    def add_account(
        self,
        name: str,
        label: str,
        password: str,
        roles: tuple[str, ...],
        may_see_protected: bool = False,
        *,
        kdf: KdfParameters | None = None,
    ) -> None:
        """Add an account. Raises Refused ``account_exists``, ``password_weak``, ``no_right``."""
        if any(account.name == name for account in self.accounts):
            raise Refused("account_exists", f"Đã có tài khoản “{name}”. Chưa thêm gì; hãy đặt tên khác.")
        require_password(password)
        self._save(
            self._home.with_slot(
                "account", AccountSlot(name, label, tuple(roles)), password, self._keys, kdf or KdfParameters(),
                protected=may_see_protected,
            ),
            "account_added",
        )  # fmt: skip

    def change_password(self, old: str, new: str, *, kdf: KdfParameters | None = None) -> None:
        """Change the password of the signed-in account. Raises Refused ``wrong_password``, ``password_weak``."""
        if self._home.open("account", self.account.name, old) is None:
            raise wrong_password()
        self._rewrap(self.account, new, kdf)

    def reset_password(self, name: str, new: str, *, kdf: KdfParameters | None = None) -> None:
        """Give any account a new password (after a sign-in with the recovery code, or by an administrator).

        Raises Refused ``unknown_account``, ``password_weak``, and ``no_right`` when that account may see protected
        values and the signed-in one may not.
        """
        self._rewrap(self._account(name), new, kdf)

    def _rewrap(self, account: AccountSlot, new: str, kdf: KdfParameters | None) -> None:
        require_password(new)
        protected = self._home.has_protected(account.name)
        self._save(
            self._home.with_slot("account", account, new, self._keys, kdf or KdfParameters(), protected=protected),
            "password_changed",
        )

    def renew_account(
        self,
        name: str,
        label: str,
        password: str,
        roles: tuple[str, ...],
        may_see_protected: bool = False,
        *,
        kdf: KdfParameters | None = None,
    ) -> None:
        """Another label, other roles and a new password for an account: the slot binds them together.

        Raises Refused ``unknown_account``, ``password_weak``, ``no_right``.
        """
        self._account(name)
        require_password(password)
        self._save(
            self._home.with_slot(
                "account", AccountSlot(name, label, tuple(roles)), password, self._keys, kdf or KdfParameters(),
                protected=may_see_protected,
            ),
            "account_changed",
        )  # fmt: skip

    def remove_account(self, name: str) -> None:
        """Take an account away. Raises Refused ``unknown_account``, ``last_account`` (someone must be left)."""
        self._account(name)
        if len(self.accounts) == 1:
            raise Refused(
                "last_account", "Đây là tài khoản cuối cùng nên không xóa được. Hãy thêm tài khoản khác trước."
            )
        self._save(self._home.without_account(name), "account_removed")
        with self.unit() as uow:
            uow.drafts.discard_all(name)

    def new_recovery_code(self, *, kdf: KdfParameters | None = None) -> str:
        """A new recovery code; the old sheet opens nothing any more. Raises Refused ``no_right``."""
        home, code = with_recovery(self._home, self._keys, kdf or KdfParameters())
        self._save(home, "recovery_renewed")
        return code

    def _account(self, name: str) -> AccountSlot:
        found = next((account for account in self.accounts if account.name == name), None)
        if found is None:
            raise unknown_account(name)
        return found

    def _save(self, home: HomeFile, action: str) -> None:
        home.write(self.path)
        self._home = home
        self.account = next((a for a in home.accounts if a.name == self.account.name), self.account)
        with self.unit() as uow:
            uow.audit.append(action, self._home.home_id, {"count": len(home.accounts)})

    # -- care -----------------------------------------------------------------------------------

    def backup(self, target: Path) -> Path:
        """Write everything, under the same key, into the file ``target`` (``.dvbak``), read back and compared.

        A folder as ``target`` gets a file with a dated name. Raises Refused ``write_failed``.
        """
        return backups.write_backup(self.path, self._keys.database, self._home, target, self.clock)

    def check(self) -> list[str]:
        """Sentences about what is wrong with the data; empty when all is well. Reads everything."""
        with self._transaction("BEGIN") as connection:
            return checks.problems(connection, AuditRepository(connection, self.clock, self.account.name))
