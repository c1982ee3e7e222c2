"""A list of records as a table of its open fields, and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..catalog import privacy, values
from ..catalog.annex_model import AnnexTable
from ..catalog.model import Form, Json, ValueType
from ..kernel import atomic
from ..kernel.changes import Changes
from ..render.xlsx import render_table
from ..reporting.annexes import make_annex
from ..reporting.model import Annex
from .context import Context
from .places import dated_names
from .records import ListQuery, list_filters


def open_texts(form: Form, record_values: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, str]:
    """Display texts of the open fields of a record; anything personal is left out."""
    kept = privacy.open_values(form, record_values)
    return {
        item.key: values.display(item, kept.get(item.key), names)
        for item in form.fields
        if item.type is not ValueType.FILES
    }


class ListService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def table(self, form_key: str, query: ListQuery) -> Annex:
        """The columns of the form's report table, oldest record first."""
        context = self._context
        form = context.form(form_key)
        with context.store.read() as uow:
            filters = list_filters(query)
            total = uow.records.count(form, **filters)
            rows = uow.records.page(form, offset=0, limit=max(total, 1), sort="event_date", descending=False, **filters)
            names = dated_names(uow)
        shown = {form.key: [{"id": row.id, **open_texts(form, row.values, names.on(row.event_date))} for row in rows]}
        return make_annex(context.catalog, AnnexTable(form.key, form.title, "records", form.key), (), shown)

    def export(self, form_key: str, query: ListQuery, path: Path) -> tuple[int, Changes]:
        """Write a list as a workbook; the act is recorded. Returns the number of rows.

        Raises Refused ``unknown_form``, ``cell_too_long``, ``write_failed``.
        """
        context = self._context
        table = self.table(form_key, query)
        rows = sum(1 for row in table.rows if row.kind == "row")
        with context.store.unit() as uow:
            office = context.office(uow)
            uow.audit.append("list_exported", form_key, {"rows": rows})
        atomic.write_bytes(path, render_table(table, office.name))
        return rows, Changes()
