"""The cells of a spreadsheet as plain values. Reads with calamine, behind :mod:`.sheet_guard`; evaluates nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc
from .sheet_guard import SheetParts, unpack

CellValue = str | int | float | bool | date | datetime | time | timedelta | None
Place = tuple[int, int]
"""(row, column), both from 0."""
MAX_FILLED = 20_000
"""Cells filled from merged ranges at most; what goes beyond stays empty."""
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True)
class SheetGrid:
    """One sheet: every row has the same width; empty cells are None; texts are NFC."""

    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    hidden: bool = False
    merges: tuple[tuple[Place, Place], ...] = ()
    formulas: frozenset[Place] = frozenset()
    lost_formulas: frozenset[Place] = frozenset()
    """Formulas whose result the file does not hold."""
    percents: frozenset[Place] = frozenset()
    """Numbers shown as percent: 0.125 stands there as 12,5 %."""
    zeros: Mapping[Place, int] = field(default_factory=dict)
    """Numbers shown with leading zeros: how many digits."""

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def at(self, row: int, column: int) -> CellValue:
        """The value of a cell; None outside the sheet."""
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]) else None


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[SheetGrid, ...]
    parts: SheetParts

    def sheet(self, name: str) -> SheetGrid | None:
        return next((item for item in self.sheets if item.name == name), None)


def read_workbook(data: bytes, name: str) -> Workbook:
    """All sheets of an .xlsx. Raises the codes of :func:`.sheet_guard.unpack`, and ``sheet_damaged``."""
    parts = unpack(data, name)
    try:
        sheets = _read(parts)
    except (Refused, ImportError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise Refused(
            "sheet_damaged",
            f"Không đọc được tệp “{name}”: nội dung bảng tính bị hỏng; dữ liệu giữ nguyên. "
            "Hãy mở thử bằng Excel, lưu lại dạng .xlsx rồi nhập.",
        ) from error
    if not any(sheet.rows for sheet in sheets):
        raise Refused("sheet_empty", f"Tệp “{name}” không có số liệu nào. Chưa nhập gì.")
    return Workbook(sheets, parts)


def _read(parts: SheetParts) -> tuple[SheetGrid, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    members = _sheet_members(parts)
    percent, zeros = _formats(parts)
    sheets: list[SheetGrid] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(parts.packed())) as book:
        for at, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(at)
            rows = [tuple(_clean(cell) for cell in row) for row in sheet.to_python(skip_empty_area=False)]
            merges = tuple(sheet.merged_cell_ranges or ())
            member = members.get(about.name, "")
            styles = parts.styles.get(member, {})
            sheets.append(
                SheetGrid(
                    name=nfc(about.name),
                    rows=tuple(rows),
                    hidden=about.visible != SheetVisibleEnum.Visible,
                    merges=merges,
                    formulas=parts.formulas.get(member, frozenset()),
                    lost_formulas=parts.empty_formulas.get(member, frozenset()),
                    percents=frozenset(place for place, style in styles.items() if style in percent),
                    zeros={place: zeros[style] for place, style in styles.items() if style in zeros},
                )
            )
    return tuple(sheets)


def _clean(cell: object) -> CellValue:
    if isinstance(cell, str):
        text = nfc(cell.replace("\r\n", "\n").replace("_x000D_\n", "\n").replace("\r", "\n"))
        return text if text.strip() else None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, bool | int | float | datetime | date | time | timedelta):
        return cell
    return None


def filled(grid: SheetGrid) -> tuple[tuple[CellValue, ...], ...]:
    """The rows with every merged range holding its value in each of its cells (Excel keeps it in the first only)."""
    rows = [list(row) for row in grid.rows]
    left = MAX_FILLED
    for (top, start), (bottom, end) in grid.merges:
        value = grid.at(top, start)
        if value is None:
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(start, min(end + 1, grid.width)):
                if left and rows[row][column] is None:
                    rows[row][column] = value
                    left -= 1
    return tuple(tuple(row) for row in rows)


def strange_character(value: CellValue) -> str | None:
    """The name of a control character in a text cell, or None."""
    return bad_character(value, multiline=True) if isinstance(value, str) else None


# --- what the other parts of the file say about cells ---------------------------------------------------------------


def _sheet_members(parts: SheetParts) -> dict[str, str]:
    """Sheet name → member."""
    lowered = {part.lower(): part for part in parts.members}
    try:
        book = ElementTree.fromstring(parts.members[lowered["xl/workbook.xml"]])  # noqa: S314  # no DOCTYPE: guarded
        links = ElementTree.fromstring(parts.members[lowered["xl/_rels/workbook.xml.rels"]])  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(f"{_PACKAGE}Relationship")}
    found: dict[str, str] = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = (targets.get(link) or "").lstrip("/")
            for path in (target, f"xl/{target}"):
                if path.lower() in lowered:
                    found[element.get("name", "")] = lowered[path.lower()]
                    break
    return found


def _formats(parts: SheetParts) -> tuple[set[int], dict[int, int]]:
    """Style numbers that show percents, and those that show leading zeros with the number of digits."""
    content = next((data for part, data in parts.members.items() if part.lower() == "xl/styles.xml"), b"")
    try:
        root = ElementTree.fromstring(content) if content else None  # noqa: S314  # no DOCTYPE: guarded
    except ElementTree.ParseError:
        root = None
    if root is None:
        return set(), {}
    codes = {"9": "0%", "10": "0.00%"}
    for element in root.iter():
        if element.tag.endswith("}numFmt"):
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
    shapes = [
        codes.get(style.get("numFmtId", ""), "")
        for group in root
        if group.tag.endswith("}cellXfs")
        for style in group
    ]  # fmt: skip
    bare = [re.sub(r'"[^"]*"|\\.', "", code) for code in shapes]
    return (
        {at for at, code in enumerate(bare) if "%" in code},
        {at: len(code) for at, code in enumerate(bare) if re.fullmatch(r"0{2,20}", code)},
    )
