"""How an account likes to see its lists: chosen columns and saved views, kept in the encrypted database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..catalog.model import Form, Json
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import bad_character, fold, squeeze
from .context import Context

LONGEST_NAME = 60
MOST_VIEWS = 30


@dataclass(frozen=True, slots=True)
class ListView:
    """A named way to look at a form's list; ``filters`` as the filter lines of the page say them."""

    name: str
    columns: tuple[str, ...]
    sort: str = "event_date"
    descending: bool = True
    filters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormViews:
    """``columns`` empty: those of the form."""

    columns: tuple[str, ...] = ()
    views: tuple[ListView, ...] = ()

    def named(self, name: str) -> ListView | None:
        """The view called ``name``; capitals and accents make no difference."""
        wanted = fold(name)
        return next((view for view in self.views if fold(view.name) == wanted), None)


class ListViewService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def load(self, form: Form) -> FormViews:
        """What this account has kept for the list of ``form``; columns that the form no longer has are left out."""
        with self._context.store.read() as uow:
            return _read(form, uow.settings.get(self._key(form), None))

    def save_columns(self, form: Form, columns: Sequence[str]) -> tuple[FormViews, Changes]:
        """Keep the columns shown; none: those of the form again."""
        return self._save(form, replace(self.load(form), columns=tuple(columns)))

    def save_view(self, form: Form, view: ListView) -> tuple[FormViews, Changes]:
        """Add a view, or replace the one of that name. Raises Refused ``view_invalid``."""
        name = squeeze(view.name)
        if not name or len(name) > LONGEST_NAME or "\n" in name or bad_character(name):
            raise Refused(
                "view_invalid", f"Tên chế độ xem cần có từ 1 đến {LONGEST_NAME} chữ, trên một dòng. Chưa lưu."
            )
        known = self.load(form)
        kept = tuple(item for item in known.views if fold(item.name) != fold(name))
        if len(kept) >= MOST_VIEWS:
            raise Refused(
                "view_invalid", f"Mỗi biểu lưu được {MOST_VIEWS} chế độ xem. Chưa lưu; hãy xóa bớt chế độ không dùng."
            )
        return self._save(form, replace(known, views=(*kept, replace(view, name=name))))

    def remove_view(self, form: Form, name: str) -> tuple[FormViews, Changes]:
        """Forget the view ``name``; nothing happens when there is none."""
        known = self.load(form)
        return self._save(form, replace(known, views=tuple(v for v in known.views if fold(v.name) != fold(name))))

    def _save(self, form: Form, views: FormViews) -> tuple[FormViews, Changes]:
        with self._context.store.unit() as uow:
            uow.settings.set(self._key(form), _json(views))
        return views, Changes()

    def _key(self, form: Form) -> str:
        return f"list_views:{self._context.by}:{form.key}"


def _json(views: FormViews) -> Json:
    return {
        "columns": list(views.columns),
        "views": [
            {
                "name": view.name,
                "columns": list(view.columns),
                "sort": view.sort,
                "descending": view.descending,
                "filters": dict(view.filters),
            }
            for view in views.views
        ],
    }


def _read(form: Form, kept: Any) -> FormViews:
    if not isinstance(kept, dict):
        return FormViews()

    def columns(value: Any) -> tuple[str, ...]:
        return tuple(key for key in value if key.startswith("@") or form.has_field(key))

    def sort(value: str) -> str:
        indexed = form.has_field(value) and form.field(value).indexed
        return value if indexed or value in ("event_date", "changed_at", "unit") else "event_date"

    return FormViews(
        columns(kept["columns"]),
        tuple(
            ListView(item["name"], columns(item["columns"]), sort(item["sort"]), item["descending"], item["filters"])
            for item in kept["views"]
        ),
    )
