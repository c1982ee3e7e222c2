"""Secrets come from a file descriptor or a prompt: never from an argument or the environment."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from ..kernel.errors import UsageError
from ..kernel.text import nfc

_ORDER = ("password", "key_password", "pin", "recovery")
_PROMPTS = {
    "password": "Mật khẩu: ",
    "key_password": "Mật khẩu khóa ký: ",
    "pin": "Mã PIN: ",
    "recovery": "Mã khôi phục: ",
}


class Secrets:
    """Reads each secret once; descriptors shared by several give one line each, in the order of DESIGN §4."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._values: dict[str, str] = {}
        descriptors: dict[int, list[str]] = {}
        for name in _ORDER:
            number = getattr(options, f"{name}_fd", None)
            if number is not None:
                descriptors.setdefault(number, []).append(name)
        for number, names in descriptors.items():
            lines = _read(number).split("\n")
            for name, line in zip(names, lines, strict=False):
                self._values[name] = nfc(line.rstrip("\r"))

    def get(self, name: str) -> str:
        """The secret ``name``: as given, else asked for at the terminal. Raises UsageError ``secret_needed``."""
        if name not in self._values:
            if not sys.stdin.isatty():
                option = name.replace("_", "-")
                raise UsageError(
                    "secret_needed",
                    f"Cần {_PROMPTS[name].rstrip(': ').lower()}: hãy đưa qua --{option}-fd (0 là đầu vào chuẩn).",
                )
            self._values[name] = nfc(getpass.getpass(_PROMPTS[name]))
        return self._values[name]


def _read(number: int) -> str:
    try:
        if number == 0:
            return sys.stdin.buffer.read(65536).decode("utf-8-sig")
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read(65536).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("secret_needed", f"Không đọc được mật khẩu từ kênh {number}.") from error
