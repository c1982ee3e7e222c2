"""The tasks of a plan: what stands, numbered, under its headings of content and solutions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..catalog.model import Area
from .areas import area_of
from .lines import BULLETS, NUMBERED
from .model import Task
from .tables import Table, tables_below
from .tree import Node
from .wording import AGENCY_START, fold_same, is_caps, tidy

_TASKS = re.compile(
    r"noi dung|nhiem vu|giai phap|cong tac trong tam|chi tieu|hoat dong (?:trong tam|chu yeu)|cong viec|viec thuc hien"
)
_ORGANISED = re.compile(
    r"^to chuc (?:trien khai )?thuc hien|to chuc (?:trien khai )?thuc hien(?: ke hoach(?: nay)?)?$|^phan cong|"
    r"phan cong (?:nhiem vu|thuc hien|trach nhiem|to chuc)|^(?:thoi gian va |quy dinh )?trach nhiem|"
    r"trach nhiem (?:to chuc )?(?:thuc hien|thi hanh)|nhiem vu cua (?:cac|tung)|don vi thuc hien|^to chuc trien khai"
)
_OPENS_ORGANISATION = re.compile(r"(?:to chuc|phan cong|trach nhiem)\b")
_NOT_TASKS = re.compile(r"muc dich|kinh phi|thoi gian|^yeu cau|quan diem|dia diem|doi tuong|pham vi|che do")
# Under a heading of content, yet no work: whom, when, where, with what money.
_NO_TASK = re.compile(
    r"(?:muc tieu|thoi gian|doi tuong|dia diem|kinh phi|thanh phan|pham vi|chu de|khau hieu|"
    r"hinh thuc khen thuong|hien trang|moc thoi|thoi ky|lich|tieu chi|thoi han|nguon luc thuc hien|"
    r"tien do)\b(?! tuyen truyen)"
)
# An annex that is a form or an outline to fill in: its items are nobody's tasks.
_FORM = re.compile(
    r"\b(?:de cuong|bieu mau|mau (?:so|bao cao|bieu|phieu|\d)|phieu|bien ban|danh sach|thong ke|"
    r"bieu (?:so|tong hop|bao cao)|bang tong hop|khau hieu|ket qua thuc hien|bao cao)\b"
)
_ATTACHED = re.compile(r"\(?(?:ban hanh )?kem theo\b")
_CONTAINER = re.compile(
    r"(?:cac |mot so |nhung )?(?:noi dung|nhiem vu|giai phap|muc tieu|cong viec)"
    r"(?:[ ,]+(?:va|chung|cu the|trong tam|chu yeu|giai phap|nhiem vu|thuc hien|cong tac|dan van|"
    r"chinh quyen|thi dua|phoi hop|kiem tra|giam sat|nam|20\d\d|can|tap trung))*"
)


def is_tasks(node: Node) -> bool:
    """True for a heading under which the plan lists its tasks."""
    title = node.folded_title
    if _bodies_below(node):
        return False
    if re.match(r"muc dich|kinh phi", title) or not _TASKS.search(title):
        return False
    return not is_organisation(node) or bool(re.match(r"(?:noi dung|nhiem vu|cong viec)(?! cua)", title))


def is_form(node: Node) -> bool:
    """True for an annex that is a form or an outline of a report."""
    first = next((child.title or child.para.text for child in node.children), "") if not node.title else node.title
    return node.para.kind == "annex" and bool(_FORM.search(fold_same(f"{node.para.label} {first}")))


def is_organisation(node: Node) -> bool:
    """True for a heading under which bodies get their duties."""
    if _bodies_below(node) and _TASKS.search(node.folded_title):
        return True
    return bool(_ORGANISED.search(node.folded_title)) and "muc dich" not in node.folded_title


def _bodies_below(node: Node) -> bool:
    """True for a heading whose inner headings nearly all name an agency ("IV. NHIỆM VỤ CỤ THỂ / 1. Sở Y tế")."""
    titles = [child.folded_title for child in node.children if child.section]
    return len(titles) >= 3 and sum(1 for title in titles if AGENCY_START.match(title)) >= 0.75 * len(titles)


def tasks_of(root: Node, areas: Sequence[Area]) -> tuple[Task, ...]:
    """The tasks in the order of the text, numbered ``task-1``...; where no heading names them, the middle sections'."""
    heads = [node for node in _tops(root) if is_tasks(node) or (node.para.kind == "annex" and _annexed(node))]
    if not heads:
        heads = [node for node in _inner(root) if is_tasks(node)][:1]
    if not heads:
        heads = [
            node
            for node in _tops(root)
            if node.title and not is_organisation(node) and not _NOT_TASKS.search(node.folded_title)
            and node.para.kind != "annex"
        ]  # fmt: skip
    if not heads and not any(node.title for node in root.children):
        items = [node for node in root.children if node.para.kind in NUMBERED]  # a list without headings
        return _numbered_tasks([(node.para.mark, node.full_text()) for node in items], areas)
    found: list[tuple[str | None, str]] = []
    for head in heads:
        found += _items(head) if head.para.kind != "annex" else _annexed(head)
    if not found:
        found = [item for node in _tops(root) if node.para.kind == "annex" for item in _annexed(node)]
    return _numbered_tasks(found, areas)


def _annexed(annex: Node) -> list[tuple[str | None, str]]:
    """The tasks of an annex: the rows of its tables, else what is numbered; never of a form."""
    if is_form(annex):
        return []
    tables = [table for table in tables_below(annex) if table.text is not None]
    if tables:
        return [item for table in tables for item in _rows(table)]
    return _items(annex) if is_tasks(annex) else []


def _numbered_tasks(found: list[tuple[str | None, str]], areas: Sequence[Area]) -> tuple[Task, ...]:
    return tuple(Task(f"task-{index}", mark, area_of(text, areas), text) for index, (mark, text) in enumerate(found, 1))


def _tops(root: Node) -> list[Node]:
    """The top headings, below parts where the plan has them ("PHẦN THỨ HAI", "Chương I")."""
    tops: list[Node] = []
    for node in root.children:
        if not node.section:
            continue
        inner = [child for child in node.children if child.section and child.para.kind in ("roman", "upper", "section")]
        if node.para.kind in ("part", "chapter", "upper") and inner and not _CONTAINER.fullmatch(node.folded_title):
            tops += inner if not (is_tasks(node) or is_organisation(node)) else [node]
        else:
            tops.append(node)
    return tops


def _inner(root: Node) -> list[Node]:
    return [node for node in root.walk() if node.section and node.para.kind != "annex"]


def _items(head: Node) -> list[tuple[str | None, str]]:
    children = [
        node
        for node in head.children
        if not (node.section and is_organisation(node) and _OPENS_ORGANISATION.match(node.folded_title))
    ]
    numbered = [node for node in children if node.para.kind in NUMBERED or node.section]
    if numbered:
        found: list[tuple[str | None, str]] = []
        for node in numbered:
            title = tidy(node.folded_title)
            inner = [child for child in node.children if child.para.kind in NUMBERED or child.section]
            group = node.para.kind == "roman" and is_caps(node.title or "") and len(inner) > 1
            if group or (_CONTAINER.fullmatch(title) and inner):
                found += _items(node)
            elif len(numbered) > 1 and _NO_TASK.match(title or tidy(fold_same(node.para.text))):
                continue
            elif _CONTAINER.fullmatch(title) and (points := [c for c in node.children if c.para.kind in BULLETS]):
                found += [(None, point.full_text()) for point in points]
            else:
                found.append((node.para.mark, node.full_text()))
        return [item for item in found if item[1]]
    tables = [table for table in tables_below(head) if table.text is not None]
    if tables:
        return [item for table in tables for item in _rows(table)]
    dashes = [node for node in children if node.para.kind in BULLETS]
    if dashes:
        return [(None, node.full_text()) for node in dashes]
    return [
        (None, node.para.text)
        for node in children
        if node.para.kind == "text" and len(node.para.text) > 20 and not _ATTACHED.match(fold_same(node.para.text))
    ]


def _rows(table: Table) -> list[tuple[str | None, str]]:
    return [(row.mark, row.text) for row in table.rows if row.text and not row.group]
