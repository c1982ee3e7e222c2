"""Tables of a Word document written as XML at once: a list of five thousand rows takes seconds, not minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ..reporting.model import TableColumn
from .fonts import BOLD
from .table_head import depth, head_cells


@dataclass(frozen=True, slots=True)
class TablePen:
    """Rows and cells of a table as XML; sizes in points."""

    size: float
    leading: float
    padding: float

    def properties(self, widths: Sequence[float]) -> str:
        side = "".join(
            f'<w:{name} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for name in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        gap = f'w:w="{_twips(self.padding)}" w:type="dxa"'
        columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
        return (
            f'<w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:tblBorders>{side}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left {gap}/><w:right {gap}/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>"
        )

    def row(self, cells: Sequence[str], *, head: bool = False) -> str:
        repeated = "<w:tblHeader/>" if head else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"

    def cell(self, text: str, face: str, align: str, width: float, *, span: int = 1, merge: str = "") -> str:
        """``merge``: restart | continue, of a cell that reaches over several rows."""
        over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        over += f'<w:vMerge w:val="{merge}"/><w:vAlign w:val="center"/>' if merge else ""
        gap = _twips(self.padding)
        bold = "<w:b/>" if face == BOLD else ""
        size = f'<w:sz w:val="{round(self.size * 2)}"/>'
        run = f"<w:r><w:rPr>{bold}{size}</w:rPr>{_words(text)}</w:r>" if text else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{over}</w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:before="{gap}" w:after="{gap}" w:line="{_twips(self.leading)}" w:lineRule="exact"/>'
            f'<w:jc w:val="{align}"/></w:pPr>{run}</w:p></w:tc>'
        )

    def head(self, columns: Sequence[TableColumn], widths: Sequence[float]) -> list[str]:
        """The head rows, repeated on every page."""
        rows: list[str] = []
        cells = head_cells(columns)
        for level in range(depth(columns)):
            parts = []
            for cell in sorted(cells, key=lambda item: item.first):
                if not cell.top <= level < cell.top + cell.height:
                    continue
                width = sum(widths[cell.first : cell.first + cell.width])
                merge = "" if cell.height == 1 else "restart" if level == cell.top else "continue"
                title = cell.title if level == cell.top else ""
                parts.append(self.cell(title, BOLD, "center", width, span=cell.width, merge=merge))
            rows.append(self.row(parts, head=True))
        return rows


def _twips(points: float) -> int:
    return round(points * 20)


def _words(text: str) -> str:
    """The text of a run, its line breaks and tabs as Word has them."""
    lines = []
    for line in text.split("\n"):
        parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t")]
        lines.append("<w:tab/>".join(parts))
    return "<w:br/>".join(lines)
