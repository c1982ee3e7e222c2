"""Recording what was done: check, derive, save, find, restore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..catalog import derive as derivations
from ..catalog import privacy, rules, values
from ..catalog.model import Form, Json, Severity, ValueType
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..planning.terms import term_end
from ..store.records import NewRecord, RecordRow, RevisionRow
from ..store.store import UnitOfWork
from .context import Context, unique

COMMON = ("unit", "villages", "secondary_areas", "note", "evidence")


@dataclass(frozen=True, slots=True)
class RecordInput:
    """What an officer entered: the form's values and what every record has."""

    unit: str
    values: Mapping[str, Json]
    villages: tuple[str, ...] = ()
    secondary_areas: tuple[int, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Values with rows numbered and derived fields filled in, and what is wrong with them."""

    values: dict[str, Json]
    problems: tuple[values.Problem, ...]

    @property
    def errors(self) -> tuple[values.Problem, ...]:
        return tuple(item for item in self.problems if item.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Saved:
    id: str
    revision: int
    state: str
    problems: tuple[values.Problem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of records as a screen or a command asks for it; dates are both included."""

    search: str = ""
    states: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    unit: str | None = None
    village: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    sort: str = "event_date"
    descending: bool = True
    deleted: bool = False


class RecordService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, form: Form, entered: Mapping[str, Json]) -> Checked:
        """``entered`` cleaned, derived and checked; never raises for wrong values."""
        with self._context.store.read() as uow:
            return self._check(uow, form, entered)

    def _check(self, uow: UnitOfWork, form: Form, entered: Mapping[str, Json], record_id: str | None = None) -> Checked:
        cleaned = values.normalise(form, self._number_rows(form, entered))
        cleaned.update(derivations.derive(form, cleaned, self._term_end))
        problems = rules.check_record(
            form, cleaned, previous=lambda rule: self._previous(uow, form, cleaned, rule, record_id)
        )
        return Checked(cleaned, tuple(problems))

    def _term_end(
        self,
        key: str,
        start: date,
        conditions: Mapping[str, Any],
        suspensions: Sequence[Any] = (),
        extensions: Sequence[Any] = (),
    ) -> date | None:
        context = self._context
        return term_end(context.catalog.terms, context.calendar, key, start, conditions, suspensions, extensions)

    def _number_rows(self, form: Form, entered: Mapping[str, Json]) -> dict[str, Json]:
        result = dict(entered)
        for item in form.fields:
            rows = result.get(item.key)
            if item.type is ValueType.ROWS and isinstance(rows, list):
                result[item.key] = [
                    {**row, "row": row.get("row") or new_id(self._context.clock)} if isinstance(row, dict) else row
                    for row in rows
                ]
        return result

    def save(
        self,
        form_key: str,
        entered: RecordInput,
        *,
        final: bool,
        record_id: str | None = None,
        expected_revision: int | None = None,
        why: str = "",
    ) -> Saved:
        """Save a record: a draft may be incomplete, a final one must be free of errors.

        Raises Refused ``record_incomplete`` (details: problems), ``record_changed``, ``no_right``.
        """
        self._context.require("record")
        with self._context.store.unit() as uow:
            return self.save_in(
                uow, form_key, entered, final=final, record_id=record_id, expected_revision=expected_revision, why=why
            )

    def save_in(
        self,
        uow: UnitOfWork,
        form_key: str,
        entered: RecordInput,
        *,
        final: bool,
        record_id: str | None = None,
        expected_revision: int | None = None,
        why: str = "",
    ) -> Saved:
        """:meth:`save` inside a caller's unit of work."""
        context = self._context
        form = context.form(form_key)
        checked = self._check(uow, form, entered.values, record_id)
        errors = checked.errors
        if not entered.unit or all(agency.id != entered.unit for agency in uow.agencies.list()):
            raise Refused(
                "unit_missing", "Chưa chọn đơn vị thực hiện (hoặc đơn vị không có trong danh sách). Chưa lưu gì."
            )
        if final and errors:
            raise Refused(
                "record_incomplete",
                f"Chưa ghi chính thức được: còn {len(errors)} chỗ phải sửa ({errors[0].message}). Chưa lưu gì.",
                problems=[_problem_json(item) for item in errors],
            )
        kept, protected = privacy.split_protected(form, checked.values)
        new = NewRecord(
            form=form.key,
            form_version=form.version,
            unit=entered.unit,
            state="final" if final else "draft",
            event_date=rules.event_date(form, checked.values),
            values=kept,
            villages=tuple(entered.villages),
            secondary_areas=tuple(entered.secondary_areas),
            note=entered.note,
            evidence=tuple(entered.evidence),
        )
        if record_id is None:
            row = uow.records.insert(new, form, by=context.by, why=why, protected=protected)
        else:
            row = uow.records.update(
                record_id, expected_revision, new, form, by=context.by, why=why, protected=protected
            )
        changes = Changes.of(f"record:{form.key}", ids=[row.id])
        return Saved(row.id, row.revision, row.state, checked.problems, changes)

    def delete(self, record_id: str, why: str) -> Changes:
        """Move a record to the bin; it stops counting and can be brought back."""
        self._context.require("record")
        with self._context.store.unit() as uow:
            row = self._row(uow, record_id)
            uow.records.delete(row.id, by=self._context.by, why=why)
            return Changes.of(f"record:{row.form}", ids=[row.id])

    def undelete(self, record_id: str) -> Changes:
        self._context.require("record")
        with self._context.store.unit() as uow:
            row = self._row(uow, record_id)
            uow.records.undelete(row.id, by=self._context.by, why="Khôi phục từ thùng rác")
            return Changes.of(f"record:{row.form}", ids=[row.id])

    def restore(self, record_id: str, revision: int) -> Saved:
        """Make an earlier revision the current one, as a new revision."""
        with self._context.store.read() as uow:
            row = self._row(uow, record_id)
            old = next((item for item in uow.records.revisions(row.id) if item.revision == revision), None)
        if old is None:
            raise Refused("not_found", f"Bản ghi không có lần sửa thứ {revision}.")
        snapshot = old.snapshot
        entered = RecordInput(
            unit=snapshot["unit"],
            values=snapshot["values"],
            villages=tuple(snapshot.get("villages", ())),
            secondary_areas=tuple(snapshot.get("secondary_areas", ())),
            note=snapshot.get("note", ""),
            evidence=tuple(snapshot.get("evidence", ())),
        )
        return self.save(
            row.form,
            entered,
            final=snapshot["state"] == "final",
            record_id=row.id,
            expected_revision=row.revision,
            why=f"Khôi phục lần sửa thứ {revision}",
        )

    def get(self, record_id: str) -> RecordRow:
        with self._context.store.read() as uow:
            return self._row(uow, record_id)

    def _row(self, uow: UnitOfWork, record_id: str) -> RecordRow:
        row = uow.records.get(unique(record_id, uow.records.find_prefix, "bản ghi"))
        assert row is not None
        return row

    def protected(self, record_id: str) -> dict[str, Json]:
        """The protected values of a record; the look is recorded. Raises Refused ``no_right``."""
        with self._context.store.unit() as uow:
            return uow.protected.get(record_id, self._context.by)

    def history(self, record_id: str) -> list[RevisionRow]:
        with self._context.store.read() as uow:
            return uow.records.revisions(record_id)

    def page(self, form_key: str, query: ListQuery, offset: int, limit: int) -> list[RecordRow]:
        with self._context.store.read() as uow:
            return uow.records.page(
                self._context.form(form_key), offset=offset, limit=limit, sort=query.sort,
                descending=query.descending, **_filters(query),
            )  # fmt: skip

    def count(self, form_key: str, query: ListQuery) -> int:
        with self._context.store.read() as uow:
            return uow.records.count(self._context.form(form_key), **_filters(query))

    def search_all(self, text: str, limit: int = 50) -> list[Any]:
        """Records of every form that match all words of ``text`` (no accents needed), best first."""
        with self._context.store.read() as uow:
            return uow.records.search_all(text, limit)

    def label(self, row: RecordRow) -> str:
        """How a record is named in lists and messages."""
        form = self._context.catalog.forms.get(row.form)
        if form is None:
            return row.id[:8]
        keys = form.label or tuple(item.key for item in form.list_fields[:2])
        parts = [values.display(form.field(key), row.values.get(key)) for key in keys if form.has_field(key)]
        return " – ".join(part for part in parts if part) or form.short_title

    def _previous(
        self, uow: UnitOfWork, form: Form, current: Mapping[str, Json], rule: Any, record_id: str | None
    ) -> Mapping[str, Json] | None:
        """The final record just before ``current`` with the same values in the rule's ``same`` fields."""
        event = rules.event_date(form, dict(current))
        if event is None:
            return None
        same = {key: current[key] for key in rule.args.get("same", ()) if isinstance(current.get(key), str)}
        rows = uow.records.page(
            form, offset=0, limit=3, states=("final",), window=(date(1900, 1, 1), event), choices=same
        )
        for row in rows:
            if row.id != record_id and row.event_date is not None and row.event_date < event:
                return row.values
        return None


def _filters(query: ListQuery) -> dict[str, Any]:
    window = None
    if query.first or query.last:
        window = (query.first or date(1900, 1, 1), query.last or date(9999, 12, 31))
    return {
        "search": query.search,
        "states": query.states,
        "window": window,
        "unit": query.unit,
        "village": query.village,
        "choices": dict(query.choices),
        "deleted": query.deleted,
    }


def _problem_json(problem: values.Problem) -> dict[str, Any]:
    return {
        "field": problem.field,
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        "row": problem.row,
        "column": problem.column,
    }
