"""What is written into a template and read back is the same; sheets of anything at all never crash the reader."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from services_office import make
from sheet_samples import FORM, saved, unit_of

from danvan_desktop.catalog.model import Choice, Field, ValueType
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import bad_character, squeeze
from danvan_desktop.render.sheet_read import read_workbook
from danvan_desktop.render.sheet_template import Template, TemplateColumn, TemplateTable, put_text, render_template
from danvan_desktop.services.office import Office
from danvan_desktop.services.sheet_cells import Names, read_cell

TEXT = Field("text", "Nội dung", ValueType.LONG_TEXT, max_length=20_000)
DAY = Field("day", "Ngày", ValueType.DATE)
COUNT = Field("count", "Số lượng", ValueType.INTEGER)
MONEY = Field("money", "Kinh phí", ValueType.MONEY)
SHARE = Field("share", "Tỷ lệ", ValueType.PERCENT, scale=2)
KIND = Field("kind", "Loại", ValueType.CHOICE, choices=(Choice("a", "Loại một"), Choice("b", "=Loại hai")))
FIELDS = (TEXT, DAY, COUNT, MONEY, SHARE, KIND)
EMPTY = render_template(
    Template("f", 1, "2026.1", "=Biểu", "", (TemplateTable("", "Biểu/mẫu", tuple(map(TemplateColumn, FIELDS))),))
)


OPEN: list[Office] = []
"""The office of this module; no argument of the tests, for its text would fill the screen when one fails."""


@pytest.fixture(scope="module", autouse=True)
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    opened = make(tmp_path_factory.mktemp("any") / "home", FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC)))
    OPEN.append(opened)
    yield
    OPEN.clear()
    opened.close()


texts = (
    st.text(min_size=1, max_size=60)
    .map(squeeze)
    .filter(lambda text: bool(text.strip()) and not bad_character(text, multiline=True) and "_x" not in text)
)


def written(values: list[Any]) -> tuple[Any, ...]:
    """The cells of the first body row, through a file."""
    book = load_workbook(io.BytesIO(EMPTY))
    page = book.worksheets[0]
    for column, value in enumerate(values, 2):
        if isinstance(value, str):
            put_text(page, 3, column, value)
        else:
            page.cell(3, column).value = value
    return read_workbook(saved(book), "a.xlsx").sheets[0].rows[2]


@given(
    texts | st.sampled_from(["=1+1", "+84", "-5", "@x", "007", '=HYPERLINK("x")', "a\nb", "Nguye\u0302\u0303n"]),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    st.integers(-(10**9), 10**9),
    st.integers(0, 10**14),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["a", "b"]),
)
@settings(max_examples=60)
def test_what_is_typed_into_a_template_is_read_back(
    text: str, day: date, count: int, money: int, share: int, kind: str
) -> None:
    row = written([text, day, count, money, share / 100, KIND.choice_titles[kind]])
    read = [read_cell(item, cell, Names())[0] for item, cell in zip(FIELDS, row[1:], strict=False)]
    assert read == [squeeze(text), day.isoformat(), count, money, share, kind]


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms: list[Any] = [day, datetime(day.year, day.month, day.day, 8, 30), serial, float(serial), str(serial),
                        f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", day.isoformat(),
                        f"ngày {day.day} tháng {day.month} năm {day.year}", f" {day:%d/%m/%Y} 08:30 ",
                        f"{day.day} / {day.month} / {day.year}"]  # fmt: skip
    if day.year >= 2000:
        forms.append(f"{day:%d.%m.%y}")
    assert {read_cell(DAY, form, Names())[0] for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("item", "cell", "value", "note"),
    [
        (COUNT, "1.234", 1234, ""), (COUNT, "1,234", 1234, "thousands"), (COUNT, 12.0, 12, ""), (COUNT, " 7 ", 7, ""),
        (COUNT, "1.234,00", 1234, ""), (MONEY, "1,234,567", 1234567, "thousands"),
        (MONEY, "5.000.000 đồng", 5000000, ""),
        (SHARE, "12,5", 1250, ""), (SHARE, "12.5", 1250, "point"), (SHARE, "12,5%", 1250, ""), (SHARE, 12.5, 1250, ""),
        (KIND, "loai mot", "a", ""), (KIND, " 1. Loại một ", "a", ""),
        (Field("p", "Số điện thoại", ValueType.TEXT), 912345678, "0912345678", "zero"),
        (Field("p", "Số căn cước", ValueType.TEXT), 45123456789, "045123456789", "zero"),
    ],
)  # fmt: skip
def test_numbers_and_lists_of_real_life(item: Field, cell: Any, value: Any, note: str) -> None:
    assert read_cell(item, cell, Names()) == (value, note)


cells = st.one_of(
    st.none(), st.text(max_size=12), st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(), st.dates(date(1900, 1, 1)),
    st.sampled_from(["Ngày ban hành", "Tổng cộng", "STT", "Trích yếu", "=1"]),
)  # fmt: skip


@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.lists(st.integers(1, 5), max_size=4), st.booleans())
@example([[], [], [], [None, None, "0"]], [3, 4], True)  # merged ranges that overlap
@settings(max_examples=30)
def test_a_sheet_of_anything_never_crashes(rows: list[list[Any]], merges: list[int], headed: bool) -> None:
    office = OPEN[0]
    book = Workbook()
    page = book.active
    assert page is not None
    if headed:
        page.append(["STT", "Số, ký hiệu", "Ngày ban hành", "Loại văn bản", "Trích yếu", "Cơ quan ban hành"])
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            if isinstance(value, str):
                put_text(page, number, column, "".join(c for c in value if not bad_character(c, multiline=True)))
            else:
                page.cell(number, column).value = value
    for at in merges:
        page.merge_cells(start_row=at, end_row=at + 1, start_column=at, end_column=at + 1)
    try:
        opened = office.sheets.open_bytes(saved(book), "a.xlsx")
        found = office.sheets.check(opened, office.sheets.layout(opened, FORM), unit=unit_of(office))
        office.sheets.annotated(found)
        assert all("!" in item.where for item in found.problems) and all(found.remarks())
    except Refused as error:
        assert error.code in ("sheet_empty", "nothing_mapped", "sheet_damaged"), error


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_a_pasted_anything_never_crashes(text: str) -> None:
    office = OPEN[0]
    try:
        opened = office.sheets.pasted(text, FORM)
        office.sheets.check(opened, office.sheets.layout(opened, FORM), unit=unit_of(office))
    except Refused as error:
        assert error.code in ("sheet_empty", "nothing_mapped"), error
