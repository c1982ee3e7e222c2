"""The text of a plan → :class:`.model.Plan`. Reads whatever it is given; what finds no place is listed as unplaced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..catalog.model import Area
from ..kernel.text import nfc
from .bases import bases_of, declared_issuer
from .bodies import Placed, assignments_of, placed_paragraphs
from .cleaning import Line, read_lines
from .duties import reporting_of
from .ending import ending_at, read_ending
from .head import covered_plan_at, part_title_line, read_head
from .issuer import issuer_name
from .lines import BULLETS, NUMBERED, TABLE, Para, join_lines
from .model import Plan
from .tasks import tasks_of
from .tree import build_tree, sections_of
from .wording import fold_same, tidy

_CLOSES = re.compile(
    r"(?:tren day la|trong qua trinh|ke hoach nay (?:thay the|co hieu luc|duoc|ap dung)|nhan duoc ke hoach|"
    r"can cu (?:noi dung )?ke hoach nay)"
)
_LONGEST_PREAMBLE = 50_000  # characters; beyond, it is no preamble and citing documents is not looked for
_CLOSES_AT_END = re.compile(
    r"(?:neu |khi |moi |qua trinh |yeu cau|de nghi|uy ban nhan dan|ubnd|so |chu tich|giam doc|can cu|giao )"
)


def parse_plan(text: str, areas: Sequence[Area] = ()) -> Plan:
    """The plan written in ``text``; ``areas`` bring the catalogue's plan words for the areas of the tasks.

    Never raises on any text. Every word of ``text`` ends up in a field or in ``unplaced``; duties, tasks and
    assignments are read out of the sections, whose text stays whole.
    """
    lines, artefacts = read_lines(text)
    lines = part_title_line(lines)
    at = covered_plan_at(lines)
    if at is None:
        plan, issuer_read = _read_plan(lines, areas)
    else:
        cover, issuer_read = _read_plan(lines[:at], areas)
        plan = _under_cover(cover, _read_plan(lines[at:], areas)[0])
    plan = replace(plan, unplaced=(*plan.unplaced, *artefacts))
    sources = [line.text for line in lines] + artefacts
    unplaced = (*plan.unplaced, *_left_over(sources, plan, issuer_read))
    return replace(plan, unplaced=tuple(re.sub(r"^\*(?= )", "-", text) for text in unplaced))


def _read_plan(lines: list[Line], areas: Sequence[Area]) -> tuple[Plan, bool]:
    """The plan of ``lines``, and whether its head names the issuer."""
    head = read_head(lines)
    rest = lines[head.used :]
    end = ending_at(rest)
    ending = read_ending(rest[end:])
    paras = join_lines(rest[:end])
    paras, closing = _closing(paras)
    first = _first_heading(paras)
    preamble = "\n".join(para.raw for para in paras[:first]) or None
    root = build_tree(paras[first:] + join_lines(ending.annex))
    sections = tuple(sections_of(root))
    stray = [node.para.raw for node in root.children if not node.section] if sections else []
    body_text = "\n".join(line.text for line in rest)
    declared = declared_issuer(preamble) if preamble else None
    year = head.year or (head.issued_on.year if head.issued_on else None) or _year_in(preamble)
    paragraphs = [*placed_paragraphs(root), *(Placed(text) for text in closing)]
    plan = Plan(
        title=head.title,
        number_symbol=head.number_symbol,
        issued_on=head.issued_on,
        year=year,
        issuer=_issuer(issuer_name(head.issuer_lines, body_text), declared[0] if declared else None),
        preamble=preamble,
        closing="\n".join(closing) or None,
        bases=bases_of(preamble) if preamble and len(preamble) < _LONGEST_PREAMBLE else (),
        sections=sections,
        tasks=tasks_of(root, areas),
        assignments=assignments_of(root),
        reporting=reporting_of(paragraphs, year),
        recipients=tuple(ending.recipients),
        signer=ending.signer,
        unplaced=(*head.unplaced, *stray, *ending.unplaced),
    )
    return plan, bool(head.issuer_lines)


def _under_cover(cover: Plan, plan: Plan) -> Plan:
    """A plan issued by the decision before it, which brings number, date, agency, bases, recipients and signer."""
    return replace(
        plan,
        title=plan.title or cover.title,
        number_symbol=plan.number_symbol or cover.number_symbol,
        issued_on=plan.issued_on or cover.issued_on,
        year=plan.year or cover.year,
        issuer=cover.issuer or plan.issuer,
        preamble="\n".join(part for part in (cover.preamble, plan.preamble) if part) or None,
        closing=plan.closing or cover.closing,
        bases=(*cover.bases, *plan.bases),
        sections=(*cover.sections, *plan.sections),
        recipients=(*cover.recipients, *plan.recipients),
        signer=plan.signer if plan.signer.name else cover.signer,
        unplaced=(*cover.unplaced, *([cover.title] if plan.title and cover.title else []), *plan.unplaced),
    )


def _issuer(named: str | None, declared: str | None) -> str | None:
    """The agency of the head; the one the preamble declares where the head has none, or one without a place."""
    bare = named is not None and fold_same(named) in ("uy ban nhan dan", "ubnd")
    return declared if declared and (named is None or bare) else named


def _first_heading(paras: list[Para]) -> int:
    """How many paragraphs stand before the first heading."""
    plain = ("text", *TABLE, *BULLETS)
    marked = next((index for index, para in enumerate(paras) if para.kind not in plain), len(paras))
    root = build_tree(paras[: marked + 1])
    headings = {id(node.para) for node in root.children if node.section}
    for index, para in enumerate(paras):
        if (para.kind == "text" or para.kind in TABLE) and id(para) not in headings:
            continue
        if para.kind in ("dash", "plus", "star"):
            continue
        return index
    return len(paras)


def _closing(paras: list[Para]) -> tuple[list[Para], list[str]]:
    """The closing words at the end of the body, apart from the paragraphs before them."""
    run = len(paras)
    while run > 0 and paras[run - 1].kind == "text":
        run -= 1
    for index in range(run, len(paras)):
        folded = fold_same(paras[index].text)
        if index == run > 0 and folded.startswith("can cu") and _names_a_body(paras[run - 1]):
            continue  # "8. Ban Công tác Mặt trận các thôn / Căn cứ Kế hoạch này, ...": that body's duty
        last = index == len(paras) - 1 and paras[index].text.rstrip().endswith(("./.", "/.", "./"))
        if _CLOSES.match(folded) or (last and index > run and _CLOSES_AT_END.match(folded)):
            return paras[:index], [para.raw for para in paras[index:]]
    ended = 0 < run < len(paras) and paras[-1].text.endswith(("./.", "/.")) and paras[-2].text.endswith((".", ";"))
    if ended and _CLOSES_AT_END.match(fold_same(paras[-1].text)):
        return paras[:-1], [paras[-1].raw]
    return paras, []


def _names_a_body(para: Para) -> bool:
    return para.kind in NUMBERED and len(para.text) < 150 and not para.text.rstrip().endswith((".", ";", "/"))


def _year_in(preamble: str | None) -> int | None:
    years = re.findall(r"\bnam\s+(20\d\d)\b", fold_same(preamble or ""))
    return int(Counter(years).most_common(1)[0][0]) if years else None


# --- nothing dropped -------------------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", nfc(text))


def _left_over(sources: list[str], plan: Plan, issuer_read: bool) -> list[str]:
    """Words of ``sources`` (all lines of the text) that stand in no field so far: the net under all the readers."""
    held: Counter[str] = Counter()
    parts = [plan.title, plan.number_symbol, plan.preamble, plan.closing, *plan.recipients, *plan.unplaced]
    parts += [plan.signer.authority, plan.signer.position, plan.signer.name]
    parts += [part for section in plan.sections for part in (section.mark, section.title, section.text)]
    parts += [plan.issuer] if issuer_read else []
    for part in parts:
        held.update(token.lower() for token in _tokens(part or ""))
    missing = Counter(token.lower() for line in sources for token in _tokens(line))
    missing.subtract(held)
    out: list[str] = []
    for source in sources:
        words: list[str] = []
        for token in _tokens(source):
            if missing[token.lower()] > 0:
                missing[token.lower()] -= 1
                words.append(token)
        if words:
            whole = len(words) == len(_tokens(source))
            out.append(source if whole else tidy(" ".join(words)))
    return out
