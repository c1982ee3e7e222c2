"""The full check of an open home: every page, every link, the audit chain, triggers, indexes."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from .audit import AuditRepository
from .engine import faults
from .migrate import trigger_names
from .schema import SEARCH_TABLES, TRIGGERS


def problems(connection: Connection, audit: AuditRepository) -> list[str]:
    """Vietnamese sentences about what is wrong; empty when all is well."""
    found: list[str] = []
    raw = connection.connection.dbapi_connection
    bad = faults(raw, quick=False)
    if bad:
        found.append(f"Tệp dữ liệu có {len(bad)} chỗ hỏng; hãy khôi phục từ bản sao lưu gần nhất.")
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if dangling:
        found.append(f"Có {len(dangling)} dòng dữ liệu mất liên kết; hãy khôi phục từ bản sao lưu gần nhất.")
    missing = TRIGGERS - trigger_names(connection)
    if missing:
        found.append("Thiếu khóa bảo vệ dữ liệu chỉ được ghi thêm; hãy khôi phục từ bản sao lưu gần nhất.")
    if not audit.verify():
        found.append("Nhật ký thao tác không còn liền mạch: có mục bị sửa hoặc mất; hãy báo người quản trị.")
    for name in SEARCH_TABLES:
        try:
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608 - own names
            records = connection.exec_driver_sql("SELECT count(*) FROM record").scalar_one()
            if count != records:
                raise DatabaseError("search", None, Exception("count"))
        except DatabaseError:
            found.append("Chỉ mục tìm kiếm không khớp số bản ghi; hãy khôi phục từ bản sao lưu gần nhất.")
    return found
