"""A register or list of records on landscape paper, as its printed form has it: same values, same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..kernel.errors import Refused
from ..reporting.model import Annex
from .blocks import centred_block
from .flow import Block, Column, ColumnsBlock, Item, Pager
from .fonts import BOLD, ITALIC, REGULAR, missing_glyphs, register
from .layout import MM, shipped_layout
from .lines import Line, break_balanced
from .pdf import DEMO_MARK, drawing, new_canvas
from .tables import table_block


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """A register with what stands around its table."""

    table: Annex
    superior_lines: tuple[str, ...]
    issuer_lines: tuple[str, ...]
    form_no: str  # "Mẫu số 03/TCD"; may be empty
    basis: str
    period: str  # "Từ ngày 01/01/2026 đến ngày 31/3/2026"
    office_name: str
    demo: bool = False


def render_register(paper: RegisterPaper) -> bytes:
    """The PDF. Raises Refused ``glyph_missing`` naming the character and its row, before anything is produced."""
    register()
    _require_printable(paper)
    layout = shipped_layout()
    frame = layout.frame(landscape=True)
    with drawing:
        buffer = io.BytesIO()
        canvas = new_canvas(buffer, paper.table.title, paper.office_name)
        blocks: list[Block] = [_head(paper, frame.width)]
        blocks.append(
            centred_block(
                paper.table.title.upper(), BOLD, layout.head.type_size, layout, frame.width, before=10.0, keep_next=True
            )
        )
        size = layout.annex.reference_size
        blocks.append(centred_block(paper.period, ITALIC, size, layout, frame.width, after=8.0, keep_next=True))
        blocks.append(table_block(paper.table, layout, frame))
        Pager(canvas, layout, frame, DEMO_MARK if paper.demo else "", 0).run(blocks)
        canvas.save()
    return buffer.getvalue()


def _head(paper: RegisterPaper, width: float) -> ColumnsBlock:
    layout = shipped_layout()
    sizes, lead = layout.head, layout.text.leading
    half = (width - sizes.gap_columns_mm * MM) / 2

    def items(texts: Sequence[tuple[str, str]], size: float) -> tuple[Item, ...]:
        lines: list[Line] = []
        for face, text in texts:
            if text.strip():
                lines += break_balanced([(face, text.strip())], size, half)
        return tuple(Item(size * lead, line, size) for line in lines) or (Item(size * lead),)

    left = [(REGULAR, text.upper()) for text in paper.superior_lines] + [
        (BOLD, text.upper()) for text in paper.issuer_lines
    ]
    right = [(BOLD, paper.form_no), (ITALIC, paper.basis)]
    return ColumnsBlock(
        [
            Column(0.0, half, items(left, sizes.issuer_size)),
            Column(width - half, half, items(right, sizes.superior_size)),
        ]
    )


def _texts(paper: RegisterPaper) -> Iterator[tuple[str, str]]:
    for line in (*paper.superior_lines, *paper.issuer_lines):
        yield "tên cơ quan", line.upper()
    yield "tên sổ", paper.table.title.upper()
    for number, row in enumerate(paper.table.rows, 1):
        for column, text in zip(paper.table.columns, row.cells, strict=False):
            yield f"dòng {number}, cột “{column.title}”", text


def _require_printable(paper: RegisterPaper) -> None:
    for where, text in _texts(paper):
        missing = missing_glyphs(text)
        if missing:
            raise Refused(
                "glyph_missing",
                f"Ký tự {missing[0]} tại {where} không in được bằng phông chữ của văn bản; chưa có tệp nào được tạo, "
                "bản ghi giữ nguyên. Hãy sửa ký tự đó trong bản ghi rồi làm lại.",
            )
