"""The head of a plan: issuer, number, place and date, title; and what its preamble rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from .lines import Line, split_mark
from .wording import AGENCY, AGENCY_START, fold_same, is_caps, starts_small, tidy

_TYPES = ("ke hoach", "chuong trinh", "phuong an", "de an", "huong dan", "chi thi", "thong bao", "quyet dinh")
_MOTTO = (
    re.compile(r"co?ng\s+hoa\s+xa\s+hoi\s+chu\s+nghia\s+viet\s+nam"),
    re.compile(r"doc\s+lap\s*-*\s*tu\s+do\s*-*\s*hanh\s+phuc"),
    re.compile(r"dang\s+cong\s+san\s+viet\s+nam"),
)
_MOTTO_PARTS = (re.compile(r"cong\s+hoa\s+xa\s+hoi"), re.compile(r"chu\s+nghia\s+viet\s+nam"))
_NUMBER = re.compile(
    r"\bso\s*:?[\s.…_]*(\d{0,5}[a-z]?)[\s.…_]*([/-])\s*([a-z]{1,5}[a-z0-9]*(?:\s?[-/.&]\s?[a-z0-9]+)*)"
)
_BARE_NUMBER = re.compile(r"(\d{1,5})\s*([/-])\s*((?:kh|ctr)[-/][a-z&]+(?:-[a-z&]+)*)")
_DATELINE = re.compile(
    r"(?:[^\W\d][\w .'-]{1,40},\s*)?\bngay[\s.…_/]*(\d{1,2})?[\s.…_/]*thang[\s.…_/]*(\d{1,2})?"
    r"[\s.…_/]*nam[\s.…_/]*(\d{4})?"
)
_PREAMBLE_START = re.compile(
    r"(?:can cu|thuc hien|trien khai|nham |de |tiep tuc|tren co so|xet |theo |phat huy|quan triet|cong tac dan van la|"
    r"nam 20\d\d,|trong thoi gian)"
)
_LONGEST_HEAD = 90  # lines within which the title must stand
_HELD = frozenset({"ubnd", "hdnd", "mttq", "vhxh", "btt", "gd&dt", "hdnd-ubnd"})


@dataclass(slots=True)
class Head:
    """What the head says; ``used`` is how many lines it takes."""

    title: str | None = None
    kind: str | None = None
    number_symbol: str | None = None
    issued_on: date | None = None
    year: int | None = None
    issuer_lines: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    used: int = 0


def part_title_line(lines: list[Line]) -> list[Line]:
    """Break a line where the word KẾ HOẠCH stands behind the head's date ("..., ngày ... năm 2026 KẾ HOẠCH ...")."""
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        folded = fold_same(line.text[:2000])
        for match in re.finditer(r"(?<=\S) ke hoach\b", folded):
            start = match.start() + 1
            before = folded[: match.start()]
            if is_caps(line.text[start : match.end()]) and re.search(
                r"thang[\s.…]*\d{0,2}[\s.…]*nam|hanh phuc", before
            ):
                first, second = (
                    Line(line.text[: match.start()], line.gap, page=line.page),
                    Line(line.text[start:], True),
                )
                return [*lines[:index], first, second, *lines[index + 1 :]]
    return lines


def read_head(lines: list[Line]) -> Head:
    """The head of the plan: everything up to the title, and the title."""
    head = Head()
    at = _title_at(lines)
    if at is None:
        at = _head_end(lines)
        _read_top(head, lines[:at])
        head.used = at
        return head
    _read_top(head, lines[:at])
    head.used = at + _read_title(head, lines[at:])
    return head


def _title_at(lines: list[Line]) -> int | None:
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        folded = fold_same(line.text).strip(" .:-")
        if folded in _TYPES and (is_caps(line.text) or line.heading or index < 40):
            again = index + 1 < len(lines) and fold_same(lines[index + 1].text).strip(" .:-") in _TYPES
            return index + 1 if again else index
        if index < 3 and re.match(r"ke hoach (?!so )[^.;]{8,140}$", folded):
            return index
        if folded.replace(" ", "") == "kehoach":
            return index
        if folded.startswith("ke hoach ") and (is_caps(line.text[:8]) or line.heading) and not line.cells:
            return index
        if split_mark(line.text)[0] in ("roman", "upper") and is_caps(line.text):
            return None
    return None


def _head_end(lines: list[Line]) -> int:
    """How many lines look like a head where no title was found."""
    end = 0
    for index, line in enumerate(lines[:20]):
        folded = fold_same(line.text)
        if any(pattern.search(folded) for pattern in _MOTTO) or _NUMBER.match(folded) or _DATELINE.fullmatch(folded):
            end = index + 1
    return end


def _read_top(head: Head, lines: list[Line]) -> None:
    text = "\n".join("\n".join(line.cells) if line.cells else line.text for line in lines)
    folded = fold_same(text)
    taken: list[tuple[int, int]] = []

    def take(match: re.Match[str]) -> None:
        taken.append(match.span())
        head.unplaced.append(tidy(text[match.start() : match.end()]))

    mottos = [pattern for pattern in _MOTTO if pattern.search(folded)]
    for pattern in [*mottos, *(() if _MOTTO[0] in mottos else _MOTTO_PARTS)]:
        if match := pattern.search(folded):
            take(match)
    if match := _NUMBER.search(folded) or _BARE_NUMBER.search(folded):
        groups = [re.sub(r"\s+", "", text[match.start(index) : match.end(index)]) for index in (1, 2, 3)]
        head.number_symbol = "".join(groups).rstrip(".")
        if len(groups[0]) == 0:
            head.number_symbol = groups[1] + groups[2]
        take(match)
    free = list(folded)
    for start, end in taken:
        free[start:end] = "\n" * (end - start)
    dates = [match for match in _DATELINE.finditer("".join(free)) if match[3] or match[1]]
    if dates:
        _read_date(head, dates[0])
        take(dates[0])
    rest = list(text)
    for start, end in taken:
        rest[start:end] = "\n" * (end - start)
    for line in "".join(rest).split("\n"):
        line = tidy(line).strip("|-–—_ ")
        if not any(char.isalnum() for char in line):
            continue
        known = AGENCY_START.match(fold_same(line))
        if (is_caps(line) or (known and len(line) < 70)) and (known or head.issuer_lines):
            head.issuer_lines.append(line)
        else:
            head.unplaced.append(line)


def _read_date(head: Head, match: re.Match[str]) -> None:
    day, month, year = (int(part) if part else None for part in match.groups())
    head.year = year
    if day and month and year:
        try:
            head.issued_on = date(year, month, day)
        except ValueError:
            head.issued_on = None


def _read_title(head: Head, lines: list[Line]) -> int:
    """Read type and title; the number of lines they take."""
    first = lines[0].text
    folded = fold_same(first)
    head.kind = next((kind for kind in _TYPES if folded.startswith(kind)), None)
    cut = len(head.kind) if head.kind else len(first)
    head.unplaced.append(tidy(first[:cut]))
    parts = [first[cut:].strip(" :-–")] if first[cut:].strip(" :-–.") else []
    used = 1
    for line in lines[1:]:
        if len(parts) >= 8 or not _titles_on(parts, line):
            break
        parts.append(line.text)
        used += 1
    head.title = re.sub(r"^[Vv]/[Vv]\s*:?\s+", "", tidy(" ".join(parts))) or None
    if head.title and (match := re.search(r"\bnam\s+(20\d\d)|(20\d\d)", fold_same(head.title))):
        head.year = int(match[1] or match[2])
    return used


def _titles_on(parts: list[str], line: Line) -> bool:
    text = line.text
    folded = fold_same(text)
    if line.cells or (split_mark(text)[0] not in ("text", "dash") and not starts_small(text)):
        return False
    if not parts:
        return not (_PREAMBLE_START.match(folded) and len(text) > 110)
    so_far = " ".join(parts)
    complete = bool(re.search(r"nam\s+20\d\d\W*$|20\d\d\s*-\s*20\d\d\W*$", fold_same(so_far)))
    if starts_small(text) and not complete:
        return True
    if is_caps(so_far):
        return is_caps(text) or (starts_small(text) and not line.gap)
    if is_caps(text) and not line.gap and not complete:
        return True
    if line.gap or folded.startswith("can cu"):
        return starts_small(text) and len(text) < 100 and not complete
    if starts_small(text):
        return True
    if _PREAMBLE_START.match(folded) or AGENCY_START.match(folded):
        return False
    return not complete and len(text) < 100 and len(parts) < 4


# --- issuer ----------------------------------------------------------------------------------------------------------

_DECLARES = re.compile(
    r"(?:^|[;,.:]\s+|\n)(" + AGENCY + r"[^;:.\n]{0,110}?)\s*(?:\([^)]*\))?\s*"
    r"(?=\b(?:ban hanh|xay dung|de ra|to chuc trien khai|trien khai|lap)\s+(?:ke hoach|chuong trinh|noi dung|thuc hien|"
    r"cong tac|va|cac))"
)


def declared_issuer(preamble: str) -> tuple[str, int] | None:
    """The agency that says it issues the plan ("...; UBND xã A ban hành Kế hoạch"), and where its name begins."""
    found = list(_DECLARES.finditer(fold_same(preamble)))
    for match in reversed(found):
        name = tidy(preamble[match.start(1) : match.end(1)])
        name = re.split(r",\s", name)[-1] if not name.lower().startswith("ban") else name
        if name and AGENCY_START.match(fold_same(name)):
            return name, match.start(1)
    return None


def issuer_name(lines: list[str], body: str) -> str | None:
    """The issuing agency of the head's left column, in the spelling of the body where it names it."""
    if not lines:
        return None
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
        "mầm non dịch vụ công hành chính môi chi cục đặc khu hội đồng",
    )
)
_PLACES = frozenset({"xã", "phường", "tỉnh", "huyện", "trấn", "phố", "khu"})


def _capitals(name: str) -> str:
    words = name.split()
    out: list[str] = []
    place = False
    for index, word in enumerate(words):
        small = word.lower()
        if fold_same(word) in _HELD:
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
    return " ".join(out)


# --- bases -----------------------------------------------------------------------------------------------------------

_DOCUMENT = (
    r"(?:nghi quyet|quyet dinh|chi thi|ket luan|ke hoach|chuong trinh(?: hanh dong| phoi hop| cong tac)?|thong tri|"
    r"huong dan|cong van|nghi dinh|thong tu|quy che(?: phoi hop)?|quy dinh|de an|cong dien|thong bao|van ban|to trinh|"
    r"ke hoach phoi hop|bao cao|quy uoc)"
)
_BASE_START = re.compile(
    r"(?:(?<=^)|(?<=[;,.:\n] )|(?<=\n)|(?<= va )|(?<=can cu )|(?<=thuc hien )|(?<=theo )|(?<=trien khai )|"
    r"(?<=tinh than )|(?<=cac ))"
    r"(?:cac +)?(?:" + _DOCUMENT + r"[^;\n]{0,60}?\bso\b\s*:?\s*[\d.…]*\s*[-/]?[\w/.&-]*|"
    r"(?:bo luat|luat|phap lenh|hien phap|nghi quyet dai hoi|quy che|noi quy|chuong trinh|huong uoc)\b(?! phap))"
)
_LEADS = re.compile(r"(?:can cu|thuc hien|trien khai(?: thuc hien)?|xet|theo|tren co so|tiep tuc thuc hien)\s+")


def bases_of(preamble: str) -> tuple[str, ...]:
    """The documents the preamble cites, each as its own phrase, in order."""
    declared = declared_issuer(preamble)
    text = preamble
    if declared:
        text = preamble[: declared[1]] + "\n" + re.sub(r"[^\n]", " ", preamble[declared[1] :].split("\n", 1)[0])
        text += "\n" + "\n".join(preamble[declared[1] :].split("\n")[1:])
    bases: list[str] = []
    for paragraph in text.split("\n"):
        folded = fold_same(paragraph)
        starts = [match.start() for match in _BASE_START.finditer(folded) if not _inner(folded, match.start())]
        lead = _LEADS.match(folded)
        if not starts:
            if (
                lead
                and folded.startswith("can cu")
                and not re.match(
                    r"can cu (?:tinh hinh|chuc nang|ket qua|nhiem vu|dieu kien|yeu cau|thuc te|de nghi)", folded
                )
            ):
                bases.append(_phrase(paragraph[lead.end() :]))
            continue
        if lead and lead.end() < starts[0] and folded.startswith("can cu") and starts[0] - lead.end() < 80:
            starts[0] = lead.end()
        for start, end in zip(starts, [*starts[1:], len(paragraph)], strict=True):
            bases.append(_phrase(paragraph[start:end]))
    return tuple(dict.fromkeys(base for base in bases if len(base) > 5))


def _inner(folded: str, at: int) -> bool:
    """True when the document at ``at`` is cited inside the title of another ("Kế hoạch ... thực hiện Nghị quyết")."""
    before = folded[:at]
    if not re.search(r"(?:thuc hien|theo|trien khai|tinh than) $", before):
        return False
    clause = re.split(r"[;\n]", before)[-1]
    return bool(re.search(_DOCUMENT + r"\b[^;]*\bso\b", clause))


def _phrase(text: str) -> str:
    text = tidy(text).rstrip(" ;,.:-")
    text = re.sub(r"(?:;|,)?\s+(?:và|căn cứ|thực hiện)$", "", text, flags=re.IGNORECASE)
    return text.rstrip(" ;,.:")
