"""The end of a plan: where it begins, whom the plan goes to, who signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .cleaning import Line
from .model import PlanSigner
from .wording import fold_same, is_caps, tidy

_RECIPIENTS = re.compile(r"noi nhan\b\s*:?")
_AUTHORITY = r"(?:(?:T\s?\.?\s?M|K\s?\.?\s?T|T\s?\.?\s?L|T\s?\.?\s?U\s?\.?\s?Q|Q)\s?[.:/]|(?:T/M|K/T|T/L)\b[.:]?)\s*"
_POSITION = (
    r"(?:QUYỀN\s+|Q\.\s*)?(?:PHÓ\s+)?(?:CHỦ\s+TỊCH|GIÁM\s+ĐỐC|TRƯỞNG\s+(?:PHÒNG|BAN|TRẠM|CÔNG\s+AN|ĐÀI|ĐOÀN|THÔN)|"
    r"CHÁNH\s+VĂN\s+PHÒNG|CHÁNH\s+THANH\s+TRA|HIỆU\s+TRƯỞNG|CHỦ\s+NHIỆM|BÍ\s+THƯ|CHI\s+CỤC\s+TRƯỞNG|CỤC\s+TRƯỞNG|"
    r"TRẠM\s+TRƯỞNG|VIỆN\s+TRƯỞNG|THỦ\s+TRƯỞNG|TỔNG\s+GIÁM\s+ĐỐC|HIỆU\s+PHÓ)"
)
_TAIL = r"(?:\s+(?:[A-ZĐÀ-Ỹ&]+|-|,))*"
_SIGN_LINE = re.compile(rf"(?:{_AUTHORITY}.+|{_POSITION}{_TAIL})")
_SIGN_END = re.compile(rf"(?:^|\s)((?:{_AUTHORITY}[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ\s,.-]+|{_POSITION}{_TAIL}))\s*$")
_NAME_WORD = r"[A-ZĐÀ-Ỹ][a-zđà-ỹ]*"
_NAME = re.compile(rf"(?:(?:TS|ThS|Ths|BS|KS|CN|Đ/c|Ông|Bà)\.?\s*)?{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,4}}")
_CAPS_NAME = re.compile(r"[A-ZĐÀ-Ỹ]{2,}(?:\s+[A-ZĐÀ-Ỹ]+){1,4}")
_NAME_END = re.compile(rf"^(.*?[.;,)])\s+({_NAME_WORD}(?:\s+{_NAME_WORD}){{1,4}})$")
_BROKEN = re.compile(r"\b(?:NHÂN|NHAN|BAN|ỦY|UỶ|CHỦ|PHÓ|GIÁM|TRƯỞNG|VĂN|THÀNH|HỘI|ĐỒNG)$")  # the line goes on
_LONGEST_LINE = 300  # characters a signature line may have
_SIGNED = re.compile(r"[(\[]?\s*(?:da ky|da ky va dong dau|ky ten,? dong dau|ky,? ghi ro ho ten)\s*[)\]]?\.?")
_ANNEX = re.compile(r"(?:phu luc|phu bieu|bieu mau|bieu so|danh muc|mau so|bieu tong hop)\b")


@dataclass(slots=True)
class Ending:
    """Recipients and signer; ``annex`` are the lines after them; ``unplaced`` what is neither."""

    recipients: list[str] = field(default_factory=list)
    signer: PlanSigner = field(default_factory=PlanSigner)
    annex: list[Line] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def ending_at(lines: list[Line]) -> int:
    """The index at which the end of the plan begins; ``len(lines)`` when it has none."""
    listed = next((i for i, line in enumerate(lines) if _RECIPIENTS.match(_plain(line))), None)
    floor = len(lines) // 3
    signed = next((i for i, line in enumerate(lines) if i >= floor and is_signature(line)), None)
    found = [index for index in (listed, signed) if index is not None]
    return min(found) if found else len(lines)


def _plain(line: Line) -> str:
    return fold_same(" ".join(line.cells) if line.cells else line.text).lstrip("- |")


def is_signature(line: Line) -> bool:
    """True for a line in capitals that gives a signing authority or a position."""
    text = line.text.strip("| -")
    if len(text) > _LONGEST_LINE:
        return False
    if not is_caps(text) and not re.match(rf"{_AUTHORITY}[A-ZĐÀ-Ỹ]{{2}}", text):
        return False
    return bool(_SIGN_LINE.fullmatch(text))


def read_ending(lines: list[Line]) -> Ending:
    """Recipients, signer and annexes of the lines from :func:`ending_at` on."""
    ending = Ending()
    caps: list[str] = []
    name: str | None = None
    listing = False
    flat = _uncolumned(lines)
    for index, line in enumerate(flat):
        text = line.text
        if _ANNEX.match(fold_same(text)) and text[:1].isupper() and (name or caps or ending.recipients):
            ending.annex = flat[index:]
            break
        if match := _RECIPIENTS.match(fold_same(text).lstrip("- ")):
            shift = len(text) - len(text.lstrip("- "))
            ending.unplaced.append(text[: match.end() + shift].strip("- "))
            listing = True
            text = tidy(text[match.end() + shift :])
            if not text:
                continue
        text, right = _right_column(text, bool(caps))
        for part in right:
            if _NAME.fullmatch(part) and not is_caps(part):
                name = name or part
            else:
                caps.append(part)
        if not text:
            continue
        if _SIGNED.fullmatch(fold_same(text)):
            ending.unplaced.append(text)
        elif (
            is_caps(text)
            and not text.startswith(("-", "+", "*"))
            and not (listing and _listed(ending, text) and not (caps and name is None and _BROKEN.search(caps[-1])))
        ):
            if caps and name is None and _CAPS_NAME.fullmatch(text) and _has_position(caps):
                name = text
            elif name is None and (caps or _SIGN_LINE.fullmatch(text)):
                caps.append(text)
            else:
                ending.unplaced.append(text)
        elif name is None and caps and _NAME.fullmatch(text):
            name = text
        elif listing and not (name and _listing_over(ending)):
            _add_recipient(ending, text)
        else:
            ending.unplaced.append(text)
    ending.recipients = [item for item in (_bare(item) for item in ending.recipients) if item]
    ending.signer = _signer(caps, name)
    return ending


def _uncolumned(lines: list[Line]) -> list[Line]:
    """Cells of the layout table of the end as lines of their own, the left column first."""
    out: list[Line] = []
    annex = False
    for line in lines:
        annex = annex or bool(_ANNEX.match(fold_same(line.text)))
        if line.cells and not annex:
            out.extend(Line(cell, page=line.page) for cell in line.cells if cell)
        else:
            out.append(line)
    return out


def _right_column(text: str, signing: bool) -> tuple[str, list[str]]:
    """A line of two columns run together: what is left, and the signature parts at its right."""
    right: list[str] = []
    if len(text) > _LONGEST_LINE:
        return text, right
    if match := _SIGN_END.search(text):
        start = match.start(1)
        if start == 0 or not is_caps(text[:start]):
            right.append(tidy(match[1]))
            text = text[:start].rstrip()
    if signing and text.startswith(("-", "+")) and (match := _NAME_END.match(text)):
        left = match[1]
        if re.search(r"luu\b", fold_same(left)) or left.endswith(";"):
            right.append(match[2])
            text = left
    return text.strip(), right


def _listed(ending: Ending, text: str) -> bool:
    """True when a line in capitals goes on with an open recipient ("- Lưu: / VT, VHXH.")."""
    return bool(ending.recipients) and not ending.recipients[-1].endswith((";", ".")) and len(text) < 20


def _listing_over(ending: Ending) -> bool:
    return bool(ending.recipients) and bool(re.match(r"luu\b", fold_same(ending.recipients[-1]).lstrip("- +")))


def _add_recipient(ending: Ending, text: str) -> None:
    dashed = re.match(r"[-–—+*•]\s*", text)
    body = text[dashed.end() :] if dashed else text
    body = re.sub(r"\s*;\s*(?=\([^()]{1,40}\)\W*$)", " ", body)  # "Bộ Nội vụ; (để báo cáo)"
    parts = [part for part in re.split(r";\s*[-–—+]?\s*(?=[^\s(])", body) if part.strip()]
    if not parts:
        return
    opened = ending.recipients and not ending.recipients[-1].endswith((";", "."))
    if not dashed and ending.recipients and re.fullmatch(r"\([^()]{1,40}\)[;.]?", body):
        opened = True  # "(để báo cáo);" on a line of its own
    if not dashed and opened:
        ending.recipients[-1] = f"{ending.recipients[-1].rstrip(' ;.')} {parts.pop(0)}"
    ends = body.rstrip().endswith((";", "."))
    for index, part in enumerate(parts):
        closed = index < len(parts) - 1 or ends
        ending.recipients.append(part.rstrip(" ;.") + (";" if closed else ""))
    if not parts and ends and ending.recipients:
        ending.recipients[-1] = ending.recipients[-1].rstrip(" ;.") + ";"


def _bare(text: str) -> str:
    return text.strip(" -–+*").rstrip(" ;.,")


def _spaced(text: str) -> str:
    return re.sub(r"^(TM|KT|TL|TUQ|Q)\s*\.\s*", r"\1. ", text)


def _has_position(caps: list[str]) -> bool:
    return any(re.search(_POSITION, part) for part in caps)


def _signer(caps: list[str], name: str | None) -> PlanSigner:
    """Authority and position out of the lines in capitals ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")."""
    joined = tidy(" ".join(caps))
    if not joined:
        return PlanSigner(name=name)
    starts = [match.start() for match in re.finditer(rf"(?<![\w.]){_AUTHORITY}(?=[A-ZĐÀ-Ỹ])", joined)]
    if not starts:
        return PlanSigner(None, joined, name)
    pieces = [_spaced(joined[start:end].strip()) for start, end in zip(starts, [*starts[1:], len(joined)], strict=True)]
    lead = joined[: starts[0]].strip()
    last = pieces[-1]
    positions = list(re.finditer(_POSITION, last))
    collective = re.match(r"T\s?[./]?\s?M", last) is not None
    split = None
    if collective and positions:
        split = positions[0].start()
    elif len(positions) >= 2:
        split = positions[1].start()
    elif positions and not collective and positions[0].end() < len(last) and not last[positions[0].end() :].strip():
        split = None
    position = last[split:].strip() if split is not None else None
    authority = last[:split].strip() if split is not None else last
    if position is None and re.match(r"Q\s?\.", last) and positions:
        position, authority = last, ""
    head = [lead, *pieces[:-1], authority]
    return PlanSigner(" / ".join(part for part in head if part) or None, position, name)
