"""A report signed in its PDF: number kept first, then the person, then the agency (DESIGN §2.6; DOMAIN §1.8, §10.4).

On paper the number follows the hand; electronically it is reserved before the first signature, and given back when
signing is abandoned. A scan of a paper signed by hand may be kept instead, bound to the frozen report by its hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ..exchange.pdf_keys import MAX_KEY_FILE, PdfKey, open_pkcs12, open_token, token_labels
from ..exchange.pdf_signing import AGENCY, PERSON, Place, sign_pdf
from ..exchange.pdf_verdict import check_pdf
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..kernel.text import fold
from ..render import stamp
from ..store.papers import PaperRow
from ..store.reports import IssueRow, ReportRow
from ..store.store import UnitOfWork
from .clock_guard import require_clock
from .context import Context
from .numbering import give_number
from .reports import ReportService

__all__ = ["PdfKey", "SigningService", "SigningState", "file_key", "open_token", "token_labels"]

IMAGES = "signature_images"  # setting: {name of the signer, folded, or "": the agency} → sha256 of the image
DRIVER = "pkcs11_driver"  # setting: the path of the PKCS#11 module that worked last
SEAL_MM = "seal_mm"  # setting: the diameter of the agency's seal, millimetres
DEFAULT_SEAL_MM = 36
MAX_SCAN = 20 * 2**20
FIELDS = {"person": PERSON, "agency": AGENCY}
# what a signature in state "broken" … of our own making would be: never kept
_HOLDS = frozenset({"valid", "untrusted", "revocation_unknown"})


@dataclass(frozen=True, slots=True)
class SigningState:
    """How far signing is. ``mode``: "" (no number yet) | paper | electronic; ``next``: person | agency | ""."""

    report_id: str
    revision: int
    mode: str
    number: int | None
    date: date | None
    signer: str  # the person whose name stands on the paper
    office: str
    papers: tuple[PaperRow, ...] = field(default=())
    sent: bool = False  # a package has been built: nothing may be taken back any more

    @property
    def next(self) -> str:
        kinds = {item.kind for item in self.papers}
        if self.mode == "paper" or "agency" in kinds:
            return ""
        return "agency" if "person" in kinds else "person"


def file_key(path: Path, password: str) -> PdfKey:
    """The key in a PKCS#12 file, for this once. Raises Refused ``key_file_invalid``, ``key_password_wrong``."""
    try:
        data = read_file(path, MAX_KEY_FILE)
    except OSError as error:
        raise Refused(
            "key_file_invalid", f"Không đọc được tệp khóa “{path.name}” ({reason(error)}). Văn bản vẫn nguyên."
        ) from error
    return open_pkcs12(data or b"", password)


class SigningService:
    def __init__(self, context: Context, reports: ReportService) -> None:
        self._context = context
        self._reports = reports

    def state(self, report_id: str) -> SigningState:
        """How far the latest revision is. Raises Refused ``report_not_frozen``, ``not_found``."""
        with self._context.store.read() as uow:
            return self._state(uow, self._row(uow, report_id))

    def reserve(self, report_id: str, *, number: int | None = None, on: date | None = None) -> tuple[IssueRow, Changes]:
        """Keep a number and date for an electronic signature. Raises what :func:`.numbering.give_number` raises."""
        context = self._context
        context.require("report.number")
        with context.store.unit() as uow:
            row = self._row(uow, report_id)
            issue = give_number(context, uow, row, number=number, on=on, mode="electronic")
        return issue, Changes.of("report", ids=[row.id])

    def abandon(self, report_id: str, why: str) -> Changes:
        """Give the reserved number back; what was signed under it stays on record and counts no more.

        Raises Refused ``not_reserved``, ``already_sent``, ``reason_needed``.
        """
        context = self._context
        context.require("report.number")
        why = why.strip()
        if not why:
            raise Refused("reason_needed", "Hãy ghi một dòng lý do thôi ký số. Chưa thay đổi gì.")
        with context.store.unit() as uow:
            row = self._row(uow, report_id)
            state = self._state(uow, row)
            if state.mode != "electronic":
                raise Refused("not_reserved", "Báo cáo này không giữ số để ký số nên không có gì để thôi.")
            if state.sent:
                raise Refused(
                    "already_sent", "Gói có bản đã ký đã được lập nên không trả lại số được. Hãy thu hồi hoặc thay thế."
                )
            uow.reports.release_issue(row.id, row.revision, why=why, by=context.by)
            uow.audit.append("signing_abandoned", row.id, {"revision": row.revision, "number": state.number})
        return Changes.of("report", ids=[row.id])

    def sign(self, report_id: str, role: str, key: PdfKey, *, other_name: bool = False) -> tuple[PaperRow, Changes]:
        """Sign the PDF as ``role`` (person | agency); the person reserves the next number where none is kept yet.

        Raises Refused ``numbered_on_paper``, ``person_first``, ``already_signed``, ``signer_other`` (the certificate
        bears another name than the paper, unless ``other_name``), ``no_right``, the errors of the key, of numbering.
        """
        context = self._context
        context.require("report.sign" if role == "person" else "report.seal")
        now = clock.in_world(context.clock, context.clock.now())  # a certificate is a thing of the world
        key.require_usable(now)
        with context.store.unit() as uow:
            require_clock(context, uow)
            row = self._row(uow, report_id)
            state = self._state(uow, row)
            self._require_turn(state, role)
            wanted = state.signer if role == "person" else state.office
            if not other_name and not _same_name(key.name, wanted):
                raise Refused(
                    "signer_other",
                    f"Chứng thư mang tên “{key.name}”, còn văn bản ghi “{wanted}”. Chưa ký; hãy chọn đúng khóa, "
                    "hoặc xác nhận rằng đây vẫn là người (cơ quan) ký.",
                    certificate=key.name,
                    expected=wanted,
                )
            if state.mode == "":
                give_number(context, uow, row, number=None, on=None, mode="electronic")
            pdf, place = self._paper(uow, row, state, role, key.name, now)
            signed = sign_pdf(pdf, key, place, FIELDS[role], now)
            verdict = check_pdf(signed, [], [], now)[-1]
            if verdict.field != FIELDS[role] or verdict.state not in _HOLDS:
                raise Refused("signature_failed", "Chữ ký vừa tạo không kiểm tra lại được nên đã bỏ. Hãy ký lại.")
            paper = uow.papers.add(row.id, row.revision, role, signed, f"{self._stem(row)}.pdf", "application/pdf",
                                   signer=key.name, by=context.by)  # fmt: skip
            uow.audit.append(f"report_signed_{role}", row.id, {"revision": row.revision, "sha256": paper.sha256})
        return paper, Changes.of("report", ids=[row.id])

    def attach_scan(self, report_id: str, path: Path) -> tuple[PaperRow, Changes]:
        """Keep the scan (PDF, PNG, JPEG) of the paper signed by hand. Raises Refused ``not_numbered_on_paper``,
        ``scan_unreadable``, ``scan_too_large``, ``scan_invalid``, ``no_right``."""
        context = self._context
        context.require("report.number")
        try:
            data = read_file(path, MAX_SCAN)
        except OSError as error:
            raise Refused(
                "scan_unreadable", f"Không đọc được tệp “{path.name}” ({reason(error)}). Chưa nhận gì."
            ) from error
        if data is None:
            raise Refused("scan_too_large", f"Tệp “{path.name}” lớn hơn 20 MB. Chưa nhận; hãy quét ở mức thấp hơn.")
        media = _media(data)
        if media is None:
            raise Refused("scan_invalid", f"Tệp “{path.name}” không phải PDF, PNG hay JPEG. Chưa nhận gì.")
        with context.store.unit() as uow:
            row = self._row(uow, report_id)
            state = self._state(uow, row)
            if state.mode != "paper":
                raise Refused(
                    "not_numbered_on_paper", "Báo cáo chưa lấy số trên giấy nên chưa nhận bản quét. Hãy lấy số trước."
                )
            paper = uow.papers.add(row.id, row.revision, "scan", data, path.name, media, signer=state.signer,
                                   by=context.by)  # fmt: skip
            frozen = uow.reports.frozen(row.id, row.revision)
            assert frozen is not None
            uow.audit.append(
                "report_scan", row.id, {"revision": row.revision, "sha256": paper.sha256, "frozen": frozen.sha256}
            )
        return paper, Changes.of("report", ids=[row.id])

    def data(self, paper: PaperRow) -> bytes:
        """The bytes of a kept paper."""
        with self._context.store.read() as uow:
            return uow.papers.data(paper)[0]

    def keep_image(self, role: str, data: bytes, name: str = "", *, diameter_mm: int = DEFAULT_SEAL_MM) -> Changes:
        """Remember the image that shows where ``name`` signs (role person), or the agency's seal with its diameter.

        Raises Refused ``image_invalid``, ``image_too_large``, ``seal_size``, ``no_right``.
        """
        context = self._context
        context.require("settings")
        if not 20 <= diameter_mm <= 50:
            raise Refused("seal_size", "Đường kính con dấu phải từ 20 đến 50 mm. Chưa ghi gì.")
        image = stamp.clean_image(data, stamp.BLUE if role == "person" else stamp.RED)
        with context.store.unit() as uow:
            sha256 = uow.blobs.put(image, f"{role}.png", "image/png")
            kept = dict(uow.settings.get(IMAGES, {}))
            kept[fold(name) if role == "person" else ""] = sha256
            uow.settings.set(IMAGES, kept)
            if role != "person":
                uow.settings.set(SEAL_MM, diameter_mm)
            uow.audit.append("signature_image_kept", role, {"sha256": sha256})
        return Changes.of("settings")

    def driver(self) -> str:
        """The path of the token's driver used last on this computer's office; "" when none was."""
        with self._context.store.read() as uow:
            return str(uow.settings.get(DRIVER, ""))

    def keep_driver(self, path: str) -> None:
        """Remember the token's driver that worked."""
        with self._context.store.unit() as uow:
            if uow.settings.get(DRIVER, "") != path:
                uow.settings.set(DRIVER, path)

    def image(self, role: str, name: str = "") -> bytes | None:
        """The PNG kept for a signer, or for the agency's seal."""
        with self._context.store.read() as uow:
            return _image(uow, role, name)

    # -- inside ---------------------------------------------------------------------------------

    def _row(self, uow: UnitOfWork, report_id: str) -> ReportRow:
        row = self._reports.row(uow, report_id)
        if uow.reports.frozen(row.id, row.revision) is None:
            raise Refused(
                "report_not_frozen", "Báo cáo chưa được phê duyệt và chốt nên chưa ký được. Hãy phê duyệt trước."
            )
        return row

    def _state(self, uow: UnitOfWork, row: ReportRow) -> SigningState:
        document = self._reports.document(uow, row)
        issue = next((item for item in uow.reports.issues(row.id) if item.revision == row.revision), None)
        sent = any(
            item.subject_id == row.id and item.revision == row.revision for item in uow.packages.heads("out", "report")
        )
        return SigningState(
            report_id=row.id,
            revision=row.revision,
            mode=issue.mode if issue else "",
            number=issue.number if issue else None,
            date=date.fromisoformat(issue.date) if issue else None,
            signer=document.signature.name,
            office=document.office_name,
            papers=tuple(uow.papers.of(row.id, row.revision)),
            sent=sent,
        )

    def _require_turn(self, state: SigningState, role: str) -> None:
        if state.mode == "paper":
            raise Refused(
                "numbered_on_paper",
                f"Báo cáo đã lấy số {vi.count(state.number or 0)} trên giấy nên ký bằng tay. Chưa ký số; "
                "có thể đính kèm bản quét.",
            )
        kinds = {item.kind for item in state.papers}
        if role in kinds:
            raise Refused("already_signed", "Văn bản đã có chữ ký này; chưa ký thêm.")
        if role == "agency" and "person" not in kinds:
            raise Refused(
                "person_first", "Người có thẩm quyền ký trước, sau đó văn thư mới ký của cơ quan (NĐ 30/2020). Chưa ký."
            )
        if role == "agency" and state.sent:
            raise Refused("already_sent", "Gói của báo cáo đã được lập nên không ký thêm được. Hãy lập bản thay thế.")

    def _paper(
        self, uow: UnitOfWork, row: ReportRow, state: SigningState, role: str, name: str, now: datetime
    ) -> tuple[bytes, Place]:
        """The PDF to sign, and where the signature shows."""
        made = self._reports.rendered(uow, row)
        if made.signature is None:
            raise Refused("no_room", "Văn bản không có chỗ ký. Chưa ký; hãy kiểm tra phần người ký của báo cáo.")
        person = _image(uow, "person", state.signer)
        local = now.astimezone(clock.VIETNAM)
        when = f"Thời gian ký: {vi.day(local.date())} {local:%H:%M:%S} +07:00"
        if role == "person":
            shown = stamp.person_stamp(made.signature, person, [f"Người ký: {name}", when])
            pdf = made.pdf
        else:
            shown = stamp.agency_stamp(made.signature, person, _image(uow, "agency", ""),
                                       float(uow.settings.get(SEAL_MM, DEFAULT_SEAL_MM)),
                                       [f"Cơ quan ký: {name}", when])  # fmt: skip
            first = next(item for item in state.papers if item.kind == "person")
            pdf = uow.papers.data(first)[0]
        return pdf, Place(shown.page, shown.x, shown.y, shown.width, shown.height, shown.picture)

    def _stem(self, row: ReportRow) -> str:
        return f"bao-cao-{row.period.replace('..', '_')}-ky-so"


def _image(uow: UnitOfWork, role: str, name: str) -> bytes | None:
    sha256 = uow.settings.get(IMAGES, {}).get(fold(name) if role == "person" else "")
    found = uow.blobs.get(sha256) if sha256 else None
    return found[0] if found else None


def _same_name(certificate: str, expected: str) -> bool:
    """Whether a certificate's name is the one on the paper, accents and "Ủy ban nhân dân" / "UBND" aside."""

    def plain(text: str) -> str:
        return " ".join(fold(text).replace("uy ban nhan dan", "ubnd").split())

    return plain(certificate) == plain(expected)


def _media(data: bytes) -> str | None:
    kinds = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8": "image/jpeg"}
    return next((media for start, media in kinds.items() if data.startswith(start)), None)
