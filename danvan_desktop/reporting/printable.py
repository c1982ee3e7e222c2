"""What the rooms that print need to know of a paper: a report has it, and so has every other paper of the office."""

from __future__ import annotations

from typing import Literal, Protocol

from .model import Annex, Head, Paragraph, ReportSection, Signature

Arrangement = Literal["named", "letter", "minutes"]
"""named: type and trích yếu in the middle (NĐ 30/2020, Mẫu 1.4); letter: "V/v ..." under the number (Mẫu 1.5);
minutes: two signatures side by side (Mẫu 1.9)."""


class Printable(Protocol):
    """A paper as it is printed; dates are ISO. ``window_to``, ``due_on``: only the year printed before the date is
    known is taken from them."""

    @property
    def head(self) -> Head: ...
    @property
    def bases(self) -> tuple[str, ...]: ...
    @property
    def opening(self) -> tuple[Paragraph, ...]: ...
    @property
    def sections(self) -> tuple[ReportSection, ...]: ...
    @property
    def closing(self) -> tuple[Paragraph, ...]: ...
    @property
    def annexes(self) -> tuple[Annex, ...]: ...
    @property
    def signature(self) -> Signature: ...
    @property
    def countersignature(self) -> Signature | None:
        """Who signs on the left (the secretary of minutes)."""
        ...

    @property
    def recipients(self) -> tuple[str, ...]: ...
    @property
    def office_name(self) -> str: ...
    @property
    def window_to(self) -> str: ...
    @property
    def due_on(self) -> str | None: ...
    @property
    def arrangement(self) -> Arrangement: ...
