"""Commands about reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.reading import read_file
from ..kernel.text import nfc
from ..services.report_figures import figure_detail
from .session import Session

MAX_SECTION_FILE = 2**20
STATES = {"draft": "dự thảo", "submitted": "đã trình", "frozen": "đã chốt"}


def make(session: Session) -> int:
    office = session.office()
    report_id, _ = office.reports.make(session.options.regime, session.options.period)
    view = office.reports.view(report_id)
    session.output.result(
        {
            "id": view.id,
            "revision": view.revision,
            "state": view.state,
            "sections": [section.key for section in view.document.sections],
            "problems": [{"key": p.key, "severity": p.severity, "message": p.message} for p in view.problems],
        },
        [
            f"Đã lập dự thảo báo cáo, mã {view.id}",
            *(f"  {'Phải xử lý' if p.severity == 'error' else 'Lưu ý'}: {p.message}" for p in view.problems),
        ],
    )
    return 0


def listing(session: Session) -> int:
    rows = session.office().reports.all()
    session.output.result(
        {
            "reports": [
                {"id": r.id, "regime": r.regime, "period": r.period, "revision": r.revision, "state": r.state}
                for r in rows
            ]
        },
        [f"{r.id}  {r.period}  bản {r.revision}  {STATES.get(r.state, r.state)}" for r in rows]
        or ["Chưa có báo cáo nào."],
    )
    return 0


def show(session: Session) -> int:
    view = session.office().reports.view(session.options.id)
    code = view.fingerprint.code if view.fingerprint else None
    sections = [
        {
            "key": section.key,
            "mark": section.mark,
            "title": section.title,
            "level": section.level,
            "text": "\n".join(paragraph.text for paragraph in section.paragraphs),
        }
        for section in view.document.sections
    ]
    session.output.result(
        {
            "id": view.id,
            "regime": view.regime,
            "period": view.period,
            "revision": view.revision,
            "state": view.state,
            "sha256": view.sha256,
            "paper_code": code,
            "number": view.issue.number if view.issue else None,
            "date": view.issue.date if view.issue else None,
            "sections": sections,
            "problems": [{"key": p.key, "severity": p.severity, "message": p.message} for p in view.problems],
        },
        [
            *(f"{s['mark']} {s['title']}  [{s['key']}]\n{s['text']}" for s in sections),
            *([f"Mã đối chiếu dữ liệu: {code}"] if code else []),
        ],
    )
    return 0


def edit(session: Session) -> int:
    office = session.office()
    path = Path(session.options.file)
    try:
        data = read_file(path, MAX_SECTION_FILE)
        if data is None:
            raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn cho một mục. Chưa sửa gì.")
        text = nfc(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "file_unreadable", f"Không đọc được tệp “{path.name}” (cần là tệp chữ UTF-8). Chưa sửa gì."
        ) from error
    report_id = office.reports.resolve(session.options.id)
    office.reports.edit(report_id, session.options.section, text)
    view = office.reports.view(report_id)
    session.output.result(
        {
            "id": view.id,
            "section": session.options.section,
            "problems": [{"key": p.key, "severity": p.severity, "message": p.message} for p in view.problems],
        },
        ["Đã thay lời của mục."],
    )
    return 0


def explain(session: Session) -> int:
    """One line of reason for a figure that is missing or stands out; it travels with the report."""
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    office.reports.explain(report_id, session.options.figure, session.options.reason)
    session.output.result(
        {"id": report_id, "figure": session.options.figure, "reason": session.options.reason}, ["Đã ghi lý do."]
    )
    return 0


def estimate(session: Session) -> int:
    """How much more of a figure is expected until 31/12."""
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    office.reports.estimate(report_id, session.options.figure, session.options.more)
    view = office.reports.view(report_id)
    detail = figure_detail(office, report_id, view.revision, session.options.figure)
    session.output.result(
        {"id": report_id, "figure": detail.key, "printed": detail.value, "expected": detail.expected or "0"},
        [
            f"{detail.title}: {detail.value} {detail.unit}".rstrip()
            + (f" ({detail.footnote})" if detail.footnote else "")
        ],
    )
    return 0


def discard(session: Session) -> int:
    """Take a draft away; what is frozen stays."""
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    office.reports.discard(report_id)
    session.output.result({"id": report_id, "discarded": True}, [f"Đã bỏ dự thảo của báo cáo {report_id}"])
    return 0


def charts(session: Session) -> int:
    """The annex "Biểu đồ" of a draft: added, or taken away."""
    office, wanted = session.office(), not session.options.off
    report_id = office.reports.resolve(session.options.id)
    office.reports.with_charts(report_id, wanted)
    found = [chart for annex in office.reports.view(report_id).document.annexes for chart in annex.charts]
    words = f"Đã kèm phụ lục biểu đồ ({vi.number(len(found))} biểu đồ)." if wanted else "Đã thôi kèm phụ lục biểu đồ."
    session.output.result({"id": report_id, "charts": [chart.key for chart in found]}, [words])
    return 0


def refresh(session: Session) -> int:
    """Count again; what people wrote stays."""
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    changed, _ = office.reports.refresh(report_id)
    view = office.reports.view(report_id)
    titles = {figure.key: figure.title for figure in view.document.figures}
    session.output.result(
        {
            "id": view.id,
            "changed": list(changed),
            "problems": [{"key": p.key, "severity": p.severity, "message": p.message} for p in view.problems],
        },
        [f"Đã cập nhật số liệu; {vi.number(len(changed))} số thay đổi.", *(f"  {titles.get(k, k)}" for k in changed)],
    )
    return 0


def approve(session: Session) -> int:
    office = session.office()
    report_id = office.reports.resolve(session.options.id)
    sha256, _ = office.reports.approve(report_id)
    session.output.result(
        {"id": report_id, "state": "frozen", "sha256": sha256}, [f"Đã phê duyệt và chốt báo cáo.\nSHA-256: {sha256}"]
    )
    return 0


def number(session: Session) -> int:
    office = session.office()
    day = None
    if session.options.date:
        try:
            day = vi.parse_day(session.options.date)
        except ValueError as error:
            raise Refused("date_wrong", f"“{session.options.date}” không phải ngày; viết dạng 05/06/2026.") from error
    report_id = office.reports.resolve(session.options.id)
    give = office.signing.reserve if session.options.electronic else office.reports.number
    issue, _ = give(report_id, number=session.options.number, on=day)
    symbol = office.reports.view(report_id).document.head.symbol
    session.output.result(
        {"id": report_id, "number": issue.number, "symbol": symbol, "date": issue.date},
        [f"Số: {vi.count(issue.number)}/{symbol}, ngày {vi.day(date.fromisoformat(issue.date))}"],
    )
    return 0


def render(session: Session) -> int:
    office = session.office()
    written = office.reports.render(session.options.id, Path(session.options.out))
    session.output.result({"files": [str(path) for path in written]}, [f"Đã ghi {path}" for path in written])
    return 0
