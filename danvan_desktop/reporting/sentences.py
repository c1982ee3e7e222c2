"""Sentence templates → paragraphs whose numbers are bound to figures (grammar: docs/report-format.md).

Places in a template: ``{figure}`` and ``{figure/split}`` the printed value, ``{change:figure}`` the comparison with
the same period, ``{target:figure}`` that with the plan's target, and the reserved words ("(qua {via})" goes when
there is no body in between). A part in square brackets is left out when none of its numbers is worth saying (0, nil,
undefined, no data), or its comparison has nothing to compare: ``[, quyết định {x/decision}]``, ``[, {change:x}]``.
Parts may hold parts, one level deep. Nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..catalog.model import Catalog, Sentence
from ..kernel.errors import Refused
from ..kernel.text import nfc
from .figures import blank_figure, change_words, printed, split_field, target_words
from .model import Figure, Paragraph, Run

RESERVED = frozenset(
    ("period", "window_from", "window_to", "office", "plan", "parent", "via", "year", "next_period",
     "place", "drafting_unit", "annexes", "theme", "scoring")
)  # fmt: skip
STYLES = {"bullet": "- ", "plus": "+ ", "body": ""}
_PLACE = re.compile(r"\{(?:(change|target):)?([a-z][a-z0-9_]{0,62})(?:/([^{}:\s]+))?\}")
_OPTIONAL = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_VIA = re.compile(r"\s*\(\s*qua\s+\{via\}\s*\)")
_BLANKS = " \t\u00a0"
_FIRST = 0xF0000  # private plane: one character stands for one bound run while a paragraph is tidied
# every rule deletes its group x, until none finds anything more
_RULES = tuple(
    re.compile(rule)
    for rule in (
        rf"(?P<x>[{_BLANKS}]+)[{_BLANKS}]",
        r"\((?P<x>[ ,;]+)",
        r"(?P<x>[ ,;]+)\)",
        r"(?P<x> ?\(\))",
        r"(?P<x> +)[,.;:!?)]",
        r":(?P<x>[,;])",
        r"(?P<x>[,;:] ?)[,;.)]",
        r"(?<!\.)\.(?P<x> ?\.)(?![./])",
        r"^(?P<x>[ ,;:.)]+)",
        r"(?P<x>[ ,]+)$",
    )
)


def figure_places(text: str) -> tuple[tuple[str, str], ...]:
    """``(kind, figure key)`` of every figure place in a template; kind: value | change | target."""
    return tuple(
        (match[1] or "value", match[2] + (f"/{match[3]}" if match[3] else ""))
        for match in _PLACE.finditer(text)
        if match[1] or match[3] or match[2] not in RESERVED
    )


def split_binding(binding: str) -> tuple[str, str]:
    """``("value"|"change"|"target", figure key)`` of a Run.figure."""
    kind, colon, key = binding.partition(":")
    return (kind, key) if colon else ("value", binding)


def bound_text(binding: str, figure: Figure, guarded: Iterable[str] = ()) -> str:
    """What a run bound to ``binding`` prints: the one form it may have."""
    kind, key = split_binding(binding)
    if kind == "change":
        return "" if key in guarded else change_words(figure)
    if kind == "target":
        return "" if key in guarded else target_words(figure)
    return printed(figure, withhold=key in guarded)


def prints(run: Run, figures: Mapping[str, Figure], guarded: Iterable[str] = ()) -> bool:
    """Whether a bound run shows exactly its figure (a capital at the start of a sentence aside)."""
    figure = figures.get(split_binding(run.figure or "")[1])
    if run.figure is None or figure is None:
        return False
    text = nfc(bound_text(run.figure, figure, guarded))
    return run.text == text or run.text == text[:1].upper() + text[1:]


class FigureTable(Mapping[str, Figure]):
    """The figures of a report by key. What the catalogue knows and nobody measured is made as ``no_data``."""

    def __init__(self, catalog: Catalog, figures: Iterable[Figure], profile: str = "") -> None:
        self._catalog = catalog
        self._profile = profile
        self._figures = {figure.key: figure for figure in figures}

    def __getitem__(self, key: str) -> Figure:
        """The figure ``key``. Raises Refused ``outline_invalid`` when the catalogue has no such figure."""
        known = self._figures.get(key)
        if known is not None:
            return known
        name, slash, split = key.partition("/")
        indicator = self._catalog.indicators.get(name)
        parted = split_field(self._catalog, indicator) if indicator is not None else None
        if indicator is None or (slash and (parted is None or split not in parted.choice_titles)):
            raise Refused(
                "outline_invalid",
                f"Đề cương nhắc tới chỉ tiêu “{key}” không có trong danh mục nên chưa lập được dự thảo; "
                "hãy cập nhật danh mục hoặc sửa đề cương.",
                figure=key,
            )
        figure = blank_figure(self._catalog, indicator, split if slash else None)
        if slash and (whole := self[name]).state != "no_data":
            value = 0 if whole.state == "value" else None
            figure = replace(figure, state=whole.state, value=value, source=whole.source)
        self._figures[key] = figure
        return figure

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._figures))

    def __len__(self) -> int:
        return len(self._figures)

    def ensure(self, keys: Iterable[str]) -> None:
        """Make the figures ``keys`` that concern this office and nobody measured."""
        for key in keys:
            if self.applies(key) and key not in self._figures:
                self._figures[key] = self[key]

    def may_be_silent(self, key: str) -> bool:
        """Whether nobody is asked about the figure when there is no data."""
        indicator = self._catalog.indicators.get(key.partition("/")[0])
        return indicator is not None and indicator.optional

    def applies(self, key: str) -> bool:
        """Whether the figure concerns this kind of office at all."""
        indicator = self._catalog.indicators.get(key.partition("/")[0])
        return indicator is None or not indicator.profiles or self._profile in indicator.profiles

    @property
    def all(self) -> tuple[Figure, ...]:
        return tuple(self._figures.values())


def required(sentence: Sentence) -> tuple[str, ...]:
    """The figures whose states decide about a sentence."""
    placed = (key for kind, key in figure_places(sentence.text) if kind == "value")
    return sentence.requires or tuple(dict.fromkeys(placed))


def holds(sentence: Sentence, figures: FigureTable) -> bool:
    """Whether the sentence is for the present state of its figures (catalog.model.Sentence)."""
    keys = required(sentence)
    if not all(figures.applies(key) for key in (*keys, *(key for _, key in figure_places(sentence.text)))):
        return False
    if sentence.when == "always" or not keys:
        return sentence.when in ("always", "any", "all")
    found = [figures[key] for key in keys]
    filled = [item.state == "value" and item.value != 0 for item in found]
    if sentence.when == "any":
        return any(filled)
    if sentence.when == "all":
        return all(filled)
    states = {"nil" if item.state == "value" and item.value == 0 else item.state for item in found}
    return sentence.when in states and states <= {sentence.when, "undefined"}


def expand(
    text: str,
    words: Mapping[str, str],
    figures: Mapping[str, Figure],
    guarded: Iterable[str] = (),
    *,
    sentence: bool = True,
) -> tuple[Run, ...]:
    """The runs of one paragraph. Raises Refused ``outline_invalid`` for a place that means nothing."""
    guarded = frozenset(guarded)
    if not words.get("via"):
        text = _VIA.sub("", text)
    text = _chosen(text, figures, guarded)
    runs: list[Run] = []
    position = 0
    for match in _PLACE.finditer(text):
        runs.append(Run(_literal(text[position : match.start()], text)))
        position = match.end()
        if not match[1] and not match[3] and match[2] in RESERVED:
            runs.append(Run(nfc(words.get(match[2], ""))))
            continue
        key = match[2] + (f"/{match[3]}" if match[3] else "")
        binding = f"{match[1]}:{key}" if match[1] else key
        runs.append(Run(nfc(bound_text(binding, figures[key], guarded)), binding))
    runs.append(Run(_literal(text[position:], text)))
    return tidy(runs, sentence=sentence)


def _chosen(text: str, figures: Mapping[str, Figure], guarded: frozenset[str]) -> str:
    """``text`` without its brackets and without the optional parts that say nothing.

    Of a row of parts ("Đăng [a][, b][, c]") the first that stays has no separator: "Đăng b, c", never "Đăng, b, c".
    """
    result: list[str] = []
    position, opening = 0, False  # opening: such a row has begun, and nothing of it stays yet
    for match in _OPTIONAL.finditer(text):
        part = match[1]
        if match.start() != position or position == 0:  # another row
            opening = text[: match.start()].endswith(" ") and part[:1] not in (",", ";", " ")
        result.append(text[position : match.start()])
        position = match.end()
        if not _nothing(part, figures, guarded):
            result.append(_chosen(part.lstrip(",; ") if opening else part, figures, guarded))
            opening = False
    return "".join(result) + text[position:]


def _nothing(part: str, figures: Mapping[str, Figure], guarded: frozenset[str]) -> bool:
    """Whether an optional part has nothing to say: no number but zeros, or only comparisons that fall away."""
    places = [(kind, key) for kind, key in figure_places(part) if not _uncertain(key, figures)]
    if not places and figure_places(part):
        return True
    found = [figures[key] for kind, key in places if kind == "value"]
    if found:
        return not any(item.state == "value" and item.value for item in found)
    compared = [bound_text(f"{kind}:{key}", figures[key], guarded) for kind, key in places]
    return bool(compared) and not any(compared)


def _uncertain(key: str, figures: Mapping[str, Figure]) -> bool:
    """Whether ``key`` is a part of an estimated whole: the parts known would not add up to it."""
    whole, slash, _ = key.partition("/")
    return bool(slash) and figures[whole].estimate


def _literal(piece: str, text: str) -> str:
    if any(mark in piece for mark in "{}[]"):
        raise Refused(
            "outline_invalid",
            f"Mẫu câu “{text[:60]}” có chỗ trống viết sai nên chưa lập được dự thảo; hãy sửa đề cương.",
        )
    return nfc(piece)


def fill(text: str, words: Mapping[str, str]) -> str:
    """``text`` with its reserved words, as one tidied line each (trích yếu, Kính gửi, Nơi nhận): no end mark added."""
    if found := figure_places(text):
        raise Refused(
            "outline_invalid",
            f"Dòng “{text[:60]}” không được chứa số liệu ({found[0][1]}); hãy sửa đề cương rồi lập lại dự thảo.",
        )
    lines = (expand(line, words, {}, sentence=False) for line in text.split("\n"))
    return "\n".join("".join(run.text for run in line) for line in lines)


@dataclass(slots=True)
class _Char:
    """One character of a paragraph on its way through tidying; a bound run counts as one."""

    char: str
    run: Run


def tidy(runs: Iterable[Run], *, sentence: bool = True) -> tuple[Run, ...]:
    """Runs with clean spacing: no double blanks, nothing before a comma, no empty brackets; bound texts stay whole.

    ``sentence``: also begins with a capital and ends with a mark.
    """
    chars: list[_Char] = []
    for run in runs:
        if run.figure is not None and run.text:
            chars.append(_Char(chr(_FIRST + len(chars)), run))
        elif run.figure is None:
            chars += [_Char(" " if char in "\n\r\t" else char, run) for char in run.text]
    before = -1
    while before != len(chars):  # what one rule takes away may bring together what another is for
        before = len(chars)
        _drop_percent(chars)
        for rule in _RULES:
            while match := rule.search("".join(item.char for item in chars)):
                del chars[match.start("x") : match.end("x")]
    if sentence and chars:
        first = chars[0]
        if first.run.figure is not None:
            first.run = replace(first.run, text=first.run.text[:1].upper() + first.run.text[1:])
        else:
            first.char = first.char.upper()
        if chars[-1].char not in ".!?:;…":
            chars.append(_Char(".", Run("")))
    return _runs(chars)


def _drop_percent(chars: list[_Char]) -> None:
    """A percentage prints its sign, and words need none: a "%" written behind the place goes."""
    index = 0
    while index < len(chars):
        run = chars[index].run
        if run.figure is not None and (run.text.endswith("%") or not any(char.isdigit() for char in run.text)):
            after = index + 1
            while after < len(chars) and chars[after].char in _BLANKS + "%":
                after += 1
            if any(item.char == "%" for item in chars[index + 1 : after]):
                del chars[index + 1 : after]
        index += 1


def _runs(chars: list[_Char]) -> tuple[Run, ...]:
    result: list[Run] = []
    for item in chars:
        if item.run.figure is not None:
            result.append(item.run)
        elif result and result[-1].figure is None and _same_look(result[-1], item.run):
            result[-1] = replace(result[-1], text=result[-1].text + item.char)
        else:
            result.append(replace(item.run, text=item.char))
    return tuple(result)


def _same_look(one: Run, other: Run) -> bool:
    return one.bold == other.bold and one.italic == other.italic


def paragraph(key: str, text: str, words: Mapping[str, str], figures: Mapping[str, Figure],
              guarded: Iterable[str] = ()) -> Paragraph:  # fmt: skip
    """One template line as a paragraph; "- " and "+ " at its start make it a bullet."""
    style = next((name for name, mark in STYLES.items() if mark and text.startswith(mark)), "body")
    return Paragraph(key, expand(text.removeprefix(STYLES[style]), words, figures, guarded), style)
