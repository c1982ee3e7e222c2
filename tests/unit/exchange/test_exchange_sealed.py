"""Sealed packages: for one reader, and only whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.exchange.keys import AgeIdentity
from danvan_desktop.exchange.limits import Limits
from danvan_desktop.exchange.reasons import PackageRefused
from danvan_desktop.exchange.sealed import is_sealed, seal, unseal
from danvan_desktop.kernel.errors import Refused

OURS, PARENT, OTHER = AgeIdentity.generate(), AgeIdentity.generate(), AgeIdentity.generate()
DATA = b"PK\x03\x04" + bytes(range(256)) * 700
SEALED = seal(DATA, [PARENT.recipient, OURS.recipient])


def test_reader_and_sender_open_it_nobody_else() -> None:
    assert is_sealed(SEALED) and not is_sealed(DATA) and DATA[100:200] not in SEALED
    assert unseal(SEALED, PARENT) == unseal(SEALED, OURS) == DATA
    assert unseal(SEALED, [OTHER, PARENT]) == DATA
    with pytest.raises(PackageRefused) as caught:
        unseal(SEALED, OTHER)
    assert caught.value.reason == "not_for_us" and "mã hóa" in caught.value.message


def test_what_is_not_sealed_is_left_alone() -> None:
    assert unseal(DATA, OURS) is DATA


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_no_changed_byte_is_opened(position: int, flip: int) -> None:
    data = bytearray(SEALED)
    data[position] ^= flip
    if not is_sealed(bytes(data)):
        assert position < 20  # no longer an age file: the verification says not_zip
        return
    with pytest.raises(PackageRefused) as caught:
        unseal(bytes(data), PARENT)
    assert caught.value.reason in ("hash_mismatch", "not_for_us")


@pytest.mark.parametrize("cut", [25, 100, 300, -1])
def test_a_cut_file_is_refused(cut: int) -> None:
    with pytest.raises(PackageRefused) as caught:
        unseal(SEALED[:cut], PARENT)
    assert caught.value.reason == "hash_mismatch" and "hỏng" in caught.value.message


def test_a_changed_body_is_hash_mismatch() -> None:
    with pytest.raises(PackageRefused, match="hash_mismatch"):
        unseal(SEALED[:-50] + b"x" * 50, PARENT)


def test_caps_hold_before_opening() -> None:
    with pytest.raises(PackageRefused, match="too_large"):
        unseal(b"age-encryption.org/v1\n" + b"\0" * 2_000_000, OURS, Limits(package=100))


def test_wrong_keys_are_refused() -> None:
    with pytest.raises(Refused, match="key_invalid"):
        seal(DATA, ["age1nonsense"])
    with pytest.raises(ValueError, match="nobody"):
        seal(DATA, [])
    with pytest.raises(Refused, match="key_invalid"):
        unseal(SEALED, AgeIdentity("nonsense"))
