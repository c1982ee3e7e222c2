"""The name of the issuing agency, out of the capitals of the head."""

from __future__ import annotations

import re

from .wording import AGENCY_START, fold_same, is_caps, tidy

_VOWEL = re.compile("[aeiouy]")  # a word without one is an abbreviation ("CHQS", "THPT")
_HELD = frozenset({"ubnd", "hdnd", "mttq", "vhxh", "btt", "gd&dt", "hdnd-ubnd"})

# The organ that acts for the agency named above it.
_ORGANS = {
    "ban thuong truc": "Ban Thường trực", "ban chap hanh": "Ban Chấp hành", "ban thuong vu": "Ban Thường vụ",
    "thuong truc": "Thường trực", "ban giam hieu": "Ban Giám hiệu",
}  # fmt: skip


def issuer_name(lines: list[str], body: str) -> str | None:
    """The issuing agency of the head's left column, in the spelling of the body where it names it."""
    if not lines:
        return None
    if len(lines) > 1 and fold_same(lines[-1]) in _ORGANS and not _place_only(lines[-1]):
        whole = issuer_name(lines[:-1], body)  # "ỦY BAN MTTQ VIỆT NAM / XÃ A / BAN THƯỜNG TRỰC"
        return f"{_ORGANS[fold_same(lines[-1])]} {whole}"
    start = 0
    for index, line in enumerate(lines):
        after_office = index > 0 and fold_same(lines[index - 1]) in ("van phong", "ban quan ly")
        if AGENCY_START.match(fold_same(line)) and not after_office and not _place_only(line):
            start = index
    name = tidy(" ".join(lines[start:]))
    if not is_caps(name):
        return name
    return _spelled(name, body)


def _place_only(line: str) -> bool:
    return bool(re.match(r"(?:xa|phuong|to|ap|thon|dac khu|khu pho)\b", fold_same(line)))


def _spelled(name: str, body: str) -> str:
    """``name`` (capitals) as the body writes it, else by the rules of capitals for agencies and places."""
    lowered = fold_same(body)
    full = fold_same(name)
    for form in (full, full.replace("uy ban nhan dan", "ubnd"), full.replace("ubnd", "uy ban nhan dan")):
        at = lowered.find(form)
        while at >= 0:
            spelling = body[at : at + len(form)]
            if not is_caps(spelling) and len(form) == len(spelling):
                head = "Ủy ban nhân dân" if full.startswith("uy ban nhan dan") else ""
                if head and spelling.startswith("UBND"):
                    return head + spelling[4:]
                return spelling[0].upper() + spelling[1:]
            at = lowered.find(form, at + 1)
    return _capitals(name)


_COMMON = frozenset(
    re.findall(
        r"\w+",
        "ủy uỷ ban nhân dân xã phường tỉnh huyện thị trấn thành phố và các của sở phòng văn trung tâm trường tiểu học "
        "bộ mầm non dịch vụ công hành chính môi chi cục đặc khu hội đồng",
    )
)
_PLACES = frozenset({"xã", "phường", "tỉnh", "huyện", "trấn", "phố", "khu"})


def _capitals(name: str) -> str:
    words = name.split()
    out: list[str] = []
    place = False
    for index, word in enumerate(words):
        small = word.lower()
        if fold_same(word) in _HELD or (len(word) > 1 and not _VOWEL.search(fold_same(word))):
            out.append(word)
        elif (
            (place and small not in ("và", "-"))
            or index == 0
            or (small not in _COMMON and (out[-1] in ("-", "Sở", "Phòng", "tâm", "và") or index == 1))
        ):
            out.append(word.capitalize())
        else:
            out.append(small)
        if small in _PLACES and not (small == "khu" and index and words[index - 1].lower() != "đặc"):
            place = True
    return " ".join(out).replace("việt nam", "Việt Nam").replace("mặt trận tổ quốc", "Mặt trận Tổ quốc")
