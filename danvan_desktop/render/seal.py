"""The fingerprint of a report below its last annex: a QR code and the short code beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode import qrencoder

from ..reporting.fingerprint import Fingerprint
from .flow import Block
from .fonts import ITALIC, REGULAR
from .layout import BASELINE, MM, Layout
from .lines import Line, break_pieces, draw_lines

_SIDE_MM = 17.0  # of the modules; 37 of them: each is wider than five dots of a printer of 300 dots an inch
_QUIET = 4  # modules left white around a QR code (ISO/IEC 18004, 9.1)
_SIZE = 10.0  # points
_EXPLAINED = "Mã này phải trùng với mã mà chương trình hiện ra khi mở hoặc xác minh gói dữ liệu của báo cáo."


@lru_cache(maxsize=8)
def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of a QR code at error correction M, row by row from the top. Same text, same code.

    Raises ValueError for characters other than digits, capitals and `` $%*+-./:``.
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(qrencoder.QRAlphaNum(text))
    code.make()
    return tuple(tuple(bool(cell) for cell in row) for row in code.modules)


class SealBlock(Block):
    """Never cut: where there is no room for it, it goes to the next page."""

    def __init__(self, fingerprint: Fingerprint, layout: Layout, width: float) -> None:
        self._modules = qr_modules(fingerprint.qr)
        self._module = _SIDE_MM * MM / len(self._modules)
        self._quiet = _QUIET * self._module
        self.height = _SIDE_MM * MM + 2 * self._quiet
        self.before = 6.0
        self._leading = _SIZE * layout.text.leading
        room = width - self.height
        self._lines: list[Line] = [
            *break_pieces([(REGULAR, f"Mã đối chiếu dữ liệu: {fingerprint.code}")], _SIZE, room),
            *break_pieces([(ITALIC, _EXPLAINED)], _SIZE, room),
        ]

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        size = self._module
        path = canvas.beginPath()
        for number, row in enumerate(self._modules):
            y = top - self._quiet - (number + 1) * size
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end]:
                    end += 1
                if end > start:  # neighbours as one bar, so that no hair line shows between them
                    path.rect(x + start * size, y, (end - start) * size, size)
                start = max(end, start + 1)
        canvas.drawPath(path, stroke=0, fill=1)
        left = x + self.height - self._quiet
        upper = top - (self.height - len(self._lines) * self._leading) / 2
        draw_lines(
            canvas, self._lines, left, upper, width - (left - x),
            size=_SIZE, leading=self._leading, align="left", baseline=self._leading * BASELINE,
        )  # fmt: skip
