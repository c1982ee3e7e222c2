"""Packages with evidence: a good one, and hostile ones, each with the one reason for which it must be refused.

What stands here is the signed container; where it is not said otherwise it comes out of a seal for the receiver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import package_builder as pb

from danvan_desktop.exchange.evidence import EvidenceItem, evidence_bytes, member_name
from danvan_desktop.exchange.package import Member, build_package
from danvan_desktop.kernel.canonical import canonical_bytes, sha256_hex
from danvan_desktop.reporting.model import freeze

RECORD = "0197a000-0000-7000-8000-00000000bbbb"
MINUTES, PHOTO = b"%PDF-1.7\nbi\xc3\xaan b\xe1\xba\xa3n", b"\xff\xd8\xff\xe0 \xe1\xba\xa3nh"
NAMES = ("Biên bản họp thôn Đông.pdf", "Ảnh tiếp công dân.JPG")


def items() -> list[EvidenceItem]:
    """Two files of one record, the title of which is personal and stays at home."""
    kinds = ((MINUTES, "application/pdf"), (PHOTO, "image/jpeg"))
    return [
        EvidenceItem(member_name(n, name), name, media, sha256_hex(data), "record", RECORD, None, "Theo yêu cầu của Sở")
        for n, (name, (data, media)) in enumerate(zip(NAMES, kinds, strict=True), 1)
    ]


def good() -> bytes:
    """A report of the child with evidence, through the product's builder."""
    listed = items()
    members = [
        Member("report.json", "application/json", freeze(pb.document())),
        Member(pb.PDF_NAME, "application/pdf", pb.PDF),
        Member("evidence.json", "application/json", evidence_bytes(listed)),
        *(Member(i.member, i.media_type, data) for i, data in zip(listed, (MINUTES, PHOTO), strict=True)),
    ]
    return build_package(pb.info(), members, pb.child_key(), pb.AT)


def forge() -> pb.Forge:
    """The same, open to lies: whatever is changed is signed as it stands."""
    made = pb.Forge.report()
    listed = items()
    made.files["evidence.json"] = list_bytes()
    made.files |= {item.member: data for item, data in zip(listed, (MINUTES, PHOTO), strict=True)}
    made.types |= {"evidence.json": "application/json", **{i.member: i.media_type for i in listed}}
    return made


def list_bytes(change: Callable[[dict[str, Any]], object] = lambda _value: None) -> bytes:
    value: dict[str, Any] = {
        "format": 1,
        "files": [{name: getattr(item, name) for name in EvidenceItem.__slots__} for item in items()],
    }
    change(value)
    return canonical_bytes(value)


def forged(change: Callable[[pb.Forge], object]) -> Callable[[], bytes]:
    def make() -> bytes:
        made = forge()
        change(made)
        return made.build()

    return make


def listed(change: Callable[[dict[str, Any]], object]) -> Callable[[], bytes]:
    """A package whose ``evidence.json`` says something else."""
    return forged(lambda made: made.files.update({"evidence.json": list_bytes(change)}))


def first(**changes: Any) -> Callable[[], bytes]:
    """A package that says something else of its first file."""
    return listed(lambda value: value["files"][0].update(changes))


def content(data: bytes, name: str, member: str) -> Callable[[], bytes]:
    """A package whose first file is ``data`` under ``name``, everything else in order."""

    def change(made: pb.Forge) -> None:
        def say(value: dict[str, Any]) -> None:
            value["files"][0].update(name=name, member=member, sha256=sha256_hex(data))

        del made.files["evidence/001.pdf"]
        made.files |= {member: data, "evidence.json": list_bytes(say)}
        made.types[member] = "application/pdf"

    return forged(change)


@dataclass
class Case:
    """``sealed``: whether it came out of a seal. ``says``: part of the sentence, where it is one of its own."""

    name: str
    reason: str
    data: Callable[[], bytes]
    sealed: bool = True
    says: str = ""


def _pop(name: str) -> Callable[[], bytes]:
    return forged(lambda made: made.files.pop(name))


def _more(name: str) -> Callable[[], bytes]:
    return forged(lambda made: made.files.update({name: b"x"}))


def _twice(value: dict[str, Any]) -> None:
    value["files"][1]["sha256"] = value["files"][0]["sha256"]


CASES = [
    Case("evidence that was not sealed", "schema_invalid", good, sealed=False, says="không được mã hóa"),
    Case("a list alone that was not sealed", "schema_invalid", _pop("evidence/001.pdf"), sealed=False),
    Case("name with a folder", "schema_invalid", first(name="../001.pdf")),
    Case("name with a backslash", "schema_invalid", first(name="..\\..\\bien ban.pdf")),
    Case("name with a drive", "schema_invalid", first(name="C:bien ban.pdf")),
    Case("name with NUL", "schema_invalid", first(name="bien ban.exe\0.pdf")),
    Case("name right to left", "schema_invalid", first(name="bien ban\u202efdp.exe.pdf")),
    Case("name not NFC", "schema_invalid", first(name="bie\u0302n ba\u0309n.pdf")),
    Case("name of a hidden file", "schema_invalid", first(name=".bashrc.pdf")),
    Case("name that ends in a dot", "schema_invalid", first(name="bien ban.pdf.")),
    Case("name empty", "schema_invalid", first(name="")),
    Case("name too long", "schema_invalid", first(name="a" * 117 + ".pdf")),
    Case("name of another kind than its member", "schema_invalid", first(name="bien ban.exe")),
    Case("member of another place", "schema_invalid", first(member="evidence/003.pdf")),
    Case("member outside the folder", "schema_invalid", first(member="bao-cao.pdf")),
    Case("a file twice", "schema_invalid", listed(_twice)),
    Case("no reason", "schema_invalid", first(reason="")),
    Case("reason of two lines", "schema_invalid", first(reason="a\nb")),
    Case("source unknown", "schema_invalid", first(source="mail")),
    Case("source no UUID", "schema_invalid", first(source_id="1")),
    Case("unknown key", "schema_invalid", first(open=True)),
    Case("media type differs", "schema_invalid", first(media_type="image/png")),
    Case("list empty", "schema_invalid", listed(lambda value: value.update(files=[]))),
    Case("list not canonical", "schema_invalid", forged(lambda f: f.files.update({"evidence.json": b"{ }"}))),
    Case("list not as JSON", "schema_invalid", forged(lambda f: f.types.update({"evidence.json": "text/plain"}))),
    Case("list of format 2", "format_newer", listed(lambda value: value.update(format=2, anything=1))),
    Case("file missing", "member_missing", _pop("evidence/002.jpg")),
    Case("list missing", "member_missing", _pop("evidence.json")),
    Case("file not in the list", "member_extra", _more("evidence/003.pdf")),
    Case("file in another case of the folder", "member_extra", _more("Evidence/003.pdf")),
    Case("wrong hash", "hash_mismatch", first(sha256="0" * 64)),
    Case("too many", "too_large", forged(lambda f: f.files.update({f"evidence/{n}.bin": b"" for n in range(60)}))),
    Case("program", "schema_invalid", content(b"MZ\x90\0", "a.pdf", "evidence/001.pdf"), says="chương trình"),
    Case("script by name", "schema_invalid", content(b"x", "a.bat", "evidence/001.bat"), says="chương trình"),
    Case(
        "marked secret", "schema_invalid", content(b"TUY\xe1\xbb\x86T M\xe1\xba\xacT", "a.txt", "evidence/001.txt"),
        says="độ mật",
    ),
]  # fmt: skip
