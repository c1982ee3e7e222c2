"""Evidence in packages: only sealed, only what the list names, and other people's tools agree on what is inside."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import package_builder as pb
import pyrage
import pytest
from evidence_cases import CASES, MINUTES, NAMES, PHOTO, Case, good, items

from danvan_desktop.exchange.evidence import evidence_bytes, member_name
from danvan_desktop.exchange.keys import AgeIdentity
from danvan_desktop.exchange.reasons import SENTENCES, PackageRefused
from danvan_desktop.exchange.sealed import seal, unseal
from danvan_desktop.exchange.trust import Chain, Link, SequenceView
from danvan_desktop.exchange.verify import VerifiedPackage, describe, verify
from danvan_desktop.kernel.canonical import canonical_bytes, sha256_hex
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting.model import thaw
from danvan_desktop.services.package_evidence import judge_file

OFFICE, PARENT, OTHER = AgeIdentity.generate(), AgeIdentity.generate(), AgeIdentity.generate()


def take(data: bytes, *, sealed: bool = True, **options: Any) -> VerifiedPackage:
    return verify(
        data, trust=pb.trust(), at=pb.AT, receiver_id=pb.PARENT, checks={"report": thaw}, sealed=sealed,
        judge_file=judge_file, **options,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_each_hostile_package_is_refused_by_its_own_reason(case: Case) -> None:
    with pytest.raises(PackageRefused) as caught:
        take(case.data(), sealed=case.sealed)
    assert caught.value.reason == case.reason, dict(caught.value.details)
    message = caught.value.message
    if case.says:
        assert case.says in message and message == nfc(message) and message.count(". ") <= 1
        assert "Chưa có dữ liệu nào được nhận vào" in message and "hãy" in message
    else:
        assert message == SENTENCES[case.reason] or not case.sealed


def test_good_evidence_says_its_vietnamese_names() -> None:
    data = good()
    package = take(unseal(seal(data, [PARENT.recipient, OFFICE.recipient]), PARENT), sequence=SequenceView())
    assert (package.verdict, package.sealed, package.evidence) == ("verified", True, tuple(items()))
    assert package.sha256 == sha256_hex(data), "the identity is that of the container, never of its wrapper"
    assert package.members["evidence/001.pdf"] == MINUTES
    told = describe(package)
    assert canonical_bytes(told) and told["sealed"] is True
    assert [e["name"] for e in told["evidence"]] == list(NAMES)
    assert [e["length"] for e in told["evidence"]] == [len(MINUTES), len(PHOTO)]


def test_files_are_looked_into_once_and_not_in_what_is_kept() -> None:
    """A later program may be stricter: what was received stays readable."""
    data = good()
    seen: list[str] = []
    looked = {"trust": pb.trust(), "at": pb.AT, "sealed": True, "judge_file": lambda _data, name: seen.append(name)}
    package = verify(data, **looked)  # type: ignore[arg-type]  # options by name
    assert seen == list(NAMES)
    link = Link(package.document_sha256, None)
    kept = SequenceView(
        {package.info.id: package.sha256}, {package.sha256: pb.AT}, {pb.REPORT: Chain(pb.CHILD, {1: link}, 1)}
    )
    again = verify(data, sequence=kept, **looked)  # type: ignore[arg-type]  # as above
    assert (again.verdict, seen) == ("already_received", list(NAMES))


def test_a_package_without_evidence_is_what_it_was() -> None:
    plain = take(pb.report(), sealed=False)
    assert (plain.evidence, plain.sealed) == ((), False)
    assert take(pb.report(), sealed=True).evidence == ()


@pytest.mark.parametrize("cut", [1, 40, 2000])
def test_a_seal_for_another_reader_or_cut_off(cut: int) -> None:
    sealed = seal(good(), [PARENT.recipient, OFFICE.recipient])
    with pytest.raises(PackageRefused, match="not_for_us"):
        unseal(sealed, OTHER)
    with pytest.raises(PackageRefused, match="hash_mismatch"):
        unseal(sealed[:-cut], PARENT)
    assert not any(part in sealed for part in (MINUTES, b"evidence", NAMES[0].encode()))


def test_names_of_members_are_ascii_and_follow_the_order() -> None:
    names = ("Ảnh.JPG", "không đuôi", "a.đuôi", "b.")
    made = [member_name(number, name) for number, name in enumerate(names, 1)]
    assert made == ["evidence/001.jpg", "evidence/002.bin", "evidence/003.bin", "evidence/004.bin"]
    with pytest.raises(ValueError, match="empty"):
        evidence_bytes([])


def test_openssl_and_age_agree_on_the_container_inside(tmp_path: Path) -> None:
    sealed = seal(good(), [PARENT.recipient])
    inner = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(PARENT.secret)])
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    (tmp_path / "cert.pem").write_bytes(pb.child_key().certificate_pem)
    command = (
        "openssl cms -verify -cades -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml "
        "-binary -CAfile cert.pem -purpose any -out /dev/null"
    )
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and b"successful" in done.stderr, done.stderr
    listed = json.loads((tmp_path / "evidence.json").read_text("utf-8"))["files"]
    assert [item["name"] for item in listed] == list(NAMES)
    for item in listed:
        assert item["member"].isascii()
        assert hashlib.sha256((tmp_path / item["member"]).read_bytes()).hexdigest() == item["sha256"]
