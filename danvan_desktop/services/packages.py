"""Signed packages in, and what a person decides about them: verified before anything is parsed,
taken in one transaction, answered with a signed receipt or return slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from ..exchange.keys import AgeIdentity
from ..exchange.package import EXTENSION, JSON_TYPE, Member, Party
from ..exchange.payloads import Recall, Receipt, Remark, Return, payload_bytes
from ..exchange.reasons import PackageRefused
from ..exchange.sealed import is_sealed, unseal
from ..exchange.trust import Chain, Link, SequenceView
from ..exchange.verify import VerifiedPackage, verify
from ..kernel import atomic, clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.reading import reason
from ..kernel.text import bad_character, squeeze
from ..reporting.model import ReportDocument, thaw
from ..store.exchange import PackageRow, ReceivedReport
from ..store.store import UnitOfWork
from .clock_guard import require_clock
from .context import Context, unique
from .outgoing import Outgoing, built, note_of, parent_of, remark_of, require_unbuilt
from .package_evidence import Candidate, EvidenceOffer, Pick, candidates, judge_file, may_pick
from .package_outcome import MAX_PACKAGE_BYTES, Outcome, read_package
from .package_undo import UNDONE, undo
from .reports import ReportService, slug
from .trust import trust_view

__all__ = ["MAX_PACKAGE_BYTES", "MAX_REASON", "Outcome", "PackageService", "read_package", "remark_of"]

MAX_REASON = 2000


class PackageService:
    def __init__(self, context: Context, reports: ReportService) -> None:
        self._context = context
        self._reports = reports
        self._out = Outgoing(context, reports)

    def export(self, any_id: str, folder: Path, picks: Sequence[Pick] = ()) -> tuple[Path, PackageRow]:
        """Write the package of a frozen report (built once), or a package already built, into ``folder``.

        ``picks``: the evidence that goes along; the package is then sealed for the receiver.
        Raises Refused ``report_not_frozen``, ``no_parent``, ``write_failed``, ``not_found``, ``package_built``.
        """
        self._context.require("package")
        with self._context.store.read() as uow:
            found = unique(
                any_id, lambda low: [*uow.packages.find_prefix(low), *uow.reports.find_prefix(low)], "gói hay báo cáo"
            )
            row = uow.packages.get(found)
        if row is None or picks:
            row = self._out.of_report(row.subject_id if row is not None else found, picks)
        return self._out.write(row, folder), row

    def evidence(self, report_id: str) -> tuple[Candidate, ...]:
        """The files that may go along with a report, newest first.

        Raises Refused ``not_found``, ``no_right``, ``package_built`` where its package is there already.
        """
        view = self._reports.view(report_id)
        with self._context.store.read() as uow:
            require_unbuilt(uow, view)
            return candidates(self._context, uow, view)

    def offered(self, report_id: str) -> EvidenceOffer:
        """:meth:`evidence` for the window: nothing where it may not be picked, has nowhere to go, or comes too late."""
        if not may_pick(self._context):
            return EvidenceOffer("")
        view = self._reports.view(report_id)
        with self._context.store.read() as uow:
            parent = parent_of(uow)
            if parent is None or built(uow, view) is not None:
                return EvidenceOffer("")
            return EvidenceOffer(parent.name, candidates(self._context, uow, view))

    # -- in -------------------------------------------------------------------------------------

    def verify(self, path: Path, at: datetime | None = None) -> Outcome:
        """Judge a package with this home's trust; nothing is stored."""
        with self._context.store.read() as uow:
            try:
                return Outcome.of(path, self._verify(uow, read_package(path), at))
            except PackageRefused as error:
                return Outcome.refused(path, error)

    def _verify(
        self, uow: UnitOfWork, data: bytes, at: datetime | None = None, *, kept: bool = False
    ) -> VerifiedPackage:
        """``kept``: the container of a package received before, which is stored as it came out of its seal."""
        sealed = kept or is_sealed(data)
        if is_sealed(data):
            data = unseal(data, AgeIdentity(str(uow.settings.get("age_identity", ""))))
        return verify(
            data,
            trust=trust_view(uow),
            at=at or self._context.clock.now(),
            receiver_id=self._context.office(uow).id,
            sequence=_sequence(uow),
            checks={"report": thaw},
            sealed=sealed,
            judge_file=judge_file,
        )

    def take(self, path: Path, *, dry_run: bool = False, reply_to: Path | None = None) -> Outcome:
        """Verify one package and take it in, in one transaction; answer a report with a signed receipt.

        A refused package changes not one table. The receipt is written to ``reply_to`` when given.
        """
        self._context.require("package")
        if dry_run:
            return self.verify(path)
        if reply_to is not None:
            atomic.make_folder(reply_to)  # refused before anything is taken in
        changes = Changes()
        try:
            data = read_package(path)
            with self._context.store.unit() as uow:
                require_clock(self._context, uow)  # the moment of receipt is what certificates are judged by
                found = self._verify(uow, data)
                if found.verdict != "already_received":
                    changes = self._store(uow, found) | Changes.of("package")
                answers = uow.packages.answers(found.info.id)
        except PackageRefused as error:
            return Outcome.refused(path, error)
        outcome = Outcome.of(path, found, None, changes)
        if not answers or reply_to is None:
            return outcome
        try:
            return replace(outcome, reply=self._out.write(answers[-1], reply_to))
        except Refused as error:  # the package is in; its answer is kept and can be written again
            return replace(
                outcome, message=f"{outcome.message} Gói đã được nhận nhưng chưa ghi được biên nhận: {error.message}"
            )

    def take_all(self, path: Path, *, dry_run: bool = False, reply_to: Path | None = None) -> list[Outcome]:
        """:meth:`take` for a file, or for every package of a folder, in the order of names."""
        if not path.is_dir():
            return [self.take(path, dry_run=dry_run, reply_to=reply_to)]
        try:
            files = sorted(item for item in path.iterdir() if _is_package(item))
        except OSError as error:
            raise Refused(
                "file_unreadable", f"Không mở được thư mục “{path}” ({reason(error)}). Chưa nhận gì."
            ) from error
        if not files:
            raise Refused("nothing_found", f"Thư mục “{path}” không có gói ({EXTENSION}) nào.")
        if reply_to is not None and not dry_run:
            atomic.make_folder(reply_to)
        return [self._take_one(item, dry_run, reply_to) for item in files]

    def _take_one(self, path: Path, dry_run: bool, reply_to: Path | None) -> Outcome:
        """:meth:`take`, where one file that cannot be read or taken keeps nobody from the next."""
        try:
            return self.take(path, dry_run=dry_run, reply_to=reply_to)
        except Refused as error:
            return Outcome(path.name, "refused", error.code, error.message, {})

    def _store(self, uow: UnitOfWork, found: VerifiedPackage) -> Changes:
        info = found.info
        taken = PackageRow(
            id=info.id,
            direction="in",
            kind=info.kind,
            sha256=found.sha256,
            office_id=found.signer.office_id,
            subject_id=info.subject or "",
            revision=info.revision or 0,
            verdict=found.verdict,
            reason=None,
            at=clock.stamp(found.received_at),
            data=found.data,
            status="received",
            info={
                **note_of(found.content),
                "sender": found.signer.name,
                "notes": list(found.notes),
                "document_sha256": found.document_sha256,
                "replaces": info.replaces,
                **({"sealed": True, "evidence": [item.sha256 for item in found.evidence]} if found.evidence else {}),
            },
        )
        uow.packages.insert(taken)
        uow.audit.append("package_received", info.id, {"sha256": found.sha256, "kind": info.kind})
        content = found.content
        if isinstance(content, ReportDocument):
            return self._take_report(uow, found, taken, content)
        if isinstance(content, Receipt):
            return self._take_answer(uow, taken, content.package_sha256, content.stage)
        if isinstance(content, Return):
            return self._take_answer(uow, taken, content.package_sha256, "returned")
        if isinstance(content, Recall):
            uow.received.set_state(content.subject, content.revision, "recalled")
            return Changes.of("received", ids=[content.subject])
        raise PackageRefused("kind_not_allowed", kind=info.kind)

    def _take_report(
        self, uow: UnitOfWork, found: VerifiedPackage, taken: PackageRow, document: ReportDocument
    ) -> Changes:
        links = uow.settings.get("office_units", {})
        current = found.verdict != "superseded"
        uow.received.put_report(
            ReceivedReport(
                package_id=taken.id,
                office_id=taken.office_id,
                unit=str(links.get(taken.office_id, "")) if isinstance(links, dict) else "",
                subject_id=document.id,
                regime=document.regime,
                period=document.period,
                revision=document.revision,
                package_sha256=taken.sha256,
                document=found.payload,
                state=_first_state(uow, taken, current),
                current=current,
                received_at=taken.at,
            )
        )
        self._receipt(uow, taken, "received")
        return Changes.of("received", ids=[document.id])

    def _receipt(self, uow: UnitOfWork, taken: PackageRow, stage: str) -> PackageRow:
        """The signed receipt of a taken report; ``received`` is automatic and names nobody."""
        receipt = Receipt(
            package_sha256=taken.sha256,
            package_id=taken.id,
            subject=taken.subject_id,
            revision=taken.revision,
            stage=stage,
            at=clock.stamp(self._context.clock.now()),
            by=self._context.store.account.label if stage == "accepted" else None,
        )
        word = "bien-nhan" if stage == "received" else "chap-nhan"
        return self._out.reply(uow, taken, "receipt", receipt, f"{word}-{_sender_slug(taken)}")

    def _take_answer(self, uow: UnitOfWork, taken: PackageRow, sha256: str, status: str) -> Changes:
        """Note on what we sent how the other side answered; a late "received" never undoes a decision."""
        sent = uow.packages.by_sha(sha256)
        if sent is None or sent.direction != "out" or sent.office_id != taken.office_id:
            raise PackageRefused("not_for_us", answers=sha256)
        if not (status == "received" and sent.status in ("accepted", "returned", "recalled")):
            uow.packages.update_status(sent.id, status)
        uow.packages.link(taken.id, sent.id)
        return Changes.of("report", ids=[sent.subject_id])

    # -- decisions of a person ------------------------------------------------------------------

    def accept(self, package_id: str) -> tuple[PackageRow, Changes]:
        """A named person accepts a received report; its figures count from now on. Returns the signed receipt."""
        self._context.require("package.accept")
        with self._context.store.unit() as uow:
            row, report = self._received(uow, package_id)
            if report.state == "accepted":  # said before: the same signed receipt again
                said = [item for item in uow.packages.answers(row.id) if item.info.get("stage") == "accepted"]
                if said:
                    return said[-1], Changes()
            uow.received.set_state(report.subject_id, report.revision, "accepted")
            receipt = self._receipt(uow, row, "accepted")
            uow.audit.append("report_accepted", row.id, {"sha256": row.sha256})
        return receipt, Changes.of("received", "package", ids=[row.id])

    def return_(
        self, package_id: str, reason: str, *, due_on: date | None = None, remarks: tuple[Remark, ...] = ()
    ) -> tuple[PackageRow, Changes]:
        """Send a received report back with remarks on its cells and sections; it stops counting."""
        context = self._context
        context.require("package.accept")
        said = _words(reason)
        with context.store.unit() as uow:
            row, report = self._received(uow, package_id)
            uow.received.set_state(report.subject_id, report.revision, "returned")
            slip = Return(
                package_sha256=row.sha256,
                subject=report.subject_id,
                revision=report.revision,
                remarks=(Remark("", said), *remarks),
                due_on=due_on.isoformat() if due_on else None,
                at=clock.stamp(context.clock.now()),
                by=context.store.account.label,
            )
            answer = self._out.reply(uow, row, "return", slip, f"tra-lai-{_sender_slug(row)}")
            uow.audit.append("report_returned", row.id, {"sha256": row.sha256})
        return answer, Changes.of("received", "package", ids=[row.id])

    def undo(self, package_id: str, reason: str) -> tuple[PackageRow, PackageRow | None, Changes]:
        """Undo an import (services.package_undo): (the package, the return slip if a receipt had gone out, changes)."""
        said = _words(reason)
        with self._context.store.read() as uow:
            row = uow.packages.get(unique(package_id, uow.packages.find_prefix, "gói"))
        assert row is not None
        slip, changes = undo(self._context, self._out, row.id, said, f"huy-nhan-{_sender_slug(row)}")
        return row, slip, changes

    def _received(self, uow: UnitOfWork, package_id: str) -> tuple[PackageRow, ReceivedReport]:
        row = uow.packages.get(unique(package_id, uow.packages.find_prefix, "gói"))
        if row is None or row.direction != "in" or row.kind != "report":
            raise Refused("not_a_report", "Gói này không phải báo cáo đã nhận.")
        report = uow.received.get(row.subject_id, row.revision)
        if row.status == UNDONE:
            raise Refused("package_undone", "Việc nhận gói này đã được hủy nên không xử lý nữa; hãy chờ bản mới.")
        if report is None or not report.current:
            raise Refused("not_current", "Báo cáo này đã có bản mới hơn thay thế; hãy xử lý bản mới nhất.")
        if report.state == "recalled":
            raise Refused("report_recalled", "Nơi gửi đã thu hồi báo cáo này nên không xử lý nữa; hãy chờ bản mới.")
        return row, report

    def recall(self, any_id: str, reason: str) -> tuple[PackageRow, Changes]:
        """Withdraw a report that was sent; the parent's copy stays readable but stops counting."""
        context = self._context
        context.require("package")
        reason_given = _words(reason)
        with context.store.unit() as uow:
            sent = self._sent_report(uow, any_id)
            if sent.status == "recalled":
                raise Refused("already_recalled", "Báo cáo này đã được thu hồi. Xuất lại giấy thu hồi ở danh sách gói.")
            recall = Recall(sent.subject_id, sent.revision, reason_given, context.store.account.label)
            row = self._out.build(
                uow,
                kind="recall",
                receiver=Party(sent.office_id, str(sent.info.get("receiver", ""))),
                subject=sent.subject_id,
                revision=sent.revision,
                members=[Member("recall.json", JSON_TYPE, payload_bytes(recall))],
                stem="thu-hoi",
                note=note_of(recall),
            )
            uow.packages.update_status(sent.id, "recalled")
            uow.packages.link(row.id, sent.id)
            uow.audit.append("report_recalled", sent.id, {"sha256": sent.sha256})
        return row, Changes.of("package", "report", ids=[sent.subject_id])

    def _sent_report(self, uow: UnitOfWork, any_id: str) -> PackageRow:
        """The newest package of the one report that ``any_id`` (of the package, or of the report) begins."""
        wanted = any_id.strip().lower()
        sent = uow.packages.heads("out", "report")

        def find(prefix: str) -> list[str]:
            by_package = {row.subject_id for row in sent if row.id.startswith(prefix)}
            return sorted(by_package | {row.subject_id for row in sent if row.subject_id.startswith(prefix)})

        subject = unique(wanted, find, "gói báo cáo đã xuất")
        of_report = [row for row in sent if row.subject_id == subject]
        named = [row for row in of_report if row.id.startswith(wanted)]
        return named[0] if len(named) == 1 else of_report[-1]

    def all(self, direction: str) -> list[PackageRow]:
        with self._context.store.read() as uow:
            return uow.packages.heads(direction)

    def content(self, package_id: str) -> VerifiedPackage:
        """A received package, verified again as at its receipt, for reading its documents."""
        with self._context.store.read() as uow:
            row = uow.packages.get(unique(package_id, uow.packages.find_prefix, "gói"))
            assert row is not None
            return self._verify(uow, row.data, kept=True)


def _is_package(path: Path) -> bool:
    """By its name, whatever case a stick gave it; names that begin with a dot are what systems leave behind."""
    return path.suffix.casefold() == EXTENSION and not path.name.startswith(".") and path.is_file()


def _sender_slug(taken: PackageRow) -> str:
    return slug(str(taken.info.get("sender", "")))[:40].strip("-")


def _first_state(uow: UnitOfWork, taken: PackageRow, current: bool) -> str:
    """Of a report that comes in: also one whose withdrawal came before it does not count."""
    named = (taken.office_id, taken.subject_id, taken.revision)
    withdrawn = {
        (row.office_id, row.subject_id, row.revision)
        for row in uow.packages.heads("in", "recall")
        if row.status != UNDONE
    }
    return "recalled" if named in withdrawn else "received" if current else "superseded"


def _words(text: str) -> str:
    """A reason as it travels. Raises Refused ``reason_missing``, ``bad_text``."""
    said = squeeze(text).strip()
    if not said:
        raise Refused("reason_missing", "Chưa nêu lý do. Chưa gửi gì; hãy viết lý do rồi làm lại.")
    if len(said) > MAX_REASON:
        raise Refused("bad_text", f"Lý do dài quá {vi.number(MAX_REASON)} chữ. Chưa gửi gì; hãy viết ngắn hơn.")
    if bad := bad_character(said, multiline=True):
        raise Refused("bad_text", f"Lý do có ký tự không dùng được ({bad}). Chưa gửi gì; hãy xóa ký tự đó rồi làm lại.")
    return said


def _sequence(uow: UnitOfWork) -> SequenceView:
    """What was received so far, as the verifier wants it."""
    incoming = uow.packages.heads("in")
    chains: dict[str, Chain] = {}
    for row in incoming:
        if row.kind == "report":
            link = Link(str(row.info["document_sha256"]), row.info.get("replaces"))
            before = chains.get(row.subject_id)
            revisions = {**(before.revisions if before else {}), row.revision: link}
            chains[row.subject_id] = Chain(row.office_id, revisions, max(revisions))
    return SequenceView(
        package_ids={row.id: row.sha256 for row in uow.packages.heads()},  # ours too: an id is never used twice
        received={row.sha256: clock.parse_stamp(row.at) for row in incoming},
        subjects=chains,
    )
