"""Packages for the tests: good ones through the product's builder, hostile ones put together by hand.

``python package_builder.py FOLDER`` writes a fresh sample of the present format (a package and a key card); the
samples kept beside this file are those of released formats and are never made again.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from danvan_desktop.exchange.keys import AgeIdentity, OfficeKey, export_key_card, generate_office_key, key_card
from danvan_desktop.exchange.package import Member, PackageInfo, Party, build_package
from danvan_desktop.exchange.payloads import Enrol, Payload, Recall, Receipt, Remark, Return, payload_bytes
from danvan_desktop.exchange.trust import TrustedKey, TrustView
from danvan_desktop.kernel.canonical import canonical_bytes
from danvan_desktop.reporting.model import Head, Paragraph, ReportDocument, ReportSection, Run, Signature, freeze

FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
AT = datetime(2026, 5, 28, 1, 2, 3, tzinfo=UTC)
CHILD = "0197a000-0000-7000-8000-000000000001"
PARENT = "0197a000-0000-7000-8000-000000000002"
OTHER = "0197a000-0000-7000-8000-000000000003"
REPORT = "0197a000-0000-7000-8000-00000000aaaa"
CHILD_NAME = "Phòng Văn hóa - Xã hội xã Vĩnh Thủy"
PARENT_NAME = "Sở Nội vụ"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
PDF_NAME = "documents/bao-cao.pdf"


@cache
def child_key() -> OfficeKey:
    return generate_office_key(CHILD, CHILD_NAME, FROM, TO)


@cache
def parent_key() -> OfficeKey:
    return generate_office_key(PARENT, PARENT_NAME, FROM, TO)


@cache
def stranger_key() -> OfficeKey:
    return generate_office_key(OTHER, "Cơ quan lạ", FROM, TO)


def trusted(relation: str = "child", **changes: Any) -> TrustedKey:
    return replace(TrustedKey(CHILD, CHILD_NAME, child_key().certificate_der, relation), **changes)


def trust(*keys: TrustedKey) -> TrustView:
    """What the parent trusts: the child."""
    return TrustView(keys or (trusted(),))


def document(revision: int = 1, replaces: str | None = None, **changes: Any) -> ReportDocument:
    """A short report as the product freezes it."""
    paragraph = Paragraph("results.p1", (Run("Đã tổ chức 04 hội nghị."),))
    base = ReportDocument(
        id=REPORT,
        revision=revision,
        regime="commune-to-province",
        period="2026-H1",
        window_from="2025-10-16",
        window_to="2026-05-15",
        office_id=CHILD,
        office_name=CHILD_NAME,
        head=Head(
            ("ỦY BAN NHÂN DÂN TỈNH",),
            ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
            "BC-UBND",
            "Vĩnh Thủy",
            "BÁO CÁO",
            "Kết quả công tác dân vận chính quyền 6 tháng đầu năm 2026",
            ("Ủy ban nhân dân tỉnh (qua Sở Nội vụ)",),
        ),
        bases=(),
        opening=(Paragraph("opening", (Run("Ủy ban nhân dân xã báo cáo kết quả như sau:"),)),),
        sections=(ReportSection("results", 1, "I.", "KẾT QUẢ", (paragraph,)),),
        closing=(),
        annexes=(),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        recipients=("Như trên", "Lưu: VT"),
        figures=(),
        catalog_version="2026.1",
        catalog_hash="c" * 64,
        replaces=replaces,
    )  # fmt: skip
    return replace(base, **changes)


def info(kind: str = "report", number: int = 1, **changes: Any) -> PackageInfo:
    """``package.json`` of a package from child to parent; ``number`` makes the package id."""
    base = PackageInfo(
        kind=kind,
        id=f"0197a000-0000-7000-8000-0000010{number:05d}",
        sender=Party(CHILD, CHILD_NAME),
        receiver=Party(PARENT, PARENT_NAME),
        subject=None if kind in ("enrol", "enrolled") else REPORT,
        revision=None if kind in ("enrol", "enrolled") else 1,
        replaces=None,
        created_at="2026-05-28T01:00:00Z",
        catalog_version="2026.1",
        catalog_hash="c" * 64,
        audit_head="a" * 64,
    )
    return replace(base, **changes)


def report(number: int = 1, revision: int = 1, replaces: str | None = None, text: str = "", **changes: Any) -> bytes:
    """A good report package of the child."""
    frozen = freeze(document(revision, replaces, **({"office_name": CHILD_NAME + text} if text else {})))
    members = [Member("report.json", "application/json", frozen), Member(PDF_NAME, "application/pdf", PDF)]
    return build_package(info(number=number, revision=revision, replaces=replaces, **changes), members, child_key(), AT)


def small(payload: Payload, kind: str, key: OfficeKey | None = None, **changes: Any) -> bytes:
    """A good package of a small kind."""
    member = Member(f"{kind}.json", "application/json", payload_bytes(payload))
    return build_package(info(kind, 7, **changes), [member], key or child_key(), AT)


def enrol(key: OfficeKey, office_id: str, name: str) -> bytes:
    card = key_card(office_id, name, key, AgeIdentity.generate().recipient)
    return small(Enrol(card), "enrol", key, sender=Party(office_id, name))


def receipt(**changes: Any) -> Receipt:
    base = Receipt("b" * 64, CHILD, REPORT, 1, "received", "2026-05-28T02:00:00Z", None, "Đã nhận.\nCảm ơn.")
    return replace(base, **changes)


def return_slip() -> Return:
    remarks = (Remark("annex1/row3/total", "Số liệu không khớp với biểu 02."), Remark("", "Đề nghị rà soát."))
    return Return("b" * 64, REPORT, 1, remarks, "2026-06-03", "2026-05-29T02:00:00Z", "Trần Thị Bình")


def recall() -> Recall:
    return Recall(REPORT, 1, "Sai số liệu tiếp công dân", "Nguyễn Văn An")


# --- hostile packages -------------------------------------------------------------------------------------------


@dataclass
class Entry:
    """One zip entry with every field open to lies; the defaults are honest."""

    name: bytes
    data: bytes
    deflate: bool = False
    packed: bytes | None = None
    flags: int = 0
    method: int | None = None
    crc: int | None = None
    size: int | None = None
    extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    local_name: bytes | None = None
    local_size: int | None = None
    external: int = 0
    before: bytes = b""


def zip_of(
    entries: Sequence[Entry], *, comment: bytes = b"", prefix: bytes = b"", gap: bytes = b"", suffix: bytes = b""
) -> bytes:
    """A zip put together by hand."""
    out, central = bytearray(prefix), bytearray()
    for entry in entries:
        out += entry.before
        body = entry.packed
        if body is None:
            engine = zlib.compressobj(9, zlib.DEFLATED, -15)
            body = engine.compress(entry.data) + engine.flush() if entry.deflate else entry.data
        method = entry.method if entry.method is not None else 8 if entry.deflate else 0
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        local_size = size if entry.local_size is None else entry.local_size
        local_name = entry.name if entry.local_name is None else entry.local_name
        offset = len(out)
        out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, entry.flags, method, 0, 33, crc, len(body), local_size,
                           len(local_name), len(entry.extra)) + local_name + entry.extra + body  # fmt: skip
        central += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, entry.flags, method, 0, 33, crc, len(body),
                               size, len(entry.name), len(entry.central_extra), len(entry.comment), 0, 0,
                               entry.external, offset) + entry.name + entry.central_extra + entry.comment  # fmt: skip
    out += gap
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(entries), len(entries), len(central), len(out), len(comment))
    return bytes(out + central) + end + comment + suffix


Sign = Callable[[bytes], bytes]


def forge_cms(manifest: bytes, certificate_der: bytes, sign: Sign, *, digest: str = "sha256",
              algorithm: str = "sha256_ecdsa", identifier: str = "signing_certificate_v2",
              content: bytes | None = None, named_digest: bytes | None = None) -> bytes:  # fmt: skip
    """A CMS signature in which each part may be wrong."""
    certificate = asn1_x509.Certificate.load(certificate_der)
    attributes: list[dict[str, Any]] = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [named_digest or hashlib.new(digest, manifest).digest()]},
    ]
    if identifier == "signing_certificate_v2":
        value = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(certificate_der).digest()}]})
        attributes.append({"type": identifier, "values": [value]})
    elif identifier:
        value = tsp.SigningCertificate({"certs": [{"cert_hash": hashlib.sha1(certificate_der).digest()}]})
        attributes.append({"type": identifier, "values": [value]})
    signed_attributes = cms.CMSAttributes(attributes)
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(sid)}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "signed_attrs": signed_attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
        "signature": sign(signed_attributes.dump()),
    }
    inner: dict[str, Any] = {"content_type": "data"}
    if content is not None:
        inner["content"] = content
    signed = {
        "version": "v1",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
        "encap_content_info": inner,
        "certificates": [cms.CertificateChoices({"certificate": certificate})],
        "signer_infos": [info],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump())


@dataclass
class Forge:
    """A package whose every part can be replaced before it is put together; untouched it is a good one."""

    files: dict[str, bytes] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    key: OfficeKey = field(default_factory=child_key)
    manifest: bytes | None = None
    signature: bytes | None = None
    digest_uri: str = "http://www.w3.org/2001/04/xmlenc#sha256"

    @staticmethod
    def report() -> Forge:
        forge = Forge()
        forge.files = {"report.json": freeze(document()), PDF_NAME: PDF}
        forge.types = {"report.json": "application/json", PDF_NAME: "application/pdf"}
        forge.info = {
            "format": 1, "kind": "report", "id": info().id, "subject": REPORT, "revision": 1, "replaces": None,
            "created_at": "2026-05-28T01:00:00Z", "catalog_version": "2026.1", "catalog_hash": "c" * 64,
            "audit_head": None, "demo": False, "payload": "report.json",
            "sender": {"id": CHILD, "name": CHILD_NAME}, "receiver": {"id": PARENT, "name": PARENT_NAME},
            "signers_required": [child_key().fingerprint],
        }  # fmt: skip
        return forge

    def document(self, **changes: Any) -> Forge:
        """Replace the report by one that says something else."""
        self.files["report.json"] = freeze(document(**changes))
        return self

    def parts(self) -> dict[str, bytes]:
        """All members in order; the signature fits unless it was replaced."""
        value = dict(self.info)
        value.setdefault(
            "members",
            [
                {"name": name, "media_type": self.types.get(name, "application/octet-stream"), "length": len(data),
                 "sha256": hashlib.sha256(data).hexdigest()}
                for name, data in self.files.items()
            ],
        )  # fmt: skip
        head = canonical_bytes(value)
        manifest = self.manifest or self.manifest_of({"package.json": head, **self.files})
        signature = self.signature or forge_cms(manifest, self.key.certificate_der, self.key.sign)
        return {
            "mimetype": b"application/vnd.etsi.asic-e+zip",
            "package.json": head,
            **self.files,
            "META-INF/ASiCManifest001.xml": manifest,
            "META-INF/signature001.p7s": signature,
        }

    def manifest_of(self, files: Mapping[str, bytes]) -> bytes:
        lines = "".join(
            f'<asic:DataObjectReference URI="{name}" MimeType="'
            f'{self.types.get(name, "application/json" if name == "package.json" else "application/octet-stream")}">'
            f'<ds:DigestMethod Algorithm="{self.digest_uri}"/><ds:DigestValue>'
            f"{base64.b64encode(hashlib.sha256(data).digest()).decode()}</ds:DigestValue></asic:DataObjectReference>"
            for name, data in files.items()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
            'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
            '<asic:SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"/>'
            f"{lines}</asic:ASiCManifest>"
        ).encode()

    def build(self, **zip_options: bytes) -> bytes:
        return zip_of(entries_of(self.parts()), **zip_options)


def entries_of(parts: Mapping[str, bytes]) -> list[Entry]:
    return [Entry(name.encode(), data) for name, data in parts.items()]


def changed(change: Callable[[dict[str, Entry]], object]) -> bytes:
    """A good package whose entries were altered after signing: ``change`` gets them by name, in order."""
    entries = {entry.name.decode(): entry for entry in entries_of(Forge.report().parts())}
    change(entries)
    return zip_of(list(entries.values()))


@cache
def rsa_identity(bits: int) -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(65537, bits)
    return key, certificate_for(key)


def certificate_for(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, begins: datetime = FROM,
                    ends: datetime = TO, usage: bool = True, authority: bool = False) -> bytes:  # fmt: skip
    """A self-signed certificate (DER), good or with something wrong."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Thử")])
    bits = dict.fromkeys(("key_agreement", "data_encipherment", "encipher_only", "decipher_only", "crl_sign"), False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(begins).not_valid_after(ends)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=usage, content_commitment=usage, key_encipherment=not usage,
                                     key_cert_sign=authority, **bits), critical=True)
    )  # fmt: skip
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def signed_by(certificate_der: bytes, sign: Sign, **cms_options: Any) -> bytes:
    """The good report, signed with another certificate of the same office."""
    forge = Forge.report()
    forge.info["signers_required"] = [hashlib.sha256(certificate_der).hexdigest()]
    forge.manifest = forge.parts()["META-INF/ASiCManifest001.xml"]
    forge.signature = forge_cms(forge.manifest, certificate_der, sign, **cms_options)
    return forge.build()


def with_certificate(**options: Any) -> tuple[bytes, TrustView]:
    """The good report signed with a P-256 certificate made with ``options``, and a trust that knows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    der = certificate_for(key, **options)
    data = signed_by(der, lambda attributes: key.sign(attributes, ec.ECDSA(hashes.SHA256())))
    return data, trust(trusted(certificate_der=der))


def with_rsa(bits: int, digest: str = "sha256") -> tuple[bytes, TrustView]:
    key, der = rsa_identity(bits)
    kind = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}[digest]()
    scheme = padding.PKCS1v15()
    data = signed_by(
        der, lambda attributes: key.sign(attributes, scheme, kind), digest=digest, algorithm=f"{digest}_rsa"
    )
    return data, trust(trusted(certificate_der=der))


def write_sample(folder: Path) -> None:
    """Write a package and the key card of its sender."""
    card = key_card(CHILD, CHILD_NAME, child_key(), AgeIdentity.generate().recipient)
    (folder / "format-1-report.dvpkg").write_bytes(report())
    (folder / "format-1-office.dvkey").write_bytes(export_key_card(card))


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
