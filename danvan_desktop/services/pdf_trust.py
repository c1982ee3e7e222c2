"""Whose signatures in papers are believed: roots, certificates between, and lists of what was revoked (NĐ 68/2024)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from ..exchange import pdf_keys
from ..exchange.pdf_verdict import PdfVerdict, check_pdf
from ..kernel import clock
from ..kernel.canonical import sha256_hex
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..store.store import UnitOfWork
from .context import Context

PDF_TRUST = "pdf_trust"  # setting: list of {kind: root | between | crl, sha256, subject, until, at, by}
MAX_FILE = 8 * 2**20


@dataclass(frozen=True, slots=True)
class TrustItem:
    """A kept certificate or list. ``until``: the last moment (UTC stamp) it is good for."""

    kind: str
    sha256: str
    subject: str
    until: str
    at: str
    by: str


class PdfTrustService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def items(self) -> tuple[TrustItem, ...]:
        """What is kept, in the order taken in."""
        with self._context.store.read() as uow:
            return _items(uow)

    def add(self, path: Path) -> tuple[tuple[TrustItem, ...], Changes]:
        """Take in a file of certificates or a list of revoked ones; the person vouches for the roots among them.

        Raises Refused ``trust_file_unreadable``, ``cert_file_invalid``, ``crl_unsigned`` (by none of the certificates
        kept), ``no_right``.
        """
        context = self._context
        context.require("trust")
        try:
            data = read_file(path, MAX_FILE)
        except OSError as error:
            raise Refused(
                "trust_file_unreadable", f"Không đọc được tệp “{path.name}” ({reason(error)}). Chưa nhận gì."
            ) from error
        if data is None:
            raise Refused("trust_file_unreadable", f"Tệp “{path.name}” lớn hơn 8 MB nên không nhận.")
        with context.store.unit() as uow:
            added = self._read(uow, data)
            kept = [item for item in _items(uow) if item.sha256 not in {new.sha256 for new, _ in added}]
            for item, body in added:
                uow.blobs.put(body, path.name, "application/pkix-cert")
                uow.audit.append("pdf_trust_added", item.sha256, {"kind": item.kind})
            kept += [item for item, _ in added]
            uow.settings.set(PDF_TRUST, [_json(item) for item in kept])
        return tuple(item for item, _ in added), Changes.of("trust")

    def remove(self, sha256: str) -> Changes:
        """Believe a root or a list no longer. Raises Refused ``not_found``, ``no_right``."""
        context = self._context
        context.require("trust")
        with context.store.unit() as uow:
            items = _items(uow)
            if all(item.sha256 != sha256 for item in items):
                raise Refused("not_found", "Không có chứng thư hoặc danh sách này.")
            uow.settings.set(PDF_TRUST, [_json(item) for item in items if item.sha256 != sha256])
            uow.audit.append("pdf_trust_removed", sha256, {})
        return Changes.of("trust")

    def check(self, pdf: bytes, at: datetime | None = None) -> tuple[PdfVerdict, ...]:
        """Every signature of a PDF, judged now or at ``at`` (the first receipt). Raises Refused ``pdf_invalid``."""
        context = self._context
        roots: list[x509.Certificate] = []
        between: list[x509.Certificate] = []
        crls: list[x509.CertificateRevocationList] = []
        with context.store.read() as uow:
            for item in _items(uow):
                found = uow.blobs.get(item.sha256)
                if found is None:
                    continue
                if item.kind == "crl":
                    crls.append(pdf_keys.load_crl(found[0]))
                else:
                    (roots if item.kind == "root" else between).extend(pdf_keys.load_certificates(found[0]))
        moment = clock.in_world(context.clock, at or context.clock.now())
        return check_pdf(pdf, roots, crls, moment, between)

    def _read(self, uow: UnitOfWork, data: bytes) -> list[tuple[TrustItem, bytes]]:
        try:
            certificates = pdf_keys.load_certificates(data)
        except Refused as refused:
            try:
                crl = pdf_keys.load_crl(data)
            except Refused:
                raise refused from None
            self._require_issuer(uow, crl)
            end = crl.next_update_utc or crl.last_update_utc
            return [self._item("crl", pdf_keys.der(crl), crl.issuer, end)]
        if not certificates:
            raise Refused("cert_file_invalid", "Tệp không có chứng thư nào. Chưa nhận gì; hãy chọn tệp khác.")
        return [
            self._item(
                "root" if item.issuer == item.subject else "between",
                pdf_keys.der(item),
                item.subject,
                item.not_valid_after_utc,
            )
            for item in certificates
        ]

    def _item(self, kind: str, body: bytes, name: x509.Name, until: datetime) -> tuple[TrustItem, bytes]:
        now = clock.stamp(self._context.clock.now())
        subject = pdf_keys.common_name(name)
        return TrustItem(kind, sha256_hex(body), subject, clock.stamp(until), now, self._context.by), body

    def _require_issuer(self, uow: UnitOfWork, crl: x509.CertificateRevocationList) -> None:
        """A list that no kept certificate signed could hide a revocation as well as tell one."""
        for item in _items(uow):
            found = uow.blobs.get(item.sha256) if item.kind != "crl" else None
            for certificate in pdf_keys.load_certificates(found[0]) if found else []:
                key: Any = certificate.public_key()
                if certificate.subject == crl.issuer and crl.is_signature_valid(key):
                    return
        raise Refused(
            "crl_unsigned",
            "Danh sách thu hồi này không do nơi cấp chứng thư nào đã nhập ký ra. Chưa nhận; "
            "hãy nhập chứng thư của nơi cấp trước.",
        )


def _items(uow: UnitOfWork) -> tuple[TrustItem, ...]:
    return tuple(TrustItem(**item) for item in uow.settings.get(PDF_TRUST, []))


def _json(item: TrustItem) -> dict[str, str]:
    return {
        "kind": item.kind,
        "sha256": item.sha256,
        "subject": item.subject,
        "until": item.until,
        "at": item.at,
        "by": item.by,
    }
