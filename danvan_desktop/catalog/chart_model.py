"""Charts as the catalogue declares them: which figures, in which form."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("bar", "trend", "share")


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """``figures``: indicators side by side, or ``split``: one indicator by its choices; ``profiles``: for these offices
    only (empty: all). A trend has figures only."""

    key: str
    title: str
    kind: str  # bar | trend | share
    figures: tuple[str, ...] = ()
    split: str = ""
    profiles: tuple[str, ...] = ()
