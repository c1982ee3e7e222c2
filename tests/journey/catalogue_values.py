"""Values for any form of the catalogue, made from what the form says of its fields; an office to save them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Field, Form, Json, ValueType
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.services.demo.offices import CULTURE_ID, HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput
from danvan_desktop.services.setup import AccountSpec, create_office
from danvan_desktop.store.home import KdfParameters, open_home

DAY = "2026-05-04"  # a Monday
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)


CLOCK = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
PASSWORD = "mật khẩu"
PLAIN = "nhaplieu"
"""An account that may record, without the right to protected values."""


def make_office(folder: Path) -> Office:
    """The hub of a commune, empty, on 28/5/2026."""
    profile = replace(HUB_PROFILE, accounts=(*HUB_PROFILE.accounts, AccountSpec(PLAIN, "Nhập liệu (mẫu)", ("entry",))))
    passwords = {account.name: PASSWORD for account in profile.accounts}
    light = KdfParameters(64, 1, 1)
    store, _ = create_office(folder, profile, passwords, clock=CLOCK, catalog=catalog(), kdf=light)
    return wire(store, CLOCK)


def sign_in(folder: Path, account: str) -> Office:
    """The same office, closed before, by another account."""
    return wire(open_home(folder, clock=CLOCK, account=account, password=PASSWORD), CLOCK)


def given(office: Office, item: Field, choice: int = 0) -> Json:
    """A value that fits the field by itself."""
    match item.type:
        case ValueType.TEXT | ValueType.LONG_TEXT:
            return f"Mẫu {item.title}"[: item.max_length or 200].strip()
        case ValueType.DATE:
            return DAY
        case ValueType.MONTH:
            return DAY[:7]
        case ValueType.YES_NO:
            return True
        case ValueType.CHOICE:
            return item.choices[choice % len(item.choices)].key
        case ValueType.MULTI_CHOICE:
            return [item.choices[choice % len(item.choices)].key]
        case ValueType.UNIT:
            return CULTURE_ID
        case ValueType.VILLAGE:
            return [office.settings.load().villages[0].id]
        case ValueType.RECORD:
            return linked(office, item.target_form)
        case ValueType.ROWS:
            return [{column.key: given(office, column, choice) for column in item.columns
                     if column.type is not ValueType.FILES}]  # fmt: skip
        case _:
            return item.minimum or 0


_LINKED: dict[tuple[Path, str], str] = {}


def linked(office: Office, form_key: str) -> str:
    """The one record of a form that others link to, with a name of its own."""
    place = (office.context.store.path, form_key)
    if place not in _LINKED:
        form = catalog().forms[form_key]
        entered = good(office, form, [item for item in typed_fields(form) if item.required])
        for key in form.label:
            if form.field(key).type is ValueType.TEXT:
                entered[key] = "HS-77/2026"
        _LINKED[place] = office.records.save(form_key, RecordInput(CULTURE_ID, entered), final=True).id
    return _LINKED[place]


def names_of(office: Office, values: Mapping[str, Json]) -> dict[str, str]:
    """What a sheet calls the places of the office, and the records that ``values`` link to."""
    settings = office.settings.load()
    names = {place.id: place.name for place in (*settings.agencies, *settings.villages)}
    for (folder, _form), record_id in _LINKED.items():
        if folder == office.context.store.path and record_id in values.values():
            names[record_id] = office.records.label(office.records.get(record_id))
    return names


def typed_fields(form: Form) -> list[Field]:
    return [item for item in form.fields if item.derive is None and item.type is not ValueType.FILES]


def good(office: Office, form: Form, fields: list[Field]) -> dict[str, Json]:
    """Values of ``fields`` that break no rule: fields a rule asks for are added, choices it forbids are changed."""
    by_key = {item.key: item for item in typed_fields(form)}
    chosen = {item.key: given(office, item) for item in fields}
    tries: dict[str, int] = {}
    for _ in range(80):
        errors = [item for item in office.records.check(form, chosen, unit=CULTURE_ID).errors if item.field]
        if not errors:
            return chosen
        key = next((item.field for item in errors if item.field in by_key and item.field not in chosen), "")
        if key:
            chosen[key] = given(office, by_key[key])
            continue
        # a value that is there breaks a rule: another choice of it, of one of its rows, or one more than before
        key = errors[0].field or ""
        tries[key] = tries.get(key, 0) + 1
        if key not in by_key:
            break
        item, number = by_key[key], tries[key]
        value = chosen.get(key)
        if isinstance(value, int) and item.type in NUMBERS:
            chosen[key] = value + 1
        elif (item.choices and number < len(item.choices)) or (item.type is ValueType.ROWS and number < 12):
            chosen[key] = given(office, item, number)
        elif key in chosen and not item.required:
            del chosen[key]
        else:
            break
    problems = office.records.check(form, chosen, unit=CULTURE_ID).errors
    raise AssertionError(f"{form.key}: {[(item.field, item.message) for item in problems]}")


def full(office: Office, form: Form) -> dict[str, Json]:
    return good(office, form, typed_fields(form))
