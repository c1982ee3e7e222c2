"""The detached CAdES signature over the manifest bytes (RFC 5652, ETSI EN 319 122-1, baseline B-B)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from .keys import strong_key
from .reasons import PackageRefused

_HASHES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class Signer(Protocol):
    """Something that signs for an office: :class:`..keys.OfficeKey`, later a token."""

    @property
    def certificate_der(self) -> bytes: ...

    @property
    def fingerprint(self) -> str: ...

    def sign(self, data: bytes) -> bytes:
        """The ECDSA signature with SHA-256, DER."""
        ...


def sign_detached(content: bytes, signer: Signer, signing_time: datetime) -> bytes:
    """The DER bytes of a CAdES signature over ``content``, which is not inside it."""
    certificate = asn1_x509.Certificate.load(signer.certificate_der)
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    certificate_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(signer.certificate_der).digest()})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [_time(signing_time)]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {
                    "type": "signing_certificate_v2",
                    "values": [tsp.SigningCertificateV2({"certs": [certificate_id]})],
                }
            ),
        ]
    )
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signer.sign(attributes.dump()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices({"certificate": certificate})],
            "signer_infos": [info],
        }
    )
    result: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return result


def _time(moment: datetime) -> cms.Time:
    if moment.tzinfo is None:
        raise ValueError("a signature needs a timezone-aware moment")
    whole = moment.replace(microsecond=0)
    return cms.Time({"utc_time": whole} if 1950 <= whole.year < 2050 else {"generalized_time": whole})


@dataclass(frozen=True, slots=True)
class SeenSignature:
    """A signature that holds mathematically; whose it is, is not yet said. ``signing_time`` is only claimed."""

    certificate_der: bytes
    certificate: x509.Certificate
    signing_time: datetime | None
    pkcs1v15: bool


def check_detached(signature: bytes, content: bytes) -> SeenSignature:
    """Check the one CAdES signature in ``signature`` over ``content`` with the certificate it carries.

    Raises PackageRefused ``signature_invalid`` or ``algorithm_weak``.
    """
    try:
        return _check(signature, content)
    except PackageRefused:
        raise
    except InvalidSignature as error:
        raise PackageRefused("signature_invalid", why="the signature does not fit") from error
    except Exception as error:  # hostile ASN.1 makes the parsers raise nearly anything: all of it means "no"
        raise PackageRefused("signature_invalid", why=type(error).__name__) from error


def _no(why: str) -> PackageRefused:
    return PackageRefused("signature_invalid", why=why)


def _check(signature: bytes, content: bytes) -> SeenSignature:
    outer = cms.ContentInfo.load(signature, strict=True)
    if outer["content_type"].native != "signed_data":
        raise _no("not signed data")
    signed = outer["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "data" or not isinstance(inner["content"], core.Void):
        raise _no("not detached")
    if len(signed["signer_infos"]) != 1:
        raise _no("not exactly one signer")
    info = signed["signer_infos"][0]
    der, certificate = _certificate(signed, info["sid"])
    public = certificate.public_key()
    digest_name = str(info["digest_algorithm"]["algorithm"].native)
    if digest_name not in _HASHES or not strong_key(public):
        raise PackageRefused("algorithm_weak", digest=digest_name[:40])

    if digest_name not in {item["algorithm"].native for item in signed["digest_algorithms"]}:
        raise _no("the digest is not announced")
    attributes = _attributes(info["signed_attrs"])
    if _single(attributes, "content_type").native != "data":
        raise _no("content type differs")
    if _single(attributes, "message_digest").native != hashlib.new(digest_name, content).digest():
        raise _no("digest of the manifest differs")
    _check_certificate_id(attributes, der)
    time = attributes.get("signing_time")
    claimed = time[0].native if time is not None and len(time) == 1 else None

    # what is signed is the attribute set under its universal tag, not under the [0] it travels with
    signed_bytes = _set_of(info["signed_attrs"].contents)
    pkcs1v15 = _check_mathematics(info, public, digest_name, signed_bytes)
    return SeenSignature(der, certificate, claimed if isinstance(claimed, datetime) else None, pkcs1v15)


def _certificate(signed: Any, sid: Any) -> tuple[bytes, x509.Certificate]:
    if sid.name != "issuer_and_serial_number":
        raise _no("signer not named by issuer and serial number")
    found: list[bytes] = []
    for choice in signed["certificates"]:
        candidate = choice.chosen
        if (
            choice.name == "certificate"
            and candidate.serial_number == sid.chosen["serial_number"].native
            and candidate.issuer.dump() == sid.chosen["issuer"].dump()
        ):
            found.append(candidate.dump())
    if len(found) != 1:
        raise _no("the signer's certificate is not in the signature")
    return found[0], x509.load_der_x509_certificate(found[0])


def _attributes(signed_attrs: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for attribute in signed_attrs:
        kind = str(attribute["type"].native)
        if kind in result:
            raise _no("a signed attribute twice")
        result[kind] = attribute["values"]
    return result


def _single(attributes: dict[str, Any], kind: str) -> Any:
    values = attributes.get(kind)
    if values is None or len(values) != 1:
        raise _no(f"signed attribute {kind} missing")
    return values[0]


def _check_certificate_id(attributes: dict[str, Any], der: bytes) -> None:
    if "signing_certificate_v2" not in attributes and "signing_certificate" in attributes:
        raise PackageRefused("algorithm_weak", digest="sha1")  # the first version of the attribute knows SHA-1 only
    first = _single(attributes, "signing_certificate_v2")["certs"][0]
    name = str(first["hash_algorithm"]["algorithm"].native)
    if name not in _HASHES:
        raise PackageRefused("algorithm_weak", digest=name[:40])
    if first["cert_hash"].native != hashlib.new(name, der).digest():
        raise _no("the signature names another certificate")


def _set_of(contents: bytes) -> bytes:
    length = len(contents)
    if length < 0x80:
        return bytes([0x31, length]) + contents
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x31, 0x80 | len(size)]) + size + contents


def _check_mathematics(info: Any, public: object, digest_name: str, data: bytes) -> bool:
    """Raise unless the signature holds; returns whether it is RSA with PKCS#1 v1.5 padding."""
    algorithm = info["signature_algorithm"]
    name = str(algorithm["algorithm"].native)
    signature = info["signature"].native
    digest = _HASHES[digest_name]()
    if isinstance(public, ec.EllipticCurvePublicKey) and name.endswith("_ecdsa"):
        _same_digest(name.removesuffix("_ecdsa"), digest_name)
        public.verify(signature, data, ec.ECDSA(digest))
        return False
    if isinstance(public, rsa.RSAPublicKey) and name == "rsassa_pss":
        parameters = algorithm["parameters"]
        _same_digest(str(parameters["hash_algorithm"]["algorithm"].native), digest_name)
        mask = parameters["mask_gen_algorithm"]
        _same_digest(str(mask["parameters"]["algorithm"].native), digest_name)
        scheme = padding.PSS(padding.MGF1(digest), int(parameters["salt_length"].native))
        public.verify(signature, data, scheme, digest)
        return False
    if isinstance(public, rsa.RSAPublicKey) and (name == "rsassa_pkcs1v15" or name.endswith("_rsa")):
        if name != "rsassa_pkcs1v15":
            _same_digest(name.removesuffix("_rsa"), digest_name)
        public.verify(signature, data, padding.PKCS1v15(), digest)
        return True
    raise PackageRefused("algorithm_weak", algorithm=name[:40])


def _same_digest(named: str, digest_name: str) -> None:
    if named not in _HASHES:
        raise PackageRefused("algorithm_weak", digest=named[:40])
    if named != digest_name:
        raise _no("two digests")
