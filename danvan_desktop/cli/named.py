"""What a person names on the command line: a day, an agency."""

from __future__ import annotations

from datetime import date

from ..kernel import vi
from ..kernel.errors import Refused, UsageError
from ..kernel.text import fold
from ..services.office import Office


def day(text: str) -> date:
    """A date (``05/06/2026`` or ``2026-06-05``). Raises UsageError ``usage``."""
    try:
        return vi.parse_day(text)
    except ValueError as error:
        raise UsageError("usage", f"Không hiểu ngày “{text}”. Viết dạng 05/06/2026.") from error


def agency(office: Office, name: str) -> str:
    """The id of an active agency by its name (no accents needed), short name or id. Raises Refused ``unit_missing``."""
    active = [item for item in office.settings.load().agencies if item.active]
    wanted = fold(name)
    found = [item.id for item in active if wanted in (item.id, fold(item.name), fold(item.short_name))]
    if len(found) != 1:
        names = "; ".join(item.name for item in active)
        raise Refused("unit_missing", f"Không rõ đơn vị “{name}”. Chưa ghi gì; các đơn vị: {names}.")
    return found[0]
