"""A block of cells as spreadsheets put it on the clipboard: tabs between cells, quotes round cells of several lines."""

from __future__ import annotations

from ..kernel.cells import parse_block
from ..kernel.errors import Refused
from ..kernel.text import nfc
from ..render.sheet_read import CellValue, SheetGrid

NAME = "Vùng dán"
MAX_LETTERS = 5_000_000


def grid_of(text: str) -> SheetGrid:
    """The block as a sheet. Raises Refused ``sheet_empty``, ``sheet_too_large``."""
    if len(text) > MAX_LETTERS:
        raise Refused("sheet_too_large", "Vùng dán quá lớn. Chưa nhập gì; hãy lưu thành tệp rồi nhập từ tệp.")
    rows = [[_cell(value) for value in row] for row in parse_block(nfc(text))]
    width = max((len(row) for row in rows), default=0)
    padded = tuple((*row, *[None] * (width - len(row))) for row in rows)
    if not any(value is not None for row in padded for value in row):
        raise Refused("sheet_empty", "Vùng dán không có nội dung. Hãy chọn vùng ô trong Excel, sao chép rồi dán lại.")
    return SheetGrid(NAME, padded)


def _cell(text: str) -> CellValue:
    bare = text.strip()
    return int(bare) if bare.isdigit() and bare.isascii() and len(bare) < 10 and bare[:1] != "0" else bare or None
