"""The words of deadlines and cycles in Vietnamese plans: "trước ngày 20 hằng tháng", "chậm nhất ngày 17 tháng 12"..."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .model import Due
from .wording import fold_same

_SEP = r"\s*[/.-]\s*"


def _date(day: str = "day", month: str = "month", year: str = "year") -> str:
    """Pattern of "05/6", "05/6/2026", "05 tháng 6 năm 2026"; its groups carry the given names, and these with a 2."""
    tail = r"(?:(?:\s*[/.-]\s*|\s+nam\s+)(?P<%s>(?:19|20)\d\d))?"
    slashed = rf"(?P<{day}>\d{{1,2}}){_SEP}(?P<{month}>\d{{1,2}})(?!\d)" + tail % year
    worded = rf"(?P<{day}2>\d{{1,2}})\s+thang\s+(?P<{month}2>\d{{1,2}})(?!\d)" + tail % f"{year}2"
    return f"(?:{slashed}|{worded})"


_DATE = _date()
_XDATE = _date("xday", "xmonth", "xyear")
_D = r"(?P<day>\d{1,2})"
_IN_YEAR = r"(?:\s*/\s*(?P<year>20\d\d)|\s+nam\s+(?P<year2>20\d\d))?"
_CLOCK = r"(?:(?P<clock>\d{1,2}\s*(?:h|gio)\s*\d{0,2}(?:\s*phut)?),?\s*)?"
_LATEST = r"(?:cham nhat|muon nhat|khong qua|khong muon hon|han cuoi|thoi han|han chot)(?:\s+(?:la|vao|den|het))*"
_LEAD = (
    rf"(?:(?P<before>(?:{_LATEST}\s+)?truoc)|(?P<by>{_LATEST}|den het|den|vao|trong(?=\s+ngay\s+\d)))"
    rf"(?:\s*:)?\s+{_CLOCK}(?:ngay\s+)?"
)
_EVERY = r"(?:hang thang|moi thang|cua thang|thang sau|thang ke tiep|cua thang bao cao|hang quy|moi quy)"
_LAST_MONTH = (
    r"(?:(?:cua\s+)?thang\s+(?:cuoi|dau)(?:\s+(?:cua|moi))?\s*(?:quy|ky)?(?:\s+(?:sau|bao cao))?|"
    r"(?:cua\s+)?thang\s+ket thuc\s+quy)"
)
_SPAN = (
    rf"tu\s+(?:ngay\s+)?(?P<from_day>\d{{1,2}})(?:(?:{_SEP}|\s+thang\s+)(?P<from_month>\d{{1,2}}))?(?:{_SEP}20\d\d|"
    rf"\s+nam\s+20\d\d)?"
    rf"\s*(?:den|-)\s*(?:het\s+)?(?:ngay\s+)?{_DATE}"
)
_ROMAN_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_SPAN_DAYS = (
    rf"tu\s+(?:ngay\s+)?(?P<from_day>\d{{1,2}})\s*(?:den|-)\s*(?:het\s+)?(?:ngay\s+)?(?P<day>\d{{1,2}})\s+"
    rf"(?P<every>{_LAST_MONTH}|{_EVERY})(?!\s*\d)"
)
# The span of the figures ("số liệu tính từ ngày 15/12 năm trước đến 14/6") is no deadline.
_FIGURES = re.compile(
    rf"\btu\s+(?:ngay\s+)?\d{{1,2}}\s*[/.-]\s*\d{{1,2}}\s+nam truoc\s+den\s+(?:het\s+)?(?:ngay\s+)?{_XDATE}|"
    rf"\b(?:tinh|so lieu|chot)\b[^;.()]{{0,25}}?\btu\s+(?:ngay\s+)?\d[^;.()]{{0,60}}?\bden\s+(?:het\s+)?"
    rf"(?:ngay\s+)?{_DATE}"
)
# "quý I trước ngày 15/3": the report on the quarter, not the time it is due.
_NAMES_REPORT = r"(?=\s*[(:]?\s*(?:gui\s+)?(?:truoc|cham nhat|ngay)\b)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("window", re.compile(rf"\b{_SPAN}")),
    ("window_days", re.compile(rf"\b{_SPAN_DAYS}")),
    (
        "days",
        re.compile(
            r"\b(?:trong(?: vong)?|sau|cham nhat(?: la)?|khong qua)\s+(?:thoi han\s+)?(?P<count>\d{1,3})\s+ngay\b"
        ),
    ),
    ("date", re.compile(rf"\b{_LEAD}{_DATE}")),
    ("month_day", re.compile(rf"\b(?:{_LEAD}|(?P<on>ngay\s+)){_D}\s+(?P<every>{_LAST_MONTH}|{_EVERY})(?!\s*\d)")),
    ("day_of", re.compile(rf"\b{_LEAD}{_D}(?!\s*[/.\d]|\s*ngay|\s+thang\s+\d)(?=\s*(?:\)|,|;|\.|$|\s+cua|\s+hang))")),
    ("day_of", re.compile(rf"(?<=\()\s*ngay\s+{_D}(?=\s*\))")),
    ("before_month", re.compile(r"\b(?P<before>truoc)\s+thang\s+(?P<month>\d{1,2})(?!\d)" + _IN_YEAR)),
    (
        "in_month",
        re.compile(
            r"\b(?:trong|hoan thanh|xong|cuoi|dau|vao)\s+(?:trong\s+)?(?:tuan\s+dau\s+)?thang\s+"
            r"(?P<month>\d{1,2})(?!\d)" + _IN_YEAR
        ),
    ),
    ("quarter", re.compile(r"\bquy\s+(?P<quarter>iv|iii|ii|i|[1-4])\b" + _IN_YEAR)),
    (
        "plain",
        re.compile(
            rf"(?<=\()\s*(?:ngay\s+)?{_DATE}(?=\s*(?:hang nam|hang nam\)|\)|"
            rf"va|,|;))|\bngay\s+{_XDATE}(?=\s*(?:hang "
            rf"nam|cua nam|\)|va ngay|va nam|\(?doi voi|\(\s*(?:bao cao|ky|voi|cho)\b))"
        ),
    ),
)
_MORE = re.compile(rf"\s*(?:,|;|va|hoac)\s+(?:truoc\s+)?(?:ngay\s+)?{_DATE}")
_MORE_DAY = re.compile(r"\s*(?:,|va)\s+(?:ngay\s+)?(?P<day>\d{1,2})(?=\s+hang thang)")

_CYCLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "half_year",
        re.compile(
            r"\b(?:quy\s+(?:ii|2)\s*(?:va|,)\s+)?(?:0?6|sau)\s+thang(?:\s*\([^)\d]{0,12}\))?(?:\s+(?:dau|cuoi)\s+nam(?:\s+20\d\d)?|"
            r"\s*/\s*lan)?|"
            r"\bnua nam\b|\bban nien\b"
        ),
    ),
    (
        "nine_months",
        re.compile(r"\b(?:quy\s+(?:iii|3)\s*(?:va|,)\s+)?(?:0?9|chin)\s+thang(?:\s+dau\s+nam(?:\s+20\d\d)?)?"),
    ),
    (
        "quarter",
        re.compile(
            r"\b(?:hang|moi|bao cao|dinh ky)\s+(?:hang\s+)?quy\b(?:\s+(?:iv|iii|ii|i)\b)?|\b(?:0?3|"
            r"ba)\s+thang(?:/lan| mot lan)|(?<=[,(] )quy\b(?= *[,(;])|\bquy\b(?=\s*\((?:truoc|cham))|"
            r"\bquy(?=,\s*(?:0?6|nam|9))|\bquy\s+(?:iv|iii|ii|i|[1-4])\b"
            + _NAMES_REPORT
            + r"|(?<=[;,(] )quy\b(?=\s*(?:truoc|cham nhat))"
        ),
    ),
    (
        "month",
        re.compile(
            r"\b(?:hang|moi|bao cao|dinh ky)\s+(?:hang\s+)?thang\b(?!\s*\d)|"
            r"(?<=[,(] )thang\b(?= *[,(;](?!\s*\d))|"
            r"(?<!\d )\bthang\b(?=\s*\((?:truoc|cham))|\bthang(?=,\s*quy)"
        ),
    ),
    (
        "year",
        re.compile(
            r"\b(?:hang|moi)\s+nam\b|\bca\s+nam\b|\bquy\s+(?:iv|4)\s*(?:va|,)\s+(?:ca\s+)?nam\b|"
            r"\b(?:bao cao(?:\s+(?:ket qua|tong ket|tong hop|so lieu|"
            r"cong tac nam|cong tac dan van))*|tong ket(?: cong tac)?(?: dan van)?(?: chinh quyen)?|"
            r"dinh ky|va|,|hoac|cuoi)\s+(?:0?1\s+|mot\s+)?nam\b(?:\s+20\d\d)?(?!\s+(?:bat|nhom|noi|"
            r"muoi|\d))|(?<=\()nam(?=\))|(?:^|(?<=[(;:] ))nam\b(?=\s*(?:truoc|\(|20\d\d))|\b12\s+thang\b|"
            r"\bnam\b(?=\s*\((?:truoc|"
            r"cham))|\bnam\b(?=\s+(?:20\d\d\s+)?\(?(?:truoc|cham nhat)\s)"
        ),
    ),
    ("unknown", re.compile(r"\bdinh ky\b(?=\s*(?:,|va|hoac)\s+(?:bao cao\s+)?(?:dot xuat|khi co yeu cau))")),
    ("ad_hoc", re.compile(r"\bdot xuat\b|\b(?:hoac|va) (?:khi co|theo) yeu cau\b")),
    (
        "event",
        re.compile(
            r"\bco (?:phat sinh )?(?:kho khan|vuong mac)[^.;]{0,20}\bthi\b|"
            r"\b(?:neu|khi) (?:co|gap|phat sinh)[^.;]{0,20}(?:kho khan|vuong mac)|"
            r"\bkhi (?:co )?(?:vu viec|su viec|tinh huong|phat sinh|van de)[^,.;]{0,30}|"
            r"\bngay (?:sau )?khi\b|"
            r"\bsau khi (?:ket thuc|to chuc|hoan thanh)|\bke tu (?:ngay|khi)\b|\bsau (?:moi|hoi nghi|"
            r"dot)\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A deadline or a cycle with its place in the folded sentence."""

    start: int
    end: int
    due: Due | None = None
    cycle: str | None = None
    bracketed: bool = False  # stands in brackets behind what it belongs to


def scan(sentence: str) -> list[Found]:
    """Deadlines and cycles of ``sentence``, in order, not overlapping."""
    folded = fold_same(sentence)
    found = [Found(*match.span()) for match in _FIGURES.finditer(folded)]  # neither a deadline nor a cycle, but taken

    def free(start: int, end: int) -> bool:
        return all(end <= item.start or item.end <= start for item in found)

    for name, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if not free(*match.span()) or _cited(folded, match) or (name == "quarter" and _as_cycle(folded, match)):
                continue
            due = _due(name, match)
            if due is None:
                continue
            earlier = [item.due for item in found if item.due and item.end <= match.start()]
            if name == "plain" and earlier and folded[: match.start()].rstrip().endswith(("va", ",")):
                due = replace(due, rule=earlier[-1].rule)  # "trước ngày 31/5 (...) và ngày 30/11 (...)"
            bracketed = folded[: match.start()].rstrip().endswith("(")
            found.append(Found(match.start(), match.end(), due, None, bracketed))
            if name in ("month_day", "window_days") and re.match(r"hang thang|moi thang", match["every"]):
                found.append(Found(match.end(), match.end(), None, "month"))
            elif name in ("month_day", "window_days") and "quy" in match["every"]:
                found.append(Found(match.end(), match.end(), None, "quarter"))
            if name in ("date", "plain"):
                _more(folded, match.end(), due, found)
    for name, pattern in _CYCLES:
        for match in pattern.finditer(folded):
            if free(*match.span()) and not (name == "year" and _only_a_year(folded, match)):
                found.append(Found(match.start(), match.end(), None, name))
    told = {item.cycle for item in found if item.cycle and item.end > item.start}
    found = [item for item in found if item.due or (item.cycle and (item.end > item.start or item.cycle not in told))]
    return _settled(sorted(found, key=lambda item: (item.start, item.end)))


def _more(folded: str, at: int, due: Due, found: list[Found]) -> None:
    """ "trước ngày 15/6 và 15/12": the dates after the first one go by its rule."""
    while match := _MORE.match(folded, at):
        if re.match(r"\s*(?:cua|ve viec)", folded[match.end() :]):
            return
        rule = "before" if "truoc" in match[0] else due.rule
        more = _dated(match, rule)
        if more is None:
            return
        found.append(Found(match.start(), match.end(), more))
        at = match.end()


def _cited(folded: str, match: re.Match[str]) -> bool:
    """True when the date belongs to a cited document ("... ngày 26/11/2021 của Thủ tướng")."""
    after = folded[match.end() : match.end() + 12]
    before = folded[max(0, match.start() - 40) : match.start()]
    return bool(re.match(r"\s*,?\s*cua\s", after)) and bool(re.search(r"so\s*[\d.…]*\s*[-/]", before))


def _as_cycle(folded: str, match: re.Match[str]) -> bool:
    """ "báo cáo quý I, 6 tháng, 9 tháng": the quarter names a report, not the time it is due."""
    before, after = folded[: match.start()], folded[match.end() :]
    if re.match(_NAMES_REPORT, after) or re.match(
        r"\s*(?:va|,)\s+(?:(?:0?[69]|sau|chin)\s+thang|(?:ca\s+)?nam\b)", after
    ):
        return True
    return bool(re.search(r"(?:bao cao|dinh ky|hang|moi)\s*$", before)) and bool(re.match(r"\s*(?:,|va|;|\()", after))


def _only_a_year(folded: str, match: re.Match[str]) -> bool:
    """ ", năm 2026" or "và năm 2026" behind words that are no report."""
    text = match[0]
    return bool(re.match(r"(?:va|,|hoac)\s+nam\s+20\d\d", text)) and not re.search(
        r"(?:thang|quy|dau nam|bao cao)[^.;]{0,45}$", folded[: match.start()]
    )


def _settled(found: list[Found]) -> list[Found]:
    """One cycle where two neighbours say the same ("định kỳ hằng năm, báo cáo năm")."""
    kept: list[Found] = []
    for item in found:
        if item.cycle and kept and kept[-1].cycle == item.cycle:
            kept[-1] = replace(kept[-1], end=item.end)
        else:
            kept.append(item)
    return kept


def _number(match: re.Match[str], *names: str) -> int | None:
    groups = match.groupdict()
    for name in names:
        if groups.get(name):
            return int(groups[name])
    return None


def _dated(match: re.Match[str], rule: str) -> Due | None:
    day = _number(match, "day", "day2", "xday", "xday2")
    month = _number(match, "month", "month2", "xmonth", "xmonth2")
    if day is None or month is None or not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Due(rule, day, month, _number(match, "year", "year2", "xyear", "xyear2"))


def _due(name: str, match: re.Match[str]) -> Due | None:
    groups = match.groupdict()
    rule = "before" if groups.get("before") and not groups.get("clock") else "by"
    year = _number(match, "year", "year2")
    month = _number(match, "month", "month2")
    if name == "window":
        due = _dated(match, "window")
        if due is None:
            return None
        return replace(due, from_day=int(match["from_day"]), from_month=_number(match, "from_month") or due.month)
    if name == "window_days":
        day, first = int(match["day"]), int(match["from_day"])
        return Due("window", day, from_day=first) if 1 <= first <= 31 and 1 <= day <= 31 else None
    if name == "days":
        return Due("within", int(match["count"]))
    if name in ("date", "plain"):
        return _dated(match, rule)
    if name in ("month_day", "day_of"):
        day = int(match["day"])
        return Due(rule, day) if 1 <= day <= 31 else None
    if name == "before_month":
        return Due("before", 1, month, year) if month and month <= 12 else None
    if name == "in_month":
        if not month or not 1 <= month <= 12:
            return None
        if "tuan dau" in match[0]:
            return Due("within", 7, month, year, 1, month)
        return Due("within", calendar.monthrange(year or 2025, month)[1], month, year, 1, month)
    last = _ROMAN_QUARTERS[match["quarter"]] * 3
    return Due("within", calendar.monthrange(year or 2025, last)[1], last, year, 1, last - 2)


def last_day_text(due: Due, plan_year: int | None = None) -> str | None:
    """The last day to send: ``YYYY-MM-DD`` where the due date names its year, else ``MM-DD``; None without a month.

    "Trước ngày 01/6" ends on 31/5. The plan's year only decides on 28 or 29 February.
    """
    if due.rule == "none" or due.day is None or due.month is None:
        return None
    year = due.year or plan_year or 2025
    try:
        if due.rule == "before":
            day = date(year, due.month, 1) + timedelta(days=due.day - 2)
            if due.day > calendar.monthrange(year, due.month)[1] + 1:
                return None
        else:
            day = date(year, due.month, due.day)
    except ValueError:
        return None
    return day.isoformat() if due.year else f"{day.month:02d}-{day.day:02d}"
