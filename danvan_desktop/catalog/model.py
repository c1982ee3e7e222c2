"""The catalogue as frozen values. Made only by :mod:`.loader` from TOML; nothing here names a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .annex_model import AnnexTable
from .chart_model import ChartPlan
from .declared import DeclaredPart
from .desk_model import Desk
from .paper_model import PaperTemplate
from .register_model import Register
from .scoring_model import ScoringScheme

Json = None | bool | int | str | list[Any] | dict[str, Any]


class ValueType(StrEnum):
    """The value types of a field. JSON shapes (DESIGN §8.5): never floats; dates ISO; an absent key is empty."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str, several lines
    DATE = "date"  # "YYYY-MM-DD"
    MONTH = "month"  # "YYYY-MM"
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # int at the field's scale
    MONEY = "money"  # int, whole đồng
    PERCENT = "percent"  # int at the field's scale
    CHOICE = "choice"  # key of a choice
    MULTI_CHOICE = "multi_choice"  # list of keys, in catalogue order
    YES_NO = "yes_no"  # bool
    UNIT = "unit"  # id of an agency of this office
    VILLAGE = "village"  # list of village ids
    RECORD = "record"  # id of another record
    ROWS = "rows"  # list of {"row": id, column: value...}
    FILES = "files"  # list of blob hashes


class Privacy(StrEnum):
    """Who may see a value outside its own form (FORMS, privacy classes). Unknown counts as PERSONAL."""

    OPEN = "open"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    PROTECTED = "protected"


class Severity(StrEnum):
    ERROR = "error"  # blocks "chính thức"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClassWhen:
    """The privacy class becomes ``privacy`` when choice field ``field`` holds one of ``values``."""

    field: str
    values: tuple[str, ...]
    privacy: Privacy


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a ``=`` field follows from others; ``kind`` is one of catalog.derive.KINDS, ``args`` its words."""

    kind: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    title: str
    type: ValueType
    required: bool = False
    help: str = ""
    unit_text: str = ""  # shown behind the value: "người", "đồng"
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""  # "indicators": the loader fills choices in
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    scale: int = 0
    privacy: Privacy = Privacy.OPEN
    class_when: ClassWhen | None = None
    optional_when: ClassWhen | None = None  # required is waived when this matches (privacy unused)
    indexed: bool = False
    order: str = "words"  # words | person: persons are sorted by given name, as Vietnamese lists are
    in_list: bool = False
    width: str = "normal"  # short | normal | wide
    target_form: str = ""  # for RECORD
    columns: tuple[Field, ...] = ()  # for ROWS
    derive: Derivation | None = None

    @property
    def choice_titles(self) -> Mapping[str, str]:
        return {choice.key: choice.title for choice in self.choices}

    def column(self, key: str) -> Field:
        """The column ``key`` of a ROWS field. Raises KeyError."""
        for item in self.columns:
            if item.key == key:
                return item
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared cross-field rule; ``kind`` is one of catalog.rules.KINDS, ``args`` its words."""

    key: str
    kind: str
    args: Mapping[str, Any]
    severity: Severity
    message: str  # Vietnamese; {field_key} is filled with that field's title
    fields: tuple[str, ...] = ()  # where the form shows it


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    title: str
    short_title: str
    area: int  # 1..8
    version: int
    event_date: str  # key of a DATE or MONTH field
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()
    share_rows: bool = False
    label: tuple[str, ...] = ()  # fields that name a record in lists, links and messages
    report_columns: tuple[str, ...] = ()  # fields of the report table, in order
    profiles: tuple[str, ...] = ()  # office profiles whose screens offer it; empty: all
    help: str = ""
    keep_next: tuple[str, ...] = ()  # fields that a next record starts with as they stand (besides date and unit)

    def field(self, key: str) -> Field:
        """The field ``key``. Raises KeyError."""
        for item in self.fields:
            if item.key == key:
                return item
        raise KeyError(key)

    def has_field(self, key: str) -> bool:
        return any(item.key == key for item in self.fields)

    @property
    def list_fields(self) -> tuple[Field, ...]:
        return tuple(item for item in self.fields if item.in_list)


@dataclass(frozen=True, slots=True)
class Area:
    number: int
    title: str
    short_title: str
    plan_words: tuple[str, ...] = ()  # folded phrases by which plan texts are matched to the area


class IndicatorKind(StrEnum):
    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"
    LATEST = "latest"
    RATIO = "ratio"
    OPEN_AT = "open_at"
    LATEST_ROW = "latest_row"
    WITHIN_TERM = "within_term"
    MONTHS_MEETING_MINIMUM = "months_meeting_minimum"


class Rollup(StrEnum):
    SUM = "sum"
    LATEST = "latest"
    WEIGHTED = "weighted"  # ratios: numerators and denominators are summed
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a record; all filters of an indicator, rule or case must hold.

    ``op``: eq, in, not_in, contains (multi_choice), is_set, not_set, gte, lte, gt, lt, true, false (false: also
    when empty). A comparison with an empty value never holds. ``value`` may be ``{"field": other}``. When the
    source is a rows field (``form.rows_field``), ``field`` is a column of it, or ``record.<field>`` of the record.
    """

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Also:
    """A further place where DISTINCT and MONTHS_MEETING_MINIMUM find values: counted once, wherever they stand."""

    source: str  # form key
    field: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    key: str
    code: str  # DOMAIN §8.4, e.g. "6.01"
    area: int  # 0 = context
    title: str
    unit: str  # "văn bản", "%", ...
    kind: IndicatorKind
    source: str = ""  # form key, or form.rows_field
    fields: tuple[str, ...] = ()  # SUM, LATEST_ROW, OPEN_AT (optional): fields added; DISTINCT/LATEST: the one field
    minus: tuple[str, ...] = ()  # SUM: fields taken off
    filters: tuple[Filter, ...] = ()
    split: str = ""  # a choice field (or multi_choice) by which the value is broken down
    date_field: str = ""  # empty: the form's event date
    done_field: str = ""  # WITHIN_TERM: date compared with due_field; OPEN_AT: closing date
    due_field: str = ""
    # OPEN_AT: start: open before the window begins; end: open when it ends; during: opened by its end and not closed
    # before its start (all that had to be handled in it: start + what came in).
    # LATEST_ROW: the fields of the newest row of every record, of those dated (date_field, a column) up to the end of
    # the window; records done (done_field, a record.<field>) before the window do not count.
    # LATEST: fields[0] of every record of each unit's latest event date in the window, added up (a month form has one
    # record per field of work); start: of the earliest date instead; until: of the latest date up to the window's end,
    # however long before (context figures, which stay true until a newer one)
    at: str = "end"
    numerator: str = ""  # RATIO: indicator key
    denominator: str = ""  # RATIO: indicator key, or "villages" | "units" | "context:<figure>"
    # MONTHS_MEETING_MINIMUM: {"term": legal term key}: the months of the window in which the distinct values of
    # fields[0] (a date) reach catalog.terms.monthly_minimum(...) for that month
    minimum: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Also, ...] = ()  # DISTINCT, MONTHS_MEETING_MINIMUM: further sources of the same values
    scale: int = 0
    rollup: Rollup = Rollup.SUM
    optional: bool = False  # nobody is asked about it when there is no data; it is then simply not shown
    profiles: tuple[str, ...] = ()  # office profiles it concerns; empty: all
    retired: str = ""  # why it is counted no more and what took its place; its key stays readable in older reports
    unprinted: str = ""  # why no report prints it (a part of a ratio, say); the page of indicators still shows it
    definition_hash: str = ""  # SHA-256 of the canonical computing parts (not of titles)

    def concerns(self, profile: str) -> bool:
        """Whether an office of this profile counts it today."""
        return not self.retired and (not self.profiles or profile in self.profiles)


@dataclass(frozen=True, slots=True)
class DueRule:
    """``rule`` before: the last day is the day before (day, month); by: that day itself; none."""

    rule: str = "none"
    day: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of a regime: its data window and its due date, kept apart (DESIGN §8.3)."""

    period_kind: str  # half_year | year | nine_months | quarter | month | range | thematic (chosen task areas)
    window_from: tuple[int, int, int] | None  # (year offset, month, day); None: the period itself
    window_to: tuple[int, int, int] | None
    due: DueRule
    abstract: str  # trích yếu with {placeholders}
    outline: str


@dataclass(frozen=True, slots=True)
class Regime:
    key: str
    title: str
    version: int
    reporter_profiles: tuple[str, ...]
    addressees: tuple[str, ...]  # with {parent}, {via} placeholders
    cycles: tuple[Cycle, ...]
    basis: str = ""
    recipients: tuple[str, ...] = ()
    receiver_profiles: tuple[str, ...] = ()  # kinds of office that such reports come in at

    def cycle(self, period_kind: str) -> Cycle | None:
        return next((item for item in self.cycles if item.period_kind == period_kind), None)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence template: ``text`` with {figure} places, used when its condition holds.

    ``when`` tells which state of the figures in ``requires`` it is for (empty in TOML: all figures of the text):
    any: at least one has a value other than 0; all: every one has a value other than 0; nil: every one is 0 or
    confirmed "không phát sinh"; no_data: every one is without data; always: whatever their state.
    ``phrase`` of a nil sentence stands in place of its text: all that hold are said in one sentence.
    """

    key: str
    text: str
    when: str = "any"
    requires: tuple[str, ...] = ()  # figure keys
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """Records proposed by name in a section: the first ``most`` that pass ``filters``, by ``order`` (largest, newest
    first). ``text`` has {field} places of open fields and [parts] left out when a field of theirs is empty."""

    key: str
    form: str
    lead: str  # "Tiêu biểu có mô hình"
    text: str
    order: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    most: int = 3


@dataclass(frozen=True, slots=True)
class OutlineSection:
    key: str
    title: str
    level: int  # 1: I, II  2: 1, 2  3: a, b
    area: int | None = None
    optional: bool = False
    manual: bool = False  # the officer writes it (assessment, tasks, proposals)
    profiles: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    examples: tuple[Example, ...] = ()
    prompt: str = ""  # help for the officer; for manual sections


@dataclass(frozen=True, slots=True)
class Outline:
    key: str
    title: str
    version: int
    opening: str
    sections: tuple[OutlineSection, ...]
    annexes: tuple[AnnexTable, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class LegalTerm:
    """One effective-dated term. ``unit``: day | working_day | month | count_per_week | count_per_month."""

    key: str
    title: str
    value: int
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    when: Mapping[str, Any] = field(default_factory=dict)  # e.g. {"complex": true}
    direction: str = "after"  # after | before the starting date


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """A form whose records are activities; ``people`` names the number field by which a twin is recognised."""

    form: str
    people: str


@dataclass(frozen=True, slots=True)
class Check:
    """A cross-check of a report's numbers (DOMAIN §8.7); ``kind`` is one of catalog.read_checks.KINDS.

    ``message`` is the Vietnamese sentence with {places} of its kind. Which other words a kind uses stands in
    docs/checks.md; a check without the right ``profiles`` or ``period_kinds`` is not run.
    """

    key: str
    kind: str
    severity: Severity
    message: str
    title: str
    left: tuple[str, ...] = ()  # figure keys, added up
    right: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()  # empty: all that the kind can look at
    percent: int = 0
    minimum: int = 0
    maximum: int = 0
    activities: tuple[ActivityForm, ...] = ()
    period_kinds: tuple[str, ...] = ()  # empty: all
    profiles: tuple[str, ...] = ()  # empty: all
    source: str = ""  # where the rule stands


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day off, or a working make-up day, with its source. ``confirmed`` false: shown as a guess."""

    day: date
    working: bool
    title: str
    source: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Catalog:
    version: str  # "2026.1"
    format: int
    areas: tuple[Area, ...]
    forms: Mapping[str, Form]  # in catalogue order
    indicators: Mapping[str, Indicator]
    outlines: Mapping[str, Outline]
    regimes: Mapping[str, Regime]
    terms: tuple[LegalTerm, ...]
    calendar: tuple[DayMark, ...]
    hash: str  # SHA-256 of the canonical source data
    checks: tuple[Check, ...] = ()
    desks: tuple[Desk, ...] = ()
    registers: Mapping[str, Register] = field(default_factory=dict)
    declared: tuple[DeclaredPart, ...] = ()
    papers: Mapping[str, PaperTemplate] = field(default_factory=dict)
    charts: tuple[ChartPlan, ...] = ()
    scoring: Mapping[str, ScoringScheme] = field(default_factory=dict)

    def area(self, number: int) -> Area:
        return next(item for item in self.areas if item.number == number)

    def forms_of(self, area: int, profile: str = "") -> tuple[Form, ...]:
        """The forms of an area; with ``profile`` only those offered to that kind of office."""
        return tuple(
            form
            for form in self.forms.values()
            if form.area == area and (not profile or not form.profiles or profile in form.profiles)
        )
