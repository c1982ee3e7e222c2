"""Letters of plan texts: a folding that keeps every position, and the names by which agencies begin."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FOLDED: dict[str, str] = {}


def fold_same(text: str) -> str:
    """Lower case without accents, ``đ`` as ``d``, **character for character**: spans found in it hold in ``text``.

    Dashes of every kind become ``-``, blanks a space, so that patterns stay readable.
    """
    return _fold_line(text) if len(text) < 400 else _fold(text)


def _fold(text: str) -> str:
    return "".join(_FOLDED.get(char) or _fold_char(char) for char in text)


_fold_line = lru_cache(maxsize=2048)(_fold)  # every reader folds the same lines again


def _fold_char(char: str) -> str:
    if char == "\n":
        folded = char
    elif char.isspace():
        folded = " "
    elif unicodedata.category(char) == "Pd" or char == "−":
        folded = "-"
    else:
        folded = unicodedata.normalize("NFD", char)[0].lower().replace("đ", "d")[:1] or char
    if len(_FOLDED) < 4096:  # texts may hold any character; the table stays small
        _FOLDED[char] = folded
    return folded


def is_caps(text: str) -> bool:
    """True when nearly all letters are capitals (a stray small letter of an OCR does not matter)."""
    letters = [char for char in text if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    return len(letters) >= 2 and upper >= 0.85 * len(letters)


def starts_small(text: str) -> bool:
    """True when the first letter or digit is a small letter."""
    for char in text:
        if char.isalnum():
            return char.islower()
    return False


# Folded beginnings of the name of an agency, an officer or a group of them.
AGENCY = (
    r"(?:uy ban nhan dan|uy ban mttq|uy ban mat tran|uy ban|ubnd|ubmttqvn|ubmttq|hdnd|hoi dong nhan dan|"
    r"so(?! (?:ket|lieu|luong|lan|voi|nay|\d))|phong(?! (?:trao|cach|chong|tranh|ngua))|van phong|trung tam|"
    r"ban(?! (?:hanh|giao|chat|thao|tin|dang ky|cam ket|bao cao|ke hoach|goc|mem|tong hop))|"
    r"tat ca|toan the|"
    r"cac(?! (?:noi dung|nhiem vu|ket qua|hoat dong|mo hinh|van de|bien phap|giai phap|linh vuc|van ban|tang lop|"
    r"quy dinh|chi tieu|chu truong|hinh thuc|phong trao|dien hinh|du an|y kien|cuoc|buoi|chinh sach|nghi quyet|"
    r"muc tieu|thong tin|so lieu|bien ban|bao cao|tai lieu|cuoc hop|hoi nghi|buoc|"
    r"tieu chi|cong viec|truong hop|mat|loai|ho|tin|bai))|"
    r"thu truong|nguoi dung dau|lanh dao|thuong truc|dang uy|chi bo|tinh uy|thanh uy|huyen uy|"
    r"bo(?! (?:tri|sung|may|phieu|mat|qua))|chinh phu|chu tich|pho chu tich|bi thu|giam doc|chanh|"
    r"truong(?! hop)|cong an|quan su|chi cuc|cuc|mat tran|mttqvn|mttq|hoi(?! (?:nghi|thao|thi|hop|nhap))|doan(?! ket)|"
    r"cong doan|to(?! chuc)|tram|nha truong|don vi|co quan|bo phan|can bo|cong chuc|vien chuc|thanh vien|thanh tra|"
    r"dai(?! (?:bieu|hoi|doan ket))|bao(?! (?:cao|dam|ve|gom|chi))|kho bac|khu pho|thon|ap(?! dung)|dong chi|d/c|"
    r"chuyen vien|vu(?! (?:viec|an|mua))|tong cuc|toa an|vien (?:kiem sat|"
    r"nghien cuu)|hat|doi(?! (?:thoai|voi|moi|tuong|ngu))|xa(?! hoi)|"
    r"phuong(?! (?:phap|an|thuc|cham))|dac khu|cap uy|dang bo|nhom|hieu truong|benh vien|van thu|ke toan|"
    r"ngan hang|buu dien|doanh nghiep|hiep hoi|lien minh|lien doan|hop tac xa|tap doan|tong cong ty|cong ty|tieu ban|"
    r"kiem lam|hoc vien|nha van hoa|trang thong tin|cong thong tin|bo chi huy|bo doi bien phong|"
    r"quy (?:dau tu|bao tro|ho tro)|thue|uy vien|thu tuong)"
)
AGENCY_START = re.compile(AGENCY + r"(?![\w])")


def tidy(text: str) -> str:
    """Runs of blanks as one, no blank before a comma or stop that follows a word."""
    return re.sub(r"\s+", " ", text).strip()
