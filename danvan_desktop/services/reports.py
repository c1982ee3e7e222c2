"""The report: drafted from the figures, written, approved, frozen, numbered, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ..catalog.periods import Window, parse_period
from ..kernel import atomic, clock, ids
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import fold
from ..render import pdf as render_pdf
from ..render import xlsx as render_xlsx
from ..render.check import require_printable
from ..render.docx_paper import render_docx
from ..reporting import editing, freezing
from ..reporting.draft import make_draft
from ..reporting.draft_values import ReportDraft
from ..reporting.fingerprint import Fingerprint, fingerprint
from ..reporting.model import Figure, Issue, Paragraph, ReportDocument, document_hash, freeze, thaw
from ..reporting.office import Signer
from ..reporting.texts import Look
from ..store.reports import IssueRow, ReportRow
from ..store.store import UnitOfWork
from . import replacing, report_moments
from .charts import ChartService
from .checks import CheckService
from .clock_guard import require_clock
from .context import Context, unique
from .indicators import FigureSet, IndicatorService
from .numbering import give_number
from .report_inputs import ReportInputs

LIVE = ("draft", "submitted")


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a screen shows it. ``document`` is the frozen one, or what freezing now would give."""

    id: str
    regime: str
    period: str
    revision: int
    state: str  # draft | submitted | frozen
    version: int
    draft: ReportDraft | None
    document: ReportDocument
    sha256: str | None
    issue: Issue | None
    problems: tuple[editing.DraftProblem, ...]
    remarks: str = ""
    signed: bytes | None = field(default=None, repr=False)  # the PDF with the signatures made so far

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What ties its paper to its data; None of a draft."""
        return fingerprint(self.document, self.sha256) if self.sha256 else None


class ReportService:
    def __init__(self, context: Context, indicators: IndicatorService) -> None:
        self._context = context
        self._indicators = indicators
        self._inputs = ReportInputs(context, ChartService(context, indicators))
        self.checks = CheckService(context, indicators)

    # -- drafting -------------------------------------------------------------------------------

    def make(self, regime_key: str, period_key: str) -> tuple[str, Changes]:
        """Draft the report of a period; after freezing: its next revision.

        Raises Refused ``draft_exists`` (details: id) while a draft is being worked on.
        """
        context = self._context
        context.require("report.write")
        regime = context.regime(regime_key)
        period = parse_period(period_key)
        with context.store.unit() as uow:
            office = context.office(uow)
            if regime.reporter_profiles and office.profile not in regime.reporter_profiles:
                raise Refused(
                    "regime_not_ours",
                    f"“{regime.title}” không phải chế độ báo cáo của loại cơ quan này; hãy chọn chế độ khác.",
                )
            latest = self._latest(uow, regime_key, period.key)
            if latest is not None and latest.state in LIVE:
                raise Refused(
                    "draft_exists",
                    f"Kỳ này đang có dự thảo {latest.id}. Hãy sửa tiếp hoặc phê duyệt dự thảo đó trước.",
                    id=latest.id,
                )
            figures = self._indicators.compute_in(uow, regime_key, period.key)
            before = ReportDraft.from_json(latest.draft) if latest is not None else None
            draft = make_draft(
                self._inputs.of(
                    uow, figures, before.estimates if before else (), charts=before is not None and before.charts
                )
            )
            if before is not None:  # a replacing report starts from the words of the one it replaces
                draft = editing.redraft(draft, before)
            report_id = latest.id if latest else ids.new_id(context.clock)
            revision = latest.revision + 1 if latest else 1
            draft = replacing.named(uow, draft, report_id, revision)
            now = clock.stamp(context.clock.now())
            uow.reports.insert_draft(
                ReportRow(
                    id=report_id,
                    regime=regime.key,
                    period=period.key,
                    revision=revision,
                    state="draft",
                    draft=draft.to_json(),
                    version=1,
                    created_at=now,
                    created_by=context.by,
                    changed_at=now,
                    changed_by=context.by,
                )
            )
            self._save_sources(uow, report_id, revision, figures)
            uow.desk.note(report_id, revision, "made", draft.to_json())
            uow.audit.append("report_drafted", report_id, {"revision": revision})
        return report_id, Changes.of("report", ids=[report_id])

    def _latest(self, uow: UnitOfWork, regime: str, period: str) -> ReportRow | None:
        rows = [row for row in uow.reports.list() if row.regime == regime and row.period == period]
        return max(rows, key=lambda row: row.revision, default=None)

    def _save_sources(self, uow: UnitOfWork, report_id: str, revision: int, figures: FigureSet) -> None:
        counted = [
            f.key for f in figures.figures if f.value is not None and f.source in ("records", "declared", "mixed")
        ]
        behind = self._indicators.records_behind_in(uow, figures.regime, figures.period, *counted)
        for key, found in behind.items():
            uow.reports.save_figure_records(report_id, revision, key, found)

    # -- reading --------------------------------------------------------------------------------

    def all(self) -> list[ReportRow]:
        with self._context.store.read() as uow:
            return uow.reports.list()

    def resolve(self, report_id: str) -> str:
        """The full id of a prefix. Raises Refused ``not_found``, ``ambiguous_id``."""
        with self._context.store.read() as uow:
            return unique(report_id, uow.reports.find_prefix, "báo cáo")

    def view(self, report_id: str, revision: int | None = None) -> ReportView:
        with self._context.store.read() as uow:
            return self._view(uow, self.row(uow, report_id, revision))

    def row(self, uow: UnitOfWork, report_id: str, revision: int | None = None) -> ReportRow:
        """The stored row of a revision, the latest when none is named. Raises Refused ``not_found``."""
        row = uow.reports.get(unique(report_id, uow.reports.find_prefix, "báo cáo"), revision)
        if row is None:
            raise Refused("not_found", f"Báo cáo không có bản thứ {revision}.")
        return row

    def _view(self, uow: UnitOfWork, row: ReportRow) -> ReportView:
        issue = self.issue_of(uow, row)
        frozen = uow.reports.frozen(row.id, row.revision)
        if frozen is not None:
            document = thaw(frozen.data)
            papers = [item for item in uow.papers.of(row.id, row.revision) if item.kind != "scan"]
            signed = uow.papers.data(papers[-1])[0] if papers else None
            return ReportView(row.id, row.regime, row.period, row.revision, row.state, row.version, None,
                              document, frozen.sha256, issue, (), signed=signed)  # fmt: skip
        draft = ReportDraft.from_json(row.draft)
        document = self._document(uow, row, draft)
        return ReportView(row.id, row.regime, row.period, row.revision, row.state, row.version, draft,
                          document, None, issue, self._problems(uow, draft), row.remarks)  # fmt: skip

    def _problems(self, uow: UnitOfWork, draft: ReportDraft) -> tuple[editing.DraftProblem, ...]:
        """Everything to be settled, with what the cross-checks find; errors first."""
        found = [*editing.problems(draft), *(item.problem() for item in self.checks.of_draft(uow, draft))]
        order = {"error": 0, "warning": 1, "note": 2}
        return tuple(sorted(found, key=lambda item: order[item.severity]))

    def issue_of(self, uow: UnitOfWork, row: ReportRow) -> Issue | None:
        """The number and date that stand, as the paper shows them."""
        found = [item for item in uow.reports.issues(row.id) if item.revision == row.revision]
        demo = self._context.store.demo
        if not found:
            return Issue(demo=True) if demo else None
        return Issue(found[-1].number, found[-1].date, found[-1].mode, demo)

    def document(self, uow: UnitOfWork, row: ReportRow) -> ReportDocument:
        """The frozen document of a revision, or what freezing its draft now would give."""
        frozen = uow.reports.frozen(row.id, row.revision)
        return thaw(frozen.data) if frozen else self._document(uow, row, ReportDraft.from_json(row.draft))

    def _document(self, uow: UnitOfWork, row: ReportRow, draft: ReportDraft) -> ReportDocument:
        before = uow.reports.frozen(row.id, row.revision - 1) if row.revision > 1 else None
        rows = self._inputs.open_rows(
            uow, Window(date.fromisoformat(draft.window_from), date.fromisoformat(draft.window_to))
        )
        return freezing.to_document(
            draft, report_id=row.id, revision=row.revision, replaces=before.sha256 if before else None, rows=rows
        )

    # -- writing --------------------------------------------------------------------------------

    def edit(
        self,
        report_id: str,
        section: str,
        text: str,
        *,
        expected_version: int | None = None,
        base: tuple[Paragraph, ...] | None = None,
        looks: tuple[Look, ...] | None = None,
    ) -> Changes:
        """Replace the words of a section; numbers left untouched keep their sources.

        ``base``, ``looks``: see editing.edit_section. Raises Refused ``report_frozen``, ``unknown_section``,
        ``report_changed``, ``bad_text``.
        """
        return self.change(
            report_id,
            lambda draft: editing.edit_section(draft, section, text, base=base, looks=looks),
            expected_version=expected_version,
        )

    def explain(self, report_id: str, figure_key: str, reason: str) -> Changes:
        """Say why a figure is missing, or swings (DESIGN §8.4). Raises Refused ``unknown_figure``."""
        return self.change(report_id, lambda draft: editing.explain_figure(draft, figure_key, reason))

    def mark_reviewed(self, report_id: str, section: str) -> Changes:
        """A person has read the text carried over from the report before and lets it stand."""
        return self.change(report_id, lambda draft: editing.mark_reviewed(draft, section))

    def set_signer(self, report_id: str, signer: Signer) -> Changes:
        """Let another person sign."""
        return self.change(report_id, lambda draft: editing.set_signer(draft, signer))

    def change(
        self, report_id: str, alter: Callable[[ReportDraft], ReportDraft], *, expected_version: int | None = None
    ) -> Changes:
        """Apply ``alter`` (draft → draft) to a live draft."""
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = self._live(uow, report_id)
            report_moments.keep(uow, row, context.clock.now())
            draft = alter(ReportDraft.from_json(row.draft))
            uow.reports.update_draft(
                row.id,
                draft.to_json(),
                expected_version if expected_version is not None else row.version,
                by=context.by,
            )
        return Changes.of("report", ids=[row.id])

    def _live(self, uow: UnitOfWork, report_id: str) -> ReportRow:
        row = self.row(uow, report_id)
        if row.state not in LIVE:
            raise Refused(
                "report_frozen",
                "Báo cáo đã chốt nên không sửa được nữa. Nếu cần sửa nội dung, hãy lập bản thay thế cho kỳ này.",
            )
        return row

    def refresh(self, report_id: str) -> tuple[tuple[str, ...], Changes]:
        """Count again and draft anew, keeping what people wrote: (keys of figures that changed, changes)."""
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = self._live(uow, report_id)
            changed = self._recount(uow, row, ReportDraft.from_json(row.draft))
        return changed, Changes.of("report", ids=[row.id])

    def with_charts(self, report_id: str, wanted: bool) -> Changes:
        """Add the annex "Biểu đồ" to a draft, or take it away; counts again. Raises Refused ``report_frozen``."""
        self._context.require("report.write")
        with self._context.store.unit() as uow:
            row = self._live(uow, report_id)
            self._recount(uow, row, replace(ReportDraft.from_json(row.draft), charts=wanted))
        return Changes.of("report", ids=[row.id])

    def _recount(self, uow: UnitOfWork, row: ReportRow, old: ReportDraft) -> tuple[str, ...]:
        figures = self._indicators.compute_in(uow, row.regime, row.period)
        # the words of an earlier report were offered once, when this one was made
        inputs = replace(self._inputs.of(uow, figures, old.estimates, charts=old.charts), previous_manual={})
        draft = replacing.named(uow, editing.redraft(make_draft(inputs), old), row.id, row.revision)
        before = {item.key: item for item in old.figures}
        report_moments.keep(uow, row)
        uow.desk.note(row.id, row.revision, "refreshed", draft.to_json())
        uow.reports.update_draft(row.id, draft.to_json(), row.version, by=self._context.by)
        self._save_sources(uow, row.id, row.revision, figures)
        return tuple(item.key for item in draft.figures if before.get(item.key) != item)

    def estimate(self, report_id: str, figure_key: str, more: str) -> Changes:
        """Say how much more of a figure is expected until 31/12; "0" takes it back. Only in an annual report.

        Raises Refused ``not_estimated``, ``unknown_figure``, ``report_frozen``, ``no_right``.
        """
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = self._live(uow, report_id)
            draft = editing.estimate_figure(
                ReportDraft.from_json(row.draft), context.catalog.indicators, figure_key, more
            )
            self._recount(uow, row, draft)
        return Changes.of("report", ids=[row.id])

    def submit(self, report_id: str) -> Changes:
        """Hand the draft to the leader."""
        return self._set_state(report_id, "submitted", "report.write")

    def discard(self, report_id: str) -> Changes:
        """Take a draft away that should not have been made; what is frozen stays. The act is recorded.

        Raises Refused ``report_frozen``, ``not_found``, ``no_right``.
        """
        context = self._context
        context.require("report.write")
        with context.store.unit() as uow:
            row = uow.reports.remove_draft(self._live(uow, report_id).id)
            uow.audit.append("report_discarded", row.id, {"revision": row.revision, "period": row.period})
        return Changes.of("report", ids=[row.id])

    def send_back(self, report_id: str, remarks: str) -> Changes:
        """The leader returns the draft with remarks."""
        return self._set_state(report_id, "draft", "report.approve", remarks)

    def _set_state(self, report_id: str, state: str, act: str, remarks: str = "") -> Changes:
        context = self._context
        context.require(act)
        with context.store.unit() as uow:
            row = self._live(uow, report_id)
            uow.desk.note(row.id, row.revision, "submitted" if state == "submitted" else "returned", row.draft, remarks)
            uow.reports.set_state(row.id, row.revision, state, by=context.by, remarks=remarks)
            uow.audit.append(f"report_{state}", row.id, {"revision": row.revision})
        return Changes.of("report", ids=[row.id])

    def approve(self, report_id: str) -> tuple[str, Changes]:
        """Approve and freeze: from now on the bytes do not change. Returns (SHA-256, changes).

        Raises Refused ``report_incomplete`` (details: problems), ``glyph_missing``, ``report_frozen``, ``no_right``,
        ``figures_changed`` (details: figures), ``own_draft``, ``clock_behind``.
        """
        context = self._context
        context.require("report.approve")
        with context.store.unit() as uow:
            require_clock(context, uow)
            row = self._live(uow, report_id)
            report_moments.require_other(context, uow, row)
            draft = ReportDraft.from_json(row.draft)
            errors = [item for item in self._problems(uow, draft) if item.severity == "error"]
            if errors:
                raise Refused(
                    "report_incomplete",
                    f"Chưa phê duyệt được: còn {len(errors)} việc phải xử lý ({errors[0].message.rstrip('.')}). "
                    "Dự thảo vẫn nguyên; hãy bổ sung rồi phê duyệt lại.",
                    problems=[{"key": item.key, "message": item.message} for item in errors],
                )
            self._require_current(uow, row, draft)
            document = self._document(uow, row, draft)
            require_printable(document)
            data = freeze(document)
            sha256 = document_hash(data)
            uow.desk.note(row.id, row.revision, "approved", row.draft)
            uow.reports.freeze(row.id, row.revision, data, sha256, by=context.by)
            uow.audit.append("report_frozen", row.id, {"revision": row.revision, "sha256": sha256})
        return sha256, Changes.of("report", ids=[row.id])

    def _require_current(self, uow: UnitOfWork, row: ReportRow, draft: ReportDraft) -> None:
        """The numbers approved are those of the records that travel with them, as they stand now."""
        now = self._indicators.compute_in(uow, row.regime, row.period)
        counted = {item.key: item for item in self._inputs.of(uow, now, draft.estimates).figures}
        stale = [item for item in draft.figures if item.key in counted and _differs(item, counted[item.key])]
        if stale:
            raise Refused(
                "figures_changed",
                f"Số liệu đã thay đổi từ khi lập dự thảo ({len(stale)} chỉ tiêu; trước hết là “{stale[0].title}”). "
                "Chưa phê duyệt, dự thảo vẫn nguyên; hãy cập nhật số liệu của dự thảo, xem lại rồi phê duyệt.",
                figures=[item.key for item in stale],
            )

    # -- number, paper --------------------------------------------------------------------------

    def number(self, report_id: str, *, number: int | None = None, on: date | None = None) -> tuple[IssueRow, Changes]:
        """Give the frozen report its number and date (own series per office, year and type, NĐ 30/2020 Đ15).

        Raises Refused ``report_not_frozen``, ``already_numbered``, ``number_taken``, ``number_gap``, ``date_wrong``,
        ``clock_behind``.
        """
        context = self._context
        context.require("report.number")
        with context.store.unit() as uow:
            issue = give_number(context, uow, self.row(uow, report_id), number=number, on=on)
        return issue, Changes.of("report", ids=[report_id])

    def pdf(self, report_id: str, revision: int | None = None) -> bytes:
        """The PDF of the frozen report as signed in it, else as it will be printed; of a draft as it would be."""
        view = self.view(report_id, revision)
        return self.paper(view)

    def rendered(self, uow: UnitOfWork, row: ReportRow) -> render_pdf.Rendered:
        """The paper of a revision without signatures, and where they go."""
        frozen = uow.reports.frozen(row.id, row.revision)
        document = self.document(uow, row)
        seal = fingerprint(document, frozen.sha256) if frozen else None
        return render_pdf.render_document(document, self.issue_of(uow, row), seal=seal)

    def paper(self, view: ReportView) -> bytes:
        """The PDF of ``view``: with the signatures in it once there are any, else drawn from its values."""
        return view.signed or render_pdf.render_pdf(view.document, view.issue, view.fingerprint)

    def render(self, report_id: str, folder: Path) -> list[Path]:
        """Write PDF, DOCX and XLSX of a frozen report into ``folder``; the same bytes every time."""
        view = self.view(report_id)
        if view.sha256 is None:
            raise Refused(
                "report_not_frozen",
                "Báo cáo chưa được phê duyệt và chốt nên chưa xuất bản chính thức. Hãy phê duyệt trước.",
            )
        atomic.make_folder(folder)
        stem = self.file_stem(view)
        written = []
        for suffix, data in (
            (".pdf", self.paper(view)),
            (".docx", render_docx(view.document, view.issue)),
            (".xlsx", render_xlsx.render_xlsx(view.document)),
        ):
            path = folder / f"{stem}{suffix}"
            atomic.write_bytes(path, data)
            written.append(path)
        return written

    def file_stem(self, view: ReportView) -> str:
        """``bao-cao-ttpvhcc-2026-H1`` (``-b2`` for a second revision): ASCII, for any file system."""
        with self._context.store.read() as uow:
            short = self._context.office(uow).short_name
        stem = f"bao-cao-{slug(short)}-{view.period.replace('..', '_')}"
        return stem if view.revision == 1 else f"{stem}-b{view.revision}"


def _differs(drafted: Figure, counted: Figure) -> bool:
    return (drafted.value, drafted.state) != (counted.value, counted.state)


def slug(text: str) -> str:
    """ASCII letters, digits and single hyphens."""
    return "-".join("".join(ch if ch.isascii() and ch.isalnum() else " " for ch in fold(text)).split()) or "coquan"
