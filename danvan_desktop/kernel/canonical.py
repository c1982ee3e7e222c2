"""Canonical bytes: RFC 8785 over strings, integers, booleans, arrays, objects and null.

Floats are refused in both directions: decimals are integers at a declared scale (money in đồng), so
that the same data gives the same bytes, and the same hash, on every machine and in every year.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

type_error = "only strings, integers, booleans, arrays, objects and null have canonical bytes"
MAX_DEPTH = 64
MAX_INTEGER = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
_FAR = re.compile("[\ud800-\U0010ffff]")


class NotCanonical(ValueError):
    """The value or the bytes lie outside the canonical subset."""


def _whole(text: str) -> str:
    """``text``, if it can be stored: JSON can spell half a surrogate pair, which no file and no database takes."""
    try:
        if not text.isascii():
            text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("half of a surrogate pair") from error
    return text


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("integer beyond 2^53 - 1")
        return value
    if depth >= MAX_DEPTH and value:
        raise NotCanonical("nested too deeply")
    depth += 1
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise NotCanonical("object keys must be strings")
        return {_whole(key): _plain(item, depth) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item, depth) for item in value]
    raise NotCanonical(type_error)


def canonical_bytes(value: Any) -> bytes:
    """The RFC 8785 bytes of ``value``. Raises NotCanonical for floats and foreign types."""
    plain = _plain(value, 0)
    try:
        # Within the subset the standard library writes the same bytes many times faster; it differs only in the order
        # of keys beyond U+D7FF, which RFC 8785 sorts by their UTF-16 units.
        text: str = _ENCODER.encode(plain)
        return rfc8785.dumps(plain) if _FAR.search(text) else text.encode("utf-8")
    except rfc8785.CanonicalizationError as error:
        raise NotCanonical(str(error)) from error


def _no_float(text: str) -> Any:
    raise NotCanonical(f"not an integer: {text[:20]}")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise NotCanonical("integer beyond 2^53 - 1")
    return int(text)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotCanonical("an object names a key twice")
    return result


def parse_json(data: bytes) -> Any:
    """Parse JSON of the canonical subset (any spacing and key order).

    Raises NotCanonical for invalid UTF-8 or JSON, floats, NaN, twin keys and deep nesting.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_no_float,
            parse_int=_integer,
            parse_constant=_no_float,
            object_pairs_hook=_no_twins,
        )
        return _plain(value, 0)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: Any) -> str:
    """SHA-256 (hexadecimal) of the canonical bytes of ``value``."""
    return sha256_hex(canonical_bytes(value))
