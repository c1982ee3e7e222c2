"""Commands about signatures in papers."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from ..kernel import clock, vi
from ..kernel.clock import parse_stamp
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..services.signing import PdfKey, file_key, open_token
from .session import Session

MAX_PDF = 200 * 2**20
MAX_IMAGE = 4 * 2**20
_ROLES = {"person": "người có thẩm quyền", "agency": "cơ quan"}
_KINDS = {"root": "nơi cấp tin cậy", "between": "chứng thư trung gian", "crl": "danh sách thu hồi"}


def sign(session: Session) -> int:
    options, office = session.options, session.office()
    report_id = office.reports.resolve(options.id)
    with _key(session) as key:
        paper, _ = office.signing.sign(report_id, options.role, key, other_name=options.other_name)
    state = office.signing.state(report_id)
    session.output.result(
        {"id": report_id, "role": paper.kind, "signer": paper.signer, "sha256": paper.sha256, "number": state.number,
         "next": state.next},
        [f"Đã ký số ({_ROLES[paper.kind]}: {paper.signer}), số {vi.count(state.number or 0)}.",
         *(["Tiếp theo: văn thư ký số của cơ quan (--as agency)."] if state.next else [])],
    )  # fmt: skip
    return 0


def _key(session: Session) -> AbstractContextManager[PdfKey]:
    options = session.options
    if options.key:
        return nullcontext(file_key(Path(options.key), session.secrets.get("key_password")))
    return open_token(
        Path(options.pkcs11), session.secrets.get("pin"), token=options.token, certificate=options.certificate
    )


def abandon(session: Session) -> int:
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    office.signing.abandon(report_id, session.options.reason)
    session.output.result({"id": report_id, "abandoned": True}, ["Đã thôi ký số và trả lại số đã giữ."])
    return 0


def scan(session: Session) -> int:
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    paper, _ = office.signing.attach_scan(report_id, Path(session.options.file))
    session.output.result({"id": report_id, "sha256": paper.sha256}, [f"Đã đính kèm bản quét. SHA-256: {paper.sha256}"])
    return 0


def keep_image(session: Session) -> int:
    options = session.options
    data = _read(Path(options.file), MAX_IMAGE)
    role = "person" if options.name else "agency"
    session.office().signing.keep_image(role, data, options.name, diameter_mm=options.seal_mm)
    session.output.result({"role": role, "name": options.name}, ["Đã ghi nhớ ảnh."])
    return 0


def signatures(session: Session) -> int:
    """Judge the signatures of a report, or of any PDF file, against what this office trusts."""
    office = session.office()
    path = Path(session.options.id)
    is_file = path.suffix.lower() == ".pdf"
    pdf = _read(path, MAX_PDF) if is_file else office.reports.pdf(office.reports.resolve(session.options.id))
    found = office.pdf_trust.check(pdf)
    lines = []
    for item in found:
        signed = item.signed_at.astimezone(clock.VIETNAM) if item.signed_at else None
        when = f", ghi là ký lúc {vi.day(signed.date())} {signed:%H:%M:%S}" if signed else ""
        lines.append(f"{item.signer or item.field}{when}: {item.sentence}.")
        if not item.covers_all:
            lines.append("  (sau chữ ký này tệp còn được bổ sung, như chữ ký tiếp theo)")
    session.output.result(
        {
            "signatures": [
                {
                    "field": item.field,
                    "signer": item.signer,
                    "issuer": item.issuer,
                    "serial": item.serial,
                    "signed_at": clock.stamp(item.signed_at) if item.signed_at else None,
                    "state": item.state,
                    "covers_all": item.covers_all,
                }
                for item in found
            ]
        },
        lines or ["Tệp không có chữ ký số nào."],
    )
    return 0 if all(item.good for item in found) else 1


def _read(path: Path, limit: int) -> bytes:
    try:
        data = read_file(path, limit)
    except OSError as error:
        raise Refused("file_unreadable", f"Không đọc được tệp “{path.name}” ({reason(error)}).") from error
    if data is None:
        raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn nên không nhận.")
    return data


def trust_add(session: Session) -> int:
    added, _ = session.office().pdf_trust.add(Path(session.options.file))
    session.output.result(
        {"added": [{"kind": item.kind, "subject": item.subject, "id": item.sha256} for item in added]},
        [f"Đã nhận {_KINDS[item.kind]}: {item.subject}" for item in added],
    )
    return 0


def trust_list(session: Session) -> int:
    items = session.office().pdf_trust.items()
    lines = []
    for item in items:
        until = vi.day(clock.civil_date(parse_stamp(item.until)))
        lines.append(f"{item.sha256[:12]}  {_KINDS[item.kind]}: {item.subject} (đến {until})")
    session.output.result(
        {"trust": [{"kind": i.kind, "subject": i.subject, "until": i.until, "id": i.sha256} for i in items]},
        lines or ["Chưa tin cậy nơi cấp chứng thư nào."],
    )
    return 0


def trust_remove(session: Session) -> int:
    office = session.office()
    wanted = session.options.id.strip().lower()
    found = [item for item in office.pdf_trust.items() if wanted and item.sha256.startswith(wanted)]
    if len(found) != 1:
        raise Refused(
            "not_found", f"Có {len(found)} mục ứng với mã “{session.options.id}”; hãy xem lệnh trust pdf-list."
        )
    office.pdf_trust.remove(found[0].sha256)
    session.output.result({"removed": found[0].sha256}, [f"Đã thôi tin cậy {found[0].subject}."])
    return 0
