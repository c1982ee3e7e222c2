"""Hostile packages as data: what is wrong, and the one reason for which it must be refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import package_builder as pb

from danvan_desktop.exchange.limits import Limits
from danvan_desktop.exchange.trust import Chain, Link, SequenceView, TrustView
from danvan_desktop.kernel.canonical import canonical_bytes, sha256_hex
from danvan_desktop.reporting.model import freeze, thaw

MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"


@dataclass
class Case:
    """A package with what the receiver knows; only ``reason`` may be the answer."""

    name: str
    reason: str
    data: Callable[[], bytes]
    trust: Callable[[], TrustView] = pb.trust
    options: dict[str, Any] = field(default_factory=dict)


def forged(change: Callable[[pb.Forge], object], **zip_options: bytes) -> Callable[[], bytes]:
    """A package wrong from the start, with a signature that fits."""

    def make() -> bytes:
        forge = pb.Forge.report()
        change(forge)
        return forge.build(**zip_options)

    return make


def altered(change: Callable[[dict[str, pb.Entry]], object]) -> Callable[[], bytes]:
    """A good package altered after signing."""
    return lambda: pb.changed(change)


def said(**changes: Any) -> Callable[[], bytes]:
    """A signed package whose ``package.json`` says something else."""
    return forged(lambda forge: forge.info.update(changes))


def manifest(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """A signed package with another manifest."""

    def apply(forge: pb.Forge) -> None:
        forge.manifest = change(forge.parts()[MANIFEST])

    return forged(apply)


def cms(**options: Any) -> Callable[[], bytes]:
    return lambda: pb.signed_by(pb.child_key().certificate_der, pb.child_key().sign, **options)


def entry(member: str, **changes: Any) -> Callable[[], bytes]:
    """One zip entry with fields that lie."""

    def apply(entries: dict[str, pb.Entry]) -> None:
        for key, value in changes.items():
            setattr(entries[member], key, value)

    return altered(apply)


def extra_entry(name: bytes, data: bytes = b"x", **changes: Any) -> Callable[[], bytes]:
    return altered(lambda entries: entries.update({"~": pb.Entry(name, data, **changes)}))


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """The bytes of one member changed, the zip consistent."""

    def apply(entries: dict[str, pb.Entry]) -> None:
        entries[name].data = change(entries[name].data)

    return altered(apply)


def xxe(text: bytes) -> bytes:
    head = b'<?xml version="1.0" encoding="UTF-8"?>'
    doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY l "lol">]>'
    return text.replace(head, head + doctype).replace(b"</asic:ASiCManifest>", b"&e;&l;</asic:ASiCManifest>")


def without(text: bytes, name: bytes) -> bytes:
    start = text.index(b'<asic:DataObjectReference URI="' + name)
    end = text.index(b"</asic:DataObjectReference>", start) + len(b"</asic:DataObjectReference>")
    return text[:start] + text[end:]


def bomb() -> bytes:
    return pb.changed(lambda e: e.update({"~": pb.Entry(b"bomb.bin", b"\0" * 30_000_000, deflate=True)}))


def lying_bomb() -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(b"\0" * 30_000_000) + engine.flush()
    return pb.changed(lambda e: e.update({"~": pb.Entry(b"bomb.bin", b"", packed=packed, method=8, size=1000)}))


def first(reversed_order: bool = False) -> Callable[[], bytes]:
    def make() -> bytes:
        entries = pb.entries_of(pb.Forge.report().parts())
        return pb.zip_of(entries[::-1] if reversed_order else entries[1:])

    return make


def twin_names(second: bytes) -> Callable[[], bytes]:
    return extra_entry(second, b"something else")


def cross_signed() -> bytes:
    """The signature of another, equally good package."""
    forge = pb.Forge.report()
    other = pb.Forge.report()
    other.info["id"] = pb.OTHER
    forge.signature = other.parts()[SIGNATURE]
    return forge.build()


def certificate(**options: Any) -> tuple[Callable[[], bytes], Callable[[], TrustView]]:
    data, trust = pb.with_certificate(**options)
    return lambda: data, lambda: trust


def rsa(bits: int, digest: str = "sha256") -> tuple[Callable[[], bytes], Callable[[], TrustView]]:
    data, trust = pb.with_rsa(bits, digest)
    return lambda: data, lambda: trust


def revoked(**changes: Any) -> Callable[[], TrustView]:
    return lambda: pb.trust(pb.trusted(revoked_from=pb.AT - timedelta(days=1), **changes))


def chain(**revisions: tuple[str, str | None]) -> SequenceView:
    links = {int(name[1:]): Link(*pair) for name, pair in revisions.items()}
    return SequenceView(subjects={pb.REPORT: Chain(pb.CHILD, links, max(links))})


DOC1 = sha256_hex(freeze(pb.document()))
LATE = datetime(2100, 6, 1, tzinfo=UTC)
EARLY = datetime(2019, 6, 1, tzinfo=UTC)
TINY = {"limits": Limits(package=1000)}

CASES = [
    # size and zip structure
    Case("file over the cap", "too_large", pb.report, options=TINY),
    Case("too many members", "too_large", pb.report, options={"limits": Limits(members=0)}),
    Case("member over the cap", "too_large", pb.report, options={"limits": Limits(unpacked=5000)}),
    Case("sum over the cap", "too_large", pb.report, options={"limits": Limits(unpacked=11000)}),
    Case("package.json over the cap", "too_large", pb.report, options={"limits": Limits(info=100)}),
    Case("payload over the cap", "too_large", pb.report, options={"limits": Limits(payload=100)}),
    Case("zip bomb", "too_large", bomb),
    Case("zip bomb with a lying size", "zip_structure", lying_bomb),
    Case("empty file", "not_zip", lambda: b""),
    Case("pdf", "not_zip", lambda: pb.PDF),
    Case("bytes before the zip", "not_zip", forged(lambda f: None, prefix=b"MZ...")),
    Case("cut off", "zip_structure", lambda: pb.report()[:-300]),
    Case("last byte cut off", "zip_structure", lambda: pb.report()[:-1]),
    Case("only a signature of zip", "zip_structure", lambda: b"PK\3\4"),
    Case("no members", "zip_structure", lambda: b"PK\3\4" + b"PK\5\6" + b"\0" * 12 + b"\4\0\0\0" + b"\0\0"),
    Case("bytes after the zip", "zip_structure", forged(lambda f: None, suffix=b"\n")),
    Case("bytes before the directory", "zip_structure", forged(lambda f: None, gap=b"hidden")),
    Case("bytes between members", "zip_structure", entry("report.json", before=b"hidden")),
    Case("archive comment", "zip_structure", forged(lambda f: None, comment=b"hello")),
    Case("member comment", "zip_structure", entry("report.json", comment=b"hello")),
    Case("extra field", "zip_structure", entry("report.json", extra=b"\1\0\0\0")),
    Case("extra field in the directory", "zip_structure", entry("report.json", central_extra=b"\1\0\0\0")),
    Case("encrypted flag", "zip_structure", entry("report.json", flags=1)),
    Case("data descriptor", "zip_structure", entry("report.json", flags=8)),
    Case("unknown method", "zip_structure", entry("report.json", method=12)),
    Case("wrong checksum", "zip_structure", entry("report.json", crc=1)),
    Case("wrong size", "zip_structure", entry("report.json", size=5)),
    Case("local name differs", "zip_structure", entry("report.json", local_name=b"report.jsom")),
    Case("local size differs", "zip_structure", entry("report.json", local_size=3)),
    Case("symbolic link", "zip_structure", entry("report.json", external=0o120777 << 16)),
    Case("damaged deflate", "zip_structure", entry("report.json", packed=b"\xff\xff\xff", method=8)),
    Case("rest after deflate", "zip_structure", entry("report.json", data=b"", packed=b"\x03\0more", method=8)),
    Case("two members of one name", "zip_structure", twin_names(b"report.json")),
    Case("two members but for case", "zip_structure", twin_names(b"REPORT.json")),
    Case("zip slip", "zip_structure", extra_entry(b"../evil.txt")),
    Case("absolute name", "zip_structure", extra_entry(b"/etc/passwd")),
    Case("backslash", "zip_structure", extra_entry(b"..\\evil.txt")),
    Case("drive", "zip_structure", extra_entry(b"C:evil.txt")),
    Case("two folders deep", "zip_structure", extra_entry(b"a/b/c.txt")),
    Case("folder entry", "zip_structure", extra_entry(b"documents/", b"")),
    Case("not ascii", "zip_structure", extra_entry("báo-cáo.pdf".encode())),
    Case("null byte", "zip_structure", extra_entry(b"a.pdf\0.exe")),
    Case("device of Windows", "zip_structure", extra_entry(b"documents/CON.txt")),
    Case("hidden file", "zip_structure", extra_entry(b".htaccess")),
    Case("name too long", "zip_structure", extra_entry(b"a" * 200)),
    Case("mimetype not first", "mimetype", first(reversed_order=True)),
    Case("no mimetype", "mimetype", first()),
    Case("another mimetype", "mimetype", edit("mimetype", lambda data: data.replace(b"asic-e", b"asic-s"))),
    Case("mimetype compressed", "mimetype", entry("mimetype", deflate=True)),
    # signature
    Case("no signature", "signature_missing", altered(lambda e: e.pop(SIGNATURE))),
    Case("no manifest", "signature_missing", altered(lambda e: e.pop(MANIFEST))),
    Case(
        "a second signer required", "signature_missing", said(signers_required=[pb.child_key().fingerprint, "0" * 64])
    ),
    Case("another signer required", "signature_missing", said(signers_required=["0" * 64])),
    Case("manifest changed", "signature_invalid", edit(MANIFEST, lambda data: data.replace(b"pdf", b"pdx"))),
    Case("signature emptied", "signature_invalid", edit(SIGNATURE, lambda data: b"")),
    Case("signature is text", "signature_invalid", edit(SIGNATURE, lambda data: b"hello world")),
    Case("bytes after the signature", "signature_invalid", edit(SIGNATURE, lambda data: data + b"\0")),
    Case("signature cut off", "signature_invalid", edit(SIGNATURE, lambda data: data[:-10])),
    Case(
        "signature value changed", "signature_invalid", edit(SIGNATURE, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    ),
    Case("signature of another package", "signature_invalid", cross_signed),
    Case(
        "signed by another key",
        "signature_invalid",
        lambda: pb.signed_by(pb.child_key().certificate_der, pb.stranger_key().sign),
    ),
    Case("content inside the signature", "signature_invalid", cms(content=b"something")),
    Case("no certificate attribute", "signature_invalid", cms(identifier="")),
    Case("another digest named", "signature_invalid", cms(named_digest=b"\0" * 32)),
    Case("XXE in an unsigned manifest", "signature_invalid", edit(MANIFEST, xxe)),
    Case("SHA-1 signature", "algorithm_weak", *rsa(2048, "sha1")),
    Case("RSA of 1024 bits", "algorithm_weak", *rsa(1024)),
    Case("SHA-1 certificate attribute", "algorithm_weak", cms(identifier="signing_certificate")),
    Case(
        "SHA-1 in the manifest",
        "algorithm_weak",
        forged(lambda f: setattr(f, "digest_uri", "http://www.w3.org/2000/09/xmldsig#sha1")),
    ),
    Case("nobody known", "signer_unknown", pb.report, TrustView),
    Case(
        "signer not known",
        "signer_unknown",
        pb.report,
        lambda: pb.trust(pb.trusted(certificate_der=pb.stranger_key().certificate_der)),
    ),
    # certificate
    Case("expired", "cert_expired", pb.report, options={"at": LATE}),
    Case("not yet valid", "cert_not_yet_valid", pb.report, options={"at": EARLY}),
    Case("not for signing", "cert_usage", *certificate(usage=False)),
    Case("an authority's certificate", "cert_usage", *certificate(authority=True)),
    Case("revoked", "cert_revoked", pb.report, revoked()),
    Case("revoked, another hash accepted", "cert_revoked", pb.report, revoked(accepted_hashes=frozenset({"0" * 64}))),
    # members and hashes
    Case("member removed", "member_missing", altered(lambda e: e.pop(pb.PDF_NAME))),
    Case("member renamed", "member_missing", entry(pb.PDF_NAME, name=b"documents/other.pdf")),
    Case("member moved", "member_missing", entry(pb.PDF_NAME, name=b"bao-cao.pdf")),
    Case("package.json removed", "member_missing", altered(lambda e: e.pop("package.json"))),
    Case("member added", "member_extra", extra_entry(b"documents/more.pdf")),
    Case("signature added", "member_extra", extra_entry(b"META-INF/signature002.p7s")),
    Case("document changed", "hash_mismatch", edit(pb.PDF_NAME, lambda data: data + b" ")),
    Case("payload changed", "hash_mismatch", edit("report.json", lambda data: data.replace(b"04", b"40"))),
    Case(
        "package.json changed", "hash_mismatch", edit("package.json", lambda data: data.replace(b"2026.1", b"2026.2"))
    ),
    # the manifest of a trusted but wrong sender
    Case("XXE in the manifest", "manifest_invalid", manifest(xxe)),
    Case(
        "document type only",
        "manifest_invalid",
        manifest(lambda t: t.replace(b"<asic:ASiCManifest", b"<!DOCTYPE a><asic:ASiCManifest")),
    ),
    Case("processing instruction", "manifest_invalid", manifest(lambda t: t + b"<?php ?>")),
    Case("manifest is no XML", "manifest_invalid", manifest(lambda t: b"hello")),
    Case("manifest empty", "manifest_invalid", manifest(lambda t: b"<x/>")),
    Case("manifest of another namespace", "manifest_invalid", manifest(lambda t: t.replace(b"v1.2.1", b"v1.9.9"))),
    Case("manifest nested deeply", "manifest_invalid", manifest(lambda t: b"<a>" * 5000 + b"</a>" * 5000)),
    Case("manifest in UTF-16", "manifest_invalid", manifest(lambda t: t.decode().encode("utf-16"))),
    Case(
        "unknown attribute",
        "manifest_invalid",
        manifest(lambda t: t.replace(b'" MimeType="application/pkcs7', b'" a="b" MimeType="application/pkcs7')),
    ),
    Case("text between elements", "manifest_invalid", manifest(lambda t: t.replace(b"</asic:ASiC", b"x</asic:ASiC"))),
    Case("another signature file", "manifest_invalid", manifest(lambda t: t.replace(b"signature001", b"signature002"))),
    Case("percent in a name", "manifest_invalid", manifest(lambda t: t.replace(b"bao-cao.pdf", b"bao%2Dcao.pdf"))),
    Case("bad base64", "manifest_invalid", manifest(lambda t: t.replace(b"=</ds:", b"!</ds:"))),
    Case(
        "short digest", "manifest_invalid", manifest(lambda t: t.replace(b"<ds:DigestValue>", b"<ds:DigestValue>AAAA"))
    ),
    Case("a member twice", "manifest_invalid", manifest(lambda t: t.replace(b"documents/bao-cao.pdf", b"report.json"))),
    Case("package.json not listed", "member_extra", manifest(lambda t: without(t, b"package.json"))),
    Case(
        "package.json lists less",
        "manifest_invalid",
        said(members=[{"name": "report.json", "media_type": "application/json", "length": 1, "sha256": "0" * 64}]),
    ),
    # format and schema
    Case("package format 2", "format_newer", said(format=2, anything=["new"])),
    Case(
        "report format 2", "format_newer", forged(lambda f: f.document(format=2)), options={"checks": {"report": thaw}}
    ),
    Case("package format 0", "schema_invalid", said(format=0)),
    Case("package format true", "schema_invalid", said(format=True)),
    Case("unknown key", "schema_invalid", said(colour="red")),
    Case("unknown kind", "schema_invalid", said(kind="letter")),
    Case("id is no UUID", "schema_invalid", said(id="1")),
    Case("local time", "schema_invalid", said(created_at="2026-05-28T08:00:00+07:00")),
    Case("no subject", "schema_invalid", said(subject=None)),
    Case("first revision replaces", "schema_invalid", said(replaces="0" * 64)),
    Case("second revision replaces nothing", "schema_invalid", said(revision=2)),
    Case("no signer required", "schema_invalid", said(signers_required=[])),
    Case("payload of another kind", "schema_invalid", said(payload="plan.json")),
    Case("name with direction override", "schema_invalid", said(sender={"id": pb.CHILD, "name": "a\u202eb"})),
    Case("name not NFC", "schema_invalid", said(sender={"id": pb.CHILD, "name": "Xa\u0303"})),
    Case(
        "another revision in the report", "schema_invalid", forged(lambda f: f.document(revision=2, replaces="0" * 64))
    ),
    Case("another report in the report", "schema_invalid", forged(lambda f: f.document(id=pb.OTHER))),
    Case("payload no JSON", "schema_invalid", forged(lambda f: f.files.update({"report.json": b"{"}))),
    Case(
        "payload with a float", "schema_invalid", forged(lambda f: f.files.update({"report.json": b'{"format":1.5}'}))
    ),
    Case("payload a list", "schema_invalid", forged(lambda f: f.files.update({"report.json": b"[]"}))),
    Case(
        "payload not canonical",
        "schema_invalid",
        forged(lambda f: f.files.update({"report.json": f.files["report.json"] + b"\n"})),
    ),
    Case("payload not as JSON", "schema_invalid", forged(lambda f: f.types.update({"report.json": "text/plain"}))),
    Case("rows no JSON", "schema_invalid", forged(lambda f: f.files.update({"rows.json": b"nonsense"}))),
    Case(
        "inside of the report wrong",
        "schema_invalid",
        forged(
            lambda f: f.files.update(
                {
                    "report.json": canonical_bytes(
                        {
                            "format": 1,
                            "kind": "report",
                            "id": pb.REPORT,
                            "revision": 1,
                            "replaces": None,
                            "office_id": pb.CHILD,
                        }
                    )
                }
            )
        ),
        options={"checks": {"report": thaw}},
    ),
    # right
    Case("sender is not the key's owner", "sender_mismatch", said(sender={"id": pb.OTHER, "name": "Khác"})),
    Case("report of another office", "sender_mismatch", forged(lambda f: f.document(office_id=pb.OTHER))),
    Case(
        "subject of another office",
        "sender_mismatch",
        pb.report,
        options={"sequence": SequenceView(subjects={pb.REPORT: Chain(pb.OTHER, {}, None)})},
    ),
    Case("for somebody else", "not_for_us", pb.report, options={"receiver_id": pb.OTHER}),
    Case("report from the parent", "kind_not_allowed", pb.report, lambda: pb.trust(pb.trusted("parent"))),
    Case("report from a neighbour", "kind_not_allowed", pb.report, lambda: pb.trust(pb.trusted("peer"))),
    Case("receipt from a child", "kind_not_allowed", lambda: pb.small(pb.receipt(), "receipt")),
    Case("return from a child", "kind_not_allowed", lambda: pb.small(pb.return_slip(), "return")),
    # sequence
    Case(
        "id used before",
        "id_reused",
        pb.report,
        options={"sequence": SequenceView(package_ids={pb.info().id: "0" * 64})},
    ),
    Case("two first revisions", "fork", pb.report, options={"sequence": chain(r1=("0" * 64, None))}),
    Case(
        "two second revisions",
        "fork",
        lambda: pb.report(2, 2, DOC1),
        options={"sequence": chain(r1=(DOC1, None), r2=("0" * 64, DOC1))},
    ),
    Case(
        "same predecessor, other number",
        "fork",
        lambda: pb.report(3, 3, DOC1),
        options={"sequence": chain(r1=(DOC1, None), r2=("0" * 64, DOC1))},
    ),
    Case(
        "replaces another first",
        "fork",
        lambda: pb.report(2, 2, "f" * 64),
        options={"sequence": chain(r1=(DOC1, None))},
    ),
    Case("not what the next one replaced", "fork", pb.report, options={"sequence": chain(r2=("0" * 64, "f" * 64))}),
    Case(
        "replaces its successor",
        "fork",
        lambda: pb.report(2, 2, "0" * 64),
        options={"sequence": chain(r5=("0" * 64, "e" * 64))},
    ),
]
