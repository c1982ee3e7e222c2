"""The errors an officer may meet.

Every error that is the world's fault (a bad file, a wrong password, a rule) is a ``Refused``: it
carries a stable code for programs and one or two Vietnamese sentences for people (what happened,
what was kept, what to do next). Anything else that escapes is our own fault and ends in a crash file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class DanvanError(Exception):
    """Base of all expected errors: ``code`` for machines, ``message`` (Vietnamese) for people."""

    exit_code = 1

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details: Mapping[str, Any] = MappingProxyType(dict(details))


class Refused(DanvanError):
    """Something asked for cannot be done, for a named reason; nothing was changed."""

    exit_code = 1


class UsageError(DanvanError):
    """The command or the call was put wrongly (exit 2)."""

    exit_code = 2


class Cancelled(DanvanError):
    """The person stopped a long piece of work; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("cancelled", "Đã dừng theo yêu cầu; dữ liệu giữ nguyên như trước.")
