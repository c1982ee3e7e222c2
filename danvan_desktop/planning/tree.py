"""Paragraphs → a tree of headings and items, and the flat sections of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .lines import BULLETS, LEVEL, NUMBERED, TABLE, Para
from .model import Section
from .wording import AGENCY_START, fold_same, is_caps, tidy

_ALWAYS = frozenset({"annex", "part", "chapter", "section", "upper", "roman"})
_LONGEST_TITLE = 220
# Unmarked lines known as headings (their automatic number was lost on the way into text).
_KNOWN_TITLE = re.compile(
    r"(?:muc dich(?:,? +(?:va )?yeu cau)?|yeu cau|muc tieu|noi dung(?:,? +(?:va )?nhiem vu)?(?: thuc hien)?|"
    r"(?:cac )?nhiem vu(?:,? +(?:va )?giai phap)?(?: (?:chu yeu|trong tam|cu the))?|kinh phi(?: thuc hien)?|"
    r"to chuc thuc hien|phan cong (?:nhiem vu|thuc hien|trach nhiem)|che do (?:thong tin,? )?bao cao|"
    r"thoi gian(?:,? dia diem)?(?: thuc hien)?)\s*[.:]?"
)


@dataclass(slots=True)
class Node:
    """One paragraph with what stands below it. ``title`` is set on headings, where ``rest`` is text on its own line."""

    para: Para
    level: int
    section: bool = False
    title: str | None = None
    rest: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def folded_title(self) -> str:
        return fold_same(self.title or "")

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def full_text(self) -> str:
        """Everything below and here, one paragraph a line, without this node's own mark."""
        own = self.title if self.section else self.para.text
        parts = [own or "", self.rest if self.section else ""]
        parts += [node_text(node) for child in self.children for node in child.walk()]
        return "\n".join(part for part in parts if part)


def node_text(node: Node) -> str:
    """The node's own paragraph with its mark."""
    return node.para.raw


def build_tree(paras: list[Para]) -> Node:
    """A root whose children are the top headings (and any text before them)."""
    root = Node(Para("root", None, "", ""), -1)
    stack = [root]
    for index, para in enumerate(paras):
        following = paras[index + 1] if index + 1 < len(paras) else None
        node = _node(para, following)
        while len(stack) > 1 and stack[-1].level >= node.level:
            stack.pop()
        if (node.para.kind == "text" or node.para.kind in TABLE) and not node.section:
            while stack[-1].para.kind in BULLETS:  # text after a list belongs to what the list stands under
                stack.pop()
            stack[-1].children.append(node)
            continue
        if stack[-1] is root and para.kind in NUMBERED and not node.section:
            node.section, node.rest = True, para.text  # an item that stands alone at the top
        stack[-1].children.append(node)
        stack.append(node)
    return root


def _node(para: Para, following: Para | None) -> Node:
    node = Node(para, LEVEL.get(para.kind, 14))
    if para.kind in _ALWAYS:
        node.section = True
        node.title, node.rest = _split_title(para.text)
    elif para.kind in NUMBERED:
        if _heads(para, following):
            node.section = True
            node.title = _bare(para.text) or para.text or None
    elif para.kind == "text" and _unmarked_heading(para, following):
        node.section = True
        node.level = LEVEL["roman"] if is_caps(para.text) else LEVEL["number"]
        node.title = _bare(para.text) or para.text or None
    return node


def _bare(text: str) -> str:
    return text.rstrip(" .:;-–")


def _split_title(text: str) -> tuple[str | None, str]:
    """Title and following text of a top heading: nearly always all of it is the title."""
    if not text:
        return None, ""
    if match := re.match(r"(\S.{3,200}?)\s+(?=\((?:[Bb]an hành )?[Kk]èm theo\b)", text):
        return match[1], text[match.end() :]
    if match := re.match(r"([^:.]{3,120})[:.]\s+(?=\S)", text):
        title = match[1]
        if is_caps(title) != is_caps(text[match.end() :]) or len(text) > _LONGEST_TITLE:
            return title, text[match.end() :]
    if len(text) > _LONGEST_TITLE:
        return None, text
    return _bare(text) or text, ""


def _heads(para: Para, following: Para | None) -> bool:
    """True when a numbered paragraph is a title over what follows, no item of its own."""
    text = para.text
    if following is not None and _KNOWN_TITLE.fullmatch(fold_same(text)):
        return True
    if following is None or LEVEL.get(following.kind, 14) <= LEVEL[para.kind]:
        return is_caps(text) and len(text) < 120 and para.kind == "number"
    if text.endswith(";") or len(text) > 170:
        return False
    if text.endswith(".") and len(text) > 70:
        return False
    return not (text.endswith(".") and following.kind == "text" and len(text) > 50)


def _unmarked_heading(para: Para, following: Para | None) -> bool:
    text = para.text
    folded = fold_same(text)
    if _KNOWN_TITLE.fullmatch(folded):
        return True
    if following is None or len(text) > 140 or text.endswith((";", "./.", ",")):
        return False
    if following.kind == "text" and fold_same(following.text).startswith("can cu") and AGENCY_START.match(folded):
        return False  # who decides, above what the decision rests on
    if para.heading:
        return not text.endswith(".")
    return is_caps(text) and len(text.split()) >= 2 and len(text) <= 120


def sections_of(root: Node) -> list[Section]:
    """The headings in the order of the text, each with the text that stands directly under it."""
    found: list[tuple[Node, str | None, list[str]]] = []

    def visit(node: Node, path: str | None, owner: list[str] | None) -> None:
        for child in node.children:
            if child.section:
                texts = [child.rest] if child.rest else []
                found.append((child, path, texts))
                mark = child.para.mark or child.title
                visit(child, ".".join(part for part in (path, mark) if part) or None, texts)
            else:
                if owner is not None:
                    owner.append(node_text(child))
                visit(child, path, owner)

    visit(root, None, None)
    return [
        Section(node.para.mark, node.title, "\n".join(texts) or None, tidy(path) if path else None)
        for node, path, texts in found
    ]
