"""Texts typed with the old Vietnamese encodings TCVN3 (ABC, .VnTime) and VNI, read as Unicode."""

from __future__ import annotations

import re

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
