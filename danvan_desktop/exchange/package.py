"""Building a signed package: ``package.json``, the payload of its kind, documents, manifest, signature.

A package is built once and its bytes are kept; building again would make another identity (DESIGN §8.10).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..kernel.canonical import canonical_bytes, sha256_hex
from ..kernel.errors import Refused
from .cms import Signer, sign_detached
from .container import (
    INFO_NAME,
    MANIFEST_NAME,
    MIMETYPE,
    MIMETYPE_NAME,
    SERVICE_NAMES,
    SIGNATURE_NAME,
    write_container,
)
from .limits import LIMITS, Limits
from .manifest import Listed, write_manifest
from .payloads import DOCUMENT_KINDS, DocumentHead, Payload, read_document_head, read_payload, refuse_newer
from .strict import Invalid, Reader, is_media_type, is_member_name, parse_canonical

FORMAT = 1
EXTENSION = ".dvpkg"
KINDS = ("enrol", "enrolled", "plan", "request", "catalog", "report", "receipt", "return", "recall")
WITHOUT_SUBJECT = ("enrol", "enrolled")
JSON_TYPE = "application/json"
_COMPRESSED = (JSON_TYPE, "application/xml", "text/plain", "text/csv", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Party:
    """An office as named in a package: its id (UUID) and its name then."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberInfo:
    """One member as ``package.json`` lists it: length in bytes, SHA-256 in hexadecimal."""

    name: str
    media_type: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Member:
    """One file to be packed; ``name`` is ASCII with at most one folder (``documents/bao-cao.pdf``)."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """``package.json``. ``members`` and, when empty, ``signers_required`` are filled while building."""

    kind: str
    id: str  # UUID of this package
    sender: Party
    receiver: Party
    subject: str | None  # UUID of the report, plan, ...; None for enrol, enrolled
    revision: int | None  # of the subject, from 1; None without subject
    replaces: str | None  # SHA-256 of the document that this revision replaces; None for other kinds
    created_at: str  # stamp
    catalog_version: str
    catalog_hash: str | None
    audit_head: str | None  # head of the sender's audit chain, SHA-256
    signers_required: tuple[str, ...] = ()  # fingerprints whose signatures must be there
    demo: bool = False
    members: tuple[MemberInfo, ...] = ()
    format: int = FORMAT

    @property
    def payload(self) -> str:
        """The name of the payload member: the kind with ``.json``."""
        return payload_name(self.kind)

    @property
    def payload_sha256(self) -> str:
        """SHA-256 of the payload bytes, once ``members`` is filled."""
        return next(member.sha256 for member in self.members if member.name == self.payload)


def payload_name(kind: str) -> str:
    """``report`` → ``report.json``."""
    return f"{kind}.json"


def info_bytes(info: PackageInfo) -> bytes:
    """The canonical bytes of ``package.json``."""
    value: dict[str, Any] = {
        name: getattr(info, name)
        for name in (
            "format", "kind", "id", "subject", "revision", "replaces", "created_at", "catalog_version",
            "catalog_hash", "audit_head", "demo", "payload",
        )
    }  # fmt: skip
    value["sender"] = {"id": info.sender.id, "name": info.sender.name}
    value["receiver"] = {"id": info.receiver.id, "name": info.receiver.name}
    value["signers_required"] = list(info.signers_required)
    value["members"] = [
        {"name": m.name, "media_type": m.media_type, "length": m.length, "sha256": m.sha256} for m in info.members
    ]
    return canonical_bytes(value)


def read_info(data: bytes, limits: Limits = LIMITS) -> PackageInfo:
    """``package.json`` read strictly. Raises Invalid, or PackageRefused ``format_newer``."""
    value = parse_canonical(data, "package")
    refuse_newer(value, FORMAT)
    reader = Reader(value, "package")

    def party(item: Reader) -> Party:
        return Party(item.id("id"), item.text("name"))

    def member(item: Reader) -> MemberInfo:
        return MemberInfo(
            item.member_name("name", limits.name),
            item.media_type("media_type"),
            item.integer("length", 0),
            item.sha256("sha256"),
        )

    reader.integer("format", 1, FORMAT)
    info = PackageInfo(
        kind=reader.one_of("kind", KINDS),
        id=reader.id("id"),
        sender=reader.object("sender", party),
        receiver=reader.object("receiver", party),
        subject=reader.optional("subject", reader.id),
        revision=reader.optional("revision", lambda key: reader.integer(key, 1)),
        replaces=reader.optional("replaces", reader.sha256),
        created_at=reader.stamp("created_at"),
        catalog_version=reader.text("catalog_version", 60),
        catalog_hash=reader.optional("catalog_hash", reader.sha256),
        audit_head=reader.optional("audit_head", reader.sha256),
        signers_required=reader.hashes("signers_required", 10),
        demo=reader.boolean("demo"),
        members=reader.objects("members", limits.members, member),
    )
    payload = reader.text("payload", 40)
    reader.done()
    _check_info(info, payload)
    return info


def _check_info(info: PackageInfo, payload: str) -> None:
    with_subject = info.kind not in WITHOUT_SUBJECT
    if with_subject != (info.subject is not None) or with_subject != (info.revision is not None):
        raise Invalid("package.subject: subject and revision belong together and to this kind")
    revised = info.kind in DOCUMENT_KINDS and (info.revision or 1) > 1
    if revised != (info.replaces is not None):
        raise Invalid("package.replaces: named by every revision after the first, and by nothing else")
    if not info.signers_required:
        raise Invalid("package.signers_required: empty")
    if payload != info.payload or payload not in {member.name for member in info.members}:
        raise Invalid("package.payload: not the payload of this kind")


def check_payload(info: PackageInfo, data: bytes) -> Payload | DocumentHead:
    """The payload read, and in agreement with ``package.json``.

    Raises Invalid, or PackageRefused ``format_newer``.
    """
    if info.kind in DOCUMENT_KINDS:
        head = read_document_head(info.kind, data)
        if (head.id, head.revision, head.replaces) != (info.subject, info.revision, info.replaces):
            raise Invalid(f"{info.kind}: id, revision or replaces differ from package.json")
        return head
    payload = read_payload(info.kind, data)
    if info.subject is not None and (
        getattr(payload, "subject", None) != info.subject or getattr(payload, "revision", None) != info.revision
    ):
        raise Invalid(f"{info.kind}: subject or revision differ from package.json")
    return payload


def build_package(
    info: PackageInfo,
    members: Sequence[Member],
    key: Signer,
    signing_time: datetime,
    limits: Limits = LIMITS,
) -> bytes:
    """The bytes of a signed package (ASiC-E with one CAdES signature).

    ``members`` are the payload (``<kind>.json``) and everything that goes along, in the order wanted;
    only the bytes of the signature differ between two builds of the same input.
    Raises Refused ``too_large`` when the files are too many or too big, ValueError for what only our own
    code can get wrong (names, kinds, payloads that the verifier would not take).
    """
    required = info.signers_required or (key.fingerprint,)
    if required != (key.fingerprint,):
        raise ValueError("format 1 carries one signature: that of the key given")
    _check_members(members, limits)
    listed = [Listed(m.name, m.media_type, hashlib.sha256(m.data).digest()) for m in members]
    info = replace(
        info,
        signers_required=required,
        members=tuple(
            MemberInfo(m.name, m.media_type, len(m.data), item.digest.hex())
            for m, item in zip(members, listed, strict=True)
        ),
    )
    head = info_bytes(info)
    if len(head) > limits.info:
        raise _too_large()
    check_payload(read_info(head, limits), next(m.data for m in members if m.name == info.payload))
    manifest = write_manifest([Listed(INFO_NAME, JSON_TYPE, hashlib.sha256(head).digest()), *listed])
    if len(manifest) > limits.manifest:
        raise _too_large()
    files = [
        (MIMETYPE_NAME, MIMETYPE, False),
        (INFO_NAME, head, True),
        *((m.name, m.data, m.media_type in _COMPRESSED) for m in members),
        (MANIFEST_NAME, manifest, True),
        (SIGNATURE_NAME, sign_detached(manifest, key, signing_time), False),
    ]
    if sum(len(data) for _, data, _ in files) > limits.unpacked:
        raise _too_large()
    result = write_container(files, limits)
    if len(result) > limits.package:
        raise _too_large()
    return result


def _check_members(members: Sequence[Member], limits: Limits) -> None:
    seen = {name.lower() for name in (*SERVICE_NAMES, INFO_NAME)}
    for member in members:
        if not is_member_name(member.name, limits.name) or member.name.lower() in seen:
            raise ValueError(f"member name not allowed or twice: {member.name!r}")
        if member.name.lower().startswith("meta-inf/") or not is_media_type(member.media_type):
            raise ValueError(f"member not allowed: {member.name!r}, {member.media_type!r}")
        seen.add(member.name.lower())
    payloads = {payload_name(kind) for kind in KINDS}
    if len(members) >= limits.members or any(m.name in payloads and len(m.data) > limits.payload for m in members):
        raise _too_large()


def _too_large() -> Refused:
    return Refused(
        "too_large",
        "Gói dữ liệu vượt quá dung lượng hoặc số tệp cho phép nên chưa được lập; báo cáo vẫn nguyên. "
        "Hãy bớt hoặc giảm dung lượng minh chứng kèm theo rồi xuất lại.",
    )


def container_sha256(data: bytes) -> str:
    """The identity of a package: SHA-256 of its inner signed container, never of the age wrapper."""
    return sha256_hex(data)
