"""Values of fields: typed text → canonical JSON, checks, Vietnamese display (DESIGN §8.5)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ..kernel import vi
from ..kernel.canonical import MAX_INTEGER
from ..kernel.text import bad_character, fold, nfc, squeeze
from .conditions import is_empty
from .model import Field, Form, Json, Severity, ValueType

TEXT_LIMIT = 500  # letters of a one-line text without a limit of its own
LONG_TEXT_LIMIT = 20_000
ROWS_LIMIT = 2_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
_NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)
_TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT)
_ID_LISTS = (ValueType.VILLAGE, ValueType.FILES)
_YES = {"co", "x", "1", "true", "yes", "dung", "c", "✓"}
_NO = {"khong", "0", "false", "no", "sai", "k"}


class ValueProblem(ValueError):
    """Typed text that is no value of the field; ``message`` is a Vietnamese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one value. ``row`` is the row's id and ``column`` its column, for rows fields."""

    field: str
    code: str
    severity: Severity
    message: str
    row: str | None = None
    column: str | None = None


def blocks(problems: Sequence[Problem]) -> bool:
    """Whether a record with these problems may not become "chính thức"."""
    return any(item.severity is Severity.ERROR for item in problems)


# --- typed text → value ------------------------------------------------------------------------------------------


def parse_value(field: Field, raw: object) -> Json:
    """The canonical value of what a person typed or a spreadsheet cell holds; None when empty.

    Accepts text as typed ("1.234,5", "5/6/2026", a choice's title or key, "a; b"), and the Python values a
    spreadsheet gives (int, whole float, bool, date). Raises ValueProblem. Rows: a list of mappings (row ids are
    kept when given), or text with one row a line and columns parted by "|".
    """
    if isinstance(raw, str):
        raw = squeeze(raw)
    if raw is None or raw == "" or raw == []:
        return None
    if field.type in _TEXTS:
        return _parse_text(field, raw)
    if field.type in _NUMBERS:
        return _parse_number(field, raw)
    if field.type is ValueType.DATE:
        return _parse_date(field, raw).isoformat()
    if field.type is ValueType.MONTH:
        return _parse_month(field, raw)
    if field.type is ValueType.YES_NO:
        return _parse_yes_no(field, raw)
    if field.type is ValueType.CHOICE:
        return _parse_choice(field, raw)
    if field.type is ValueType.MULTI_CHOICE:
        return _parse_choices(field, raw)
    if field.type is ValueType.ROWS:
        return _parse_rows(field, raw)
    if field.type in _ID_LISTS:
        items = _split(raw) if isinstance(raw, str) else raw
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise _bad(field, "cần danh sách mã")
        return list(dict.fromkeys(item.strip() for item in items if item.strip())) or None
    if not isinstance(raw, str):  # unit, record
        raise _bad(field, "cần một mã")
    return raw


def _bad(field: Field, why: str, code: str = "not_a_value") -> ValueProblem:
    return ValueProblem(code, f"“{field.title}”: {why}.")


def _parse_text(field: Field, raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # spreadsheets give 12.0 for a typed 12
    if isinstance(raw, datetime | date):
        return vi.day(raw.date() if isinstance(raw, datetime) else raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise _bad(field, "cần là chữ")
    text = squeeze(str(raw))
    return text if field.type is ValueType.LONG_TEXT else " ".join(text.split("\n"))


def _parse_number(field: Field, raw: object) -> int:
    scale = _scale(field)
    if isinstance(raw, bool):
        raise _bad(field, "cần là số")
    if isinstance(raw, int | float):
        try:
            scaled = Decimal(str(raw)).scaleb(scale)
            value = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise _bad(field, "cần là số") from error
        if value != scaled:
            raise _bad(field, f"chỉ được {scale} chữ số thập phân" if scale else "cần là số nguyên")
        return value
    if not isinstance(raw, str):
        raise _bad(field, "cần là số")
    text = raw
    for tail in ("%", "đồng", "đ", field.unit_text):
        if tail and text.casefold().endswith(tail.casefold()):
            text = text[: -len(tail)].strip()
            break
    try:
        return vi.parse_number(text, scale)
    except ValueError as error:
        hint = "cần là số nguyên, ví dụ 1.234" if scale == 0 else f"cần là số, tối đa {scale} số lẻ, ví dụ 1.234,5"
        raise _bad(field, f"không hiểu “{raw[:40]}”, {hint}") from error


def _scale(field: Field) -> int:
    return field.scale if field.type in (ValueType.DECIMAL, ValueType.PERCENT) else 0


def _parse_date(field: Field, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        if not isinstance(raw, str):
            raise ValueError
        return vi.parse_day(raw)
    except ValueError as error:
        raise _bad(field, f"không hiểu ngày “{str(raw)[:40]}”, hãy gõ dạng 05/06/2026") from error


def _parse_month(field: Field, raw: object) -> str:
    if isinstance(raw, date):
        return f"{raw.year:04d}-{raw.month:02d}"
    text = fold(raw).removeprefix("thang").strip() if isinstance(raw, str) else ""
    for pattern, year_at in ((r"(\d{1,2})[/.\- ](\d{4})", 2), (r"(\d{4})-(\d{2})", 1)):
        if match := re.fullmatch(pattern, text):
            year, month = int(match[year_at]), int(match[3 - year_at])
            if 1 <= month <= 12:
                return f"{year:04d}-{month:02d}"
    raise _bad(field, f"không hiểu tháng “{str(raw)[:40]}”, hãy gõ dạng 05/2026")


def _parse_yes_no(field: Field, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = fold(str(raw))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _bad(field, f"không hiểu “{str(raw)[:40]}”, hãy gõ “có” hoặc “không”")


def _parse_choice(field: Field, raw: object) -> str:
    text = nfc(str(int(raw) if isinstance(raw, float) and raw.is_integer() else raw)).strip()
    for choice in field.choices:
        if text in (choice.key, choice.title):
            return choice.key
    folded = fold(text)
    found = [choice.key for choice in field.choices if fold(choice.title) == folded]
    if len(found) == 1:
        return found[0]
    raise _bad(field, f"“{text[:60]}” không có trong danh mục", "unknown_choice")


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _parse_choices(field: Field, raw: object) -> Json:
    items = _split(raw) if isinstance(raw, str) else list(raw) if isinstance(raw, list | tuple | set) else [raw]
    chosen = {_parse_choice(field, item) for item in items}
    ordered: list[Json] = [choice.key for choice in field.choices if choice.key in chosen]
    return ordered or None


def _parse_rows(field: Field, raw: object) -> Json:
    if isinstance(raw, str):
        keys = [column.key for column in field.columns if column.derive is None]
        lines = [line.split("|") for line in raw.split("\n") if line.strip()]
        if any(len(line) > len(keys) for line in lines):
            raise _bad(field, "có dòng thừa cột")
        raw = [dict(zip(keys, line, strict=False)) for line in lines]
    if not isinstance(raw, list | tuple) or not all(isinstance(item, Mapping) for item in raw):
        raise _bad(field, "cần là bảng")
    columns = {column.key: column for column in field.columns}
    result: list[Json] = []
    for item in raw:
        row: dict[str, Any] = {}
        for key, cell in item.items():
            value = parse_value(columns[key], cell) if key in columns else cell
            if not is_empty(value):
                row[str(key)] = value
        if any(key != "row" for key in row):
            result.append(row)
    return result or None


# --- checks ------------------------------------------------------------------------------------------------------


def check_value(field: Field, value: Json, *, required: bool | None = None) -> list[Problem]:
    """The problems of one canonical value: missing, wrong type, limits, choices, spelling form, bad characters.

    ``required`` overrides the field's own (conditions of the record are the caller's: see rules.check_record).
    """
    if is_empty(value):
        wanted = field.required if required is None else required
        if wanted and field.derive is None:
            return [Problem(field.key, "required", Severity.ERROR, f"Chưa nhập “{field.title}”.")]
        return []
    if field.type is ValueType.ROWS:
        return _check_rows(field, value)
    found = _check_scalar(field, value)
    if found is None:
        return []
    code, why = found
    return [Problem(field.key, code, Severity.ERROR, f"“{field.title}” {why}.")]


def _check_scalar(field: Field, value: Json) -> tuple[str, str] | None:
    wrong = ("wrong_type", "không đúng kiểu dữ liệu, hãy nhập lại")
    if field.type in _TEXTS:
        return _check_text(field, value) if isinstance(value, str) else wrong
    if field.type in _NUMBERS:
        return _check_number(field, value) if isinstance(value, int) and not isinstance(value, bool) else wrong
    if field.type is ValueType.YES_NO:
        return None if isinstance(value, bool) else wrong
    if field.type in (ValueType.DATE, ValueType.MONTH):
        return None if isinstance(value, str) and as_date(value) is not None and (
            len(value) == (10 if field.type is ValueType.DATE else 7)
        ) else ("not_a_date", "không phải là ngày, tháng hợp lệ")  # fmt: skip
    if field.type is ValueType.CHOICE:
        if not isinstance(value, str):
            return wrong
        return None if value in field.choice_titles else ("unknown_choice", f"có lựa chọn lạ “{value[:60]}”")
    if field.type in (ValueType.MULTI_CHOICE, ValueType.VILLAGE, ValueType.FILES):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return wrong
        if len(set(map(str, value))) != len(value):
            return "twice", "có lựa chọn trùng nhau"
        strange = [item for item in value if field.type is ValueType.MULTI_CHOICE and item not in field.choice_titles]
        return ("unknown_choice", f"có lựa chọn lạ “{str(strange[0])[:60]}”") if strange else None
    return None if isinstance(value, str) else wrong


def _check_text(field: Field, text: str) -> tuple[str, str] | None:
    multiline = field.type is ValueType.LONG_TEXT
    if name := bad_character(text, multiline=multiline):
        return "bad_character", f"có ký tự không dùng được ({name}), hãy xóa đi"
    if nfc(text) != text:
        return "not_nfc", "chưa ở dạng chữ dựng sẵn (Unicode NFC)"
    limit = field.max_length or (LONG_TEXT_LIMIT if multiline else TEXT_LIMIT)
    if len(text) > limit:
        return "too_long", f"dài {vi.number(len(text))} ký tự, tối đa {vi.number(limit)}"
    return None


def _check_number(field: Field, value: int) -> tuple[str, str] | None:
    scale = _scale(field)
    if field.minimum is not None and value < field.minimum:
        return "too_small", f"phải từ {vi.number(field.minimum, scale)} trở lên"
    if field.maximum is not None and value > field.maximum:
        return "too_large", f"không được quá {vi.number(field.maximum, scale)}"
    if abs(value) > MAX_INTEGER:
        return "too_large", "quá lớn"
    return None


def _check_rows(field: Field, value: Json) -> list[Problem]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return [Problem(field.key, "wrong_type", Severity.ERROR, f"“{field.title}” không đúng kiểu dữ liệu.")]
    if len(value) > ROWS_LIMIT:
        return [Problem(field.key, "too_long", Severity.ERROR, f"“{field.title}” quá {vi.number(ROWS_LIMIT)} dòng.")]
    problems: list[Problem] = []
    for index, row in enumerate(value, 1):
        assert isinstance(row, dict)
        row_id = row.get("row")
        for column in field.columns:
            for found in check_value(column, row.get(column.key)):
                message = f"{field.title}, dòng {index}: {found.message}"
                where = row_id if isinstance(row_id, str) else None
                problems.append(Problem(field.key, found.code, found.severity, message, where, column.key))
    return problems


def as_date(value: Json) -> date | None:
    """The day of an ISO date, the last day of an ISO month (DESIGN §8.3); None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}", value):
            year, month = int(value[:4]), int(value[5:])
            found = date(year, month, calendar.monthrange(year, month)[1])
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            found = date.fromisoformat(value)
        else:
            return None
    except ValueError:  # calendar.IllegalMonthError is one
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


# --- display -----------------------------------------------------------------------------------------------------


def display(field: Field, value: Json, names: Mapping[str, str] | None = None) -> str:
    """The value as an officer reads it; "" when empty. ``names`` gives the names of ids (units, villages, records).

    Percents carry "%"; other units (``field.unit_text``) are the caller's. A value of a foreign shape is shown as is.
    """
    if is_empty(value):
        return ""
    known = names or {}
    if field.type is ValueType.ROWS and isinstance(value, list):
        return "\n".join(_display_row(field, item, known) for item in value if isinstance(item, dict))
    if isinstance(value, list):
        titles: Mapping[str, str] = field.choice_titles if field.type is ValueType.MULTI_CHOICE else known
        return "; ".join(titles.get(str(item), str(item)) for item in value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int):
        return vi.number(value, _scale(field)) + ("%" if field.type is ValueType.PERCENT else "")
    text = str(value)
    if field.type is ValueType.CHOICE:
        return field.choice_titles.get(text, text)
    if field.type in (ValueType.UNIT, ValueType.RECORD, ValueType.VILLAGE):
        return known.get(text, text)
    if field.type is ValueType.DATE and (day := as_date(text)):
        return vi.day(day)
    if field.type is ValueType.MONTH and (day := as_date(text)):
        return f"{day.month:02d}/{day.year:04d}"
    return text


def _display_row(field: Field, row: Mapping[str, Json], names: Mapping[str, str]) -> str:
    cells = (display(column, row.get(column.key), names) for column in field.columns)
    return "; ".join(cell for cell in cells if cell)


# --- records -----------------------------------------------------------------------------------------------------


def normalise(form: Form, values: Mapping[str, Json]) -> dict[str, Json]:
    """``values`` in the form they are stored: NFC, blanks squeezed, empty ones dropped, choices in order.

    Unknown keys are kept (a newer catalogue may know them). Row ids are the caller's to give.
    """
    result: dict[str, Json] = {}
    for key, value in values.items():
        tidy = _tidy(form.field(key), value) if form.has_field(key) else value
        if not is_empty(tidy):
            result[key] = tidy
    return result


def _tidy(field: Field, value: Json) -> Json:
    if field.type in _TEXTS and isinstance(value, str):
        text = squeeze(value)
        return text if field.type is ValueType.LONG_TEXT else " ".join(text.split("\n"))
    if field.type is ValueType.MULTI_CHOICE and isinstance(value, list):
        order = {choice.key: index for index, choice in enumerate(field.choices)}
        return sorted(dict.fromkeys(map(str, value)), key=lambda key: (order.get(key, len(order)), key))
    if field.type is ValueType.ROWS and isinstance(value, list):
        columns = {column.key: column for column in field.columns}
        rows: list[Json] = []
        for row in value:
            if not isinstance(row, dict):
                return value
            tidy = {key: _tidy(columns[key], cell) if key in columns else cell for key, cell in row.items()}
            tidy = {key: cell for key, cell in tidy.items() if not is_empty(cell)}
            if any(key != "row" for key in tidy):
                rows.append(tidy)
        return rows
    return nfc(value) if isinstance(value, str) else value


def event_date(form: Form, values: Mapping[str, Json]) -> date | None:
    """The day by which the record belongs to a period (a month: its last day); None while not entered."""
    return as_date(values.get(form.event_date))


def label_of(form: Form, values: Mapping[str, Json], names: Mapping[str, str] | None = None) -> str:
    """The text that names a record in lists, links and messages; the form's short title when nothing is entered."""
    parts = (display(form.field(key), values.get(key), names) for key in form.label)
    return " – ".join(part.replace("\n", " ") for part in parts if part) or form.short_title
