"""Work on a draft: typed text, fresh figures, a new drafting over what people wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from ..catalog.model import Indicator
from ..catalog.periods import parse_period
from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import nfc, squeeze
from .annexes import refresh_annex
from .draft_values import DraftSection, ReportDraft, kept, parents_of
from .estimates import Estimate, may_be_estimated
from .model import Figure, Paragraph, Run, Signature
from .office import Signer
from .problems import DraftProblem, problems
from .sentences import bound_text, split_binding, tidy
from .texts import Look, plain_text, replace_text, skeleton

__all__ = [
    "DraftProblem",
    "edit_section",
    "estimate_figure",
    "explain_figure",
    "mark_reviewed",
    "plain_text",
    "problems",
    "redraft",
    "refresh_figures",
    "replace_text",
    "section_text",
    "set_signer",
]


def _unknown(draft: ReportDraft, key: str) -> Refused:
    return Refused(
        "unknown_section",
        f"Báo cáo không có mục “{key}”; chưa sửa gì.",
        sections=["opening", *(item.key for item in draft.sections), "closing"],
    )


def section_text(draft: ReportDraft, key: str) -> str:
    """The plain text of section ``key`` (or ``opening``, ``closing``). Raises Refused ``unknown_section``."""
    if key == "opening":
        return plain_text(draft.opening)
    if key == "closing":
        return plain_text(draft.closing)
    section = draft.section(key)
    if section is None:
        raise _unknown(draft, key)
    return plain_text(section.paragraphs)


def edit_section(
    draft: ReportDraft,
    key: str,
    text: str,
    *,
    base: tuple[Paragraph, ...] | None = None,
    looks: tuple[Look, ...] | None = None,
) -> ReportDraft:
    """The draft with ``text`` typed over section ``key`` (or ``opening``, ``closing``); see texts.replace_text.

    ``base``: the paragraphs the typing began with, where it is stored more than once on the way: a number taken out
    and brought back by an undo then keeps its source. Text carried over from the report before counts as reworked
    once it is changed. Raises Refused ``unknown_section``, ``bad_text``.
    """
    if key == "opening":
        return replace(draft, opening=replace_text(draft.opening if base is None else base, text, key=key, looks=looks))
    if key == "closing":
        return replace(draft, closing=replace_text(draft.closing if base is None else base, text, key=key, looks=looks))
    section = draft.section(key)
    if section is None:
        raise _unknown(draft, key)
    before = section.paragraphs if base is None else base
    return _with_section(draft, replace(section, paragraphs=replace_text(before, text, key=key, looks=looks)))


def _with_section(draft: ReportDraft, section: DraftSection) -> ReportDraft:
    return replace(draft, sections=tuple(section if item.key == section.key else item for item in draft.sections))


def mark_reviewed(draft: ReportDraft, key: str) -> ReportDraft:
    """A person has read the carried-over text of a section and lets it stand. Raises Refused ``unknown_section``."""
    section = draft.section(key)
    if section is None:
        raise _unknown(draft, key)
    return _with_section(draft, replace(section, carried=""))


def explain_figure(draft: ReportDraft, key: str, reason: str) -> ReportDraft:
    """Why a figure is missing, or swings: with a reason, "chưa có số liệu" is a decision (DESIGN §8.4).

    The splits of a figure share its reason. Raises Refused ``unknown_figure``.
    """
    if draft.figure(key) is None:
        raise Refused("unknown_figure", f"Báo cáo không có số liệu “{key}”; chưa sửa gì.")
    said = squeeze(reason).replace("\n", " ") or None
    figures = tuple(
        replace(item, reason=said) if item.key == key or item.key.startswith(key + "/") else item
        for item in draft.figures
    )
    return _with_figures(draft, figures)


def estimate_figure(draft: ReportDraft, indicators: Mapping[str, Indicator], key: str, more: str) -> ReportDraft:
    """The draft in which ``more`` ("4", "12,5") of a figure is expected until 31/12; "0" takes it back. Figures and
    words follow at the next count. Raises Refused ``unknown_figure``, ``not_estimated``.
    """
    figure = draft.figure(key)
    if figure is None:
        raise Refused("unknown_figure", f"Báo cáo không có số liệu “{key}”; chưa sửa gì.")
    try:
        amount = vi.parse_number(more, figure.scale)
    except ValueError:
        amount = -1
    if amount < 0:
        raise Refused("not_estimated", f"“{more[:30]}” không phải số ước thêm; hãy viết một số từ 0 trở lên.")
    if parse_period(draft.period).kind != "year":
        raise Refused("not_estimated", "Chỉ báo cáo năm có số ước thực hiện cả năm; chưa sửa gì.")
    if amount and not may_be_estimated(indicators.get(figure.indicator), figure):
        raise Refused(
            "not_estimated",
            f"“{figure.title}” không ước được: chỉ ước số lượng, tổng số đã có số liệu (không ước tỷ lệ, số chia theo "
            "loại). Chưa sửa gì.",
        )
    others = tuple(item for item in draft.estimates if item.figure != key)
    return replace(draft, estimates=(*others, Estimate(key, amount)) if amount else others)


def set_signer(draft: ReportDraft, signer: Signer) -> ReportDraft:
    """The draft with another person signing."""
    lines = tuple(map(squeeze, signer.authority_lines))
    return replace(draft, signature=Signature(lines, squeeze(signer.name)))


def refresh_figures(draft: ReportDraft, new_figures: Iterable[Figure]) -> tuple[ReportDraft, tuple[str, ...]]:
    """``(draft, keys of changed figures)``: bound numbers and figure tables written anew, typed words untouched.

    A reason given by a person stays while its figure is still without data.
    """
    before = {item.key: item for item in draft.figures}
    fresh = {item.key: item for item in new_figures}
    for key, item in fresh.items():
        old = before.get(key)
        if old is not None and old.reason and not item.reason and item.state == old.state:
            fresh[key] = replace(item, reason=old.reason)
    changed = tuple(key for key, item in fresh.items() if before.get(key) != item)
    return _with_figures(draft, tuple({**before, **fresh}.values())), changed


def _with_figures(draft: ReportDraft, figures: tuple[Figure, ...]) -> ReportDraft:
    by_key = {item.key: item for item in figures}
    under_guard = {key.partition("/")[0] for key in draft.guarded}
    guarded = tuple(item.key for item in figures if item.split is not None and item.indicator in under_guard)

    def renew(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(_renewed(item, by_key, guarded) for item in paragraphs)

    return replace(
        draft,
        figures=figures,
        guarded=guarded,
        opening=renew(draft.opening),
        closing=renew(draft.closing),
        sections=tuple(_renewed_section(item, renew) for item in draft.sections),
        annexes=tuple(refresh_annex(item, by_key) for item in draft.annexes),
    )


def _renewed_section(
    section: DraftSection, renew: Callable[[tuple[Paragraph, ...]], tuple[Paragraph, ...]]
) -> DraftSection:
    paragraphs = renew(section.paragraphs)
    # a comparison that lost its base falls out of the text: that is no edit
    drafted = section.drafted if section.edited else skeleton(paragraphs)
    return replace(section, paragraphs=paragraphs, drafted=drafted)


def _renewed(item: Paragraph, figures: Mapping[str, Figure], guarded: Collection[str]) -> Paragraph:
    runs: list[Run] = []
    emptied = False
    for run in item.runs:
        figure = figures.get(split_binding(run.figure)[1]) if run.figure else None
        if run.figure is None or figure is None:
            runs.append(run)
            continue
        text = nfc(bound_text(run.figure, figure, guarded))
        if not runs and run.text[:1].isupper():
            text = text[:1].upper() + text[1:]
        emptied = emptied or not text
        runs.append(replace(run, text=text))
    return replace(item, runs=tidy(runs, sentence=False) if emptied else tuple(runs))


def redraft(fresh: ReportDraft, old: ReportDraft) -> ReportDraft:
    """A new drafting (``fresh``, from draft.make_draft) that keeps what people wrote in ``old``.

    Sections nobody touched are taken from ``fresh`` (other sentences may hold now); edited and hand-written ones
    stay, their bound numbers renewed. Signer and reasons stay.
    """
    renewed, _ = refresh_figures(old, fresh.figures)
    mine = {item.key: item for item in renewed.sections if item.edited or (item.manual and item.paragraphs)}
    sections = [_merged(item, mine.get(item.key)) for item in fresh.sections]
    present = {item.key for item in sections}
    position = 0
    for item in renewed.sections:
        if item.key in present:
            position = next(index for index, entry in enumerate(sections) if entry.key == item.key) + 1
        elif item.key in mine:
            sections.insert(position, item)
            position += 1
    parents = parents_of([(item.key, item.level) for item in sections])
    opening_edited = skeleton(old.opening) != old.opening_drafted
    closing_edited = skeleton(old.closing) != old.closing_drafted
    return replace(
        _with_figures(fresh, renewed.figures),
        opening=renewed.opening if opening_edited else fresh.opening,
        closing=renewed.closing if closing_edited else fresh.closing,
        sections=kept(sections, parents),
        signature=old.signature if old.signature.name else fresh.signature,
    )


def _merged(fresh: DraftSection, mine: DraftSection | None) -> DraftSection:
    return fresh if mine is None else replace(fresh, paragraphs=mine.paragraphs, carried=mine.carried)
