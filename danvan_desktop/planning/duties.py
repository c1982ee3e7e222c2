"""Duties to report: who reports to whom, through whom, how often, by when, in which words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from .bodies import Placed, begins_with_ground, split_body
from .due import Found, last_day_text, scan
from .model import Due, Reporting
from .pairing import paired
from .wording import AGENCY, AGENCY_START, fold_same, tidy

_REPORTS = re.compile(r"bao cao|gui (?:ket qua|van ban|ke hoach|ve)|phan anh (?:kip thoi )?(?:ve|den|toi|voi|cho)")
_STOP = (
    r"(?=\s*(?:[,;.:()|]|\b(?:de\b|truoc\b|theo\b|tong hop|cham nhat|muon nhat|qua\b|thong qua|"
    r"ket qua|tinh hinh|dinh ky|dot xuat|khi\b|ngay sau|ngay khi|"
    r"cong tac|viec\b|va bao cao|va gui|vao\b|xem xet|(?<!ban )chi dao|biet|bang van ban|dung (?:han|thoi|quy)|"
    r"trong\b|(?<!ngan )hang\b|6 thang|06 thang|nam 20|ve (?:cong|ket|tinh|viec)|"
    r"gop phan|nham|duoc\b|tu ngay|ngay\s+\d|theo doi|bo sung|dong thoi|"
    r"kip thoi|(?<!co quan )(?<!cap )co\b|thuc hien\b|giai quyet|"
    r"trinh (?=cap|chu|ubnd|uy ban|hdnd|ban|thuong)|cho (?:chu truong|phep)|cac (?:noi dung|van de|kho khan|y kien)|"
    r"ve (?:tong|so|noi|tien|nhung|cac|de)\b|"
    r"doi voi\b|voi\b|xu ly|dieu chinh|huong dan|phe duyet|ban hanh|quyet dinh|cho y kien|qua he thong|quy\b|"
    r"nhung\b|bao cao\b|noi dung)|$))"
)
_NAME = r"(?:" + AGENCY + r"|co quan thuong truc|cap tren|cap co tham quyen|phong|so)(?![\w])[^;:.()|]{0,110}?"
_TO = re.compile(
    r"\b(?:noi\s+nhan\s+bao\s+cao\s*:|gui\s+ve|gui\s+cho|gui\s+toi|gui\s+den|gui|ve|den|toi|cho|voi|len|trinh|nop\s+ve)\s+(?P<to>"
    + _NAME
    + r")"
    + _STOP
)
_REPORT_TO = re.compile(r"\bbao cao\s+(?:len\s+|cho\s+|voi\s+)?(?P<to>" + _NAME + r")" + _STOP)
_VIA = re.compile(
    r"(?:\(\s*)?\b(?:thong\s+)?qua\s+(?:co quan thuong truc\s+la\s+|dau moi\s+(?:la\s+)?)?(?P<via>"
    + _NAME
    + r")"
    + _STOP
)
# "Sở Văn hóa, / Thể thao và Du lịch": what follows the comma still belongs to the name.
_LISTED_NAME = re.compile(
    r",\s+([A-ZĐÀ-Ỹ]\w*(?:\s+\w+){0,3}?\s+và\s+[A-ZĐÀ-Ỹ]\w*(?:\s+(?!trước|để|qua|tổng|theo)[a-zà-ỹđ]+)?)"
)
# "Tỉnh ủy, / HĐND, UBND tỉnh / trước ngày": further addressees, not the next one who acts.
_NEXT_NAME = re.compile(
    r",\s+(?:" + AGENCY + r")(?!\w)[^,;:.()|]{0,60}?"
    r"(?=,\s+(?:"
    + AGENCY
    + r")(?!\w)|\s*(?:[(.;]|$|\b(?:truoc|cham nhat|theo|dinh ky|ket qua|tinh hinh|ve (?:ket|tinh|viec|cong)|de)\b))"
)
_ACTORS = re.compile(r"(?:[,;:]\s+|de nghi\s+|yeu cau\s+|(?:hang|moi) (?:nam|thang|quy)\s+)(?=" + AGENCY + r"(?!\w))")
_ONWARD = re.compile(r"(?:de\s+)?(?:tong hop|tham muu)[^;.]{0,60}?\bbao cao\b")
_NOT_A_PLACE = re.compile(
    r"(?:cac (?:noi dung|nhiem vu|ket qua|hoat dong|mo hinh|van de|bien phap|giai phap|linh vuc|"
    r"van ban|cap|tang lop|quy dinh|chi tieu)|"
    r"can bo|cong chuc|vien chuc|doi ngu|to chuc|hoi nghi|truong hop|doan vien|hoi vien|bo may|"
    r"xa hoi|doi thoai|hoi\b(?! \w+ (?:nong|phu|cuu|lien))|"
    r"so (?:ket|lieu|luong|lan)|ban hanh|bao dam|bo tri|doi voi|dai bieu|thon tin|bao cao|thanh tich|"
    r"doi tuong|tat ca cac noi|to giac)"
)
# A date for other work than reporting, before the words on reports: it is no deadline of theirs.
_OTHER_WORK = re.compile(
    r"^(?!.*(?:bao cao|0?6 thang|hang nam|hang quy))(?=.*(?:ke hoach|dang ky)|(?!.*\bgui\b).*(?:xong|hoan thanh|"
    r"to chuc)).*\d\s*;\s*$"
)
_LABEL = re.compile(
    r"(?:ve\s+)?(?:thuc hien\s+)?(?:che do|thoi gian|thoi han|cong tac|thong tin)[^:]{0,40}\bbao cao[^:]{0,30}:\s*"
)
_ON_DEMAND = re.compile(
    r"bao cao[^.;]{0,30}\bdot xuat\s*[(:]?\s*(?:khi|theo|neu) (?:co )?yeu cau|\bdot xuat\b[^.;]{0,20}bao cao"
)
_LONGEST_SENTENCE = 5_000  # characters; what is longer is no sentence of a plan


def reporting_of(paragraphs: Iterable[Placed], plan_year: int | None) -> tuple[Reporting, ...]:
    """The reporting duties of all paragraphs, in the order of the text, none twice."""
    duties: list[Reporting] = []
    groups: dict[int, list[Reporting]] = defaultdict(list)
    leads: dict[str, list[Reporting]] = {}  # what the opening words of a list gave by themselves
    for placed in paragraphs:
        found = _of_paragraph(placed, plan_year)
        if placed.lead is not None and found:
            found = [_led(item, placed, plan_year) for item in found]
            empty = [item for item in leads.pop(placed.lead, []) if item.due.rule == "none"]
            duties = [item for item in duties if not any(item is other for other in empty)]
        if placed.text.rstrip().endswith(":"):
            leads[placed.text] = found
        duties += found
        groups[placed.group] += found
    for found in groups.values():
        duties = _sent_home(duties, found)
    return tuple(dict.fromkeys(duties))


def _sent_home(duties: list[Reporting], group: list[Reporting]) -> list[Reporting]:
    """Dates without addressee under a heading that names one place apart ("Báo cáo gửi về Phòng A để tổng hợp")."""
    homes = [item for item in group if item.receiver and item.due.rule == "none" and item.cycle == "unknown"]
    lost = [item for item in group if item.due.rule != "none" and not item.receiver and not item.via]
    if not lost or len({(item.receiver, item.via) for item in homes}) != 1:
        return duties
    home = homes[-1]
    out: list[Reporting] = []
    for item in duties:
        if any(item is other for other in lost):
            item = replace(item, sender=item.sender or home.sender, receiver=home.receiver, via=home.via)
        if not any(item is other for other in homes):
            out.append(item)
    return out


def _led(item: Reporting, placed: Placed, plan_year: int | None) -> Reporting:
    """``item`` with the sender and addressee that stand in the words above its list, where it names none."""
    lead = placed.lead or ""
    span, via_span = _addressee(fold_same(lead))
    if item.receiver is None and item.via is None:
        item = replace(item, receiver=_named(lead, span), via=_named(lead, via_span))
    return replace(item, sender=item.sender or _sender(lead, replace(placed, text=lead)))


def _of_paragraph(placed: Placed, plan_year: int | None) -> list[Reporting]:
    duties: list[Reporting] = []
    for text in placed.text.split("\n"):
        for sentence in _sentences(text):
            if len(sentence) > _LONGEST_SENTENCE:
                continue
            speaker = placed
            before: list[Reporting] = []
            for clause in _clauses(sentence):
                found = _read(clause, placed.quote or sentence, speaker, plan_year)
                before += [_going_on(item, before) for item in found]
                if speaker.body is None and (actor := _sender(clause, speaker)) is not None:
                    speaker = replace(placed, body=actor)  # "...; định kỳ báo cáo ..." goes on with the same body
            duties += before
    return duties


def _going_on(item: Reporting, before: list[Reporting]) -> Reporting:
    """ "... gửi về Sở Nội vụ trước ngày 28/02; định kỳ báo cáo 6 tháng ...": the addressee holds on."""
    same = [other for other in before if other.sender == item.sender and other.receiver]
    if item.receiver is None and item.via is None and same:
        return replace(item, receiver=same[-1].receiver, via=same[-1].via)
    return item


def _sentences(text: str) -> list[str]:
    """Sentences of a paragraph; a stop after a number, an abbreviation or inside a date ends none."""
    parts: list[str] = []
    start = 0
    for match in re.finditer(r"(?<![\d\s][\s.])(?<!TP)(?<!\bTM)(?<!\bKT)(?<!ThS)[.!?](?:\s+)(?=[A-ZĐÀ-Ỹ“\"-])", text):
        if re.fullmatch(r"\s*(?:[-+]\s*)?(?:\d{1,2}|[a-zđIVX]{1,4})", text[start : match.start()]):
            continue  # the paragraph's own mark
        parts.append(tidy(text[start : match.end()]))
        start = match.end()
    parts.append(tidy(text[start:]))
    return [part for part in parts if part]


def _clauses(sentence: str) -> list[str]:
    """The parts in which different bodies report ("Các đơn vị gửi ... ; Phòng A tổng hợp báo cáo ...")."""
    parts: list[str] = []
    for piece in re.split(r"(?<=;)\s+", sentence):
        own = AGENCY_START.match(fold_same(piece)) and "bao cao" in fold_same(piece) and split_body(piece)
        named_on = parts and AGENCY_START.match(_bare_lead(parts[-1])) and split_body(parts[-1]) is None
        if parts and (not own or named_on) and not _OTHER_WORK.search(fold_same(parts[-1])):
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            parts.append(piece)
    return parts


def _bare_lead(part: str) -> str:
    """The folded part without "Yêu cầu", "Đề nghị": a list of bodies that goes on behind its semicolon."""
    return re.sub(r"^(?:yeu cau|de nghi|giao)(?: cho)?\s+", "", fold_same(part))


def _read(clause: str, quote: str, placed: Placed, plan_year: int | None) -> list[Reporting]:
    folded = fold_same(clause)
    if not _REPORTS.search(folded):
        return []
    found = scan(clause)
    onward = _onward(folded, found)
    if onward is not None:
        tail = clause[onward:]
        first = _read(clause[:onward], quote, placed, plan_year)
        middle = (first[0].receiver or first[0].via) if first else None
        return [*first, *_duties(tail, scan(tail), middle or placed.body, quote, plan_year, first)]
    return _duties(clause, found, _sender(clause, placed), quote, plan_year, [])


def _onward(folded: str, found: list[Found]) -> int | None:
    """Where a second duty begins ("... về Phòng A trước 01/6 để tổng hợp báo cáo UBND tỉnh trước 05/6")."""
    for match in _ONWARD.finditer(folded):
        before = [item for item in found if item.due and item.due.rule != "none" and item.end <= match.start()]
        after = [item for item in found if item.due and item.start >= match.end()]
        ahead = folded[: match.start()]
        if before and after and re.search(r"bao cao|gui", ahead) and _addressee(folded[match.start() :])[0]:
            return match.start()
    return None


def _sender(clause: str, placed: Placed) -> str | None:
    text = re.sub(r"^\s*(?:[-+]|\(?[\da-zđ.]{1,5}[.)])\s+", "", clause)
    if label := _LABEL.match(fold_same(text)):
        text = text[label.end() :]
    if placed.body and begins_with_ground(text):
        return placed.body  # "Căn cứ Kế hoạch này, các đơn vị ...": the heading names them all
    own = split_body(text)
    if own is not None and own[0] != placed.body and not re.match(r"bao cao", fold_same(own[0])):
        return own[0]
    return placed.body or _actor(text)


def _actor(text: str) -> str | None:
    """Who reports, where no body stands at the head ("Nếu có vướng mắc, đề nghị các đơn vị phản ánh về ...")."""
    folded = fold_same(text)
    reports = _REPORTS.search(folded)
    for match in _ACTORS.finditer(folded, 0, reports.start() if reports else 0):
        own = split_body(text[match.end() :])
        if own is None or reports is None or match.end() + len(own[0]) > reports.start():
            continue
        if not re.search(r"\bde\s", folded[match.end() + len(own[0]) : reports.start()]):
            return own[0]
    return None


def _duties(
    clause: str, found: list[Found], sender: str | None, quote: str, plan_year: int | None, before: list[Reporting]
) -> list[Reporting]:
    folded = fold_same(clause)
    dues = [item for item in found if item.due]
    cycles = [item for item in found if item.cycle]
    span, via_span = _addressee(folded)
    receiver = _named(clause, span)
    via = _named(clause, via_span)
    if receiver is None and via is not None:
        receiver, via = via, None
    if receiver is None and not dues and not _ON_DEMAND.search(folded):
        return []
    if not dues and not _gives_report(folded):
        return []
    if dues and receiver is None and not re.search(r"bao cao|gui", folded):
        return []
    if not dues and not cycles:
        strict = _REPORT_TO.search(folded) or re.search(
            r"noi nhan bao cao|gui\s+(?:bao cao|ket qua)|(?:bao cao|phan anh)\b[^.]*?\b(?:ve|gui|den|toi)\s+"
            + AGENCY
            + r"(?!\w)",
            folded,
        )
        if not strict:
            return []
    pairs = paired(found) or [("unknown", Due())]
    if before and all(cycle == "unknown" for cycle, _ in pairs) and len(before) == len(pairs):
        pairs = [(earlier.cycle, due) for earlier, (_, due) in zip(before, pairs, strict=True)]
    if sender and receiver and fold_same(sender) == fold_same(receiver):
        sender = None  # its own parts report to it
    told = {cycle for cycle, due in pairs if due.rule != "none"}
    pairs = [(cycle, due) for cycle, due in pairs if due.rule != "none" or cycle not in told]
    return [Reporting(sender, receiver, via, cycle, due, last_day_text(due, plan_year), quote) for cycle, due in pairs]


def _gives_report(folded: str) -> bool:
    return bool(re.search(r"bao cao|phan anh", folded))


def _addressee(folded: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Where the addressee and the body in between stand in the folded clause."""
    via = next(
        (
            _bracketed(folded, match)
            for match in _VIA.finditer(folded)
            if _is_place(match["via"]) or re.match(r"(?:cong chuc|can bo) \w", match["via"])
        ),
        None,
    )
    candidates = [match for match in _TO.finditer(folded) if _is_place(match["to"])]
    candidates = [
        match
        for match in candidates
        if re.search(r"bao cao|phan anh", folded[: match.start()])
        or "gui" in folded[: match.end()]
        or "bao cao" in match[0]
    ]
    reports = [match for match in _REPORT_TO.finditer(folded) if _is_place(match["to"])]
    chosen: re.Match[str] | None = None
    sent = [match for match in candidates if re.match(r"noi nhan|gui|ve|den|toi|nop|len|trinh", match[0])]
    if sent:
        chosen = sent[0]
        if re.match(r"(?:trinh|len)", chosen[0]) and reports and reports[0].start() < chosen.start():
            chosen = reports[0]
    elif reports or candidates:
        chosen = (reports or candidates)[0]
    return (chosen.span("to") if chosen else None), via


def _bracketed(folded: str, match: re.Match[str]) -> tuple[int, int]:
    """The place of a body in between; in brackets of its own it goes up to their end ("(qua Ban Dân chủ, ...)")."""
    start, end = match.span("via")
    close = folded.find(")", end)
    if match[0].lstrip().startswith("(") and 0 <= close - start < 90:
        rest = re.search(
            r"\s*(?:\bde\b|[,;]?\s*\b(?:truoc|cham nhat|tong hop|theo|dia chi|email|qua)\b|[;:])", folded[end:close]
        )
        end = end + rest.start() if rest else close
    return start, end


def _is_place(name: str) -> bool:
    return AGENCY_START.match(name) is not None and not _NOT_A_PLACE.match(name)


def _named(clause: str, span: tuple[int, int] | None) -> str | None:
    if span is None:
        return None
    end = span[1]
    if more := _LISTED_NAME.match(clause, end):
        rest = fold_same(more[1])
        end = more.end() if not AGENCY_START.match(rest) else end
    while more := _NEXT_NAME.match(fold_same(clause), end):
        end = more.end()
    name = tidy(clause[span[0] : end]).rstrip(" ,;.-–")
    name = re.sub(r"\s+(?:và|để|tổng hợp|kết quả|trước)$", "", name)
    return name or None
