"""Commands about signed packages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from ..kernel import vi
from ..kernel.clock import SystemClock, parse_stamp
from ..kernel.errors import Refused, UsageError
from ..services.package_evidence import Pick
from ..services.packages import Outcome, remark_of
from ..services.verification import verify_with_card
from .session import Session


def export(session: Session) -> int:
    files, reasons = session.options.evidence, session.options.reason
    if len(files) != len(reasons):
        raise UsageError("usage", "Mỗi --evidence cần đúng một --reason đi cùng. Chưa lập gói.")
    picks = [Pick(file, reason) for file, reason in zip(files, reasons, strict=True)]
    path, row = session.office().packages.export(session.options.id, Path(session.options.out), picks)
    session.output.result(
        {"file": str(path), "id": row.id, "kind": row.kind, "sha256": row.sha256, "remark": remark_of(row) or None,
         "sealed": bool(row.info.get("sealed")), "evidence": list(row.info.get("evidence", ()))},
        [f"Đã ghi gói ký số {path}", f"SHA-256: {row.sha256}", *([remark_of(row)] if remark_of(row) else [])],
    )  # fmt: skip
    return 0


def evidence(session: Session) -> int:
    """The files that may go along with a report."""
    found = session.office().packages.evidence(session.options.id)
    session.output.result(
        {
            "files": [
                {"sha256": f.sha256, "name": f.name, "media_type": f.media_type, "size": f.size, "source": f.source,
                 "source_id": f.source_id, "title": f.title, "title_travels": f.open_title is not None} for f in found
            ]
        },
        [f"{f.sha256[:12]}  {f.name}  ({vi.number(-(-f.size // 1024))} kB)  {f.title}" for f in found]
        or ["Báo cáo này không có tệp minh chứng nào gửi kèm được."],
    )  # fmt: skip
    return 0


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_stamp(text if len(text) > 10 else f"{text}T12:00:00+07:00")
    except ValueError as error:
        raise UsageError("usage", f"“{text}” không phải thời điểm; viết dạng 2026-05-29T08:00:00+07:00.") from error


def _say(session: Session, outcomes: list[Outcome], many: bool) -> int:
    body = {"packages": [item.to_json() for item in outcomes]} if many else outcomes[0].to_json()
    session.output.result(
        body,
        [
            line
            for item in outcomes
            for line in (
                f"{item.file}: {item.message}" + (f" (mã lý do: {item.reason})" if item.reason else ""),
                *(f"  Minh chứng: {e['name']} – {e['reason']}" for e in item.details.get("evidence", ())),
                *([f"  Mã đối chiếu dữ liệu: {item.details['paper_code']}"] if item.details.get("paper_code") else []),
                *([f"  Giấy biên nhận: {item.reply}"] if item.reply else []),
            )
        ],
    )
    return 1 if any(item.verdict == "refused" for item in outcomes) else 0


def verify(session: Session) -> int:
    """Verify with a key card alone, or with the trust of a home."""
    path = Path(session.options.file)
    at = _moment(session.options.at)
    if session.options.trust:
        outcome = verify_with_card(path, Path(session.options.trust), at or SystemClock().now())
    else:
        outcome = session.office().packages.verify(path, at)
    return _say(session, [outcome], False)


def take(session: Session) -> int:
    path = Path(session.options.file)
    reply = Path(session.options.reply) if session.options.reply else None
    outcomes = session.office().packages.take_all(path, dry_run=session.options.dry_run, reply_to=reply)
    return _say(session, outcomes, path.is_dir())


def listing(session: Session) -> int:
    office = session.office()
    rows = [*office.packages.all("out"), *office.packages.all("in")]
    session.output.result(
        {
            "packages": [
                {"id": r.id, "direction": r.direction, "kind": r.kind, "office": r.office_id, "subject": r.subject_id,
                 "revision": r.revision, "sha256": r.sha256, "status": r.status, "at": r.at} for r in rows
            ]
        },
        [f"{r.id}  {'gửi' if r.direction == 'out' else 'nhận'}  {r.kind}  {r.status}" for r in rows]
        or ["Chưa có gói nào."],
    )  # fmt: skip
    return 0


def _answer(session: Session, row_id: str, what: str) -> int:
    out = session.options.out
    path = session.office().packages.export(row_id, Path(out))[0] if out else None
    session.output.result(
        {"id": row_id, "file": str(path) if path else None}, [what, *([f"Đã ghi {path}"] if path else [])]
    )
    return 0


_USUAL_REASONS = {
    "return": "Đề nghị đơn vị kiểm tra lại báo cáo và gửi bản thay thế.",
    "recall": "Thu hồi để kiểm tra lại nội dung, số liệu.",
    "undo": "Cơ quan nhận hủy việc nhận báo cáo này; số liệu của báo cáo không được tổng hợp.",
}


def _reason(session: Session, act: str) -> str:
    """The reason given, else the usual words: what travels always says why."""
    given: str | None = session.options.reason
    return _USUAL_REASONS[act] if given is None else given


def accept(session: Session) -> int:
    row, _ = session.office().packages.accept(session.options.id)
    return _answer(session, row.id, "Đã chấp nhận báo cáo.")


def undo(session: Session) -> int:
    """Undo the import of a package; the return slip is written when one had to be made."""
    packages, out = session.office().packages, session.options.out
    undone, slip, _ = packages.undo(session.options.id, _reason(session, "undo"))
    path = packages.export(slip.id, Path(out))[0] if slip and out else None
    lines = ["Đã hủy việc nhận gói; tệp đã nhận vẫn được giữ nguyên."]
    if slip:
        lines.append("Giấy biên nhận đã lập trước đó nên cần gửi phiếu trả lại cho nơi gửi.")
    session.output.result(
        {"id": undone.id, "kind": undone.kind, "answer": slip.id if slip else None,
         "file": str(path) if path else None},
        [*lines, *([f"Đã ghi {path}"] if path else [])],
    )  # fmt: skip
    return 0


def give_back(session: Session) -> int:
    due: date | None = None
    if session.options.due:
        try:
            due = vi.parse_day(session.options.due)
        except ValueError as error:
            raise Refused("date_wrong", f"“{session.options.due}” không phải ngày; viết dạng 05/06/2026.") from error
    row, _ = session.office().packages.return_(session.options.id, _reason(session, "return"), due_on=due)
    return _answer(session, row.id, "Đã trả lại báo cáo.")


def recall(session: Session) -> int:
    row, _ = session.office().packages.recall(session.options.id, _reason(session, "recall"))
    return _answer(session, row.id, "Đã thu hồi báo cáo.")
