"""Tables that lost their lines on the way into text: found by their head row, so that no cell is read as a mark.

Where every cell stands on a line of its own and the numbers of cells agree, or where the cells of run-on rows can be
told by the names of the bodies in them, the rows are put together again; else the lines are kept as they are, as text
that is neither task nor duty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .columns import column_of, columns_of
from .wording import fold_same, is_caps

_OPENS = re.compile(r"(?:stt|tt|so tt|so thu tu)\b\.?\s*")
_TEXT_WORDS = re.compile(
    r"noi dung|nhiem vu|cong viec|hoat dong|ten (?:mo hinh|van ban|don vi)|ho va ten|chi tieu|tieu chi"
)
_OTHER_WORDS = re.compile(
    r"chu tri|phoi hop|thuc hien|phu trach|thoi gian|thoi han|tien do|hoan thanh|ghi chu|kinh phi|san pham|ket qua|"
    r"don vi|chuc vu|so luong|dia chi"
)
_ENDS = re.compile(
    r"(?:phu luc|phu bieu|bieu mau|bieu so|mau so)\b(?! kem).{0,60}$|noi nhan\b|tren day la|t\.?m\.? |k\.?t\.? |"
    r"(?:phan|chuong) (?:[ivx]{1,4}|thu \w+)\b"
)
_NEXT_HEADING = re.compile(
    r"(?:[ivx]{1,5}|\d{1,2})\s*[./)-]?\s*(?:to chuc (?:trien khai )?thuc hien|kinh phi|che do|phan cong|trach nhiem|"
    r"muc tieu|giai phap|nhiem vu|thoi gian|noi dung|cong tac to chuc)"
)
_MARK = re.compile(r"(?:\d{1,3}|[ivxIVX]{1,5}|[A-H]|\d{1,2}\.\d{1,2})[.)]?")
_LONGEST_HEAD = 12  # lines a head row may take
_LONGEST_CELL = 400  # characters


@dataclass(frozen=True, slots=True)
class Flat:
    """Lines ``start`` to ``end`` (not included) are a table; ``rows`` are its rows where they could be told."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...] = ()


def flat_tables(texts: list[str]) -> list[Flat]:
    """The tables without lines among ``texts`` (the lines of a plan), in order."""
    found: list[Flat] = []
    index = 0
    while index < len(texts):
        body = _after_head(texts, index)
        if body is None:
            index += 1
            continue
        end = _end(texts, body)
        floor = found[-1].end if found else 0
        first = index
        while first > max(floor, index - 3) and _above_head(texts[first - 1]):
            first -= 1  # cells of the head row that stand higher than its number
        alone = _OPENS.fullmatch(fold_same(texts[index]) + " ") is not None
        rows = (_rows if alone else _run_on_rows)(texts[index:body], texts[body:end]) if first == index else ()
        found.append(Flat(first, end, rows))
        index = max(end, index + 1)
    return found


def _after_head(texts: list[str], start: int) -> int | None:
    """The line after the head row that begins at ``start``; None where none begins there."""
    opened = _OPENS.match(fold_same(texts[start]) + " ")
    if opened is None or len(texts[start]) > 200:
        return None
    head = ""
    for index in range(start, min(len(texts), start + _LONGEST_HEAD)):
        text = fold_same(texts[index]).strip()
        if index > start and (re.match(r"(?:1|i|a)(?:[.)/]|\s|$)", text) or re.match(r"\(1\)", text)):
            return index if _is_head(head) else None
        if not text or len(text) > 200 or (text.endswith((";", ".")) and len(text) > 4):
            return None
        head += " " + text
    return None


def _above_head(text: str) -> bool:
    plain = 0 < len(text) < 60 and not is_caps(text) and text[-1] not in ".;:)/" and not _MARK.match(text)
    return plain and _OTHER_WORDS.match(fold_same(text)) is not None


def _is_head(folded: str) -> bool:
    words = {match[0] for match in _OTHER_WORDS.finditer(folded)}
    return bool(_TEXT_WORDS.search(folded)) and len(words) >= 1 and len(folded) < 320


def _end(texts: list[str], start: int) -> int:
    for index in range(start, len(texts)):
        if not texts[index]:
            return index  # the row of a table that kept its lines
        folded = fold_same(texts[index]).strip(" -|")
        if _ENDS.match(folded) and texts[index].strip(" -|")[:1].isupper():
            return index
        top = re.match(r"[IVX]{1,5}\s*[./)-]", texts[index]) is not None and len(folded) < 90
        if index > start and (top or is_caps(texts[index])) and _NEXT_HEADING.match(folded):
            return index
        if len(folded) > 2 * _LONGEST_CELL:
            return index  # no cell: a paragraph of the text behind the table
    return len(texts)


def _rows(head: list[str], lines: list[str]) -> tuple[tuple[str, ...], ...]:
    """The rows with their head, where a line is a cell; empty where the counts do not agree."""
    names: list[str] = []
    for text in head:
        if names and (text[:1].islower() or (column_of(text) is None and not _OPENS.fullmatch(fold_same(text) + " "))):
            names[-1] = f"{names[-1]} {text}"
        else:
            names.append(text)
    if len(names) < 3 or columns_of(tuple(names)) is None:
        return ()
    rows: list[list[str]] = []
    for text in lines:
        if _MARK.fullmatch(text) and (not rows or len(rows[-1]) != 1):
            rows.append([text])
        elif not rows or len(text) > _LONGEST_CELL:
            return ()
        else:
            rows[-1].append(text)
    full = sum(1 for row in rows if len(row) in (len(names), len(names) - 1))
    groups = sum(1 for row in rows if len(row) == 2 and len(names) > 3)
    if full == 0 or full + groups < len(rows):
        return ()
    return (tuple(names), *(tuple(row + [""] * (len(names) - len(row))) for row in rows))


# --- rows whose cells run on in one line -----------------------------------------------------------------------------

_BODY_START = re.compile(
    r"(?<=[\w”\")%] )(?<!của )(?<!với )(?<!và )(?<!do )(?<!tại )(?<!cho )(?<!về )(?<!từ )(?<!giữa )(?<!trong )"
    r"(?<!thuộc )(?<!theo )(?<!đến )(?<!gửi )(?<!báo cáo )(?<!giúp )(?<!mưu )"
    r"(?:(?:Phòng|Văn phòng|Trung tâm|UBND|Ủy ban|Uỷ ban|Công an|Sở|Đoàn|Trường|Trạm|Thôn|Thủ trưởng|Bộ phận|Công chức|"
    r"Đảng ủy|MTTQ|UBMTTQ|Thanh tra|Chủ tịch|Lãnh đạo|BCH|VP|BCĐ)(?![a-zà-ỹđ])|"
    r"Các (?=[a-zà-ỹđ])|Ban (?!hành)|Hội (?!nghị|thi)|TT |P\.(?= ?[A-ZĐ]))"
)
_TIME_START = re.compile(
    r"(?<= )(?:Tháng|Quý|Thường xuyên|Trước|Hằng|Hàng|Cả năm|Năm|Trong|Từ|Định kỳ|Ngày|0?6 tháng|Theo|Sau|\d{1,2}/\d)"
)


def _run_on_rows(head: list[str], lines: list[str]) -> tuple[tuple[str, ...], ...]:
    """The rows with their head, where a line begins with the number of its row; empty where any cannot be told."""
    order, names = _head_columns(re.sub(r"\s+", " ", " ".join(head)).strip())
    if order[:2] != ["text", "body"]:
        return ()
    runs: list[list[str]] = []
    expected = 1
    for text in lines:
        match = re.match(r"(\d{1,3})[.)]?(?:\s+|$)", text)
        if match and int(match[1]) == expected:
            runs.append([text])
            expected += 1
        elif re.match(r"[IVX]{1,4}[.)]?\s+\D", text) and is_caps(text):
            runs.append([text])
        elif not runs:
            return ()
        else:
            runs[-1].append(text)
    rows = [_cut(" ".join(run), order) for run in runs]
    if expected < 3 or any(row is None for row in rows):
        return ()
    return (names, *(row for row in rows if row))


_HEAD_WORDS = {
    "text": re.compile(r"(?:ten |cac )?(?:noi dung|nhiem vu|cong viec|hoat dong)"),
    "body": re.compile(
        r"(?:(?:cac )?(?:don vi|co quan|bo phan|nguoi)(?:, (?:don vi|co quan|bo phan))? )?(?:chu tri|phu trach)|"
        r"(?:don vi|co quan|bo phan) thuc hien|phan cong"
    ),
    "partner": re.compile(r"(?:(?:cac )?(?:don vi|co quan|bo phan)(?:, (?:don vi|co quan|bo phan))? )?phoi hop"),
    "time": re.compile(r"thoi gian|thoi han|tien do|thoi diem"),
}


def _head_columns(head: str) -> tuple[list[str], tuple[str, ...]]:
    """The columns after the number, in order, and the cells of the head; no columns where one is of another kind."""
    folded = fold_same(head)
    if re.search(r"ghi chu|kinh phi|san pham|ket qua", folded):
        return [], ()
    found = sorted(
        (match.start(), name) for name, words in _HEAD_WORDS.items() if (match := words.search(folded)) is not None
    )
    starts = [start for start, _ in found]
    names = [head[a:b].strip() for a, b in zip([0, *starts], [*starts, len(head)], strict=True)]
    return [name for _, name in found], tuple(names)


def _cut(run: str, order: list[str]) -> tuple[str, ...] | None:
    mark, _, rest = re.sub(r"\s+", " ", run).strip().partition(" ")
    if not mark[:1].isdigit():
        return (mark, rest, *("" for _ in order[1:]))
    if len(rest) > 2 * _LONGEST_CELL:
        return None
    body = _BODY_START.search(rest)
    if body is None:
        return None
    cells = {"text": rest[: body.start()].strip()}
    tail = rest[body.start() :]
    if "time" in order:
        time = _TIME_START.search(tail)
        if time is None:
            return None
        cells["time"], tail = tail[time.start() :].strip(), tail[: time.start()]
    if "partner" in order:
        partner = next((match for match in _BODY_START.finditer(tail, 1) if tail[match.start() - 2] not in ",;-"), None)
        if partner is None:
            return None
        cells["partner"], tail = tail[partner.start() :].strip(), tail[: partner.start()]
    cells["body"] = tail.strip()
    return (mark, *(cells[name] for name in order))
