"""Keys: Argon2id over a password, AES-256-GCM around the database key and the protected key.

One run of Argon2id gives 64 bytes: the first half wraps the database key of the account's slot, the second half the
protected key when the account has the right. Passwords are NFC: a Telex and a Unicode-decomposed keyboard type the
same word in different bytes.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..kernel.canonical import canonical_bytes
from ..kernel.text import nfc

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
RECOVERY_BYTES = 20  # 160 bits: 32 letters in eight groups of four
_MAX_MEMORY_KIB = 2**20  # a slot that asks for more than 1 GiB is damaged or hostile
_LOOK_ALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})  # base32 has none of these digits


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Cost of Argon2id: memory in KiB, passes, lanes. The default takes 0.3-0.7 s on an old office PC."""

    memory_kib: int = 64 * 1024
    time_cost: int = 3
    parallelism: int = 1

    def to_json(self) -> dict[str, Any]:
        return {
            "name": "argon2id",
            "memory_kib": self.memory_kib,
            "time_cost": self.time_cost,
            "parallelism": self.parallelism,
        }

    @staticmethod
    def from_json(data: Any) -> KdfParameters:
        """Raises ValueError for unknown functions and costs out of reason."""
        if not isinstance(data, Mapping) or data.get("name") != "argon2id":
            raise ValueError("unknown key derivation")
        numbers = [data.get(key) for key in ("memory_kib", "time_cost", "parallelism")]
        memory, passes, lanes = (item if type(item) is int else 0 for item in numbers)
        if not (8 <= memory <= _MAX_MEMORY_KIB and 1 <= passes <= 64 and 1 <= lanes <= 16 and memory >= 8 * lanes):
            raise ValueError("key derivation costs out of reason")
        return KdfParameters(memory, passes, lanes)


@dataclass(frozen=True, slots=True)
class Keys:
    """The opened keys of a home; ``protected`` only for accounts with the right, and the recovery sheet."""

    database: bytes = field(repr=False)
    protected: bytes | None = field(repr=False)


def stretch(password: str, salt: bytes, parameters: KdfParameters) -> bytes:
    """64 bytes from a password: two wrapping keys."""
    return hash_secret_raw(
        nfc(password).encode("utf-8"),
        salt,
        parameters.time_cost,
        parameters.memory_kib,
        parameters.parallelism,
        2 * KEY_BYTES,
        Type.ID,
    )


def seal(key: bytes, data: bytes, bound_to: Any) -> tuple[bytes, bytes]:
    """(nonce, AES-256-GCM of ``data``), only to be opened with the same ``bound_to`` (canonical JSON)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, data, canonical_bytes(bound_to))


def unseal(key: bytes, nonce: bytes, sealed: bytes, bound_to: Any) -> bytes | None:
    """The bytes of :func:`seal`, or None when key, bytes or binding differ."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, canonical_bytes(bound_to))
    except (InvalidTag, ValueError):
        return None


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def new_recovery_code() -> str:
    """``ABCD-EFGH-…``: 160 random bits in eight groups of four letters (base32)."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode("ascii")
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def clean_recovery_code(text: str) -> str:
    """What was typed, without blanks, dashes and small letters; 0, 1, 8 read as O, I, B."""
    return "".join(char for char in nfc(text).upper() if char.isalnum()).translate(_LOOK_ALIKES)


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def from_base64(text: Any) -> bytes:
    """Raises ValueError for anything that is not base64 text."""
    if not isinstance(text, str):
        raise ValueError("not base64")
    return base64.b64decode(text, validate=True)
