"""What a write changed: screens refresh by intersection with what they show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Kinds of things changed (``record:petition``, ``plan``, ``report``, ...) and their ids."""

    kinds: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    @staticmethod
    def of(*kinds: str, ids: Iterable[str] = ()) -> Changes:
        return Changes(frozenset(kinds), frozenset(ids))

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.kinds | other.kinds, self.ids | other.ids)

    def touches(self, *prefixes: str) -> bool:
        """Whether any changed kind is, or lies under, one of ``prefixes`` (``record`` ⊃ ``record:x``)."""
        return any(kind == p or kind.startswith(p + ":") for kind in self.kinds for p in prefixes)
