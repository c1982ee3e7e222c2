"""How a record form is laid out: fields on a grid of twelve columns, in sections, with their labels above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from ..catalog.model import Field, Form, Json, Privacy, Section, ValueType
from ..catalog.privacy import privacy_of
from ..catalog.rules import required_now
from .form_context import SENSITIVE, FormContext
from .widgets import FieldWidget, WrapLabel

COMMON_UNIT, COMMON_VILLAGES, COMMON_AREAS, COMMON_NOTE, COMMON_EVIDENCE = (
    "@unit", "@villages", "@secondary_areas", "@note", "@evidence",
)  # fmt: skip
_COLUMNS = 12
NARROW = 640  # below this width fields stand under each other
_FULL_WIDTH = (ValueType.ROWS, ValueType.FILES, ValueType.LONG_TEXT, ValueType.MULTI_CHOICE, ValueType.VILLAGE)
_SPANS = {"short": 3, "normal": 6, "wide": 12}


def common_fields(form: Form, context: FormContext) -> tuple[Field, ...]:
    """What every record has beside the form's values, as fields with keys no catalogue can use.

    A form with a village field of its own is not asked for villages a second time.
    """
    own_places = any(item.type is ValueType.VILLAGE for item in form.fields)
    places = () if own_places else (Field(COMMON_VILLAGES, "Thôn, tổ dân phố", ValueType.VILLAGE),)
    return (
        Field(COMMON_UNIT, "Đơn vị thực hiện", ValueType.UNIT, required=True, help="Cơ quan, đơn vị đã làm việc này."),
        *places,
        Field(
            COMMON_AREAS,
            "Mảng nhiệm vụ liên quan khác",
            ValueType.MULTI_CHOICE,
            choices=tuple(area for area in context.areas if area.key != str(form.area)),
            help="Chỉ để hiện ở mảng khác; không cộng vào số liệu của mảng đó.",
        ),
        Field(COMMON_NOTE, "Ghi chú", ValueType.LONG_TEXT, help="Lưu trong cơ quan, không gửi đi."),
        Field(COMMON_EVIDENCE, "Tệp minh chứng", ValueType.FILES),
    )


def common_to_fields(common: Mapping[str, Any]) -> dict[str, Json]:
    """The common values of a record (unit, villages, secondary_areas, note, evidence) as values of those fields."""
    return {
        COMMON_UNIT: common.get("unit") or None,
        COMMON_VILLAGES: list(common.get("villages") or []),
        COMMON_AREAS: [str(item) for item in common.get("secondary_areas") or []],
        COMMON_NOTE: common.get("note") or None,
        COMMON_EVIDENCE: list(common.get("evidence") or []),
    }


def fill_common(widgets: Mapping[str, FieldWidget], common: Mapping[str, Any]) -> None:
    """Show the common values of a record in those of their fields that the form has."""
    for name, value in common_to_fields(common).items():
        if name in widgets:
            widgets[name].set_value(value)


def sections_of(form: Form) -> list[Section]:
    """The sections of ``form``; fields that stand in none come last."""
    placed = {key for section in form.sections for key in section.fields}
    rest = tuple(item.key for item in form.fields if item.key not in placed)
    sections = list(form.sections)
    if rest:
        sections.append(Section("rest", "Nội dung khác" if sections else form.title, rest))
    return sections


class FieldCell(QWidget):
    """A field with its label above."""

    def __init__(self, item: Field, widget: FieldWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("fieldRow")
        self.item = item
        self.widget = widget
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        self.label = WrapLabel("", self)
        self.label.setProperty("role", "field")
        if item.derive is not None:
            font = QFont(self.label.font())
            font.setItalic(True)
            self.label.setFont(font)
        self.label.setBuddy(widget)
        self.mark(required=item.required, privacy=item.privacy)
        layout.addWidget(self.label)
        layout.addWidget(widget)
        layout.addStretch(1)

    def mark(self, *, required: bool, privacy: Privacy) -> None:
        """A star when it must be filled in, and words when what stands here is kept apart."""
        marks = " *" if required and self.item.derive is None else ""
        kept = " (được bảo vệ)" if str(privacy) in SENSITIVE else ""
        if (text := self.item.title + kept + marks) != self.label.text():
            self.label.setText(text)

    def span(self, narrow: bool) -> int:
        if self.item.type in _FULL_WIDTH:
            return _COLUMNS
        span = _SPANS.get(self.item.width, 6)
        return min(_COLUMNS, span * 2) if narrow else span


def mark_cells(form: Form, cells: Mapping[str, FieldCell], values: Mapping[str, Json]) -> None:
    """Marks that depend on other fields: what a rule asks for now, what is not asked for now, what is protected."""
    asked = required_now(form, values)
    for item in form.fields:
        cells[item.key].mark(required=item.key in asked, privacy=privacy_of(form, item, values))


class SectionBox(QFrame):
    """A section: its title and its fields on a grid of twelve columns."""

    def __init__(self, title: str, cells: Sequence[FieldCell], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("formSection")
        self._cells = list(cells)
        self._narrow: bool | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 6)
        outer.setSpacing(6)
        if title:
            heading = QLabel(title, self)
            heading.setProperty("role", "heading")
            heading.setWordWrap(True)
            outer.addWidget(heading)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 10)
        outer.addLayout(self._grid)
        for cell in self._cells:
            cell.setParent(self)
        self.flow(False)

    def flow(self, narrow: bool) -> None:
        """Place the fields in their order, in lines of twelve columns."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        while self._grid.count():
            self._grid.takeAt(0)
        line, at = 0, 0
        for cell in self._cells:
            span = cell.span(narrow)
            if at + span > _COLUMNS:
                line, at = line + 1, 0
            self._grid.addWidget(cell, line, at, 1, span)
            at += span


HINTS = {
    ValueType.DATE: "gõ 5/6, 05062026, “h” (hôm nay); F4 mở lịch",
    ValueType.MONTH: "gõ 6/2026 hoặc 062026",
    ValueType.CHOICE: "gõ để tìm, không cần dấu; F4 mở danh sách; Delete để trống",
    ValueType.UNIT: "gõ để tìm, không cần dấu; F4 mở danh sách",
    ValueType.MULTI_CHOICE: "mũi tên để di chuyển, phím cách để đánh dấu",
    ValueType.VILLAGE: "mũi tên để di chuyển, phím cách để đánh dấu",
    ValueType.YES_NO: "C là Có, K là Không, Delete là chưa nhập",
    ValueType.RECORD: "gõ vài chữ để tìm bản ghi, không cần dấu",
    ValueType.DECIMAL: "số như 1.234,5",
    ValueType.MONEY: "số đồng, tự nhóm ba chữ số",
    ValueType.LONG_TEXT: "Enter xuống dòng, Tab sang ô sau",
    ValueType.ROWS: "Enter sang ô; Ctrl+Enter thêm dòng; Ctrl+Delete xóa dòng; Ctrl+V dán từ bảng tính",
    ValueType.FILES: "Insert chọn tệp; Ctrl+V dán tệp hoặc ảnh chụp",
}
