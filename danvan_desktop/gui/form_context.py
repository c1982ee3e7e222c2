"""What a record form needs from around it; the pages supply it from the services, tests from lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ..catalog.model import Choice, Field, Form, Json, Severity, ValueType
from ..kernel.clock import Clock, today
from ..kernel.ids import new_id
from .widgets import (
    ChoiceCombo,
    DerivedField,
    FieldWidget,
    FileDrop,
    LongTextField,
    MoneyEdit,
    MonthEdit,
    MultiChoice,
    NullableDateEdit,
    NullableNumberEdit,
    RecordPicker,
    RowsTable,
    TextField,
    UnitCombo,
    VillagePicker,
    YesNo,
)
from .widgets.codec import Codec, codec_for

SENSITIVE = ("sensitive", "protected")


class ProblemLike(Protocol):
    """What is wrong with a value: ``catalog.values.Problem`` fits."""

    @property
    def field(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def message(self) -> str: ...
    @property
    def row(self) -> str | None: ...
    @property
    def column(self) -> str | None: ...


class CheckedLike(Protocol):
    """Derived values and problems: ``services.records.Checked`` fits."""

    @property
    def values(self) -> Mapping[str, Json]: ...
    @property
    def problems(self) -> Sequence[ProblemLike]: ...


@dataclass(frozen=True, slots=True)
class FormProblem:
    """A problem the window itself has found."""

    field: str
    message: str
    severity: Severity = Severity.ERROR
    row: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """An answer of ``FormContext.derive``."""

    values: Mapping[str, Json]
    problems: Sequence[ProblemLike] = ()


def _no_records(_form: str, _text: str, deliver: Callable[[Sequence[Choice]], None]) -> None:
    deliver(())


def _no_title(_form: str, record_id: str, deliver: Callable[[str], None]) -> None:
    deliver(record_id[:8])


@dataclass
class FormContext:
    """Answers may come later, always on the GUI thread; late answers to old questions are dropped by the asker.

    ``agencies`` and ``villages`` are (id, name); ``areas`` are (number, title). ``search_records(form, text,
    deliver)`` offers (id, label); ``record_title(form, id, deliver)`` names a record; ``derive(form, values,
    deliver)`` works out derived values and problems; ``file_titles(hashes, deliver)`` names kept files.
    """

    clock: Clock
    agencies: Sequence[Choice] = ()
    villages: Sequence[Choice] = ()
    areas: Sequence[Choice] = ()
    search_records: Callable[[str, str, Callable[[Sequence[Choice]], None]], None] = _no_records
    record_title: Callable[[str, str, Callable[[str], None]], None] = _no_title
    derive: Callable[[Form, dict[str, Json], Callable[[CheckedLike], None]], None] | None = None
    file_titles: Callable[[Sequence[str], Callable[[Sequence[Choice]], None]], None] | None = None
    titles: dict[str, str] = field(default_factory=dict)  # labels of records seen so far, by id

    def today(self) -> date:
        """The civil date in Vietnam."""
        return today(self.clock)

    def new_row_id(self) -> str:
        return new_id(self.clock)

    def codec(self, item: Field) -> Codec:
        """How ``item`` is typed and shown."""
        return codec_for(
            item,
            self.today,
            agencies=self.agencies,
            villages=self.villages,
            record_title=lambda record_id: self.titles.get(record_id, record_id[:8]),
        )

    def widget(self, item: Field, parent: FieldWidget | None = None) -> FieldWidget:
        """The widget for ``item``, by its value type alone."""
        kind = item.type
        made: FieldWidget
        if kind is ValueType.ROWS:
            made = self._rows(item)
        elif item.derive is not None:
            made = DerivedField(self.codec(item), unit_text=item.unit_text)
        elif kind is ValueType.TEXT:
            made = TextField(max_length=item.max_length, masked=str(item.privacy) == "sensitive")
        elif kind is ValueType.LONG_TEXT:
            made = LongTextField(max_length=item.max_length)
        elif kind is ValueType.DATE:
            made = NullableDateEdit(today=self.today)
        elif kind is ValueType.MONTH:
            made = MonthEdit(today=self.today)
        elif kind is ValueType.MONEY:
            made = MoneyEdit()
        elif kind is ValueType.INTEGER:
            made = NullableNumberEdit(unit_text=item.unit_text)
        elif kind is ValueType.DECIMAL:
            made = NullableNumberEdit(scale=item.scale, unit_text=item.unit_text)
        elif kind is ValueType.PERCENT:
            made = NullableNumberEdit(scale=item.scale, unit_text=item.unit_text or "%")
        elif kind is ValueType.CHOICE:
            made = ChoiceCombo(choices=item.choices)
        elif kind is ValueType.MULTI_CHOICE:
            made = MultiChoice(choices=item.choices)
        elif kind is ValueType.YES_NO:
            made = YesNo()
        elif kind is ValueType.UNIT:
            made = UnitCombo(choices=self.agencies)
        elif kind is ValueType.VILLAGE:
            made = VillagePicker(choices=self.villages)
        elif kind is ValueType.RECORD:
            form = item.target_form
            made = RecordPicker(search=self._search(form), title=lambda key, deliver: self._title(form, key, deliver))
        else:
            made = FileDrop(titles=self.file_titles)
        name = item.title + (f" ({item.unit_text})" if item.unit_text else "")
        made.set_name(name + (", bắt buộc" if item.required and item.derive is None else ""), item.help)
        return made

    def _search(self, form: str) -> Callable[[str, Callable[[Sequence[Choice]], None]], None]:
        def search(text: str, deliver: Callable[[Sequence[Choice]], None]) -> None:
            def keep(found: Sequence[Choice]) -> None:
                self.titles.update({choice.key: choice.title for choice in found})
                deliver(found)

            self.search_records(form, text, keep)

        return search

    def _title(self, form: str, record_id: str, deliver: Callable[[str], None]) -> None:
        def keep(title: str) -> None:
            self.titles[record_id] = title
            deliver(title)

        if record_id in self.titles:
            deliver(self.titles[record_id])
        else:
            self.record_title(form, record_id, keep)

    def _rows(self, item: Field) -> RowsTable:
        table = RowsTable(
            item.columns,
            {column.key: self.codec(column) for column in item.columns},
            self.new_row_id,
            searches={c.key: self._search(c.target_form) for c in item.columns if c.type is ValueType.RECORD},
            picked_titles=self.titles,
        )
        if item.derive is not None:
            table.set_read_only(True)
        return table
