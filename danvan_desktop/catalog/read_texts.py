"""The places in texts of outlines and annexes: figures and words, checked when they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .reader import Table

# period ("6 tháng đầu năm 2026"), next_period, window_from, window_to (dates), year, office (name of the reporting
# office), parent (addressee), via (through whom), plan (the plan reported on), place, drafting_unit (short name for
# "Lưu: VT, ..."), annexes, theme (the task areas of a thematic report), scoring (what the office scored itself,
# empty where it did not)
WORDS = ("period", "next_period", "window_from", "window_to", "year", "office", "parent", "via", "plan", "place",
         "drafting_unit", "annexes", "theme", "scoring")  # fmt: skip
_PREFIXES = ("change:", "target:")
PLACE = re.compile(r"\{([^{}]*)\}")


def figures_of(text: str) -> tuple[str, ...]:
    """The figure keys (``indicator`` or ``indicator/choice``) a text names, in order, each once."""
    found = [_bare(name) for name in PLACE.findall(text) if name not in WORDS]
    return tuple(dict.fromkeys(found))


def values_of(text: str) -> tuple[str, ...]:
    """The figures a text prints (not only compares): by default they decide whether the sentence is used."""
    return tuple(name for name in figures_of(text) if f"{{{name}}}" in text)


def _bare(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


Figures = Mapping[str, tuple[str, ...]]  # indicator key → the choices of its split


def check_text(table: Table, key: str, text: str, figures: Figures | None) -> str:
    if re.search(r"[{}]", PLACE.sub("", text)):
        table.fail(key, "dấu ngoặc nhọn không thành cặp")
    for name in PLACE.findall(text):
        if name in WORDS:
            continue
        if figures is None:
            table.fail(key, f"không có chỗ điền “{{{name[:60]}}}”")
        if name.startswith(_PREFIXES) and "/" in name:
            table.fail(key, "so sánh chỉ dùng cho cả chỉ tiêu")
        check_figure(table, key, _bare(name), figures)
    return text


def check_figure(table: Table, place: str, figure: str, figures: Figures) -> None:
    key, slash, part = figure.partition("/")
    if key not in figures:
        table.fail(place, f"không có chỉ tiêu “{key[:70]}”")
    if slash and part not in figures[key]:
        table.fail(place, f"chỉ tiêu “{key}” không có phần “{part[:60]}”")
