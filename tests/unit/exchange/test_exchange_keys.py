"""Office keys, fingerprints and key cards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.exchange.keys import (
    AgeIdentity,
    KeyCard,
    OfficeKey,
    export_key_card,
    generate_office_key,
    group_fingerprint,
    key_card,
    normal_fingerprint,
    read_key_card,
    strong_key,
)
from danvan_desktop.kernel.canonical import canonical_bytes, sha256_hex
from danvan_desktop.kernel.errors import Refused

OFFICE = "0197a000-0000-7000-8000-000000000001"
NAME = "Phòng Văn hóa - Xã hội xã Vĩnh Thủy"
FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
KEY = generate_office_key(OFFICE, NAME, FROM, TO)
AGE = AgeIdentity.generate()
CARD = key_card(OFFICE, NAME, KEY, AGE.recipient)


def test_the_certificate_names_the_office_and_may_only_sign() -> None:
    certificate = KEY.certificate
    subject = {item.oid: item.value for item in certificate.subject}
    assert subject == {NameOID.COMMON_NAME: NAME, NameOID.SERIAL_NUMBER: OFFICE}
    assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (FROM, TO)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign and not usage.crl_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    certificate.verify_directly_issued_by(certificate)
    assert KEY.fingerprint == sha256_hex(KEY.certificate_der) == certificate.fingerprint(hashes.SHA256()).hex()


def test_a_key_signs_and_survives_its_pem() -> None:
    again = OfficeKey.from_pem(KEY.to_pem())
    public = again.certificate.public_key()
    assert again == KEY and isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(again.sign(b"x"), b"x", ec.ECDSA(hashes.SHA256()))
    assert "PRIVATE" not in repr(KEY) and "private" not in repr(KEY)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"nonsense",
        KEY.certificate_pem,
        KEY.to_pem().replace(KEY.certificate_pem, generate_office_key(OFFICE, NAME, FROM, TO).certificate_pem),
    ],
)
def test_a_broken_key_is_refused(pem: bytes) -> None:
    with pytest.raises(Refused) as caught:
        OfficeKey.from_pem(pem)
    assert caught.value.code == "key_invalid"


def test_a_long_name_is_cut_in_the_certificate_only() -> None:
    long = "Ban " + "Quản lý dự án " * 12
    key = generate_office_key(OFFICE, long, FROM, TO)
    common = key.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert common == "Ban Quản lý dự án Quản lý dự án Quản lý dự án"
    assert read_key_card(export_key_card(key_card(OFFICE, long, key, AGE.recipient))).name == long.strip()


@pytest.mark.parametrize("wrong", [{"office_id": "7"}, {"name": "  "}, {"not_before": datetime(2020, 1, 1)}])
def test_nonsense_makes_no_key(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs"):
        generate_office_key(**{"office_id": OFFICE, "name": NAME, "not_before": FROM, "not_after": TO, **wrong})


def test_fingerprints_are_read_out_in_fours_and_typed_in_any_way() -> None:
    shown = group_fingerprint(KEY.fingerprint)
    assert [len(part) for part in shown.split(" ")] == [4] * 16 and shown == shown.upper()
    for typed in (shown, shown.lower(), shown.replace(" ", ":"), KEY.fingerprint, f" {shown}\n"):
        assert normal_fingerprint(typed) == KEY.fingerprint
    assert normal_fingerprint(shown[:-1]) is None and normal_fingerprint("g" * 64) is None


def test_a_card_travels_unchanged() -> None:
    data = export_key_card(CARD)
    assert read_key_card(data) == CARD and read_key_card(data + b"\r\n") == CARD
    assert CARD.fingerprint == KEY.fingerprint and CARD.certificate_der == KEY.certificate_der
    assert data == canonical_bytes(CARD.to_json())
    assert b"PRIVATE" not in data and b"SECRET" not in data


def weak_pem() -> str:
    key = rsa.generate_private_key(65537, 1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(FROM).not_valid_after(TO)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"office_id": "1"},
        {"name": ""},
        {"name": "x\u202e"},
        {"certificate": "hello"},
        {"certificate": CARD.certificate_pem * 2},
        {"certificate": "x" + CARD.certificate_pem},
        {"certificate": weak_pem()},
        {"certificate": KEY.to_pem().decode()},
        {"age_recipient": "age1xyz"},
        {"age_recipient": AGE.secret},
        {"kind": "other"},
        {"format": 0},
        {"format": "1"},
        {"more": 1},
    ],
)
def test_a_wrong_card_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        read_key_card(canonical_bytes({**CARD.to_json(), **change}))
    assert caught.value.code == "key_card_invalid" and "chưa có gì được nhận" in caught.value.message


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"x" * 20_000, b"\xff", export_key_card(CARD)[:-1], b" {}"])
def test_a_file_that_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="key_card_invalid"):
        read_key_card(data)


def test_a_newer_card_is_named() -> None:
    with pytest.raises(Refused, match="format_newer"):
        read_key_card(canonical_bytes({"format": 2, "new": "things"}))


def test_a_wrong_card_is_not_exported() -> None:
    with pytest.raises(ValueError, match="key_card_invalid"):
        export_key_card(KeyCard("1", NAME, CARD.certificate_pem, CARD.age_recipient))


@given(st.integers(0, 5000), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_no_changed_card_crashes(position: int, flip: int) -> None:
    data = bytearray(export_key_card(CARD))
    data[position % len(data)] ^= flip
    try:
        card = read_key_card(bytes(data))
    except Refused as error:
        assert error.code in ("key_card_invalid", "format_newer")
    else:
        assert card != CARD


def test_strong_keys_are_those_of_the_circular() -> None:
    assert strong_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    assert strong_key(ec.generate_private_key(ec.SECP384R1()).public_key())
    assert not strong_key(ec.generate_private_key(ec.SECP192R1()).public_key())
    assert not strong_key(ec.generate_private_key(ec.SECP256K1()).public_key())
    assert strong_key(rsa.generate_private_key(65537, 2048).public_key())
    assert not strong_key(rsa.generate_private_key(65537, 1024).public_key())


def test_the_age_secret_is_not_shown() -> None:
    assert AGE.secret.startswith("AGE-SECRET-KEY-1") and AGE.recipient.startswith("age1")
    assert AGE.secret not in repr(AGE)
    with pytest.raises(Refused, match="key_invalid"):
        _ = AgeIdentity("AGE-SECRET-KEY-1NO").recipient
