"""What a paper is made from: a record, a list of records, the plan, who is late. Protected values never go in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..catalog import values
from ..catalog.model import Field, Form, Json, Privacy, ValueType
from ..catalog.paper_model import ROWS, PaperTemplate
from ..catalog.periods import due_of, parse_period
from ..catalog.privacy import privacy_of
from ..kernel import clock, vi
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..kernel.text import fold, squeeze
from ..reporting.model import thaw
from ..reporting.papers import PaperInputs, RowWords
from ..store.plans import PlanRow
from ..store.rows import RecordRow
from ..store.store import UnitOfWork
from .consolidation import ConsolidationService
from .context import Context, unique
from .lists import open_texts
from .places import dated_names, names_on

_NOT_SENT = {"missing": "Chưa gửi", "returned": "Đã bị trả lại, chưa gửi lại", "recalled": "Đã thu hồi, chưa gửi lại"}
BEHIND = frozenset(_NOT_SENT)
"""States of a subordinate office that owes the report of a period."""

_CLOSED = ("done", "cancelled")
_LONGEST_SUBJECT = 160


@dataclass(frozen=True, slots=True)
class PaperWish:
    """What a paper is to be made from: ids of records (or the regime and period whose records count), a plan, a regime
    and period, an issued report; ``until``: the new last day a letter sets."""

    template: str
    records: tuple[str, ...] = ()
    regime: str = ""
    period: str = ""
    plan: str = ""
    until: date | None = None
    report: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    subjects: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Sequence[RowWords]] = field(default_factory=dict)
    annex_rows: Sequence[Mapping[str, str]] = ()


class PaperSource:
    """Reads what papers are made from."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def inputs(self, uow: UnitOfWork, template: PaperTemplate, wish: PaperWish) -> PaperInputs:
        """Everything ``template`` needs. Raises Refused ``not_found``, ``wrong_form``, ``nothing_to_print``,
        ``unknown_regime``, ``not_issued``, UsageError ``bad_period``.
        """
        context = self._context
        found = _Found((wish.plan,))
        if template.source == "record":
            found = self._record(uow, template, wish)
        elif template.source == "records":
            found = self._records(uow, template, wish)
        elif template.source == "late_reports":
            found = self._late_reports(template, wish)
        elif template.source == "late_tasks":
            found = self._late_tasks(uow, template, wish)
        elif template.source == "issued":
            found = self._issued(uow, wish)
        return PaperInputs(
            catalog=context.catalog,
            template=template,
            id=new_id(context.clock),
            office=context.office(uow),
            signers=context.signers(uow),
            today=clock.today(context.clock),
            subjects=found.subjects,
            words=found.words,
            rows=found.rows,
            annex_rows=found.annex_rows,
        )

    def plan(self, uow: UnitOfWork, plan_id: str) -> PlanRow:
        """The plan ``plan_id``, the newest where none is named. Raises Refused ``not_found``, ``ambiguous_id``."""
        rows = uow.plans.list()
        if not plan_id and rows:
            return rows[0]
        row = uow.plans.get(unique(plan_id, uow.plans.find_prefix, "kế hoạch")) if plan_id else None
        if row is None:
            raise Refused("not_found", "Chưa có kế hoạch nào. Hãy nhập kế hoạch trước, rồi lập văn bản.")
        return row

    # -- records --------------------------------------------------------------------------------

    def _record(self, uow: UnitOfWork, template: PaperTemplate, wish: PaperWish) -> _Found:
        if len(wish.records) != 1:
            raise Refused("record_needed", f"“{template.title}” lập từ một bản ghi; hãy chọn đúng một bản ghi.")
        form = self._context.form(template.form)
        row = self._row(uow, form, wish.records[0])
        names = names_on(dated_names(uow), row.event_date)
        rows = {
            item.key: [
                RowWords(_row_words(form, item.key, row.values, cell, template, names), cell)
                for cell in _cells(row.values.get(item.key))
            ]
            for item in form.fields
            if item.type is ValueType.ROWS
        }
        return _Found((row.id,), _words(form, row, template, names), rows)

    def _records(self, uow: UnitOfWork, template: PaperTemplate, wish: PaperWish) -> _Found:
        form = self._context.form(template.form)
        title = ""
        if wish.records:
            rows = [self._row(uow, form, item) for item in wish.records]
        else:
            period = parse_period(wish.period)
            title = period.title
            rows = uow.records.page(
                form, offset=0, limit=1_000_000, sort="event_date", descending=False, states=("final",),
                window=(period.first, period.last),
            )  # fmt: skip
        if not rows:
            raise Refused(
                "nothing_to_print",
                f"Không có bản ghi “{form.short_title}” nào để lập “{template.title}”. Chưa lập văn bản.",
            )
        names = dated_names(uow)
        dated = [(row, names_on(names, row.event_date)) for row in rows]
        words = {"count": vi.count(len(rows)), "period": title}
        listed = [RowWords(_words(form, row, template, known), row.values) for row, known in dated]
        annex = [
            {
                "id": row.id,
                "unit": known.get(row.unit, ""),
                "villages": ", ".join(known.get(item, "") for item in row.villages),
                **open_texts(form, row.values, known),
            }
            for row, known in dated
        ]
        return _Found(tuple(row.id for row in rows), words, {ROWS: listed}, annex)

    def _row(self, uow: UnitOfWork, form: Form, record_id: str) -> RecordRow:
        row = uow.records.get(unique(record_id, uow.records.find_prefix, "bản ghi"))
        if row is None or row.deleted:
            raise Refused("not_found", f"Không tìm thấy bản ghi có mã “{record_id}” (hoặc bản ghi đã vào thùng rác).")
        if row.form != form.key:
            raise Refused("wrong_form", f"Văn bản này chỉ lập từ bản ghi của biểu “{form.short_title}”. Chưa lập.")
        return row

    def _issued(self, uow: UnitOfWork, wish: PaperWish) -> _Found:
        """The report to be corrected, as it was issued."""
        report_id = unique(wish.report, uow.reports.find_prefix, "báo cáo")
        issue = next(iter(reversed(uow.reports.issues(report_id))), None)
        frozen = uow.reports.frozen(report_id, issue.revision) if issue else None
        if issue is None or frozen is None:
            raise Refused(
                "not_issued", "Báo cáo chưa lấy số, ban hành nên không có gì để đính chính. Chưa lập văn bản."
            )
        head = thaw(frozen.data).head
        words = {
            "kind": squeeze(head.type_name).capitalize(),
            "number": f"{vi.count(issue.number)}/{head.symbol}",
            "issued_on": vi.day(date.fromisoformat(issue.date)),
            "about": squeeze(head.abstract.replace("\n", " ")),
            "addressee": head.addressees[0] if head.addressees else "",
        }
        return _Found((report_id,), words)

    # -- who is late ----------------------------------------------------------------------------

    def _late_reports(self, template: PaperTemplate, wish: PaperWish) -> _Found:
        context = self._context
        regime, period = context.regime(wish.regime), parse_period(wish.period)
        due, today = due_of(regime, period), clock.today(context.clock)
        last = vi.day(due) if due else ""
        days = vi.count((today - due).days) if due and due < today else ""
        rows = [
            RowWords(
                {
                    "unit": child.name,
                    "subject": f"Báo cáo {period.title}",
                    "due": last,
                    "days": days,
                    "state": _NOT_SENT[child.state],
                }
            )
            for child in ConsolidationService(context).board(wish.regime, period.key)
            if child.state in _NOT_SENT
        ]
        if not rows:
            raise Refused("nobody_late", f"Mọi cơ quan, đơn vị đều đã gửi báo cáo {period.title}; không cần đôn đốc.")
        words = self._late_words(template, wish, len(rows), period.title, last)
        return _Found((regime.key, period.key), words, {ROWS: rows})

    def _late_tasks(self, uow: UnitOfWork, template: PaperTemplate, wish: PaperWish) -> _Found:
        plan, today = self.plan(uow, wish.plan), clock.today(self._context.clock)
        names = dated_names(uow)
        us = fold(self._context.office(uow).name)
        rows = []
        for task in uow.plans.tasks(plan.id):
            if task.due_on is None or task.due_on >= today or task.status in _CLOSED or not task.lead_unit:
                continue
            if fold(names.get(task.lead_unit, "")) == us:
                continue  # nobody writes to himself
            rows.append(
                RowWords(
                    {
                        "unit": names.get(task.lead_unit, task.lead_unit),
                        "subject": _subject(task.text),
                        "due": vi.day(task.due_on),
                        "days": vi.count((today - task.due_on).days),
                        "state": f"Đã đạt {task.progress}%" if task.progress else "Chưa bắt đầu",
                    }
                )
            )
        if not rows:
            raise Refused("nobody_late", "Kế hoạch không có nhiệm vụ nào quá hạn đã giao cơ quan chủ trì để đôn đốc.")
        words = self._late_words(template, wish, len(rows), f"năm {plan.year or today.year}", "")
        return _Found((plan.id,), words, {ROWS: sorted(rows, key=lambda row: row.words["unit"])})

    def _late_words(
        self, template: PaperTemplate, wish: PaperWish, count: int, period: str, due: str
    ) -> dict[str, str]:
        calendar, today = self._context.calendar, clock.today(self._context.clock)
        until = wish.until or calendar.add_working_days(today, template.answer_days)
        if until <= today:
            raise Refused("date_wrong", f"Thời hạn mới ({vi.day(until)}) phải sau hôm nay. Chưa lập văn bản.")
        return {"count": vi.count(count), "period": period, "due": due, "until": vi.day(until)}


def _cells(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _words(form: Form, row: RecordRow, template: PaperTemplate, names: Mapping[str, str]) -> dict[str, str]:
    """The fields of a record that may be printed: open ones, and those the template names; never protected ones."""
    words = {"unit": names.get(row.unit, ""), "villages": ", ".join(names.get(item, "") for item in row.villages)}
    for item in form.fields:
        if item.type in (ValueType.ROWS, ValueType.FILES):
            continue
        privacy = privacy_of(form, item, row.values)
        if privacy is Privacy.OPEN or (privacy is not Privacy.PROTECTED and item.key in template.personal):
            words[item.key] = _shown(item, row.values.get(item.key), names)
    return words


def _row_words(
    form: Form,
    rows_key: str,
    record: Mapping[str, Json],
    cell: Mapping[str, Json],
    template: PaperTemplate,
    names: Mapping[str, str],
) -> dict[str, str]:
    words = {}
    for column in form.field(rows_key).columns:
        key = f"{rows_key}.{column.key}"
        privacy = privacy_of(form, key, record)
        if privacy is Privacy.OPEN or (privacy is not Privacy.PROTECTED and key in template.personal):
            words[column.key] = _shown(column, cell.get(column.key), names)
    return words


def _shown(item: Field, value: Json, names: Mapping[str, str]) -> str:
    """A value as running text has it: counts below ten with a leading zero."""
    if item.type is ValueType.INTEGER and isinstance(value, int) and not isinstance(value, bool):
        return vi.count(value)
    return values.display(item, value, names)


def _subject(text: str) -> str:
    """The first clause of a task, short enough to stand in a list."""
    first = re.split(r"[;.]\s", squeeze(text).replace("\n", " "))[0].strip(" .;:")
    if len(first) <= _LONGEST_SUBJECT:
        return first
    cut = first[:_LONGEST_SUBJECT]
    return cut[: cut.rfind(", ") if cut.rfind(", ") > _LONGEST_SUBJECT // 2 else cut.rfind(" ")].strip(" ,;") + "…"


def with_plan(wish: PaperWish, plan: PlanRow) -> PaperWish:
    """The wish with the whole id of its plan."""
    return replace(wish, plan=plan.id)
