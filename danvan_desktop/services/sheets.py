"""Spreadsheets of records: templates out, filled sheets in, faults named by cell, a whole import undone at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ..catalog import privacy, values
from ..catalog.model import Field, Form, Json, Severity, ValueType
from ..catalog.periods import parse_period
from ..kernel import atomic, vi
from ..kernel.canonical import sha256_hex
from ..kernel.cells import column_name
from ..kernel.changes import Changes
from ..kernel.clock import civil_date, parse_stamp, stamp
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..kernel.reading import read_file, reason
from ..kernel.text import fold
from ..render.sheet_annotate import annotate
from ..render.sheet_guard import MAX_FILE, SheetParts
from ..render.sheet_read import SheetGrid, Workbook, read_workbook
from ..render.sheet_template import Template, TemplateColumn, TemplateTable, render_template
from ..store.imports import ImportRow
from ..store.rows import NewRecord
from ..store.store import UnitOfWork
from .context import Context, unique
from .record_common import places_of, require_common
from .records import ListQuery, RecordService
from .sheet_cells import Names
from .sheet_fields import AREAS, NOTE, UNIT, VILLAGES, import_fields
from .sheet_layout import Layout, best_form, best_sheet, guess_layout, template_form, template_layout
from .sheet_model import Absent, CheckedRow, CheckedSheet, Imported, ImportEntry, OpenedSheet, Undone
from .sheet_paste import grid_of
from .sheet_places import place_names
from .sheet_rows import RawRow, RowReader, SheetProblem, Tick, modern

__all__ = [
    "CheckedRow", "CheckedSheet", "ImportEntry", "ImportRow", "Imported", "Layout", "OpenedSheet", "SheetProblem",
    "SheetService", "Undone", "column_name",
]  # fmt: skip

_OFFERED_RECORDS = 300
LISTED_DAYS = 90
"""How long an import stays listed after it was undone; one that stands is always listed."""
_Faults = dict[tuple[str, tuple[str, ...], tuple[int, ...], str], tuple[str, str] | None]


class SheetService:
    def __init__(self, context: Context, records: RecordService) -> None:
        self._context = context
        self._records = records

    # -- out ------------------------------------------------------------------------------------

    def template(self, form_key: str) -> bytes:
        """An empty workbook for a form, with the lists of this office. Raises Refused ``unknown_form``."""
        form = self._context.form(form_key)
        fields = import_fields(self._context.catalog, form)
        with self._context.store.read() as uow:
            units = tuple(item.name for item in uow.agencies.list(active=True))
            villages = tuple(item.name for item in uow.villages.list(active=True))

        def column(item: Field) -> TemplateColumn:
            options: tuple[str, ...] = ()
            if item.type in (ValueType.CHOICE, ValueType.MULTI_CHOICE):
                options = tuple(choice.title for choice in item.choices)
            elif item.type is ValueType.YES_NO:
                options = ("Có", "Không")
            elif item.type is ValueType.UNIT:
                options = units
            elif item.type is ValueType.VILLAGE:
                options = villages
            elif item.type is ValueType.RECORD and item.target_form in self._context.catalog.forms:
                found = self._records.page(item.target_form, ListQuery(), 0, _OFFERED_RECORDS)
                options = tuple(dict.fromkeys(" ".join(self._records.label(row).split())[:250] for row in found))
            return TemplateColumn(item, options)

        plain = [item for item in fields if item.type is not ValueType.ROWS]
        tables = [TemplateTable("", form.short_title, tuple(map(column, plain)))]
        tables += [
            TemplateTable(item.key, item.title, tuple(map(column, item.columns)))
            for item in fields
            if item.type is ValueType.ROWS
        ]
        return render_template(
            Template(form.key, form.version, self._context.catalog.version, form.title, form.help, tuple(tables))
        )

    def write_template(self, form_key: str, path: Path) -> None:
        """Raises Refused ``unknown_form``, ``write_failed``."""
        atomic.write_bytes(path, self.template(form_key))

    # -- in -------------------------------------------------------------------------------------

    def open(self, path: Path) -> OpenedSheet:
        """Read a file; touches no database. Raises Refused ``file_unreadable``, ``sheet_...`` (render.sheet_guard)."""
        try:
            data = read_file(path, MAX_FILE)
        except OSError as error:
            raise Refused(
                "file_unreadable", f"Không mở được tệp “{path.name}” ({reason(error)}). Chưa nhập gì."
            ) from error
        if data is None:
            raise Refused(
                "sheet_too_large",
                f"Tệp “{path.name}” lớn hơn {MAX_FILE >> 20} MB nên không mở. Chưa nhập gì; hãy chia thành nhiều tệp.",
            )
        return self.open_bytes(data, path.name)

    def open_bytes(self, data: bytes, name: str) -> OpenedSheet:
        """:meth:`open` for bytes at hand."""
        book, conversions = modern(read_workbook(data, name))
        own = template_form(book)
        known = best_form(book, self._context.catalog)
        return OpenedSheet(name, sha256_hex(data), book, conversions, data, known, own is not None and own == known)

    def pasted(self, text: str, form_key: str) -> OpenedSheet:
        """A block of cells off the clipboard, as a file with one sheet. Raises Refused ``sheet_empty``."""
        grid = grid_of(text)
        book, conversions = modern(Workbook((grid,), SheetParts({})))
        return OpenedSheet("vùng dán", sha256_hex(text.encode("utf-8")), book, conversions, b"", form_key)

    def fields(self, form_key: str) -> tuple[Field, ...]:
        """What a column of a sheet can be."""
        return import_fields(self._context.catalog, self._context.form(form_key))

    def layout(self, opened: OpenedSheet, form_key: str, *, sheet: str = "", head: int | None = None) -> Layout:
        """Where the records stand, guessed. ``head``: last row of the headings from 0, -1: none.

        Raises Refused ``sheet_missing``, ``template_newer``.
        """
        form = self._context.form(form_key)
        fields = import_fields(self._context.catalog, form)
        if head is None and not sheet:
            own = template_layout(opened.book, form, fields)
            if own is not None:
                return own
        grid: SheetGrid | None = opened.book.sheet(sheet) if sheet else best_sheet(opened.book, fields)
        if grid is None:
            names = ", ".join(f"“{item.name}”" for item in opened.book.sheets if not item.hidden)
            raise Refused("sheet_missing", f"Tệp không có trang “{sheet}”; các trang: {names}. Chưa nhập gì.")
        return guess_layout(grid, form, fields, head=head)

    def check(
        self, opened: OpenedSheet, layout: Layout, *, final: bool = False, unit: str = "", tick: Tick | None = None
    ) -> CheckedSheet:
        """Read and judge every row. ``unit``: for rows that name none (default: the unit used last, or the only one).

        Raises Refused ``nothing_mapped``, ``sheet_empty``, ``sheet_too_many_rows``.
        """
        context = self._context
        form = context.form(layout.form)
        fields = import_fields(context.catalog, form)
        if not layout.columns:
            raise Refused(
                "nothing_mapped",
                f"Không nhận ra cột nào của biểu “{form.title}” trong trang “{layout.sheet}”. Chưa nhập gì; "
                "hãy chỉ ra dòng tiêu đề hoặc ghép cột.",
            )
        unit = unit or self._records.default_unit()
        with context.store.read() as uow:
            reader = RowReader(opened.book, form, fields, layout, self._names(uow))
            read = reader.read(lambda: new_id(context.clock), tick)
            if not read.rows:
                raise Refused("sheet_empty", f"Trang “{layout.sheet}” không có dòng số liệu nào. Chưa nhập gì.")
            places = {key: at for at, key in layout.columns.items()}
            rows = []
            faults: _Faults = {}
            absent = Absent()
            for number, raw in enumerate(read.rows):
                if tick is not None and number % 100 == 0:
                    tick(number, len(read.rows))
                rows.append(self._judged(uow, form, layout, places, raw, final, unit, faults, absent))
        return CheckedSheet(opened, layout, final, tuple(rows), read, absent)

    def _judged(
        self, uow: UnitOfWork, form: Form, layout: Layout, places: Mapping[str, int], raw: RawRow,
        final: bool, unit: str, faults: _Faults, absent: Absent,
    ) -> CheckedRow:  # fmt: skip
        entered = {key: value for key, value in raw.values.items() if not key.startswith("@")}
        own = raw.values.get(UNIT) or ("" if UNIT in raw.unread else unit)
        checked = self._records.check_in(uow, form, entered, unit=str(own), final=final)
        start = min(layout.columns)
        held = {*places, *(table.field for table in layout.tables)}
        problems = list(raw.problems)
        if not own and UNIT not in raw.unread:
            problems.append(
                SheetProblem(layout.sheet, raw.row, places.get(UNIT, start), "Chưa ghi “Đơn vị thực hiện”.")
            )
        for item in checked.problems:
            cell = f"{item.field}.{item.column}" if item.column else item.field
            if cell in raw.unread or (item.code.startswith("rule:") and raw.unread & {item.field}):
                continue
            if item.code == "required" and item.severity is Severity.NOTE and item.field not in held:
                absent.fields[item.field] = absent.fields.get(item.field, 0) + 1
                continue
            if item.severity is not Severity.ERROR and item.field and item.field not in held:
                count, first = absent.advice.get(item.message, (0, raw.row + 1))
                absent.advice[item.message] = (count + 1, first)
                continue
            sheet, row = raw.places.get(item.row or "", (layout.sheet, raw.row))
            column = places.get(item.field, start)
            if item.row in raw.places:
                table = next(found for found in layout.tables if found.field == item.field)
                column = next((at for at, key in table.columns.items() if key == item.column), table.number)
            problems.append(SheetProblem(sheet, row, column, item.message, item.severity))
        if not uow.protected.unlocked:
            for key in privacy.split_protected(form, checked.values)[1]:
                words = f"Tài khoản này không có quyền nhập “{form.field(key).title}” của bản ghi được bảo vệ."
                problems.append(SheetProblem(layout.sheet, raw.row, places.get(key, start), words))
        note = str(raw.values.get(NOTE) or "")
        villages = places_of(form, checked.values, tuple(map(str, _listed(raw.values.get(VILLAGES)))))
        areas = tuple(int(item) for item in _listed(raw.values.get(AREAS)))
        if own and (found := self._common_fault(uow, faults, str(own), villages, areas, note)):
            problems.append(SheetProblem(layout.sheet, raw.row, places.get(found[0], start), found[1]))
        return CheckedRow(raw.row, checked.values, str(own), villages, areas, note, tuple(problems))

    def _common_fault(
        self, uow: UnitOfWork, faults: _Faults, unit: str, villages: tuple[str, ...], areas: tuple[int, ...], note: str
    ) -> tuple[str, str] | None:
        """(column, sentence) of what every record has and this one has wrong; looked up once for all rows alike."""
        key = (unit, villages, areas, note)
        if key not in faults:
            faults[key] = None
            try:
                require_common(self._context.catalog, uow, unit, villages, areas, note)
            except Refused as error:
                wrong = str(error.details.get("field"))
                column = {"villages": VILLAGES, "note": NOTE, "secondary_areas": AREAS}.get(wrong, UNIT)
                faults[key] = (column, error.message.removesuffix(" Chưa lưu gì."))
        return faults[key]

    def _names(self, uow: UnitOfWork) -> Names:
        events = uow.place_events.list()
        units = place_names(uow.agencies.list(), [item for item in events if item.place_kind == "agency"])
        villages = place_names(uow.villages.list(), [item for item in events if item.place_kind == "village"])
        known: dict[str, dict[str, str]] = {}

        def records(form_key: str) -> Mapping[str, str]:
            if form_key not in known:
                form = self._context.form(form_key)
                labels: dict[str, str] = {}
                for row in uow.records.page(form, offset=0, limit=20_000):
                    label = _folded(values.label_of(form, row.values))
                    labels[label] = "" if label in labels else row.id
                known[form_key] = labels
            return known[form_key]

        return Names(units, villages, records)

    def seen_before(self, checked: CheckedSheet) -> ImportRow | None:
        """The import of the very same bytes into the same form that still stands."""
        with self._context.store.read() as uow:
            return uow.imports.standing(checked.opened.sha256, checked.layout.form)

    def bring_in(
        self, checked: CheckedSheet, *, good_rows: bool = False, again: bool = False, tick: Tick | None = None
    ) -> Imported:
        """Keep the rows, in one transaction: all, or with ``good_rows`` those without an error.

        Raises Refused ``sheet_errors`` (details: problems), ``nothing_good``, ``already_imported`` (unless ``again``),
        ``no_right``.
        """
        context = self._context
        context.require("record")
        form = context.form(checked.layout.form)
        errors = checked.errors
        if errors and not good_rows:
            raise Refused(
                "sheet_errors",
                f"Có {vi.number(len(errors))} chỗ phải sửa nên chưa nhập dòng nào. Hãy sửa trong tệp rồi nhập lại, "
                "hoặc chọn chỉ nhập các dòng đúng.",
                problems=[{"cell": item.where, "message": str(item)} for item in errors],
            )
        rows = [row for row in checked.rows if row.good]
        if not rows:
            raise Refused(
                "nothing_good", "Không có dòng nào đúng để nhập. Chưa nhập gì; hãy sửa trong tệp rồi nhập lại."
            )
        opened = checked.opened
        with context.store.unit() as uow:
            before = uow.imports.standing(opened.sha256, form.key)
            if before is not None and not again:
                day = vi.day(civil_date(parse_stamp(before.at)))
                raise Refused(
                    "already_imported",
                    f"Tệp “{opened.name}” đã được nhập ngày {day} ({vi.number(len(before.record_ids))} bản ghi). "
                    "Chưa nhập lại; nếu thật sự cần nhập lần nữa, hãy xác nhận (dòng lệnh: --again).",
                    import_id=before.id,
                )
            secret: list[tuple[int, dict[str, Json]]] = []

            def made() -> Iterator[NewRecord]:
                for number, row in enumerate(rows):
                    if tick is not None and number % 100 == 0:
                        tick(number, len(rows))
                    kept, protected = privacy.split_protected(form, row.values)
                    if protected:
                        secret.append((number, protected))
                    yield NewRecord(
                        form.key, form.version, row.unit, "final" if checked.final else "draft",
                        values.event_date(form, row.values), kept, row.villages, row.areas, row.note,
                    )  # fmt: skip

            why = f"Nhập từ {opened.name}" if not opened.data else f"Nhập từ tệp {opened.name}"
            ids = uow.records.insert_many(made(), form, by=context.by, why=why)
            for number, protected in secret:
                uow.protected.put(ids[number], protected)
            import_id = uow.imports.add(form.key, opened.name, opened.sha256, ids, context.by)
        left = len(checked.rows) - len(rows)
        return Imported(import_id, tuple(ids), left, Changes.of(f"record:{form.key}", ids=ids))

    def annotated(self, checked: CheckedSheet) -> bytes:
        """A copy of the file with each fault as a note on its coloured cell, to be sent back."""
        marks = [(item.sheet, item.row, item.column, item.message, item.severity is Severity.ERROR)
                 for item in checked.worst_first]  # fmt: skip
        return annotate(checked.opened.book, marks)

    def write_annotated(self, checked: CheckedSheet, path: Path) -> None:
        """Raises Refused ``write_failed``."""
        atomic.write_bytes(path, self.annotated(checked))

    # -- back -----------------------------------------------------------------------------------

    def import_list(self, form_key: str | None = None, days: int = LISTED_DAYS) -> list[ImportEntry]:
        """The imports of the last ``days``, and every older one that still stands, newest first."""
        context = self._context
        since = stamp(context.clock.now() - timedelta(days=days))
        with context.store.read() as uow:
            rows = uow.imports.listed(since, form_key)
            used = uow.imports.frozen_using_each({row.id: row.record_ids for row in rows if row.undone_at is None})
            forms = context.catalog.forms
            return [
                ImportEntry(
                    row,
                    forms[row.form].short_title if row.form in forms else row.form,
                    uow.imports.untouched(row.record_ids) if row.undone_at is None else 0,
                    self._report_names(uow, used.get(row.id, set())),
                )
                for row in rows
            ]

    def _report_names(self, uow: UnitOfWork, report_ids: set[str]) -> tuple[str, ...]:
        if not report_ids:
            return ()
        found = {(item.regime, item.period) for item in uow.reports.list() if item.id in report_ids}
        context = self._context
        return tuple(f"{context.regime(key).title}, {parse_period(period).title}" for key, period in sorted(found))

    def imports(self, form_key: str | None = None, limit: int = 20) -> list[ImportRow]:
        """What was imported, newest first."""
        with self._context.store.read() as uow:
            return uow.imports.newest(form_key, limit)

    def undo(self, import_id: str) -> Undone:
        """Take an import back: its untouched records go to the bin, by a revision each.

        Raises Refused ``not_found``, ``already_undone``, ``import_reported`` (a frozen report counts its records).
        """
        context = self._context
        context.require("record")
        with context.store.unit() as uow:
            row = uow.imports.get(unique(import_id, uow.imports.find_prefix, "lần nhập"))
            assert row is not None
            if row.undone_at is not None:
                raise Refused("already_undone", f"Lần nhập “{row.source}” đã được hoàn tác trước đó.")
            frozen = self._report_names(uow, uow.imports.frozen_using(row.record_ids))
            if frozen:
                raise Refused(
                    "import_reported",
                    f"Số liệu của lần nhập “{row.source}” đã nằm trong báo cáo đã chốt ({'; '.join(frozen)}) nên không "
                    "hoàn tác được. Chưa đổi gì; hãy sửa từng bản ghi, có ghi lý do.",
                )
            moved = uow.imports.withdraw(row.record_ids, by=context.by, why=f"Hoàn tác lần nhập {row.source}")
            uow.imports.undone(row.id, context.by)
        changes = Changes.of(f"record:{row.form}", ids=moved)
        return Undone(row.id, len(moved), len(row.record_ids) - len(moved), changes)


def _listed(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []


def _folded(text: str) -> str:
    return fold(" ".join(text.split()))
