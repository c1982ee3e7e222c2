"""What the first-start wizard proposes and checks: head lines, symbols, signing forms, lists typed line by line."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..kernel import assets
from ..kernel.text import bad_character, fold, squeeze
from ..reporting.office import Signer, head_lines
from .context import ROLE_TITLES
from .setup import ACCOUNT_NAME, PROFILES, AccountSpec, Place, SetupProfile, checked_profile
from .signing_forms import offered

_LEVELS = ("xã", "phường", "đặc khu", "huyện", "thị xã", "thành phố", "tỉnh")
# Offices whose papers carry the name of the commune or province twice when it also ends their own name.
_TOWN = re.compile(rf"\s+((?:{'|'.join(_LEVELS)})\s+(?!hội\b)\S.*)$", re.IGNORECASE)  # "Văn hóa - Xã hội" is none
_COMMITTEE = "ủy ban nhân dân"
_SMALL_WORDS = frozenset({"va"})
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below


@dataclass(frozen=True, slots=True)
class ProfileHints:
    """What is proposed for one kind of office. ``signing``: authority lines to choose from."""

    key: str
    title: str
    sentence: str
    name_example: str
    superior_example: str
    via: str
    drafting_unit: str
    signing: tuple[tuple[str, ...], ...]
    agencies: tuple[str, ...]
    needs_parent: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything the wizard has asked, as typed. ``signers``: (authority lines, name)."""

    profile: str = ""
    name: str = ""
    short_name: str = ""
    place: str = ""
    symbol_suffix: str = ""
    drafting_unit: str = ""
    parent_name: str = ""
    via_name: str = ""
    superior_lines: tuple[str, ...] = ()
    issuer_lines: tuple[str, ...] = ()
    signers: tuple[tuple[tuple[str, ...], str], ...] = ()
    agencies: str = ""
    villages: str = ""
    account_name: str = ""
    account_label: str = ""
    roles: tuple[str, ...] = ()
    password: str = ""
    password_again: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is missing or wrong: the field of :class:`Answers`, and the sentence."""

    field: str
    message: str


@cache
def hints() -> Mapping[str, ProfileHints]:
    """The proposals, by profile, in the order they are shown."""
    data: dict[str, Any] = tomllib.loads(
        (assets.resources() / "templates" / "first_start.toml").read_text(encoding="utf-8")
    )
    return {
        key: ProfileHints(
            key=key,
            title=title,
            sentence=data[key]["sentence"],
            name_example=data[key]["name_example"],
            superior_example=data[key]["superior_example"],
            via=data[key].get("via", ""),
            drafting_unit=data[key].get("drafting_unit", ""),
            signing=offered(data[key]["posts"]),
            agencies=tuple(data[key].get("agencies", ())),
            needs_parent=key != "parent",
        )
        for key, title in PROFILES.items()
    }


def propose_head(name: str, superior: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``(superior lines, issuer lines)``: the town is not said twice when the superior's line already names it.

    >>> propose_head("Trung tâm Phục vụ hành chính công xã Vĩnh Thủy", "Ủy ban nhân dân xã Vĩnh Thủy")
    (('UBND XÃ VĨNH THỦY',), ('TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG',))
    """
    own, above = squeeze(name), squeeze(superior)
    town = _TOWN.search(own)
    if town and not _is_committee(own) and fold(above).endswith(fold(town[1])):
        own = own[: town.start()]
    return head_lines(own, above)


def propose_symbol(name: str) -> str:
    """The suffix of document symbols: ``UBND`` of a people's committee, else the first letters of the name.

    >>> propose_symbol("Sở Nông nghiệp và Môi trường")
    'SNNMT'
    """
    own = squeeze(name)
    if _is_committee(own):
        return "UBND"
    town = _TOWN.search(own)
    if town:
        own = own[: town.start()]
    words = [word for word in re.findall(r"\w+", own) if fold(word) not in _SMALL_WORDS]
    return "".join(_plain(word[0].upper()) for word in words)


def _plain(letter: str) -> str:
    """A capital as symbols write it: without its tone (Ủ is U), but Đ, Ô, Ơ, Ư and their like stay."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES)
    return unicodedata.normalize("NFC", bare)


def propose_place(name: str, superior: str) -> str:
    """The place name of "Vĩnh Thủy, ngày …": the town named by the office or by its superior (NĐ 30/2020, II.4)."""
    for text in (squeeze(name), squeeze(superior)):
        town = _TOWN.search(text)
        if town:
            level = next(item for item in _LEVELS if fold(town[1]).startswith(fold(item) + " "))
            named = str(town[1])
            rest = named[len(level) :].strip()
            return named[0].upper() + named[1:] if re.fullmatch(r"\d+|Hồ Chí Minh", rest) else rest
    return ""


def propose_account(label: str) -> str:
    """An account name of a person's name: ``Nguyễn Thị Hường`` → ``huong.nt``."""
    words: list[str] = re.findall(r"[a-z0-9]+", fold(label))
    if not words:
        return ""
    return words[-1] + ("." + "".join(word[0] for word in words[:-1]) if len(words) > 1 else "")


def _is_committee(name: str) -> bool:
    return fold(name).startswith((fold(_COMMITTEE), "ubnd"))


def places(text: str, kind: str = "") -> tuple[Place, ...]:
    """One place a line, ``Tên; tên viết tắt``; empty lines and repeated names are left out."""
    found: dict[str, Place] = {}
    for line in squeeze(text).splitlines():
        name, _mark, short = (part.strip() for part in line.partition(";"))
        if name:
            found.setdefault(name.casefold(), Place(name, short, kind))
    return tuple(found.values())


def faults(answers: Answers, step: str) -> list[Fault]:
    """What keeps the officer from leaving ``step`` (profile, office, head, signers, places, account)."""
    return [*_unreadable(answers), *_CHECKS[step](answers)]


def _unreadable(answers: Answers) -> list[Fault]:
    texts = {
        "name": answers.name, "short_name": answers.short_name, "place": answers.place,
        "symbol_suffix": answers.symbol_suffix, "parent_name": answers.parent_name, "via_name": answers.via_name,
        "account_label": answers.account_label,
    }  # fmt: skip
    return [
        Fault(key, f"Có ký tự không dùng được ({bad_character(text)}). Hãy gõ lại.")
        for key, text in texts.items()
        if bad_character(text)
    ]


def _profile(answers: Answers) -> list[Fault]:
    return [] if answers.profile in PROFILES else [Fault("profile", "Hãy chọn loại cơ quan.")]


def _office(answers: Answers) -> list[Fault]:
    wanted = (
        ("name", answers.name, "Hãy nhập tên đầy đủ của cơ quan."),
        ("short_name", answers.short_name, "Hãy nhập tên viết tắt của cơ quan."),
        ("place", answers.place, "Hãy nhập địa danh ghi trên văn bản (ví dụ: Vĩnh Thủy)."),
        ("symbol_suffix", answers.symbol_suffix, "Hãy nhập phần chữ của ký hiệu văn bản (ví dụ: UBND)."),
    )
    return [Fault(key, sentence) for key, value, sentence in wanted if not squeeze(value)]


def _head(answers: Answers) -> list[Fault]:
    found = []
    if answers.profile != "parent" and not squeeze(answers.parent_name):
        found.append(Fault("parent_name", "Hãy nhập tên cơ quan cấp trên nhận báo cáo."))
    if not answers.issuer_lines:
        found.append(Fault("issuer_lines", "Hãy nhập tên cơ quan ban hành như in ở đầu văn bản."))
    return found


def _signers(answers: Answers) -> list[Fault]:
    if not answers.signers:
        return [Fault("signers", "Hãy nhập ít nhất một người ký báo cáo.")]
    return [
        Fault("signers", f"Người ký thứ {number} còn thiếu {'họ và tên' if lines else 'dòng quyền hạn, chức vụ'}.")
        for number, (lines, name) in enumerate(answers.signers, 1)
        if not lines or not squeeze(name)
    ]


def _places(answers: Answers) -> list[Fault]:
    if answers.profile == "commune_hub" and not places(answers.agencies):
        return [Fault("agencies", "Hãy nhập các cơ quan, đơn vị của xã, mỗi dòng một đơn vị.")]
    return []


def _account(answers: Answers) -> list[Fault]:
    found = []
    if not squeeze(answers.account_label):
        found.append(Fault("account_label", "Hãy nhập họ và tên người dùng."))
    if not account_name_fits(answers.account_name):
        found.append(Fault("account_name", NAME_RULE))
    found += password_faults(answers.password, answers.password_again)
    if not answers.roles:
        found.append(Fault("roles", "Hãy chọn ít nhất một vai trò."))
    return found


NAME_RULE = "Tên đăng nhập gồm chữ thường không dấu, chữ số, dấu chấm (ví dụ: huong.nt)."
MIN_PASSWORD = 8


def account_name_fits(name: str) -> bool:
    """Whether ``name`` can be the name of an account: typed alike on every keyboard."""
    return bool(ACCOUNT_NAME.fullmatch(name))


def password_faults(password: str, again: str) -> list[Fault]:
    """What is wrong with a new password typed twice."""
    if not password.strip():
        return [Fault("password", "Hãy đặt mật khẩu.")]
    if len(password) < MIN_PASSWORD:
        return [Fault("password", f"Mật khẩu cần ít nhất {MIN_PASSWORD} ký tự.")]
    if password != again:
        return [Fault("password_again", "Hai lần nhập mật khẩu chưa giống nhau. Hãy nhập lại.")]
    return []


_CHECKS = {
    "profile": _profile,
    "office": _office,
    "head": _head,
    "signers": _signers,
    "places": _places,
    "account": _account,
}
STEPS: Sequence[str] = tuple(_CHECKS)


def summary(answers: Answers) -> list[str]:
    """What will be made, in lines to be read over once more; no password in it."""
    agencies, villages = places(answers.agencies), places(answers.villages)
    signers = "; ".join(f"{name} ({' / '.join(lines)})" for lines, name in answers.signers)
    roles = ", ".join(ROLE_TITLES[role] for role in answers.roles)
    parent = squeeze(answers.parent_name) + (f" (qua {squeeze(answers.via_name)})" if answers.via_name.strip() else "")
    return [
        f"Loại cơ quan: {PROFILES.get(answers.profile, '')}",
        f"Cơ quan: {squeeze(answers.name)}" + (f"; cấp trên: {parent}" if parent else ""),
        f"Người ký: {signers}",
        f"Đơn vị ghi việc: {len(agencies) or 1}; thôn, tổ dân phố: {len(villages)}",
        f"Tài khoản: {squeeze(answers.account_label)} ({answers.account_name}); vai trò: {roles}",
    ]


def to_profile(answers: Answers) -> SetupProfile:
    """The answers as set-up takes them. Raises Refused ``profile_invalid``."""
    return checked_profile(
        SetupProfile(
            profile=answers.profile,
            name=squeeze(answers.name),
            short_name=squeeze(answers.short_name),
            place=squeeze(answers.place),
            superior_lines=answers.superior_lines,
            issuer_lines=answers.issuer_lines,
            symbol_suffix=squeeze(answers.symbol_suffix),
            drafting_unit=squeeze(answers.drafting_unit),
            parent_name=squeeze(answers.parent_name),
            via_name=squeeze(answers.via_name),
            signers=tuple(Signer(lines, squeeze(name)) for lines, name in answers.signers),
            agencies=places(answers.agencies, "agency"),
            villages=places(answers.villages, "thôn"),
            accounts=(AccountSpec(answers.account_name, squeeze(answers.account_label), answers.roles),),
        )
    )
