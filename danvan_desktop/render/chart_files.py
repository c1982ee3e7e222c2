"""A chart where a drawing cannot go: as a picture (Word), as rows of numbers (a workbook)."""

from __future__ import annotations

import io
import struct
import zlib
from decimal import Decimal

from ..reporting.model import Chart
from .charts import ChartBlock
from .pdf import drawing, new_canvas
from .preview import page_image

_DPI = 200


def chart_png(chart: Chart, width: float) -> bytes:
    """The drawing of ``chart`` at 200 dots an inch. Same values, same bytes."""
    block = ChartBlock(chart, width)
    out = io.BytesIO()
    with drawing:
        canvas = new_canvas(out, chart.title, "")
        canvas.setPageSize((width, block.height))
        block.draw(canvas, 0, block.height, width)
        canvas.save()
    wide, high, pixels = page_image(out.getvalue(), 0, _DPI)
    grey = pixels[::3]  # charts have no colours: blue is as good as the other two
    rows = b"".join(b"\0" + grey[at * wide : (at + 1) * wide] for at in range(high))
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(rows, 9)) + _part(b"IEND", b"")


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def chart_rows(chart: Chart) -> list[tuple[str, list[Decimal | None]]]:
    """(label, value of each series) of ``chart``."""

    def amount(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-chart.scale)

    return [(label, [amount(line.values[at]) for line in chart.series]) for at, label in enumerate(chart.labels)]
