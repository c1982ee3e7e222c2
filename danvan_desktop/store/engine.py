"""Connections to the encrypted file: SQLCipher under SQLAlchemy, BEGIN IMMEDIATE for writes, WAL, synchronous=FULL."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from ..kernel.canonical import MAX_INTEGER
from ..kernel.errors import Refused
from .schema import DATA_FORMAT
from .slots import damaged, newer

DATABASE_FILE = "data.db"
BEGIN_OPTION = "danvan_begin"  # execution option: how the transaction of this connection begins
BUSY_SECONDS = 10
CHECKED_AT_OPEN_BYTES = 48 * 2**20
"""Files up to this size are read wholly at open (about 0.2 s, 1 s on an old PC); larger ones by ``check``."""

DatabaseError = sqlcipher.DatabaseError


def _refuse_float(value: Any) -> Any:
    if isinstance(value, float):
        raise TypeError("floats are never stored: decimals are integers at a declared scale")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise TypeError("integer beyond 2^53 - 1")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_float(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_float(item)
    return value


def dump_json(value: Any) -> str:
    """JSON text as stored: sorted keys, no blanks, no floats (TypeError)."""
    return json.dumps(_refuse_float(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def connect(path: Path, key: bytes, *, uri_words: str = "") -> Any:
    """A raw DB-API connection with the raw ``key`` set; raises DatabaseError when it does not open the file.

    ``uri_words``: e.g. ``mode=ro&immutable=1``. The live file is never touched by another SQLite library.
    """
    if uri_words:
        connection = sqlcipher.connect(
            f"{path.resolve().as_uri()}?{uri_words}", uri=True, isolation_level=None, check_same_thread=False
        )
    else:
        connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def make_engine(path: Path, key: bytes) -> Engine:
    """The engine of a home. Exception texts never show parameters: they may be personal data."""

    def creator() -> Any:
        connection = connect(path, key)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cache_size=-32000")
        return connection

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=creator,
        poolclass=QueuePool,
        pool_size=3,
        hide_parameters=True,
        json_serializer=dump_json,
        json_deserializer=json.loads,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # the driver runs in autocommit; a write takes the write lock at once, so that it never fails half-way as "busy"
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN_OPTION, "BEGIN IMMEDIATE"))


def probe(folder: Path, key: bytes) -> int:
    """The data format of the database in ``folder``, after a look whether it is whole; changes not one byte.

    Reading a WAL database makes side files, so it is read as immutable; when a crash has left a log, a copy of both
    files is read instead. Raises Refused ``home_damaged`` or ``format_newer``.
    """
    path = folder / DATABASE_FILE
    log = folder / (DATABASE_FILE + "-wal")
    if not path.is_file():
        raise damaged(folder)
    if log.is_file() and log.stat().st_size:
        with tempfile.TemporaryDirectory(prefix="danvan-", ignore_cleanup_errors=True) as temporary:
            copy = Path(temporary) / DATABASE_FILE
            shutil.copyfile(path, copy)
            shutil.copyfile(log, Path(temporary) / log.name)
            return _probe(folder, lambda: connect(copy, key), path.stat().st_size)
    return _probe(folder, lambda: connect(path, key, uri_words="mode=ro&immutable=1"), path.stat().st_size)


def _probe(folder: Path, opened: Callable[[], Any], size: int) -> int:
    try:
        connection = opened()
    except sqlcipher.Error as error:
        raise damaged(folder) from error
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > DATA_FORMAT:
            raise newer(folder)
        if version < 1:
            raise damaged(folder)
        if size <= CHECKED_AT_OPEN_BYTES and faults(connection, quick=True):
            raise damaged(folder)
        return int(version)
    except sqlcipher.Error as error:
        raise damaged(folder) from error
    finally:
        with suppress(sqlcipher.Error):
            connection.close()


def faults(connection: Any, *, quick: bool) -> list[str]:
    """What the checks of SQLCipher (every page's authentication code) and SQLite (structure) find; empty when whole."""
    found = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    found += [
        str(row[0])
        for row in connection.execute("PRAGMA quick_check(5)" if quick else "PRAGMA integrity_check(20)").fetchall()
        if row[0] != "ok"
    ]
    return found


def copy_database(source: Path, key: bytes, target: Path) -> None:
    """A consistent, encrypted copy of the live database under the same key, in one step (``pages=-1``)."""
    live = connect(source, key)
    try:
        copy = sqlcipher.connect(str(target), isolation_level=None)
        try:
            copy.execute("PRAGMA cipher_log_level=NONE")
            copy.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            live.backup(copy, pages=-1)
        finally:
            copy.close()
    finally:
        live.close()


def refusal(error: Exception, path: Path) -> Refused | None:
    """The plain words for a fault of disk or file, or None when the fault is ours."""
    words = str(getattr(error, "orig", error))
    if "disk is full" in words:
        return Refused(
            "disk_full", "Ổ đĩa đã đầy nên chưa ghi được; dữ liệu trước đó vẫn nguyên. Hãy dọn bớt ổ đĩa rồi làm lại."
        )
    if "malformed" in words or "not a database" in words:
        return damaged(path)
    if "disk I/O error" in words or "unable to open" in words:
        return Refused(
            "disk_error",
            f"Ổ đĩa chứa “{path}” không đọc, ghi được (lỗi thiết bị hoặc bị tháo ra). "
            "Việc vừa làm chưa được lưu; dữ liệu trước đó vẫn giữ. Hãy kiểm tra ổ đĩa rồi mở lại chương trình.",
        )
    if "database is locked" in words:
        return Refused(
            "home_in_use", "Dữ liệu đang bận ghi việc khác. Việc vừa làm chưa được lưu; hãy đợi ít giây rồi làm lại."
        )
    return None
