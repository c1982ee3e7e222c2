"""Whatever is typed: a field never fails, and a date or a number comes back as it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from danvan_desktop.gui.widgets import MoneyEdit, MonthEdit, NullableDateEdit, NullableNumberEdit
from danvan_desktop.gui.widgets.lines import LineField
from danvan_desktop.kernel import vi

TODAY = date(2026, 5, 28)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TYPED = st.text(st.one_of(st.sampled_from("0123456789/.,-% đh"), st.characters(codec="utf-8")), max_size=24)


@pytest.fixture(scope="module")
def fields(qapp: QApplication) -> Iterator[dict[str, LineField]]:
    made: dict[str, LineField] = {
        "date": NullableDateEdit(today=lambda: TODAY),
        "month": MonthEdit(today=lambda: TODAY),
        "whole": NullableNumberEdit(),
        "percent": NullableNumberEdit(scale=1, unit_text="%"),
        "money": MoneyEdit(),
    }
    yield made
    for field in made.values():
        field.deleteLater()


def write(field: LineField, text: str) -> None:
    """As the keyboard or the clipboard would: the text, the signal of typing, and leaving the field."""
    field.set_value(None)
    field.edit.setText(text)
    field.edit.textEdited.emit(text)
    field.commit()


@FEW
@given(TYPED)
@example("²")
@example("٣/٦")
@example("1" * 5000)
@example("1.2.3")
@example("-0")
@example("hôm nay nhé")
def test_whatever_is_typed_is_a_value_or_stays_with_a_sentence(fields: dict[str, LineField], text: str) -> None:
    for kind, field in fields.items():
        write(field, text)
        value, error = field.value(), field.input_error()
        if error:
            assert value is None and field.edit.text(), "kept to be put right"
            assert error[:1].isupper() and error.endswith("."), error
        elif value is not None:
            shown = field.edit.text()
            field.set_value(value)
            assert field.edit.text() == shown, "what stands there after leaving is the value as it is always shown"
            assert kind in ("date", "month") or isinstance(value, int)
        kept = field.state()
        field.set_value(None)
        field.set_state(kept)
        assert (field.value(), field.input_error()) == (value, error), "undo brings it back"


@FEW
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_comes_back_however_it_is_typed(fields: dict[str, LineField], day: date) -> None:
    field = fields["date"]
    ways = [
        vi.day(day),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d%m}{day.year}",
    ]
    if day.year == TODAY.year:
        ways += [f"{day.day}/{day.month}", f"{day:%d%m}"]
    if 2000 <= day.year < 2100:
        ways += [f"{day.day}/{day.month}/{day.year % 100:02d}", f"{day:%d%m%y}"]
    for typed in ways:
        write(field, typed)
        assert (field.value(), field.edit.text()) == (day.isoformat(), vi.day(day)), typed
    for word, back in (("hôm nay", 0), ("HÔM NAY", 0), ("h", 0), ("hôm qua", 1)):
        write(field, word)
        assert field.value() == (TODAY - timedelta(days=back)).isoformat()


@FEW
@given(st.integers(-(10**12), 10**12))
@example(12345)
def test_a_number_comes_back_however_it_is_typed(fields: dict[str, LineField], value: int) -> None:
    tenths = fields["percent"]
    whole, part = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    for typed in (vi.number(value, 1), f"{sign}{whole},{part}", f"{sign}{whole},{part}%", f" {sign}{whole},{part} "):
        write(tenths, typed)
        assert tenths.value() == value, typed
    assert tenths.edit.text() == vi.number(value, 1)
    for typed in (vi.number(value), str(value)):
        write(fields["whole"], typed)
        assert fields["whole"].value() == value
        write(fields["money"], f"{typed} đồng")
        assert (fields["money"].value(), fields["money"].edit.text()) == (value, vi.number(value))


def test_as_an_officer_types_them(fields: dict[str, LineField]) -> None:
    for kind, typed, shown in (
        ("date", "5/6", "05/06/2026"), ("date", "05062026", "05/06/2026"), ("date", "hôm nay", "28/05/2026"),
        ("percent", "1.234,5", "1.234,5"), ("percent", "1234,5", "1.234,5"), ("money", "1234567", "1.234.567"),
        ("month", "6", "06/2026"),
    ):  # fmt: skip
        write(fields[kind], typed)
        assert fields[kind].edit.text() == shown and fields[kind].value() is not None
