"""Milliseconds a page of the report, against bare ReportLab paragraphs of the same text.

Run: ``python tests/benchmarks/bench_render.py``. Prints both and their ratio for a paper of some 12 pages and an
annex of some 300.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

_HERE = Path(__file__).resolve()
sys.path[:0] = [str(_HERE.parents[2]), str(_HERE.parents[1] / "unit" / "render")]

from reportlab.lib.styles import ParagraphStyle  # noqa: E402  # the path above comes first
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle  # noqa: E402
from sample_document import models_annex, sample  # noqa: E402

from danvan_desktop.render.pdf import render_document  # noqa: E402
from danvan_desktop.reporting.model import ReportDocument  # noqa: E402

MM = 72 / 25.4


def twelve_pages() -> ReportDocument:
    """The sample with its sections three times over, without annexes."""
    base = sample(annexes=())
    sections = tuple(replace(section, key=f"{section.key}.{turn}") for turn in range(3) for section in base.sections)
    return replace(base, sections=sections)


def three_hundred_pages() -> ReportDocument:
    return sample(annexes=(models_annex(6100),))


def bare_text(document: ReportDocument) -> int:
    """The same paragraphs by ReportLab alone: no head, no end, no rules of keeping. Returns the pages."""
    style = ParagraphStyle(
        "b", fontName="Tinos", fontSize=14, leading=16.8, spaceAfter=6, firstLineIndent=36, alignment=4
    )
    story: list[object] = [Paragraph(escape(item), style) for item in document.bases]
    for section in document.sections:
        story.append(Paragraph(escape(f"{section.mark} {section.title}"), style))
        story += [Paragraph(escape(item.text), style) for item in section.paragraphs]
    return _build(story)


def bare_table(document: ReportDocument) -> int:
    """The same table by ReportLab's LongTable of 500 rows a piece, cells wrapped."""
    style = ParagraphStyle("c", fontName="Tinos", fontSize=12, leading=14.2)
    annex = document.annexes[0]
    total = sum(column.width for column in annex.columns)
    widths = [165 * MM * column.width / total for column in annex.columns]
    head = [Paragraph(escape(column.title), style) for column in annex.columns]
    rows = [
        [Paragraph(escape(text), style) for text in (*row.cells, *[""] * (len(annex.columns) - len(row.cells)))]
        for row in annex.rows
    ]
    look = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LEFTPADDING", (0, 0), (-1, -1), 3.6),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3.6),
        ]
    )
    story: list[object] = [
        LongTable([head, *rows[start : start + 500]], colWidths=widths, repeatRows=1, style=look)
        for start in range(0, len(rows), 500)
    ]
    return _build(story)


def _build(story: list[object]) -> int:
    paper = SimpleDocTemplate(
        io.BytesIO(), leftMargin=30 * MM, rightMargin=15 * MM, topMargin=20 * MM, bottomMargin=20 * MM,
        initialFontName="Tinos", invariant=1,
    )  # fmt: skip
    paper.build(story)
    return int(paper.page)


def timed(work: Callable[[], int], times: int) -> tuple[float, int]:
    """(best milliseconds a page, pages)."""
    best, pages = float("inf"), 0
    for _ in range(times):
        start = time.perf_counter()
        pages = work()
        best = min(best, time.perf_counter() - start)
    return best * 1000 / pages, pages


def main() -> None:
    render_document(sample())  # fonts loaded, widths known
    cases: list[tuple[str, ReportDocument, Callable[[ReportDocument], int], int]] = [
        ("text", twelve_pages(), bare_text, 5),
        ("annex", three_hundred_pages(), bare_table, 2),
    ]
    for name, document, bare, times in cases:

        def ours(document: ReportDocument = document) -> int:
            return render_document(document).pages

        def theirs(document: ReportDocument = document, bare: Callable[[ReportDocument], int] = bare) -> int:
            return bare(document)

        mine, pages = timed(ours, times)
        plain, plain_pages = timed(theirs, times)
        print(f"{name:6} {pages:4} pages {mine:7.2f} ms/page; bare ReportLab {plain_pages:4} pages "
              f"{plain:7.2f} ms/page; ratio {mine / plain:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
