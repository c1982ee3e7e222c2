"""Commands about spreadsheets: templates out, sheets of records in and back out again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..catalog.model import Severity
from ..kernel import vi
from ..kernel.clock import civil_date, parse_stamp
from ..kernel.errors import Refused, UsageError
from ..services.office import Office
from ..services.sheets import CheckedSheet, ImportEntry, Layout, OpenedSheet, column_name
from .named import agency
from .session import Session


def excel_template(session: Session) -> int:
    """Write the empty workbook of a form."""
    path = Path(session.options.out)
    session.office().sheets.write_template(session.options.form, path)
    session.output.result({"file": str(path), "form": session.options.form}, [f"Đã tạo mẫu nhập {path}"])
    return 0


def record_import(session: Session) -> int:
    """Read a sheet, tell everything wrong with it at once, and keep its rows by choice."""
    options = session.options
    office = session.office()
    opened = office.sheets.open(Path(options.file))
    form = options.form or opened.form
    if form is None:
        raise Refused("form_unknown", "Không đoán được tệp này thuộc biểu nào. Chưa nhập gì; hãy nêu bằng --form.")
    layout = _layout(office, opened, form, options)
    checked = office.sheets.check(opened, layout, final=options.final, unit=_unit(office, options.unit))
    if options.annotated:
        office.sheets.write_annotated(checked, Path(options.annotated))
    before = office.sheets.seen_before(checked)
    body, lines = _told(office, checked)
    if options.annotated:
        lines.append(f"Đã ghi bản có ghi chú lỗi vào {options.annotated}")
    if options.dry_run:
        if before is not None:
            lines.append("Lưu ý: tệp này đã được nhập trước đó (nhập lại bằng --again).")
        session.output.result({**body, "imported": 0, "seen_before": before.id if before else None}, lines)
        return 1 if checked.errors else 0
    if checked.errors and not (options.good_rows and checked.good):
        more = ", hoặc thêm --good-rows để nhập các dòng đúng" if checked.good else "; không có dòng nào đúng"
        lines.append(f"Chưa nhập dòng nào. Hãy sửa trong tệp rồi nhập lại{more}.")
        session.output.result({"error": "sheet_errors", **body, "imported": 0}, lines)
        return 1
    done = office.sheets.bring_in(checked, good_rows=options.good_rows, again=options.again)
    word = "chính thức" if options.final else "dự thảo"
    lines.append(
        f"Đã nhập {vi.number(len(done.record_ids))} bản ghi {word}"
        + (f", bỏ lại {vi.number(done.left_out)} dòng có lỗi" if done.left_out else "")
        + f". Hoàn tác: danvan record undo-import {done.id}"
    )
    session.output.result(
        {**body, "imported": len(done.record_ids), "left_out": done.left_out, "id": done.id,
         "records": list(done.record_ids)}, lines,
    )  # fmt: skip
    return 0


def record_imports(session: Session) -> int:
    """The imports of the last 90 days and every older one that still stands, newest first."""
    office = session.office()
    entries = office.sheets.import_list(session.options.form)
    session.output.result(
        {
            "imports": [
                {"id": row.id, "form": row.form, "source": row.source, "at": row.at, "by": row.by,
                 "records": len(row.record_ids), "untouched": entry.untouched, "undone_at": row.undone_at,
                 "reports": list(entry.reports)}
                for entry in entries for row in (entry.row,)
            ]
        },
        [
            f"{entry.row.id}  {vi.day(civil_date(parse_stamp(entry.row.at)))}  {entry.row.by}  {entry.row.source}: "
            f"{vi.number(len(entry.row.record_ids))} bản ghi{_fate(entry)}"
            for entry in entries
        ]
        or ["Chưa có lần nhập nào."],
    )  # fmt: skip
    return 0


def _fate(entry: ImportEntry) -> str:
    if entry.row.undone_at:
        return " (đã hoàn tác)"
    return f" (trong báo cáo đã chốt: {'; '.join(entry.reports)})" if entry.reports else ""


def record_undo_import(session: Session) -> int:
    """Move the records of an import to the bin."""
    done = session.office().sheets.undo(session.options.id)
    lines = [f"Đã hoàn tác: {vi.number(done.moved)} bản ghi chuyển vào thùng rác."]
    if done.kept:
        lines.append(f"Giữ nguyên {vi.number(done.kept)} bản ghi đã có người sửa hoặc xóa sau khi nhập.")
    session.output.result({"id": done.id, "moved": done.moved, "kept": done.kept}, lines)
    return 0


def _layout(office: Office, opened: OpenedSheet, form: str, options: Any) -> Layout:
    head = None if options.head_row is None else max(options.head_row, 0) - 1
    layout = office.sheets.layout(opened, form, sheet=options.sheet, head=head)
    known = {item.key: item for item in office.sheets.fields(form)}
    for word in options.map:
        key, equals, letters = word.partition("=")
        key = key.strip()
        key = key if key in known else f"@{key}"
        if not equals or key not in known or not re.fullmatch(r"[A-Za-z]{0,3}", letters.strip()):
            raise UsageError(
                "usage", f"“{word}” không phải cách ghép cột. Viết TRƯỜNG=CỘT, ví dụ held_on=C; TRƯỜNG= để bỏ cột."
            )
        column = -1
        for letter in letters.strip().upper():
            column = (column + 1) * 26 + ord(letter) - 65
        if column < 0:
            gone = next((at for at, held in layout.columns.items() if held == key), None)
            layout = layout if gone is None else layout.with_column(gone, "")
        else:
            layout = layout.with_column(column, key)
    return layout


def _unit(office: Office, named: str) -> str:
    if named:
        return agency(office, named)
    loaded = office.settings.load()
    active = [item for item in loaded.agencies if item.active]
    return next((item.id for item in active if item.id == loaded.office.id), active[0].id if len(active) == 1 else "")


def _told(office: Office, checked: CheckedSheet) -> tuple[dict[str, Any], list[str]]:
    layout = checked.layout
    form = office.context.form(layout.form)
    titles = {item.key: item.title for item in office.sheets.fields(layout.form)}
    problems = checked.problems
    body = {
        "form": layout.form,
        "sheet": layout.sheet,
        "template": layout.template,
        "columns": {column_name(at): key for at, key in sorted(layout.columns.items())},
        "rows": len(checked.rows),
        "good": checked.good,
        "problems": [
            {"cell": item.where, "severity": str(item.severity), "message": item.message} for item in problems
        ],
        "remarks": checked.remarks(titles),
        "skipped": [number + 1 for number, _why in checked.read.skipped],
    }
    lines = [
        f"Biểu “{form.title}”, trang “{layout.sheet}”: {vi.number(len(checked.rows))} dòng, "
        f"{vi.number(checked.good)} dòng không có lỗi",
        "Ghép cột: " + "; ".join(f"{column_name(at)} → {titles[key]}" for at, key in sorted(layout.columns.items())),
        *checked.remarks(titles),
        *(f"{'' if item.severity is Severity.ERROR else '(lưu ý) '}{item}" for item in problems),
    ]
    return body, lines
