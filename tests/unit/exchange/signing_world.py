"""A certification authority of our own for the tests: roots, people, offices, revocation lists, tokens."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 6, 4, 8, 30, 12, tzinfo=UTC)
PASSWORD = "Mật khẩu khóa 1"
PIN = "12345678"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@dataclass
class World:
    """A root with the keys it certified."""

    root_key: Any
    root: x509.Certificate
    serial: int = 100

    def issue(
        self, name: str, *, key: Any = None, days: tuple[int, int] = (-30, 365), usage: bool = True
    ) -> tuple[Any, x509.Certificate]:
        """A key with a certificate valid from ``NOW`` plus the two numbers of days."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        self.serial += 1
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self.root.subject)
            .public_key(key.public_key())
            .serial_number(self.serial)
            .not_valid_before(NOW + timedelta(days=days[0]))
            .not_valid_after(NOW + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=usage, issue=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        return key, builder.sign(self.root_key, hashes.SHA256())

    def crl(
        self, *revoked: x509.Certificate, first: datetime = NOW - timedelta(days=1)
    ) -> x509.CertificateRevocationList:
        """The list of revoked certificates, good for a week."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(first)
            .next_update(first + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        for item in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(item.serial_number).revocation_date(first).build()
            )
        return builder.sign(self.root_key, hashes.SHA256())


def make_world(name: str = "Cơ quan chứng thực thử nghiệm") -> World:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(name))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1000))
        .not_valid_after(NOW + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(sign=False, issue=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return World(key, certificate)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def p12(key: Any, certificate: x509.Certificate, password: str = PASSWORD) -> bytes:
    """The key as the .p12 file an officer gets."""
    secret = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"khoa", key, certificate, None, secret)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, sign: bool, issue: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=not sign and not issue,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issue,
        crl_sign=issue,
        encipher_only=False,
        decipher_only=False,
    )


def make_token(folder: Path, label: str, key: Any, certificate: x509.Certificate, monkeypatch: Any) -> None:
    """A software token with one key and its certificate; ``PIN`` opens it."""
    tokens = folder / "tokens"
    tokens.mkdir(exist_ok=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    _run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", PIN)
    _run("softhsm2-util", "--import", str(folder / "key.pem"), "--token", label, "--label", "ky", "--id", "01",
         "--pin", PIN)  # fmt: skip
    _put_certificate(label, certificate)


def _put_certificate(label: str, certificate: x509.Certificate) -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    library = pkcs11.lib(str(SOFTHSM))
    library.reinitialize()
    with library.get_token(token_label=label).open(user_pin=PIN, rw=True) as session:
        values = decode_x509_certificate(certificate.public_bytes(serialization.Encoding.DER))
        session.create_object(
            {**values, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: b"\x01", pkcs11.Attribute.LABEL: "ky"}
        )


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
