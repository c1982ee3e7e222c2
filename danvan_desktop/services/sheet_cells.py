"""One cell of a sheet as a value of a field: what spreadsheets do to dates, numbers and texts is undone, and named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ..catalog import values
from ..catalog.model import Field, Json, Privacy, ValueType
from ..catalog.values import ValueProblem
from ..kernel.text import fold, squeeze
from ..render.sheet_read import CellValue
from .sheet_places import PlaceName, find_place, loose, split_places, unknown

_SERIALS = (
    20_000,
    80_000,
)  # days of Excel from 1954 to 2119: no count, sum or year looks like these by chance in a date
_EPOCH = date(1899, 12, 30)
_WHOLE = (ValueType.INTEGER, ValueType.MONEY)
_NUMBERS = (*_WHOLE, ValueType.DECIMAL, ValueType.PERCENT)
_TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT)

NOTES = {
    "serial": "ngày ghi dạng số của Excel, đã đổi thành ngày",
    "zero": "số bị mất số 0 ở đầu, đã thêm lại",
    "thousands": "dấu phẩy ngăn hàng nghìn, đã hiểu là số nguyên",
    "point": "dấu chấm thập phân, đã hiểu là dấu phẩy",
    "percent": "ô định dạng phần trăm, đã nhân 100",
    "formula": "ô có công thức, đã lấy kết quả lưu trong tệp",
    "tcvn3": "chữ TCVN3 (phông .VnTime), đã đổi sang Unicode",
    "vni": "chữ VNI, đã đổi sang Unicode",
    "merged": "ô gộp, đã ghi cho từng dòng",
}
"""What was done to a cell → how the officer is told."""


@dataclass(frozen=True)
class Names:
    """What cells may call agencies, villages and records; each with its id."""

    units: Sequence[PlaceName] = ()
    villages: Sequence[PlaceName] = ()
    records: Callable[[str], Mapping[str, str]] = field(default=lambda _form: {})
    """Form key → folded label → id ("" where several records are called so)."""

    @property
    def dated(self) -> bool:
        """Whether some names depend on the day."""
        return any(name.old or name.since for name in (*self.units, *self.villages))


def fits(item: Field, value: CellValue) -> bool:
    """Whether a cell can be a value of a field, as far as that can be told without the lists of the office."""
    if item.type in (ValueType.UNIT, ValueType.VILLAGE, ValueType.RECORD):
        return isinstance(value, str)
    if item.type is ValueType.DATE and isinstance(value, str) and re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}", value.strip()):
        return True  # without its year it is no date, but nothing else either
    try:
        read = read_cell(item, value, Names())[0]
    except ValueProblem:
        return False
    if isinstance(read, int) and not isinstance(read, bool):
        return (item.minimum or 0) <= read <= (read if item.maximum is None else item.maximum)
    return read is not None


def read_cell(
    item: Field, value: CellValue, names: Names, *, percent: bool = False, zeros: int = 0, day: date | None = None
) -> tuple[Json, str]:
    """(canonical value, notes: keys of NOTES or sentences, a line each). ``percent``, ``zeros``: how the cell shows
    its number; ``day``: the event date of its row.

    Raises ValueProblem with a Vietnamese sentence.
    """
    if isinstance(value, str):
        value = squeeze(value)
    if value is None or value == "":
        return None, ""
    kind = item.type
    if kind in _TEXTS:
        text, note = _text(item, value, zeros)
        return values.parse_value(item, text), note
    if kind is ValueType.DATE:
        return _date(item, value)
    if kind is ValueType.MONTH:
        day, note = _serial(value)
        shown = re.sub(r"^(\d{1,2})[.\-](\d{4})$", r"\1/\2", value) if isinstance(value, str) else day or value
        return values.parse_value(item, shown), note
    if kind in _NUMBERS:
        return _number(item, value, percent)
    if kind is ValueType.UNIT:
        return find_place(item, str(value), names.units, day)
    if kind is ValueType.VILLAGE:
        found = [find_place(item, part, names.villages, day) for part in split_places(str(value), names.villages)]
        notes = dict.fromkeys(told for _key, told in found if told)
        return list(dict.fromkeys(key for key, _told in found)) or None, "\n".join(notes)
    if kind is ValueType.RECORD:
        return _record(item, str(value), names), ""
    if kind is ValueType.CHOICE:
        return _choice(item, value)
    if kind is ValueType.MULTI_CHOICE:
        return _choices(item, value)
    if kind is ValueType.YES_NO and isinstance(value, int) and value in (0, 1):
        return bool(value), ""
    return values.parse_value(item, value), ""


def _bad(item: Field, why: str, code: str = "not_a_value") -> ValueProblem:
    return ValueProblem(code, f"“{item.title}”: {why}.")


def _text(item: Field, value: CellValue, zeros: int) -> tuple[str, str]:
    if isinstance(value, str):
        return value, ""
    if isinstance(value, bool):
        return ("Có" if value else "Không"), ""
    if isinstance(value, int):
        digits = str(value)
        wanted = max(zeros, _digits_wanted(item, len(digits))) if value >= 0 else 0
        return digits.rjust(wanted, "0"), "zero" if len(digits) < wanted else ""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ","), ""
    if isinstance(value, datetime):
        clock = f" {value:%H:%M}" if (value.hour, value.minute) != (0, 0) else ""
        return f"{value:%d/%m}/{value.year:04d}{clock}", ""
    if isinstance(value, date):
        return f"{value:%d/%m}/{value.year:04d}", ""
    if isinstance(value, time):
        return f"{value:%H:%M}", ""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}", ""
    return str(value), ""


def _digits_wanted(item: Field, digits: int) -> int:
    """How long an identity number (12 digits; 9 in the old kind) or a telephone number (10) must be; 0: as it is."""
    if "dien thoai" in fold(item.title):
        return 10 if digits == 9 else 0
    if item.privacy is Privacy.SENSITIVE or re.search(r"can cuoc|cccd|cmnd|dinh danh", fold(item.title)):
        return 12 if digits in (10, 11) else 9 if digits == 8 else 0
    return 0


def _serial(value: CellValue) -> tuple[date | None, str]:
    number: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.fullmatch(r"\d{5}", value):
        number = int(value)
    if number is None or not _SERIALS[0] < number < _SERIALS[1]:
        return None, ""
    return _EPOCH + timedelta(days=int(number)), "serial"


def _date(item: Field, value: CellValue) -> tuple[Json, str]:
    day, note = _serial(value)
    if day is not None:
        return day.isoformat(), note
    typed = value
    if isinstance(value, str):
        if re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}", value):
            raise _bad(item, f"ngày “{value}” thiếu năm, hãy gõ đủ như 05/06/2026")
        text = fold(value)
        text = re.sub(r"\b\d{1,2}(?::|h)\d{0,2}(?::\d{2})?\b|\bngay\b", " ", text).strip(" ,.")
        text = re.sub(r"\s*\b(?:thang|nam)\b\s*", "/", text)
        text = re.sub(r"\s*([/.\-])\s*", r"\1", text).strip()
        value = text or value
    try:
        parsed = values.parse_value(item, value)
    except ValueProblem:
        parsed = values.parse_value(item, typed)  # the sentence quotes what stands in the cell
    if values.as_date(parsed) is None:
        raise _bad(item, f"ngày “{str(typed)[:40]}” nằm ngoài khoảng {values.FIRST_YEAR}–{values.LAST_YEAR}")
    return parsed, ""


def _number(item: Field, value: CellValue, percent: bool) -> tuple[Json, str]:
    if isinstance(value, float) and not isinstance(value, bool):
        value = round(value, 10)  # 0.1 + 0.2 of a formula
    if item.type is ValueType.PERCENT and percent and isinstance(value, int | float):
        return values.parse_value(item, round(value * 100, 8)), "percent"
    if isinstance(value, str):
        bare = value.replace(" ", "").replace("\u00a0", "")
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.0+)?", bare) and (item.type in _WHOLE or bare.count(",") > 1):
            return values.parse_value(item, bare.split(".")[0].replace(",", "")), "thousands"
        if item.type not in _WHOLE and re.fullmatch(r"-?\d+\.(\d{1,2}|\d{4,})%?", bare):
            return values.parse_value(item, bare.replace(".", ",")), "point"
        if re.fullmatch(r"-?[\d.]+,0+", bare) and item.type in _WHOLE:
            bare = bare.split(",")[0]
            return values.parse_value(item, bare), ""
    return values.parse_value(item, value), ""


# --- lists ----------------------------------------------------------------------------------------------------------


def _choice(item: Field, value: CellValue) -> tuple[str, str]:
    text = str(value)
    try:
        read = values.parse_value(item, text)
        return str(read[0] if isinstance(read, list) and len(read) == 1 else read), ""
    except ValueProblem:
        wanted = loose(text)
        for named in ([loose(c.title) for c in item.choices], [fold(c.note) for c in item.choices]):
            if wanted and named.count(wanted) == 1:
                return item.choices[named.index(wanted)].key, ""
        begun = [choice for choice in item.choices if wanted and loose(choice.title).startswith(f"{wanted} ")]
        if len(begun) == 1:
            return begun[0].key, f"“{text[:60]}” hiểu là “{begun[0].title}”"
        raise unknown(item, text, [choice.title for choice in item.choices]) from None


def _choices(item: Field, value: CellValue) -> tuple[Json, str]:
    text = str(value)
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) == 1 and "," in text:
        try:
            return _ordered(item, [_choice(item, text)])
        except ValueProblem:
            parts = [part.strip() for part in text.split(",") if part.strip()]
    return _ordered(item, [_choice(item, part) for part in parts])


def _ordered(item: Field, read: Sequence[tuple[str, str]]) -> tuple[Json, str]:
    keys = [key for key, _note in read]
    ordered: list[Json] = [choice.key for choice in item.choices if choice.key in keys]
    if len(ordered) != len(set(keys)):  # what was read must be kept: a key that is no choice is our own fault
        raise ValueError(f"{item.key}: {keys} are not all choices")
    return ordered or None, "\n".join(note for _key, note in read if note)


def _record(item: Field, text: str, names: Names) -> str:
    known = names.records(item.target_form)
    found = known.get(fold(text))
    if found:
        return found
    if found == "":
        raise _bad(item, f"nhiều bản ghi cùng tên “{text[:60]}”, hãy chọn trên màn hình", "ambiguous")
    raise _bad(item, f"không tìm thấy bản ghi “{text[:60]}”", "not_found")
