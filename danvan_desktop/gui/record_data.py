"""What the pages of records know of the office: its units, villages, people, periods; fetched in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..catalog import values
from ..catalog.model import Catalog, Choice, Field, Form, Json, Privacy, ValueType
from ..catalog.privacy import masked, privacy_of
from ..kernel import vi
from ..kernel.clock import VIETNAM, parse_stamp, today
from ..services.office import Office
from ..services.places import names_on
from ..services.records import RecordRow
from .records_model import Column

STATES = {"final": "Chính thức", "draft": "Dự thảo"}
PROTECTED_WORDS = "(được bảo vệ)"
_WIDTHS = {"date": 104, "month": 84, "integer": 96, "decimal": 96, "money": 130, "percent": 90, "yes_no": 104,
           "choice": 150, "unit": 170, "long_text": 270, "text": 160, "multi_choice": 200}  # fmt: skip
_NO_COLUMN = (ValueType.FILES, ValueType.RECORD)  # their names are elsewhere than in the row
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)


@dataclass(frozen=True)
class OfficeLists:
    """Fetched on the database thread by :func:`fetch_lists`."""

    agencies: tuple[Choice, ...]  # active ones, to choose from
    villages: tuple[Choice, ...]
    names: Mapping[str, str]  # id → name of every agency and village, also of past ones; dated
    people: Mapping[str, str]  # account → label
    today: date
    window: tuple[date, date] | None  # of the report that is due next
    window_title: str
    may_record: bool
    may_see_protected: bool
    forms: tuple[str, ...]  # keys of those offered to this office, the first on its desk at the head


def fetch_lists(office: Office) -> OfficeLists:
    """Everything around the records; runs on the database thread."""
    loaded = office.settings.load()
    running = next((offer for offer in office.figures.offers() if offer.running), None)
    return OfficeLists(
        agencies=tuple(Choice(item.id, item.name) for item in loaded.agencies if item.active),
        villages=tuple(Choice(item.id, item.name) for item in loaded.villages if item.active),
        names=loaded.names,
        people={item.name: item.label for item in loaded.accounts},
        today=today(office.context.clock),
        window=(running.window.first, running.window.last) if running else None,
        window_title=running.title if running else "",
        may_record=office.context.may("record"),
        may_see_protected=office.records.may_see_protected,
        forms=tuple(form.key for form in office.records.forms()),
    )


def offered_forms(lists: OfficeLists, catalog: Catalog, area: int) -> tuple[Form, ...]:
    """The forms of an area that are offered to this office, in its order."""
    return tuple(form for key in lists.forms if (form := catalog.forms[key]).area == area)


def cell_text(form: Form, item: Field, row_values: Mapping[str, Json], names: Mapping[str, str]) -> str:
    """A value in a list: on one line, identity numbers covered, protected ones never."""
    privacy = privacy_of(form, item, row_values)
    if privacy is Privacy.PROTECTED:
        return PROTECTED_WORDS
    text = values.display(item, row_values.get(item.key), names).replace("\n", " ")
    return masked(text) if privacy is Privacy.SENSITIVE and text else text


def default_columns(form: Form) -> tuple[str, ...]:
    """The keys of a form's list: the event date, the state, its other ``in_list`` fields, the unit."""
    others = [item.key for item in form.list_fields if item.key != form.event_date]
    return (form.event_date, "@state", *others, "@unit")


BIN_COLUMNS = ("@deleted", "@why")  # shown in the bin, nowhere else


def columns_of(
    form: Form,
    names: Mapping[str, str],
    chosen: Sequence[str] = (),
    people: Mapping[str, str] | None = None,
    *,
    binned: bool = False,
) -> list[Column[RecordRow]]:
    """The columns ``chosen`` of a form's list; none chosen: the form's own. In the bin (``binned``) those that say
    who deleted a record, when and why stand behind the first one."""
    known = {column.key: column for column in all_columns(form, names, people or {})}
    picked = [known[key] for key in chosen if key in known]
    picked = picked or [known[key] for key in default_columns(form) if key in known]
    return [*picked[:1], *_bin_columns(people or {}), *picked[1:]] if binned else picked


def _changed(row: RecordRow, people: Mapping[str, str]) -> str:
    return f"{moment(row.changed_at)}, {people.get(row.changed_by, row.changed_by)}"


def _bin_columns(people: Mapping[str, str]) -> list[Column[RecordRow]]:
    return [
        Column(
            "@deleted",
            "Xóa lúc, người xóa",
            lambda row: _changed(row, people),
            sort="changed_at",
            width=230,
            least=230,
        ),
        Column("@why", "Lý do xóa", lambda row: row.why.replace("\n", " "), width=220, least=200),
    ]


def all_columns(form: Form, names: Mapping[str, str], people: Mapping[str, str]) -> list[Column[RecordRow]]:
    """Every column that a form's list can show: what all records have, then the form's fields but its files."""

    def column(item: Field) -> Column[RecordRow]:
        return Column(
            item.key,
            item.title,
            lambda row: cell_text(form, item, row.values, names_on(names, row.event_date)),
            right=item.type in NUMBERS,
            sort="event_date" if item.key == form.event_date else item.key if item.indexed else "",
            width=_WIDTHS.get(str(item.type), 180),
        )

    def unit(row: RecordRow) -> str:
        return names_on(names, row.event_date).get(row.unit, "")

    def villages(row: RecordRow) -> str:
        then = names_on(names, row.event_date)
        return "; ".join(then.get(item, "") for item in row.villages)

    return [
        Column("@state", "Trạng thái", lambda row: STATES.get(row.state, row.state), width=98),
        Column(
            "@unit", "Đơn vị", lambda row: names_on(names, row.event_date).get(row.unit, ""), sort="unit", width=180
        ),
        Column("@villages", "Thôn, tổ dân phố", villages, width=170),
        Column("@note", "Ghi chú", lambda row: row.note.replace("\n", " "), width=200),
        Column("@changed", "Sửa lần cuối", lambda row: _changed(row, people), sort="changed_at", width=210),
        *(column(item) for item in form.fields if item.type not in _NO_COLUMN),
    ]


def summed_fields(form: Form, columns: Sequence[Column[RecordRow]]) -> list[Field]:
    """The fields among ``columns`` whose values add up to something: whole and decimal numbers and money, no rates."""
    shown = {column.key for column in columns}
    adding = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY)
    return [item for item in form.fields if item.key in shown and item.type in adding]


def moment(stamp: str) -> str:
    """``28/05/2026 09:05`` of a UTC stamp, in Vietnamese time."""
    at = parse_stamp(stamp).astimezone(VIETNAM)
    return f"{vi.day(at.date())} {at:%H:%M}"


def common_of(row: RecordRow) -> dict[str, object]:
    """What every record has beside the form's values, as the form takes it."""
    return {
        "unit": row.unit,
        "villages": list(row.villages),
        "secondary_areas": list(row.secondary_areas),
        "note": row.note,
        "evidence": list(row.evidence),
    }


def repeatable(form: Form, row_values: Mapping[str, Json]) -> dict[str, Json]:
    """The values a next record may repeat: no identity numbers, nothing protected."""
    hidden = (Privacy.SENSITIVE, Privacy.PROTECTED)
    return {
        key: value
        for key, value in row_values.items()
        if form.has_field(key) and form.field(key).derive is None and privacy_of(form, key, row_values) not in hidden
    }
