"""Pages of a PDF as pictures, for the preview and for printing. pypdfium2 is loaded on first use."""

from __future__ import annotations

import threading
from typing import Any

_lock = threading.Lock()  # PDFium is not safe for several threads


def page_count(pdf: bytes) -> int:
    """The number of pages. Raises ValueError when the bytes are no readable PDF."""
    with _lock:
        document = _open(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_image(pdf: bytes, page: int, dpi: int) -> tuple[int, int, bytes]:
    """(width, height, pixels) of ``page`` (from 0) at ``dpi``: rows from the top, 3 bytes a pixel in the order B, G, R,
    no padding at row ends.

    Raises ValueError for unreadable bytes or a resolution outside 18-1200, IndexError for a page that is not there.
    """
    if not 18 <= dpi <= 1200:
        raise ValueError(f"dpi {dpi} outside 18-1200")
    with _lock:
        document = _open(pdf)
        try:
            if not 0 <= page < len(document):
                raise IndexError(f"no page {page}")
            sheet = document[page]
            bitmap = sheet.render(scale=dpi / 72.0, rev_byteorder=False, prefer_bgrx=False, force_bitmap_format=None)
            try:
                width, height, stride = bitmap.width, bitmap.height, bitmap.stride
                data = bytes(bitmap.buffer)
                channels = bitmap.n_channels
            finally:
                bitmap.close()
                sheet.close()
        finally:
            document.close()
    if channels != 3:
        raise ValueError(f"unexpected picture of {channels} channels")
    if stride == width * 3:
        return width, height, data
    return width, height, b"".join(data[row * stride : row * stride + width * 3] for row in range(height))


def _open(pdf: bytes) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
        document.init_forms()  # signatures stand in form fields, which are not drawn otherwise
        return document
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a readable PDF") from error


def first_words(pdf: bytes, *, pages: int) -> str:
    """The text of the first ``pages`` pages of any PDF; empty when it cannot be read or holds none."""
    import pypdfium2

    with _lock:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            return ""
        try:
            texts = []
            for number in range(min(pages, len(document))):
                page = document[number]
                textpage = page.get_textpage()
                texts.append(str(textpage.get_text_bounded(errors="ignore")))
                textpage.close()
                page.close()
            return "\n".join(texts).replace("\r\n", "\n")
        except pypdfium2.PdfiumError:
            return ""
        finally:
            document.close()
