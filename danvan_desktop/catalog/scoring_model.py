"""Schemes by which an office scores itself (DOMAIN §8.6), as declared data. Points are integers of a hundredth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

POINT = 100  # a point is a hundred hundredths


@dataclass(frozen=True, slots=True)
class Criterion:
    """``rule``: how it is scored, in words. ``zero_blocks_rank``: 0 here keeps from a band that asks for no zero."""

    code: str  # "I.1"
    text: str
    maximum: int
    rule: str = ""
    evidence_required: bool = False
    zero_blocks_rank: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """``minimum``: the least total; ``no_zero``: not given while a criterion that blocks stands at 0."""

    key: str
    title: str
    minimum: int
    no_zero: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """What happened in the year (said yes or no) and the best band still given then."""

    key: str
    text: str
    band: str


@dataclass(frozen=True, slots=True)
class ScoringScheme:
    """``bands``: best first. ``frame``: the sub-criteria are not known here; main groups only."""

    key: str
    title: str
    source: str
    valid_from: date
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    caps: tuple[Cap, ...] = ()
    bonus_ceiling: int = 0
    bonus_text: str = ""
    penalty_ceiling: int = 0
    penalty_text: str = ""
    unscored_band: str = ""  # the band of an office that did not score itself
    note: str = ""
    frame: bool = False

    @property
    def maximum(self) -> int:
        """The sum of the criteria."""
        return sum(item.maximum for item in self.criteria)

    def criterion(self, code: str) -> Criterion | None:
        """The criterion ``code``, if the scheme has it."""
        return next((item for item in self.criteria if item.code == code), None)
