"""Leaving a record with unsaved work: what is asked, and waiting for the database."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QWidget

from . import dialogs
from .runner import Runner

SAVE, GIVE_UP, STAY = range(3)


def ask_unsaved(parent: QWidget, *, final: bool) -> int:
    """SAVE, GIVE_UP or STAY. ``final``: the record on screen is a final one."""
    return dialogs.choose(
        parent,
        "Bản ghi đang nhập có thay đổi chưa lưu.",
        ("Lưu chính thức" if final else "Lưu dự thảo", "Bỏ thay đổi", "Ở lại"),
        detail="Nếu bỏ, những gì vừa nhập sẽ mất; bản đã lưu trước đó vẫn còn nguyên.",
    )


def wait_for_database(runner: Runner, parent: QObject) -> None:
    """Return once everything asked of the database so far has been answered."""
    loop = QEventLoop(parent)
    after = runner.submit_db(lambda _p: None, lambda _r: loop.quit(), lambda _e: loop.quit(), owner=loop)
    if not after.over:
        loop.exec()
