"""The payloads of the small kinds, and the common head of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from danvan_desktop.exchange.keys import AgeIdentity, generate_office_key, key_card
from danvan_desktop.exchange.payloads import (
    DocumentHead,
    Enrol,
    Enrolled,
    Payload,
    Recall,
    Receipt,
    Remark,
    Return,
    payload_bytes,
    read_document_head,
    read_payload,
)
from danvan_desktop.exchange.reasons import PackageRefused
from danvan_desktop.exchange.strict import Invalid, is_media_type, is_member_name
from danvan_desktop.kernel.canonical import canonical_bytes, parse_json

ID = "0197a000-0000-7000-8000-00000000aaaa"
OFFICE = "0197a000-0000-7000-8000-000000000001"
KEY = generate_office_key(OFFICE, "Xã A", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
CARD = key_card(OFFICE, "Xã A", KEY, AgeIdentity.generate().recipient)
RECEIPT = Receipt("b" * 64, OFFICE, ID, 1, "received", "2026-05-28T02:00:00Z", None)
RETURN = Return(
    "b" * 64, ID, 2, (Remark("annex1/row3/total", "Sai\nsố liệu"),), "2026-06-03", "2026-05-29T02:00:00Z", "Bình"
)
ALL: dict[str, Payload] = {
    "enrol": Enrol(CARD),
    "enrolled": Enrolled(ID, OFFICE, KEY.fingerprint, (CARD, CARD), "2026-05-28T02:00:00Z", "Bình"),
    "receipt": RECEIPT,
    "return": RETURN,
    "recall": Recall(ID, 1, "Sai số liệu\nđề nghị thu hồi", "An"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALL)
def test_a_payload_is_read_as_written(kind: str) -> None:
    data = payload_bytes(ALL[kind])
    assert read_payload(kind, data) == ALL[kind]
    assert data == canonical_bytes(parse_json(data))
    assert (parse_json(data)["kind"], parse_json(data)["format"]) == (kind, 1)


@pytest.mark.parametrize("kind", ALL)
def test_every_key_is_needed_and_no_other_taken(kind: str) -> None:
    value = parse_json(payload_bytes(ALL[kind]))
    for key in value:
        with pytest.raises(Invalid):
            read_payload(kind, canonical_bytes({k: v for k, v in value.items() if k != key}))
        with pytest.raises(Invalid):
            read_payload(kind, canonical_bytes({**value, key: {"wrong": True}}))
    with pytest.raises(Invalid, match="unknown key"):
        read_payload(kind, canonical_bytes({**value, "zzz": 1}))
    with pytest.raises(PackageRefused, match="format_newer"):
        read_payload(kind, canonical_bytes({"format": 2}))
    with pytest.raises(Invalid, match="canonical"):
        read_payload(kind, payload_bytes(ALL[kind]) + b" ")


@pytest.mark.parametrize(
    "wrong",
    [
        replace(RECEIPT, stage="accepted"),
        replace(RECEIPT, stage="maybe"),
        replace(RECEIPT, revision=0),
        replace(RECEIPT, package_sha256="B" * 64),
        replace(RECEIPT, at="2026-05-28"),
        replace(RECEIPT, remarks="x" * 5000),
        replace(RECEIPT, remarks="a\x00b"),
        replace(RETURN, due_on="03/06/2026"),
        replace(RETURN, due_on="2026-02-30"),
        replace(RETURN, by=""),
        replace(RETURN, remarks=(Remark("x", ""),)),
    ],
)
def test_what_would_be_refused_is_not_written(wrong: Payload) -> None:
    with pytest.raises(ValueError, match=r"\w+\.\w+"):
        payload_bytes(wrong)


def test_accepted_is_said_by_a_named_person() -> None:
    accepted = replace(RECEIPT, stage="accepted", by="Trần Thị Bình")
    assert read_payload("receipt", payload_bytes(accepted)) == accepted


def test_the_head_of_a_document_leaves_its_inside_alone() -> None:
    value: dict[str, Any] = {
        "format": 3, "kind": "plan", "id": ID, "revision": 2, "replaces": "a" * 64, "office_id": OFFICE, "tasks": [1],
    }  # fmt: skip
    assert read_document_head("plan", canonical_bytes(value)) == DocumentHead("plan", ID, 2, "a" * 64, OFFICE)
    for key in ("format", "kind", "id", "revision", "replaces", "office_id"):
        with pytest.raises(Invalid):
            read_document_head("plan", canonical_bytes({k: v for k, v in value.items() if k != key}))
    with pytest.raises(Invalid):
        read_document_head("report", canonical_bytes(value))


@pytest.mark.parametrize("name", ["report.json", "documents/bao-cao_1.pdf", "a", "x.tar.gz", "console.txt", "a" * 80])
def test_names_that_every_file_system_takes(name: str) -> None:
    assert is_member_name(name, 80)


@pytest.mark.parametrize(
    "name",
    ["", "/", "a/", "/a", "a//b", "a/b/c", "..", "../a", "a/..", ".a", "a.", "a b", "a\\b", "a:b", "é", "nul",
     "a/LPT1.x", "a%20b", "a\n", "a" * 81],
)  # fmt: skip
def test_names_that_are_refused(name: str) -> None:
    assert not is_member_name(name, 80)


def test_media_types() -> None:
    assert is_media_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert not any(is_media_type(text) for text in ("", "pdf", "text/plain; charset=utf-8", "A/B", 'a/b"', "a/b\n"))
