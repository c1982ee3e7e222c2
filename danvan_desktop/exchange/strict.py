"""Reading foreign JSON strictly: every key known, of its type, within its length; nothing ignored."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from ..kernel.canonical import NotCanonical, canonical_bytes, parse_json
from ..kernel.clock import parse_stamp, stamp
from ..kernel.ids import is_id
from ..kernel.text import bad_character, nfc

T = TypeVar("T")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,39}/[a-z0-9][a-z0-9.+-]{0,79}")
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Invalid(ValueError):
    """The data does not have the promised shape; the text names the place."""


def is_sha256(text: str) -> bool:
    """Whether ``text`` is 64 lower-case hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def is_media_type(text: str) -> bool:
    """Whether ``text`` is a plain media type: ``type/subtype``, lower case, no parameters."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def is_member_name(text: str, maximum: int) -> bool:
    """Whether ``text`` may name a member: ASCII, at most one folder, safe on every file system."""
    parts = text.split("/")
    return (
        len(text) <= maximum
        and len(parts) <= 2
        and all(_PART.fullmatch(p) and not p.endswith(".") and not _DEVICE.fullmatch(p) for p in parts)
    )


def parse_canonical(data: bytes, where: str) -> Any:
    """The value of canonical JSON bytes. Raises Invalid for other JSON, also for other spellings of it."""
    try:
        value = parse_json(data)
        if canonical_bytes(value) != data:
            raise Invalid(f"{where}: not in canonical form")
    except NotCanonical as error:
        raise Invalid(f"{where}: {error}") from error
    return value


class Reader:
    """Takes the keys of one JSON object, each once; :meth:`done` refuses whatever is left over."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise Invalid(f"{where}: not an object")
        self._left = dict(value)
        self._where = where

    def fail(self, key: str, why: str) -> Invalid:
        return Invalid(f"{self._where}.{key}: {why}")

    def raw(self, key: str) -> Any:
        if key not in self._left:
            raise self.fail(key, "missing")
        return self._left.pop(key)

    def text(self, key: str, maximum: int = 300, *, minimum: int = 1, multiline: bool = False) -> str:
        """NFC text without control or direction characters, ``minimum`` to ``maximum`` characters."""
        value = self.raw(key)
        if not isinstance(value, str) or not minimum <= len(value) <= maximum:
            raise self.fail(key, f"not a text of {minimum} to {maximum} characters")
        if value != nfc(value) or bad_character(value, multiline=multiline):
            raise self.fail(key, "not plain NFC text")
        return value

    def integer(self, key: str, minimum: int, maximum: int = 2**31 - 1) -> int:
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise self.fail(key, f"not an integer from {minimum} to {maximum}")
        return value

    def boolean(self, key: str) -> bool:
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.fail(key, "not true or false")
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.raw(key)
        if not isinstance(value, str) or value not in choices:
            raise self.fail(key, f"not one of {', '.join(choices)}")
        return value

    def _matching(self, key: str, fits: Callable[[str], bool], what: str) -> str:
        value = self.raw(key)
        if not isinstance(value, str) or not fits(value):
            raise self.fail(key, f"not {what}")
        return value

    def id(self, key: str) -> str:
        return self._matching(key, is_id, "a UUID")

    def sha256(self, key: str) -> str:
        return self._matching(key, is_sha256, "a SHA-256")

    def media_type(self, key: str) -> str:
        return self._matching(key, is_media_type, "a media type")

    def member_name(self, key: str, maximum: int) -> str:
        return self._matching(key, lambda text: is_member_name(text, maximum), "a member name")

    def stamp(self, key: str) -> str:
        return self._matching(key, _is_stamp, "a UTC stamp")

    def date(self, key: str) -> str:
        return self._matching(key, _is_date, "a date")

    def optional(self, key: str, take: Callable[[str], T]) -> T | None:
        """``null`` or what ``take(key)`` reads; the key itself must be there."""
        if key in self._left and self._left[key] is None:
            del self._left[key]
            return None
        return take(key)

    def objects(self, key: str, maximum: int, make: Callable[[Reader], T]) -> tuple[T, ...]:
        """A list of at most ``maximum`` objects, each read whole by ``make``."""
        result: list[T] = []
        for index, item in enumerate(self._list(key, maximum)):
            reader = Reader(item, f"{self._where}.{key}[{index}]")
            result.append(make(reader))
            reader.done()
        return tuple(result)

    def object(self, key: str, make: Callable[[Reader], T]) -> T:
        reader = Reader(self.raw(key), f"{self._where}.{key}")
        result = make(reader)
        reader.done()
        return result

    def hashes(self, key: str, maximum: int) -> tuple[str, ...]:
        """A list of distinct SHA-256 texts."""
        values = self._list(key, maximum)
        if not all(isinstance(item, str) and is_sha256(item) for item in values) or len(set(values)) != len(values):
            raise self.fail(key, "not a list of distinct SHA-256")
        return tuple(values)

    def _list(self, key: str, maximum: int) -> list[Any]:
        value = self.raw(key)
        if not isinstance(value, list) or len(value) > maximum:
            raise self.fail(key, f"not a list of at most {maximum}")
        return value

    def done(self) -> None:
        if self._left:
            raise Invalid(f"{self._where}: unknown key {min(self._left)[:60]!r}")


def _is_stamp(text: str) -> bool:
    try:
        return stamp(parse_stamp(text)) == text
    except (ValueError, OverflowError):
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
