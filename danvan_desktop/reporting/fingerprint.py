"""What ties a printed report to its data: a short code to compare by eye, and the text of a QR code.

Both are made of the SHA-256 of the frozen bytes alone (model.document_hash), so that the paper, the package and every
screen that shows the report show the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import ReportDocument

_DIGITS = 16
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``code``: "4F2A 91C0 7B3D E865"; ``qr``: "DANVAN:1:<report id>:<revision>:<SHA-256>", capitals and digits."""

    code: str
    qr: str


def short_code(sha256: str) -> str:
    """The first 16 digits of a SHA-256 in groups of four, in capitals: 64 bits, enough to tell papers apart by eye."""
    digits = sha256[:_DIGITS].upper()
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def fingerprint(document: ReportDocument, sha256: str) -> Fingerprint:
    """The fingerprint of a frozen report. ``sha256``: of its frozen bytes."""
    return Fingerprint(short_code(sha256), f"DANVAN:1:{document.id}:{document.revision}:{sha256}".upper())
