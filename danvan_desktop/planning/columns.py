"""The columns of a task table, told by the words of its head row."""

from __future__ import annotations

import re

from .wording import fold_same

_LONGEST_HEAD = 70  # characters of a cell of a head row
_COLUMNS = (
    ("mark", re.compile(r"(?:so )?(?:tt|stt|so thu tu)\.?")),
    ("partner", re.compile(r".*(?:phoi hop).*")),
    ("time", re.compile(r".*(?:thoi gian|thoi han|tien do|hoan thanh|thoi diem).*")),
    ("body", re.compile(r".*(?:chu tri|don vi|co quan|phu trach|phan cong|nguoi thuc hien|bo phan|thuc hien chinh).*")),
    ("text", re.compile(r".*(?:noi dung|nhiem vu|cong viec|hoat dong|chi tieu).*")),
    ("other", re.compile(r"(?:ghi chu|kinh phi.*|ket qua.*|san pham.*|nguon luc.*|dia diem.*|hinh thuc.*|so luong.*)")),
)


def columns_of(cells: tuple[str, ...]) -> dict[str, int] | None:
    """The place of each known column where ``cells`` are the head row of a task table, else None."""
    places: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if len(cell) > _LONGEST_HEAD:
            return None
        name = column_of(cell)
        if name is not None and name not in places:
            places[name] = index
    if "text" not in places or not ({"body", "time", "partner"} & places.keys()):
        return None
    return places


def column_of(cell: str) -> str | None:
    """``mark``, ``text``, ``body``, ``partner``, ``time`` or ``other`` for a cell of a head row, else None."""
    folded = fold_same(cell).strip()
    return next((name for name, pattern in _COLUMNS if pattern.fullmatch(folded)), None)
