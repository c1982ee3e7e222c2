"""Making and opening a home: the folder of one office's data."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from ..kernel.clock import Clock, stamp
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..kernel.reading import reason
from . import backup as backups
from . import engine as engines
from . import keys, migrate
from .keys import KdfParameters, Keys
from .lock import LOCK_FILE, HomeLock
from .schema import DATA_FORMAT
from .slots import (
    HOME_FILE,
    AccountSlot,
    HomeFile,
    read_home_file,
    require_password,
    unknown_account,
    with_recovery,
    wrong_password,
)
from .store import Store

__all__ = [
    "AccountSlot",
    "KdfParameters",
    "create_home",
    "is_demo",
    "is_home",
    "list_accounts",
    "open_home",
    "open_home_with_recovery",
    "restore_backup",
    "set_story",
    "story_days",
]

restore_backup = backups.restore_backup
_HARMLESS = {"logs"}  # may stand in the folder before the home is made


def is_home(path: Path) -> bool:
    """Whether there is a home at ``path`` (whole or not)."""
    return (path / HOME_FILE).is_file()


def is_demo(path: Path) -> bool:
    """Whether the home at ``path`` is demonstration data. Raises as :func:`list_accounts`."""
    return read_home_file(path).demo


def story_days(path: Path) -> int:
    """How many days the clock of a demonstration stands off the machine's; 0 in every other home.

    Raises as :func:`list_accounts`.
    """
    return read_home_file(path).story_days


def set_story(path: Path, days: int) -> None:
    """Put the clock of the demonstration at ``path`` whole days off the machine's. ValueError for any other home."""
    home = read_home_file(path)
    if not home.demo:
        raise ValueError("only a demonstration has a story")
    replace(home, story_days=days).write(path)


def list_accounts(path: Path) -> list[AccountSlot]:
    """The accounts one may sign in as. Raises Refused ``no_home``, ``home_damaged``, ``format_newer``."""
    return read_home_file(path).accounts


def create_home(
    path: Path,
    *,
    clock: Clock,
    account: str,
    label: str,
    password: str,
    roles: tuple[str, ...],
    demo: bool = False,
    may_see_protected: bool = True,
    kdf: KdfParameters | None = None,
) -> tuple[Store, str]:
    """Make a home and open it: (store, recovery code to be printed once).

    The folder appears whole or not at all: everything is made beside it and renamed.
    Raises Refused ``home_exists``, ``password_weak``, ``write_failed``.
    """
    require_password(password)
    kdf = kdf or KdfParameters()
    try:
        here = {item.name for item in path.iterdir()} if path.is_dir() else ({path.name} if path.exists() else set())
    except OSError as error:
        raise _unwritable(path, error) from error
    if here - _HARMLESS:
        raise Refused(
            "home_exists",
            f"Thư mục “{path}” đã có dữ liệu nên không thiết lập đè lên. Chưa thay đổi gì; "
            "hãy mở dữ liệu đó, hoặc chọn một thư mục trống.",
            path=str(path),
        )
    opened = Keys(keys.new_key(), keys.new_key())
    home = HomeFile(new_id(clock), demo, stamp(clock.now()), ())
    slot = AccountSlot(account, label, tuple(roles))
    home = home.with_slot("account", slot, password, opened, kdf, protected=may_see_protected)
    home, code = with_recovery(home, opened, kdf)
    temporary = path.with_name(f".{path.name}.new-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        try:
            _build(temporary, home, opened.database)
            _put_in_place(temporary, path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error
    own = Keys(opened.database, opened.protected if may_see_protected else None)
    return _opened(path, clock, slot, home, own, HomeLock(path)), code


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(
        "write_failed",
        f"Không tạo được dữ liệu tại “{path}” ({reason(error)}). Chưa tạo gì; "
        "hãy kiểm tra quyền ghi, dung lượng ổ đĩa hoặc chọn nơi khác.",
        path=str(path),
    )


def _build(folder: Path, home: HomeFile, key: bytes) -> None:
    engine = engines.make_engine(folder / engines.DATABASE_FILE, key)
    try:
        migrate.upgrade(engine)
    finally:
        engine.dispose()
    (folder / LOCK_FILE).touch(0o600)
    (folder / "backup").mkdir()
    home.write(folder)


def _put_in_place(temporary: Path, path: Path) -> None:
    if path.is_dir():
        for name in _HARMLESS:
            if (path / name).exists():
                (path / name).rename(temporary / name)
        path.rmdir()
    (temporary / "logs").mkdir(exist_ok=True)
    temporary.rename(path)


def open_home(path: Path, *, clock: Clock, account: str | None, password: str, wait_seconds: float = 0) -> Store:
    """Open the home at ``path`` as ``account`` (None: the only one there is).

    ``wait_seconds``: how long to wait while another process holds the home.
    Raises Refused ``no_home``, ``unknown_account``, ``wrong_password``, ``home_in_use``, ``home_damaged``,
    ``format_newer``; in all these cases not one byte of the home has changed.
    """
    home = read_home_file(path)
    accounts = home.accounts
    if account is None:
        if len(accounts) != 1:
            names = ", ".join(item.name for item in accounts)
            raise Refused("unknown_account", f"Dữ liệu này có nhiều tài khoản ({names}). Hãy nêu rõ tên tài khoản.")
        account = accounts[0].name
    if all(item.name != account for item in accounts):
        raise unknown_account(account)
    found = home.open("account", account, password)
    if found is None:
        raise wrong_password()
    return _enter(path, clock, found[0], home, found[1], wait_seconds)


def open_home_with_recovery(path: Path, *, clock: Clock, recovery_code: str, wait_seconds: float = 0) -> Store:
    """Open the home with the code of the recovery sheet, to set new passwords. Raises as :func:`open_home`."""
    home = read_home_file(path)
    found = home.open("recovery", "recovery", keys.clean_recovery_code(recovery_code))
    if found is None:
        raise Refused(
            "wrong_password",
            "Mã khôi phục không đúng với dữ liệu này. Chưa mở gì; hãy đối chiếu từng nhóm bốn ký tự trên phiếu "
            "rồi nhập lại.",
        )
    return _enter(path, clock, found[0], home, found[1], wait_seconds)


def _enter(path: Path, clock: Clock, account: AccountSlot, home: HomeFile, opened: Keys, wait_seconds: float) -> Store:
    lock = HomeLock(path, wait_seconds)
    try:
        version = engines.probe(path, opened.database)
        if version < DATA_FORMAT:
            name = f"truoc-nang-cap-{version}-{stamp(clock.now()).replace(':', '')}{backups.SUFFIX}"
            (path / "backup").mkdir(exist_ok=True)
            backups.write_backup(path, opened.database, home, path / "backup" / name, clock)
            with contextlib.closing(_Disposable(path, opened.database)) as engine:
                migrate.upgrade(engine.engine)
    except BaseException:
        lock.release(undo=True)
        raise
    return _opened(path, clock, account, home, opened, lock)


class _Disposable:
    """An engine that is gone when its block ends."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.engine = engines.make_engine(path / engines.DATABASE_FILE, key)

    def close(self) -> None:
        self.engine.dispose()


def _opened(path: Path, clock: Clock, account: AccountSlot, home: HomeFile, opened: Keys, lock: HomeLock) -> Store:
    engine = engines.make_engine(path / engines.DATABASE_FILE, opened.database)
    return Store(path, clock, account, home, opened, engine, lock)
