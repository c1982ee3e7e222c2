"""Strict reading of catalogue TOML: every key is asked for by name and type; what is left over is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Never

from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
REGIME_KEY = re.compile(r"[a-z][a-z0-9-]{0,62}")
MAX_TOML = 2_000_000  # characters of one file
_REQUIRED: Any = object()


def refuse(file: str, key: str, reason: str) -> Never:
    """Raise Refused ``catalog_invalid`` naming the file, the place in it and the reason (Vietnamese)."""
    raise Refused(
        "catalog_invalid",
        f"Danh mục biểu mẫu có lỗi ở tệp “{file}”, mục “{key}”: {reason}. Không có gì được nhận vào; "
        "hãy sửa tệp rồi mở lại chương trình.",
        file=file,
        key=key,
        reason=reason,
    )


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """The tables of one file. Raises Refused ``catalog_invalid`` for anything that is no TOML of a sane size."""
    if len(text) > MAX_TOML:
        refuse(file, "-", "tệp quá lớn")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        refuse(file, "-", f"không đúng cú pháp TOML ({str(error)[:120]})")


class Table:
    """One TOML table being read. ``where`` names it in messages ("form petition, field kind")."""

    def __init__(self, file: str, where: str, data: object) -> None:
        self.file, self.where = file, where
        if not isinstance(data, Mapping):
            refuse(file, where, "phải là một bảng")
        self._data: dict[str, Any] = dict(data)
        self._asked: set[str] = set()

    def fail(self, key: str, reason: str) -> Never:
        """Refuse the catalogue because of ``key`` in this table."""
        refuse(self.file, f"{self.where}: {key}" if key else self.where, reason)

    def has(self, key: str) -> bool:
        return key in self._data

    def names(self) -> tuple[str, ...]:
        return tuple(self._data)

    def raw(self, key: str, default: Any = _REQUIRED) -> Any:
        """The value of ``key`` unread; refused when missing without a default."""
        self._asked.add(key)
        if key not in self._data:
            if default is _REQUIRED:
                self.fail(key, "thiếu")
            return default
        return self._data[key]

    def finish(self) -> None:
        """Refuse keys nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                self.fail(str(key)[:80], "không có từ khóa này")

    def text(self, key: str, default: Any = _REQUIRED, *, empty: bool = False) -> str:
        value = self.raw(key, default)
        if not isinstance(value, str):
            self.fail(key, "phải là chữ")
        return self._clean(key, value, empty=empty or value == default)

    def _clean(self, key: str, value: str, *, empty: bool) -> str:
        if name := bad_character(value, multiline=True):
            self.fail(key, f"có ký tự không dùng được ({name})")
        cleaned = nfc(value).strip()
        if not cleaned and not empty:
            self.fail(key, "để trống")
        return cleaned

    def key(self, key: str = "key", default: Any = _REQUIRED, pattern: re.Pattern[str] = KEY) -> str:
        value = self.text(key, default)
        if value != default and not pattern.fullmatch(value):
            self.fail(key, f"khóa “{value[:70]}” không đúng dạng {pattern.pattern}")
        return value

    def integer(self, key: str, default: Any = _REQUIRED, *, low: int | None = None, high: int | None = None) -> Any:
        value = self.raw(key, default)
        if value is default and default is not _REQUIRED:
            return value
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53 - 1:
            self.fail(key, "phải là số nguyên")
        if (low is not None and value < low) or (high is not None and value > high):
            self.fail(key, f"phải trong khoảng {low}–{high}")
        return value

    def months(self, key: str) -> tuple[int, ...]:
        """A list of months of the year, 1 to 12."""
        value = self.raw(key)
        if not isinstance(value, list) or not value or any(type(item) is not int for item in value):
            self.fail(key, "phải là danh sách tháng, ví dụ [1, 2, 3]")
        if any(not 1 <= item <= 12 for item in value) or len(set(value)) != len(value):
            self.fail(key, "tháng phải từ 1 đến 12, mỗi tháng một lần")
        return tuple(value)

    def yes_no(self, key: str, default: bool = False) -> bool:
        value = self.raw(key, default)
        if not isinstance(value, bool):
            self.fail(key, "phải là true hoặc false")
        return value

    def day(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self.raw(key, default)
        if value is default and default is not _REQUIRED:
            return value
        if isinstance(value, datetime) or not isinstance(value, date):
            self.fail(key, "phải là ngày dạng 2026-07-01")
        return value

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        value = self.raw(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.fail(key, "phải là danh sách chữ")
        cleaned = tuple(self._clean(key, item, empty=False) for item in value)
        if len(set(cleaned)) != len(cleaned):
            self.fail(key, "có mục trùng nhau")
        return cleaned

    def word(self, key: str, allowed: tuple[str, ...], default: Any = _REQUIRED) -> str:
        value = self.text(key, default)
        if value not in allowed and value != default:
            self.fail(key, f"“{value[:60]}” không thuộc: {', '.join(allowed)}")
        return value

    def table(self, key: str, default: Any = _REQUIRED) -> Table | None:
        value = self.raw(key, default)
        return (
            None if value is default and default is not _REQUIRED else Table(self.file, f"{self.where}, {key}", value)
        )

    def tables(self, key: str) -> tuple[Table, ...]:
        value = self.raw(key, [])
        if not isinstance(value, list):
            self.fail(key, "phải là danh sách bảng")
        return tuple(
            Table(self.file, f"{self.where}, {key} {_name(item, at)}", item) for at, item in enumerate(value, 1)
        )


def _name(item: object, at: int) -> str:
    name = item.get("key") if isinstance(item, Mapping) else None
    return name[:70] if isinstance(name, str) and name else str(at)


def freeze_json(table: Table, key: str, value: Any) -> Any:
    """A plain TOML value as an immutable JSON-like one (no floats, no dates)."""
    if isinstance(value, bool | str | int):
        return nfc(value) if isinstance(value, str) else value
    if isinstance(value, list):
        return tuple(freeze_json(table, key, item) for item in value)
    if not isinstance(value, Mapping):
        table.fail(key, "chỉ nhận chữ, số nguyên, đúng/sai, danh sách và bảng")
    return {str(name): freeze_json(table, key, item) for name, item in value.items()}
