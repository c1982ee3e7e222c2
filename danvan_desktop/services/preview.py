"""A report as it will look on paper, for the screen and for the office's printer. No database: any thread will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..render import preview as pictures
from ..render.docx_paper import render_docx
from ..render.pdf import render_document
from ..render.xlsx import render_xlsx
from .papers import PaperView
from .reports import ReportView

PRINT_DPI = 300
_LEARN_DPI = 18  # enough to learn the shape of a page


@dataclass(frozen=True, slots=True)
class Paper:
    """The PDF of a report, its number of pages, and the page (from 0) on which each section or annex begins."""

    pdf: bytes = field(repr=False)
    pages: int = 0
    key_pages: Mapping[str, int] = field(default_factory=dict)
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: ``pixels`` row by row from the top, 3 bytes each (blue, green, red), no padding."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


def paper(view: ReportView | PaperView) -> Paper:
    """The report as signed in its PDF, else as frozen, or as freezing now would give.

    Raises Refused ``glyph_missing``, ``report_invalid``.
    """
    made = render_document(view.document, view.issue, seal=view.fingerprint)
    return Paper(view.signed or made.pdf, made.pages, made.key_pages, view.signed is not None)


def copy_of(view: ReportView, suffix: str) -> bytes:
    """The report as a file to look at: ``.pdf`` (the paper itself), ``.docx`` or ``.xlsx`` (copies of it).

    Raises Refused ``glyph_missing``, ``report_invalid``, ``cell_too_long``.
    """
    if suffix == ".docx":
        return render_docx(view.document, view.issue)
    if suffix == ".xlsx":
        return render_xlsx(view.document)
    return paper(view).pdf


def page_picture(pdf: bytes, page: int, width: int) -> Picture:
    """Page ``page`` (from 0), about ``width`` pixels wide. Raises IndexError for a page that is not there."""
    small, _, _ = pictures.page_image(pdf, page, _LEARN_DPI)
    dpi = max(_LEARN_DPI, min(400, int(width * _LEARN_DPI / max(small, 1))))
    return Picture(*pictures.page_image(pdf, page, dpi))


def print_picture(pdf: bytes, page: int) -> Picture:
    """Page ``page`` (from 0) at 300 dots an inch."""
    return Picture(*pictures.page_image(pdf, page, PRINT_DPI))
