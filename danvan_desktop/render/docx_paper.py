"""A report as a Word document in the layout of the paper, for those who finish there. Same values, same bytes.

A copy to go on working in: it is never the frozen report, and never packed or signed in its place. Lengths come from
the same layout profile as the PDF; Word breaks lines and pages by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..reporting.model import Annex, Issue, Paragraph, ReportSection, Signature, TableRow
from ..reporting.printable import Printable
from .blocks import (
    check_document,
    clean_end,
    last_paragraph,
    paragraph_pieces,
    recipients_of,
    with_end_mark,
)
from .chart_files import chart_png
from .check import require_printable
from .docx_table import TablePen
from .fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR, register, text_width
from .head import MOTTO, NATION, annex_label, annex_reference, column_widths, date_words, number_line, rule_length
from .layout import MM, Layout, shipped_layout
from .lines import Piece, break_balanced
from .pdf import DEMO_MARK
from .steady import STAMP, steady
from .table_head import numbers_row
from .tables import cell_padding, cell_size, widths_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph as WordParagraph

FONT = "Times New Roman"
_RULE_GAP = 3.0  # points between a text and the rule under it


def render_docx(document: Printable, issue: Issue | None = None) -> bytes:
    """The Word copy of ``document``. Raises Refused ``glyph_missing``, ``report_invalid`` before anything is made."""
    register()
    check_document(document)
    require_printable(document)
    return _Writer(document, issue or Issue(), shipped_layout()).written()


class _Writer:
    """One paper being written."""

    def __init__(self, document: Printable, issue: Issue, layout: Layout) -> None:
        from docx import Document as new_document

        self._document, self._issue, self._layout = document, issue, layout
        self._word: Document = new_document()
        self._width = layout.frame().width
        self._fresh: list[Any] = []  # cells whose one bare paragraph, which Word wants, is not used yet
        self._plain_style()

    def written(self) -> bytes:
        self._page(self._word.sections[0], landscape=False)
        self._head()
        self._body()
        self._end()
        for index, annex in enumerate(self._document.annexes, 1):
            self._annex(annex, index)
        properties = self._word.core_properties
        head = self._document.head
        properties.title = " ".join(f"{head.type_name} {head.abstract}".split())[:250]
        properties.author = self._document.office_name[:250]
        properties.last_modified_by = ""
        properties.comments = ""
        properties.language = "vi-VN"
        properties.created = properties.modified = STAMP
        out = io.BytesIO()
        self._word.save(out)
        return steady(out.getvalue())

    # -- the page -------------------------------------------------------------------------------

    def _plain_style(self) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt

        style: Any = self._word.styles["Normal"]
        style.font.name = FONT
        style.font.size = Pt(self._layout.text.size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), FONT)
        _add(style.element.get_or_add_rPr(), "w:lang", val="vi-VN", eastAsia="vi-VN")
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(0)

    def _page(self, section: Any, *, landscape: bool) -> None:
        """Margins, the page number in the top margin from the second page on, starting anew (NĐ 30/2020, mục I.4)."""
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm, Pt

        page = self._layout.page
        width, height = (page.height_mm, page.width_mm) if landscape else (page.width_mm, page.height_mm)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
        section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
        section.header_distance, section.footer_distance = Mm(10), Mm(8)
        section.different_first_page_header_footer = True
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            part.is_linked_to_previous = False
        numbered = section.header.paragraphs[0]
        numbered.alignment = _align("center")
        _field(numbered.add_run(), "PAGE", Pt(page.number_size))
        _add(section._sectPr, "w:pgNumType", start="1")
        if self._issue.demo:
            for footer in (section.footer, section.first_page_footer):
                mark = footer.paragraphs[0]
                mark.alignment = _align("center")
                mark.add_run(DEMO_MARK).font.size = Pt(page.mark_size)

    # -- the first page -------------------------------------------------------------------------

    def _head(self) -> None:
        layout, head, issue = self._layout, self._document.head, self._issue
        sizes = layout.head
        dated = f"{head.place}, {date_words(self._document, issue.date)}"
        left_width, gap, right_width = column_widths(dated, layout, self._width)
        table = self._frame_table(2, (left_width + gap, right_width))
        left, right = table.cell(0, 0), table.cell(0, 1)
        self._fresh += [left._tc, right._tc]
        for text in head.superior_lines:
            if text.strip():
                self._centred(left, [(REGULAR, text.strip().upper())], sizes.superior_size)
        issuer = []
        for text in head.issuer_lines:
            if text.strip():
                issuer += break_balanced([(BOLD, text.strip().upper())], sizes.issuer_size, left_width)
                self._centred(left, [(BOLD, text.strip().upper())], sizes.issuer_size)
        if issuer:
            self._rule(left, rule_length(issuer, sizes.rule_share), left_width + gap)
        self._centred(right, [(BOLD, NATION)], sizes.nation_size)
        self._centred(right, [(BOLD, MOTTO)], sizes.motto_size)
        self._rule(right, text_width(MOTTO, BOLD, sizes.motto_size), right_width)
        low_left, low_right = table.cell(1, 0), table.cell(1, 1)
        self._fresh += [low_left._tc, low_right._tc]
        number = self._centred(low_left, [(REGULAR, number_line(head.symbol, issue.number))], sizes.number_size)
        date = self._centred(low_right, [(ITALIC, dated)], sizes.date_size)
        for paragraph in (number, date):
            _space(paragraph, before=sizes.after_agencies)
        letter = self._document.arrangement == "letter"
        if letter and head.abstract.strip():
            subject = self._centred(low_left, [(REGULAR, f"V/v {head.abstract.strip()}")], sizes.subject_size)
            _space(subject, before=sizes.before_subject)
        self._gap_paragraph()
        if letter:
            self._addressees()
            return
        kind = self._centred(self._word, [(BOLD, head.type_name.upper())], sizes.type_size, keep=True)
        _space(kind, before=sizes.before_type - layout.text.size / 2)
        if head.abstract.strip():
            abstract = head.abstract.strip()
            self._centred(self._word, [(BOLD, abstract)], sizes.abstract_size, keep=True)
            lines = break_balanced([(BOLD, abstract)], sizes.abstract_size, self._width * 0.92)
            self._rule(self._word, rule_length(lines, sizes.rule_share), self._width)
        self._addressees()

    def _addressees(self) -> None:
        size = self._layout.head.addressee_size
        names = [clean_end(text) for text in self._document.head.addressees if clean_end(text)]
        before = self._layout.head.before_addressees
        if len(names) == 1:
            only = self._centred(self._word, [(REGULAR, f"Kính gửi: {names[0]}")], size)
            _space(only, before=before, after=self._layout.head.before_text)
        elif names:
            from docx.shared import Pt

            texts = [f"- {name}{'.' if index == len(names) - 1 else ';'}" for index, name in enumerate(names)]
            colon = text_width("Kính gửi", REGULAR, size)
            longest = max(text_width(text, REGULAR, size) for text in texts)
            indent = max(0.0, (self._width - colon - longest) / 2)
            for index, text in enumerate(["Kính gửi:", *texts]):
                line = self._paragraph(self._word, [(REGULAR, text)], size, "left")
                line.paragraph_format.left_indent = Pt(indent + (colon if index else 0.0))
                _space(line, before=0.0 if index else before)
            _space(line, after=self._layout.head.before_text)
        else:
            self._gap_paragraph()

    # -- the words ------------------------------------------------------------------------------

    def _body(self) -> None:
        document, layout = self._document, self._layout
        bases = [clean_end(text) for text in document.bases if clean_end(text)]
        for index, text in enumerate(bases):
            self._text([(ITALIC, text + ("." if index == len(bases) - 1 else ";"))])
        last = last_paragraph(document)
        self._paragraphs(document.opening, last)
        for section in document.sections:
            self._section(section, last)
        self._paragraphs(document.closing, last)
        body = self._word.paragraphs
        if body and layout.text.size:
            body[-1].paragraph_format.keep_with_next = True  # the signature never stands alone on a page

    def _paragraphs(self, paragraphs: Iterable[Paragraph], last: Paragraph | None, lead: str = "") -> str:
        for paragraph in paragraphs:
            if not paragraph.text.strip() and not lead:
                continue
            pieces = paragraph_pieces(paragraph, lead)
            self._text(with_end_mark(pieces) if paragraph is last else pieces)
            lead = ""
        return lead

    def _section(self, section: ReportSection, last: Paragraph | None) -> None:
        mark, title = section.mark.strip(), section.title.strip()
        lead = ""
        if section.level == 1 and mark.casefold().startswith("phần"):
            self._centred(self._word, [(BOLD, mark)], self._layout.text.size, keep=True)
            if title:
                under = self._centred(self._word, [(BOLD, title.upper())], self._layout.text.size, keep=True)
                _space(under, after=self._layout.text.after)
        elif title:
            face = BOLD if section.level <= 2 else REGULAR
            shown = title.upper() if section.level == 1 else title
            heading = self._text([(face, f"{mark} {shown}" if mark else shown)])
            heading.paragraph_format.keep_with_next = True
        elif mark:
            lead = mark + " "
        lead = self._paragraphs(section.paragraphs, last, lead)
        if lead:
            self._text([(REGULAR, lead.strip())])

    def _text(self, pieces: Sequence[Piece]) -> WordParagraph:
        from docx.shared import Mm, Pt

        text = self._layout.text
        paragraph = self._paragraph(self._word, pieces, text.size, "justify")
        paragraph.paragraph_format.first_line_indent = Mm(text.indent_mm)
        paragraph.paragraph_format.space_after = Pt(text.after)
        return paragraph

    # -- the end --------------------------------------------------------------------------------

    def _end(self) -> None:
        document = self._document
        right_width = self._width * 0.52
        table = self._frame_table(1, (self._width - right_width, right_width))
        left, right = table.cell(0, 0), table.cell(0, 1)
        self._fresh += [left._tc, right._tc]
        self._signer(right, document.signature)
        if document.countersignature is None:
            self._recipients(left)
            return
        self._signer(left, document.countersignature)
        self._gap_paragraph()
        self._recipients(self._word)

    def _signer(self, cell: Any, signature: Signature) -> None:
        from docx.shared import Pt

        sizes = self._layout.signature
        for text in signature.authority_lines:
            if text.strip():
                self._centred(cell, [(BOLD, text.strip().upper())], sizes.authority_size, keep=True)
        room = self._centred(cell, [], sizes.authority_size, keep=True)
        room.paragraph_format.line_spacing = Pt(sizes.hand_space_mm * MM)
        if signature.name.strip():
            self._centred(cell, [(BOLD, signature.name.strip())], sizes.name_size)

    def _recipients(self, into: Any) -> None:
        sizes = self._layout.signature
        names = recipients_of(self._document)
        if names:
            self._paragraph(into, [(BOLD_ITALIC, "Nơi nhận:")], sizes.recipients_title_size, "left")
            for index, name in enumerate(names):
                end = "." if index == len(names) - 1 else ";"
                self._paragraph(into, [(REGULAR, f"- {name}{end}")], sizes.recipients_size, "left")

    # -- annexes --------------------------------------------------------------------------------

    def _annex(self, annex: Annex, index: int) -> None:
        from docx.enum.section import WD_SECTION
        from docx.shared import Pt

        layout, document = self._layout, self._document
        sizes = layout.annex
        self._page(self._word.add_section(WD_SECTION.NEW_PAGE), landscape=annex.landscape)
        frame = layout.frame(landscape=annex.landscape)
        label = annex_label(index, len(document.annexes))
        self._centred(self._word, [(BOLD, label)], sizes.label_size, keep=True)
        self._centred(self._word, [(BOLD, annex.title.strip().upper())], sizes.title_size, keep=True)
        reference = annex_reference(document, self._issue)
        self._centred(self._word, [(ITALIC, reference)], sizes.reference_size, keep=True)
        lines = break_balanced([(ITALIC, reference)], sizes.reference_size, frame.width * 0.95)
        rule = self._rule(self._word, rule_length(lines, layout.head.rule_share), frame.width)
        _space(rule, after=12.0)
        if annex.columns:
            self._table(annex, widths_of(annex, layout, frame), cell_size(annex, layout, frame))
        for chart in annex.charts:
            picture = self._centred(self._word, [], sizes.cell_size)
            picture.paragraph_format.line_spacing = 1.0
            picture.add_run().add_picture(io.BytesIO(chart_png(chart, frame.width)), width=Pt(frame.width))
        if annex.note.strip():
            note = self._paragraph(self._word, [(ITALIC, annex.note.strip())], cell_size(annex, layout, frame), "left")
            _space(note, before=4.0)

    def _table(self, annex: Annex, widths: Sequence[float], size: float) -> None:
        """The table written as XML at once: a list of five hundred rows must not take a minute."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        sizes = self._layout.annex
        rows = annex.rows or (TableRow("empty", tuple("" for _ in annex.columns)),)
        pen = TablePen(size, size * sizes.cell_leading, cell_padding(size, self._layout))
        parts = pen.head(annex.columns, widths)
        numbered = numbers_row(annex)
        for row in rows:
            if row.kind == "group":
                text = row.cells[0] if row.cells else ""
                parts.append(pen.row([pen.cell(text, BOLD, "left", sum(widths), span=len(widths))]))
                continue
            face = REGULAR if row.kind in ("row", "numbers") else BOLD
            cells = []
            for index, (column, width) in enumerate(zip(annex.columns, widths, strict=True)):
                text = row.cells[index] if index < len(row.cells) else ""
                cells.append(pen.cell(text, face, "center" if row.kind == "numbers" else column.align, width))
            parts.append(pen.row(cells, head=row is numbered))
        table = f"<w:tbl {nsdecls('w')}>{pen.properties(widths)}{''.join(parts)}</w:tbl>"
        self._word.element.body._insert_tbl(parse_xml(table))

    # -- small pieces ---------------------------------------------------------------------------

    def _paragraph(self, into: Any, pieces: Sequence[Piece], size: float, align: str) -> WordParagraph:
        """A paragraph in ``into`` (the document or a cell; an empty first paragraph of a cell is used up)."""
        from docx.shared import Pt

        cell = getattr(into, "_tc", None)
        fresh = cell is not None and any(item is cell for item in self._fresh)
        if fresh:
            self._fresh = [item for item in self._fresh if item is not cell]
        paragraph: WordParagraph = into.paragraphs[0] if fresh else into.add_paragraph()
        paragraph.alignment = _align(align)
        paragraph.paragraph_format.line_spacing = Pt(size * self._layout.text.leading)
        for face, text in pieces:
            run = paragraph.add_run(text)
            run.font.size = Pt(size)
            run.bold = face in (BOLD, BOLD_ITALIC)
            run.italic = face in (ITALIC, BOLD_ITALIC)
        return paragraph

    def _centred(self, into: Any, pieces: Sequence[Piece], size: float, *, keep: bool = False) -> WordParagraph:
        paragraph = self._paragraph(into, pieces, size, "center")
        paragraph.paragraph_format.keep_with_next = keep
        return paragraph

    def _rule(self, into: Any, length: float, width: float) -> WordParagraph:
        """A line of ``length`` points in the middle: the lower border of a paragraph indented from both sides."""
        from docx.shared import Pt

        paragraph = self._paragraph(into, [], 2.0, "center")
        side = max(0.0, (width - length) / 2)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(side)
        paragraph.paragraph_format.line_spacing = Pt(_RULE_GAP)
        paragraph.paragraph_format.keep_with_next = True
        borders = _add(paragraph._p.get_or_add_pPr(), "w:pBdr")
        _add(borders, "w:bottom", val="single", sz="6", space="0", color="000000")
        return paragraph

    def _gap_paragraph(self) -> None:
        """Word wants a paragraph between a table and what follows."""
        from docx.shared import Pt

        gap = self._paragraph(self._word, [], 2.0, "left")
        gap.paragraph_format.line_spacing = Pt(self._layout.text.size / 2)

    def _frame_table(self, rows: int, widths: Sequence[float]) -> Table:
        """A table without borders that holds what stands side by side."""
        from docx.shared import Pt

        table: Table = self._word.add_table(rows=rows, cols=len(widths))
        table.autofit = False
        _grid(table, widths)
        margins = _add(table._tbl.tblPr, "w:tblCellMar")
        for side in ("w:left", "w:right"):
            _add(margins, side, w="0", type="dxa")
        for row in table.rows:
            _add(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Pt(width)
        return table


def _align(name: str) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    return {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "right": ALIGN.RIGHT, "justify": ALIGN.JUSTIFY}[name]


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    """A new child element ``tag`` with attributes of Word's own namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element: Any = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)
    return element


def _field(run: Any, code: str, size: Any) -> None:
    run.font.size = size
    _add(run._r, "w:fldChar", fldCharType="begin")
    _add(run._r, "w:instrText").text = code
    _add(run._r, "w:fldChar", fldCharType="end")


def _grid(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Pt

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    _add(table._tbl.tblPr, "w:tblW", w=str(round(sum(widths) * 20)), type="dxa")


def _space(paragraph: Any, *, before: float | None = None, after: float | None = None) -> None:
    from docx.shared import Pt

    if before is not None:
        paragraph.paragraph_format.space_before = Pt(before)
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
