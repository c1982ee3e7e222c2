"""Backups: one file ``.dvbak`` with home.json and a consistent encrypted copy of the database.

It is as secret as the home itself: without a password or the recovery sheet of that home it opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import zipfile
from pathlib import Path
from typing import Any

from ..kernel import atomic
from ..kernel.canonical import NotCanonical, canonical_bytes, parse_json, sha256_hex
from ..kernel.clock import Clock, stamp
from ..kernel.errors import Refused
from ..kernel.reading import reason
from . import engine as engines
from .lock import LOCK_FILE, HomeLock
from .slots import HOME_FILE, HomeFile, newer, parse_home_file, unknown_account, wrong_password

SUFFIX = ".dvbak"
BACKUP_FORMAT = 1
_MANIFEST = "backup.json"
_MEMBERS = {_MANIFEST, HOME_FILE, engines.DATABASE_FILE}
_MAX_SMALL = 2**20
_CHUNK = 2**20


def write_backup(home: Path, key: bytes, slots: HomeFile, target: Path, clock: Clock) -> Path:
    """Write the backup of an open home; see :meth:`Store.backup`."""
    if target.is_dir():
        target = target / f"danvan-{stamp(clock.now()).replace(':', '')}{SUFFIX}"
    word = secrets.token_hex(4)
    copy = home / f".backup-{word}.db"
    temporary = target.with_name(f".{target.name[:40]}.{word}.tmp")
    try:
        engines.copy_database(home / engines.DATABASE_FILE, key, copy)
        digest = _sha256(copy)
        slots_bytes = slots.to_bytes()
        manifest = {
            "format": BACKUP_FORMAT,
            "home_id": slots.home_id,
            "created_at": stamp(clock.now()),
            "members": {HOME_FILE: sha256_hex(slots_bytes), engines.DATABASE_FILE: digest},
        }
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_STORED) as archive:
            archive.writestr(_MANIFEST, canonical_bytes(manifest))
            archive.writestr(HOME_FILE, slots_bytes)
            archive.write(copy, engines.DATABASE_FILE)
        atomic.publish(temporary, target, verify_with=_verified)
    except OSError as error:
        raise Refused(
            "write_failed",
            f"Không ghi được bản sao lưu “{target}” ({reason(error)}). Dữ liệu gốc vẫn nguyên; "
            "hãy kiểm tra dung lượng, quyền ghi hoặc chọn nơi khác.",
            path=str(target),
        ) from error
    finally:
        for name in (copy, temporary, *(copy.with_name(copy.name + tail) for tail in ("-wal", "-shm", "-journal"))):
            name.unlink(missing_ok=True)
    return target


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _verified(path: Path) -> bool:
    try:
        _read(path)
    except Refused:
        return False
    return True


def _broken(path: Path, why: str) -> Refused:
    return Refused(
        "backup_damaged",
        f"Tệp “{path.name}” không phải bản sao lưu nguyên vẹn ({why}). Chưa khôi phục gì, dữ liệu hiện tại vẫn nguyên; "
        "hãy chọn một bản sao lưu khác.",
        path=str(path),
    )


def _read(path: Path) -> tuple[HomeFile, dict[str, Any]]:
    """Check a backup wholly: its members, their hashes, its formats. Raises ``backup_damaged``, ``format_newer``."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {item.filename: item for item in archive.infolist()}
            if set(infos) != _MEMBERS or len(archive.infolist()) != len(_MEMBERS):
                raise _broken(path, "thành phần không đúng")
            if any(item.compress_type != zipfile.ZIP_STORED for item in infos.values()):
                raise _broken(path, "thành phần không đúng")
            if max(infos[_MANIFEST].file_size, infos[HOME_FILE].file_size) > _MAX_SMALL:
                raise _broken(path, "thành phần quá lớn")
            manifest = parse_json(archive.read(_MANIFEST))
            if (
                isinstance(manifest, dict)
                and type(manifest.get("format")) is int
                and manifest["format"] > BACKUP_FORMAT
            ):
                raise newer(path)
            expected = manifest["members"]
            home_bytes = archive.read(HOME_FILE)
            digest = hashlib.sha256()
            with archive.open(engines.DATABASE_FILE) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            found = {HOME_FILE: sha256_hex(home_bytes), engines.DATABASE_FILE: digest.hexdigest()}
            if expected != found:
                raise _broken(path, "nội dung không khớp mã kiểm tra")
            home = parse_home_file(home_bytes, path)
            if home.home_id != manifest["home_id"]:
                raise _broken(path, "không cùng một dữ liệu")
            return home, manifest
    except (OSError, zipfile.BadZipFile, NotCanonical, KeyError, TypeError, RuntimeError, NotImplementedError) as error:
        raise _broken(path, "không đọc được") from error


def restore_backup(
    file: Path, target_home: Path, *, clock: Clock, account: str | None = None, password: str | None = None
) -> Path | None:
    """Put the home of a backup at ``target_home``; returns where the home that stood there was moved, if one did.

    Everything is checked before anything is replaced; with ``password`` the copy is also opened and its database
    read through. Nothing is deleted: the old home is renamed beside the new one.
    Raises Refused ``backup_damaged``, ``format_newer``, ``home_in_use``, ``wrong_password``, ``home_exists`` (a folder
    with other files), ``write_failed``.
    """
    home, _manifest = _read(file)
    occupied = target_home.exists() and any(target_home.iterdir())
    if occupied and not (target_home / HOME_FILE).is_file():
        raise Refused(
            "home_exists",
            f"Thư mục “{target_home}” có tệp khác, không phải dữ liệu của chương trình, nên không khôi phục vào đó. "
            "Hãy chọn thư mục trống.",
            path=str(target_home),
        )
    temporary = target_home.with_name(f".{target_home.name}.restore-{secrets.token_hex(4)}")
    moved: Path | None = None
    try:
        temporary.mkdir(parents=True)
        try:
            with zipfile.ZipFile(file) as archive:
                archive.extract(engines.DATABASE_FILE, temporary)
            home.write(temporary)
            (temporary / LOCK_FILE).touch(0o600)
            (temporary / "backup").mkdir()
            (temporary / "logs").mkdir()
            _try_password(temporary, home, account, password)
            if occupied:
                HomeLock(target_home).release()  # refused when somebody works in it
                moved = target_home.with_name(
                    f"{target_home.name}.truoc-khoi-phuc-{stamp(clock.now()).replace(':', '')}"
                )
                target_home.rename(moved)
            elif target_home.exists():
                target_home.rmdir()
            temporary.rename(target_home)
        except BaseException:
            if moved is not None and not target_home.exists():
                moved.rename(target_home)
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    except OSError as error:
        raise Refused(
            "write_failed",
            f"Không khôi phục được vào “{target_home}” ({reason(error)}). "
            "Dữ liệu đang có vẫn nguyên; hãy kiểm tra dung lượng và quyền ghi rồi làm lại.",
            path=str(target_home),
        ) from error
    return moved


def _try_password(folder: Path, home: HomeFile, account: str | None, password: str | None) -> None:
    if password is None:
        return
    names = [item.name for item in home.accounts]
    name = account if account is not None else (names[0] if len(names) == 1 else "")
    if name not in names:
        raise unknown_account(name)
    found = home.open("account", name, password)
    if found is None:
        raise wrong_password()
    engines.probe(folder, found[1].database)
