"""Whether a word can be a Vietnamese syllable: by that a text in a wrong encoding is told from a right one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_RIME = (
    "a(?:ch|c|i|m|nh|ng|n|o|p|t|u|y)?|ă(?:c|m|ng|n|p|t)|â(?:c|m|ng|n|p|t|u|y)"
    "|e(?:c|m|ng|n|o|p|t)?|ê(?:ch|c|m|nh|ng|n|p|t|u)?|i(?:ch|c|m|nh|n|p|t|u|a)?|iê(?:c|m|ng|n|p|t|u)"
    "|o(?:c|i|m|ng|n|p|t)?|oo(?:c|ng)|ô(?:c|i|m|ng|n|p|t)?|ơ(?:i|m|n|p|t)?"
    "|u(?:a|c|i|m|ng|n|p|t)?|uô(?:c|i|m|ng|n|t)|ư(?:a|c|i|m|ng|n|t|u)?|ươ(?:c|i|m|ng|n|p|t|u)"
    "|oa(?:ch|c|i|m|nh|ng|n|o|p|t|y)?|oă(?:c|m|ng|n|t)|oe(?:n|o|t)?|uâ(?:n|ng|t|y)|uê(?:ch|nh|n|t|u)?"
    "|uy(?:a|ch|n|nh|p|t|u)?|uyê(?:n|t)|uơ|y(?:t|n)?|yê(?:m|n|ng|t|u)"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_RIME})")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether ``word`` (letters only, any case, composed or not) is spelled as a Vietnamese syllable can be."""
    bare: list[str] = []
    tones = 0
    for char in unicodedata.normalize("NFD", word.casefold()):
        if char in _TONES:
            tones += 1
        else:
            bare.append(char)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", "".join(bare))) is not None
