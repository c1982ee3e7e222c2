"""What the small kinds of package say: enrolment, receipt, return, recall; and the head of every document.

Documents (report, plan, request, catalogue) are canonical JSON whose inside belongs to the room that makes
them; exchange knows only their common head, and asks a checker given by the caller for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..kernel.canonical import canonical_bytes
from .keys import KeyCard, read_card_fields
from .reasons import PackageRefused
from .strict import Invalid, Reader, parse_canonical

PAYLOAD_FORMAT = 1
DOCUMENT_KINDS = ("report", "plan", "request", "catalog")
STAGES = ("received", "accepted")
_PERSON, _KEY, _TEXT = 200, 300, 4000


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark of the receiver; ``key`` is the stable key of a section or cell, ``""`` the whole report."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Enrol:
    """An office introduces its keys to its superior."""

    card: KeyCard


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The superior confirms: the office's id from now on, its earlier one, and the keys that are valid."""

    office_id: str
    former_id: str | None
    fingerprint: str  # the certificate that was compared by telephone
    keys: tuple[KeyCard, ...]
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """``stage`` ``received`` is automatic (``by`` may be None); ``accepted`` is said by a named person."""

    package_sha256: str
    package_id: str
    subject: str
    revision: int
    stage: str
    at: str
    by: str | None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """The report goes back with remarks; ``due_on`` is the new due date (ISO) or None."""

    package_sha256: str
    subject: str
    revision: int
    remarks: tuple[Remark, ...]
    due_on: str | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Recall:
    """A sent report is withdrawn."""

    subject: str
    revision: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What every document says of itself, at the top level of its JSON."""

    kind: str
    id: str
    revision: int
    replaces: str | None  # SHA-256 of the document bytes this revision replaces
    office_id: str


Payload = Enrol | Enrolled | Receipt | Return | Recall
_KINDS: Mapping[type, str] = MappingProxyType(
    {Enrol: "enrol", Enrolled: "enrolled", Receipt: "receipt", Return: "return", Recall: "recall"}
)


def payload_bytes(payload: Payload) -> bytes:
    """The canonical bytes of a payload. Raises ValueError when :func:`read_payload` would not take them."""
    kind = _KINDS[type(payload)]
    fields: dict[str, Any] = {name: _plain(getattr(payload, name)) for name in payload.__slots__}
    data = canonical_bytes({"format": PAYLOAD_FORMAT, "kind": kind, **fields})
    read_payload(kind, data)
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, KeyCard):
        return value.to_json()
    if isinstance(value, Remark):
        return {"key": value.key, "text": value.text}
    return value


def read_payload(kind: str, data: bytes) -> Payload:
    """The payload of ``kind`` in ``data``. Raises Invalid, or PackageRefused ``format_newer``."""
    value = parse_canonical(data, kind)
    refuse_newer(value, PAYLOAD_FORMAT)
    reader = Reader(value, kind)
    reader.integer("format", 1, PAYLOAD_FORMAT)
    reader.one_of("kind", (kind,))
    payload = _READERS[kind](reader)
    reader.done()
    return payload


def refuse_newer(value: Any, newest: int) -> None:
    """Raise PackageRefused ``format_newer`` for an object whose ``format`` lies beyond ``newest``."""
    found = value.get("format") if isinstance(value, dict) else None
    if isinstance(found, int) and found > newest:
        raise PackageRefused("format_newer", format=found)


def read_document_head(kind: str, data: bytes) -> DocumentHead:
    """The head of a document, its other keys left alone. Raises Invalid."""
    value = parse_canonical(data, kind)
    names = ("format", "kind", "id", "revision", "replaces", "office_id")
    if not isinstance(value, dict) or not all(name in value for name in names):
        raise Invalid(f"{kind}: not a document: needs {', '.join(names)}")
    reader = Reader({name: value[name] for name in names}, kind)
    reader.integer("format", 1)
    return DocumentHead(
        reader.one_of("kind", (kind,)),
        reader.id("id"),
        reader.integer("revision", 1),
        reader.optional("replaces", reader.sha256),
        reader.id("office_id"),
    )


def _enrol(reader: Reader) -> Enrol:
    return Enrol(reader.object("card", read_card_fields))


def _enrolled(reader: Reader) -> Enrolled:
    return Enrolled(
        reader.id("office_id"),
        reader.optional("former_id", reader.id),
        reader.sha256("fingerprint"),
        reader.objects("keys", 100, read_card_fields),
        reader.stamp("at"),
        reader.text("by", _PERSON),
    )


def _receipt(reader: Reader) -> Receipt:
    receipt = Receipt(
        reader.sha256("package_sha256"),
        reader.id("package_id"),
        reader.id("subject"),
        reader.integer("revision", 1),
        reader.one_of("stage", STAGES),
        reader.stamp("at"),
        reader.optional("by", lambda key: reader.text(key, _PERSON)),
        reader.text("remarks", _TEXT, minimum=0, multiline=True),
    )
    if receipt.stage == "accepted" and receipt.by is None:
        raise reader.fail("by", "acceptance is said by a named person")
    return receipt


def _return(reader: Reader) -> Return:
    def remark(item: Reader) -> Remark:
        return Remark(item.text("key", _KEY, minimum=0), item.text("text", _TEXT, multiline=True))

    return Return(
        reader.sha256("package_sha256"),
        reader.id("subject"),
        reader.integer("revision", 1),
        reader.objects("remarks", 2000, remark),
        reader.optional("due_on", reader.date),
        reader.stamp("at"),
        reader.text("by", _PERSON),
    )


def _recall(reader: Reader) -> Recall:
    return Recall(
        reader.id("subject"),
        reader.integer("revision", 1),
        reader.text("reason", _TEXT, multiline=True),
        reader.text("by", _PERSON),
    )


_READERS: Mapping[str, Callable[[Reader], Payload]] = MappingProxyType(
    {"enrol": _enrol, "enrolled": _enrolled, "receipt": _receipt, "return": _return, "recall": _recall}
)
