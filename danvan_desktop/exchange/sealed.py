"""Packages for one reader only: the signed container inside ``age`` (X25519).

Sign first, then seal; the identity of a package is always that of the container inside.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from ..kernel.errors import Refused
from .keys import AgeIdentity
from .limits import LIMITS, Limits
from .reasons import PackageRefused

_HEADER = b"age-encryption.org/"
_OVERHEAD = 1024 * 1024  # header, recipients and 16 bytes for every 64 kB


def is_sealed(data: bytes) -> bool:
    """Whether ``data`` is an age file, whatever it is called."""
    return data.startswith(_HEADER)


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """``data`` encrypted to ``recipients`` (``age1...``): the parent's, and the office's own for recovery.

    Raises Refused ``key_invalid`` for a recipient that is none, ValueError without any.
    """
    if not recipients:
        raise ValueError("sealed for nobody")
    try:
        keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as error:
        raise Refused(
            "key_invalid",
            "Khóa mã hóa của nơi nhận không đúng nên gói chưa được mã hóa; dữ liệu vẫn nguyên. "
            "Hãy nhập lại tệp khóa (.dvkey) của nơi nhận.",
        ) from error
    result: bytes = pyrage.encrypt(data, keys)
    return result


def unseal(data: bytes, identity: AgeIdentity | Sequence[AgeIdentity], limits: Limits = LIMITS) -> bytes:
    """The container inside a sealed package; data that is not sealed is given back as it is.

    Raises PackageRefused ``too_large``, ``not_for_us`` (no identity of ours opens it), ``hash_mismatch`` (damaged
    or changed: age authenticates every byte); Refused ``key_invalid`` when an identity of ours is none.
    """
    if not is_sealed(data):
        return data
    if len(data) > limits.package + _OVERHEAD:
        raise PackageRefused("too_large", sealed=True, size=len(data))
    identities = [identity] if isinstance(identity, AgeIdentity) else list(identity)
    keys = [item.secret_key() for item in identities]
    try:
        result: bytes = pyrage.decrypt(data, keys)
    except pyrage.DecryptError as error:
        reason = "not_for_us" if "No matching keys" in str(error) else "hash_mismatch"
        raise PackageRefused(reason, sealed=True) from error
    return result
