"""Printing a report on the office's printer: pictures of its pages at 300 dots an inch, in grey, at 100 %."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ..kernel.errors import Refused
from ..services import preview
from .report_preview import as_image
from .runner import Progress


def make_printer() -> QPrinter:
    """A printer for A4 without margins of its own: the paper has them already."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(preview.PRINT_DPI)
    printer.setFullPage(True)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    return printer


def print_pages(printer: QPrinter, paper: preview.Paper, progress: Progress) -> int:
    """Print the pages that were chosen in the dialog; the number of pages printed. Runs on the pool.

    Raises Refused ``print_failed``.
    """
    first, last = printer.fromPage() or 1, printer.toPage() or paper.pages
    numbers = list(range(max(1, first), min(paper.pages, last) + 1))
    painter = QPainter()
    for done, number in enumerate(numbers):
        progress.report(done, len(numbers), f"Trang {number}")
        image = as_image(preview.print_picture(paper.pdf, number - 1)).convertToFormat(QImage.Format.Format_Grayscale8)
        lying = image.width() > image.height()
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
        if (not painter.begin(printer)) if done == 0 else (not printer.newPage()):
            raise Refused(
                "print_failed", "Máy in không nhận lệnh in. Hãy kiểm tra máy in rồi in lại; báo cáo không thay đổi."
            )
        scale = printer.resolution() / preview.PRINT_DPI
        painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    painter.end()
    return len(numbers)
