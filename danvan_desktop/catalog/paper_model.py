"""Papers of an office other than reports, as declared: what they are called, what they say, what they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .annex_model import AnnexTable
    from .model import Filter

SOURCES = ("record", "records", "plan", "late_reports", "late_tasks", "issued")
"""record: one record of a form; records: a list of them; plan: the plan as kept; late_reports: offices that have not
sent the report of a period; late_tasks: tasks of the plan whose last day has passed; issued: a report with number."""

LAYOUTS = ("named", "letter", "minutes")
OFFICE_WORDS = ("office", "parent", "via", "place", "drafting_unit", "year", "today")
LIST_WORDS = ("count", "period")
LATE_WORDS = ("until", "due")
LATE_ROW_WORDS = ("unit", "subject", "due", "days", "state")
ISSUED_WORDS = ("kind", "number", "issued_on", "about", "addressee")
RECORD_WORDS = ("unit", "villages")
ROWS = "rows"
"""The rows of a list: records, or what is late; in a paper of one record its own fields of rows are named instead."""


@dataclass(frozen=True, slots=True)
class PaperSection:
    """``text``: its paragraphs, a line each; ``each`` with ``row``: one line for every row that ``where`` lets through.
    An ``optional`` section goes when it has no row, and no text of its own stands in it. ``label`` names an untitled
    one on screen."""

    key: str
    title: str = ""
    level: int = 1
    label: str = ""
    text: str = ""
    each: str = ""
    row: str = ""
    where: tuple[Filter, ...] = ()
    none: str = ""  # said when there is no row
    optional: bool = False

    @property
    def shown(self) -> str:
        return self.title or self.label


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """``abbreviation``: letters of the type (NĐ 30/2020, Phụ lục III), empty for a letter; ``personal``: the fields
    that are not open and yet printed, named one by one; ``addressees_each``: the word of the rows that names an
    addressee; ``answer_days``: working days until the new date a letter sets; ``chair``, ``secretary``: titles above
    the two signatures of minutes."""

    key: str
    title: str
    version: int
    layout: str
    source: str
    form: str
    type_name: str
    abbreviation: str
    abstract: str
    addressees: tuple[str, ...] = ()
    addressees_each: str = ""
    bases: tuple[str, ...] = ()
    opening: str = ""
    sections: tuple[PaperSection, ...] = ()
    annex: AnnexTable | None = None
    closing: str = ""
    recipients: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    answer_days: int = 5
    chair: str = ""
    secretary: str = ""
