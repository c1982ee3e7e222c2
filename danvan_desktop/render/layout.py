"""The layout profile: the decree's margins and sizes as data (``resources/templates/layout.toml``).

Millimetres in the file, points (1/72 inch) everywhere in this room. Should the decree be amended, the file
changes and no code.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from ..kernel import assets

MM = 72.0 / 25.4
BASELINE = 0.82
"""Share of a line's height above its baseline: leaves 0.216 em (the descent of Tinos) below at a leading of 1.2."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    number_size: float
    mark_size: float


@dataclass(frozen=True, slots=True)
class TextLayout:
    size: float
    leading: float
    indent_mm: float
    after: float


@dataclass(frozen=True, slots=True)
class HeadLayout:
    nation_size: float
    motto_size: float
    superior_size: float
    issuer_size: float
    number_size: float
    date_size: float
    type_size: float
    abstract_size: float
    subject_size: float
    before_subject: float
    addressee_size: float
    basis_size: float
    rule_share: float
    rule_width: float
    gap_columns_mm: float
    after_agencies: float
    before_type: float
    before_addressees: float
    before_text: float


@dataclass(frozen=True, slots=True)
class SignatureLayout:
    authority_size: float
    name_size: float
    hand_space_mm: float
    recipients_title_size: float
    recipients_size: float
    before: float


@dataclass(frozen=True, slots=True)
class AnnexLayout:
    label_size: float
    title_size: float
    reference_size: float
    cell_size: float
    cell_padding: float
    cell_leading: float
    line_width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All lengths and sizes of a paper. See ``layout.toml`` for the decree's range of each."""

    page: PageLayout
    text: TextLayout
    head: HeadLayout
    signature: SignatureLayout
    annex: AnnexLayout

    def frame(self, *, landscape: bool = False) -> Frame:
        """The page and its text area; a landscape page keeps the same four margins as read."""
        page = self.page
        width, height = page.width_mm * MM, page.height_mm * MM
        if landscape:
            width, height = height, width
        return Frame(
            page_width=width,
            page_height=height,
            left=page.left_mm * MM,
            top=height - page.top_mm * MM,
            width=width - (page.left_mm + page.right_mm) * MM,
            height=height - (page.top_mm + page.bottom_mm) * MM,
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A page and the text area on it, in points; the origin is the lower left corner, ``top`` the area's upper edge."""

    page_width: float
    page_height: float
    left: float
    top: float
    width: float
    height: float


_Part = TypeVar("_Part")


def _part(kind: type[_Part], table: Any, name: str) -> _Part:
    wanted = {item.name for item in fields(kind)}  # type: ignore[arg-type]  # only ever called with the dataclasses above
    if not isinstance(table, dict) or set(table) != wanted:
        found = set(table) if isinstance(table, dict) else set()
        raise ValueError(f"layout.toml [{name}]: missing or unknown keys: {', '.join(sorted(found ^ wanted))}")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ValueError(f"layout.toml [{name}] {key}: a number above 0 is needed, not {value!r}")
    return kind(**{key: float(value) for key, value in table.items()})


def read_layout(path: Path) -> Layout:
    """The layout of a TOML file. Raises ValueError naming file part, key and reason."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    hints = get_type_hints(Layout)
    if set(data) != set(hints):
        raise ValueError(f"layout.toml: missing or unknown parts: {', '.join(sorted(set(data) ^ set(hints)))}")
    return Layout(**{name: _part(kind, data[name], name) for name, kind in hints.items()})


@cache
def shipped_layout() -> Layout:
    """The layout shipped with the program."""
    return read_layout(assets.resources() / "templates" / "layout.toml")
