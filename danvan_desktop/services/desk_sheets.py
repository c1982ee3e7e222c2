"""The sections of a report as they are written on: their words, the numbers bound in them, what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reporting.draft_values import DraftSection, kept, parents_of
from ..reporting.model import Figure, Paragraph
from ..reporting.sentences import STYLES, split_binding
from ..reporting.texts import Look, looks_of, plain_text
from .reports import ReportView


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a section's text show the figure ``figure``."""

    start: int
    end: int
    figure: str
    title: str
    state: str  # of the figure: value | nil | no_data | undefined


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section as it is written on. ``base`` goes back to :func:`save_section` unread."""

    key: str
    level: int
    mark: str
    title: str
    text: str
    spans: tuple[Span, ...]
    base: tuple[Paragraph, ...] = field(repr=False, default=())
    looks: tuple[Look, ...] = ()
    prompt: str = ""
    manual: bool = False
    optional: bool = False
    heads_others: bool = False
    edited: bool = False
    needs_review: bool = False

    @property
    def needs_writing(self) -> bool:
        """Whether a person has to write here and has not."""
        return self.manual and not self.optional and not self.text.strip()


def sheets(view: ReportView) -> tuple[Sheet, ...]:
    """Opening, sections, closing, in reading order."""
    report = view.document if view.draft is None else view.draft
    figures = {item.key: item for item in report.figures}
    parents = parents_of([(item.key, item.level) for item in report.sections])
    marks = {item.key: item.mark for item in report.sections}
    if view.draft is not None:  # as the paper has them: a section that is not printed has no number
        marks = {item.key: item.mark for item in kept(view.draft.sections, parents, final=True)}
    result = [_sheet("opening", 1, "", "Phần mở đầu", report.opening, figures)]
    for item in report.sections:
        draft = item if isinstance(item, DraftSection) else None
        result.append(
            _sheet(
                item.key,
                item.level,
                marks.get(item.key, ""),
                item.title,
                item.paragraphs,
                figures,
                prompt=item.prompt,
                manual=item.manual,
                optional=draft.optional if draft else False,
                heads_others=item.key in parents,
                edited=draft.edited if draft else False,
                needs_review=draft.needs_review if draft else False,
            )
        )
    result.append(_sheet("closing", 1, "", "Phần kết", report.closing, figures))
    return tuple(result)


def _sheet(
    key: str,
    level: int,
    mark: str,
    title: str,
    paragraphs: tuple[Paragraph, ...],
    figures: dict[str, Figure],
    *,
    prompt: str = "",
    manual: bool = False,
    optional: bool = False,
    heads_others: bool = False,
    edited: bool = False,
    needs_review: bool = False,
) -> Sheet:
    spans: list[Span] = []
    at = 0
    for paragraph in paragraphs:
        at += len(STYLES.get(paragraph.style, ""))
        for run in paragraph.runs:
            figure = figures.get(split_binding(run.figure)[1]) if run.figure else None
            if figure is not None and run.text:
                spans.append(Span(at, at + len(run.text), figure.key, figure.title, figure.state))
            at += len(run.text)
        at += 1  # the line end
    return Sheet(
        key=key,
        level=level,
        mark=mark,
        title=title,
        text=plain_text(paragraphs),
        spans=tuple(spans),
        base=paragraphs,
        looks=looks_of(paragraphs),
        prompt=prompt,
        manual=manual,
        optional=optional,
        heads_others=heads_others,
        edited=edited,
        needs_review=needs_review,
    )
