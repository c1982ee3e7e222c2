"""Where words stand in a text that somebody reads, as people look for them: accents and capitals as they were typed."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from .text import fold, nfc


def places(text: str, wanted: str, *, exact_case: bool = False, exact_marks: bool = False) -> list[tuple[int, int]]:
    """``(start, end)`` of every place of ``wanted`` in ``text``, none over another, whatever their normal forms.

    Words typed without accents also find those with them ("du an": "dự án"), unless ``exact_marks``; typed with
    accents they find only these. Capitals make no difference unless ``exact_case``.
    """
    target = nfc(wanted)
    bare = not exact_marks and target.casefold() == _bare(target)

    def key(cluster: str) -> str:
        letter = _bare(cluster) if bare else nfc(cluster)
        if exact_case and bare:
            letter = letter.upper() if cluster[:1].isupper() else letter
        return letter if exact_case else letter.casefold()

    keys: list[str] = []
    starts: list[int] = []  # of the text, for every character of the keys
    for begin, end in _clusters(text):
        made = key(text[begin:end])
        keys.append(made)
        starts += [begin] * len(made)
    starts.append(len(text))
    looked = "".join(key(target[begin:end]) for begin, end in _clusters(target))
    hay = "".join(keys)
    found: list[tuple[int, int]] = []
    at = hay.find(looked) if looked else -1
    while at >= 0:
        found.append((starts[at], starts[at + len(looked)]))
        at = hay.find(looked, at + len(looked))
    return found


def _clusters(text: str) -> list[tuple[int, int]]:
    """Letters with the accents that follow them."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return [(at, at + 1) for at in range(len(text))]
    result: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if result and unicodedata.combining(char):
            result[-1] = (result[-1][0], at + 1)
        else:
            result.append((at, at + 1))
    return result


def _bare(text: str) -> str:
    """Lower case without accents, blanks as they stand."""
    if text.isspace():
        return " " if text in "\u00a0 " else text
    return "".join(map(_plain, nfc(text)))


@lru_cache(4096)
def _plain(char: str) -> str:
    return fold(char) or char
