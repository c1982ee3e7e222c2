"""The draft of a report: the outline of its regime, written out with the figures of the period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..catalog.annex_model import AnnexTable
from ..catalog.model import Catalog, Cycle, IndicatorKind, Outline, OutlineSection, Regime, Sentence
from ..catalog.periods import Period, Window
from ..kernel import vi
from ..kernel.text import nfc, squeeze
from .annexes import Rows, make_annex, roman_list
from .charts import charts_annex
from .draft_values import DRAFT_FORMAT, DraftSection, PlanReference, ReportDraft, kept, parents_of
from .estimates import Estimate
from .figures import guarded_keys, printed, target_words
from .form_tables import UnitRow, form_annex
from .model import Annex, Chart, Figure, Head, Paragraph, Run, Signature
from .office import OfficeIdentity, Signer
from .scoring import Scored, scoring_annex
from .sentences import FigureTable, figure_places, fill, holds, paragraph, required, split_binding, tidy
from .texts import plain_text, replace_text, skeleton

__all__ = [
    "DRAFT_FORMAT",
    "DraftInputs",
    "DraftSection",
    "PlanReference",
    "ReportDraft",
    "make_draft",
    "next_period_title",
]

# a subject quoted from the head of a plan keeps its capital there: "về Thực hiện công tác ..."
_VERB_AFTER_ABOUT = re.compile(r"(\bvề )(Thực hiện|Tiếp tục|Tăng cường|Triển khai|Đẩy mạnh|Nâng cao|Ban hành|Việc)\b")


@dataclass(frozen=True, slots=True)
class DraftInputs:
    """All a draft is made of. ``rows``: form key → display texts of the records (see annexes.make_annex);
    ``previous_manual``: section key → text written by hand in the report before; unit names as printed; ``units``: the
    offices below that owe a report, with what they sent."""

    catalog: Catalog
    regime: Regime
    cycle: Cycle
    outline: Outline
    period: Period
    window: Window
    office: OfficeIdentity
    signers: tuple[Signer, ...]
    figures: tuple[Figure, ...]
    plan: PlanReference | None = None
    rows: Callable[[str], Rows] | Mapping[str, Rows] = field(default_factory=dict)
    previous_manual: Mapping[str, str] = field(default_factory=dict)
    missing_units: tuple[str, ...] = ()
    late_units: tuple[str, ...] = ()
    due_on: date | None = None
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # section.example → phrases
    estimates: tuple[Estimate, ...] = ()  # already in the figures
    units: tuple[UnitRow, ...] = ()
    scoring: Scored | None = None
    charts: tuple[Chart, ...] | None = None  # of the annex "Biểu đồ"; None: nobody asked for it


def make_draft(inputs: DraftInputs) -> ReportDraft:
    """The first draft of a report. Raises Refused ``outline_invalid`` when the outline names what is not there."""
    return _Drafter(inputs).draft()


class _Drafter:
    def __init__(self, inputs: DraftInputs) -> None:
        self.inputs = inputs
        self.table = FigureTable(inputs.catalog, inputs.figures, inputs.office.profile)
        self.guarded = frozenset(guarded_keys(inputs.catalog, inputs.figures))
        annexes = filter(None, map(self._on_theme, inputs.outline.annexes))
        self.annexes = tuple(item for item in annexes if not self._idle(item))
        self.words = _words(inputs, len(self.annexes) + bool(inputs.charts))

    def draft(self) -> ReportDraft:
        inputs, office = self.inputs, self.inputs.office
        sections = self._sections()
        opening = self._plain("opening", inputs.outline.opening)
        closing = self._plain("closing", inputs.outline.closing)
        # what an annex names must stand there even if nobody measured it
        self.table.ensure(key for item in self.annexes for key in item.indicators)
        figures = self._figures((*opening, *closing, *(item for section in sections for item in section.paragraphs)))
        annexes = tuple(self._annex(item, figures) for item in self.annexes)
        annexes += (charts_annex(inputs.charts),) if inputs.charts else ()
        closing = self._annex_words(annexes, (*opening, *closing), sections) + self._units() + closing
        addressees = tuple(text for item in inputs.regime.addressees if (text := self._line(item)))
        signer = inputs.signers[0] if inputs.signers else Signer((), "")
        return ReportDraft(
            regime=inputs.regime.key,
            period=inputs.period.key,
            window_from=inputs.window.first.isoformat(),
            window_to=inputs.window.last.isoformat(),
            office_id=office.id,
            office_name=nfc(office.name),
            head=Head(
                superior_lines=tuple(map(squeeze, office.superior_lines)),
                issuer_lines=tuple(map(squeeze, office.issuer_lines)),
                symbol=office.symbol(),
                place=squeeze(office.place),
                type_name="BÁO CÁO",
                abstract=fill(inputs.cycle.abstract, self.words),
                addressees=addressees,
            ),
            bases=self._bases(),
            opening=opening,
            sections=sections,
            closing=closing,
            annexes=annexes,
            charts=inputs.charts is not None,
            signature=Signature(tuple(map(squeeze, signer.authority_lines)), squeeze(signer.name)),
            recipients=self._recipients(bool(addressees)),
            figures=figures,
            guarded=guarded_keys(inputs.catalog, figures),
            outline=inputs.outline.key,
            outline_version=inputs.outline.version,
            catalog_version=inputs.catalog.version,
            catalog_hash=inputs.catalog.hash,
            opening_drafted=skeleton(opening),
            closing_drafted=skeleton(closing),
            due_on=inputs.due_on.isoformat() if inputs.due_on else None,
            estimates=inputs.estimates,
        )

    def _speaks_of(self, area: int | None) -> bool:
        """Whether the report is about a task area; what belongs to none is in every report."""
        return not self.inputs.period.areas or area is None or area in self.inputs.period.areas

    def _area(self, figure: str) -> int | None:
        indicator = self.inputs.catalog.indicators.get(figure.partition("/")[0])
        return indicator.area if indicator else None

    def _on_theme(self, table: AnnexTable) -> AnnexTable | None:
        """The annex of a thematic report: what it shows of the areas chosen; None when that is nothing."""
        if not self.inputs.period.areas:
            return table
        if table.kind == "records":
            return table if self._speaks_of(self.inputs.catalog.forms[table.form].area) else None
        if table.kind == "scoring":
            return None
        if table.kind in ("form", "units"):  # a form is whole or it is not
            return table if all(self._speaks_of(self._area(key)) for key in table.indicators) else None
        every = tuple(item.key for item in self.table.values() if item.split is None)
        shown = tuple(key for key in table.indicators or every if self._area(key) and self._speaks_of(self._area(key)))
        return replace(table, indicators=shown) if shown else None

    def _figures(self, paragraphs: Iterable[Paragraph]) -> tuple[Figure, ...]:
        """What the report says with its origin: of a thematic one the figures of its areas, and those it prints."""
        if not self.inputs.period.areas:
            return self.table.all
        bound = {split_binding(run.figure)[1] for item in paragraphs for run in item.runs if run.figure}
        return tuple(item for item in self.table.all if item.key in bound or self._speaks_of(self._area(item.key)))

    def _idle(self, table: AnnexTable) -> bool:
        """Whether an optional annex has no row, or no number but zeros, to show."""
        if table.kind == "units":
            return not self.inputs.units
        if table.kind == "scoring":
            return self.inputs.scoring is None or not self.inputs.scoring.verdict.started
        if not table.optional:
            return False
        if table.kind == "records":
            rows = self.inputs.rows
            return not (rows(table.form) if callable(rows) else rows.get(table.form, ()))
        found = [self.table[key] for key in table.indicators if self.table.applies(key)]
        return not any(figure.state == "value" and figure.value for figure in found)

    def _annex(self, table: AnnexTable, figures: tuple[Figure, ...]) -> Annex:
        titled = replace(table, title=fill(table.title, self.words))
        if table.kind == "scoring" and self.inputs.scoring is not None:
            return scoring_annex(titled, self.inputs.scoring)
        if table.kind in ("form", "units"):
            found = {item.key: item for item in figures}
            return form_annex(titled, found, self.inputs.office.name, self.inputs.units, squeeze(table.note))
        return make_annex(self.inputs.catalog, titled, figures, self.inputs.rows)

    def _line(self, text: str) -> str:
        """One line of words only, without end marks."""
        return squeeze(fill(text, self.words)).rstrip(" ;.,")

    def _plain(self, key: str, text: str) -> tuple[Paragraph, ...]:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return tuple(
            paragraph(f"{key}.{number}", line, self.words, self.table, self.guarded)
            for number, line in enumerate(lines, 1)
        )

    def _bases(self) -> tuple[str, ...]:
        """ "Căn cứ" lines, without end marks: those of the plan."""
        given = self.inputs.plan.bases if self.inputs.plan else ()
        lines = [squeeze(item).replace("\n", " ").rstrip(" ;.,") for item in given]
        lead = ("căn cứ", "thực hiện", "theo", "xét")
        lines = [_VERB_AFTER_ABOUT.sub(lambda match: match[1] + match[2].lower(), line) for line in lines if line]
        return tuple(line if line.casefold().startswith(lead) else f"Căn cứ {line}" for line in lines)

    def _units(self) -> tuple[Paragraph, ...]:
        """A consolidated report names the units that did not report, or reported late (DOMAIN §8.3)."""
        result = []
        for key, names, words in (
            ("missing", self.inputs.missing_units, "chưa gửi báo cáo"),
            ("late", self.inputs.late_units, "gửi báo cáo chậm so với thời hạn"),
        ):
            if names:
                listed = ", ".join(map(squeeze, names))
                text = f"Đến thời điểm tổng hợp, có {vi.count(len(names))} đơn vị {words}: {listed}"
                result.append(Paragraph(f"closing.{key}", tidy([Run(text)])))
        return tuple(result)

    def _annex_words(
        self, annexes: tuple[Annex, ...], around: Sequence[Paragraph], sections: Sequence[DraftSection]
    ) -> tuple[Paragraph, ...]:
        """The main text must point at its annexes (NĐ 30/2020, Phụ lục I, mục III.1)."""
        texts = [item.text for item in around] + [item.text for section in sections for item in section.paragraphs]
        if not annexes or any("phụ lục" in text.casefold() for text in texts):
            return ()
        return (
            Paragraph("closing.annexes", (Run(f"Số liệu chi tiết tại {self.words['annexes']} kèm theo Báo cáo này."),)),
        )

    def _recipients(self, addressed: bool) -> tuple[str, ...]:
        """Nơi nhận: "Như trên" first where there is a Kính gửi, "Lưu: VT, ..." last (NĐ 30/2020, mục II.9)."""
        lines = [line[0].upper() + line[1:] for item in self.inputs.regime.recipients if (line := self._line(item))]
        if addressed and not any(line.startswith("Như trên") for line in lines):
            lines.insert(0, "Như trên")
        if not any(line.startswith("Lưu") for line in lines):
            lines.append(self._line("Lưu: VT, {drafting_unit}"))
        return tuple(lines)

    def _sections(self) -> tuple[DraftSection, ...]:
        outline = self.inputs.outline.sections
        parents = parents_of([(item.key, item.level) for item in outline])
        result: list[DraftSection] = []
        left_out: int | None = None  # level of a section outside this office's remit: what is under it goes too
        for item in outline:
            if left_out is not None and item.level > left_out:
                continue
            left_out = None
            foreign = bool(item.profiles) and self.inputs.office.profile not in item.profiles
            if foreign or not self._speaks_of(item.area):
                left_out = item.level
                continue
            result.append(self._section(item))
        return kept(result, parents)

    def _section(self, item: OutlineSection) -> DraftSection:
        paragraphs = self._paragraphs(item)
        drafted = skeleton(paragraphs)
        carried = ""
        before = self.inputs.previous_manual.get(item.key, "")
        if item.manual and not paragraphs and before.strip():
            paragraphs = replace_text((), before, key=item.key)
            carried = plain_text(paragraphs)
        return DraftSection(
            key=item.key,
            level=item.level,
            mark="",
            title=fill(item.title, self.words),
            paragraphs=paragraphs,
            manual=item.manual,
            optional=item.optional,
            prompt=item.prompt,
            drafted=drafted,
            carried=carried,
        )

    def _paragraphs(self, item: OutlineSection) -> tuple[Paragraph, ...]:
        chosen = _widest([sentence for sentence in item.sentences if holds(sentence, self.table)])
        written = [
            paragraph(f"{item.key}.{sentence.key}", sentence.text, self.words, self.table, self.guarded)
            for sentence in chosen
            if not sentence.phrase
        ]
        written += self._examples(item)
        written += _nothing_of(item, [sentence.phrase for sentence in chosen if sentence.phrase])
        written += self._unsaid(item, chosen, written)
        written += self._targets(item, written)
        return tuple(entry for entry in written if entry.runs)

    def _examples(self, item: OutlineSection) -> list[Paragraph]:
        """The records proposed by name: words to be kept, changed or taken out by the officer."""
        found = []
        for example in item.examples:
            key = f"{item.key}.{example.key}"
            if phrases := self.inputs.examples.get(key):
                found.append(Paragraph(key, tidy([Run(nfc(f"{example.lead} {'; '.join(phrases)}."))])))
        return found

    def _unsaid(
        self, item: OutlineSection, chosen: Sequence[Sentence], written: Sequence[Paragraph]
    ) -> list[Paragraph]:
        """ "Title: chưa có số liệu; title: không phát sinh." for figures whose sentences all fell away, and for what a
        sentence left out because nobody measured it: it must be decided (DESIGN §8.4)."""
        said = {key for sentence in chosen for key in (*required(sentence), *_placed(sentence))}
        keys: list[str] = []
        for sentence in item.sentences:
            needed = required(sentence)
            if all(map(self.table.applies, (*needed, *_placed(sentence)))) and not said.intersection(needed):
                keys += [key for key in needed if "/" not in key]
        bound = {split_binding(run.figure)[1] for entry in written for run in entry.runs if run.figure}
        left_out = [key for sentence in chosen for key in _placed(sentence) if "/" not in key and key not in bound]
        keys += [key for key in left_out if self.table[key].state == "no_data" and not self._is_ratio(key)]
        runs: list[Run] = []
        for key in dict.fromkeys(keys):
            figure = self.table[key]
            zero = figure.state == "value" and figure.value == 0
            if self.table.may_be_silent(key) and figure.state == "no_data":
                continue
            if figure.state != "undefined" and not zero:  # zeros stand in the annex
                title = figure.title if not runs else _lowered(figure.title)
                runs += [Run(f"; {title}: " if runs else f"{title}: "), Run(printed(figure), key)]
        return [Paragraph(f"{item.key}.unsaid", tidy(runs))] if runs else []

    def _is_ratio(self, key: str) -> bool:
        """Whether the figure follows from two others."""
        return self.inputs.catalog.indicators[key].kind is IndicatorKind.RATIO

    def _targets(self, item: OutlineSection, written: Sequence[Paragraph]) -> list[Paragraph]:
        """One sentence per figure of the section that has a target in the plan and is not yet compared with it."""
        bound = [run.figure for entry in written for run in entry.runs if run.figure]
        compared = {key for kind, key in map(split_binding, bound) if kind == "target"}
        result = []
        for key in dict.fromkeys(key for kind, key in map(split_binding, bound) if kind == "value"):
            figure = self.table[key]
            words = target_words(figure)
            if not words or key in compared or key in self.guarded or figure.target is None:
                continue
            goal = replace(figure, value=figure.target, state="value", estimate=False)
            unit = "" if figure.unit == "%" else f" {figure.unit}"
            runs = [Run(f"{figure.title} "), Run(words, f"target:{key}"), Run(" ("), Run(printed(figure), key)]
            runs.append(Run(f"/{printed(goal)}{unit})."))
            result.append(Paragraph(f"{item.key}.target_{key.replace('/', '_')}", tidy(runs)))
        return result


def _nothing_of(item: OutlineSection, phrases: Sequence[str]) -> list[Paragraph]:
    """ "Trong kỳ không phát sinh a, b và c.": all that did not happen, in one sentence."""
    if not phrases:
        return []
    mark = "; " if any("," in phrase or ";" in phrase for phrase in phrases) else ", "
    last = "" if len(phrases) == 1 else ("; " if mark == "; " else " và ") + phrases[-1]
    text = "Trong kỳ không phát sinh " + mark.join(phrases[:-1] if last else phrases) + last + "."
    return [Paragraph(f"{item.key}.nothing", tidy([Run(nfc(text))]))]


def _widest(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Without the "nil" sentences that a wider one says with them: one for the whole area instead of four."""
    covered = [frozenset(required(item)) for item in sentences if item.when == "nil"]
    return [item for item in sentences if item.when != "nil" or not any(frozenset(required(item)) < c for c in covered)]


def _placed(sentence: Sentence) -> tuple[str, ...]:
    return tuple(key for _, key in figure_places(sentence.text))


def _lowered(title: str) -> str:
    """A title within a sentence: its first letter small, unless it begins with an abbreviation."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title


def _words(inputs: DraftInputs, count: int) -> dict[str, str]:
    """``count``: of the annexes that are attached."""
    period, office = inputs.period, inputs.office
    plan = inputs.plan.citation(own=office.name) if inputs.plan and inputs.plan.title else ""
    return {
        "period": period.words,
        "theme": _theme(inputs.catalog, period),
        "window_from": vi.day(inputs.window.first),
        "window_to": vi.day(inputs.window.last),
        "office": squeeze(office.name),
        "plan": plan or f"Kế hoạch công tác dân vận chính quyền năm {period.year}",
        "parent": squeeze(office.parent_name),
        "via": squeeze(office.via_name),
        "year": str(period.year),
        "next_period": next_period_title(period),
        "place": squeeze(office.place),
        "drafting_unit": squeeze(office.drafting_unit),
        "scoring": inputs.scoring.sentence() if inputs.scoring and inputs.scoring.verdict.started else "",
        "annexes": "" if not count else f"các Phụ lục {roman_list(count)}" if count > 1 else "Phụ lục",
    }


def _theme(catalog: Catalog, period: Period) -> str:
    """The task areas of a thematic report in words: "phong trào thi đua “Dân vận khéo”; tuyên truyền"."""
    return "; ".join(_lowered(item.title) for item in catalog.areas if item.number in period.areas)


def next_period_title(period: Period) -> str:
    """The period whose tasks a report sets out: "6 tháng cuối năm 2026", "năm 2027", "quý IV năm 2026"."""
    if period.kind == "half_year" and period.first.month == 1:
        return f"6 tháng cuối năm {period.year}"
    if period.kind in ("half_year", "year"):
        return f"năm {period.year + 1}"
    if period.kind == "nine_months":
        return f"quý IV năm {period.year}"
    if period.kind == "quarter":
        number = (period.first.month + 2) // 3
        return f"quý {vi.roman(number + 1)} năm {period.year}" if number < 4 else f"quý I năm {period.year + 1}"
    if period.kind == "month":
        month = period.first.month
        return f"tháng {month + 1} năm {period.year}" if month < 12 else f"tháng 1 năm {period.year + 1}"
    return "thời gian tới"
