"""Paragraphs as plain text and back: an officer types, untouched numbers keep their sources.

There is no markup: a line is a paragraph, "- " and "+ " at its start make it a bullet, anything else is text. Bold and
italics stand beside the text, as places in it (:class:`Look`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc
from .model import Paragraph, Run
from .sentences import STYLES

# a number with its marks is one word: "1.04" has nothing in common with "04"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|\w+|\s|[^\w\s]")
_GLUE = re.compile(r"[\w.,%/+\-–]")
_MAX_TOKENS = 4_000_000  # old tokens × new tokens aligned word by word; above it only both ends are compared


@dataclass(frozen=True, slots=True)
class Look:
    """Characters ``start`` to ``end`` of a plain text are bold, italic, or both; never over a line end or a bullet."""

    start: int
    end: int
    bold: bool = False
    italic: bool = False


def plain_text(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as an officer edits them: a line each, bullets as "- " and "+ "."""
    return "\n".join(STYLES.get(item.style, "") + item.text for item in paragraphs)


def skeleton(paragraphs: Iterable[Paragraph]) -> str:
    """The words of paragraphs with the places of their figures, whatever these print now, and their looks."""
    return "\n".join(STYLES.get(item.style, "") + "".join(map(_bone, item.runs)) for item in paragraphs)


def _bone(run: Run) -> str:
    text = f"{{{run.figure}}}" if run.figure else run.text
    if not run.text or not (run.bold or run.italic):
        return text
    sign = "b" * run.bold + "i" * run.italic
    return f"<{sign}>{text}</{sign}>"  # never shown: it is only compared with another skeleton


def looks_of(paragraphs: Iterable[Paragraph]) -> tuple[Look, ...]:
    """Where the plain text of ``paragraphs`` is bold or italic, neighbours joined."""
    result: list[Look] = []
    at = 0
    for item in paragraphs:
        at += len(STYLES.get(item.style, ""))
        for run in item.runs:
            end = at + len(run.text)
            last = result[-1] if result else None
            if last is not None and (last.end, last.bold, last.italic) == (at, run.bold, run.italic):
                result[-1] = Look(last.start, end, run.bold, run.italic)
            elif run.text and (run.bold or run.italic):
                result.append(Look(at, end, run.bold, run.italic))
            at = end
        at += 1
    return tuple(result)


def with_looks(paragraphs: Iterable[Paragraph], looks: Iterable[Look]) -> tuple[Paragraph, ...]:
    """The paragraphs with exactly these looks. A bound number has one look, that of its first character."""
    places: dict[int, tuple[bool, bool]] = {}
    for look in looks:
        places.update(dict.fromkeys(range(look.start, look.end), (look.bold, look.italic)))
    result = []
    at = 0
    for item in paragraphs:
        at += len(STYLES.get(item.style, ""))
        runs: list[Run] = []
        for run in item.runs:
            for text, (bold, italic) in _pieces(run, at, places):
                last = runs[-1] if runs else None
                free = last is not None and last.figure is None and run.figure is None
                if last is not None and free and (last.bold, last.italic) == (bold, italic):
                    runs[-1] = Run(last.text + text, None, bold, italic)
                else:
                    runs.append(Run(text, run.figure, bold, italic))
            at += len(run.text)
        at += 1
        result.append(replace(item, runs=tuple(runs)))
    return tuple(result)


def _pieces(run: Run, at: int, places: dict[int, tuple[bool, bool]]) -> Iterable[tuple[str, tuple[bool, bool]]]:
    plain = (False, False)
    if run.figure is not None or not run.text:
        yield run.text, places.get(at, plain)
        return
    begin = 0
    for index in range(1, len(run.text) + 1):
        look = places.get(at + begin, plain)
        if index == len(run.text) or places.get(at + index, plain) != look:
            yield run.text[begin:index], look
            begin = index


@dataclass(slots=True)
class _Glyph:
    """One character: its look, and the bound run it belongs to (by number; None: free text)."""

    char: str
    bold: bool = False
    italic: bool = False
    bound: int | None = None


class _Source:
    """The old text as characters that know their runs, and its paragraphs as lines."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.runs: list[Run] = []
        self.lines: list[list[_Glyph]] = []
        for item in paragraphs:
            line = [_Glyph(char) for char in STYLES.get(item.style, "")]
            for run in item.runs:
                number = None
                if run.figure is not None and run.text:
                    number = len(self.runs)
                    self.runs.append(run)
                line += [_Glyph(char, run.bold, run.italic, number) for char in run.text]
            self.lines.append(line)


def _text(glyphs: Iterable[_Glyph]) -> str:
    return "".join(item.char for item in glyphs)


def _joined(lines: Sequence[list[_Glyph]]) -> list[_Glyph]:
    result: list[_Glyph] = []
    for index, line in enumerate(lines):
        result += [_Glyph("\n")] if index else []
        result += line
    return result


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Matching blocks ``(old index, new index, length)`` of two token lists, in order."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    blocks = [(0, 0, head)]
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) * len(middle_new) <= _MAX_TOKENS:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        blocks += [(head + a, head + b, size) for a, b, size in matcher.get_matching_blocks()]
    blocks.append((len(old) - tail, len(new) - tail, tail))
    merged: list[tuple[int, int, int]] = []
    for start, at, size in blocks:
        if not size:
            continue
        if merged and merged[-1][0] + merged[-1][2] == start and merged[-1][1] + merged[-1][2] == at:
            merged[-1] = (merged[-1][0], merged[-1][1], merged[-1][2] + size)
        else:
            merged.append((start, at, size))
    return merged


def _aligned(old: list[_Glyph], text: str, runs: Sequence[Run]) -> list[_Glyph]:
    """``text`` as glyphs: what stands in unchanged words keeps its look, and its binding where it is whole."""
    before = _text(old)
    old_tokens, new_tokens = _TOKEN.findall(before), _TOKEN.findall(text)
    old_at, new_at = _offsets(old_tokens), _offsets(new_tokens)
    result = [_Glyph(char) for char in text]
    for start, at, size in _pairs(old_tokens, new_tokens):
        first, last = old_at[start], old_at[start + size]
        shift = new_at[at] - first
        for index in range(first, last):
            source = old[index]
            result[index + shift] = _Glyph(source.char, source.bold, source.italic)
        for begin, end in _spans(old, first, last):
            bound = old[begin].bound
            assert bound is not None
            whole = _text(old[begin:end]) == runs[bound].text
            in_words = any(char.isalpha() for char in before[first:begin] + before[end:last])
            alone = begin == 0 and end == len(old)
            clear = (begin > first or _free_before(text, begin + shift)) and (
                end < last or _free_after(text, end + shift)
            )
            if whole and (in_words or alone) and clear:
                for index in range(begin, end):
                    result[index + shift].bound = bound
    return result


def _offsets(tokens: Sequence[str]) -> list[int]:
    result = [0]
    for token in tokens:
        result.append(result[-1] + len(token))
    return result


def _spans(glyphs: Sequence[_Glyph], first: int, last: int) -> list[tuple[int, int]]:
    """The stretches of bound text within ``first..last``."""
    spans: list[tuple[int, int]] = []
    index = first
    while index < last:
        bound = glyphs[index].bound
        end = index + 1
        while end < last and glyphs[end].bound == bound:
            end += 1
        if bound is not None:
            spans.append((index, end))
        index = end
    return spans


def _free_before(text: str, begin: int) -> bool:
    """Whether nothing new before the number makes it another one ("-04", "1.04")."""
    before = text[begin - 1] if begin else " "
    return not _GLUE.match(before)


def _free_after(text: str, end: int) -> bool:
    """Whether nothing new behind the number makes it another one ("04/12", "04%"); a closing mark does not."""
    after = text[end] if end < len(text) else " "
    beyond = text[end + 1] if end + 1 < len(text) else " "
    return not beyond.isalnum() if after in ".," else not _GLUE.match(after)


def replace_text(
    paragraphs: Sequence[Paragraph], text: str, *, key: str = "", looks: Iterable[Look] | None = None
) -> tuple[Paragraph, ...]:
    """The paragraphs of ``text``, typed over ``paragraphs``; new ones are keyed ``<key>.p<n>``.

    ``looks``: what of the text is bold or italic; None: unchanged words keep their looks.

    Every character of the text (NFC, line ends as \\n) stands in the result: plain_text gives it back. A bound number
    in unchanged words keeps its binding; whatever was typed is unbound. Raises Refused ``bad_text`` for control
    characters and direction marks, naming the first.
    """
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")
    if bad := bad_character(text, multiline=True):
        raise Refused("bad_text", f"Văn bản có ký tự không dùng được ({bad}); hãy xóa ký tự đó. Mục vẫn như trước.")
    source = _Source(paragraphs)
    old_lines, new_lines = [_text(line) for line in source.lines], text.split("\n") if text else []
    free = _Keys({item.key for item in paragraphs}, key)
    result: list[Paragraph] = []
    for tag, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            result += paragraphs[a:b]
            continue
        glyphs = _aligned(_joined(source.lines[a:b]), "\n".join(new_lines[c:d]), source.runs)
        for index, line in enumerate(_split(glyphs) if c < d else []):
            own = paragraphs[a + index].key if a + index < b else next(free)
            result.append(_paragraph(own, line, source.runs))
    return tuple(result) if looks is None else with_looks(result, looks)


class _Keys:
    """Paragraph keys not yet taken: ``section.p1``, ``section.p2``..."""

    def __init__(self, taken: set[str], key: str) -> None:
        self._taken = taken
        self._stem = f"{key}.p" if key else "p"
        self._number = 0

    def __iter__(self) -> _Keys:
        return self

    def __next__(self) -> str:
        while True:
            self._number += 1
            if (name := f"{self._stem}{self._number}") not in self._taken:
                return name


def _split(glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    lines: list[list[_Glyph]] = [[]]
    for item in glyphs:
        if item.char == "\n":
            lines.append([])
        else:
            lines[-1].append(item)
    return lines


def _paragraph(key: str, line: list[_Glyph], runs: Sequence[Run]) -> Paragraph:
    text = _text(line)
    style = next((name for name, mark in STYLES.items() if mark and text.startswith(mark)), "body")
    line = line[len(STYLES[style]) :]
    result: list[Run] = []
    last: tuple[bool, bool, int | None] | None = None
    for item in line:
        look = (item.bold, item.italic, item.bound)
        if last == look:
            result[-1] = Run(result[-1].text + item.char, result[-1].figure, item.bold, item.italic)
        else:
            figure = runs[item.bound].figure if item.bound is not None else None
            result.append(Run(item.char, figure, item.bold, item.italic))
        last = look
    return Paragraph(key, tuple(result), style)
