"""What the signatures of a PDF are worth, one by one; nothing unknown is taken for good (NĐ 68/2024 Đ30-32)."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from ..kernel.errors import Refused
from .pdf_keys import common_name, der

for _library in ("pyhanko", "pyhanko_certvalidator"):  # they log whose certificate failed; names stay out of logs
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)

# What a signature can come to, the worst first; only the last is good.
STATES = {
    "broken": "Chữ ký không đúng: nội dung đã bị thay đổi hoặc chữ ký hỏng",
    "changed_after": "Văn bản bị sửa sau khi ký",
    "weak": "Thuật toán ký quá yếu, không được chấp nhận",
    "revoked": "Chứng thư của người ký đã bị thu hồi",
    "out_of_time": "Chứng thư chưa có hiệu lực hoặc đã hết hạn ở thời điểm kiểm tra",
    "untrusted": "Chữ ký đúng, nhưng chưa biết nơi cấp chứng thư có đáng tin hay không",
    "revocation_unknown": "Chữ ký đúng, nhưng chưa kiểm tra được chứng thư có bị thu hồi hay không",
    "valid": "Chữ ký hợp lệ",
}


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """One signature. ``signed_at`` is only what the signer claims; ``covers_all``: nothing was added after it."""

    field: str
    signer: str
    issuer: str
    serial: str
    signed_at: datetime | None
    state: str
    covers_all: bool

    @property
    def good(self) -> bool:
        return self.state == "valid"

    @property
    def sentence(self) -> str:
        return STATES[self.state]


def check_pdf(
    pdf: bytes,
    roots: Sequence[x509.Certificate],
    crls: Sequence[x509.CertificateRevocationList],
    at: datetime,
    others: Sequence[x509.Certificate] = (),
) -> tuple[PdfVerdict, ...]:
    """Every signature of ``pdf``, in the order made, judged at the moment ``at`` against trusted ``roots`` and the
    revocation lists at hand; ``others``: certificates between. Raises Refused ``pdf_invalid``."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        signatures = list(PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures)
    except Exception as error:  # a hostile file makes the reader raise nearly anything
        raise Refused(
            "pdf_invalid", "Tệp này không phải PDF đọc được nên chưa kiểm tra được chữ ký. Hãy chọn tệp khác."
        ) from error
    return tuple(_verdict(item, roots, crls, at, others) for item in signatures)


def _verdict(signature: Any, roots: Any, crls: Any, at: datetime, others: Any) -> PdfVerdict:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    name = str(signature.field_name)
    try:
        certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
        strict = _status(signature, roots, crls, at, others, "require")
        whole = strict.coverage == SignatureCoverageLevel.ENTIRE_FILE
    except Exception:  # bytes that the reader cannot take for a signature are none
        return PdfVerdict(name, "", "", "", None, "broken", False)
    level = strict.modification_level
    changed = level is not None and level > ModificationLevel.FORM_FILLING
    if not (strict.intact and strict.valid):
        state = "weak" if strict.intact and "CRYPTO" in str(strict.trust_problem_indic) else "broken"
    elif strict.coverage is None or strict.coverage < SignatureCoverageLevel.ENTIRE_REVISION or changed:
        state = "changed_after"
    elif strict.bottom_line:
        state = "valid"
    else:
        state = _why(signature, roots, crls, at, others, certificate, strict)
    return PdfVerdict(
        field=name,
        signer=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        signed_at=strict.signer_reported_dt,
        state=state,
        covers_all=whole,
    )


def _why(signature: Any, roots: Any, crls: Any, at: datetime, others: Any, certificate: Any, strict: Any) -> str:
    """Why a signature that holds mathematically is not trusted."""
    if strict.revoked:
        return "revoked"
    if "CRYPTO" in str(strict.trust_problem_indic):
        return "weak"
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return "out_of_time"
    if not strict.docmdp_ok:
        return "changed_after"
    # would it be trusted if revocation were left out? then revocation alone is what is not known
    lax = _status(signature, roots, crls, at, others, "soft-fail")
    if lax.revoked:
        return "revoked"
    return "revocation_unknown" if lax.bottom_line else "untrusted"


def _status(signature: Any, roots: Any, crls: Any, at: datetime, others: Any, mode: str) -> Any:
    """``mode`` "require": a revocation list must be at hand. The library's "hard-fail" asks for one only where the
    certificate names where to fetch it, and lets a revoked certificate pass that names none.
    """
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[_parsed(item) for item in roots],
        other_certs=[_parsed(item) for item in others],
        crls=[der(item) for item in crls],
        moment=at,
        allow_fetching=False,
        revocation_mode=mode,
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
    return validate_pdf_signature(signature, context, key_usage_settings=usage)


def _parsed(certificate: x509.Certificate) -> Any:
    from asn1crypto import x509 as asn1

    return asn1.Certificate.load(der(certificate))
