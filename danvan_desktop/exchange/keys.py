"""The office's keys: one to sign packages (ECDSA P-256, self-signed X.509), one to receive sealed ones (age).

The public halves travel together as a :class:`KeyCard` (file extension ``.dvkey``). A card proves nothing
by itself: a person compares the fingerprint by telephone before the key is trusted (DESIGN §6, §8.10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from ..kernel.canonical import NotCanonical, canonical_bytes, parse_json, sha256_hex
from ..kernel.errors import Refused
from ..kernel.ids import is_id
from ..kernel.text import bad_character, nfc
from .limits import LIMITS
from .strict import Invalid, Reader, parse_canonical

CARD_FORMAT = 1
CARD_EXTENSION = ".dvkey"
_STRONG_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_NAME_MAXIMUM = 300


def strong_key(key: CertificatePublicKeyTypes) -> bool:
    """Whether a public key may sign packages: RSA of 2048 bits or more, or a NIST curve from P-256 on.

    TT 15/2025/TT-BKHCN, Phụ lục I (DOMAIN §10.2).
    """
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= 2048
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _STRONG_CURVES


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """The package key of one office: P-256 private key with its certificate (DER)."""

    certificate_der: bytes
    _private: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate_der)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate_der)

    def sign(self, data: bytes) -> bytes:
        """The ECDSA signature with SHA-256 over ``data``, DER."""
        return self._private.sign(data, ec.ECDSA(hashes.SHA256()))

    def to_pem(self) -> bytes:
        """Private key (PKCS#8, **not encrypted**) and certificate: only for the encrypted database."""
        return (
            self._private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + self.certificate_pem
        )

    @staticmethod
    def from_pem(data: bytes) -> OfficeKey:
        """The key of :meth:`to_pem`. Raises Refused ``key_invalid``."""
        try:
            private = serialization.load_pem_private_key(data, None)
            certificate = x509.load_pem_x509_certificate(data)
        except (ValueError, TypeError) as error:
            raise _bad_key() from error
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != certificate.public_key():
            raise _bad_key()
        return OfficeKey(certificate.public_bytes(serialization.Encoding.DER), private)


def _bad_key() -> Refused:
    return Refused(
        "key_invalid",
        "Khóa ký của cơ quan không đọc được. Dữ liệu vẫn nguyên; hãy khôi phục từ bản sao lưu gần nhất.",
    )


def generate_office_key(office_id: str, name: str, not_before: datetime, not_after: datetime) -> OfficeKey:
    """A new package key for an office, valid from ``not_before`` to ``not_after`` (timezone-aware).

    Subject: CN = ``name`` (as much of it as 64 bytes of UTF-8 hold), serialNumber = ``office_id``.
    Raises ValueError for an id that is no UUID, an empty name or moments without offset.
    """
    if not is_id(office_id) or not name.strip() or bad_character(name):
        raise ValueError("an office key needs a UUID and a plain name")
    if not_before.tzinfo is None or not_after.tzinfo is None:
        raise ValueError("a certificate needs timezone-aware moments")
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, _common_name(name)),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, office_id),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return OfficeKey(certificate.public_bytes(serialization.Encoding.DER), private)


def _common_name(name: str) -> str:
    """At most 64 bytes, cut between words where there are several: the library counts bytes, not letters."""
    whole = nfc(name).strip()
    cut = whole.encode("utf-8")[:64].decode("utf-8", "ignore")
    return (cut if cut == whole or " " not in cut else cut.rpartition(" ")[0]).strip()


def fingerprint_of(certificate_der: bytes) -> str:
    """SHA-256 of the certificate's DER bytes, 64 lower-case hexadecimal digits."""
    return sha256_hex(certificate_der)


def group_fingerprint(fingerprint: str) -> str:
    """The fingerprint in groups of four, capitals, as it is read out on the telephone."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4)).upper()


def normal_fingerprint(typed: str) -> str | None:
    """The 64 digits of a typed fingerprint (spaces, colons, hyphens and case ignored), or None."""
    digits = re.sub(r"[\s:.\-]", "", typed).lower()
    return digits if re.fullmatch(r"[0-9a-f]{64}", digits) else None


@dataclass(frozen=True, slots=True)
class AgeIdentity:
    """The office's key for sealed packages: ``AGE-SECRET-KEY-1...``; kept inside the database only."""

    secret: str = field(repr=False)

    @staticmethod
    def generate() -> AgeIdentity:
        return AgeIdentity(str(pyrage.x25519.Identity.generate()))

    @property
    def recipient(self) -> str:
        """The public half, ``age1...``. Raises Refused ``key_invalid`` when the secret is not one."""
        return str(self.secret_key().to_public())

    def secret_key(self) -> pyrage.x25519.Identity:
        """The secret as the library wants it. Raises Refused ``key_invalid``."""
        try:
            return pyrage.x25519.Identity.from_str(self.secret)
        except pyrage.IdentityError as error:
            raise _bad_key() from error


@dataclass(frozen=True, slots=True)
class KeyCard:
    """What an office shows of its keys: who it says it is, its certificate and its age recipient."""

    office_id: str
    name: str
    certificate_pem: str
    age_recipient: str

    @property
    def certificate_der(self) -> bytes:
        certificate = x509.load_pem_x509_certificate(self.certificate_pem.encode("ascii"))
        return certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate_der)

    def to_json(self) -> dict[str, object]:
        return {
            "age_recipient": self.age_recipient,
            "certificate": self.certificate_pem,
            "format": CARD_FORMAT,
            "kind": "key-card",
            "name": self.name,
            "office_id": self.office_id,
        }


def key_card(office_id: str, name: str, key: OfficeKey, age_recipient: str) -> KeyCard:
    """The card of an office's own keys."""
    return KeyCard(office_id, nfc(name).strip(), key.certificate_pem.decode("ascii"), age_recipient)


def export_key_card(card: KeyCard) -> bytes:
    """The canonical bytes of a card. Raises ValueError when :func:`read_key_card` would not take them."""
    data = canonical_bytes(card.to_json())
    try:
        read_key_card(data)
    except Refused as error:
        raise ValueError(str(error)) from error
    return data


def read_key_card(data: bytes) -> KeyCard:
    """The card in ``data``, every key checked. Raises Refused ``key_card_invalid`` or ``format_newer``.

    Ends of line added by an editor are tolerated; nothing else is.
    """
    if len(data) > LIMITS.card:
        raise _bad_card("size")
    data = data.rstrip(b"\r\n")
    try:
        value = parse_json(data)
        newer = value.get("format") if isinstance(value, dict) else None
        if isinstance(newer, int) and newer > CARD_FORMAT:
            raise Refused(
                "format_newer",
                "Tệp khóa do phiên bản chương trình mới hơn lập; chưa có gì được nhận. "
                "Hãy cập nhật chương trình rồi mở lại.",
            )
        parse_canonical(data, "card")
        reader = Reader(value, "card")
        card = read_card_fields(reader)
        reader.done()
    except (Invalid, NotCanonical) as error:
        raise _bad_card(str(error)) from error
    return card


def read_card_fields(reader: Reader) -> KeyCard:
    """The card held by ``reader`` (also inside enrolment payloads). Raises Invalid."""
    reader.integer("format", 1, CARD_FORMAT)
    reader.one_of("kind", ("key-card",))
    card = KeyCard(
        reader.id("office_id"),
        reader.text("name", _NAME_MAXIMUM),
        reader.text("certificate", LIMITS.card, multiline=True),
        reader.text("age_recipient", 100),
    )
    try:
        certificate = x509.load_pem_x509_certificate(card.certificate_pem.encode("ascii"))
        strong = strong_key(certificate.public_key())
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    except Exception as error:  # the X.509 parser has more kinds of error than it documents
        raise reader.fail("certificate", "not a certificate") from error
    if pem != card.certificate_pem:
        raise reader.fail("certificate", "more than one certificate in plain PEM")
    if not strong:
        raise reader.fail("certificate", "key too weak")
    try:
        pyrage.x25519.Recipient.from_str(card.age_recipient)
    except pyrage.RecipientError as error:
        raise reader.fail("age_recipient", "not an age recipient") from error
    return card


def _bad_card(where: str) -> Refused:
    return Refused(
        "key_card_invalid",
        "Tệp này không phải là tệp khóa công khai (.dvkey) hợp lệ; chưa có gì được nhận. "
        "Hãy đề nghị nơi gửi xuất lại tệp khóa.",
        where=where,
    )
