"""The fingerprint below the last annex: what the paper says is what the package's data give."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pdf_reading import all_text, lines, tool
from sample_document import models_annex, sample

from danvan_desktop.render.pdf import render_document, render_pdf
from danvan_desktop.render.seal import qr_modules
from danvan_desktop.reporting.fingerprint import fingerprint, short_code
from danvan_desktop.reporting.model import document_hash, freeze

# What a printed page at 300 dots an inch gave back when OpenCV 5.0 read its QR code, and the modules of that code.
READ = (
    "DANVAN:1:01928F00-0000-7000-8000-000000000001:1:B7A4FB6D313B7D4E3584BB16380CC665A395DF129E4F90AD17AA6A7E39AB8EF8"
)
MODULES = "d41c7da8ae8cc433e499bba92de81d97f1ee7e44957ddb58673e8b8a78c64f9f"


def test_the_code_stands_below_the_last_annex_and_nowhere_else() -> None:
    document = sample()
    sha256 = document_hash(freeze(document))
    seal = fingerprint(document, sha256)
    assert seal.code == short_code(sha256) and seal.code.replace(" ", "").lower() == sha256[:16]
    assert seal.qr.lower().endswith(f"{document.id}:{document.revision}:{sha256}")
    done = render_document(document, seal=seal)
    printed = [line for line in lines(done.pdf) if "Mã đối chiếu dữ liệu" in line.text]
    assert [line.page for line in printed] == [done.pages] and seal.code in printed[0].text
    assert printed[0].top > max(line.bottom for line in lines(done.pdf) if "Ghi chú: số liệu" in line.text)
    assert printed[0].left > 30 + 17 and printed[0].right <= 195
    assert render_pdf(document, None, seal) == done.pdf


def test_no_code_on_a_paper_without_annexes_nor_on_a_draft() -> None:
    document = sample(annexes=())
    seal = fingerprint(document, document_hash(freeze(document)))
    assert render_pdf(document, None, seal) == render_pdf(document)
    assert "Mã đối chiếu" not in tool(render_pdf(sample()), "pdftotext")


def test_the_code_is_never_cut_and_costs_a_page_at_most() -> None:
    """Wherever the last row ends, the code stands whole within the margins."""
    document = sample()
    seal = fingerprint(document, document_hash(freeze(document)))
    for rows in range(14, 24, 3):
        grown = replace(document, annexes=(models_annex(rows),))
        plain, done = render_document(grown), render_document(grown, seal=seal)
        assert done.pages - plain.pages in (0, 1)
        line = next(item for item in lines(done.pdf) if seal.code in item.text)
        assert line.page == done.pages and line.bottom < 297 - 20
        assert seal.code in all_text(done.pdf, done.pages)


def test_the_modules_are_those_a_reader_has_read() -> None:
    shown = "\n".join("".join("#" if cell else "." for cell in row) for row in qr_modules(READ))
    assert hashlib.sha256(shown.encode()).hexdigest() == MODULES
