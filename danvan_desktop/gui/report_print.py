"""Printing a report on the office's printer: pictures of its pages at 300 dots an inch, at 100 %, in grey; a paper with
signatures in it keeps its colours where the printer has any."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ..kernel.errors import Refused
from ..services import preview
from .report_preview import as_image
from .runner import Progress


def make_printer(*, coloured: bool = False) -> QPrinter:
    """A printer for A4 without margins of its own: the paper has them already. ``coloured``: begin with colours."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(preview.PRINT_DPI)
    printer.setFullPage(True)
    printer.setColorMode(QPrinter.ColorMode.Color if coloured else QPrinter.ColorMode.GrayScale)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    return printer


def chosen_pages(printer: QPrinter, pages: int) -> list[int]:
    """The page numbers (from 1) to put out one after the other: ranges as chosen ("1-3,7"), and copies where the
    printer makes none itself (sorted in sets, or page by page, as chosen)."""
    ranges = printer.pageRanges().toRangeList()
    wanted = [
        number
        for number in range(1, pages + 1)
        if not ranges or any(item.from_ <= number <= item.to for item in ranges)
    ]
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    if printer.collateCopies():
        return wanted * copies
    return [number for number in wanted for _copy in range(copies)]


def print_pages(printer: QPrinter, paper: preview.Paper, progress: Progress) -> int:
    """Print the pages that were chosen in the dialog; the number of pages put out. Runs on the pool.

    Raises Refused ``print_failed``.
    """
    numbers = chosen_pages(printer, paper.pages)
    painter = QPainter()
    shown, image = 0, QImage()
    try:
        for done, number in enumerate(numbers):
            progress.report(done, len(numbers), f"Trang {number}")
            if number != shown:
                shown = number
                image = as_image(preview.print_picture(paper.pdf, number - 1))
                if printer.colorMode() == QPrinter.ColorMode.GrayScale:
                    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
            lying = image.width() > image.height()
            printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
            if (not painter.begin(printer)) if done == 0 else (not printer.newPage()):
                raise Refused(
                    "print_failed", "Máy in không nhận lệnh in. Hãy kiểm tra máy in rồi in lại; báo cáo không thay đổi."
                )
            scale = printer.resolution() / preview.PRINT_DPI
            painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    finally:
        if painter.isActive():
            painter.end()
    return len(numbers)
