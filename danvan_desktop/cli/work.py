"""Commands about the daily work: plans, records, indicators, consolidation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..bootstrap import catalog
from ..catalog.periods import parse_period
from ..kernel import vi
from ..kernel.canonical import NotCanonical, parse_json
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..kernel.text import squeeze
from ..services.context import unique
from ..services.figure_view import figure_rows
from ..services.home import home_exists
from ..services.plans import read_plan
from ..services.records import COMMON, ListQuery, RecordInput
from .session import Session

MAX_RECORD_FILE = 4 * 2**20


def plan_import(session: Session) -> int:
    """Read a plan; keep it unless ``--dry-run`` or no office has been set up here."""
    preview = read_plan(Path(session.options.file), catalog().areas)
    body = preview.to_json()
    if session.options.dry_run or (not session.home_named and not home_exists(session.home)):
        if not session.options.dry_run:
            session.output.note("Chưa thiết lập cơ quan trên máy này nên chỉ đọc, không lưu kế hoạch.")
        session.output.result(body, _plan_lines(body))
        return 0
    plans, replaced, said = session.office().plans, session.options.replace, []
    if replaced:
        known = [row.id for row in plans.all()]
        replaced = unique(replaced, lambda low: [key for key in known if key.startswith(low)], "kế hoạch")
        body = plans.carried(body, replaced)
        same = sum(bool(task["id"]) for task in body["tasks"])
        said = [f"{same}/{len(body['tasks'])} nhiệm vụ giống lời giữ nguyên phân công, tiến độ, quá trình, minh chứng"]
    plan_id, _ = plans.save(
        body, source_name=preview.source_name, source_sha256=preview.source_sha256, plan_id=replaced
    )
    session.output.result({**body, "id": plan_id}, [*_plan_lines(body), *said, f"Đã lưu kế hoạch, mã {plan_id}"])
    return 0


def _plan_lines(body: dict[str, Any]) -> list[str]:
    return [
        body["title"] or "(không rõ tên kế hoạch)",
        f"Số, ký hiệu: {body['number_symbol'] or 'chưa có'}; ngày: {body['issued_on'] or 'chưa có'}; "
        f"cơ quan: {body['issuer'] or 'không rõ'}",
        f"Nhiệm vụ: {len(body['tasks'])}; cơ quan được giao: {len(body['assignments'])}; "
        f"chế độ báo cáo: {len(body['reporting'])}; chưa xếp được: {len(body['unplaced'])}",
        *(f"  {task['mark'] or ''} (mảng {task['area'] or '?'}) {task['text'][:100]}" for task in body["tasks"]),
        *(f"  {item['body']}: {len(item['duties'])} việc" for item in body["assignments"]),
        *(
            f"  Báo cáo {item['from'] or '?'} → {item['to'] or '?'}: {item['cycle']}, hạn {item['last_day'] or '-'}"
            for item in body["reporting"]
        ),
    ]


def plan_list(session: Session) -> int:
    rows = session.office().plans.all()
    session.output.result(
        {"plans": [{"id": r.id, "title": r.title, "year": r.year, "issuer": r.issuer} for r in rows]},
        [f"{r.id}  {r.year or ''}  {r.title}" for r in rows] or ["Chưa có kế hoạch nào."],
    )
    return 0


def _read_records(path: Path) -> list[dict[str, Any]]:
    try:
        data = read_file(path, MAX_RECORD_FILE)
    except OSError as error:
        raise Refused("file_unreadable", f"Không mở được tệp “{path.name}” ({reason(error)}). Chưa thêm gì.") from error
    if data is None:
        raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn. Chưa thêm gì.")
    try:
        value = parse_json(data.removeprefix(b"\xef\xbb\xbf"))
    except NotCanonical as error:
        raise Refused(
            "json_invalid",
            f"Tệp “{path.name}” không phải JSON dùng được (sai cú pháp, trùng khóa, hoặc có số lẻ, số quá lớn). "
            "Chưa thêm gì; số lẻ viết dạng chữ “12,5”.",
            technical=str(error),
        ) from error
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, dict) for item in items):
        raise Refused("json_invalid", f"Tệp “{path.name}” phải chứa một đối tượng, hoặc một danh sách đối tượng.")
    return items


def _input(item: dict[str, Any], entered: dict[str, Any], own: str) -> RecordInput:
    """What every record has, out of a file. Raises Refused ``value_invalid``."""
    unit, note = item.get("unit") or own, item.get("note") or ""
    villages, areas = item.get("villages") or [], item.get("secondary_areas") or []
    good = (
        ("unit", isinstance(unit, str)),
        ("note", isinstance(note, str)),
        ("villages", isinstance(villages, list) and all(isinstance(key, str) for key in villages)),
        ("secondary_areas", isinstance(areas, list) and all(type(number) is int for number in areas)),
        ("evidence", not item.get("evidence")),  # files are added in the window, one by one
    )
    for key, fits in good:
        if not fits:
            raise Refused("value_invalid", f"“{key}” trong tệp không dùng được ở đây. Chưa thêm gì.", field=key)
    return RecordInput(
        unit=unit, values=entered, villages=tuple(villages), secondary_areas=tuple(areas), note=squeeze(note)
    )


def record_add(session: Session) -> int:
    """Add one record, or a list of them, all or none."""
    office = session.office()
    form = office.context.form(session.options.form)
    items = _read_records(Path(session.options.file))
    settings = office.settings.load()
    own = next((a.id for a in settings.agencies if a.id == settings.office.id), settings.agencies[0].id)
    saved = []
    with office.context.store.unit() as uow:
        for item in items:
            entered = office.records.typed(form, {key: value for key, value in item.items() if key not in COMMON})
            saved.append(
                office.records.save_in(
                    uow,
                    form.key,
                    _input(item, entered, own),
                    final=session.options.final,
                )
            )
    listed = [
        {
            "id": item.id,
            "state": item.state,
            "problems": [{"field": p.field, "severity": str(p.severity), "message": p.message} for p in item.problems],
        }
        for item in saved
    ]
    word = "chính thức" if session.options.final else "dự thảo"
    session.output.result(
        {**(listed[0] if len(listed) == 1 else {}), "records": listed},
        [f"Đã thêm {len(saved)} bản ghi {word} vào “{form.title}”."]
        + [f"  {item.id}" for item in saved]
        + [f"  Lưu ý: {p.message}" for item in saved for p in item.problems],
    )
    return 0


def record_list(session: Session) -> int:
    office = session.office()
    form = office.context.form(session.options.form)
    period = parse_period(session.options.period) if session.options.period else None
    query = ListQuery(
        search=session.options.search, first=period.first if period else None, last=period.last if period else None
    )
    total = office.records.count(form.key, query)
    rows = office.records.page(form.key, query, 0, 1000)
    session.output.result(
        {
            "form": form.key,
            "total": total,
            "shown": len(rows),
            "records": [
                {
                    "id": row.id,
                    "state": row.state,
                    "unit": row.unit,
                    "event_date": row.event_date.isoformat() if row.event_date else None,
                    "revision": row.revision,
                    "values": row.values,
                    "label": office.records.label(row),
                }
                for row in rows
            ],
        },
        [
            f"{vi.day(row.event_date) if row.event_date else '--/--/----'}  "
            f"{'chính thức' if row.state == 'final' else 'dự thảo   '}  {office.records.label(row)}"
            for row in rows
        ]
        + [f"Tổng số: {vi.number(total)}"],
    )
    return 0


def record_export(session: Session) -> int:
    """Write the open fields of a list into a workbook."""
    office = session.office()
    period = parse_period(session.options.period) if session.options.period else None
    query = ListQuery(first=period.first if period else None, last=period.last if period else None)
    path = Path(session.options.out)
    rows, _ = office.lists.export(session.options.form, query, path)
    session.output.result({"file": str(path), "rows": rows}, [f"Đã ghi {vi.number(rows)} dòng vào {path}"])
    return 0


def record_nil(session: Session) -> int:
    """Confirm "không phát sinh" for a form, an indicator, or (``all``) whatever is still undecided."""
    office = session.office()
    options = session.options
    asked = [options.scope]
    if options.scope == "all":
        asked = office.indicators.undecided(options.regime, options.period)
    office.indicators.confirm_nil(options.regime, options.period, *asked)
    catalogue = office.context.catalog
    titles = [(catalogue.forms.get(key) or catalogue.indicators[key]).title for key in asked]
    session.output.result(
        {"period": options.period, "nil": asked},
        [f"Đã xác nhận “{title}” không phát sinh trong kỳ." for title in titles]
        or ["Không còn biểu hay chỉ tiêu nào chờ xác nhận."],
    )
    return 0


_SEVERITIES = {"error": "Phải xử lý", "warning": "Cảnh báo", "note": "Lưu ý"}


def _cross_checks(session: Session) -> int:
    """What the cross-checks find in the numbers of a period."""
    options = session.options
    found = session.office().reports.checks.run(options.regime, options.period)
    session.output.result(
        {
            "regime": options.regime,
            "period": options.period,
            "checks": [
                {
                    "check": item.check,
                    "severity": item.severity,
                    "message": item.message,
                    "figure": item.figure,
                    "records": list(item.records),
                }
                for item in found
            ],
        },
        [f"{_SEVERITIES[item.severity]}: {item.message}" for item in found] or ["Không có điểm nào cần xem lại."],
    )
    return 0


def indicators(session: Session) -> int:
    if session.options.check:
        return _cross_checks(session)
    office = session.office()
    found = office.indicators.compute(session.options.regime, session.options.period)
    catalogue = office.context.catalog.indicators
    behind = office.indicators.records_behind_all(found) if session.output.as_json else {}
    session.output.result(
        {
            "regime": found.regime,
            "period": found.period,
            "window": {"from": found.window.first.isoformat(), "to": found.window.last.isoformat()},
            "indicators": figure_rows(office.context.catalog, found, behind),
        },
        [
            f"Số liệu từ {vi.day(found.window.first)} đến {vi.day(found.window.last)}",
            *(
                f"{catalogue[f.indicator].code:>5}  {f.title}: "
                f"{vi.number(f.value, f.scale) if f.value is not None else STATE_WORDS[f.state]} {f.unit}"
                for f in found.figures
                if f.split is None
            ),
        ],
    )
    return 0


STATE_WORDS = {"nil": "không phát sinh", "no_data": "chưa có số liệu", "undefined": "–", "value": ""}


def consolidate(session: Session) -> int:
    office = session.office()
    rows = office.consolidation.to_json(session.options.regime, session.options.period)
    titles = {"missing": "chưa gửi", "received": "đã nhận, chờ chấp nhận", "accepted": "đã chấp nhận",
              "returned": "đã trả lại", "recalled": "đã thu hồi"}  # fmt: skip
    session.output.result(
        {"regime": session.options.regime, "period": session.options.period, "offices": rows},
        [f"{row['name']}: {titles[row['state']]}{' (muộn)' if row['late'] else ''}" for row in rows]
        or ["Chưa có cơ quan cấp dưới nào."],
    )
    return 0
