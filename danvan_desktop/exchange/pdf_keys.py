"""Keys that sign papers: a PKCS#12 file or a PKCS#11 token (DOMAIN §10.4). Neither the key nor its secret is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from ..kernel import vi
from ..kernel.clock import civil_date
from ..kernel.errors import Refused
from .keys import strong_key

MAX_KEY_FILE = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class PdfKey:
    """A key ready to sign: its certificate, and what does the mathematics (``engine``, of the PDF library)."""

    certificate: x509.Certificate
    engine: Any = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Whose certificate it is, as the certificate says."""
        return common_name(self.certificate.subject)

    def require_usable(self, at: datetime) -> None:
        """Raises Refused ``cert_not_yet_valid``, ``cert_expired``, ``cert_usage``, ``key_weak``."""
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if at < first:
            raise Refused(
                "cert_not_yet_valid",
                f"Chứng thư số của “{self.name}” có hiệu lực từ {vi.day(civil_date(first))} nên chưa ký được. "
                "Văn bản vẫn nguyên; hãy kiểm tra ngày giờ của máy.",
            )
        if at > last:
            raise Refused(
                "cert_expired",
                f"Chứng thư số của “{self.name}” đã hết hạn ngày {vi.day(civil_date(last))}. Văn bản vẫn nguyên; "
                "hãy gia hạn chứng thư rồi ký lại.",
            )
        if not _may_sign(self.certificate):
            raise Refused(
                "cert_usage",
                f"Chứng thư số của “{self.name}” không dùng để ký văn bản. "
                "Văn bản vẫn nguyên; hãy chọn chứng thư khác.",
            )
        if not strong_key(self.certificate.public_key()):
            raise Refused(
                "key_weak",
                f"Khóa của “{self.name}” yếu hơn mức quy định (RSA 2048 bit hoặc ECDSA 256 bit). Văn bản vẫn nguyên; "
                "hãy dùng khóa khác.",
            )


def common_name(name: x509.Name) -> str:
    """The common name in a subject or issuer; the whole of it when there is none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def open_pkcs12(data: bytes, password: str) -> PdfKey:
    """The key in a .p12 or .pfx file. Raises Refused ``key_password_wrong``, ``key_file_invalid``."""
    from pyhanko.sign.signers import SimpleSigner

    if len(data) > MAX_KEY_FILE:
        raise _bad_file()
    secret = password.encode("utf-8") if password else None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret)
    except ValueError as error:
        if "password" in str(error).lower():
            raise Refused(
                "key_password_wrong",
                "Mật khẩu của tệp khóa không đúng. Văn bản vẫn nguyên; "
                "hãy nhập lại (tệp khóa không bị khóa vì nhập sai).",
            ) from error
        raise _bad_file() from error
    if key is None or certificate is None:
        raise _bad_file()
    engine = SimpleSigner.load_pkcs12_data(data, other_certs=(), passphrase=secret)
    return PdfKey(certificate, engine)


def _bad_file() -> Refused:
    return Refused(
        "key_file_invalid",
        "Tệp này không phải tệp khóa PKCS#12 (.p12, .pfx) có khóa và chứng thư. Văn bản vẫn nguyên; hãy chọn tệp khác.",
    )


@contextmanager
def open_token(library: Path, pin: str, *, token: str = "", certificate: str = "") -> Iterator[PdfKey]:
    """The key on a token, while the block runs. ``library``: the driver's PKCS#11 module; ``token``, ``certificate``:
    their labels, needed only where there are several.

    Raises Refused ``driver_missing``, ``token_missing``, ``token_which`` (details: tokens), ``pin_wrong``,
    ``pin_locked``, ``token_no_key``, ``token_which_key`` (details: certificates), ``token_gone``.
    """
    import pkcs11

    module = _load(library)
    found = _token(module, token)
    before = found.flags
    if pkcs11.TokenFlag.USER_PIN_LOCKED in before:
        raise _locked()
    try:
        session = found.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.ArgumentsBad) as error:
        raise _wrong_pin(_token(module, found.label.strip())) from error
    except pkcs11.PinLocked as error:
        raise _locked() from error
    except pkcs11.PKCS11Error as error:
        raise _gone(error) from error
    with session:
        try:
            key = _token_key(session, certificate)
        except pkcs11.PKCS11Error as error:
            raise _gone(error) from error
        try:
            yield key
        except pkcs11.PKCS11Error as error:
            raise _gone(error) from error


def token_labels(library: Path) -> tuple[str, ...]:
    """The labels of the tokens plugged in. Raises Refused ``driver_missing``."""
    return tuple(item.label.strip() for item in _tokens(_load(library)))


def _load(library: Path) -> Any:
    import pkcs11

    try:
        return pkcs11.lib(str(library))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise Refused(
            "driver_missing",
            f"Không mở được trình điều khiển thẻ ký ({library.name}). Văn bản vẫn nguyên; hãy cài trình điều khiển do "
            "nơi cấp thẻ cung cấp rồi chọn lại tệp thư viện PKCS#11.",
            library=str(library),
        ) from error


def _tokens(module: Any) -> list[Any]:
    import pkcs11

    try:
        slots = module.get_slots(token_present=True)
        tokens = [slot.get_token() for slot in slots]
    except pkcs11.PKCS11Error:
        return []
    return [item for item in tokens if pkcs11.TokenFlag.TOKEN_INITIALIZED in item.flags]


def _token(module: Any, label: str) -> Any:
    tokens = _tokens(module)
    named = [item for item in tokens if not label or item.label.strip() == label]
    if not named:
        raise Refused(
            "token_missing",
            "Không thấy thẻ ký" + (f" “{label}”" if label else "") + " trong máy. Văn bản vẫn nguyên; hãy cắm thẻ, "
            "đợi đèn báo sáng rồi ký lại.",
        )
    if len(named) > 1:
        labels = [item.label.strip() for item in named]
        raise Refused(
            "token_which",
            f"Máy đang cắm {len(labels)} thẻ ký: {', '.join(labels)}. Chưa ký; hãy chọn một thẻ hoặc rút bớt.",
            tokens=labels,
        )
    return named[0]


def _wrong_pin(token: Any) -> Refused:
    import pkcs11

    flags = token.flags
    if pkcs11.TokenFlag.USER_PIN_LOCKED in flags:
        return _locked()
    if pkcs11.TokenFlag.USER_PIN_FINAL_TRY in flags:
        return Refused(
            "pin_wrong",
            "Mã PIN không đúng. Thẻ chỉ còn 1 lần nhập; sai nữa thẻ sẽ bị khóa. Văn bản vẫn nguyên; nếu không chắc, "
            "hãy hỏi nơi cấp thẻ trước khi nhập lại.",
            tries_left=1,
        )
    return Refused(
        "pin_wrong",
        "Mã PIN không đúng. Thẻ không báo còn bao nhiêu lần nhập (thường khóa sau 3 lần sai liền nhau). "
        "Văn bản vẫn nguyên; hãy kiểm tra phím Caps Lock, bộ gõ tiếng Việt rồi nhập lại.",
        tries_left=None,
    )


def _locked() -> Refused:
    return Refused(
        "pin_locked",
        "Thẻ ký đã bị khóa vì nhập sai mã PIN nhiều lần. Văn bản vẫn nguyên; hãy đề nghị cơ quan quản lý thẻ mở khóa "
        "(Nghị định 68/2024/NĐ-CP) hoặc ký trên giấy.",
        tries_left=0,
    )


def _gone(error: Exception) -> Refused:
    return Refused(
        "token_gone",
        "Thẻ ký không trả lời giữa chừng. Văn bản vẫn nguyên; hãy rút thẻ, cắm lại rồi ký lại.",
        why=type(error).__name__,
    )


def _token_key(session: Any, wanted: str) -> PdfKey:
    """The one certificate on the token that has its private key beside it and may sign."""
    from asn1crypto import x509 as asn1
    from pkcs11 import Attribute, ObjectClass
    from pyhanko.sign.pkcs11 import PKCS11Signer

    keys = {bytes(item[Attribute.ID]) for item in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})}
    chain, usable = [], []
    for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        der = bytes(item[Attribute.VALUE])
        chain.append(asn1.Certificate.load(der))
        certificate = x509.load_der_x509_certificate(der)
        identity, label = bytes(item[Attribute.ID]), str(item[Attribute.LABEL]).strip()
        if identity in keys and _may_sign(certificate) and (not wanted or label == wanted):
            usable.append((label, identity, certificate, chain[-1]))
    if not usable:
        raise Refused(
            "token_no_key",
            "Trên thẻ không có chứng thư" + (f" “{wanted}”" if wanted else "") + " kèm khóa để ký văn bản. "
            "Văn bản vẫn nguyên; hãy kiểm tra thẻ bằng công cụ của nơi cấp.",
        )
    if len(usable) > 1:
        labels = [item[0] for item in usable]
        raise Refused(
            "token_which_key",
            f"Trên thẻ có {len(labels)} chứng thư ký được: {', '.join(labels)}. Chưa ký; hãy chọn một.",
            certificates=labels,
        )
    _, identity, certificate, parsed = usable[0]
    # many tokens hash RSA by themselves but know ECDSA only over a hash made outside
    raw = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    engine = PKCS11Signer(session, signing_cert=parsed, key_id=identity, ca_chain=chain, use_raw_mechanism=raw)
    return PdfKey(certificate, engine)


def load_certificates(data: bytes) -> list[x509.Certificate]:
    """The certificates in a .cer, .crt or .pem file. Raises Refused ``cert_file_invalid``."""
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise Refused(
            "cert_file_invalid", "Tệp này không phải tệp chứng thư (.cer, .crt, .pem). Chưa nhận gì; hãy chọn tệp khác."
        ) from error


def load_crl(data: bytes) -> x509.CertificateRevocationList:
    """The list of revoked certificates in a .crl file. Raises Refused ``crl_file_invalid``."""
    try:
        return x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)
    except ValueError as error:
        raise Refused(
            "crl_file_invalid",
            "Tệp này không phải danh sách chứng thư bị thu hồi (.crl). Chưa nhận gì; hãy chọn tệp khác.",
        ) from error


def der(item: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    """The DER bytes of a certificate or a revocation list."""
    return item.public_bytes(serialization.Encoding.DER)
