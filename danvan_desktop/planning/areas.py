"""To which of the eight areas the words of a task belong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from ..catalog.model import Area
from ..kernel.assets import resources
from .wording import fold_same, tidy

_OPENING = 130  # characters: what a task begins with says more than what it mentions
_OPENING_WEIGHT = 3
_LEAST = 3


@cache
def shipped_words() -> Mapping[int, tuple[tuple[str, int], ...]]:
    """The shipped phrases of each area with their weights (resources/planning/area_words.toml)."""
    data = tomllib.loads((resources() / "planning" / "area_words.toml").read_text(encoding="utf-8"))
    return {
        int(item["number"]): tuple(
            (fold_same(phrase), weight) for weight, key in ((3, "strong"), (1, "weak")) for phrase in item.get(key, ())
        )
        for item in data["area"]
    }


@lru_cache(maxsize=4)
def _words(areas: tuple[tuple[int, tuple[str, ...]], ...]) -> Mapping[int, Mapping[str, int]]:
    """The shipped phrases and those of the catalogue's areas, with their weights."""
    words = {number: dict(phrases) for number, phrases in shipped_words().items()}
    for number, phrases in areas:
        words.setdefault(number, {}).update({fold_same(phrase): 3 for phrase in phrases})
    return words


def area_of(text: str, areas: Sequence[Area] = ()) -> int | None:
    """The area 1..8 whose phrases fit ``text`` best; None where none fits or two fit alike.

    ``areas`` bring their own ``plan_words``, which count like the strong shipped phrases.
    """
    folded = tidy(fold_same(text))
    opening = folded[:_OPENING]
    words = _words(tuple((area.number, area.plan_words) for area in areas))
    scores: dict[int, int] = {}
    for number, phrases in words.items():
        for phrase, weight in phrases.items():
            if phrase in opening:
                scores[number] = scores.get(number, 0) + weight * _OPENING_WEIGHT
            elif phrase in folded:
                scores[number] = scores.get(number, 0) + weight
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _LEAST or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
