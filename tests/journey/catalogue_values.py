"""Values for any form of the catalogue, made from what the form says of its fields; an office to save them in."""

from __future__ import annotations

from pathlib import Path

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Field, Form, Json, ValueType
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.services.demo.offices import CULTURE_ID, HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.home import KdfParameters

DAY = "2026-05-04"  # a Monday
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)


def make_office(folder: Path) -> Office:
    """The hub of a commune, empty, on 28/5/2026."""
    clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
    passwords = {account.name: "mật khẩu" for account in HUB_PROFILE.accounts}
    light = KdfParameters(64, 1, 1)
    store, _ = create_office(folder, HUB_PROFILE, passwords, clock=clock, catalog=catalog(), kdf=light)
    return wire(store, clock)


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
        case ValueType.ROWS:
            return [{column.key: given(office, column, choice) for column in item.columns
                     if column.type not in (ValueType.RECORD, ValueType.FILES)}]  # fmt: skip
        case _:
            return item.minimum or 0


def typed_fields(form: Form) -> list[Field]:
    return [
        item for item in form.fields if item.derive is None and item.type not in (ValueType.RECORD, ValueType.FILES)
    ]


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
