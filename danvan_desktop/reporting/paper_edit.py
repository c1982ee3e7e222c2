"""The texts of a paper as an officer edits them, part by part; and what must be put right before it is approved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc, squeeze
from .freezing import END_MARK
from .model import Paragraph, Signature
from .paper_model import PaperDocument
from .papers import BLANK, numbered
from .texts import plain_text, replace_text


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A text to edit: ``key`` names it, ``text`` has a line for each paragraph, addressee, basis or recipient."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PaperProblem:
    """What stands against approving, at the part ``key``."""

    key: str
    message: str


def parts_of(paper: PaperDocument) -> tuple[PaperPart, ...]:
    """Every text of a paper that may be edited, in printed order."""
    letter = paper.arrangement == "letter"
    found = [PaperPart("abstract", "Về việc (V/v)" if letter else "Trích yếu", paper.head.abstract)]
    if paper.arrangement != "minutes":
        found.append(PaperPart("addressees", "Kính gửi (mỗi dòng một nơi)", "\n".join(paper.head.addressees)))
        found.append(PaperPart("bases", "Căn cứ (mỗi dòng một căn cứ)", "\n".join(paper.bases)))
    found.append(PaperPart("opening", "Phần mở đầu", plain_text(paper.opening)))
    for item in paper.sections:
        title = f"{item.mark} {item.title}".strip() or item.prompt
        found.append(PaperPart(item.key, title, plain_text(item.paragraphs)))
    found.append(PaperPart("closing", "Phần kết", plain_text(paper.closing)))
    if paper.countersignature is not None:
        found.append(PaperPart("secretary", "Người ký bên trái (dòng cuối là họ tên)", _signed(paper.countersignature)))
        found.append(PaperPart("signer", "Người ký bên phải (dòng cuối là họ tên)", _signed(paper.signature)))
    else:
        found.append(PaperPart("signer", "Người ký (dòng cuối là họ tên)", _signed(paper.signature)))
    found.append(PaperPart("recipients", "Nơi nhận (mỗi dòng một nơi)", "\n".join(paper.recipients)))
    return tuple(found)


def edit_part(paper: PaperDocument, key: str, text: str) -> PaperDocument:
    """The paper with the text of one part replaced. Raises Refused ``unknown_section``, ``bad_text``."""
    clean = nfc(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")
    if bad := bad_character(clean, multiline=True):
        raise Refused("bad_text", f"Văn bản có ký tự không dùng được ({bad}); hãy xóa ký tự đó. Chưa sửa gì.")
    lines = tuple(line for item in clean.split("\n") if (line := squeeze(item).strip()))
    listed = tuple(line.removeprefix("- ").rstrip(" ;.") for line in lines)
    match key:
        case "abstract":
            return replace(paper, head=replace(paper.head, abstract="\n".join(lines).removeprefix("V/v ")))
        case "addressees":
            return replace(paper, head=replace(paper.head, addressees=listed))
        case "bases":
            return replace(paper, bases=listed)
        case "recipients":
            return replace(paper, recipients=listed)
        case "signer":
            return replace(paper, signature=_signature(text))
        case "secretary" if paper.countersignature is not None:
            return replace(paper, countersignature=_signature(text))
        case "opening":
            return replace(paper, opening=_typed(paper.opening, lines, "opening"))
        case "closing":
            return replace(paper, closing=_typed(paper.closing, lines, "closing"))
    if key not in {item.key for item in paper.sections}:
        keys = ", ".join(part.key for part in parts_of(paper))
        raise Refused("unknown_section", f"Văn bản không có phần “{key}”. Các phần: {keys}. Chưa sửa gì.")
    return replace(
        paper,
        sections=tuple(
            replace(item, paragraphs=_typed(item.paragraphs, lines, key)) if item.key == key else item
            for item in paper.sections
        ),
    )


def problems_of(paper: PaperDocument) -> tuple[PaperProblem, ...]:
    """What must be filled in before the paper can be approved."""
    found = []
    for part in parts_of(paper):
        if BLANK in part.text:
            found.append(PaperProblem(part.key, f"“{_name(part)}” còn chỗ trống ({BLANK}) chưa điền"))
    if not paper.head.abstract.strip():
        found.append(PaperProblem("abstract", "Chưa có trích yếu nội dung"))
    if paper.arrangement == "letter" and not paper.head.addressees:
        found.append(PaperProblem("addressees", "Công văn chưa có nơi kính gửi"))
    if not any(item.text.strip() for group in _bodies(paper) for item in group):
        found.append(PaperProblem("opening", "Văn bản chưa có nội dung"))
    signatures = [("signer", paper.signature), ("secretary", paper.countersignature)]
    for key, signature in signatures:
        if signature is not None and not signature.name.strip():
            who = " và ".join(signature.authority_lines) or "người ký"
            found.append(PaperProblem(key, f"Chưa có họ tên của {who[:1].lower()}{who[1:]}"))
    return tuple(found)


def finished(paper: PaperDocument) -> PaperDocument:
    """The paper as it is frozen: sections without text that have none below them left out, the end mark set."""
    kept = [
        item
        for at, item in enumerate(paper.sections)
        if item.paragraphs or (at + 1 < len(paper.sections) and paper.sections[at + 1].level > item.level)
    ]
    closing = paper.closing
    if closing and not closing[-1].text.endswith(END_MARK):
        text = closing[-1].text.rstrip(" .;,:/") + END_MARK
        closing = (*closing[:-1], *replace_text((closing[-1],), text))
    if numbered(paper.sections) == paper.sections:  # marks of our own close up; those of a plan stay as it has them
        return replace(paper, sections=numbered(kept), closing=closing)
    return replace(paper, sections=tuple(kept), closing=closing)


def _bodies(paper: PaperDocument) -> tuple[tuple[Paragraph, ...], ...]:
    return (paper.opening, *(item.paragraphs for item in paper.sections), paper.closing)


def _name(part: PaperPart) -> str:
    return part.title.split(" (")[0]


def _typed(before: tuple[Paragraph, ...], lines: tuple[str, ...], key: str) -> tuple[Paragraph, ...]:
    return replace_text(before, "\n".join(lines), key=key)


def _signed(signature: Signature) -> str:
    return "\n".join((*signature.authority_lines, signature.name))


def _signature(text: str) -> Signature:
    """The last line is the name; a text that ends in a line break has none."""
    lines = nfc(text).replace("\r\n", "\n").split("\n")
    *authority, name = [squeeze(line) for line in lines] or [""]
    return Signature(tuple(line for line in authority if line), name)
