"""What every record has besides the values of its form: places, further areas, a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..catalog.model import Catalog, Form, Json, ValueType
from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import bad_character
from ..store.store import UnitOfWork

MAX_NOTE = 10_000


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
    if not unit or all(agency.id != unit for agency in uow.agencies.list()):
        raise Refused("unit_missing", "Chưa chọn đơn vị thực hiện (hoặc đơn vị không có trong danh sách). Chưa lưu gì.")
    if villages and set(villages) - {village.id for village in uow.villages.list()}:
        raise _invalid("villages", "Thôn, tổ dân phố đã chọn không có trong danh sách.")
    if set(areas) - {area.number for area in catalog.areas}:
        raise _invalid("secondary_areas", "Mảng công tác kèm theo không có trong danh mục.")
    if len(note) > MAX_NOTE:
        raise _invalid("note", f"Ghi chú dài {vi.number(len(note))} ký tự, tối đa {vi.number(MAX_NOTE)}.")
    if bad := bad_character(note, multiline=True):
        raise _invalid("note", f"Ghi chú có ký tự không dùng được ({bad}), hãy xóa đi.")


def _invalid(field: str, sentence: str) -> Refused:
    return Refused("value_invalid", f"{sentence} Chưa lưu gì.", field=field)
