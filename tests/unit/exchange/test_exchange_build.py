"""Building: whatever the builder makes, the verifier takes; what it cannot, it refuses to make."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.exchange.container import read_container, write_container
from danvan_desktop.exchange.keys import generate_office_key
from danvan_desktop.exchange.limits import LIMITS, Limits
from danvan_desktop.exchange.manifest import Listed, read_manifest, write_manifest
from danvan_desktop.exchange.package import (
    KINDS,
    Member,
    PackageInfo,
    Party,
    build_package,
    info_bytes,
    payload_name,
    read_info,
)
from danvan_desktop.exchange.trust import ALLOWED, TrustedKey, TrustView
from danvan_desktop.exchange.verify import verify
from danvan_desktop.kernel.canonical import canonical_bytes
from danvan_desktop.kernel.errors import Refused

CHILD, PARENT = "0197a000-0000-7000-8000-000000000001", "0197a000-0000-7000-8000-000000000002"
SUBJECT = "0197a000-0000-7000-8000-00000000aaaa"
AT = datetime(2026, 5, 28, tzinfo=UTC)
KEY = generate_office_key(CHILD, "Xã A", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
TRUST = TrustView((TrustedKey(CHILD, "Xã A", KEY.certificate_der, "child"),))
INFO = PackageInfo(
    kind="report", id="0197a000-0000-7000-8000-00000000bbbb", sender=Party(CHILD, "Xã A"),
    receiver=Party(PARENT, "Sở Nội vụ"), subject=SUBJECT, revision=1, replaces=None, created_at="2026-05-28T00:00:00Z",
    catalog_version="2026.1", catalog_hash=None, audit_head=None,
)  # fmt: skip
REPORT = Member(
    "report.json",
    "application/json",
    canonical_bytes(
        {"format": 1, "kind": "report", "id": SUBJECT, "revision": 1, "replaces": None, "office_id": CHILD}
    ),
)


def build(*members: Member, info: PackageInfo = INFO, limits: Limits = LIMITS) -> bytes:
    return build_package(info, [REPORT, *members], KEY, AT, limits)


NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,8}(/[A-Za-z0-9_-]{1,8}\.pdf)?", fullmatch=True).map(lambda text: "f-" + text)
FILES = st.dictionaries(
    NAMES, st.binary(max_size=3000) | st.binary(max_size=4).map(lambda unit: unit * 200), max_size=6
)


@given(FILES, st.sampled_from(["application/pdf", "text/plain", "application/json"]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_built_is_verified(files: dict[str, bytes], media_type: str) -> None:
    if len({name.lower() for name in files}) != len(files):
        return
    data = build(*(Member(name, media_type, body) for name, body in files.items()))
    package = verify(data, trust=TRUST, at=AT, receiver_id=PARENT)
    assert dict(package.members) == {"report.json": REPORT.data, **files}
    assert list(package.members) == ["report.json", *files]


def test_the_most_that_is_allowed_fits_its_own_lists() -> None:
    members = [
        Member(f"{'e' * 10}/{index:069d}", "x" * 40 + "/" + "y" * 80, b"%d" % index)
        for index in range(LIMITS.members - 2)
    ]
    data = build(*members)
    assert len(verify(data, trust=TRUST, at=AT).members) == LIMITS.members - 1
    with pytest.raises(Refused, match="too_large"):
        build(*members, Member("one-more", "x/y", b""))


def test_text_that_packs_too_well_is_stored_and_taken() -> None:
    zeros = Member("zeros.txt", "text/plain", b"0" * 5_000_000)
    data = build(zeros)
    assert len(data) > 5_000_000
    assert verify(data, trust=TRUST, at=AT).members["zeros.txt"] == zeros.data
    assert len(build(Member("some.txt", "text/plain", b"0" * 900_000))) < 20_000


@pytest.mark.parametrize("limits", [Limits(package=2000), Limits(unpacked=2000), Limits(payload=10), Limits(info=100)])
def test_what_is_too_large_is_not_built(limits: Limits) -> None:
    with pytest.raises(Refused) as caught:
        build(Member("a.pdf", "application/pdf", b"x" * 5000), limits=limits)
    assert caught.value.code == "too_large" and "chưa được lập" in caught.value.message


@pytest.mark.parametrize(
    "member",
    [
        Member("report.json", "application/json", b"{}"),
        Member("REPORT.JSON", "application/json", b"{}"),
        Member("package.json", "application/json", b"{}"),
        Member("mimetype", "text/plain", b""),
        Member("META-INF/manifest.xml", "text/xml", b""),
        Member("meta-inf/x", "text/xml", b""),
        Member("../x", "text/plain", b""),
        Member("báo-cáo.pdf", "application/pdf", b""),
        Member("x", 'text/plain"', b""),
    ],
)
def test_our_own_mistakes_in_members_are_errors(member: Member) -> None:
    with pytest.raises(ValueError, match="member"):
        build(member)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "letter"},
        {"id": "x"},
        {"sender": Party("x", "y")},
        {"subject": None},
        {"revision": 2},
        {"replaces": "a" * 64},
        {"created_at": "today"},
        {"signers_required": ("0" * 64,)},
        {"receiver": Party(PARENT, "")},
    ],
)
def test_our_own_mistakes_in_the_head_are_errors(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, StopIteration)):
        build(info=replace(INFO, **change))


def test_a_payload_that_says_otherwise_is_not_built() -> None:
    with pytest.raises(ValueError, match="differ"):
        build_package(replace(INFO, subject=CHILD), [REPORT], KEY, AT)
    with pytest.raises(ValueError, match="payload"):
        build_package(INFO, [replace(REPORT, name="other.json")], KEY, AT)
    with pytest.raises(ValueError, match="timezone"):
        build_package(INFO, [REPORT], KEY, AT.replace(tzinfo=None))


def test_the_head_is_read_as_written() -> None:
    package = verify(build(), trust=TRUST, at=AT)
    assert read_info(info_bytes(package.info)) == package.info
    assert package.info == replace(INFO, signers_required=(KEY.fingerprint,), members=package.info.members)


def test_signing_after_2049_keeps_its_time() -> None:
    late = datetime(2070, 1, 1, 5, 6, 7, tzinfo=UTC)
    assert verify(build_package(INFO, [REPORT], KEY, late), trust=TRUST, at=late).signing_time == late


def test_every_kind_has_a_payload_name_and_a_sender_who_may() -> None:
    assert ALLOWED["child"] | ALLOWED["parent"] == set(KINDS) == ALLOWED["unknown"]
    assert not ALLOWED["child"] & ALLOWED["parent"] and not ALLOWED["peer"]
    assert payload_name("return") == "return.json"


def test_trust_names_each_certificate_once() -> None:
    with pytest.raises(ValueError, match="two owners"):
        TrustView((*TRUST.keys, replace(TRUST.keys[0], office_id=PARENT)))
    with pytest.raises(ValueError, match="relation"):
        replace(TRUST.keys[0], relation="friend")
    with pytest.raises(ValueError, match="timezone"):
        replace(TRUST.keys[0], revoked_from=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="offset"):
        verify(build(), trust=TRUST, at=datetime(2026, 1, 1))


def test_the_container_is_the_same_each_time_and_an_ordinary_zip() -> None:
    files = [("mimetype", b"application/vnd.etsi.asic-e+zip", False), ("a/b.txt", b"x" * 999, True), ("c", b"", True)]
    data = write_container(files, LIMITS)
    assert data == write_container(files, LIMITS)
    assert read_container(data, LIMITS, {}) == {name: body for name, body, _ in files}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None and archive.read("a/b.txt") == b"x" * 999


def test_the_manifest_is_read_as_written() -> None:
    items = (Listed("package.json", "application/json", b"a" * 32), Listed("d/x.pdf", "application/pdf", b"\0" * 32))
    assert read_manifest(write_manifest(items), LIMITS) == items
