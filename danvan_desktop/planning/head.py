"""The head of a plan: issuer, number, place and date, title; and what its preamble rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from .cleaning import Line
from .lines import split_mark
from .wording import AGENCY_START, fold_same, is_caps, starts_small, tidy

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
_SLASHED_DATELINE = re.compile(r"[^\W\d][\w .'-]{1,40},\s*ngay\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\b")
_PREAMBLE_START = re.compile(
    r"(?:can cu|thuc hien|trien khai|nham |de |tiep tuc|tren co so|xet |theo |phat huy|quan triet|cong tac dan van la|"
    r"nam 20\d\d,|trong thoi gian)"
)
_OPEN_NUMERAL = re.compile(r"\b(?:lan thu|khoa|thu|so|nam|quy|giai doan|nhiem ky|cap|dot)$")
# The year a title names, but not the end of a span or the date of a cited document.
_TITLE_YEAR = re.compile(
    r"(?<!den )(?<!den het )(?<!tam nhin )(?<!thang \d )(?<!thang \d\d )\bnam\s+(20\d\d)|"
    r"(?<![\d/.-])(20\d\d)\s*-\s*20\d\d|(?<!nam )(?<![\d/.-])(20\d\d)\W*$"
)
# Small words with which a title goes on behind its year ("... nhiệm kỳ 2026 - 2031 / trên địa bàn phường A").
_TITLE_GOES_ON = re.compile(r"(?:tren dia ban|tren|cua|tai|trong|doi voi|giai doan|nhiem ky|thuoc)\b")
_LONGEST_HEAD = 90  # lines within which the title must stand


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


def covered_plan_at(lines: list[Line]) -> int | None:
    """Where the plan begins that a decision before it issues ("KẾ HOẠCH ... (Kèm theo Quyết định số ...)"), or None."""
    decided = listed = False
    for index, line in enumerate(lines):
        folded = fold_same(line.text).strip(" .:-|")
        decided = decided or (folded == "quyet dinh" and is_caps(line.text))
        listed = listed or folded.startswith("noi nhan")
        if index < 8 or folded not in ("ke hoach", "chuong trinh", "phuong an"):
            continue
        after = fold_same(" ".join(item.text for item in lines[index + 1 : index + 10]))
        if is_caps(line.text) and decided and listed:
            return index
        if is_caps(line.text) and re.search(r"\((?:ban hanh )?kem theo (?:quyet dinh|cong van|thong bao)", after):
            return index
    return None


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
    start = _page_top(lines)
    head.unplaced += [line.text for line in lines[:start]]
    lines = lines[start:]
    at = _title_at(lines)
    if at is None:
        at = _head_end(lines)
        _read_top(head, lines[:at])
        head.used = start + at + _wordless_title(head, lines, at)
        return head
    _read_top(head, lines[:at])
    head.used = start + at + _read_title(head, lines[at:])
    return head


def _page_top(lines: list[Line]) -> int:
    """How many lines a web page puts above the document: its own title, counters, a table of particulars."""
    first = _title_at(lines)
    if first is None or any(_opens_head(line) for line in lines[:first]):
        return 0
    for index in range(first + 1, min(len(lines), first + _LONGEST_HEAD // 2)):
        line = lines[index]
        if split_mark(line.text)[0] in ("roman", "upper") and is_caps(line.text):
            return 0
        if _opens_head(line):
            while index > first + 1 and AGENCY_START.match(fold_same(lines[index - 1].text)) and not line.cells:
                index -= 1
            return index
    return 0


def _opens_head(line: Line) -> bool:
    """True for a line with the motto, the number or the agency in capitals, which only the document's head has."""
    folded = fold_same(line.text)
    if any(pattern.search(folded) for pattern in (*_MOTTO, *_MOTTO_PARTS)) and is_caps(line.text[:20]):
        return True
    return bool(re.match(r"so\s*:", folded) and _NUMBER.match(folded)) or (
        is_caps(line.cells[0] if line.cells else line.text)
        and bool(re.match(r"(?:uy ban nhan dan|ubnd|so |phong |dang uy|tinh uy)", folded))
    )


def _wordless_title(head: Head, lines: list[Line], at: int) -> int:
    """The title in capitals behind the date where the word KẾ HOẠCH was lost; the number of lines it takes."""
    used = 0
    while head.number_symbol and at + used < len(lines) and used < 6:
        line = lines[at + used]
        if line.cells or not is_caps(line.text) or split_mark(line.text)[0] != "text" or len(line.text) < 12:
            break
        used += 1
    if used:
        _set_title(head, [line.text for line in lines[at : at + used]])
    return used


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
    dates = dates or list(_SLASHED_DATELINE.finditer("".join(free)))
    if dates:
        _read_date(head, dates[0])
        start, end = dates[0].span()
        name = re.match(r"(?:[A-ZĐÀ-Ỹ]{2,} +)+(?=[A-ZĐÀ-Ỹ][a-zà-ỹđ])", text[start:end])  # the agency of the left column
        start += name.end() if name else 0
        taken.append((start, end))
        head.unplaced.append(tidy(text[start:end]))
    rest = list(text)
    for start, end in taken:
        rest[start:end] = "\n" * (end - start)
    for line in "".join(rest).split("\n"):
        line = tidy(line).strip("|-–—_ /")
        if not any(char.isalnum() for char in line):
            continue
        known = AGENCY_START.match(fold_same(line)) and not line.endswith(":")
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
        following = lines[used + 1] if used + 1 < len(lines) else None
        if len(parts) >= 8 or not (_titles_on(parts, line) or (not parts and _long_title(line, following))):
            break
        parts.append(line.text)
        used += 1
    _set_title(head, parts)
    return used


def _set_title(head: Head, parts: list[str]) -> None:
    head.title = re.sub(r"^[Vv]/[Vv]\s*:?\s+", "", tidy(" ".join(parts).replace("* ", ""))) or None
    told = re.sub(r"nhiem ky\s*20\d\d\s*-\s*20\d\d", "", fold_same(head.title or ""))  # a term is no plan year
    if match := _TITLE_YEAR.search(told):
        head.year = int(match[1] or match[2] or match[3])


def _ends_clause(text: str) -> bool:
    """True for a line that ends like a sentence or a cited document, as preambles do and titles do not."""
    return text.rstrip('”") ').endswith((".", ";", ":", ",")) or len(text) > 300


def _long_title(line: Line, following: Line | None) -> bool:
    """True for a first line that reads like a preamble, yet cites nothing and goes on in small letters."""
    cites = re.search(r"\bso\s*:?\s*\d|^can cu\b", fold_same(line.text))
    return not line.cells and cites is None and following is not None and starts_small(following.text)


def _titles_on(parts: list[str], line: Line) -> bool:
    text = line.text
    folded = fold_same(text)
    if parts and is_caps(text) and _OPEN_NUMERAL.search(fold_same(parts[-1])) and not line.cells:
        return True  # "ĐẠI HỘI LẦN THỨ / XIV CỦA ĐẢNG": the numeral is no mark
    if re.match(r"\((?:ban hanh )?kem theo", folded):
        return False
    if parts and parts[-1].endswith(("-", "–")) and text[0].isdigit() and not line.cells:
        return True  # "GIAI ĐOẠN 2026 - / 2030"
    if line.cells or (split_mark(text)[0] not in ("text", "dash") and not starts_small(text)):
        return False
    if not parts:
        return is_caps(text) or not (_PREAMBLE_START.match(folded) and len(text) > 110 and _ends_clause(text))
    so_far = " ".join(parts)
    if starts_small(text) and len(text) < 100 and not line.cells and _TITLE_GOES_ON.match(folded):
        return True
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
