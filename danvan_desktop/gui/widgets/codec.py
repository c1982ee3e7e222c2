"""How values of a field are typed and shown as text: one codec per value type.

``parse`` raises :class:`NotAccepted` with a Vietnamese sentence; ``show`` never fails. Empty text is None:
never 0, never a date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Protocol

from ...catalog.model import Choice, Field, Json, ValueType
from ...kernel import vi
from ...kernel.text import bad_character, fold, nfc, squeeze


class NotAccepted(ValueError):
    """A typed text that is no value of the field; ``str()`` is the Vietnamese sentence."""


class Codec(Protocol):
    def parse(self, text: str) -> Json:
        """The value of a typed ``text``; None when empty. Raises NotAccepted."""
        ...

    def show(self, value: Json) -> str:
        """``value`` as the officer reads it; empty for None."""
        ...


class TextCodec:
    def __init__(self, *, multiline: bool = False, max_length: int | None = None) -> None:
        self._multiline = multiline
        self._max_length = max_length

    def parse(self, text: str) -> Json:
        clean = squeeze(text) if self._multiline else squeeze(text.replace("\n", " "))
        bad = bad_character(clean, multiline=self._multiline)
        if bad is not None:
            raise NotAccepted(f"Có ký tự không dùng được ({bad}).")
        if self._max_length is not None and len(clean) > self._max_length:
            raise NotAccepted(f"Dài quá {self._max_length} ký tự (đang có {len(clean)}).")
        return clean or None

    def show(self, value: Json) -> str:
        return value if isinstance(value, str) else ""


class DateCodec:
    """``5/6``, ``0506``, ``050626``, ``05062026``, ``5/6/2026``, ``h`` or ``hôm nay``, ``hôm qua``."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today

    def parse(self, text: str) -> Json:
        typed = fold(text)
        if not typed:
            return None
        today = self._today()
        if typed in ("h", "hn", "hom nay"):
            return today.isoformat()
        if typed in ("q", "hq", "hom qua"):
            return (today - timedelta(days=1)).isoformat()
        if match := re.fullmatch(r"(\d{2})(\d{2})(\d{2})?", typed):
            typed = "/".join(part for part in match.groups() if part)
        try:
            day = vi.parse_day(typed, year=today.year)
        except ValueError:
            raise NotAccepted("Không có ngày này; hãy gõ như 5/6/2026, 05062026 hoặc “hôm nay”.") from None
        if not 1900 <= day.year <= 2199:
            raise NotAccepted("Năm phải từ 1900 đến 2199.")
        return day.isoformat()

    def show(self, value: Json) -> str:
        try:
            return vi.day(date.fromisoformat(value)) if isinstance(value, str) else ""
        except ValueError:
            return str(value)


class MonthCodec:
    """``6/2026``, ``062026``, ``6/26``, ``6`` (this year), ``tháng này``, ``tháng trước``."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today

    def parse(self, text: str) -> Json:
        typed = fold(text).removeprefix("thang ")
        if not typed:
            return None
        today = self._today()
        if typed in ("h", "nay", "n"):
            return f"{today.year:04d}-{today.month:02d}"
        if typed in ("truoc", "t"):
            last = today.replace(day=1) - timedelta(days=1)
            return f"{last.year:04d}-{last.month:02d}"
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})", typed):
            year, month = int(match[1]), int(match[2])
        elif match := re.fullmatch(r"(\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?", typed) or re.fullmatch(
            r"(\d{2})(\d{4})", typed
        ):
            month = int(match[1])
            year = int(match[2]) if match[2] else today.year
            year += 2000 if year < 100 else 0
        else:
            raise NotAccepted("Không có tháng này; hãy gõ như 6/2026 hoặc 062026.")
        if not 1 <= month <= 12 or not 1900 <= year <= 2199:
            raise NotAccepted("Không có tháng này; hãy gõ như 6/2026 hoặc 062026.")
        return f"{year:04d}-{month:02d}"

    def show(self, value: Json) -> str:
        match = re.fullmatch(r"(\d{4})-(\d{2})", value) if isinstance(value, str) else None
        return f"{match[2]}/{match[1]}" if match else ""

    @staticmethod
    def last_day(value: str) -> date:
        """The last day of the month ``YYYY-MM``: the event date of month forms."""
        year, month = int(value[:4]), int(value[5:7])
        return date(year, month, calendar.monthrange(year, month)[1])


class NumberCodec:
    """Integers, or integers at ``scale`` decimals, typed and shown as ``1.234,5``."""

    def __init__(self, scale: int = 0) -> None:
        self._scale = scale

    def parse(self, text: str) -> Json:
        typed = text.strip().removesuffix("%").removesuffix("đồng").removesuffix("đ").strip()
        if not typed:
            return None
        try:
            return vi.parse_number(typed, self._scale)
        except ValueError:
            pass
        if self._scale == 0 and re.fullmatch(r"-?[\d.]+,\d+", typed):
            raise NotAccepted("Chỉ nhập số nguyên, không có phần lẻ.")
        if re.fullmatch(r"-?[\d.]+,\d+", typed):
            raise NotAccepted(f"Chỉ nhập nhiều nhất {self._scale} chữ số sau dấu phẩy.")
        raise NotAccepted("Không phải số; hãy gõ như 1234 hoặc 1.234,5 (dấu phẩy cho phần lẻ).")

    def show(self, value: Json) -> str:
        return vi.number(value, self._scale) if isinstance(value, int) and not isinstance(value, bool) else ""


class ChoiceCodec:
    """One of a list: typed by title, by key, or by an unambiguous beginning or part, accents not needed."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.choices = tuple(choices)
        self._titles = {item.key: item.title for item in self.choices}
        self._folded = [(fold(item.title), item.key) for item in self.choices]

    def parse(self, text: str) -> Json:
        typed = fold(nfc(text))
        if not typed:
            return None
        for folded, key in self._folded:
            if typed == folded or typed == key.casefold():
                return key
        for found in (
            [key for folded, key in self._folded if folded.startswith(typed)],
            [key for folded, key in self._folded if all(part in folded for part in typed.split())],
        ):
            if len(found) == 1:
                return found[0]
            if found:
                raise NotAccepted(f"“{text.strip()}” ứng với {len(found)} mục; hãy gõ thêm hoặc chọn trong danh sách.")
        raise NotAccepted(f"“{text.strip()}” không có trong danh sách.")

    def show(self, value: Json) -> str:
        if value is None:
            return ""
        return self._titles.get(str(value), f"(mục không còn trong danh sách: {value})")

    def matches(self, text: str) -> list[Choice]:
        """The choices that fit what has been typed, beginnings first; all for an empty text."""
        typed = fold(text)
        parts = typed.split()
        found = [
            (not folded.startswith(typed), index)
            for index, (folded, _key) in enumerate(self._folded)
            if all(part in folded for part in parts)
        ]
        return [self.choices[index] for _rank, index in sorted(found)]


class ListCodec:
    """Several of a list, typed with ``;`` between them; the value keeps the order of the list."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.one = ChoiceCodec(choices)

    def parse(self, text: str) -> Json:
        keys = {self.one.parse(part) for part in re.split(r"[;\n]", text) if part.strip()}
        return [item.key for item in self.one.choices if item.key in keys] or None

    def show(self, value: Json) -> str:
        return "; ".join(self.one.show(item) for item in value) if isinstance(value, list) else ""


class YesNoCodec:
    choices = (Choice("yes", "Có"), Choice("no", "Không"))

    def parse(self, text: str) -> Json:
        typed = fold(text)
        if not typed:
            return None
        if typed in ("c", "co", "x", "1", "dung", "true", "yes"):
            return True
        if typed in ("k", "ko", "kh", "khong", "0", "sai", "false", "no"):
            return False
        raise NotAccepted("Chỉ nhập “Có” hoặc “Không”.")

    def show(self, value: Json) -> str:
        return "" if value is None else "Có" if value else "Không"


class ReferenceCodec:
    """A link to a record: chosen from a search, never typed; ``titles`` names what has been chosen."""

    def __init__(self, titles: Callable[[str], str]) -> None:
        self._titles = titles

    def parse(self, text: str) -> Json:
        if not text.strip():
            return None
        raise NotAccepted("Hãy tìm và chọn bản ghi trong danh sách.")

    def show(self, value: Json) -> str:
        return self._titles(value) if isinstance(value, str) else ""


class CountCodec:
    """Files and rows where only their number is shown."""

    def __init__(self, noun: str) -> None:
        self._noun = noun

    def parse(self, text: str) -> Json:
        raise NotAccepted("Ô này không nhập bằng chữ.")

    def show(self, value: Json) -> str:
        return f"{len(value)} {self._noun}" if isinstance(value, list) and value else ""


def codec_for(
    field: Field,
    today: Callable[[], date],
    *,
    agencies: Sequence[Choice] = (),
    villages: Sequence[Choice] = (),
    record_title: Callable[[str], str] = str,
) -> Codec:
    """The codec of ``field``; ``agencies`` and ``villages`` are the office's lists (id, name)."""
    kind = field.type
    if kind is ValueType.TEXT or kind is ValueType.LONG_TEXT:
        return TextCodec(multiline=kind is ValueType.LONG_TEXT, max_length=field.max_length)
    if kind is ValueType.DATE:
        return DateCodec(today)
    if kind is ValueType.MONTH:
        return MonthCodec(today)
    if kind in (ValueType.INTEGER, ValueType.MONEY):
        return NumberCodec(0)
    if kind in (ValueType.DECIMAL, ValueType.PERCENT):
        return NumberCodec(field.scale)
    if kind is ValueType.CHOICE:
        return ChoiceCodec(field.choices)
    if kind is ValueType.UNIT:
        return ChoiceCodec(agencies)
    if kind is ValueType.MULTI_CHOICE:
        return ListCodec(field.choices)
    if kind is ValueType.VILLAGE:
        return ListCodec(villages)
    if kind is ValueType.YES_NO:
        return YesNoCodec()
    if kind is ValueType.RECORD:
        return ReferenceCodec(record_title)
    return CountCodec("tệp" if kind is ValueType.FILES else "dòng")
