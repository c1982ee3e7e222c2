"""A received report opened for reading: its figures, its words, the files inside its package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..catalog.periods import parse_period
from ..exchange.evidence import EvidenceItem
from ..exchange.package import MemberInfo
from ..kernel import atomic, clock, vi
from ..kernel.errors import Refused
from ..reporting.fingerprint import short_code
from ..reporting.model import Figure, ReportDocument
from ..reporting.texts import plain_text
from .office import Office

_FIGURE_STATES = {"nil": "không phát sinh", "no_data": "chưa có số liệu", "undefined": "–"}


@dataclass(frozen=True, slots=True)
class FigureLine:
    key: str
    title: str
    unit: str
    value: str
    previous: str
    target: str
    note: str


@dataclass(frozen=True, slots=True)
class InsideFile:
    """A file of a package. ``title``: what it is in words, of evidence its own name; ``about``: why it was sent along,
    and what it was kept with where that is open; ``evidence``: picked by a person, for this reader only."""

    name: str
    title: str
    size: int
    data: bytes = field(repr=False)
    about: str = ""
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A received report opened for reading. ``places``: (key, title) of everything a remark may point at."""

    package_id: str
    title: str
    sender: str
    figures: tuple[FigureLine, ...]
    text: str
    files: tuple[InsideFile, ...]
    places: tuple[tuple[str, str], ...]
    due_on: date | None
    code: str  # as printed at the end of the annexes
    signatures: tuple[str, ...] = ()  # what each signature in the PDF is worth, judged at the first receipt


def open_received(office: Office, package_id: str) -> OpenedReport:
    """A received report, its package verified again. Raises Refused ``not_a_report``, ``not_found``."""
    found = office.packages.content(package_id)
    document = found.content
    if not isinstance(document, ReportDocument):
        raise Refused("not_a_report", "Gói này không phải báo cáo đã nhận.")
    picked = {item.member: item for item in found.evidence}
    files = tuple(
        _inside(item, found.members[item.name], picked.get(item.name))
        for item in found.info.members
        if item.name in found.members
    )
    return OpenedReport(
        package_id=found.info.id,
        title=f"Báo cáo {parse_period(document.period).title}, lần {document.revision}",
        sender=found.signer.name,
        figures=tuple(_figure(item) for item in document.figures),
        text=_text(document),
        files=files,
        places=places(document),
        due_on=date.fromisoformat(document.due_on) if document.due_on else None,
        code=short_code(found.document_sha256),
        signatures=_signatures(office, found.info.id, files),
    )


def _signatures(office: Office, package_id: str, files: tuple[InsideFile, ...]) -> tuple[str, ...]:
    pdf = next((item.data for item in files if item.name.endswith(".pdf") and not item.evidence), b"")
    if not pdf:
        return ()
    with office.context.store.read() as uow:
        row = uow.packages.get(package_id)
    received = clock.parse_stamp(row.at) if row is not None else office.context.clock.now()
    return tuple(f"{item.signer}: {item.sentence}" for item in office.pdf_trust.check(pdf, received))


def places(document: ReportDocument) -> tuple[tuple[str, str], ...]:
    """(key, title) of the sections and figures of a report: what a remark may point at."""
    sections = [(item.key, f"Mục {item.mark} {item.title}".strip()) for item in document.sections]
    return (*sections, *((item.key, f"Số liệu: {item.title}") for item in document.figures))


def _figure(item: Figure) -> FigureLine:
    value = _FIGURE_STATES.get(item.state) or _number(item.value, item.scale)
    notes = [text for text in (item.reason, item.footnote) if text]
    if item.estimate:
        notes.insert(0, "ước tính")
    return FigureLine(
        key=item.key,
        title=item.title,
        unit=item.unit,
        value=value,
        previous=_number(item.previous, item.scale),
        target=_number(item.target, item.scale),
        note="; ".join(notes),
    )


def _number(value: int | None, scale: int) -> str:
    return "" if value is None else vi.number(value, scale)


def _text(document: ReportDocument) -> str:
    parts = [plain_text(document.opening)]
    for item in document.sections:
        parts.append(f"{item.mark} {item.title}".strip())
        parts.append(plain_text(item.paragraphs))
    parts.append(plain_text(document.closing))
    return "\n\n".join(part for part in parts if part.strip())


def _inside(member: MemberInfo, data: bytes, picked: EvidenceItem | None) -> InsideFile:
    if picked is None:
        return InsideFile(member.name, _file_title(member.name), member.length, data)
    about = f"{picked.reason} ({picked.title})" if picked.title else picked.reason
    return InsideFile(member.name, picked.name, member.length, data, about, evidence=True)


def _file_title(name: str) -> str:
    if name.endswith(".pdf"):
        return "Bản in báo cáo (PDF)"
    if name.endswith(".xlsx"):
        return "Bảng số liệu (Excel)"
    return {
        "report.json": "Dữ liệu báo cáo",
        "issue.json": "Số, ngày ban hành",
        "rows.json": "Dữ liệu chi tiết",
        "evidence.json": "Bản kê minh chứng",
    }.get(name, "Tài liệu kèm theo")


def view_inside(office: Office, file: InsideFile) -> Path:
    """A private copy for the system's viewer, in the folder of the home that is emptied when the program ends.

    Raises Refused ``evidence_program`` (nothing that a system would run is ever opened), ``write_failed``.
    """
    return office.records.evidence.view_bytes(file.data, file.title if file.evidence else file.name)


def save_inside(file: InsideFile, path: Path) -> Path:
    """Write a file from inside a package to ``path``. Needs no home."""
    atomic.write_bytes(path, file.data)
    return path
