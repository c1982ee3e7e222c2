"""Every reason of refusal is produced by at least one hostile package, and every hostile package by its own reason."""

from __future__ import annotations

from typing import Any

import package_builder as pb
import pytest
from hostile_cases import CASES, Case, entry

from danvan_desktop.exchange.reasons import NOTES, REASONS, SENTENCES, VERDICTS, PackageRefused
from danvan_desktop.exchange.trust import SequenceView
from danvan_desktop.exchange.verify import describe_refusal, verify
from danvan_desktop.kernel.canonical import canonical_bytes
from danvan_desktop.kernel.text import nfc


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.reason}-{case.name}".replace(" ", "_"))
def test_each_hostile_package_is_refused_by_its_own_reason(case: Case) -> None:
    options: dict[str, Any] = {"at": pb.AT, "receiver_id": pb.PARENT, "sequence": SequenceView(), **case.options}
    with pytest.raises(PackageRefused) as caught:
        verify(case.data(), trust=case.trust(), **options)
    assert caught.value.reason == case.reason, dict(caught.value.details)
    told = describe_refusal(caught.value)
    assert (told["verdict"], told["reason"], told["message"]) == ("refused", case.reason, SENTENCES[case.reason])
    assert canonical_bytes(told)  # what the command line prints is plain JSON


def test_every_reason_of_the_list_is_produced_and_nothing_else() -> None:
    assert {case.reason for case in CASES} == set(REASONS)


def test_the_list_is_the_one_of_the_format() -> None:
    codes = (
        "too_large not_zip zip_structure mimetype signature_missing signature_invalid algorithm_weak signer_unknown "
        "cert_expired cert_not_yet_valid cert_usage cert_revoked member_missing member_extra hash_mismatch "
        "manifest_invalid format_newer schema_invalid sender_mismatch not_for_us kind_not_allowed id_reused "
        "fork"
    )
    assert " ".join(REASONS) == codes


def test_every_reason_tells_an_officer_what_happened_what_was_kept_and_what_to_do() -> None:
    for reason, sentence in {**SENTENCES, **VERDICTS, **NOTES}.items():
        assert sentence == nfc(sentence) and sentence.endswith("."), reason
    for reason, sentence in SENTENCES.items():
        assert "Chưa có dữ liệu nào được nhận vào" in sentence, reason
        assert "hãy" in sentence or "cần" in sentence, reason
        assert sentence.count(". ") <= 1, reason
        assert PackageRefused(reason).message == sentence


def test_a_newer_format_is_named_before_its_unknown_keys() -> None:
    forge = pb.Forge.report()
    forge.info = {"format": 7, "entirely": "different"}
    with pytest.raises(PackageRefused) as caught:
        verify(forge.build(), trust=pb.trust(), at=pb.AT)
    assert (caught.value.reason, caught.value.details["format"]) == ("format_newer", 7)


def test_a_renamed_member_names_the_missing_and_the_extra() -> None:
    data = entry(pb.PDF_NAME, name=b"documents/other.pdf")()
    with pytest.raises(PackageRefused) as caught:
        verify(data, trust=pb.trust(), at=pb.AT)
    assert caught.value.details["missing"] == [pb.PDF_NAME]
    assert caught.value.details["extra"] == ["documents/other.pdf"]
