"""An outline as an office words it: a layer over the shipped one (DESIGN §8.7).

Wording, order and presence of sections and sentences, opening, closing, addressees and recipients may be the office's
own; what a number counts, and in which state a sentence speaks, never. What the office left as shipped follows later
catalogues; what it changed stays, and what no longer fits is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ..catalog.model import Catalog, Outline, OutlineSection, Regime, Sentence
from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc
from .model import from_json, to_json
from .sentences import RESERVED, FigureTable, figure_places

_PLACES = re.compile(r"\{[^{}]*\}")
_PARTS = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]")


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """``text`` None: as shipped; ``shown`` False: the office leaves it out."""

    key: str
    text: str | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class OwnSection:
    key: str
    title: str | None = None
    shown: bool = True
    sentences: tuple[OwnSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnOutline:
    """The office's layer over the outline ``outline``; None: as shipped. ``sections`` stand in printed order and name
    everything that was shipped when the layer was made, so that what is new since is known as new."""

    outline: str
    version: int = 0
    at: str = ""  # stamp
    by: str = ""
    opening: str | None = None
    closing: str | None = None
    addressees: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    sections: tuple[OwnSection, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values for storage."""
        value = to_json(self)
        assert isinstance(value, dict)
        return value

    @classmethod
    def from_json(cls, value: Any) -> OwnOutline:
        """The layer of stored values. Raises Refused ``report_invalid``."""
        return from_json(cls, value, "outline")


@dataclass(frozen=True, slots=True)
class Worded:
    """An outline and its regime as drafts use them; ``misfits``: sentences about what no longer fits."""

    outline: Outline
    regime: Regime
    misfits: tuple[str, ...] = ()


def wording(outline: Outline, regime: Regime, own: OwnOutline | None = None) -> OwnOutline:
    """Every word in use written out, for editing: the office's where it has its own, else the shipped ones."""
    own = own or OwnOutline(outline.key)
    shipped = {item.key: item for item in outline.sections}
    sections = []
    for mine in _completed(outline, own)[0]:
        section = shipped[mine.key]
        texts = {item.key: item.text or item.phrase for item in section.sentences}
        sentences = tuple(
            replace(item, text=texts[item.key] if item.text is None else item.text) for item in mine.sentences
        )
        sections.append(replace(mine, title=mine.title or section.title, sentences=sentences))
    return replace(
        own,
        opening=own.opening or outline.opening,
        closing=own.closing or outline.closing,
        addressees=regime.addressees if own.addressees is None else own.addressees,
        recipients=regime.recipients if own.recipients is None else own.recipients,
        sections=tuple(sections),
    )


def layer_of(catalog: Catalog, outline: Outline, regime: Regime, typed: OwnOutline) -> OwnOutline:
    """``typed`` (see :func:`wording`) as a layer: checked, and what stands as shipped left out.

    Raises Refused ``outline_invalid``, naming the place.
    """
    shipped = {item.key: item for item in outline.sections}
    named = [item.key for item in typed.sections]
    _require(len(set(named)) == len(named), "một mục nêu hai lần")
    sections = []
    for item in typed.sections:
        section = shipped.get(item.key)
        if section is None:
            raise _wrong(f"đề cương không có mục “{item.key[:60]}”")
        sections.append(_own_section(catalog, section, item))
    sections = _completed(outline, replace(typed, sections=tuple(sections)))[0]
    present = [shipped[item.key] for item in sections if item.shown]
    _require(bool(present), "không còn mục nào")
    _require(present[0].level == 1, f"mục đầu tiên “{present[0].title}” phải là mục lớn (I, II…)")
    for before, after in pairwise(present):
        _require(after.level <= before.level + 1, f"mục “{after.title}” không thể đứng ngay sau “{before.title}”")
    return replace(
        typed,
        outline=outline.key,
        opening=_own_text(catalog, typed.opening, outline.opening, "phần mở đầu"),
        closing=_own_text(catalog, typed.closing, outline.closing, "phần kết"),
        addressees=_own_lines(typed.addressees, regime.addressees, "Kính gửi"),
        recipients=_own_lines(typed.recipients, regime.recipients, "Nơi nhận"),
        sections=tuple(sections),
    )


def worded(catalog: Catalog, outline: Outline, regime: Regime, own: OwnOutline | None) -> Worded:
    """The outline and the regime as this office words them. What does not fit the catalogue any more is as shipped."""
    if own is None:
        return Worded(outline, regime)
    mine, misfits = _completed(outline, own)
    shipped = {item.key: item for item in outline.sections}
    sections = []
    for item in mine:
        if item.shown:
            section = shipped[item.key]
            title = item.title if _fits(catalog, item.title, words_only=True) else None
            if title is None and item.title is not None:
                misfits.append(f"tên mục “{section.title}” có chỗ điền không còn; dùng tên của danh mục")
            sections.append(
                replace(section, title=title or section.title, sentences=_sentences(catalog, section, item, misfits))
            )
    frame = {"opening": outline.opening, "closing": outline.closing}
    for name, text, title in (("opening", own.opening, "phần mở đầu"), ("closing", own.closing, "phần kết")):
        if text is not None and _fits(catalog, text):
            frame[name] = text
        elif text is not None:
            misfits.append(f"{title} có số liệu không còn trong danh mục; dùng lời của danh mục")
    return Worded(
        replace(outline, sections=tuple(sections), opening=frame["opening"], closing=frame["closing"]),
        replace(
            regime,
            addressees=regime.addressees if own.addressees is None else own.addressees,
            recipients=regime.recipients if own.recipients is None else own.recipients,
        ),
        tuple(misfits),
    )


def _completed(outline: Outline, own: OwnOutline) -> tuple[list[OwnSection], list[str]]:
    """The layer's sections, each with all shipped sentences; what is new stands at its shipped place."""
    misfits: list[str] = []
    shipped = {item.key: item for item in outline.sections}
    known = {item.key: item for item in own.sections}
    misfits += [f"mục “{item.title or item.key}” không còn trong danh mục" for item in own.sections
                if item.key not in shipped]  # fmt: skip
    order = [item.key for item in own.sections if item.key in shipped]
    after = ""
    for section in outline.sections:
        if section.key not in known:
            order.insert(order.index(after) + 1 if after in order else 0, section.key)
            if own.sections:
                misfits.append(f"mục “{section.title}” mới có trong danh mục, đã thêm vào đề cương")
        after = section.key
    result = []
    for key in order:
        item, section = known.get(key, OwnSection(key)), shipped[key]
        sentences = {entry.key: entry for entry in section.sentences}
        mine = [entry for entry in item.sentences if entry.key in sentences]
        gone = len(item.sentences) - len(mine)
        if gone:
            misfits.append(f"{gone} câu của mục “{section.title}” không còn trong danh mục")
        have = {entry.key for entry in mine}
        mine += [OwnSentence(entry.key) for entry in section.sentences if entry.key not in have]
        result.append(replace(item, sentences=tuple(mine)))
    return result, misfits


def _sentences(catalog: Catalog, section: OutlineSection, item: OwnSection, misfits: list[str]) -> tuple[Sentence, ...]:
    shipped = {entry.key: entry for entry in section.sentences}
    result = []
    for mine in item.sentences:
        sentence = shipped[mine.key]
        if not mine.shown:
            continue
        if mine.text is None:
            result.append(sentence)
        elif _fits(catalog, mine.text, words_only=bool(sentence.phrase)):
            worded_so = replace(sentence, phrase=mine.text) if sentence.phrase else replace(sentence, text=mine.text)
            result.append(worded_so)
        else:
            misfits.append(f"câu “{mine.text[:50]}…” có số liệu không còn trong danh mục; dùng lời của danh mục")
            result.append(sentence)
    return tuple(result)


def _own_section(catalog: Catalog, section: OutlineSection, item: OwnSection) -> OwnSection:
    shipped = {entry.key: entry for entry in section.sentences}
    named = [entry.key for entry in item.sentences]
    _require(len(set(named)) == len(named), f"mục “{section.title}” nêu một câu hai lần")
    sentences = []
    for mine in item.sentences:
        sentence = shipped.get(mine.key)
        if sentence is None:
            raise _wrong(f"mục “{section.title}” không có câu “{mine.key[:60]}”")
        where = f"câu “{(mine.text or '')[:50]}” của mục “{section.title}”"
        original = sentence.text or sentence.phrase
        text = _own_text(catalog, mine.text, original, where, words_only=bool(sentence.phrase))
        sentences.append(replace(mine, text=text))
    title = _own_text(catalog, item.title, section.title, f"tên mục “{section.title}”", words_only=True)
    return replace(item, title=title, sentences=tuple(sentences))


def _own_lines(typed: tuple[str, ...] | None, shipped: tuple[str, ...], where: str) -> tuple[str, ...] | None:
    if typed is None:
        return None
    lines = tuple(line for text in typed if (line := nfc(text).strip()))
    for line in lines:
        _check(None, line, where, words_only=True)
    _require(bool(lines), f"“{where}” để trống")
    return None if lines == shipped else lines


def _own_text(catalog: Catalog, typed: str | None, shipped: str, where: str, *, words_only: bool = False) -> str | None:
    if typed is None:
        return None
    text = nfc(typed).strip()
    _require(bool(text), f"{where} để trống; muốn bỏ câu, mục thì đánh dấu không dùng")
    _check(catalog, text, where, words_only=words_only)
    return None if text == shipped else text


def _fits(catalog: Catalog, text: str | None, *, words_only: bool = False) -> bool:
    try:
        if text is not None:
            _check(catalog, text, "", words_only=words_only)
    except Refused:
        return False
    return True


def _check(catalog: Catalog | None, text: str, where: str, *, words_only: bool) -> None:
    if bad := bad_character(text, multiline=True):
        raise _wrong(f"{where} có ký tự không dùng được ({bad})")
    rest = _PLACES.sub("", _PARTS.sub(lambda match: match[0].replace("[", "").replace("]", ""), text))
    _require(not re.search(r"[{}\[\]]", rest), f"{where} có dấu ngoặc không thành cặp")
    places = figure_places(text)
    understood = {f"{kind}:{key}" if kind != "value" else key for kind, key in places} | RESERVED
    for place in _PLACES.findall(text):
        _require(place[1:-1] in understood, f"{where} có chỗ điền không hiểu được: {place[:60]}")
    _require(not (words_only and places), f"{where} không được chứa số liệu")
    if catalog is not None:
        table = FigureTable(catalog, ())
        for _, key in places:
            try:
                table[key]
            except Refused as error:
                raise _wrong(f"{where} nhắc tới chỉ tiêu “{key}” không có trong danh mục") from error


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise _wrong(why)


def _wrong(why: str) -> Refused:
    return Refused("outline_invalid", f"Chưa lưu được đề cương: {why}. Đề cương vẫn như trước.")


def changed_parts(shipped: Outline, layer: OwnOutline) -> Mapping[str, int]:
    """How much of the outline is the office's own: reworded texts, things left out, sections moved."""
    sentences = [item for section in layer.sections for item in section.sentences]
    texts = (layer.opening, layer.closing, layer.addressees, layer.recipients,
             *(item.title for item in layer.sections), *(item.text for item in sentences))  # fmt: skip
    order = [item.key for item in layer.sections]
    known = [item.key for item in shipped.sections if item.key in order]
    moved = sum(mine != theirs for mine, theirs in zip((key for key in order if key in known), known, strict=False))
    hidden = sum(not item.shown for item in layer.sections) + sum(not item.shown for item in sentences)
    return {"reworded": sum(item is not None for item in texts), "left_out": hidden, "moved": moved}
