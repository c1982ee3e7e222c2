"""Recording what was done: check, derive, save, find, restore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..catalog import derive as derivations
from ..catalog import privacy, rules, values
from ..catalog.model import Field, Filter, Form, Json, Privacy, Severity, ValueType
from ..catalog.typed import value_from_json
from ..catalog.values import Problem
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..planning.terms import term_end
from ..store.rows import NewRecord, RecordRow, RevisionRow, SearchHit
from ..store.store import UnitOfWork
from .context import Context, unique
from .drafts import DraftService
from .evidence import EvidenceService, require_room
from .record_common import places_of, require_common, require_links
from .record_counts import count_records, recount, refreshed

__all__ = ["Checked", "ListQuery", "RecordInput", "RecordRow", "RecordService", "RevisionRow", "Saved", "SearchHit"]

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
    protected_shown: bool = False
    """The protected values were before the officer's eyes: those left empty are taken away. Otherwise they stay."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Values with rows numbered and derived fields filled in, and what is wrong with them."""

    values: dict[str, Json]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(item for item in self.problems if item.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Saved:
    id: str
    revision: int
    state: str
    problems: tuple[Problem, ...]
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
        self.evidence = EvidenceService(context)
        self.drafts = DraftService(context)
        self._last_unit = ""  # of this session

    def forms(self) -> tuple[Form, ...]:
        """The forms offered to this office, those it fills in first at the head."""
        with self._context.store.read() as uow:
            return self._context.forms(uow)

    def check(
        self,
        form: Form,
        entered: Mapping[str, Json],
        *,
        unit: str = "",
        record_id: str | None = None,
        final: bool = True,
    ) -> Checked:
        """``entered`` cleaned, derived and checked; never raises for wrong values. ``final`` false: as a draft."""
        with self._context.store.read() as uow:
            return self.check_in(uow, form, entered, unit=unit, record_id=record_id, final=final)

    def check_in(
        self,
        uow: UnitOfWork,
        form: Form,
        entered: Mapping[str, Json],
        *,
        unit: str = "",
        record_id: str | None = None,
        final: bool = True,
    ) -> Checked:
        """:meth:`check` inside a caller's unit of work."""

        def counted(form_key: str, wanted: Mapping[str, Json], filters: Sequence[Filter]) -> int | None:
            return count_records(self._context, uow, unit, form_key, wanted, filters)

        typed = values.normalise(form, self._number_rows(form, entered))
        cleaned = derivations.with_derived(form, typed, self._term_end, counted)

        def previous(form_key: str, wanted: Mapping[str, Json]) -> Mapping[str, Json] | None:
            return self._earlier(uow, form_key, wanted, unit, record_id)

        problems = rules.check_record(form, cleaned, previous=previous, final=final)
        return Checked(cleaned, tuple(problems))

    def typed(self, form: Form, raw: Mapping[str, Any]) -> dict[str, Json]:
        """Values out of a file: canonical JSON values, or texts as a person types them.

        Raises Refused ``value_invalid`` naming the field and why, ``unknown_field``.
        """
        result: dict[str, Json] = {}
        for key, value in raw.items():
            if not form.has_field(key):
                raise Refused("unknown_field", f"Biểu “{form.title}” không có trường “{key}”. Chưa thêm gì.", field=key)
            item = form.field(key)
            if item.derive is not None:
                continue
            try:
                result[key] = value_from_json(item, value)
            except values.ValueProblem as error:
                raise Refused("value_invalid", f"{error.message} Chưa thêm gì.", field=key) from error
        return result

    def _term_end(
        self,
        key: str,
        start: date,
        conditions: Mapping[str, Json],
        suspensions: Sequence[tuple[date, date | None]],
        extensions: Sequence[int],
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
        draft: str = "",
    ) -> Saved:
        """Save a record: a draft may be incomplete, a final one must be free of errors.

        ``draft``: the journal entry (services.drafts) that is saved with this, and goes.
        Raises Refused ``record_incomplete`` (details: problems), ``record_changed``, ``no_right``.
        """
        self._context.require("record")
        with self._context.store.unit() as uow:
            saved = self.save_in(
                uow, form_key, entered, final=final, record_id=record_id, expected_revision=expected_revision, why=why
            )
            if draft:
                uow.drafts.discard(draft)
        self._last_unit = entered.unit
        return saved

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
        context.require("record")
        form = context.form(form_key)
        checked = self.check_in(uow, form, entered.values, unit=entered.unit, record_id=record_id, final=final)
        errors = checked.errors
        villages = places_of(form, checked.values, entered.villages)
        require_common(context.catalog, uow, entered.unit, villages, entered.secondary_areas, entered.note)
        before = uow.records.get(record_id) if record_id is not None else None
        require_links(uow, form, checked.values, before.values if before else {})
        if final and errors:
            first = errors[0].message.rstrip(".")
            raise Refused(
                "record_incomplete",
                f"Chưa ghi chính thức được: còn {len(errors)} chỗ phải sửa ({first}). Chưa lưu gì.",
                problems=[_problem_json(item) for item in errors],
            )
        require_room(uow, entered.evidence)
        kept, protected = privacy.split_protected(form, checked.values)
        new = NewRecord(
            form=form.key,
            form_version=form.version,
            unit=entered.unit,
            state="final" if final else "draft",
            event_date=values.event_date(form, checked.values),
            values=kept,
            villages=villages,
            secondary_areas=tuple(entered.secondary_areas),
            note=entered.note,
            evidence=tuple(entered.evidence),
        )
        before = uow.records.get(record_id) if record_id is not None else None
        if record_id is None:
            row = uow.records.insert(new, form, by=context.by, why=why, protected=protected)
        else:
            left_open: dict[str, Json] = {}
            if entered.protected_shown:
                secret = {item.key for item in form.fields if _is_protected(form, item, checked.values)}
                protected = {key: protected.get(key) for key in secret}
                left_open = {item.key: None for item in form.fields if item.class_when and item.key not in secret}
            row = uow.records.update(
                record_id, expected_revision, new, form, by=context.by, why=why, protected=protected
            )
            if left_open and uow.protected.has(row.id):  # the class was lowered: they stand in the record now
                uow.protected.put(row.id, left_open)
        changes = Changes.of(f"record:{form.key}", ids=[row.id]) | self._recount(uow, row, before)
        return Saved(row.id, row.revision, row.state, checked.problems, changes)

    def delete(self, record_id: str, why: str) -> Changes:
        """Move a record to the bin; it stops counting and can be brought back."""
        self._context.require("record")
        with self._context.store.unit() as uow:
            row = self._row(uow, record_id)
            uow.records.delete(row.id, by=self._context.by, why=why)
            return Changes.of(f"record:{row.form}", ids=[row.id]) | self._recount(uow, row)

    def undelete(self, record_id: str) -> Changes:
        self._context.require("record")
        with self._context.store.unit() as uow:
            row = self._row(uow, record_id)
            back = uow.records.undelete(row.id, by=self._context.by, why="Khôi phục từ thùng rác")
            form = self._context.catalog.forms.get(row.form)
            if form is not None:  # what it counts may have changed while it lay in the bin
                refreshed(self._context, uow, self._term_end, form, back)
            return Changes.of(f"record:{row.form}", ids=[row.id]) | self._recount(uow, row)

    def _recount(self, uow: UnitOfWork, *rows: RecordRow | None) -> Changes:
        """Write anew what counts the records ``rows`` (after and before a change); which those are."""
        places = [(row.unit, row.event_date) for row in rows if row is not None]
        form_key = next(row.form for row in rows if row is not None)
        changed = recount(self._context, uow, self._term_end, form_key, *places)
        return Changes.of(*(f"record:{row.form}" for row in changed), ids=[row.id for row in changed])

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

    @property
    def may_see_protected(self) -> bool:
        """Whether the signed-in account has the key of the protected values."""
        return self._context.store.protected_unlocked

    def has_protected(self, record_id: str) -> bool:
        """Whether a record has protected values; no look, so not recorded."""
        with self._context.store.read() as uow:
            return uow.protected.has(record_id)

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
                descending=query.descending, **list_filters(query),
            )  # fmt: skip

    def count(self, form_key: str, query: ListQuery) -> int:
        with self._context.store.read() as uow:
            return uow.records.count(self._context.form(form_key), **list_filters(query))

    def totals(self, form_key: str, query: ListQuery, fields: Sequence[str]) -> dict[str, int]:
        """The sums of number ``fields`` over a whole list, at the scale of each; never of protected values."""
        form = self._context.form(form_key)
        with self._context.store.read() as uow:
            return uow.records.totals(form, fields, **list_filters(query))

    def search_all(self, text: str, limit: int = 50) -> list[SearchHit]:
        """Records of every form that match all words of ``text`` (no accents needed), best first."""
        with self._context.store.read() as uow:
            return uow.records.search_all(text, limit)

    def label(self, row: RecordRow) -> str:
        """How a record is named in lists and messages."""
        form = self._context.catalog.forms.get(row.form)
        return values.label_of(form, row.values) if form else row.id[:8]

    def find(self, form_key: str, text: str, limit: int = 20) -> list[tuple[str, str]]:
        """(id, label) of records of a form to point at, newest first; ``text`` without accents, empty: any."""
        return [(row.id, self.label(row)) for row in self.page(form_key, ListQuery(search=text), 0, limit)]

    def default_unit(self, otherwise: str = "") -> str:
        """The unit of a new record: the one used last in this session, else the agency that this office itself is,
        else ``otherwise`` (that of the record before) while it is still in use; empty: to be chosen."""
        if self._last_unit:
            return self._last_unit
        with self._context.store.read() as uow:
            office = self._context.office(uow)
            agencies = uow.agencies.list(active=True)
        for fits in (
            [item.id for item in agencies if item.id == office.id],
            [item.id for item in agencies if office.drafting_unit and item.short_name == office.drafting_unit],
            [item.id for item in agencies if item.name == office.name],
            [item.id for item in agencies] if len(agencies) == 1 else [],
            [item.id for item in agencies if item.id == otherwise],
        ):
            if fits:
                return fits[0]
        return ""

    def _earlier(
        self, uow: UnitOfWork, form_key: str, wanted: Mapping[str, Json], unit: str, record_id: str | None
    ) -> Mapping[str, Json] | None:
        """The final record of the same unit that holds the ``wanted`` values (an event date among them)."""
        form = self._context.form(form_key)
        day = values.event_date(form, wanted)
        if day is None:
            return None
        rows = uow.records.page(form, offset=0, limit=200, states=("final",), window=(day, day), unit=unit or None)
        for row in rows:
            if row.id != record_id and all(row.values.get(key) == value for key, value in wanted.items()):
                return row.values
        return None


def list_filters(query: ListQuery) -> dict[str, Any]:
    """The words of a query as store.records takes them."""
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


def _is_protected(form: Form, item: Field, known: Mapping[str, Json]) -> bool:
    return privacy.privacy_of(form, item, known) is Privacy.PROTECTED


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "field": problem.field,
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        "row": problem.row,
        "column": problem.column,
    }
