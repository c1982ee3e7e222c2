"""Papers other than reports: made from what is recorded, edited, approved and frozen, numbered, printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..catalog.paper_model import PaperTemplate
from ..kernel import atomic, clock
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..render.check import require_printable
from ..render.docx_paper import render_docx
from ..render.pdf import render_pdf
from ..reporting.model import Issue, document_hash, to_json
from ..reporting.paper_edit import PaperPart, PaperProblem, edit_part, finished, parts_of, problems_of
from ..reporting.paper_model import PaperDocument, freeze_paper, paper_from_json, thaw_paper
from ..reporting.papers import compose
from ..reporting.plan_paper import compose_plan, plan_issue
from ..store.office_papers import OfficePaperRow
from ..store.reports import IssueRow
from ..store.store import UnitOfWork
from .clock_guard import require_clock
from .context import Context, unique
from .numbering import give_paper_number, next_paper_number
from .paper_inputs import BEHIND, PaperSource, PaperWish, with_plan
from .reports import slug

__all__ = ["BEHIND", "PaperLine", "PaperService", "PaperView", "PaperWish"]

PLAN_SOURCE = "plan"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in the list. ``number``: as printed ("05/TB-UBND"), empty while it has none."""

    id: str
    template: str
    kind: str  # title of the template
    title: str
    state: str  # draft | frozen
    number: str
    dated: str  # ISO, empty while it has no number
    changed_at: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as a screen shows it: frozen, or as its draft stands."""

    id: str
    template: str
    kind: str
    state: str
    version: int
    document: PaperDocument
    parts: tuple[PaperPart, ...]
    problems: tuple[PaperProblem, ...]
    sha256: str | None
    issue: Issue | None

    @property
    def fingerprint(self) -> None:
        """Only reports carry one: it ties their figures to the package."""
        return None

    @property
    def signed(self) -> None:
        """Papers are signed by hand."""
        return None


class PaperService:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._source = PaperSource(context)

    # -- templates ------------------------------------------------------------------------------

    def templates(self) -> tuple[PaperTemplate, ...]:
        """Every paper the catalogue knows."""
        return tuple(self._context.catalog.papers.values())

    def of_form(self, form_key: str) -> tuple[PaperTemplate, ...]:
        """The papers made from records of a form."""
        return tuple(item for item in self.templates() if item.form == form_key)

    def of_source(self, source: str) -> tuple[PaperTemplate, ...]:
        """The papers made from ``source`` (catalog.paper_model.SOURCES)."""
        return tuple(item for item in self.templates() if item.source == source)

    def template(self, key: str) -> PaperTemplate:
        """The template ``key``. Raises Refused ``unknown_paper``."""
        papers = self._context.catalog.papers
        if key not in papers:
            raise Refused("unknown_paper", f"Danh mục không có loại văn bản “{key}”. Các loại: {', '.join(papers)}.")
        return papers[key]

    # -- making ---------------------------------------------------------------------------------

    def make(self, wish: PaperWish) -> tuple[str, Changes]:
        """Draft a paper. Returns its id.

        Raises Refused ``unknown_paper``, ``no_right``, ``record_needed``, ``not_found``, ``wrong_form``,
        ``nothing_to_print``, ``nobody_late``, ``date_wrong``, ``unknown_regime``, UsageError ``bad_period``.
        """
        context = self._context
        context.require("report.write")
        template = self.template(wish.template)
        if template.personal:
            context.require("record")
        with context.store.unit() as uow:
            document = self._composed(uow, template, wish)
            now = clock.stamp(context.clock.now())
            uow.office_papers.add(
                OfficePaperRow(
                    id=document.id,
                    template=template.key,
                    title=document.title,
                    state="draft",
                    draft=to_json(document),
                    version=1,
                    created_at=now,
                    created_by=context.by,
                    changed_at=now,
                    changed_by=context.by,
                )
            )
            uow.audit.append("paper_drafted", document.id, {"template": template.key})
        return document.id, Changes.of("paper", ids=[document.id])

    def _composed(self, uow: UnitOfWork, template: PaperTemplate, wish: PaperWish) -> PaperDocument:
        if template.source != PLAN_SOURCE:
            return compose(self._source.inputs(uow, template, wish))
        plan = self._source.plan(uow, wish.plan)
        return compose_plan(self._source.inputs(uow, template, with_plan(wish, plan)), plan.body)

    def print_plan(self, plan_id: str = "") -> tuple[bytes, bytes]:
        """(PDF, DOCX) of a plan as kept, with the number and date it came with; nothing is stored.

        Raises Refused ``not_found``, ``ambiguous_id``, ``glyph_missing``.
        """
        (template,) = self.of_source(PLAN_SOURCE)[:1]
        with self._context.store.read() as uow:
            plan = self._source.plan(uow, plan_id)
            inputs = self._source.inputs(uow, template, PaperWish(template.key, plan=plan.id))
            document = finished(compose_plan(inputs, plan.body))
        came = plan_issue(plan.body)
        issue = Issue(came.number, came.date, came.mode, self._context.store.demo)
        return render_pdf(document, issue), render_docx(document, issue)

    # -- reading --------------------------------------------------------------------------------

    def resolve(self, prefix: str) -> str:
        """The whole id of a paper. Raises Refused ``not_found``, ``ambiguous_id``."""
        with self._context.store.read() as uow:
            return unique(prefix, uow.office_papers.find_prefix, "văn bản")

    def all(self) -> list[PaperLine]:
        """Every paper this account may look at, newest first."""
        with self._context.store.read() as uow:
            found = []
            for row in uow.office_papers.list():
                if self._may_look(row.template):
                    issue = uow.office_papers.issue_of(row.id)
                    number = f"{issue.number:02d}/{paper_from_json(row.draft).head.symbol}" if issue else ""
                    found.append(
                        PaperLine(
                            row.id, row.template, self._kind(row.template), row.title, row.state, number,
                            issue.date if issue else "", row.changed_at,
                        )
                    )  # fmt: skip
            return found

    def view(self, paper_id: str) -> PaperView:
        """A paper. Raises Refused ``not_found``, ``no_right``."""
        with self._context.store.read() as uow:
            row = self._row(uow, paper_id)
            frozen = uow.office_papers.frozen(row.id)
            document = thaw_paper(frozen.data) if frozen else paper_from_json(row.draft)
            number = uow.office_papers.issue_of(row.id)
        demo = self._context.store.demo
        issue = Issue(number.number, number.date, number.mode, demo) if number else Issue(demo=True) if demo else None
        return PaperView(
            id=row.id,
            template=row.template,
            kind=self._kind(row.template),
            state=row.state,
            version=row.version,
            document=document,
            parts=parts_of(document),
            problems=() if frozen else problems_of(document),
            sha256=frozen.sha256 if frozen else None,
            issue=issue,
        )

    def _kind(self, key: str) -> str:
        template = self._context.catalog.papers.get(key)
        return template.title if template else "Văn bản"

    def _may_look(self, template: str) -> bool:
        """Papers with personal data are for those who record, and those who number and send what was approved."""
        known = self._context.catalog.papers.get(template)
        free = known is not None and not known.personal
        return free or self._context.may("record") or self._context.may("report.number")

    def _row(self, uow: UnitOfWork, paper_id: str) -> OfficePaperRow:
        row = uow.office_papers.get(paper_id)
        if row is None:
            raise Refused("not_found", f"Không tìm thấy văn bản có mã “{paper_id}”.")
        if not self._may_look(row.template):
            self._context.require("record")
        return row

    # -- writing --------------------------------------------------------------------------------

    def edit(self, paper_id: str, texts: Mapping[str, str], *, expected_version: int | None = None) -> Changes:
        """Replace the texts of some parts (part key → text) in one step.

        Raises Refused ``unknown_section``, ``bad_text``, ``paper_changed``, ``paper_frozen``, ``not_found``.
        """
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = self._row(uow, paper_id)
            document = paper_from_json(row.draft)
            for key, text in texts.items():
                document = edit_part(document, key, text)
            version = row.version if expected_version is None else expected_version
            uow.office_papers.update(row.id, to_json(document), document.title, version, by=context.by)
        return Changes.of("paper", ids=[row.id])

    def discard(self, paper_id: str) -> Changes:
        """Take a draft away; the act is recorded. Raises Refused ``paper_frozen``, ``not_found``, ``no_right``."""
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = uow.office_papers.remove(self._row(uow, paper_id).id)
            uow.audit.append("paper_discarded", row.id, {"template": row.template})
        return Changes.of("paper", ids=[row.id])

    def approve(self, paper_id: str) -> tuple[str, Changes]:
        """Approve and freeze: from now on the bytes do not change. Returns (SHA-256, changes).

        Raises Refused ``paper_incomplete`` (details: problems), ``glyph_missing``, ``paper_frozen``, ``no_right``,
        ``clock_behind``.
        """
        context = self._context
        context.require("report.approve")
        with context.store.unit() as uow:
            require_clock(context, uow)
            row = self._row(uow, paper_id)
            document = finished(paper_from_json(row.draft))
            if found := problems_of(document):
                raise Refused(
                    "paper_incomplete",
                    f"Chưa phê duyệt được: còn {len(found)} việc phải xử lý ({found[0].message}). "
                    "Dự thảo vẫn nguyên; hãy bổ sung rồi phê duyệt lại.",
                    problems=[{"key": item.key, "message": item.message} for item in found],
                )
            require_printable(document)
            data = freeze_paper(document)
            sha256 = document_hash(data)
            uow.office_papers.freeze(row.id, data, sha256, by=context.by)
            uow.audit.append("paper_frozen", row.id, {"sha256": sha256})
        return sha256, Changes.of("paper", ids=[row.id])

    def number(self, paper_id: str, *, number: int | None = None, on: date | None = None) -> tuple[IssueRow, Changes]:
        """Give an approved paper its number and date, in the series it shares with the reports of the office.

        Raises Refused ``paper_not_frozen``, ``already_numbered``, ``number_taken``, ``number_gap``, ``date_wrong``,
        ``clock_behind``, ``no_right``.
        """
        context = self._context
        context.require("report.number")
        with context.store.unit() as uow:
            row = self._row(uow, paper_id)
            issue = give_paper_number(context, uow, row.id, number=number, on=on)
        return issue, Changes.of("paper", ids=[row.id])

    def next_number(self, paper_id: str) -> int:
        """The number an approved paper would get today. Raises Refused ``paper_not_frozen``, ``not_found``."""
        with self._context.store.read() as uow:
            return next_paper_number(self._context, uow, self._row(uow, paper_id).id)

    # -- printing -------------------------------------------------------------------------------

    def pdf(self, view: PaperView) -> bytes:
        """The PDF of a paper; of a draft as it would be printed. Raises Refused ``glyph_missing``."""
        return render_pdf(view.document, view.issue)

    def render(self, paper_id: str, folder: Path) -> list[Path]:
        """Write PDF and DOCX of an approved paper into ``folder``; the same bytes every time; the act is recorded.

        Raises Refused ``paper_not_frozen``, ``not_found``, ``no_right``, ``write_failed``.
        """
        view = self.view(paper_id)
        if view.sha256 is None:
            raise Refused(
                "paper_not_frozen", "Văn bản chưa được phê duyệt nên chưa xuất bản chính thức. Hãy phê duyệt trước."
            )
        atomic.make_folder(folder)
        stem = file_stem(view)
        written = []
        for suffix, data in ((".pdf", self.pdf(view)), (".docx", render_docx(view.document, view.issue))):
            path = folder / f"{stem}{suffix}"
            atomic.write_bytes(path, data)
            written.append(path)
        with self._context.store.unit() as uow:
            uow.audit.append("paper_rendered", view.id, {"template": view.template})
        return written


def file_stem(view: PaperView) -> str:
    """``thong-bao-ket-luan-doi-thoai-05-2026-06-04``: ASCII; without a number the day it was drafted."""
    issue = view.issue
    if issue is None or issue.number is None or issue.date is None:
        return f"{slug(view.kind)}-{view.document.made_on}-{view.id[-4:]}"
    return f"{slug(view.kind)}-{issue.number:02d}-{issue.date}"
