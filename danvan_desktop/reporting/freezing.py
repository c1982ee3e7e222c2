"""From a draft to the document that is frozen (docs/decisions/0007-frozen-report.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..kernel.errors import Refused
from ..kernel.text import bad_character, nfc, squeeze
from .draft_values import ReportDraft, kept, parents_of
from .figures import NIL
from .model import Annex, Figure, Paragraph, ReportDocument, Run, TableRow

END_MARK = "./."


def to_document(
    draft: ReportDraft,
    *,
    report_id: str,
    revision: int,
    replaces: str | None = None,
    rows: Mapping[str, Any] | None = None,
) -> ReportDocument:
    """The document a draft stands for now: texts NFC with single blanks, empty paragraphs and optional empty sections
    left out and numbered anew, the end mark "./." set. It may still have problems (editing.problems).

    ``replaces``: SHA-256 of the frozen revision before; ``rows``: form key → open rows that travel.
    Raises Refused ``bad_text`` naming a character that must not be printed.
    """
    sections = [replace(item, paragraphs=_clean(item.paragraphs)) for item in draft.sections]
    parents = parents_of([(item.key, item.level) for item in sections])
    final = [item.frozen() for item in kept(sections, parents, final=True)]
    figures = {item.key: item for item in draft.figures}
    closing = _clean(draft.closing)
    if closing:
        closing = (*closing[:-1], _ended(closing[-1]))
    elif final and final[-1].paragraphs:
        last = final[-1]
        final[-1] = replace(last, paragraphs=(*last.paragraphs[:-1], _ended(last.paragraphs[-1])))
    return ReportDocument(
        id=report_id,
        revision=revision,
        regime=draft.regime,
        period=draft.period,
        window_from=draft.window_from,
        window_to=draft.window_to,
        office_id=draft.office_id,
        office_name=_line(draft.office_name),
        head=replace(
            draft.head,
            superior_lines=_lines(draft.head.superior_lines),
            issuer_lines=_lines(draft.head.issuer_lines),
            place=_line(draft.head.place),
            abstract=squeeze(draft.head.abstract),
            addressees=_lines(draft.head.addressees),
        ),
        bases=_lines(draft.bases),
        opening=_clean(draft.opening),
        sections=tuple(replace(item, title=_line(item.title), prompt=squeeze(item.prompt)) for item in final),
        closing=closing,
        annexes=tuple(_annex(_shortened(item, figures)) for item in draft.annexes),
        signature=replace(
            draft.signature,
            authority_lines=_lines(draft.signature.authority_lines),
            name=_line(draft.signature.name),
        ),
        recipients=_lines(draft.recipients),
        figures=draft.figures,
        catalog_version=draft.catalog_version,
        catalog_hash=draft.catalog_hash,
        due_on=draft.due_on,
        replaces=replaces,
        rows=dict(rows or {}),
    )


def _checked(text: str) -> str:
    if bad := bad_character(text, multiline=True):
        raise Refused(
            "bad_text",
            f"Báo cáo có ký tự không in được ({bad}) tại “{text[:40]}”; hãy xóa ký tự đó. Dự thảo vẫn như trước.",
        )
    return text


def _line(text: str) -> str:
    return _checked(squeeze(text).replace("\n", " "))


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for text in texts if (line := _line(text)))


def _annex(annex: Annex) -> Annex:
    return replace(
        annex,
        title=_line(annex.title),
        columns=tuple(replace(item, title=_line(item.title)) for item in annex.columns),
        rows=tuple(replace(row, cells=tuple(_checked(squeeze(cell)) for cell in row.cells)) for row in annex.rows),
        note=_line(annex.note),
    )


def _shortened(annex: Annex, figures: Mapping[str, Figure]) -> Annex:
    """A figure table in which an area where nothing happened, then and now, takes one line; numbered anew.

    The figures themselves all stay in the document; only paper is spared.
    """
    keys = [column.key for column in annex.columns]
    if "value" not in keys:
        return annex
    groups: list[list[TableRow]] = []
    for row in annex.rows:
        if row.kind == "group" or not groups:
            groups.append([])
        groups[-1].append(row)
    rows: list[TableRow] = []
    number = 0
    for head, *body in groups:
        found = [figures.get(row.key) for row in body]
        if head.kind == "group" and body and all(item is not None and _idle(item) for item in found):
            rows.append(replace(head, cells=(f"{head.cells[0]}: {NIL}", *head.cells[1:])))
            continue
        for row in (head, *body):
            cells = row.cells
            if row.kind != "group" and "no" in keys and (at := keys.index("no")) < len(cells) and cells[at]:
                number += 1
                cells = (*cells[:at], str(number), *cells[at + 1 :])
            rows.append(replace(row, cells=cells))
    return replace(annex, rows=tuple(rows))


def _idle(figure: Figure) -> bool:
    now = figure.state in ("nil", "undefined") or (figure.state == "value" and figure.value == 0)
    return now and not figure.previous and figure.target is None


def _clean(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Paragraphs with single blanks, none at their ends; those without text are left out."""
    result = []
    for item in paragraphs:
        runs = _squeezed(item.runs)
        if runs:
            result.append(replace(item, runs=runs))
    return tuple(result)


def _squeezed(runs: Iterable[Run]) -> tuple[Run, ...]:
    kept_runs: list[Run] = []
    blank = True  # whether the text so far ends in a blank (or is empty)
    for run in runs:
        text = _checked(nfc(run.text))
        if run.figure is None:
            # squeeze() strips its ends: two guards keep the one blank that may stand there
            text = squeeze("|" + text.replace("\n", " ") + "|")[1:-1]
            if blank:
                text = text.lstrip(" ")
        if text:
            kept_runs.append(replace(run, text=text))
            blank = text.endswith(" ")
    while kept_runs and kept_runs[-1].figure is None:
        text = kept_runs[-1].text.rstrip(" ")
        if text:
            kept_runs[-1] = replace(kept_runs[-1], text=text)
            break
        kept_runs.pop()
    return tuple(kept_runs)


def _ended(item: Paragraph) -> Paragraph:
    """The paragraph with the end mark of the body (NĐ 30/2020, Phụ lục III, mẫu 1.4)."""
    if item.text.endswith(END_MARK):
        return item
    last = item.runs[-1]
    if last.figure is not None:
        return replace(item, runs=(*item.runs, Run(END_MARK)))
    return replace(item, runs=(*item.runs[:-1], replace(last, text=last.text.rstrip(" .;,:…/") + END_MARK)))
