"""Whose packages are believed: key cards, fingerprints compared by telephone, the view handed to exchange."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..exchange.keys import (
    AgeIdentity,
    KeyCard,
    OfficeKey,
    export_key_card,
    key_card,
    normal_fingerprint,
    read_key_card,
)
from ..exchange.trust import TrustedKey, TrustView
from ..kernel import atomic
from ..kernel.changes import Changes
from ..kernel.clock import parse_stamp, stamp
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..reporting.office import OfficeIdentity
from ..store.exchange import TrustRow
from ..store.places import Agency
from ..store.store import UnitOfWork
from .context import Context

__all__ = ["KeyCard", "TrustRow", "TrustService", "grouped", "own_key", "read_card", "same_fingerprint",
           "trust_view", "trusted_key"]  # fmt: skip

MAX_CARD_BYTES = 64 * 1024
_SENDING_ONLY = ("commune_agency", "department_unit")


def read_card(path: Path) -> KeyCard:
    """The key card of a file. Raises Refused ``key_card_invalid`` or ``file_unreadable``."""
    try:
        data = read_file(path, MAX_CARD_BYTES)
    except OSError as error:
        raise Refused(
            "file_unreadable", f"Không mở được tệp “{path.name}” ({reason(error)}). Hãy kiểm tra tên tệp."
        ) from error
    if data is None:
        raise Refused("key_card_invalid", f"Tệp “{path.name}” không phải thẻ khóa (quá lớn). Chưa nhận gì.")
    return read_key_card(data)


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be read over the telephone."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


def same_fingerprint(card: KeyCard, typed: str) -> bool:
    """Whether ``typed`` (blanks, colons, hyphens and case ignored) is the fingerprint of ``card``, all of it."""
    return normal_fingerprint(typed) == card.fingerprint


def own_key(uow: UnitOfWork) -> OfficeKey:
    """The office's package key, kept inside the encrypted database (DESIGN §8.9)."""
    pem = uow.settings.get("office_key", None)
    assert isinstance(pem, str)
    return OfficeKey.from_pem(pem.encode("ascii"))


def trusted_key(row: TrustRow) -> TrustedKey:
    """The key of a confirmed card; one revoked counts until the moment of its revocation."""
    card = KeyCard(row.office_id, row.name, row.certificate_pem, row.age_recipient)
    revoked = parse_stamp(row.confirmed_at) if row.status == "revoked" and row.confirmed_at else None
    return replace(TrustedKey.of_card(card, row.relation), revoked_from=revoked)


def trust_view(uow: UnitOfWork) -> TrustView:
    """The frozen view of trust that verification judges by; quarantined cards are not in it."""
    return TrustView(tuple(trusted_key(row) for row in uow.trust.list() if row.status in ("trusted", "revoked")))


class TrustService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def card(self) -> KeyCard:
        """This office's public key card."""
        with self._context.store.read() as uow:
            office = self._context.office(uow)
            identity = uow.settings.get("age_identity", "")
            assert isinstance(identity, str)
            return key_card(office.id, office.name, own_key(uow), AgeIdentity(identity).recipient)

    def export(self, path: Path) -> KeyCard:
        """Write the public key card to ``path``; nothing secret is in it."""
        card = self.card()
        atomic.write_bytes(path, export_key_card(card))
        return card

    def add(self, card: KeyCard, *, office_id: str, fingerprint: str, relation: str | None = None) -> Changes:
        """Believe ``card`` from now on, after a person compared the fingerprint by another way.

        Raises Refused ``fingerprint_mismatch``, ``office_mismatch``, ``key_conflict`` or ``no_right``.
        """
        context = self._context
        context.require("trust")
        if normal_fingerprint(fingerprint) != card.fingerprint:
            raise Refused(
                "fingerprint_mismatch",
                "Dấu vân tay khai báo không khớp với thẻ khóa trong tệp. Chưa tin cậy thẻ này; "
                "hãy đối chiếu lại qua điện thoại với cơ quan gửi.",
            )
        if office_id != card.office_id:
            raise Refused(
                "office_mismatch",
                f"Thẻ khóa này là của cơ quan có mã {card.office_id}, không phải {office_id}. Chưa nhận.",
            )
        with context.store.unit() as uow:
            office = context.office(uow)
            if card.office_id == office.id:
                raise Refused("own_key", "Đây là thẻ khóa của chính cơ quan này nên không cần thêm.")
            known = uow.trust.get(card.office_id)
            if known is not None and known.status == "trusted" and known.fingerprint != card.fingerprint:
                raise Refused(
                    "key_conflict",
                    f"“{known.name}” đã có một thẻ khóa khác đang được tin cậy. Chưa thay; "
                    "hãy xác minh với cơ quan đó vì sao đổi khóa.",
                )
            row = TrustRow(
                office_id=card.office_id,
                name=card.name,
                certificate_pem=card.certificate_pem,
                fingerprint=card.fingerprint,
                age_recipient=card.age_recipient,
                status="trusted",
                relation=relation or _relation(office, card),
                confirmed_at=stamp(context.clock.now()),
                confirmed_by=context.by,
            )
            uow.trust.add(row)
            if row.relation == "child":
                self._as_agency(uow, office, card)
            uow.audit.append("trust_added", card.office_id, {"fingerprint": card.fingerprint, "relation": row.relation})
        return Changes.of("trust", "agencies", ids=[card.office_id])

    def _as_agency(self, uow: UnitOfWork, office: OfficeIdentity, card: KeyCard) -> None:
        """Link the child's office to the agency of the same name, so that its report counts as that unit's."""
        links = uow.settings.get("office_units", {})
        links = dict(links) if isinstance(links, dict) else {}
        agencies = uow.agencies.list()
        match = next((a for a in agencies if a.id == card.office_id or a.name.casefold() == card.name.casefold()), None)
        if match is None:
            match = Agency(card.office_id, card.name, card.name, "child", True, len(agencies))
            uow.agencies.upsert(match)
        links[card.office_id] = match.id
        uow.settings.set("office_units", links)

    def relation_of(self, card: KeyCard) -> str:
        """What the office of ``card`` most likely is to us: ``parent`` or ``child``; a person decides."""
        with self._context.store.read() as uow:
            return _relation(self._context.office(uow), card)

    def all(self) -> list[TrustRow]:
        with self._context.store.read() as uow:
            return uow.trust.list()

    def revoke(self, office_id: str) -> Changes:
        """Stop believing an office's key from now on; what was received before stays."""
        context = self._context
        context.require("trust")
        with context.store.unit() as uow:
            uow.trust.set_status(office_id, "revoked", at=stamp(context.clock.now()), by=context.by)
            uow.audit.append("trust_revoked", office_id, {})
        return Changes.of("trust", ids=[office_id])


def _relation(office: OfficeIdentity, card: KeyCard) -> str:
    if office.profile in _SENDING_ONLY:
        return "parent"
    if office.profile == "parent":
        return "child"
    name = card.name.casefold()  # "Sở Nội vụ tỉnh Mẫu" is the "Sở Nội vụ" through which reports go up
    above = [known.casefold().strip() for known in (office.parent_name, office.via_name) if known.strip()]
    return "parent" if any(name == known or name.startswith(f"{known} ") for known in above) else "child"
