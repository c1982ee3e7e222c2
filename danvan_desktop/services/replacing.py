"""A report made in place of an issued one names it: number, date and office (content errors, NĐ 30/2020 Điều 18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..kernel import vi
from ..reporting.draft_values import ReportDraft
from ..reporting.model import Paragraph, Run, thaw
from ..reporting.texts import skeleton
from ..store.store import UnitOfWork

KEY = "opening.replaces"


def named(uow: UnitOfWork, draft: ReportDraft, report_id: str, revision: int) -> ReportDraft:
    """``draft`` whose opening says which report it replaces; nothing where that one has no number.

    The sentence stands before the one that leads over to the report ("... như sau:"). In an opening that an officer
    has rewritten only that sentence itself is renewed.
    """
    frozen = uow.reports.frozen(report_id, revision - 1) if revision > 1 else None
    issues = [item for item in uow.reports.issues(report_id) if item.revision == revision - 1]
    if frozen is None or not issues:
        return draft
    old, issue = thaw(frozen.data), issues[-1]
    text = (
        f"Báo cáo này thay thế Báo cáo số {vi.count(issue.number)}/{old.head.symbol} "
        f"ngày {vi.day(date.fromisoformat(issue.date))} của {old.office_name}."
    )
    sentence = Paragraph(KEY, (Run(text),))
    touched = skeleton(draft.opening) != draft.opening_drafted
    if any(item.key == KEY for item in draft.opening):
        opening = tuple(sentence if item.key == KEY else item for item in draft.opening)
    else:
        leads = bool(draft.opening) and draft.opening[-1].text.rstrip().endswith(":")
        at = len(draft.opening) - 1 if leads else len(draft.opening)
        opening = draft.opening if touched else (*draft.opening[:at], sentence, *draft.opening[at:])
    return replace(draft, opening=opening, opening_drafted=draft.opening_drafted if touched else skeleton(opening))
