"""Frozen report and issue → PDF in the layout of Nghị định 30/2020/NĐ-CP. Same values, same bytes.

Nothing here asks the time, the machine or the network; ReportLab runs in its invariant mode.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from ..reporting.fingerprint import Fingerprint
from ..reporting.model import Issue
from ..reporting.printable import Printable
from .blocks import below_block, body_blocks, check_document, end_block, with_end
from .charts import ChartBlock
from .check import require_printable, unprintable
from .flow import Block, Pager, TextBlock
from .fonts import ITALIC, REGULAR, register
from .head import annex_head, head_blocks
from .layout import Layout, shipped_layout
from .lines import break_pieces
from .seal import SealBlock
from .tables import cell_size, table_block

__all__ = ["DEMO_MARK", "Rendered", "SignatureBox", "render_document", "render_pdf", "unprintable"]

drawing = threading.Lock()  # ReportLab's font objects read through one shared position while they are embedded

DEMO_MARK = "BẢN DEMO - KHÔNG CÓ GIÁ TRỊ"


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Where the hand signature stands: page from 0, lower left corner and size in points."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """A paper: its bytes, its number of pages, on which page (from 0) each key begins, where the signature goes."""

    pdf: bytes
    pages: int
    key_pages: dict[str, int]
    signature: SignatureBox | None


def render_pdf(document: Printable, issue: Issue | None = None, seal: Fingerprint | None = None) -> bytes:
    """The PDF of ``document`` with number and date of ``issue`` (blanks for the hand without one).

    ``seal``: the fingerprint of a frozen report, printed below its last annex; nowhere when it has none.

    Raises Refused ``glyph_missing`` (a character the font lacks, named with its place) and ``report_invalid``,
    both before anything is produced.
    """
    return render_document(document, issue, seal=seal).pdf


def render_document(
    document: Printable,
    issue: Issue | None = None,
    *,
    layout: Layout | None = None,
    seal: Fingerprint | None = None,
) -> Rendered:
    """Like :func:`render_pdf`, with the pages of sections, paragraphs and annexes by their keys."""
    register()
    check_document(document)
    require_printable(document)
    with drawing:
        return _render(document, issue or Issue(), layout or shipped_layout(), seal)


def _render(document: Printable, issue: Issue, layout: Layout, seal: Fingerprint | None) -> Rendered:
    buffer = io.BytesIO()
    head = document.head
    canvas = new_canvas(buffer, " ".join(f"{head.type_name} {head.abstract}".split()), document.office_name)
    mark = DEMO_MARK if issue.demo else ""

    frame = layout.frame()
    blocks: list[Block] = head_blocks(document, issue, layout, frame.width)
    blocks += with_end(body_blocks(document, layout, frame.width), end_block(document, layout, frame.width))
    blocks += below_block(document, layout, frame.width)
    pager = Pager(canvas, layout, frame, mark, 0)
    pages = pager.run(blocks)
    keys = dict(pager.keys)
    signature = None
    if "hand" in pager.roles:
        page, box = pager.roles["hand"]
        signature = SignatureBox(page, *box)

    for index, annex in enumerate(document.annexes, 1):
        frame = layout.frame(landscape=annex.landscape)
        parts = annex_head(document, annex, index, issue, layout, frame.width)
        if annex.columns:
            parts.append(table_block(annex, layout, frame))
        parts += [ChartBlock(chart, frame.width) for chart in annex.charts]
        if annex.note.strip():
            size = cell_size(annex, layout, frame)
            lines = break_pieces([(ITALIC, annex.note.strip())], size, frame.width)
            parts.append(TextBlock(lines, size, size * layout.text.leading, align="left", before=4))
        if seal is not None and index == len(document.annexes):
            parts.append(SealBlock(seal, layout, frame.width))
        pager = Pager(canvas, layout, frame, mark, pages)
        pages += pager.run(parts)
        keys.update(pager.keys)
    canvas.save()
    return Rendered(buffer.getvalue(), pages, keys, signature)


def new_canvas(buffer: io.BytesIO, title: str, author: str) -> Any:
    """A canvas that writes the same bytes for the same drawing, every font embedded."""
    canvas = Canvas(
        buffer,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        initialFontSize=14,
        lang="vi-VN",
        pdfVersion=(1, 7),
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("")
    canvas.setCreator("danvan_desktop")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas
