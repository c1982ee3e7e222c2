"""From the words of a report to blocks: paragraphs, headings, the end of the paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..kernel.errors import Refused
from ..reporting.model import Paragraph, ReportSection, Signature
from ..reporting.printable import Printable
from .flow import Block, Column, ColumnsBlock, Item, TailBlock, TextBlock
from .fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR, face, text_width
from .layout import MM, Layout
from .lines import Line, Piece, break_balanced, break_pieces

END_MARK = "./."
_MARKS = {"bullet": "- ", "plus": "+ "}


def text_block(
    pieces: Sequence[Piece], layout: Layout, width: float, *, key: str | None = None, keep_next: bool = False
) -> TextBlock:
    """A paragraph of the body: justified, first line indented (NĐ 30/2020, Phụ lục I, mục I)."""
    text = layout.text
    lines = break_pieces(pieces, text.size, width, first=text.indent_mm * MM)
    return TextBlock(lines, text.size, text.size * text.leading, after=text.after, key=key, keep_next=keep_next)


def centred_block(
    text: str, font: str, size: float, layout: Layout, width: float, *, before: float = 0.0, after: float = 0.0,
    keep_next: bool = False, key: str | None = None,
) -> TextBlock:  # fmt: skip
    """Centred text in lines as equal as can be."""
    lines = break_balanced([(font, text)], size, width)
    return TextBlock(
        lines,
        size,
        size * layout.text.leading,
        align="center",
        before=before,
        after=after,
        keep_next=keep_next,
        key=key,
    )


def clean_end(text: str) -> str:
    """``text`` without blanks and the end marks that the layout sets itself."""
    return text.strip().rstrip(";.").rstrip()


def paragraph_pieces(paragraph: Paragraph, lead: str = "") -> list[Piece]:
    """The runs of a paragraph as drawn pieces, with the mark of its style in front."""
    mark = lead + _MARKS.get(paragraph.style, "")
    pieces: list[Piece] = [(REGULAR, mark)] if mark else []
    return pieces + [(face(bold=run.bold, italic=run.italic), run.text) for run in paragraph.runs]


def with_end_mark(pieces: list[Piece]) -> list[Piece]:
    """The same text ending in "./." (NĐ 30/2020, Mẫu 1.4)."""
    text = "".join(part for _, part in pieces).rstrip()
    if text.endswith(END_MARK):
        return pieces
    out = list(pieces)
    while out:
        font, part = out.pop()
        bare = part.rstrip().rstrip(".;,").rstrip()
        if bare:
            return [*out, (font, bare), (REGULAR, END_MARK)]
    return pieces


def section_blocks(section: ReportSection, layout: Layout, width: float, last: Paragraph | None = None) -> list[Block]:
    """A section: its heading in the form of its level, then its paragraphs (NĐ 30/2020, Phụ lục I, mục II.6).

    ``last`` is the last paragraph of the paper: it gets the end mark.
    """
    blocks: list[Block] = []
    mark, title = section.mark.strip(), section.title.strip()
    lead = ""
    if section.level == 1 and mark.casefold().startswith("phần"):
        size = layout.text.size
        blocks.append(centred_block(mark, BOLD, size, layout, width, before=6, keep_next=True, key=section.key))
        if title:
            blocks.append(
                centred_block(title.upper(), BOLD, size, layout, width, after=layout.text.after, keep_next=True)
            )
    elif title:
        font = BOLD if section.level <= 2 else REGULAR
        shown = title.upper() if section.level == 1 else title
        pieces = [(font, f"{mark} {shown}" if mark else shown)]
        blocks.append(text_block(pieces, layout, width, key=section.key, keep_next=True))
    elif mark:
        lead = mark + " "
    for paragraph in section.paragraphs:
        if not paragraph.text.strip() and not lead:
            continue
        pieces = paragraph_pieces(paragraph, lead)
        if paragraph is last:
            pieces = with_end_mark(pieces)
        blocks.append(text_block(pieces, layout, width, key=paragraph.key))
        lead = ""
    if lead:
        blocks.append(text_block([(REGULAR, lead.strip())], layout, width, key=section.key, keep_next=True))
    return blocks


def body_blocks(document: Printable, layout: Layout, width: float) -> list[Block]:
    """Bases, opening, sections and closing, the last words ending in "./."."""
    blocks: list[Block] = []
    bases = [clean_end(text) for text in document.bases if clean_end(text)]
    for index, text in enumerate(bases):
        end = "." if index == len(bases) - 1 else ";"
        lines = break_pieces([(ITALIC, text + end)], layout.head.basis_size, width, first=layout.text.indent_mm * MM)
        leading = layout.head.basis_size * layout.text.leading
        blocks.append(TextBlock(lines, layout.head.basis_size, leading, after=layout.text.after))
    last = last_paragraph(document)
    for group in (document.opening, None, document.closing):
        if group is None:
            for section in document.sections:
                blocks += section_blocks(section, layout, width, last)
            continue
        for paragraph in group:
            if paragraph.text.strip():
                pieces = paragraph_pieces(paragraph)
                if paragraph is last:
                    pieces = with_end_mark(pieces)
                blocks.append(text_block(pieces, layout, width, key=paragraph.key))
    return blocks


def last_paragraph(document: Printable) -> Paragraph | None:
    """The paragraph the paper ends with; None when it ends with a heading."""
    for group in (document.closing, *(section.paragraphs for section in reversed(document.sections))):
        for paragraph in reversed(group):
            if paragraph.text.strip():
                return paragraph
        if group is not document.closing:
            return None
    return next((item for item in reversed(document.opening) if item.text.strip()), None)


def recipients_of(document: Printable) -> list[str]:
    """Nơi nhận without dashes and end marks; "Như trên" first when the paper has a Kính gửi."""
    names = [clean_end(text.lstrip("- ")) for text in document.recipients]
    names = [name for name in names if name]
    if document.head.addressees and (not names or names[0].casefold() != "như trên"):
        names.insert(0, "Như trên")
    return names


def end_block(document: Printable, layout: Layout, width: float) -> ColumnsBlock:
    """Nơi nhận on the left, the signer on the right, level with each other (mục II.7, II.9); of minutes the secretary
    on the left, the chair on the right (Mẫu 1.9): their Nơi nhận stands below (:func:`below_block`)."""
    sizes = layout.signature
    right_width = width * 0.52
    left_width = width - right_width - 6
    right = _signer(document.signature, layout, right_width, "hand")
    if document.countersignature is not None:
        left = _signer(document.countersignature, layout, left_width, "left_hand")
    else:
        left = _recipients(document, layout, left_width)
    columns = [Column(0.0, left_width, tuple(left)), Column(width - right_width, right_width, tuple(right))]
    return ColumnsBlock(columns, before=sizes.before)


def below_block(document: Printable, layout: Layout, width: float) -> list[Block]:
    """Nơi nhận of a paper with two signatures, below them; else nothing."""
    if document.countersignature is None or not (items := _recipients(document, layout, width * 0.48)):
        return []
    return [ColumnsBlock([Column(0.0, width * 0.48, tuple(items))], before=layout.signature.before)]


def _signer(signature: Signature, layout: Layout, width: float, role: str) -> list[Item]:
    sizes = layout.signature
    level = sizes.authority_size * layout.text.leading
    items: list[Item] = []
    for text in signature.authority_lines:
        if text.strip():
            items += _items(text.strip().upper(), BOLD, sizes.authority_size, width, level)
    items.append(Item(sizes.hand_space_mm * MM, role=role))
    if signature.name.strip():
        items += _items(signature.name.strip(), BOLD, sizes.name_size, width, level)
    return items


def _recipients(document: Printable, layout: Layout, left_width: float) -> list[Item]:
    sizes = layout.signature
    level = sizes.authority_size * layout.text.leading
    names = recipients_of(document)
    left: list[Item] = []
    if names:
        title = "Nơi nhận:"
        size = sizes.recipients_title_size
        line = Line([(BOLD_ITALIC, title)], text_width(title, BOLD_ITALIC, size))
        left.append(Item(level, line, size, "left"))
        small = sizes.recipients_size
        for index, name in enumerate(names):
            end = "." if index == len(names) - 1 else ";"
            hang = text_width("- ", REGULAR, small)
            for line in break_pieces([(REGULAR, f"- {name}{end}")], small, left_width, rest=hang):
                left.append(Item(small * 1.18, line, small, "left"))
    return left


def _items(text: str, font: str, size: float, width: float, leading: float) -> Iterable[Item]:
    return [Item(leading, line, size) for line in break_balanced([(font, text)], size, width)]


def with_end(blocks: list[Block], end: ColumnsBlock) -> list[Block]:
    """The body with the signature block tied to its last two lines."""
    body = list(blocks)
    texts: list[TextBlock] = []
    while body and isinstance(body[-1], TextBlock) and sum(len(text.lines) for text in texts) < 2:
        last = body.pop()
        assert isinstance(last, TextBlock)
        texts.insert(0, last)
    return [*body, TailBlock(texts, end)]


def check_document(document: Printable) -> None:
    """Raises Refused ``report_invalid`` when a row of an annex has more cells than its table has columns."""
    for annex in document.annexes:
        for row in annex.rows:
            if row.kind != "group" and len(row.cells) > len(annex.columns):
                raise Refused(
                    "report_invalid",
                    f"Bảng “{annex.title}” có dòng không khớp số cột nên chưa lập được tệp; báo cáo giữ nguyên. "
                    "Hãy lập lại bảng này từ số liệu.",
                    annex=annex.key,
                    row=row.key,
                )
