"""The plan as a paper of its own: what was imported and corrected, back in the layout of the decree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..kernel import vi
from ..kernel.text import fold, squeeze
from .freezing import END_MARK
from .model import Head, Issue, ReportSection, Signature
from .office import head_lines
from .paper_model import PaperDocument
from .papers import PaperInputs, compose, numbered, paragraphs

_MARK = re.compile(r"(?:[0-9]{1,3}|[IVXLC]{1,6}|[a-zđ])")
_COMMITTEE = ("ủy ban nhân dân ", "ubnd ", "uỷ ban nhân dân ")


def compose_plan(inputs: PaperInputs, body: Mapping[str, Any]) -> PaperDocument:
    """``body`` is planning.model's JSON. Sections stand as in the plan; a task or a duty that stands in none of them
    (typed, or changed, after the import) gets its place: tasks under a heading of their own, duties under their body.
    """
    paper = compose(inputs)
    issuer = squeeze(str(body.get("issuer") or ""))
    own = not issuer or fold(issuer) in {fold(inputs.office.name), fold(inputs.office.short_name)}
    superior, lines = inputs.office.superior_lines, inputs.office.issuer_lines
    if not own:
        superior, lines = head_lines(issuer, _above(issuer, inputs))
    signer = body.get("signer") or {}
    authority = tuple(text for key in ("authority", "position") if (text := squeeze(str(signer.get(key) or ""))))
    name = squeeze(str(signer.get("name") or ""))
    opening = squeeze(str(body.get("preamble") or ""))
    closing = squeeze(str(body.get("closing") or "")).rstrip(" ./")
    bases = [squeeze(str(item)).replace("\n", " ").rstrip(" ;.,") for item in body.get("bases") or ()]
    recipients = [squeeze(str(item)) for item in body.get("recipients") or ()]
    return replace(
        paper,
        head=Head(
            superior_lines=superior,
            issuer_lines=lines,
            symbol=_symbol(body, issuer, own, inputs),
            place=paper.head.place,
            type_name=paper.head.type_name,
            abstract=_abstract(body),
        ),
        # what the preamble quotes already is not said twice
        bases=tuple(_basis(item) for item in bases if item and fold(item) not in fold(opening)),
        opening=paragraphs("opening", opening),
        sections=_sections(body),
        closing=paragraphs("closing", closing + END_MARK if closing else ""),
        signature=Signature(authority, name) if authority or name else paper.signature,
        recipients=tuple(recipients) or paper.recipients,
    )


def plan_issue(body: Mapping[str, Any]) -> Issue:
    """Number and date as the plan came with them; blanks where it had none."""
    number = re.match(r"\s*0*(\d{1,6})\s*/", str(body.get("number_symbol") or ""))
    return Issue(number=int(number[1]) if number else None, date=body.get("issued_on") or None)


def _above(issuer: str, inputs: PaperInputs) -> str:
    """The superior to be named over an issuer that is another office: known only where it is our own parent."""
    same = fold(issuer) == fold(inputs.office.parent_name)
    return "" if same or fold(issuer).startswith(tuple(map(fold, _COMMITTEE))) else inputs.office.parent_name


def _symbol(body: Mapping[str, Any], issuer: str, own: bool, inputs: PaperInputs) -> str:
    _, slash, symbol = str(body.get("number_symbol") or "").partition("/")
    if slash and symbol.strip():
        return symbol.strip()
    if not own and fold(issuer).startswith(tuple(map(fold, _COMMITTEE))):
        return "KH-UBND"
    return inputs.office.symbol(inputs.template.abbreviation)


def _abstract(body: Mapping[str, Any]) -> str:
    title = squeeze(str(body.get("title") or ""))
    if fold(title).startswith("ke hoach "):
        title = title[len("Kế hoạch ") :]
    return title[:1].upper() + title[1:]


def _basis(text: str) -> str:
    return text if fold(text).startswith(("can cu", "thuc hien", "theo ", "xet ")) else f"Căn cứ {text}"


def _sections(body: Mapping[str, Any]) -> tuple[ReportSection, ...]:
    result: list[ReportSection] = []
    told = ""
    for number, item in enumerate(body.get("sections") or (), 1):
        parent = str(item.get("parent") or "")
        level = min(3, 1 + len([part for part in parent.split(".") if part]))
        title, text = squeeze(str(item.get("title") or "")), str(item.get("text") or "").strip()
        key = f"section_{number}"
        told += f" {title} {text}"
        mark = _marked(str(item.get("mark") or ""))
        prompt = title or f"Phần {number}"
        result.append(ReportSection(key, level, mark, title, paragraphs(key, text), True, prompt))
    return (*result, *_untold(body, _folded(told), len([item for item in result if item.level == 1])))


def _untold(body: Mapping[str, Any], told: str, before: int) -> list[ReportSection]:
    """Tasks and duties that no section holds, under headings of their own, numbered on."""
    sections = []
    tasks = [squeeze(str(item.get("text") or "")) for item in body.get("tasks") or ()]
    missing = [text for text in tasks if text and _folded(text) not in told]
    if missing:
        title = "Nội dung nhiệm vụ" if len(missing) == len(tasks) else "Nhiệm vụ bổ sung"
        lines = "\n".join(f"{number}. {text}" for number, text in enumerate(missing, 1))
        sections.append(ReportSection("tasks", 1, "", title, paragraphs("tasks", lines), True, title))
    bodies = []
    for number, item in enumerate(body.get("assignments") or (), 1):
        duties = [squeeze(str(text)).replace("\n", " ").lstrip("-+ ") for text in item.get("duties") or ()]
        new = [text for text in duties if text and _folded(text) not in told]
        if new:
            key = f"duties_{number}"
            lines = "\n".join(f"- {text}" for text in new)
            title = squeeze(str(item.get("body") or ""))
            bodies.append(ReportSection(key, 2, "", title, paragraphs(key, lines), True, title))
    if bodies:
        sections += [ReportSection("duties", 1, "", "Tổ chức thực hiện", (), True, "Tổ chức thực hiện"), *bodies]
    marked = []
    for item in numbered(sections):
        if item.level == 1:
            before += 1
        marked.append(replace(item, mark=f"{vi.roman(before)}.") if item.level == 1 else item)
    return marked


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


def _marked(mark: str) -> str:
    bare = mark.strip().rstrip(".)")
    if not _MARK.fullmatch(bare):
        return mark.strip()
    return f"{bare})" if bare.islower() else f"{bare}."
