"""Targets named in the text of a plan, as proposals a person decides on: a number before the unit of an indicator, in
words that are those of its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..catalog.model import Indicator
from ..kernel import vi
from ..kernel.text import fold, words

_NUMBER = re.compile(r"(?<![\w.,/])(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?\s*(%|[^\W\d_]+(?:\s+[^\W\d_]+)?)?")
_CLAUSE = re.compile(r"[;\n]|\.(?=\s|$)")
_COMMON = frozenset(("cac", "cua", "va", "trong", "theo", "ve", "duoc", "co", "cho", "voi", "tai", "ty", "le", "so"))
_ENOUGH = 60  # percent of an indicator's words that a clause must hold
_FEWEST = 2  # words in common
_QUOTE = 200


@dataclass(frozen=True, slots=True)
class TargetProposal:
    """``value``: an integer at ``scale`` of the indicator's figure; ``quote``: the words of the plan."""

    indicator: str
    value: int
    quote: str
    share: int  # how many percent of the indicator's words the clause holds


def propose(texts: Iterable[str], indicators: Iterable[tuple[Indicator, int]]) -> tuple[TargetProposal, ...]:
    """The best proposal for every indicator that the texts of a plan seem to set a target for, in catalogue order.

    ``indicators``: each with the scale its figure is printed with.
    """
    clauses = [clause for text in texts for clause in _clauses(text)]
    found = []
    for indicator, scale in indicators:
        best: TargetProposal | None = None
        for clause in clauses:
            proposal = _of_clause(indicator, scale, clause)
            if proposal is not None and (best is None or proposal.share > best.share):
                best = proposal
        if best is not None:
            found.append(best)
    return tuple(found)


def _clauses(text: str) -> Iterator[str]:
    for part in _CLAUSE.split(text):
        clause = " ".join(part.split())
        if any(char.isdigit() for char in clause):
            yield clause


def _of_clause(indicator: Indicator, scale: int, clause: str) -> TargetProposal | None:
    wanted = [word for word in words(indicator.title) if word not in _COMMON]
    held = set(words(clause))
    common = [word for word in wanted if word in held]
    share = 100 * len(common) // max(len(wanted), 1)
    if share < _ENOUGH or len(common) < min(_FEWEST, len(wanted)):
        return None
    unit = fold(indicator.unit)
    for match in _NUMBER.finditer(clause):
        said = fold(match[3] or "")
        fits = said == "%" if unit == "%" else said == unit or said.startswith(unit + " ")
        if fits:
            try:
                value = vi.parse_number(match[1] + (match[2] or ""), scale)
            except ValueError:
                continue
            return TargetProposal(indicator.key, value, clause[:_QUOTE], share)
    return None
