"""Milliseconds a page of the report, against bare ReportLab paragraphs of the same text.

Run: ``python tests/benchmarks/bench_render.py``. Prints both and their ratio for a paper of some 12 pages and an
annex of some 300; then what a whole half-year report of a commune costs in each file, and how the preview follows
typing: milliseconds of processor time, and how long a thread beside it (the window's) had to wait for its turn.
"""

from __future__ import annotations

import gc
import io
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

_HERE = Path(__file__).resolve()
sys.path[:0] = [str(_HERE.parents[2]), str(_HERE.parents[1] / "unit" / "render")]

from golden_reports import golden  # noqa: E402  # the path above comes first
from reportlab.lib.styles import ParagraphStyle  # noqa: E402
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle  # noqa: E402
from sample_document import models_annex, sample  # noqa: E402

from danvan_desktop.render.docx_paper import render_docx  # noqa: E402
from danvan_desktop.render.pdf import render_document  # noqa: E402
from danvan_desktop.render.xlsx import render_xlsx  # noqa: E402
from danvan_desktop.reporting.model import ReportDocument  # noqa: E402
from danvan_desktop.services.preview import page_picture  # noqa: E402

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
    """(best milliseconds of processor time a page, pages)."""
    best, pages = float("inf"), 0
    for _ in range(times):
        start = time.process_time()
        pages = work()
        best = min(best, time.process_time() - start)
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
    whole_reports()


def whole_reports() -> None:
    """The half-year report of a commune with all its annexes, in each file and in the preview."""
    document = golden("commune")
    pages = render_document(document).pages
    print(f"whole report of {pages} pages, milliseconds of processor time:")
    works: dict[str, Callable[[], object]] = {
        "PDF": lambda: render_document(document),
        "Word": lambda: render_docx(document),
        "workbook": lambda: render_xlsx(document),
        "picture of a page": lambda: page_picture(pdf, 3, 600),
    }
    pdf = render_document(document).pdf
    for name, work in works.items():
        work()
        print(f"  {name:18} {min(_processor(work) for _ in range(5)):6.0f}")
    print(f"  longest that another thread waits for its turn meanwhile: {_longest_wait(document):.0f}")


def _processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _longest_wait(document: ReportDocument) -> float:
    """What a window would feel, which wants a turn every five milliseconds while reports are drawn beside it: how long
    the drawing went on before it yielded. Processor time, so that other programs on the machine do not count."""
    gc.set_threshold(50_000, 20, 50)  # as the window does
    ended = threading.Event()

    def draw() -> None:
        for _ in range(20):
            page_picture(render_document(document).pdf, 3, 600)
        ended.set()

    thread = threading.Thread(target=draw)
    thread.start()
    longest, before = 0.0, time.process_time()
    while not ended.is_set():
        time.sleep(0.005)
        now = time.process_time()
        longest, before = max(longest, now - before), now
    thread.join()
    return longest * 1000


if __name__ == "__main__":
    main()
