"""Taking back what a package brought in (DESIGN §8.11): by compensation, never by forgetting.

The received bytes stay, the audit says who undid it, and what stood before counts again. A frozen report that was
written with the figures of the package holds it where it is.
"""

from __future__ import annotations

from ..catalog.periods import parse_period
from ..exchange.payloads import Remark, Return
from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.model import thaw
from ..store.exchange import PackageRow, ReceivedReport
from ..store.store import UnitOfWork
from .context import Context, unique
from .outgoing import Outgoing

UNDONE = "undone"
_FROM_REPORTS = ("report", "mixed")  # sources of a figure that others' reports went into


def undo(context: Context, out: Outgoing, package_id: str, reason: str, stem: str) -> tuple[PackageRow | None, Changes]:
    """Undo the import of a package: (the signed return slip, when a receipt has gone out for it; what changed).

    A report stops counting and the one before it is current again, as it was decided then; a receipt, a return slip or
    a withdrawal is as if it had not come. Raises Refused ``not_received``, ``already_undone``, ``report_depends``.
    """
    with context.store.unit() as uow:
        row = uow.packages.get(unique(package_id, uow.packages.find_prefix, "gói"))
        if row is None or row.direction != "in":
            raise Refused("not_received", "Gói này do cơ quan mình lập, không phải gói đã nhận; chưa hủy gì.")
        if row.status == UNDONE:
            raise Refused("already_undone", "Việc nhận gói này đã được hủy trước đó.")
        context.require("package.accept" if row.kind == "report" else "package")
        slip: PackageRow | None = None
        report = uow.received.by_package(row.id)
        if report is not None:
            _require_free(uow, row, report)
            if any(answer.kind == "receipt" for answer in uow.packages.answers(row.id)):
                slip = _slip(context, out, uow, row, reason, stem)
        uow.packages.update_status(row.id, UNDONE)
        if report is not None:
            _take_back(uow, report)
        elif row.kind == "recall":
            uow.received.set_state(row.subject_id, row.revision, _state_again(uow, row))
        else:
            _answer_again(uow, row)
        uow.audit.append("package_undone", row.id, {"sha256": row.sha256, "kind": row.kind})
    return slip, Changes.of("received", "package", "report", ids=[row.id, row.subject_id])


def _slip(
    context: Context, out: Outgoing, uow: UnitOfWork, row: PackageRow, reason: str, stem: str
) -> PackageRow:  # fmt: skip
    slip = Return(
        package_sha256=row.sha256,
        subject=row.subject_id,
        revision=row.revision,
        remarks=(Remark("", reason),),
        due_on=None,
        at=clock.stamp(context.clock.now()),
        by=context.store.account.label,
    )
    return out.reply(uow, row, "return", slip, stem)


def _require_free(uow: UnitOfWork, row: PackageRow, report: ReceivedReport) -> None:
    """Raises Refused ``report_depends`` when a frozen report of ours was written while this one counted."""
    for own in uow.reports.list():
        frozen = uow.reports.frozen(own.id, own.revision) if own.state == "frozen" else None
        if frozen is None or own.period != report.period or not report.unit:
            continue
        if _decided(uow, row.id, until=frozen.at) != "accepted":
            continue
        document = thaw(frozen.data)
        if any(figure.source in _FROM_REPORTS for figure in document.figures):
            number = f", bản {own.revision}" if own.revision > 1 else ""
            raise Refused(
                "report_depends",
                f"Báo cáo {parse_period(own.period).title}{number} đã chốt (mã {own.id}) lấy số liệu từ gói này nên "
                "chưa hủy được. Chưa thay đổi gì; nếu số liệu sai, hãy trả lại báo cáo này rồi lập bản thay thế.",
                report=own.id,
                revision=own.revision,
            )


def _decided(uow: UnitOfWork, package_id: str, until: str = "9") -> str:
    """How a received report was last answered (up to a stamp): received, accepted or returned."""
    state = "received"
    for answer in uow.packages.answers(package_id):
        if answer.at > until:
            break
        if answer.kind == "return":
            state = "returned"
        elif answer.info.get("stage") == "accepted":
            state = "accepted"
    return state


def _take_back(uow: UnitOfWork, report: ReceivedReport) -> None:
    uow.received.set_state_of(report.package_id, UNDONE)
    uow.received.set_current(report.package_id, False)
    if not report.current:
        return
    heads = {row.id: row for row in uow.packages.heads("in", "report")}
    before = [
        item
        for item in uow.received.list(report.regime, report.period)
        if item.office_id == report.office_id and item.state != UNDONE and heads[item.package_id].verdict == "verified"
    ]
    if before:
        last = max(before, key=lambda item: (item.received_at, item.revision))
        uow.received.set_state_of(last.package_id, _state_of(uow, heads[last.package_id]))
        uow.received.set_current(last.package_id, True)


def _state_of(uow: UnitOfWork, row: PackageRow) -> str:
    """The state of a current received report, out of its answers and withdrawals that still hold."""
    named = (row.office_id, row.subject_id, row.revision)
    for recall in uow.packages.heads("in", "recall"):
        if recall.status != UNDONE and (recall.office_id, recall.subject_id, recall.revision) == named:
            return "recalled"
    return _decided(uow, row.id)


def _state_again(uow: UnitOfWork, recall: PackageRow) -> str:
    """The state of the report that an undone withdrawal was about."""
    report = uow.received.get(recall.subject_id, recall.revision)
    row = uow.packages.get(report.package_id) if report is not None else None
    if report is None or row is None:
        return "received"
    if row.status == UNDONE:
        return UNDONE
    return _state_of(uow, row) if report.current else "superseded"


def _answer_again(uow: UnitOfWork, answer: PackageRow) -> None:
    """The state of what we sent, without an answer that was undone."""
    for sent in uow.packages.answered_by(answer.id):
        state = "built"
        for item in uow.packages.answers(sent.id):
            if item.status == UNDONE:
                continue
            if item.kind == "recall":
                state = "recalled"
            elif state != "recalled" and item.kind == "return":
                state = "returned"
            elif state != "recalled" and item.kind == "receipt":
                stage = str(item.info.get("stage"))
                state = stage if stage == "accepted" or state == "built" else state
        uow.packages.update_status(sent.id, state)
