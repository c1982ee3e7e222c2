"""What a good package is: verdicts, what can be read from it, and that nothing else can be passed off as one."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import package_builder as pb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danvan_desktop.exchange.keys import read_key_card
from danvan_desktop.exchange.package import Member, Party, build_package, container_sha256
from danvan_desktop.exchange.payloads import DocumentHead, Enrol, Enrolled
from danvan_desktop.exchange.reasons import PackageRefused
from danvan_desktop.exchange.trust import Chain, Link, SequenceView, TrustedKey, TrustView
from danvan_desktop.exchange.verify import VerifiedPackage, describe, peek_enrol, verify
from danvan_desktop.kernel.canonical import canonical_bytes, sha256_hex
from danvan_desktop.reporting.model import ReportDocument, freeze, thaw

HERE = Path(__file__).parent
DOC1 = sha256_hex(freeze(pb.document()))
DOC2 = sha256_hex(freeze(pb.document(2, DOC1)))


def take(data: bytes, sequence: SequenceView | None = None, trust: TrustView | None = None) -> VerifiedPackage:
    return verify(
        data, trust=trust or pb.trust(), at=pb.AT, receiver_id=pb.PARENT, sequence=sequence, checks={"report": thaw}
    )


def view(*received: tuple[bytes, int], current: int | None = None) -> SequenceView:
    """The view after these (package, revision) were taken."""
    packages = [(take(data), number) for data, number in received]
    links = {number: Link(p.document_sha256, p.info.replaces) for p, number in packages}
    return SequenceView(
        {p.info.id: p.sha256 for p, _ in packages},
        {p.sha256: pb.AT for p, _ in packages},
        {pb.REPORT: Chain(pb.CHILD, links, current or max(links))},
    )


def test_a_good_report_is_verified_and_says_all_it_is() -> None:
    data = pb.report()
    package = take(data, SequenceView())
    assert (package.verdict, package.notes) == ("verified", ())
    assert isinstance(package.content, ReportDocument) and package.content == pb.document()
    assert package.payload == freeze(pb.document()) and package.members[pb.PDF_NAME] == pb.PDF
    assert (package.data, package.sha256) == (data, container_sha256(data))
    assert package.document_sha256 == DOC1
    told = describe(package)
    assert canonical_bytes(told)
    assert told["verdict"] == "verified" and told["reason"] is None and told["kind"] == "report"
    assert told["sender"] == {"id": pb.CHILD, "name": pb.CHILD_NAME} and told["receiver"]["id"] == pb.PARENT
    assert told["signer_fingerprint"] == pb.child_key().fingerprint and told["sha256"] == package.sha256
    assert told["signing_time_claimed"] == "2026-05-28T01:02:03Z"
    assert told["members"][1] == {
        "name": pb.PDF_NAME, "media_type": "application/pdf", "length": len(pb.PDF), "sha256": sha256_hex(pb.PDF),
    }  # fmt: skip


def test_without_a_checker_the_head_of_the_document_is_read() -> None:
    package = verify(pb.report(), trust=pb.trust(pb.trusted("unknown")), at=pb.AT)
    assert package.content == DocumentHead("report", pb.REPORT, 1, None, pb.CHILD)


def test_building_twice_differs_only_in_the_signature() -> None:
    one, two = take(pb.report()), take(pb.report())
    assert one.sha256 != two.sha256
    assert (one.info, dict(one.members)) == (two.info, dict(two.members))


def test_a_package_put_together_by_hand_after_the_description_is_taken() -> None:
    assert take(pb.Forge.report().build()).verdict == "verified"


def test_only_verify_makes_a_verified_package() -> None:
    package = take(pb.report())
    with pytest.raises(TypeError):
        VerifiedPackage(object(), info=package.info)
    with pytest.raises(TypeError):
        copy.copy(package)
    with pytest.raises(TypeError):
        pickle.dumps(package)
    with pytest.raises(TypeError):
        dataclasses.replace(package, verdict="verified")  # type: ignore[type-var]  # the attempt is the test
    with pytest.raises(AttributeError):
        package.verdict = "superseded"
    with pytest.raises(AttributeError):
        del package.info
    with pytest.raises(TypeError):
        package.members["report.json"] = b""  # type: ignore[index]  # the attempt is the test


def test_the_same_bytes_again_are_already_received_whatever_the_file_is_called() -> None:
    data = pb.report()
    package = take(data, view((data, 1)))
    assert package.verdict == "already_received"


def test_received_before_it_is_judged_at_the_moment_of_its_first_receipt() -> None:
    data = pb.report()
    late = datetime(2101, 1, 1, tzinfo=UTC)
    package = verify(data, trust=pb.trust(), at=late, sequence=view((data, 1)))
    assert (package.verdict, package.received_at) == ("already_received", pb.AT)
    with pytest.raises(PackageRefused, match="cert_expired"):
        verify(data, trust=pb.trust(), at=late, sequence=SequenceView())


def test_after_a_theft_only_known_packages_stay_valid() -> None:
    data = pb.report()
    stolen = pb.trusted(revoked_from=pb.AT - timedelta(days=3))
    with pytest.raises(PackageRefused, match="cert_revoked"):
        take(data, SequenceView(), pb.trust(stolen))
    listed = dataclasses.replace(stolen, accepted_hashes=frozenset({container_sha256(data)}))
    assert take(data, SequenceView(), pb.trust(listed)).verdict == "verified"
    assert take(data, view((data, 1)), pb.trust(stolen)).verdict == "already_received"
    assert take(data, None, pb.trust(pb.trusted(revoked_from=pb.AT + timedelta(days=1)))).verdict == "verified"


def test_a_revision_names_the_one_it_replaces_and_counts() -> None:
    package = take(pb.report(2, 2, DOC1), view((pb.report(), 1)))
    assert (package.verdict, package.notes) == ("verified", ())


def test_an_unknown_predecessor_is_marked() -> None:
    for sequence in (SequenceView(), view((pb.report(), 1))):
        package = take(pb.report(3, 3, "9" * 64), sequence)
        assert (package.verdict, package.notes) == ("verified", ("predecessor_unknown",))


def test_an_older_revision_coming_later_is_superseded() -> None:
    package = take(pb.report(), view((pb.report(2, 2, DOC1), 2)))
    assert (package.verdict, package.notes) == ("superseded", ())
    package = take(pb.report(2, 2, DOC1), view((pb.report(3, 3, DOC2), 3)))
    assert (package.verdict, package.notes) == ("superseded", ("predecessor_unknown",))


def test_the_same_document_in_another_package_is_already_received() -> None:
    package = take(pb.report(2), view((pb.report(1), 1)))
    assert (package.verdict, package.notes) == ("already_received", ("same_document",))


def test_other_bytes_under_the_same_id_are_refused() -> None:
    with pytest.raises(PackageRefused, match="id_reused"):
        take(pb.report(1), view((pb.report(1), 1)))


def test_an_office_is_known_by_its_earlier_id_too() -> None:
    renamed = TrustedKey(pb.OTHER, "Xã mới", pb.child_key().certificate_der, "child", aliases=frozenset({pb.CHILD}))
    package = verify(
        pb.report(), trust=pb.trust(renamed), at=pb.AT, receiver_id=frozenset({pb.PARENT, pb.OTHER}),
        sequence=SequenceView(subjects={pb.REPORT: Chain(pb.CHILD, {}, None)}),
    )  # fmt: skip
    assert package.signer.office_id == pb.OTHER and describe(package)["sender"]["name"] == "Xã mới"


def test_demo_packages_are_marked() -> None:
    assert take(pb.report(demo=True)).notes == ("demo",)


def test_rsa_of_a_token_is_taken_with_a_note() -> None:
    data, trust = pb.with_rsa(2048)
    assert take(data, None, trust).notes == ("signature_pkcs1v15",)


def test_small_kinds_from_the_parent() -> None:
    parent = TrustView((TrustedKey(pb.PARENT, pb.PARENT_NAME, pb.parent_key().certificate_der, "parent"),))
    down = {"sender": Party(pb.PARENT, pb.PARENT_NAME), "receiver": Party(pb.CHILD, pb.CHILD_NAME)}
    for kind, payload in (("receipt", pb.receipt()), ("return", pb.return_slip())):
        data = pb.small(payload, kind, pb.parent_key(), **down)
        package = verify(data, trust=parent, at=pb.AT, receiver_id=pb.CHILD, sequence=SequenceView())
        assert package.content == payload and package.verdict == "verified"
        again = SequenceView({package.info.id: package.sha256}, {package.sha256: pb.AT})
        assert verify(data, trust=parent, at=pb.AT, sequence=again).verdict == "already_received"
    card = read_key_card((HERE / "format-1-office.dvkey").read_bytes())
    confirmed = Enrolled(pb.OTHER, pb.CHILD, card.fingerprint, (card,), "2026-05-28T03:00:00Z", "Trần Thị Bình")
    data = pb.small(confirmed, "enrolled", pb.parent_key(), **down)
    assert verify(data, trust=parent, at=pb.AT).content == confirmed


def test_a_recall_names_a_known_report_or_is_marked() -> None:
    data = pb.small(pb.recall(), "recall")
    assert take(data, view((pb.report(), 1))).notes == ()
    assert take(data, SequenceView()).notes == ("subject_unknown",)


@pytest.mark.parametrize(("kind", "relation"), [("plan", "parent"), ("request", "parent"), ("catalog", "parent")])
def test_documents_from_above(kind: str, relation: str) -> None:
    value = {
        "format": 1, "kind": kind, "id": pb.REPORT, "revision": 1, "replaces": None, "office_id": pb.CHILD,
    }  # fmt: skip
    member = Member(f"{kind}.json", "application/json", canonical_bytes(value))
    data = build_package(pb.info(kind), [member], pb.child_key(), pb.AT)
    package = take(data, SequenceView(), pb.trust(pb.trusted(relation)))
    assert isinstance(package.content, DocumentHead) and package.content.kind == kind


def test_enrolment_is_peeked_at_then_verified() -> None:
    data = pb.enrol(pb.stranger_key(), pb.OTHER, "Xã Vĩnh Hoàng")
    with pytest.raises(PackageRefused, match="signer_unknown"):
        take(data)
    peek = peek_enrol(data)
    assert (peek.info.sender.id, peek.info.sender.name) == (pb.OTHER, "Xã Vĩnh Hoàng")
    assert peek.fingerprint == pb.stranger_key().fingerprint and peek.sha256 == container_sha256(data)
    confirmed = TrustView((TrustedKey(pb.OTHER, "Xã Vĩnh Hoàng", peek.certificate_der, "child"),))
    content = take(data, SequenceView(), confirmed).content
    assert isinstance(content, Enrol) and content.card.fingerprint == peek.fingerprint


def test_peeking_reads_nothing_but_small_sound_enrolments() -> None:
    with pytest.raises(PackageRefused, match="signer_unknown"):
        peek_enrol(pb.report())
    with pytest.raises(PackageRefused, match="too_large"):
        peek_enrol(pb.report() + b"\0" * 2_000_000)
    with pytest.raises(PackageRefused, match="zip_structure"):
        peek_enrol(pb.enrol(pb.stranger_key(), pb.OTHER, "x")[:-1])


def test_an_enrolment_introduces_only_the_key_that_signed_it() -> None:
    card = read_key_card((HERE / "format-1-office.dvkey").read_bytes())
    data = pb.small(Enrol(card), "enrol")
    with pytest.raises(PackageRefused, match="sender_mismatch"):
        take(data)


def test_the_kept_sample_of_format_1_is_read_for_ever() -> None:
    card = read_key_card((HERE / "format-1-office.dvkey").read_bytes())
    data = (HERE / "format-1-report.dvpkg").read_bytes()
    package = take(data, SequenceView(), TrustView((TrustedKey.of_card(card, "child"),)))
    assert (package.verdict, package.info.kind, package.info.format) == ("verified", "report", 1)
    assert package.sha256 == "8f60c5dfbaeca3aaabedcf7cc69d83dabd491b1706474d2883cdafc2ebf0774e"
    assert package.members[pb.PDF_NAME] == pb.PDF


@given(position=st.integers(0, 10**9), flip=st.integers(1, 255))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_gives_other_content(position: int, flip: int) -> None:
    """Any one byte changed: refused, or (in what says nothing, like a file's external attributes) the same content."""
    good = (HERE / "format-1-report.dvpkg").read_bytes()
    trust = TrustView((TrustedKey.of_card(read_key_card((HERE / "format-1-office.dvkey").read_bytes()), "child"),))
    data = bytearray(good)
    data[position % len(data)] ^= flip
    before = take(good, None, trust)
    sequence = SequenceView({before.info.id: before.sha256}, {before.sha256: pb.AT})
    try:
        after = take(bytes(data), None, trust)
    except PackageRefused:
        return
    assert (after.info, dict(after.members), after.signing_time) == (
        before.info,
        dict(before.members),
        before.signing_time,
    )
    with pytest.raises(PackageRefused, match="id_reused"):
        take(bytes(data), sequence, trust)


@given(st.binary(max_size=400), st.integers(0, 12000), st.integers(0, 12000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_crash_the_verification(noise: bytes, start: int, end: int) -> None:
    good = (HERE / "format-1-report.dvpkg").read_bytes()
    data = good[:start] + noise + good[max(start, end) :]
    if data == good:
        return
    with pytest.raises(PackageRefused):
        take(data)


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_no_signature_bytes_crash_the_verification(noise: bytes) -> None:
    forge = pb.Forge.report()
    forge.signature = b"\x30\x82" + noise if noise[:1] > b"\x7f" else noise or b"\0"
    with pytest.raises(PackageRefused, match=r"signature_invalid|algorithm_weak"):
        take(forge.build())


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_no_changed_signature_says_anything_else(position: int, flip: int) -> None:
    forge = pb.Forge.report()
    good = forge.parts()
    signature = bytearray(good["META-INF/signature001.p7s"])
    signature[position % len(signature)] ^= flip
    forge.signature = bytes(signature)
    try:
        package = take(forge.build())
    except PackageRefused as error:
        assert error.reason in ("signature_invalid", "algorithm_weak", "signer_unknown")
        return
    assert dict(package.members) == {name: good[name] for name in package.members}
