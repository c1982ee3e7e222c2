"""Commands about papers other than reports: the plan printed back, letters, notices, minutes, submissions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..kernel import atomic, vi
from ..kernel.errors import Refused, UsageError
from ..kernel.reading import read_file
from ..kernel.text import nfc
from ..services.papers import PaperView, PaperWish
from .named import day
from .session import Session

MAX_TEXT_FILE = 2**20
STATES = {"draft": "dự thảo", "frozen": "đã phê duyệt"}


def kinds(session: Session) -> int:
    """Every kind of paper the catalogue knows, and what it is made from."""
    found = session.office().papers.templates()
    session.output.result(
        {"kinds": [{"key": p.key, "title": p.title, "source": p.source, "form": p.form} for p in found]},
        [f"{p.key}  {p.title}" for p in found],
    )
    return 0


def make(session: Session) -> int:
    options, office = session.options, session.office()
    source = office.papers.template(options.kind).source
    if source == "late_reports" and not (options.regime and options.period):
        raise UsageError("usage", "Công văn đôn đốc báo cáo cần --regime và --period.")
    if source == "issued" and not options.report:
        raise UsageError("usage", "Công văn đính chính cần --report: báo cáo đã ban hành.")
    if source == "records" and not (options.record or options.period):
        raise UsageError("usage", "Văn bản lập từ danh sách cần --record (lặp lại được) hoặc --period.")
    paper_id, _ = office.papers.make(
        PaperWish(
            template=options.kind,
            records=tuple(options.record),
            regime=options.regime,
            period=options.period,
            plan=options.plan,
            until=day(options.until) if options.until else None,
            report=options.report,
        )
    )
    view = office.papers.view(paper_id)
    session.output.result(
        _told(view),
        [
            f"Đã lập {view.kind}, mã {view.id}",
            *(f"  Phải xử lý: {item.message}" for item in view.problems),
        ],
    )
    return 0


def listing(session: Session) -> int:
    lines = session.office().papers.all()
    session.output.result(
        {
            "papers": [
                {"id": p.id, "kind": p.template, "title": p.title, "state": p.state, "number": p.number or None,
                 "date": p.dated or None}
                for p in lines
            ]
        },
        [f"{p.id}  {p.kind}  {p.number or STATES[p.state]}  {p.title}" for p in lines] or ["Chưa có văn bản nào."],
    )  # fmt: skip
    return 0


def show(session: Session) -> int:
    office = session.office()
    view = office.papers.view(office.papers.resolve(session.options.id))
    session.output.result(_told(view), [f"{part.title}  [{part.key}]\n{part.text}" for part in view.parts])
    return 0


def edit(session: Session) -> int:
    options, office = session.options, session.office()
    path = Path(options.file)
    try:
        data = read_file(path, MAX_TEXT_FILE)
        if data is None:
            raise Refused("file_too_large", f"Tệp “{path.name}” quá lớn cho một phần. Chưa sửa gì.")
        text = nfc(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "file_unreadable", f"Không đọc được tệp “{path.name}” (cần là tệp chữ UTF-8). Chưa sửa gì."
        ) from error
    paper_id = office.papers.resolve(options.id)
    office.papers.edit(paper_id, {options.section: text.rstrip("\n")})
    session.output.result(_told(office.papers.view(paper_id)), ["Đã thay lời của phần này."])
    return 0


def approve(session: Session) -> int:
    office = session.office()
    paper_id = office.papers.resolve(session.options.id)
    sha256, _ = office.papers.approve(paper_id)
    session.output.result(
        {"id": paper_id, "state": "frozen", "sha256": sha256}, [f"Đã phê duyệt văn bản.\nSHA-256: {sha256}"]
    )
    return 0


def number(session: Session) -> int:
    options, office = session.options, session.office()
    paper_id = office.papers.resolve(options.id)
    on = day(options.date) if options.date else None
    issue, _ = office.papers.number(paper_id, number=options.number, on=on)
    symbol = office.papers.view(paper_id).document.head.symbol
    session.output.result(
        {"id": paper_id, "number": issue.number, "symbol": symbol, "date": issue.date},
        [f"Số: {vi.count(issue.number)}/{symbol}, ngày {vi.day(date.fromisoformat(issue.date))}"],
    )
    return 0


def discard(session: Session) -> int:
    office = session.office()
    paper_id = office.papers.resolve(session.options.id)
    office.papers.discard(paper_id)
    session.output.result({"id": paper_id, "discarded": True}, [f"Đã bỏ dự thảo văn bản {paper_id}"])
    return 0


def render(session: Session) -> int:
    office = session.office()
    written = office.papers.render(office.papers.resolve(session.options.id), Path(session.options.out))
    session.output.result({"files": [str(path) for path in written]}, [f"Đã ghi {path}" for path in written])
    return 0


def print_plan(session: Session) -> int:
    """The plan as kept, in the layout of the decree."""
    options = session.options
    pdf, word = session.office().papers.print_plan(options.plan)
    out = Path(options.out)
    written = [out]
    atomic.write_bytes(out, pdf)
    if options.docx:
        written.append(out.with_suffix(".docx"))
        atomic.write_bytes(written[-1], word)
    session.output.result({"files": [str(path) for path in written]}, [f"Đã ghi {path}" for path in written])
    return 0


def _told(view: PaperView) -> dict[str, object]:
    return {
        "id": view.id,
        "kind": view.template,
        "state": view.state,
        "sha256": view.sha256,
        "number": view.issue.number if view.issue else None,
        "date": view.issue.date if view.issue else None,
        "parts": [{"key": part.key, "title": part.title, "text": part.text} for part in view.parts],
        "problems": [{"key": item.key, "message": item.message} for item in view.problems],
    }
