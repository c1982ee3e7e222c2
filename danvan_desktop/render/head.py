"""The head of the first page and of each annex (NĐ 30/2020, Phụ lục I, mục II.1-5, 9a; III.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..kernel import vi
from ..reporting.model import Annex, Issue
from ..reporting.printable import Printable
from .blocks import centred_block, clean_end
from .flow import Block, Column, ColumnsBlock, Item, RuleBlock, TextBlock
from .fonts import BOLD, ITALIC, REGULAR, text_width
from .layout import MM, Layout
from .lines import Line, break_balanced, break_pieces

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_NUMBER_BLANK = " " * 10
_DATE_BLANK = " " * 6


def number_line(symbol: str, number: int | None) -> str:
    """``Số: 05/BC-UBND``; without a number room for the hand: ``Số:          /BC-UBND``."""
    return f"Số: {number:02d}/{symbol}" if number is not None else f"Số:{_NUMBER_BLANK}/{symbol}"


def issue_year(document: Printable) -> str:
    """The year printed before the date is known: that of the due date, else of the end of the data window."""
    return (document.due_on or document.window_to)[:4]


def date_words(document: Printable, issued: str | None) -> str:
    """``ngày 04 tháng 6 năm 2026``; without a date ``ngày      tháng      năm 2026``."""
    if issued is not None:
        return vi.long_day(date.fromisoformat(issued))
    return f"ngày{_DATE_BLANK}tháng{_DATE_BLANK}năm {issue_year(document)}"


def rule_length(lines: Sequence[Line], share: float) -> float:
    """A rule of 1/3-1/2 of the text: of its last line, and of its longest where both can be had."""
    last, longest = lines[-1].width, max(line.width for line in lines)
    low, high = longest / 3, last / 2
    return min(max(last * share, low), high) if low <= high else last * share


def column_widths(dated: str, layout: Layout, width: float) -> tuple[float, float, float]:
    """(agencies, gap, Quốc hiệu): the two columns of the head, in points; ``dated`` must fit the right one."""
    sizes = layout.head
    gap = sizes.gap_columns_mm * MM
    wanted = max(text_width(NATION, BOLD, sizes.nation_size), text_width(dated, ITALIC, sizes.date_size))
    right = min(wanted + 2.0, width * 0.6)
    return width - right - gap, gap, right


def head_blocks(document: Printable, issue: Issue, layout: Layout, width: float) -> list[Block]:
    """Agencies and Quốc hiệu, number and date, type and trích yếu (a letter: V/v under its number), Kính gửi."""
    sizes = layout.head
    lead = layout.text.leading
    head = document.head
    dated = f"{head.place}, {date_words(document, issue.date)}"
    left_width, _, right_width = column_widths(dated, layout, width)
    right_x = width - right_width
    level = max(sizes.nation_size, sizes.superior_size, sizes.issuer_size) * lead

    left: list[Item] = []
    for text in head.superior_lines:
        if text.strip():
            lines = break_balanced([(REGULAR, text.strip().upper())], sizes.superior_size, left_width)
            left += [Item(level, line, sizes.superior_size) for line in lines]
    issuer: list[Line] = []
    for text in head.issuer_lines:
        if text.strip():
            issuer += break_balanced([(BOLD, text.strip().upper())], sizes.issuer_size, left_width)
    left += [Item(level, line, sizes.issuer_size) for line in issuer]
    if issuer:
        left.append(_rule(rule_length(issuer, sizes.rule_share), sizes.rule_width))

    motto_width = text_width(MOTTO, BOLD, sizes.motto_size)
    right = [
        Item(level, Line([(BOLD, NATION)], text_width(NATION, BOLD, sizes.nation_size)), sizes.nation_size),
        Item(sizes.motto_size * lead, Line([(BOLD, MOTTO)], motto_width), sizes.motto_size),
        _rule(motto_width, sizes.rule_width),
    ]
    blocks: list[Block] = [
        ColumnsBlock(
            [Column(0.0, left_width, tuple(left)), Column(right_x, right_width, tuple(right))],
            after=sizes.after_agencies,
        )
    ]
    row = max(sizes.number_size, sizes.date_size) * lead
    numbered = break_pieces([(REGULAR, number_line(head.symbol, issue.number))], sizes.number_size, left_width)
    placed = break_balanced([(ITALIC, dated)], sizes.date_size, right_width)
    below = [Item(row, line, sizes.number_size) for line in numbered]
    if document.arrangement == "letter" and head.abstract.strip():
        subject = break_balanced([(REGULAR, f"V/v {head.abstract.strip()}")], sizes.subject_size, left_width)
        below.append(Item(sizes.before_subject))
        below += [Item(sizes.subject_size * lead, line, sizes.subject_size) for line in subject]
    blocks.append(
        ColumnsBlock(
            [
                Column(0.0, left_width, tuple(below)),
                Column(right_x, right_width, tuple(Item(row, line, sizes.date_size) for line in placed)),
            ]
        )
    )
    if document.arrangement == "letter":
        blocks += _addressees(head.addressees, layout, width)
        blocks[-1].after = sizes.before_text
        return blocks
    blocks.append(
        centred_block(
            head.type_name.upper(), BOLD, sizes.type_size, layout, width, before=sizes.before_type, keep_next=True
        )
    )
    if head.abstract.strip():
        abstract = centred_block(head.abstract.strip(), BOLD, sizes.abstract_size, layout, width * 0.92, keep_next=True)
        blocks.append(abstract)
        blocks.append(RuleBlock(rule_length(abstract.lines, sizes.rule_share), sizes.rule_width))
    blocks += _addressees(head.addressees, layout, width)
    blocks[-1].after = sizes.before_text
    return blocks


def _rule(length: float, line_width: float) -> Item:
    return Item(4.0 + line_width, rule=length, rule_width=line_width)


def _addressees(addressees: Sequence[str], layout: Layout, width: float) -> list[Block]:
    """Kính gửi: one on the same line; several on lines of their own, dashes below the colon (mục II.9a)."""
    names = [clean_end(text) for text in addressees if clean_end(text)]
    if not names:
        return []
    size = layout.head.addressee_size
    leading = size * layout.text.leading
    before = layout.head.before_addressees
    call = "Kính gửi:"
    if len(names) == 1:
        text = f"{call} {names[0]}"
        natural = text_width(text, REGULAR, size)
        if natural <= width:
            return [TextBlock([Line([(REGULAR, text)], natural)], size, leading, align="center", before=before)]
        hang = text_width(f"{call} ", REGULAR, size)
        return [
            TextBlock(
                break_pieces([(REGULAR, text)], size, width, rest=hang), size, leading, align="left", before=before
            )
        ]
    colon = text_width("Kính gửi", REGULAR, size)
    dash = text_width("- ", REGULAR, size)
    texts = [f"- {name}{'.' if index == len(names) - 1 else ';'}" for index, name in enumerate(names)]
    longest = max(text_width(text, REGULAR, size) for text in texts)
    indent = max(0.0, (width - colon - longest) / 2)
    room = width - indent - colon
    lines = [Line([(REGULAR, call)], text_width(call, REGULAR, size), indent)]
    for text in texts:
        for line in break_pieces([(REGULAR, text)], size, room, rest=dash):
            line.indent += indent + colon
            lines.append(line)
    return [TextBlock(lines, size, leading, align="left", before=before)]


def annex_reference(document: Printable, issue: Issue) -> str:
    """The line that ties an annex to its paper (mục III.1).

    Paper: filled in, or blanks for the hand while number and date are unknown; electronic: the places stay empty.
    """
    kind = document.head.type_name.strip().capitalize() or "Công văn"
    if issue.mode == "electronic":
        return f"(Kèm theo {kind} số …/…-… ngày … tháng … năm … của …)"
    number = f"{issue.number:02d}" if issue.number is not None else _NUMBER_BLANK
    dated = date_words(document, issue.date).replace(" ", "\u00a0")  # a date is not torn over two lines
    return f"(Kèm theo {kind} số {number}/{document.head.symbol} {dated} của {document.office_name})"


def annex_label(index: int, total: int) -> str:
    """``Phụ lục II``; ``Phụ lục`` when there is only one."""
    return f"Phụ lục {vi.roman(index)}" if total > 1 else "Phụ lục"


def annex_head(
    document: Printable, annex: Annex, index: int, issue: Issue, layout: Layout, width: float
) -> list[Block]:
    """Label, title, reference and rule of the annex at ``index`` (from 1)."""
    sizes = layout.annex
    label = annex_label(index, len(document.annexes))
    reference = centred_block(
        annex_reference(document, issue), ITALIC, sizes.reference_size, layout, width * 0.95, keep_next=True
    )
    return [
        centred_block(label, BOLD, sizes.label_size, layout, width, keep_next=True, key=annex.key),
        centred_block(annex.title.strip().upper(), BOLD, sizes.title_size, layout, width * 0.92, keep_next=True),
        reference,
        RuleBlock(rule_length(reference.lines, layout.head.rule_share), layout.head.rule_width, after=12.0),
    ]
