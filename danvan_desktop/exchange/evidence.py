"""Evidence inside a report's package: ``evidence.json`` and its files ``evidence/001.pdf``, ``evidence/002.jpg``, …

A file is personal content that a person picked, with a reason; so it travels only inside a sealed package
(DESIGN §2.7, §8.8). Names of members are ASCII; the file's own name, in Vietnamese, stands in ``evidence.json``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..kernel.canonical import canonical_bytes
from .limits import LIMITS, Limits
from .package import JSON_TYPE, MemberInfo, PackageInfo
from .payloads import refuse_newer
from .reasons import PackageRefused
from .strict import Invalid, Reader, parse_canonical

EVIDENCE_FORMAT = 1
LIST_NAME = "evidence.json"
FOLDER = "evidence/"
SOURCES = ("record", "task")
NAME_MAXIMUM, TITLE_MAXIMUM, REASON_MAXIMUM = 120, 300, 300

FileJudge = Callable[[bytes, str], str | None]
"""(content, file name) → why the file is not taken, "program" or "secret"; None: it is."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_SUFFIX = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One file. ``source``: what it was kept with, a ``record`` or a ``task``; ``title``: its words, None when they are
    not open; ``reason``: one line of the person who picked it."""

    member: str
    name: str
    media_type: str
    sha256: str
    source: str
    source_id: str
    title: str | None
    reason: str


def member_name(position: int, file_name: str) -> str:
    """The member of the file at ``position`` (from 1): its number, and its suffix where that is plain ASCII.

    >>> member_name(1, "Biên bản họp thôn.PDF"), member_name(12, "ảnh.ảnh")
    ('evidence/001.pdf', 'evidence/012.bin')
    """
    suffix = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    return f"{FOLDER}{position:03d}.{suffix if _SUFFIX.fullmatch(suffix) else 'bin'}"


def is_file_name(name: str) -> bool:
    """Whether ``name`` may name a file on any system: no folder, nothing hidden, no sign that a system forbids."""
    return _FORBIDDEN.search(name) is None and name.strip(" .") == name


def evidence_bytes(items: Sequence[EvidenceItem]) -> bytes:
    """The canonical bytes of ``evidence.json``. Raises ValueError when :func:`read_evidence` would not take them."""
    data = canonical_bytes({"format": EVIDENCE_FORMAT, "files": [asdict(item) for item in items]})
    read_evidence(data)
    return data


def read_evidence(data: bytes, limits: Limits = LIMITS) -> tuple[EvidenceItem, ...]:
    """``evidence.json`` read strictly. Raises Invalid, or PackageRefused ``format_newer``."""
    value = parse_canonical(data, "evidence")
    refuse_newer(value, EVIDENCE_FORMAT)
    reader = Reader(value, "evidence")
    reader.integer("format", 1, EVIDENCE_FORMAT)
    items = reader.objects("files", limits.evidence, lambda item: _item(item, limits))
    reader.done()
    if not items:
        raise Invalid("evidence.files: empty")
    for position, item in enumerate(items, 1):
        if item.member != member_name(position, item.name):
            raise Invalid(f"evidence.files[{position - 1}].member: not the name of this place")
    if len({item.sha256 for item in items}) != len(items):
        raise Invalid("evidence.files: a file twice")
    return items


def _item(reader: Reader, limits: Limits) -> EvidenceItem:
    item = EvidenceItem(
        reader.member_name("member", limits.name),
        reader.text("name", NAME_MAXIMUM),
        reader.media_type("media_type"),
        reader.sha256("sha256"),
        reader.one_of("source", SOURCES),
        reader.id("source_id"),
        reader.optional("title", lambda key: reader.text(key, TITLE_MAXIMUM)),
        reader.text("reason", REASON_MAXIMUM),
    )
    if not is_file_name(item.name):
        raise reader.fail("name", "not a plain file name")
    return item


def check_evidence(
    info: PackageInfo, contents: Mapping[str, bytes], *, sealed: bool, limits: Limits = LIMITS
) -> tuple[EvidenceItem, ...]:
    """The evidence of a package whose members and hashes hold already; empty when there is none.

    Raises PackageRefused ``schema_invalid`` (also for evidence that was not sealed), ``format_newer``, ``too_large``,
    ``member_missing``, ``member_extra``, ``hash_mismatch``.
    """
    files = {item.name: item for item in info.members if item.name.lower().startswith(FOLDER)}
    if not files and LIST_NAME not in contents:
        return ()
    if not sealed:
        raise PackageRefused("schema_invalid", say="evidence_open", where="evidence: not sealed")
    if LIST_NAME not in contents:
        raise PackageRefused("member_missing", missing=[LIST_NAME], extra=[])
    if len(files) > limits.evidence or sum(item.length for item in files.values()) > limits.evidence_bytes:
        raise PackageRefused("too_large", files=len(files))
    try:
        items = read_evidence(contents[LIST_NAME], limits)
        _check_list(info, items, files)
    except Invalid as error:
        raise PackageRefused("schema_invalid", where=str(error)) from error
    return items


def _check_list(info: PackageInfo, items: Sequence[EvidenceItem], files: Mapping[str, MemberInfo]) -> None:
    """The list and the members say the same."""
    if info.kind != "report":
        raise Invalid(f"evidence: not in a package of kind {info.kind}")
    if next(item.media_type for item in info.members if item.name == LIST_NAME) != JSON_TYPE:
        raise Invalid("evidence: media type is not application/json")
    named = {item.member for item in items}
    missing, extra = sorted(named - files.keys()), sorted(files.keys() - named)
    if missing:
        raise PackageRefused("member_missing", missing=missing[:10], extra=extra[:10])
    if extra:
        raise PackageRefused("member_extra", extra=extra[:10])
    for item in items:
        found = files[item.member]
        if found.sha256 != item.sha256:
            raise PackageRefused("hash_mismatch", member=item.member)
        if found.media_type != item.media_type:
            raise Invalid(f"evidence: another media type of {item.member}")


def judge_files(items: Sequence[EvidenceItem], contents: Mapping[str, bytes], judge: FileJudge | None) -> None:
    """Look into every file. Raises PackageRefused ``schema_invalid`` for one that the caller's ``judge`` refuses."""
    for item in items if judge is not None else ():
        why = judge(contents[item.member], item.name) if judge is not None else None
        if why:
            raise PackageRefused("schema_invalid", say=f"evidence_{why}", where=f"{item.member}: {why}")


def evidence_json(items: Sequence[EvidenceItem], info: PackageInfo) -> list[dict[str, Any]]:
    """What a package carries as evidence, for the command line and the preview; with the length of each file."""
    lengths = {item.name: item.length for item in info.members}
    return [{**asdict(item), "length": lengths[item.member]} for item in items]
