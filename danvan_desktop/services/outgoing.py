"""Signed packages out: built once, kept, written as often as wanted with the same bytes (DESIGN §8.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..exchange.keys import AgeIdentity
from ..exchange.package import EXTENSION, JSON_TYPE, Member, PackageInfo, Party, build_package
from ..exchange.payloads import Payload, Recall, Receipt, Return, payload_bytes
from ..exchange.sealed import seal
from ..kernel import atomic, clock, ids
from ..kernel.canonical import canonical_bytes, sha256_hex
from ..kernel.errors import Refused
from ..render import xlsx as render_xlsx
from ..reporting.model import to_json
from ..store.exchange import PackageRow, TrustRow
from ..store.store import UnitOfWork
from .clock_guard import require_clock
from .context import Context
from .package_evidence import Packed, Pick, pack, reason_hash
from .reports import ReportService, ReportView
from .trust import own_key

PDF_TYPE = "application/pdf"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Outgoing:
    def __init__(self, context: Context, reports: ReportService) -> None:
        self._context = context
        self._reports = reports

    def write(self, row: PackageRow, folder: Path) -> Path:
        """Write a built package into ``folder`` and read it back from the device; one with evidence is sealed first.

        Raises Refused ``receiver_key_missing``, ``write_failed``.
        """
        data = row.data
        if row.info.get("sealed"):
            with self._context.store.read() as uow:
                data = seal(row.data, _readers(uow, row))
        atomic.make_folder(folder)
        path = folder / (str(row.info.get("file_name", "")) or f"{row.id}{EXTENSION}")
        atomic.write_bytes(path, data, verify=True)
        return path

    def of_report(self, report_id: str, picks: Sequence[Pick] = ()) -> PackageRow:
        """The package of a frozen report with the ``picks`` among its evidence, built now if it was not before.

        Raises Refused ``report_not_frozen``, ``signing_unfinished``, ``no_parent``, ``too_large``, ``package_built``
        (the one there is carries other files), and as services.package_evidence.pack.
        """
        view = self._reports.view(report_id)
        if view.sha256 is None:
            raise Refused(
                "report_not_frozen",
                "Báo cáo chưa được phê duyệt và chốt nên chưa xuất gói được. Hãy phê duyệt trước.",
            )
        if view.issue is not None and view.issue.mode == "electronic" and view.signed is None:
            raise Refused(
                "signing_unfinished",
                "Báo cáo đã giữ số để ký số nhưng chưa ai ký. Chưa lập gói; hãy ký số, hoặc thôi ký số rồi lấy số "
                "trên giấy.",
            )
        paper = self._reports.paper(view)
        with self._context.store.unit() as uow:
            head = built(uow, view)
            if head is not None:
                kept = uow.packages.get(head.id)
                assert kept is not None
                _require_same(kept, picks)
                return kept
            parent = parent_of(uow)
            if parent is None:
                raise Refused(
                    "no_parent",
                    "Chưa có thẻ khóa của cơ quan cấp trên nên chưa biết gửi cho ai. "
                    "Hãy nhập thẻ khóa của cấp trên ở mục Trao đổi rồi xuất lại.",
                )
            frozen = uow.reports.frozen(view.id, view.revision)
            assert frozen is not None
            packed = pack(self._context, uow, view, picks)
            members = [
                Member("report.json", JSON_TYPE, frozen.data),
                Member("issue.json", JSON_TYPE, canonical_bytes(to_json(view.issue) if view.issue else {})),
                Member("bao-cao.pdf", PDF_TYPE, paper),
                Member("so-lieu.xlsx", XLSX_TYPE, render_xlsx.render_xlsx(view.document)),
                *packed.members,
            ]
            row = self.build(
                uow,
                kind="report",
                receiver=Party(parent.office_id, parent.name),
                subject=view.id,
                revision=view.revision,
                replaces=view.document.replaces,
                members=members,
                stem=self._reports.file_stem(view),
                note={"numbered": view.issue is not None, **_sealed_note(packed)},
            )
            uow.audit.append("package_built", row.id, {"sha256": row.sha256, "report": view.id})
            for item in packed.items:
                said = {"file": item.sha256, item.source: item.source_id, "reason": reason_hash(item.reason)}
                uow.audit.append("evidence_packed", row.id, said)
            return row

    def build(
        self,
        uow: UnitOfWork,
        *,
        kind: str,
        receiver: Party,
        subject: str | None,
        revision: int | None,
        members: Sequence[Member],
        stem: str,
        replaces: str | None = None,
        note: Mapping[str, Any] | None = None,
    ) -> PackageRow:
        """Sign and keep a package of any kind; nothing is written to disk yet. ``note``: what lists show of it."""
        context = self._context
        require_clock(context, uow)
        office = context.office(uow)
        now = context.clock.now()
        package_id = ids.new_id(context.clock)
        info = PackageInfo(
            kind=kind,
            id=package_id,
            sender=Party(office.id, office.name),
            receiver=receiver,
            subject=subject,
            revision=revision,
            replaces=replaces,
            created_at=clock.stamp(now),
            catalog_version=context.catalog.version,
            catalog_hash=context.catalog.hash,
            audit_head=uow.audit.head(),
            demo=context.store.demo,
        )
        data = build_package(info, members, own_key(uow), now)
        row = PackageRow(
            id=package_id,
            direction="out",
            kind=kind,
            sha256=sha256_hex(data),
            office_id=receiver.id,
            subject_id=subject or "",
            revision=revision or 0,
            verdict="built",
            reason=None,
            at=clock.stamp(now),
            data=data,
            status="built",
            info={
                **(note or {}),
                "file_name": f"{stem}-{package_id[-6:]}{EXTENSION}",
                "receiver": receiver.name,
            },
        )
        uow.packages.insert(row)
        return row

    def reply(self, uow: UnitOfWork, taken: PackageRow, kind: str, payload: Payload, stem: str) -> PackageRow:
        """A small package back to the sender of ``taken``, linked to it."""
        data = payload_bytes(payload)
        row = self.build(
            uow,
            kind=kind,
            receiver=Party(taken.office_id, str(taken.info.get("sender", ""))),
            subject=taken.subject_id,
            revision=taken.revision,
            members=[Member(f"{kind}.json", JSON_TYPE, data)],
            stem=stem,
            note=note_of(payload),
        )
        uow.packages.link(row.id, taken.id)
        return row


def _sealed_note(packed: Packed) -> dict[str, Any]:
    """What lists show of a package with evidence; nothing is noted of one without."""
    return {"sealed": True, "evidence": [item.sha256 for item in packed.items]} if packed.items else {}


def parent_of(uow: UnitOfWork) -> TrustRow | None:
    """The superior whose key is believed, to whom reports go."""
    return next((row for row in uow.trust.list() if row.relation == "parent" and row.status == "trusted"), None)


def built(uow: UnitOfWork, view: ReportView) -> PackageRow | None:
    """The package of this revision that was built before, without its bytes."""
    heads = uow.packages.heads("out", "report")
    return next((row for row in heads if (row.subject_id, row.revision) == (view.id, view.revision)), None)


def require_unbuilt(uow: UnitOfWork, view: ReportView) -> None:
    """Raises Refused ``package_built`` when the package of this revision is there: nothing can be added to it."""
    head = built(uow, view)
    if head is not None:
        raise _no_more(head)


def _no_more(kept: PackageRow) -> Refused:
    return Refused(
        "package_built",
        "Gói của báo cáo này đã được lập nên không kèm thêm minh chứng được nữa; gói đã lập vẫn nguyên. "
        "Muốn gửi thêm, hãy lập bản thay thế của báo cáo rồi xuất gói mới.",
        id=kept.id,
    )


def _require_same(kept: PackageRow, picks: Sequence[Pick]) -> None:
    """A package is built once: asking for its own files again is fine, for others it is not."""
    inside = [str(item) for item in kept.info.get("evidence", ())]
    named = {item for pick in picks for item in inside if pick.sha256.strip() and item.startswith(pick.sha256.lower())}
    if picks and (len(named) != len(inside) or len(picks) != len(inside)):
        raise _no_more(kept)


def _readers(uow: UnitOfWork, row: PackageRow) -> list[str]:
    """The age keys that open a sealed package: the receiver's present one, and our own for recovery."""
    receiver = uow.trust.get(row.office_id)
    if receiver is None or receiver.status != "trusted":
        raise Refused(
            "receiver_key_missing",
            f"Không còn khóa đang tin cậy của “{row.info.get('receiver', '')}” nên chưa mã hóa và chưa ghi gói được; "
            "gói đã lập vẫn nguyên. Hãy nhập thẻ khóa mới của nơi nhận rồi xuất lại.",
        )
    return [receiver.age_recipient, AgeIdentity(str(uow.settings.get("age_identity", ""))).recipient]


def remark_of(row: PackageRow) -> str:
    """What the sender should know of a package just written; "" when there is nothing."""
    said = []
    if row.info.get("sealed"):
        said.append(
            f"Gói kèm {len(row.info['evidence'])} tệp minh chứng nên được mã hóa: chỉ “{row.info.get('receiver', '')}” "
            "và cơ quan ta mở được."
        )
    if row.kind == "report" and row.info.get("numbered") is False:
        said.append(
            "Gói được lập khi báo cáo chưa lấy số nên bản PDF trong gói để trống số, ngày; "
            "gói đã lập thì không thay đổi nữa."
        )
    return " ".join(said)


def note_of(content: object) -> dict[str, Any]:
    """What lists show of a receipt, a return slip or a recall without opening the package again."""
    if isinstance(content, Receipt):
        return {"stage": content.stage, "by": content.by, "said": content.remarks}
    if isinstance(content, Return):
        remarks = [[remark.key, remark.text] for remark in content.remarks]
        return {"remarks": remarks, "due_on": content.due_on, "by": content.by}
    if isinstance(content, Recall):
        return {"said": content.reason, "by": content.by}
    return {}
