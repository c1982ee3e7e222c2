"""What stands between a draft and its approval, in the words an officer reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ..kernel import vi
from .draft_values import DraftSection, ReportDraft, kept, parents_of
from .figures import SMALL, WITHHELD, printed
from .model import Figure, Paragraph, ReportDocument, ReportSection
from .sentences import figure_places, prints, split_binding

_BOUND = "\ufffc"  # where a bound number stands in the text that is searched for typed ones
_NUMBER = r"(?<![\w.,/])(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?"
_NOUN = 2  # syllables of a title that tell one figure of a unit from the others
_NEAR = 40  # characters within which a typed number is read as belonging to a split's name


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """``key``: ``head.addressees``, ``signature``, ``figure:<key>``, ``section:<key>``, ``check``; ``severity``: error
    (blocks approval) | warning | note; ``message``: Vietnamese; ``records``: the entries it is about, if any."""

    key: str
    severity: str
    message: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number typed by hand that differs from the figures which stood in its section."""

    section: str
    title: str
    number: str
    sources: str


def problems(report: ReportDraft | ReportDocument) -> tuple[DraftProblem, ...]:
    """Everything to be settled, errors first.

    Errors: no signer, no addressee, a figure without data and without a reason in the text, an empty section that a
    person must write, text carried over from the last report and not yet reworked, a bound number that differs from
    its figure. Warnings: missing figures in annexes, small numbers. Notes: numbers typed beside the noun of a figure
    that differ from it. Cross-checks (reporting.checks) come beside these. Sections are named by their printed number.
    """
    if isinstance(report, ReportDraft):
        report = as_printed(report)
    found = [
        *_head(report),
        *_sections(report),
        *_figures(report),
        *_bindings(report),
        *_small(report),
        *_typed_beside(report),
    ]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda item: order[item.severity]))


def as_printed(report: ReportDraft) -> ReportDraft:
    """The draft's sections with the numbers of the paper; one that is not printed has none."""
    parents = parents_of([(item.key, item.level) for item in report.sections])
    marks = {item.key: item.mark for item in kept(report.sections, parents, final=True)}
    return replace(report, sections=tuple(replace(item, mark=marks.get(item.key, "")) for item in report.sections))


def _paragraphs(report: ReportDraft | ReportDocument) -> Iterable[tuple[str, Paragraph]]:
    for item in report.opening:
        yield "opening", item
    for section in report.sections:
        for item in section.paragraphs:
            yield section.key, item
    for item in report.closing:
        yield "closing", item


def _head(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    if not report.head.addressees:
        yield DraftProblem("head.addressees", "error", "Chưa có nơi nhận ở dòng “Kính gửi”.")
    if not report.signature.name or not report.signature.authority_lines:
        yield DraftProblem("signature", "error", "Chưa có người ký hoặc quyền hạn, chức vụ của người ký.")
    if not report.head.place:
        yield DraftProblem("head.place", "warning", "Chưa có địa danh ở dòng ngày, tháng, năm.")


def _sections(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    sections: Sequence[DraftSection | ReportSection] = report.sections
    parents = parents_of([(item.key, item.level) for item in sections])
    for item in sections:
        name = f"{item.mark} {item.title}".strip()
        if not any(entry.text.strip() for entry in item.paragraphs):
            optional = isinstance(item, DraftSection) and item.optional
            if item.manual and not optional:
                yield DraftProblem(f"section:{item.key}", "error", f"Mục “{name}” do cán bộ viết nhưng còn trống.")
            elif item.key not in parents and not optional:
                yield DraftProblem(f"section:{item.key}", "warning", f"Mục “{name}” chưa có nội dung.")
        elif isinstance(item, DraftSection) and item.needs_review:
            yield DraftProblem(
                f"section:{item.key}",
                "error",
                f"Mục “{name}” còn nguyên văn báo cáo kỳ trước, cần rà soát, viết lại hoặc xác nhận giữ nguyên.",
            )


def _figures(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    told = {split_binding(run.figure)[1] for _, item in _paragraphs(report) for run in item.runs if run.figure}
    listed = {row.key for annex in report.annexes for row in annex.rows}
    seen: set[str] = set()
    for figure in report.figures:
        if figure.state != "no_data" or figure.indicator in seen:
            continue
        in_text = figure.key in told
        if not in_text and (figure.key not in listed or figure.split is not None):
            continue
        seen.add(figure.indicator)
        if figure.reason:
            yield DraftProblem(
                f"figure:{figure.key}", "note", f"“{figure.title}” chưa có số liệu, lý do: {figure.reason.rstrip('.')}."
            )
        else:
            yield DraftProblem(
                f"figure:{figure.key}",
                "error" if in_text else "warning",
                f"“{figure.title}” chưa có số liệu: hãy nhập, xác nhận không phát sinh hoặc ghi lý do.",
            )


def _guarded(report: ReportDraft | ReportDocument) -> Collection[str]:
    if isinstance(report, ReportDraft):
        return report.guarded
    runs = (run for _, item in _paragraphs(report) for run in item.runs if run.figure)
    return {split_binding(run.figure or "")[1] for run in runs if run.text.casefold() == WITHHELD}


def _bindings(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    figures = {item.key: item for item in report.figures}
    guarded = _guarded(report)
    for where, item in _paragraphs(report):
        for run in item.runs:
            if run.figure is not None and not prints(run, figures, guarded):
                key = split_binding(run.figure)[1]
                yield DraftProblem(
                    f"figure:{key}",
                    "error",
                    f"Số “{run.text}” trong mục “{where}” không còn khớp với số liệu nguồn; hãy cập nhật số liệu.",
                )


def _free_text(paragraphs: Iterable[Paragraph]) -> str:
    return "\n".join("".join(_BOUND if run.figure else run.text for run in item.runs) for item in paragraphs)


def _shown(figure: Figure) -> str:
    text = printed(figure)
    return text if figure.unit == "%" or figure.state != "value" else f"{text} {figure.unit}"


def typed_numbers(report: ReportDraft) -> Iterable[TypedNumber]:
    """Numbers typed by hand before the unit of a figure that was bound here, and no longer is, with another value."""
    for section in report.sections:
        bound = {run.figure for item in section.paragraphs for run in item.runs if run.figure}
        lost = [key for kind, key in figure_places(section.drafted) if kind == "value" and key not in bound]
        figures = [figure for key in dict.fromkeys(lost) if (figure := report.figure(key)) is not None]
        by_unit: dict[str, list[Figure]] = {}
        for figure in figures:
            by_unit.setdefault(figure.unit.casefold(), []).append(figure)
        text = _free_text(section.paragraphs).casefold()
        for unit, candidates in by_unit.items():
            behind = r"\s*%" if unit == "%" else rf"\s+{re.escape(unit)}(?!\w)"
            for match in re.finditer(_NUMBER + behind, text):
                if not any(_equals(match[1] + (match[2] or ""), figure) for figure in candidates):
                    sources = "; ".join(f"{figure.title}: {_shown(figure)}" for figure in candidates)
                    yield TypedNumber(section.key, f"{section.mark} {section.title}", match[0].strip(), sources)


def _typed_beside(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    """Numbers typed before the very noun of a figure ("14 cuộc tuyên truyền") that no figure of that noun has.

    A note only: the sentence may speak of a part, or of another span of days. What stood there as a bound number and
    was typed over is the matter of :func:`typed_numbers`.
    """
    if not isinstance(report, ReportDraft):
        return
    known = {(item.section, item.number) for item in typed_numbers(report)}
    nouns: dict[str, list[Figure]] = {}
    for figure in report.figures:
        if figure.split is None and figure.state in ("value", "nil") and (noun := _noun(figure)):
            nouns.setdefault(noun, []).append(figure)
    by_indicator: dict[str, list[Figure]] = {}
    for figure in report.figures:
        by_indicator.setdefault(figure.indicator, []).append(figure)
    for section in report.sections:
        text = _free_text(section.paragraphs).casefold()
        for noun, figures in nouns.items():
            if not all(word in text for word in noun.split()):  # cheap: most nouns stand nowhere in a section
                continue
            pattern = _NUMBER + r"\s+" + r"[\s,“”]+".join(map(re.escape, noun.split())) + r"(?!\w)"
            same = [item for figure in figures for item in by_indicator[figure.indicator]]
            for match in re.finditer(pattern, text):
                number = match[1] + (match[2] or "")
                if any(_says(number, item) for item in same) or any(
                    key == section.key and shown.startswith(number) for key, shown in known
                ):
                    continue
                sources = "; ".join(f"{item.title}: {_shown(item)}" for item in figures)
                yield DraftProblem(
                    f"section:{section.key}",
                    "note",
                    f"Mục “{section.mark} {section.title}” có số gõ tay “{match[0]}” khác số liệu ({sources}); "
                    "hãy xem lại, nếu nói về một phần hay thời gian khác thì giữ nguyên.",
                )


def _noun(figure: Figure) -> str:
    """What a sentence would name the figure by: its unit and the first words of its title; "" when that is vague."""
    words = re.findall(r"\w+", figure.title.casefold())
    unit = re.findall(r"\w+", figure.unit.casefold())
    rest = words[len(unit) :] if words[: len(unit)] == unit else words
    return " ".join((*unit, *rest[:_NOUN])) if unit and len(rest) >= _NOUN else ""


def _says(text: str, figure: Figure) -> bool:
    """Whether ``text`` is the figure, last year's, or the plan's target."""
    for value in (figure.value if figure.state == "value" else 0, figure.previous, figure.target):
        if value is not None:
            try:
                if vi.parse_number(text, figure.scale) == value:
                    return True
            except ValueError:
                continue
    return False


def _equals(text: str, figure: Figure) -> bool:
    try:
        return figure.state == "value" and vi.parse_number(text, figure.scale) == figure.value
    except ValueError:
        return False


def _small(report: ReportDraft | ReportDocument) -> Iterable[DraftProblem]:
    """Splits of complaints and denunciations under 3, typed by hand into the text (DESIGN §8.12)."""
    if not isinstance(report, ReportDraft):
        return
    for key in report.guarded:
        figure = report.figure(key)
        if figure is None or figure.value is None or not 0 < figure.value < SMALL:
            continue
        name = figure.title.rpartition(": ")[2].casefold()
        number = rf"(?<![\w.,/])0?{figure.value}(?![\w/]|[.,]\d)"
        near = rf"{number}[^.;\n]{{0,{_NEAR}}}{re.escape(name)}|{re.escape(name)}[^.;\n]{{0,{_NEAR}}}{number}"
        for section in report.sections:
            if re.search(near, _free_text(section.paragraphs).casefold()):
                yield DraftProblem(
                    f"section:{section.key}",
                    "warning",
                    f"Mục “{section.mark} {section.title}” nêu số vụ việc quá nhỏ ({figure.title}); "
                    f"nên viết “{WITHHELD}” để không lộ người liên quan.",
                )
