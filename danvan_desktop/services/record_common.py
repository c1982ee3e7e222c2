"""What every record has besides the values of its form: places, further areas, a note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..catalog.model import Catalog, Field, Form, Json, ValueType
from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import bad_character
from ..store.store import UnitOfWork

MAX_NOTE = 10_000
_LINKS = (ValueType.UNIT, ValueType.VILLAGE, ValueType.RECORD)


def places_of(form: Form, values: Mapping[str, Json], entered: Sequence[str]) -> tuple[str, ...]:
    """The villages of a record: those of the form's own village fields where it has such, else those ``entered``
    beside the form."""
    own = [values.get(item.key) for item in form.fields if item.type is ValueType.VILLAGE]
    if not own:
        return tuple(entered)
    return tuple(dict.fromkeys(str(key) for value in own if isinstance(value, list) for key in value))


def require_common(
    catalog: Catalog, uow: UnitOfWork, unit: str, villages: Sequence[str], areas: Sequence[int], note: str
) -> None:
    """Raises Refused ``unit_missing`` or ``value_invalid`` for what points at nothing or cannot be stored."""
    if not unit:
        raise Refused("unit_missing", "Chưa chọn đơn vị thực hiện. Chưa lưu gì; hãy chọn đơn vị rồi lưu lại.")
    if all(agency.id != unit for agency in uow.agencies.list()):
        raise Refused("unit_missing", "Đơn vị thực hiện không có trong danh sách. Chưa lưu gì; hãy chọn lại đơn vị.")
    if villages and set(villages) - {village.id for village in uow.villages.list()}:
        raise _invalid("villages", "Thôn, tổ dân phố đã chọn không có trong danh sách.")
    if set(areas) - {area.number for area in catalog.areas}:
        raise _invalid("secondary_areas", "Mảng công tác kèm theo không có trong danh mục.")
    if len(note) > MAX_NOTE:
        raise _invalid("note", f"Ghi chú dài {vi.number(len(note))} ký tự, tối đa {vi.number(MAX_NOTE)}.")
    if bad := bad_character(note, multiline=True):
        raise _invalid("note", f"Ghi chú có ký tự không dùng được ({bad}), hãy xóa đi.")


def require_links(uow: UnitOfWork, form: Form, values: Mapping[str, Json], before: Mapping[str, Json]) -> None:
    """Raises Refused ``value_invalid`` for an agency, village or record pointed at that does not exist here.

    What the record held ``before`` is let stand: it may come from elsewhere, or from a list that changed since.
    """
    kept = {name for _, name in _links(form, before)}
    known: dict[ValueType, set[str]] = {}
    for field, name in _links(form, values):
        if name in kept:
            continue
        if field.type is ValueType.RECORD:
            row = uow.records.get(name)
            found = row is not None and not row.deleted and field.target_form in ("", row.form)
        else:
            if field.type not in known:
                places = uow.agencies if field.type is ValueType.UNIT else uow.villages
                known[field.type] = {place.id for place in places.list()}
            found = name in known[field.type]
        if not found:
            raise _invalid(field.key, f"“{field.title}” chỉ đến mục không có trong danh sách (“{name[:40]}”).")


def _links(form: Form, values: Mapping[str, Json]) -> Iterator[tuple[Field, str]]:
    """Every id of an agency, village or record in the values, with its field or column."""
    for field in form.fields:
        value = values.get(field.key)
        if field.type is ValueType.ROWS:
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            cells = [(column, row.get(column.key)) for row in rows for column in field.columns]
        else:
            cells = [(field, value)]
        for item, cell in cells:
            if item.type in _LINKS:
                yield from (
                    (item, name) for name in (cell if isinstance(cell, list) else [cell]) if isinstance(name, str)
                )


def _invalid(field: str, sentence: str) -> Refused:
    return Refused("value_invalid", f"{sentence} Chưa lưu gì.", field=field)
