"""Identifiers: UUID version 7 (RFC 9562): sortable by time, random otherwise."""

from __future__ import annotations

import secrets
import uuid

from .clock import Clock

_last_ms = 0
_sequence = 0


def new_id(clock: Clock) -> str:
    """A fresh UUIDv7 as 36 lower-case characters.

    Ids made by one process within the same millisecond keep their order (the 12 bits after the time
    count up); a clock that stands or steps back never makes two equal ids: 62 bits are random.
    """
    global _last_ms, _sequence
    milliseconds = int(clock.now().timestamp() * 1000)
    if milliseconds == _last_ms and _sequence < 0xFFF:
        _sequence += 1
    else:
        _last_ms, _sequence = milliseconds, secrets.randbelow(0x400)
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= _sequence << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether ``text`` is a full UUID in its canonical spelling."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
