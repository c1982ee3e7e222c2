"""Vietnamese text: one spelling (NFC), search without accents, dictionary order.

SQLite alone folds neither ``đ`` nor 62 of the 146 accented letters; sorting by code point puts
``ă`` after ``z``. Hence an own shadow spelling for search and an own sort key.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Order of tones in Vietnamese dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONE_ORDER = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index + 20 for index, letter in enumerate(_ALPHABET)}
_WORD = re.compile(r"\w+")
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")


def nfc(text: str) -> str:
    """``text`` in Unicode normal form C, the only form stored, hashed, drawn or compared."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """NFC, runs of blanks as one space, no blanks at line ends or around the text."""
    lines = [_SPACE.sub(" ", line).strip() for line in nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


class _Bare(dict[int, int | None]):
    """What each code point of a decomposed text becomes without accents, found out when it is first met."""

    def __missing__(self, code: int) -> int | None:
        self[code] = made = None if unicodedata.combining(chr(code)) else code
        return made


_BARE = _Bare({ord("đ"): ord("d")})


def fold(text: str) -> str:
    """The search spelling: lower case, no accents, ``đ`` as ``d``, blanks squeezed."""
    lowered = text.casefold()
    bare = lowered if lowered.isascii() else unicodedata.normalize("NFD", lowered).translate(_BARE)
    return _SPACE.sub(" ", bare).strip()


def words(text: str) -> list[str]:
    """The folded words of ``text``, for matching and for full-text queries."""
    return _WORD.findall(fold(text))


def sort_key(text: str) -> bytes:
    """Bytes that order texts as a Vietnamese dictionary does, word by word: letters before tones."""
    parts: list[bytes] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text.casefold())):
        letters = bytearray()
        tones = bytearray()
        for char in word:
            letter, tone = _letter_key(char)
            letters += letter
            tones.append(tone)
        parts.append(bytes(letters) + b"\x01" + bytes(tones))
    return b"\x00".join(parts)


def name_key(name: str) -> bytes:
    """Order of persons as in Vietnamese lists: given name, then family name, then the middle."""
    parts = name.split()
    if len(parts) < 2:
        return sort_key(name)
    return b"\x00".join(sort_key(part) for part in (parts[-1], parts[0], " ".join(parts[1:-1])))


@lru_cache(4096)
def _letter_key(char: str) -> tuple[bytes, int]:
    """Where a letter and its tone stand in the dictionary."""
    base, tone = _split_tone(char)
    rank = _RANK.get(base)
    if rank is not None:
        return bytes((rank,)), 1 + tone
    if base.isdigit():
        return bytes((2 + (ord(base) - 48) % 10,)), 1 + tone
    return b"\xf0" + base.encode("utf-8"), 1 + tone


def _split_tone(char: str) -> tuple[str, int]:
    tone = 0
    kept: list[str] = []
    for part in unicodedata.normalize("NFD", char):
        if part in _TONE_ORDER:
            tone = _TONE_ORDER[part]
        else:
            kept.append(part)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def bad_character(text: str, *, multiline: bool = False) -> str | None:
    """The name of the first character that must not be stored (controls, bidi overrides), or None."""
    if (text.replace("\n", "") if multiline else text).isprintable():  # none of them is: nearly every text ends here
        return None
    for char in text:
        if multiline and char in "\n\t":
            continue
        if unicodedata.category(char) in ("Cc", "Cs", "Co") or char in _BIDI:
            return f"U+{ord(char):04X} {unicodedata.name(char, 'ký tự điều khiển')}"
    return None


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Where words of ``text`` (NFC) begin with a word of ``query``, as search matches: (start, length) in order."""
    wanted = sorted(set(words(query)), key=len, reverse=True)
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        hit = next((word for word in wanted if folded.startswith(word)), None)
        if hit is not None:
            found.append((match.start(), min(len(hit), len(match.group()))))
    return found


def excerpt(text: str, query: str, size: int = 90) -> str:
    """A piece of ``text`` of about ``size`` letters around the first match, cut at blanks; "" where nothing matches."""
    found = marks(text, query)
    if not found:
        return ""
    line = " ".join(text.split())
    start = max(0, marks(line, query)[0][0] - size // 4)
    if start:
        start = line.find(" ", start) + 1
    end = len(line) if len(line) <= start + size else max(line.rfind(" ", start, start + size), start + size // 2)
    return ("… " if start else "") + line[start:end] + (" …" if end < len(line) else "")
