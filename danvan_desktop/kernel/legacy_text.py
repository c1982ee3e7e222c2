"""Texts typed with the old Vietnamese encodings TCVN3 (ABC, .VnTime) and VNI, read as Unicode."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .syllables import is_syllable
from .text import nfc

# Each old code as it looks when read as Windows-1252/Latin-1, and its letter.
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)

_VNI_MARKS = {  # the mark VNI writes behind its letter: letters it goes with → results
    "ù": ("aeouyôö", "áéóúýớứ"), "ø": ("aeouyôö", "àèòùỳờừ"), "û": ("aeouyôö", "ảẻỏủỷởử"),
    "õ": ("aeouyôö", "ãẽõũỹỡữ"), "ï": ("aeouyôö", "ạẹọụỵợự"), "â": ("aeo", "âêô"), "á": ("aeo", "ấếố"),
    "à": ("aeo", "ầềồ"), "å": ("aeo", "ẩểổ"), "ã": ("aeo", "ẫễỗ"), "ä": ("aeo", "ậệộ"), "ê": ("a", "ă"),
    "é": ("a", "ắ"), "è": ("a", "ằ"), "ú": ("a", "ẳ"), "ü": ("a", "ẵ"), "ë": ("a", "ặ"),
}  # fmt: skip
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ñ": "đ", "î": "ỵ"}

_COMMON = re.compile(
    r"(?<!\w)(?:các|của|và|công|tác|dân|vận|thực|hiện|nhân|tổ|chức|kế|hoạch|nhiệm|vụ|chính|quyền|ủy|xã|báo|cáo|năm|"
    r"được|với|đơn|vị|nội|dung|cán|bộ|đảng|phòng|trước|ngày|tháng)(?!\w)",
    re.IGNORECASE,
)


def common_words(text: str) -> int:
    """How many common Vietnamese words ``text`` holds: the measure by which encodings are told apart."""
    return len(_COMMON.findall(text[:20_000]))


def from_tcvn3(text: str) -> str:
    """TCVN3 codes (read as Latin-1) as Unicode; capitals of the .VnTimeH fonts stay small letters."""
    return "".join(_TCVN3.get(char, char) for char in text)


def from_vni(text: str) -> str:
    """VNI codes (read as Windows-1252) as Unicode."""
    out: list[str] = []
    index = 0
    while index < len(text):
        char = text[index]
        follower = text[index + 1] if index + 1 < len(text) else ""
        row = _VNI_MARKS.get(follower.lower())
        at = row[0].find(char.lower()) if row else -1
        if row and at >= 0:
            letter = row[1][at]
            out.append(letter.upper() if char.isupper() else letter)
            index += 2
            continue
        single = _VNI_SINGLE.get(char.lower())
        out.append((single.upper() if char.isupper() else single) if single else char)
        index += 1
    return "".join(out)


def modernise(text: str) -> str:
    """``text`` itself, or its reading from TCVN3 or VNI where that gives clearly more Vietnamese words."""
    best, score = text, common_words(text)
    letters = sum(char.isalpha() for char in text[:20_000])
    if letters < 20 or score * 25 > letters:
        return text
    for candidate in (from_tcvn3(text), from_vni(text)):
        found = common_words(candidate)
        if found > max(2 * score, 3):
            best, score = candidate, found
    return best


# --- short texts: cells of a sheet ---------------------------------------------------------------------------------

ENCODINGS = {"tcvn3": "TCVN3 (phông .VnTime)", "vni": "VNI"}
_READERS = {"tcvn3": from_tcvn3, "vni": from_vni}
_OLD_WORD = re.compile(r"[A-Za-z\u0080-\u00ff]*[\u0080-\u00ff][A-Za-z\u0080-\u00ff]*")


def read_as(encoding: str, text: str) -> str:
    """``text`` read in one of :data:`ENCODINGS`."""
    return nfc(_READERS[encoding](text))


def _could_be_old(text: str) -> bool:
    return not text.isascii() and all(char <= "\u00ff" for char in text)


def _good_words(text: str) -> tuple[int, int]:
    """(words with marks that are Vietnamese syllables, words with marks that are not)."""
    good = bad = 0
    for word in re.findall(r"[^\W\d_]+|[^\x00-\x7f]+", text):
        if not word.isascii():
            good, bad = (good + 1, bad) if is_syllable(word) else (good, bad + 1)
    return good, bad


def guess_encoding(texts: Iterable[str]) -> str | None:
    """The old encoding some of ``texts`` are written in; None when they are Unicode, or plain.

    Many cells of one column tell what one alone may not ("cã" is a syllable, and "có" in TCVN3). Texts with letters no
    old encoding has say nothing: :func:`converted` leaves them alone.
    """
    votes = {"tcvn3": 0, "vni": 0}
    against = 0
    for text in texts:
        if not _could_be_old(text):
            continue
        for word in _OLD_WORD.findall(text):
            fits = [name for name in votes if _all_good(read_as(name, word))]
            if is_syllable(word):
                against += not fits
                continue  # may be either
            for name in fits:
                votes[name] += 2 if len(fits) == 1 else 1
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] > against else None


def clearly_old(encoding: str, text: str) -> bool:
    """Whether ``text`` makes no sense as it is and does in ``encoding``."""
    return _could_be_old(text) and _good_words(text)[1] > 0 and _good_words(read_as(encoding, text))[1] == 0


def is_unicode(text: str) -> bool:
    """Whether ``text`` has letters that no old encoding has."""
    return not text.isascii() and max(text) > "\u00ff"


def _all_good(text: str) -> bool:
    good, bad = _good_words(text)
    return good > 0 and bad == 0


def converted(encoding: str, text: str) -> str:
    """``text`` read in ``encoding`` where that makes no fewer Vietnamese words of it, else as it is."""
    if not _could_be_old(text):
        return text
    candidate = read_as(encoding, text)
    good, bad = _good_words(candidate)
    as_is_good, as_is_bad = _good_words(text)
    return candidate if bad <= as_is_bad and good + 1 >= as_is_good else text
