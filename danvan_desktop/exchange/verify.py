"""The one way from bytes to a package that may be used: an ordered machine with one reference time.

size caps → zip structure → mimetype → signature over the manifest bytes → signer known → certificate →
exactly these members → hashes → format → schema → sender → receiver → right to this kind → sequence.
Each step fails only by its own reasons (:mod:`.reasons`); the manifest and everything it names are parsed
only after the signature over the manifest bytes holds and belongs to a trusted key. Pure: values in, values out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NoReturn

from cryptography import x509

from ..kernel.clock import stamp
from ..kernel.errors import Refused
from .cms import SeenSignature, check_detached
from .container import INFO_NAME, MANIFEST_NAME, SERVICE_NAMES, SIGNATURE_NAME, read_container
from .evidence import EvidenceItem, FileJudge, check_evidence, evidence_json, judge_files
from .keys import fingerprint_of
from .limits import LIMITS, Limits
from .manifest import Listed, read_manifest
from .package import JSON_TYPE, KINDS, MemberInfo, PackageInfo, check_payload, payload_name, read_info
from .payloads import DocumentHead, Enrol, Payload
from .reasons import VERDICTS, PackageRefused
from .sequence import judge
from .strict import Invalid, parse_canonical
from .trust import ALLOWED, SequenceView, TrustedKey, TrustView

Check = Callable[[bytes], object]
_TOKEN = object()
_KNOWN_CRITICAL = (x509.KeyUsage, x509.BasicConstraints, x509.ExtendedKeyUsage)
PEEK_LIMITS = Limits(package=1024 * 1024, unpacked=1024 * 1024, members=5)


class VerifiedPackage:
    """A package that passed every step. Only :func:`verify` can make one; services accept nothing else.

    ``content`` is the payload read: Enrol, Enrolled, Receipt, Return, Recall; for documents what the caller's
    checker made of it, else a DocumentHead. ``members`` maps names (without ``package.json``) to bytes.
    ``received_at`` is the reference time; ``signing_time`` is what the sender claims, for display only.
    ``evidence``: the files that a person of the sender picked, only in a package that came ``sealed``.
    """

    __slots__ = (
        "content", "data", "evidence", "info", "members", "notes", "received_at", "sealed", "sha256", "signer",
        "signing_time", "verdict",
    )  # fmt: skip
    info: PackageInfo
    members: Mapping[str, bytes]
    content: object
    data: bytes
    sha256: str
    signer: TrustedKey
    signing_time: datetime | None
    received_at: datetime
    verdict: str
    notes: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    sealed: bool

    def __init__(self, token: object, **values: Any) -> None:
        if token is not _TOKEN:
            raise TypeError("only verify() makes a VerifiedPackage")
        for name in self.__slots__:
            object.__setattr__(self, name, values[name])

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a verified package does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a verified package does not change")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a verified package is verified again, not copied")

    def __repr__(self) -> str:
        return f"<VerifiedPackage {self.info.kind} {self.sha256[:12]} {self.verdict}>"

    @property
    def payload(self) -> bytes:
        """The bytes of the payload member, for documents the frozen bytes."""
        return self.members[self.info.payload]

    @property
    def document_sha256(self) -> str:
        """SHA-256 of the payload bytes: what a later revision names as ``replaces``."""
        return self.info.payload_sha256

    @property
    def fingerprint(self) -> str:
        return self.signer.fingerprint


def verify(
    data: bytes,
    *,
    trust: TrustView,
    at: datetime,
    receiver_id: str | frozenset[str] | None = None,
    sequence: SequenceView | None = None,
    checks: Mapping[str, Check] | None = None,
    sealed: bool = False,
    judge_file: FileJudge | None = None,
    limits: Limits = LIMITS,
) -> VerifiedPackage:
    """Verify the bytes of an (unsealed) package at the moment ``at`` of its receipt (timezone-aware).

    ``receiver_id``: our office id, or all ids we go by; None: not asked. ``sequence``: what was received before;
    None: not asked. ``checks``: kind → a reader of the document bytes that raises Refused or ValueError for
    what it does not take (``{"report": reporting.model.thaw}``). ``sealed``: ``data`` came out of an age file, and so
    may carry evidence, whose files ``judge_file`` looks into (not again in a package received before).
    Raises PackageRefused with one of the reasons of DESIGN §8.10; then nothing of the package may be used.
    """
    if at.tzinfo is None:
        raise ValueError("the reference time needs an offset")
    files = _open(data, limits)
    sha256 = hashlib.sha256(data).hexdigest()
    received = sequence is not None and sha256 in sequence.received
    reference = sequence.received.get(sha256, at) if sequence is not None else at

    seen = _check_signature(files)
    signer = trust.find(seen.certificate_der)
    if signer is None:
        raise PackageRefused("signer_unknown", fingerprint=fingerprint_of(seen.certificate_der))
    _check_certificate(seen.certificate, signer, reference, received or sha256 in signer.accepted_hashes)

    info, contents = _check_contents(files, limits)
    if info.signers_required != (signer.fingerprint,):
        raise PackageRefused("signature_missing", required=list(info.signers_required))
    payload, content = _check_schema(info, contents, checks or {})
    evidence = check_evidence(info, contents, sealed=sealed, limits=limits)
    _check_right(info, payload, signer, seen, receiver_id)
    verdict, notes = judge(info, sha256, signer, sequence)
    if verdict != "already_received":
        judge_files(evidence, contents, judge_file)
    if info.demo:
        notes += ("demo",)
    if seen.pkcs1v15:
        notes += ("signature_pkcs1v15",)
    return VerifiedPackage(
        _TOKEN,
        info=info,
        members=MappingProxyType({name: contents[name] for name in contents if name != INFO_NAME}),
        content=content,
        data=data,
        sha256=sha256,
        signer=signer,
        signing_time=seen.signing_time,
        received_at=reference,
        verdict=verdict,
        notes=notes,
        evidence=evidence,
        sealed=sealed,
    )


@dataclass(frozen=True, slots=True)
class EnrolPeek:
    """What an unknown office says of itself, for quarantine: nothing here is trusted, save that whoever holds
    the key of ``certificate_der`` said it. A person compares ``fingerprint``; then the package is verified."""

    info: PackageInfo
    certificate_der: bytes
    fingerprint: str
    sha256: str


def peek_enrol(data: bytes) -> EnrolPeek:
    """Look at a small ``enrol`` package of an unknown signer: only its ``package.json`` is read.

    Raises PackageRefused: ``signer_unknown`` for any other kind, else the reason of the step that failed.
    """
    files = _open(data, PEEK_LIMITS)
    seen = _check_signature(files)
    fingerprint = fingerprint_of(seen.certificate_der)
    info, _ = _check_contents(files, PEEK_LIMITS)
    if info.kind != "enrol":
        raise PackageRefused("signer_unknown", fingerprint=fingerprint)
    return EnrolPeek(info, seen.certificate_der, fingerprint, hashlib.sha256(data).hexdigest())


def _open(data: bytes, limits: Limits) -> dict[str, bytes]:
    caps = {MANIFEST_NAME: limits.manifest, SIGNATURE_NAME: limits.signature, INFO_NAME: limits.info}
    caps |= {payload_name(kind): limits.payload for kind in KINDS}
    return read_container(data, limits, caps)


def _check_signature(files: Mapping[str, bytes]) -> SeenSignature:
    for name in (MANIFEST_NAME, SIGNATURE_NAME):
        if name not in files:
            raise PackageRefused("signature_missing", member=name)
    return check_detached(files[SIGNATURE_NAME], files[MANIFEST_NAME])


def _check_certificate(certificate: x509.Certificate, signer: TrustedKey, at: datetime, known: bool) -> None:
    """Valid at the reference time, meant for signing, not revoked (or this very package known before)."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begins:
        raise PackageRefused("cert_not_yet_valid", valid_from=stamp(begins), at=stamp(at))
    if at > ends:
        raise PackageRefused("cert_expired", valid_to=stamp(ends), at=stamp(at))
    try:
        usage_ok = _may_sign(certificate)
    except (ValueError, x509.DuplicateExtension) as error:
        raise PackageRefused("cert_usage", why=type(error).__name__) from error
    if not usage_ok:
        raise PackageRefused("cert_usage")
    if signer.revoked_from is not None and at >= signer.revoked_from and not known:
        raise PackageRefused("cert_revoked", revoked_from=stamp(signer.revoked_from), at=stamp(at))


def _may_sign(certificate: x509.Certificate) -> bool:
    usage: x509.KeyUsage | None = None
    for extension in certificate.extensions:
        value = extension.value
        if extension.critical and not isinstance(value, _KNOWN_CRITICAL):
            return False
        if isinstance(value, x509.BasicConstraints) and value.ca:
            return False
        if isinstance(value, x509.KeyUsage):
            usage = value
    return usage is not None and (usage.digital_signature or usage.content_commitment)


def _check_contents(files: Mapping[str, bytes], limits: Limits) -> tuple[PackageInfo, dict[str, bytes]]:
    """Exactly the members of the signed manifest, each with its hash; then ``package.json`` itself."""
    listed = read_manifest(files[MANIFEST_NAME], limits)
    contents = {name: data for name, data in files.items() if name not in SERVICE_NAMES}
    names = {item.name for item in listed}
    missing, extra = sorted(names - contents.keys()), sorted(contents.keys() - names)
    if missing:  # a renamed member is both: the missing one is named, the other goes along
        raise PackageRefused("member_missing", missing=missing[:10], extra=extra[:10])
    if extra:
        raise PackageRefused("member_extra", extra=extra[:10])
    if INFO_NAME not in names:
        raise PackageRefused("manifest_invalid", why="package.json is not listed")
    for item in listed:
        if hashlib.sha256(contents[item.name]).digest() != item.digest:
            raise PackageRefused("hash_mismatch", member=item.name)
    try:
        info = read_info(contents[INFO_NAME], limits)
    except Invalid as error:
        raise PackageRefused("schema_invalid", where=str(error)) from error
    _check_list(info, listed, contents)
    return info, contents


def _check_list(info: PackageInfo, listed: tuple[Listed, ...], contents: Mapping[str, bytes]) -> None:
    """``package.json`` and the manifest list the same members, save itself."""
    expected = [
        MemberInfo(item.name, item.media_type, len(contents[item.name]), item.digest.hex())
        for item in listed
        if item.name != INFO_NAME
    ]
    if sorted(info.members, key=_name) != sorted(expected, key=_name):
        raise PackageRefused("manifest_invalid", why="package.json and the manifest list different members")


def _name(member: MemberInfo) -> str:
    return member.name


def _check_schema(
    info: PackageInfo, contents: Mapping[str, bytes], checks: Mapping[str, Check]
) -> tuple[Payload | DocumentHead, object]:
    """The payload as exchange reads it, and as the caller's checker does (the same without a checker)."""
    data = contents[info.payload]
    try:
        content = check_payload(info, data)
        if "rows.json" in contents:
            parse_canonical(contents["rows.json"], "rows")
        if next(item.media_type for item in info.members if item.name == info.payload) != JSON_TYPE:
            raise Invalid("payload: media type is not application/json")
    except Invalid as error:
        raise PackageRefused("schema_invalid", where=str(error)) from error
    check = checks.get(info.kind)
    if check is None or not isinstance(content, DocumentHead):
        return content, content
    try:
        return content, check(data)
    except PackageRefused:
        raise
    except Refused as error:
        reason = "format_newer" if error.code == "format_newer" else "schema_invalid"
        raise PackageRefused(reason, where=error.message) from error
    except ValueError as error:
        raise PackageRefused("schema_invalid", where=str(error)[:200]) from error


def _check_right(
    info: PackageInfo,
    content: Payload | DocumentHead,
    signer: TrustedKey,
    seen: SeenSignature,
    receiver_id: str | frozenset[str] | None,
) -> None:
    """The sender is the owner of the key, the receiver is us, and this office may send us this kind."""
    if not signer.is_office(info.sender.id):
        raise PackageRefused("sender_mismatch", named=info.sender.id, owner=signer.office_id)
    if isinstance(content, DocumentHead) and not signer.is_office(content.office_id):
        raise PackageRefused("sender_mismatch", named=content.office_id, owner=signer.office_id)
    if isinstance(content, Enrol) and (
        content.card.certificate_der != seen.certificate_der or not signer.is_office(content.card.office_id)
    ):
        raise PackageRefused("sender_mismatch", named=content.card.office_id, owner=signer.office_id)
    ours = {receiver_id} if isinstance(receiver_id, str) else receiver_id
    if ours is not None and info.receiver.id not in ours:
        raise PackageRefused("not_for_us", receiver=info.receiver.id)
    if info.kind not in ALLOWED[signer.relation]:
        raise PackageRefused("kind_not_allowed", kind=info.kind, relation=signer.relation)


def describe(package: VerifiedPackage) -> dict[str, Any]:
    """What a verified package is, as one JSON object for the command line."""
    info = package.info
    return {
        "verdict": package.verdict,
        "reason": None,
        "message": VERDICTS[package.verdict],
        "kind": info.kind,
        "id": info.id,
        "sender": {"id": package.signer.office_id, "name": package.signer.name},
        "receiver": {"id": info.receiver.id, "name": info.receiver.name},
        "subject": info.subject,
        "revision": info.revision,
        "replaces": info.replaces,
        "sha256": package.sha256,
        "document_sha256": package.document_sha256,
        "signer_fingerprint": package.fingerprint,
        "signing_time_claimed": stamp(package.signing_time) if package.signing_time else None,
        "received_at": stamp(package.received_at),
        "created_at": info.created_at,
        "catalog_version": info.catalog_version,
        "audit_head": info.audit_head,
        "demo": info.demo,
        "notes": list(package.notes),
        "sealed": package.sealed,
        "evidence": evidence_json(package.evidence, info),
        "members": [
            {"name": m.name, "media_type": m.media_type, "length": m.length, "sha256": m.sha256} for m in info.members
        ],
    }


def describe_refusal(error: PackageRefused) -> dict[str, Any]:
    """The same shape for a refused package: verdict, reason, sentence, and what is known about why."""
    return {"verdict": "refused", "reason": error.reason, "message": error.message, "details": dict(error.details)}
