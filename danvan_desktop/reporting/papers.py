"""A paper other than a report, written out from its template. Pure: words and rows in, a :class:`PaperDocument` out.

``[a part]`` goes when a place in it has nothing to print (parts hold parts); elsewhere such a place leaves
:data:`BLANK`, to be filled in before the paper can be approved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..catalog.conditions import holds
from ..catalog.model import Catalog, Json
from ..catalog.paper_model import PaperSection, PaperTemplate
from ..catalog.read_papers import PLACE
from ..kernel import vi
from ..kernel.text import nfc, squeeze
from .annexes import Rows, make_annex
from .freezing import END_MARK
from .model import Annex, Head, Paragraph, ReportSection, Signature
from .office import OfficeIdentity, Signer
from .paper_model import PaperDocument
from .texts import replace_text

BLANK = "……"
_PART = re.compile(r"\[([^\[\]]*)\]")
_END = " .;,:"


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row as its texts are filled: ``words`` are printed, ``values`` decide whether a section takes the row."""

    words: Mapping[str, str]
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperInputs:
    """All a paper is made of. ``words``: of the record or the list; ``rows``: rows field (or ``rows``) → its rows."""

    catalog: Catalog
    template: PaperTemplate
    id: str
    office: OfficeIdentity
    signers: tuple[Signer, ...]
    today: date
    subjects: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Sequence[RowWords]] = field(default_factory=dict)
    annex_rows: Rows = ()


def fill(text: str, words: Mapping[str, str]) -> str:
    """``text`` with its places filled, parts with an empty place left out."""

    def part(match: re.Match[str]) -> str:
        inner = match[1]
        return inner if all(words.get(name) for name, _ in PLACE.findall(inner)) else ""

    while (shorter := _PART.sub(part, text)) != text:
        text = shorter
    filled = PLACE.sub(lambda match: _word(words.get(match[1], ""), lower=bool(match[2])), text)
    return "\n".join(re.sub(r" +([.;,])", r"\1", squeeze(line)) for line in filled.split("\n") if line.strip())


def _word(value: str, *, lower: bool) -> str:
    text = squeeze(value).replace("\n", " ").rstrip(_END)
    if not text:
        return BLANK
    return text[:1].lower() + text[1:] if lower and text[1:2].islower() else text


def compose(inputs: PaperInputs) -> PaperDocument:
    """The first draft of a paper."""
    template, office = inputs.template, inputs.office
    words = {**office_words(office, inputs.today), **inputs.words}
    signer = inputs.signers[0] if inputs.signers else Signer((), "")
    signature = Signature(tuple(map(squeeze, signer.authority_lines)), squeeze(signer.name))
    countersignature = None
    if template.layout == "minutes":
        signature, countersignature = Signature((template.chair,), ""), Signature((template.secretary,), "")
    annexes: tuple[Annex, ...] = ()
    if template.annex is not None:
        annexes = (make_annex(inputs.catalog, template.annex, (), {template.form: inputs.annex_rows}),)
    sections = numbered([item for item in (_section(part, inputs, words) for part in template.sections) if item])
    closing = paragraphs("closing", fill(template.closing, words))
    if closing:
        closing = (*closing[:-1], _ended(closing[-1]))
    return PaperDocument(
        id=inputs.id,
        template=template.key,
        template_version=template.version,
        layout=template.layout,
        made_on=inputs.today.isoformat(),
        subjects=inputs.subjects,
        office_id=office.id,
        office_name=nfc(office.name),
        head=Head(
            superior_lines=tuple(map(squeeze, office.superior_lines)),
            issuer_lines=tuple(map(squeeze, office.issuer_lines)),
            symbol=symbol_of(template, office),
            place=squeeze(office.place),
            type_name=template.type_name.upper(),
            abstract=fill(template.abstract, words),
            addressees=_addressees(inputs, words),
        ),
        bases=tuple(fill(item, words).rstrip(_END) for item in template.bases),
        opening=paragraphs("opening", fill(template.opening, words)),
        sections=sections,
        closing=closing,
        annexes=annexes,
        signature=signature,
        countersignature=countersignature,
        recipients=tuple(fill(item, words).rstrip(_END) for item in template.recipients if _said(item, words)),
        catalog_version=inputs.catalog.version,
        catalog_hash=inputs.catalog.hash,
    )


def office_words(office: OfficeIdentity, today: date) -> dict[str, str]:
    """What every text may name."""
    return {
        "office": office.name,
        "parent": office.parent_name,
        "via": office.via_name,
        "place": office.place,
        "drafting_unit": office.drafting_unit,
        "year": str(today.year),
        "today": vi.day(today),
    }


def symbol_of(template: PaperTemplate, office: OfficeIdentity) -> str:
    """``TB-UBND``; of a letter, which has no type, ``UBND-VHXH`` (NĐ 30/2020, Phụ lục I, mục II.3)."""
    if template.abbreviation:
        return office.symbol(template.abbreviation)
    return "-".join(part for part in (office.symbol_suffix, office.drafting_unit) if part)


def paragraphs(key: str, text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, a line each; "- " and "+ " make bullets."""
    return replace_text((), text, key=key)


def numbered(sections: Sequence[ReportSection]) -> tuple[ReportSection, ...]:
    """The sections with their marks: I. 1. a), each level anew under the one above; untitled ones carry none."""
    counts = [0, 0, 0]
    result = []
    for item in sections:
        mark = ""
        if item.title:
            level = item.level
            counts = [*counts[: level - 1], counts[level - 1] + 1, *[0] * (3 - level)]
            at = counts[level - 1]
            mark = f"{vi.roman(at)}." if level == 1 else f"{at}." if level == 2 else f"{vi.letter(at)})"
        result.append(ReportSection(item.key, item.level, mark, item.title, item.paragraphs, item.manual, item.prompt))
    return tuple(result)


def _section(part: PaperSection, inputs: PaperInputs, words: Mapping[str, str]) -> ReportSection | None:
    lines = fill(part.text, words)
    if part.each:
        found = [row for row in inputs.rows.get(part.each, ()) if holds(part.where, row.values)]
        told = [fill(part.row, {**words, **row.words}).replace("\n", " ") for row in found]
        if not told and part.optional and not lines:
            return None
        rows = "\n".join(_listed(told)) if told else fill(part.none, words)
        lines = "\n".join(text for text in (lines, rows) if text)
    elif part.optional and not lines:
        return None
    return ReportSection(
        part.key, part.level, "", part.title, paragraphs(part.key, lines), manual=True, prompt=part.shown
    )


def _listed(rows: Sequence[str]) -> list[str]:
    """Bullets end in semicolons, the last one in a full stop; sentences each in a full stop."""
    result = []
    for index, text in enumerate(rows):
        bare = text.rstrip(_END)
        bullet = text.startswith(("- ", "+ ")) and index < len(rows) - 1
        result.append(f"{bare};" if bullet else f"{bare}.")
    return result


def _ended(last: Paragraph) -> Paragraph:
    text = last.text.rstrip(" .;,:/") + END_MARK
    (ended,) = replace_text((last,), text)
    return ended


def _said(text: str, words: Mapping[str, str]) -> bool:
    """Whether a recipient or addressee named by one word alone has a name at all."""
    filled = fill(text, words)
    return bool(filled) and BLANK not in filled


def _addressees(inputs: PaperInputs, words: Mapping[str, str]) -> tuple[str, ...]:
    template = inputs.template
    names = [fill(item, words) for item in template.addressees if _said(item, words)]
    if template.addressees_each:
        for rows in inputs.rows.values():
            names += [row.words.get(template.addressees_each, "") for row in rows]
    return tuple(dict.fromkeys(name for name in map(squeeze, names) if name))
