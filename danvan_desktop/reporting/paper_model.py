"""A paper of the office other than a report, as values: a plan, a letter, a notice, minutes, a submission.

Like a report it holds everything that is printed and nothing that comes later: number and date are an
:class:`.model.Issue`, so that PDF = f(frozen paper, issue).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..kernel.canonical import canonical_bytes, parse_json
from ..kernel.errors import Refused
from .model import Annex, Head, Paragraph, ReportSection, Signature, from_json, to_json
from .printable import Arrangement

PAPER_FORMAT = 1


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """``template``: key in the catalogue; ``subjects``: ids of the records, the plan or the regime and period it is
    made from; ``made_on``: the ISO day it was drafted; ``layout``: a word of printable.Arrangement."""

    id: str
    template: str
    template_version: int
    layout: str
    made_on: str
    subjects: tuple[str, ...]
    office_id: str
    office_name: str
    head: Head
    bases: tuple[str, ...]
    opening: tuple[Paragraph, ...]
    sections: tuple[ReportSection, ...]
    closing: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...]
    signature: Signature
    countersignature: Signature | None
    recipients: tuple[str, ...]
    catalog_version: str
    catalog_hash: str
    format: int = PAPER_FORMAT
    kind: str = "paper"

    @property
    def arrangement(self) -> Arrangement:
        if self.layout == "letter":
            return "letter"
        return "minutes" if self.layout == "minutes" else "named"

    @property
    def window_to(self) -> str:
        return self.made_on

    @property
    def due_on(self) -> str | None:
        return None

    @property
    def title(self) -> str:
        """What names the paper in lists: its type and trích yếu in one line."""
        lead = "V/v" if self.arrangement == "letter" else self.head.type_name.capitalize()
        return " ".join(f"{lead} {self.head.abstract}".split())


def freeze_paper(document: PaperDocument) -> bytes:
    """The canonical bytes of a paper: from here on they do not change."""
    return canonical_bytes(to_json(document))


def thaw_paper(data: bytes) -> PaperDocument:
    """The paper of frozen bytes. Raises Refused ``format_newer``, ``report_invalid``."""
    return paper_from_json(parse_json(data))


def paper_from_json(value: Any) -> PaperDocument:
    """The paper of plain JSON values (a draft). Raises Refused ``format_newer``, ``report_invalid``."""
    if isinstance(value, dict) and isinstance(value.get("format"), int) and value["format"] > PAPER_FORMAT:
        raise Refused(
            "format_newer",
            "Văn bản này do phiên bản mới hơn của chương trình lập; hãy cập nhật chương trình rồi mở lại.",
        )
    return from_json(PaperDocument, value, "paper")
