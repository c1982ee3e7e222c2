"""Desks: which forms stand first on the screens of an office (FORMS, "Who fills what"). A default, not a wall."""

from __future__ import annotations

from collections.abc import Mapping

from ..kernel.text import fold
from .desk_model import Desk
from .model import Catalog, Form
from .read_forms import read_profiles
from .reader import Table

_AREA = "area_"


def read_desk(table: Table, forms: Mapping[str, Form]) -> Desk:
    """One ``[[desk]]``. Raises Refused ``catalog_invalid``."""
    desk = Desk(
        key=table.key(),
        title=table.text("title"),
        profiles=read_profiles(table),
        names=tuple(fold(item) for item in table.texts("names", ())),
        first=table.texts("first", ()),
    )
    table.finish()
    areas = {f"{_AREA}{form.area}" for form in forms.values()}
    for item in desk.first:
        if item not in forms and item not in areas:
            table.fail("first", f"không có biểu hoặc nhóm nhiệm vụ “{item[:60]}”")
    return desk


def desk_of(catalog: Catalog, profile: str, name: str) -> Desk | None:
    """The desk of an office: the first of its profile whose words stand in its name, else one that asks for none."""
    fitting = [item for item in catalog.desks if not item.profiles or profile in item.profiles]
    words = fold(name)
    named = [item for item in fitting if any(part in words for part in item.names)]
    plain = [item for item in fitting if not item.names]
    return next(iter((*named, *plain)), None)


def forms_for(catalog: Catalog, profile: str, name: str) -> tuple[Form, ...]:
    """The forms offered to an office: those first on its desk, then the rest in the order of the catalogue."""
    offered = [form for area in catalog.areas for form in catalog.forms_of(area.number, profile)]
    desk = desk_of(catalog, profile, name)
    order = desk.first if desk else ()

    def place(form: Form) -> int:
        ranks = [at for at, item in enumerate(order) if item in (form.key, f"{_AREA}{form.area}")]
        return min(ranks, default=len(order))

    return tuple(sorted(offered, key=place))
