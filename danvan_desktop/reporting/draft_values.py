"""The draft of a report as values: what is stored while people work on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import squeeze
from .estimates import Estimate
from .model import LATER, Annex, Figure, Head, Paragraph, ReportSection, Signature, from_json, to_json
from .texts import plain_text, skeleton

DRAFT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class PlanReference:
    """The plan a report answers to; ``issued_on`` ISO or None; ``bases``: its "Căn cứ" lines for the head."""

    title: str
    number_symbol: str = ""
    issued_on: str | None = None
    issuer: str = ""
    bases: tuple[str, ...] = ()

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> PlanReference:
        """From the body of an imported plan (keys title, number_symbol, issued_on, issuer, bases)."""
        return cls(
            title=str(body.get("title") or ""),
            number_symbol=str(body.get("number_symbol") or ""),
            issued_on=body.get("issued_on") or None,
            issuer=str(body.get("issuer") or ""),
            bases=tuple(str(item) for item in body.get("bases") or ()),
        )

    def citation(self, own: str = "") -> str:
        """The full first citation (NĐ 30/2020, Phụ lục I, mục II.6.b): type, number, date, issuer, subject.

        The issuer is written out ("Ủy ban nhân dân"); where it is ``own``, the office that speaks, it is not repeated.
        """
        subject = squeeze(self.title).replace("\n", " ")
        if subject.casefold().startswith("kế hoạch"):
            subject = subject[len("kế hoạch") :].strip()
        subject = subject.removeprefix("về ").removeprefix("Về ")
        subject = subject[:1].lower() + subject[1:]
        number = squeeze(self.number_symbol)
        named = re.sub(r"^UBND\b", "Ủy ban nhân dân", squeeze(self.issuer))
        issuer = f" của {named}" if named and named.casefold() != squeeze(own).casefold() else ""
        if not number or number.startswith("/"):
            return squeeze(f"Kế hoạch {subject}{issuer}")
        try:
            issued = f" ngày {vi.day(date.fromisoformat(self.issued_on or ''))}"
        except ValueError:
            issued = ""
        return squeeze(f"Kế hoạch số {number}{issued}{issuer}{f' về {subject}' if subject else ''}")


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section under work. ``drafted``: how the program wrote it (skeleton), to know an officer's hand;
    ``carried``: text taken over from the report before, to be reworked ("cần rà soát") while it still stands."""

    key: str
    level: int
    mark: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    manual: bool = False
    optional: bool = False
    prompt: str = ""
    drafted: str = ""
    carried: str = ""

    @property
    def edited(self) -> bool:
        """Whether a person has changed the words (a refreshed number is no change)."""
        return skeleton(self.paragraphs) != self.drafted

    @property
    def needs_review(self) -> bool:
        return bool(self.carried) and plain_text(self.paragraphs) == self.carried

    def frozen(self) -> ReportSection:
        """The section as the document has it."""
        return ReportSection(
            self.key,
            self.level,
            self.mark,
            self.title,
            self.paragraphs,
            self.manual,
            self.prompt if self.manual else "",
        )


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report under work; ``guarded``: figure keys under the small-numbers rule (DESIGN §8.12)."""

    regime: str
    period: str
    window_from: str
    window_to: str
    office_id: str
    office_name: str
    head: Head
    bases: tuple[str, ...]
    opening: tuple[Paragraph, ...]
    sections: tuple[DraftSection, ...]
    closing: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...]
    signature: Signature
    recipients: tuple[str, ...]
    figures: tuple[Figure, ...]
    guarded: tuple[str, ...]
    outline: str
    outline_version: int
    catalog_version: str
    catalog_hash: str
    opening_drafted: str = ""
    closing_drafted: str = ""
    due_on: str | None = None
    format: int = DRAFT_FORMAT
    estimates: tuple[Estimate, ...] = ()  # of an annual report
    charts: bool = field(default=False, metadata=LATER)  # whether an officer asked for the annex "Biểu đồ"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values for storage."""
        value = to_json(self)
        assert isinstance(value, dict)
        return value

    @classmethod
    def from_json(cls, value: Any) -> ReportDraft:
        """The stored draft. Raises Refused ``format_newer``, ``report_invalid``."""
        if isinstance(value, dict) and isinstance(value.get("format"), int) and value["format"] > DRAFT_FORMAT:
            raise Refused(
                "format_newer",
                "Dự thảo này do phiên bản mới hơn của chương trình lập; hãy cập nhật chương trình rồi mở lại.",
            )
        if isinstance(value, dict):  # drafts of before had none
            value = {"estimates": [], **value}
        return from_json(cls, value, "draft")

    def section(self, key: str) -> DraftSection | None:
        return next((item for item in self.sections if item.key == key), None)

    def figure(self, key: str) -> Figure | None:
        return next((item for item in self.figures if item.key == key), None)


def marks(levels: Sequence[int]) -> list[str]:
    """The printed numbers of headings: I. II. / 1. 2. / a) b), each counted anew under its parent."""
    counts = [0, 0, 0]
    result: list[str] = []
    for level in levels:
        depth = min(max(level, 1), 3) - 1
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (2 - depth)
        number = counts[depth]
        result.append(
            (f"{vi.roman(number)}.", f"{number}.", f"{vi.letter(number)})" if number < 24 else f"{number})")[depth]
        )
    return result


def kept(
    sections: Sequence[DraftSection], parents: Collection[str], *, final: bool = False
) -> tuple[DraftSection, ...]:
    """The sections that have something to say, marked anew. ``parents``: keys of sections that only head others.

    A parent goes with its last child; an optional section without text goes (``final``: also one meant to be written
    by hand and left empty).
    """
    result: list[DraftSection] = []
    below: dict[int, bool] = {}  # level → whether a kept section of it stands under the one now looked at
    for item in reversed(sections):
        carries = any(present for level, present in below.items() if level > item.level)
        if item.key in parents:
            stays = carries or bool(item.paragraphs) or (item.manual and not final)
        else:
            stays = carries or bool(item.paragraphs) or not item.optional or (item.manual and not final)
        for level in [level for level in below if level > item.level]:
            del below[level]
        if stays:
            below[item.level] = True
            result.append(item)
    result.reverse()
    numbers = marks([item.level for item in result])
    return tuple(replace(item, mark=mark) for item, mark in zip(result, numbers, strict=True))


def parents_of(levels: Sequence[tuple[str, int]]) -> frozenset[str]:
    """Keys of the sections that are followed by a deeper one."""
    return frozenset(key for (key, level), (_, after) in pairwise(levels) if after > level)
