"""Names of agencies and villages in sheets: of now, of before, shortened; never a silent choice between two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services_office import make, profile
from sheet_samples import FORM, register, unit_of

from danvan_desktop.catalog.model import Field, ValueType
from danvan_desktop.catalog.values import ValueProblem
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import Place
from danvan_desktop.services.sheet_places import PlaceName, find_place, loose, place_names, shortens
from danvan_desktop.services.sheets import CheckedSheet
from danvan_desktop.store.place_events import PlaceEvent
from danvan_desktop.store.places import Village

ITEM = Field("village", "Thôn", ValueType.VILLAGE)
BEFORE, AFTER = date(2025, 3, 1), date(2026, 3, 1)
CHANGED = date(2025, 7, 1)


def _place(key: str, name: str, active: bool = True) -> Village:
    return Village(key, name, name, "", active, 0)


def _event(action: str, old: str, new: str, old_name: str, new_name: str, day: date, created: bool) -> PlaceEvent:
    return PlaceEvent(
        f"{old}{day}", action, "village", new, old, created, old_name, new_name, old_name, new_name, day, ""
    )


def test_an_old_name_leads_to_what_the_place_is_now() -> None:
    places = [_place("a", "Thôn Một", False), _place("b", "Thôn Hai", False), _place("c", "Thôn Chung"),
              _place("d", "Thôn Mới")]  # fmt: skip
    events = [
        _event("merge", "a", "c", "Thôn Một", "Thôn Gộp", CHANGED, True),
        _event("merge", "b", "c", "Thôn Hai", "Thôn Gộp", CHANGED, True),
        _event("rename", "c", "c", "Thôn Gộp", "Thôn Chung", date(2025, 9, 1), False),
        _event("rename", "d", "d", "Thôn Cũ", "Thôn Mới", CHANGED, False),
    ]
    names = place_names(places, events)
    for text, key, current in (
        ("thôn một", "c", "Thôn Chung"), ("Hai", "c", "Thôn Chung"), ("Thôn Gộp", "c", "Thôn Chung"),
        ("Cũ", "d", "Thôn Mới"),
    ):  # fmt: skip
        found, told = find_place(ITEM, text, names)
        assert found == key and "là tên cũ của" in told and current in told
    assert find_place(ITEM, "Thôn Chung", names) == ("c", "")


def test_a_name_two_places_had_is_decided_by_the_day_and_told_or_refused() -> None:
    # "Thôn Đông" became "Thôn Nam"; then "Thôn Tây" was given the name "Thôn Đông"
    places = [_place("x", "Thôn Nam"), _place("y", "Thôn Đông")]
    events = [
        _event("rename", "x", "x", "Thôn Đông", "Thôn Nam", CHANGED, False),
        _event("rename", "y", "y", "Thôn Tây", "Thôn Đông", CHANGED, False),
    ]
    names = place_names(places, events)
    assert find_place(ITEM, "Thôn Đông", names, BEFORE)[0] == "x"
    found, told = find_place(ITEM, "Thôn Đông", names, AFTER)
    assert found == "y" and "tên của hai nơi, đã hiểu theo ngày" in told
    with pytest.raises(ValueProblem) as caught:
        find_place(ITEM, "Thôn Đông", names)
    assert caught.value.code == "ambiguous" and "“Thôn Nam”" in caught.value.message


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
WORDS = st.sampled_from(["Thôn Đông", "Thôn Tây", "thôn đông", "Đông", "Thôn Dòng", "Xóm Tây", "Thôn Nam"])
NAMES = st.lists(
    st.builds(
        PlaceName,
        st.sampled_from(["a", "b", "c"]), WORDS, WORDS, WORDS, st.none() | DAYS, st.none() | DAYS,
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(NAMES, WORDS, st.none() | DAYS)
def test_no_name_of_two_places_is_taken_silently(names: list[PlaceName], text: str, day: date | None) -> None:
    """Exactly so written for two places: refused, or decided by the day and said."""
    own = {name.key for name in names if text in (name.title, name.short)}
    try:
        key, told = find_place(ITEM, text, names, day)
    except ValueProblem as error:
        assert error.code in ("ambiguous", "unknown_choice") and (own or error.code) and text in error.message
        return
    assert not own or key in own
    if len(own) > 1:
        assert told and day is not None
        held = {name.key for name in names if text in (name.title, name.short) and name.held_on(day)}
        assert held == {key}
    if all(name.old for name in names if name.key == key and loose(text) in (loose(name.title), loose(name.short))):
        assert told or not own


def test_shortened_names() -> None:
    assert shortens("Phòng VH-XH", "Phòng Văn hóa - Xã hội") and shortens("VHXH", "Văn hóa - Xã hội")
    assert shortens("TTPVHCC", "Trung tâm Phục vụ hành chính công")
    assert shortens("VH-XH", "Phòng Văn hóa - Xã hội")
    for short in ("Phòng", "P", "VH", "Phòng Kinh tế", "Phòng VH-XH xã", ""):
        assert not shortens(short, "Phòng Văn hóa - Xã hội"), short
    titles = {"a": "Văn phòng HĐND và UBND", "b": "Trạm Y tế", "c": "Trung tâm Y tế", "d": "Tổ tự quản"}
    names = [PlaceName(key, title, "", title) for key, title in titles.items()]
    assert find_place(ITEM, "TTYT", names) == ("c", "“TTYT” hiểu là “Trung tâm Y tế”")
    with pytest.raises(ValueProblem):
        find_place(ITEM, "TYT xã", names)
    with pytest.raises(ValueProblem) as caught:
        find_place(
            ITEM, "VH-XH", [PlaceName("a", "Văn hóa - Xã hội", "", "A"), PlaceName("b", "Việc hay, xóm hội", "", "B")]
        )
    assert caught.value.code == "ambiguous"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    chosen = profile(
        agencies=(Place("Trạm Mẫu"), Place("Trường Mẫu")), villages=(Place("Thôn Đông"), Place("Thôn Tây"))
    )
    clock = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))
    opened = make(tmp_path_factory.mktemp("places") / "home", clock, chosen)
    yield opened
    opened.close()


def test_a_sheet_with_old_names_says_so_in_its_preview(office: Office) -> None:
    day = date(2026, 5, 1)
    agency = office.places.find("agency", "Trạm Mẫu")
    office.places.rename("agency", agency.id, "Trạm Y tế Mẫu", on=day)
    olds = [office.places.find("village", name).id for name in ("Thôn Đông", "Thôn Tây")]
    office.places.merge("village", olds, name="Thôn Đông Tây", on=day + timedelta(days=1))

    def read(unit: str, village: str) -> CheckedSheet:
        row = [1, "30", "5/6/2026", "Kế hoạch", unit, "Đến", village]
        opened = office.sheets.open_bytes(register([row]), "so.xlsx")
        layout = office.sheets.layout(opened, FORM).with_column(4, "@unit").with_column(6, "@villages")
        return office.sheets.check(opened, layout, unit=unit_of(office))

    found = read("Trạm Mẫu", "Thôn Đông; Thôn Tây")
    assert not found.errors and found.rows[0].unit == agency.id
    assert found.rows[0].villages == (office.places.find("village", "Thôn Đông Tây").id,), "once"
    said = found.remarks()
    assert "“Trạm Mẫu” là tên cũ của “Trạm Y tế Mẫu”: 1 ô, từ Sổ 2026!E7." in said
    assert "“Thôn Đông” là tên cũ của “Thôn Đông Tây”: 1 ô, từ Sổ 2026!G7." in said
    assert any("Thôn Tây" in line for line in said)
    assert [item.where for item in read("Trạm Lạ", "Thôn Đông Tây").errors] == ["Sổ 2026!E7"]
