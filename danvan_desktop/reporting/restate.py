"""A figure from before a merger, said for what the places became (DESIGN §8.1: the roll-up rule of its indicator)."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalog.model import Indicator, Rollup
from .figures import divide
from .model import Figure


def restate(indicator: Indicator, parts: Sequence[tuple[str, Figure | None]]) -> int | None:
    """What the figures of the predecessors come to for the successor; None where that cannot be said.

    ``parts``: (ISO date the figure is of, the figure or None). ``sum``: all of them, and every one must be known;
    ``latest``: the newest; ``weighted``: numerators over denominators; ``none``: only a single predecessor speaks for
    its successor. Figures of another definition are never used.
    """
    same = [
        (day, item) for day, item in parts if item is not None and item.definition_hash == indicator.definition_hash
    ]
    known = [(day, item) for day, item in same if item.state in ("value", "nil")]
    if not known:
        return None
    match indicator.rollup:
        case Rollup.LATEST:
            return max(known, key=lambda pair: pair[0])[1].value or 0
        case Rollup.NONE:
            return (known[0][1].value or 0) if len(parts) == len(known) == 1 else None
        case Rollup.WEIGHTED:
            return _weighted(indicator, parts, [item for _, item in known])
        case Rollup.SUM:
            return sum(item.value or 0 for _, item in known) if len(known) == len(parts) else None


def _weighted(indicator: Indicator, parts: Sequence[tuple[str, Figure | None]], known: Sequence[Figure]) -> int | None:
    tops = [item.numerator for item in known]
    bottoms = [item.denominator for item in known]
    if len(known) != len(parts) or None in tops or None in bottoms:
        return None
    top, bottom = sum(item or 0 for item in tops), sum(item or 0 for item in bottoms)
    return divide(top, bottom, indicator.scale, percent=indicator.unit == "%") if bottom else None
