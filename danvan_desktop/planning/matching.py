"""Which task of a plan read again is which of the plan kept: by its words, so that the work on it stays with it."""

from __future__ import annotations

from collections.abc import Sequence

from ..kernel.text import words
from .model import Task

_SAME_MARK = 60  # percent of common words that make a task the same one, under the same mark
_OTHER_MARK = 75


def same_tasks(kept: Sequence[Task], read: Sequence[Task]) -> dict[int, str]:
    """Place in ``read`` → id in ``kept``, each at most once; the likest pairs first. What is not in it is new."""
    old = [(task.id, task.mark or "", set(words(task.text))) for task in kept]
    pairs: list[tuple[int, int, str]] = []
    for place, task in enumerate(read):
        held = set(words(task.text))
        for key, mark, known in old:
            likeness = 200 * len(held & known) // max(len(held) + len(known), 1)
            same = mark == (task.mark or "")
            if likeness >= (_SAME_MARK if same else _OTHER_MARK):
                pairs.append((likeness * 2 + same, place, key))
    found: dict[int, str] = {}
    taken: set[str] = set()
    for _likeness, place, key in sorted(pairs, key=lambda item: (-item[0], item[1])):
        if place not in found and key not in taken:
            found[place] = key
            taken.add(key)
    return found
