"""What changed between two documents: for the leader who reads a draft again, and for a replacing report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .figures import printed
from .model import Annex, Figure, ReportDocument
from .texts import plain_text

_WORD = re.compile(r"\d+(?:[.,/]\d+)*%?|\w+|\n|[^\S\n]+|[^\w\s]")
_MOST = 4_000_000  # old words × new words compared one by one


@dataclass(frozen=True, slots=True)
class Difference:
    """``kind``: head | bases | opening | section_added | section_removed | title | text | closing | figure | annex |
    recipients | signature; ``key``: of the section, figure or annex; texts as printed, "" where there is none."""

    kind: str
    key: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WordChange:
    """``op``: same | removed | added."""

    op: str
    text: str


def differences(old: ReportDocument, new: ReportDocument) -> tuple[Difference, ...]:
    """Every difference in print, from head to signature, then the figures one by one."""
    found = [
        Difference("head", "head", "Phần đầu", _head(old), _head(new)),
        Difference("bases", "bases", "Căn cứ", "\n".join(old.bases), "\n".join(new.bases)),
        Difference("opening", "opening", "Phần mở đầu", plain_text(old.opening), plain_text(new.opening)),
        *_sections(old, new),
        Difference("closing", "closing", "Phần kết", plain_text(old.closing), plain_text(new.closing)),
        *_annexes(old, new),
        Difference("recipients", "recipients", "Nơi nhận", "\n".join(old.recipients), "\n".join(new.recipients)),
        Difference("signature", "signature", "Chữ ký", _signature(old), _signature(new)),
        *_figures(old, new),
    ]
    return tuple(item for item in found if item.before != item.after or item.kind.startswith("section_"))


def _head(document: ReportDocument) -> str:
    head = document.head
    lines = (*head.superior_lines, *head.issuer_lines, head.symbol, head.place, head.abstract, *head.addressees)
    return "\n".join(lines)


def _signature(document: ReportDocument) -> str:
    return "\n".join((*document.signature.authority_lines, document.signature.name))


def _sections(old: ReportDocument, new: ReportDocument) -> Iterable[Difference]:
    before = {item.key: item for item in old.sections}
    after = {item.key: item for item in new.sections}
    for key, section in before.items():
        if key not in after:
            yield Difference("section_removed", key, section.title, plain_text(section.paragraphs), "")
    for key, section in after.items():
        earlier = before.get(key)
        if earlier is None:
            yield Difference("section_added", key, section.title, "", plain_text(section.paragraphs))
            continue
        was, now = f"{earlier.mark} {earlier.title}", f"{section.mark} {section.title}"
        yield Difference("title", key, section.title, was, now)
        yield Difference("text", key, section.title, plain_text(earlier.paragraphs), plain_text(section.paragraphs))


def _annex_text(annex: Annex) -> str:
    rows = [" | ".join(row.cells) for row in annex.rows]
    return "\n".join([annex.title, " | ".join(item.title for item in annex.columns), *rows, annex.note]).rstrip()


def _annexes(old: ReportDocument, new: ReportDocument) -> Iterable[Difference]:
    before = {item.key: item for item in old.annexes}
    after = {item.key: item for item in new.annexes}
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        title = (now or was or Annex(key, "", (), ())).title
        yield Difference("annex", key, title, _annex_text(was) if was else "", _annex_text(now) if now else "")


def _figure_text(figure: Figure) -> str:
    text = printed(figure) if figure.unit == "%" or figure.state != "value" else f"{printed(figure)} {figure.unit}"
    return f"{text} ({figure.reason})" if figure.reason else text


def _figures(old: ReportDocument, new: ReportDocument) -> Iterable[Difference]:
    before = {item.key: item for item in old.figures}
    after = {item.key: item for item in new.figures}
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        title = now.title if now else was.title if was else key
        yield Difference("figure", key, title, _figure_text(was) if was else "", _figure_text(now) if now else "")


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """The words kept, taken out and put in, in reading order; joined without the added ones they give ``before``.

    A number with its marks is one word ("1.234,5", "12,5%"); a blank alone never splits a change in two.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    head, tail = _ends(old, new)
    pieces = [WordChange("same", "".join(old[:head]))]
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) * len(middle_new) > _MOST:  # two texts that have nothing to do with each other
        pieces += [WordChange("removed", "".join(middle_old)), WordChange("added", "".join(middle_new))]
    else:
        pieces += _opcodes(middle_old, middle_new)
    pieces.append(WordChange("same", "".join(old[len(old) - tail :])))
    return _joined(pieces)


def line_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """Only the lines taken out and put in: for tables, where a row is what changes."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    result: list[WordChange] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            result += [WordChange("removed", f"{line}\n") for line in old[a:b]]
            result += [WordChange("added", f"{line}\n") for line in new[c:d]]
    return tuple(result)


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words both begin with, and how many they end with."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterable[WordChange]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield WordChange("same", "".join(old[a:b]))
        else:
            yield WordChange("removed", "".join(old[a:b]))
            yield WordChange("added", "".join(new[c:d]))


def _joined(pieces: Sequence[WordChange]) -> tuple[WordChange, ...]:
    """Neighbours of one kind as one; a blank kept between two changes belongs to both of them."""
    result: list[WordChange] = []
    removed = added = ""

    def flush() -> None:
        nonlocal removed, added
        result.extend(WordChange(op, text) for op, text in (("removed", removed), ("added", added)) if text)
        removed = added = ""

    for at, item in enumerate(pieces):
        if item.op == "removed":
            removed += item.text
        elif item.op == "added":
            added += item.text
        elif item.text and not item.text.strip(" ") and removed and added and at + 1 < len(pieces):
            removed, added = removed + item.text, added + item.text
        elif item.text:
            flush()
            if result and result[-1].op == "same":
                result[-1] = WordChange("same", result[-1].text + item.text)
            else:
                result.append(item)
    flush()
    return tuple(result)
