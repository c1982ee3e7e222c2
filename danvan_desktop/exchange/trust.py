"""What the receiver knows, as frozen values: whose keys it trusts, and what it has received already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from .keys import KeyCard, fingerprint_of

ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "child": frozenset({"enrol", "report", "recall"}),
        "parent": frozenset({"enrolled", "plan", "request", "catalog", "receipt", "return"}),
        "peer": frozenset(),
        # only for looking at a package without a home of one's own: the relation is not known there
        "unknown": frozenset(
            {"enrol", "report", "recall", "enrolled", "plan", "request", "catalog", "receipt", "return"}
        ),
    }
)


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A certificate (DER) whose fingerprint a person has confirmed, and whose it is.

    ``relation``: what that office is to us: parent | child | peer | unknown. ``aliases``: earlier ids of the
    same office. After ``revoked_from`` only packages already received, or listed in ``accepted_hashes``
    (SHA-256 of containers), stay valid.
    """

    office_id: str
    name: str
    certificate_der: bytes = field(repr=False)
    relation: str
    revoked_from: datetime | None = None
    accepted_hashes: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.relation not in ALLOWED:
            raise ValueError(f"no such relation: {self.relation}")
        if self.revoked_from is not None and self.revoked_from.tzinfo is None:
            raise ValueError("a revocation needs a timezone-aware moment")

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate_der)

    def is_office(self, office_id: str) -> bool:
        """Whether ``office_id`` names the owner of this key, now or earlier."""
        return office_id == self.office_id or office_id in self.aliases

    @staticmethod
    def of_card(card: KeyCard, relation: str = "unknown") -> TrustedKey:
        """The key of a card that a person has confirmed."""
        return TrustedKey(card.office_id, card.name, card.certificate_der, relation)


@dataclass(frozen=True, slots=True)
class TrustView:
    """All trusted keys. Raises ValueError when one certificate is said to belong to two offices."""

    keys: tuple[TrustedKey, ...] = ()

    def __post_init__(self) -> None:
        if len({key.certificate_der for key in self.keys}) != len(self.keys):
            raise ValueError("one certificate, two owners")

    def find(self, certificate_der: bytes) -> TrustedKey | None:
        """The trusted key whose certificate is equal byte for byte, or None."""
        return next((key for key in self.keys if key.certificate_der == certificate_der), None)


@dataclass(frozen=True, slots=True)
class Link:
    """One received revision: SHA-256 of its document bytes, and of the document it replaces."""

    document_sha256: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The received revisions of one subject. ``owner``: the office that sent it; ``current``: the one that counts."""

    owner: str
    revisions: Mapping[int, Link]
    current: int | None


@dataclass(frozen=True, slots=True)
class SequenceView:
    """What was received so far.

    ``package_ids``: package id → SHA-256 of its container. ``received``: SHA-256 of a container → moment of
    its first receipt, which is the reference time whenever it is verified again. ``subjects``: subject id →
    its revisions.
    """

    package_ids: Mapping[str, str] = field(default_factory=_empty)
    received: Mapping[str, datetime] = field(default_factory=_empty)
    subjects: Mapping[str, Chain] = field(default_factory=_empty)
