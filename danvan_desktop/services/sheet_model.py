"""A sheet on its way in: opened, judged, taken in, taken back. Frozen values for screens and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..catalog.model import Json, Severity
from ..kernel import vi
from ..kernel.changes import Changes
from ..render.sheet_read import Workbook
from ..store.imports import ImportRow
from .sheet_cells import NOTES
from .sheet_layout import Layout
from .sheet_rows import Conversion, ReadRows, SheetProblem

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True)
class OpenedSheet:
    """A file read, texts in Unicode; nothing of it has been kept."""

    name: str
    sha256: str
    book: Workbook = field(repr=False)
    conversions: tuple[Conversion, ...] = ()
    data: bytes = field(default=b"", repr=False)
    form: str | None = None
    """The form of our template, or the one its headings fit best."""
    template: bool = False


@dataclass(frozen=True)
class CheckedRow:
    row: int
    values: Mapping[str, Json] = field(repr=False)
    unit: str
    villages: tuple[str, ...]
    areas: tuple[int, ...]
    note: str = field(repr=False)
    problems: tuple[SheetProblem, ...] = ()

    @property
    def good(self) -> bool:
        return all(item.severity is not Severity.ERROR for item in self.problems)


@dataclass
class Absent:
    """What the rows lack because the sheet has no column for it: told once, not row by row."""

    fields: dict[str, int] = field(default_factory=dict)
    """Needed fields: key → rows without them. A draft may lack them; a final record may not."""
    advice: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Sentence of a warning or note → (how many rows, first row from 1)."""


@dataclass(frozen=True)
class CheckedSheet:
    """Every row judged; nothing written yet."""

    opened: OpenedSheet
    layout: Layout
    final: bool
    rows: tuple[CheckedRow, ...]
    read: ReadRows
    absent: Absent = field(default_factory=lambda: Absent())

    @property
    def problems(self) -> list[SheetProblem]:
        """All of them, in the order of the sheet."""
        return [*(item for row in self.rows for item in row.problems), *self.read.problems]

    @property
    def worst_first(self) -> list[SheetProblem]:
        """:attr:`problems` with errors before warnings before notes, each in the order of the sheet."""
        return sorted(self.problems, key=lambda item: _ORDER.index(item.severity))

    @property
    def errors(self) -> list[SheetProblem]:
        return [item for item in self.problems if item.severity is Severity.ERROR]

    @property
    def good(self) -> int:
        return sum(row.good for row in self.rows)

    def remarks(self, titles: Mapping[str, str] | None = None) -> list[str]:
        """Sentences about what was understood, converted and left out. ``titles``: of fields, by key."""
        lines = []
        if self.absent.fields:
            named = ", ".join(f"“{(titles or {}).get(key, key)}”" for key in self.absent.fields)
            lines.append(f"tệp không có cột cho mục bắt buộc {named}: dự thảo để trống, nhập thêm khi ghi chính thức")
        for advice, (count, first) in self.absent.advice.items():
            lines.append(f"{advice.rstrip('.')}: {vi.number(count)} dòng, từ dòng {first}")
        for encoding in ("tcvn3", "vni"):
            found = [c for c in self.opened.conversions if c.encoding == encoding]
            if found:
                lines.append(f"{NOTES[encoding]}: {vi.number(len(found))} ô, ví dụ “{found[0].before[:30]}” → "
                             f"“{found[0].after[:30]}”")  # fmt: skip
        lines += [
            f"{NOTES.get(key, key)}: {vi.number(count)} ô, từ {where}"
            for key, (count, where) in self.read.notes.items()
        ]
        kinds: dict[str, list[int]] = {}
        for number, why in self.read.skipped:
            kinds.setdefault(why, []).append(number + 1)
        for why, numbers in kinds.items():
            shown = ", ".join(map(str, numbers[:10])) + ("…" if len(numbers) > 10 else "")
            lines.append(f"bỏ qua {why}: dòng {shown}")
        return [line[:1].upper() + line[1:] + "." for line in lines]


@dataclass(frozen=True)
class Imported:
    id: str
    record_ids: tuple[str, ...]
    left_out: int
    changes: Changes


@dataclass(frozen=True)
class ImportEntry:
    """An import as a list shows it."""

    row: ImportRow
    form: str
    """The short title of its form."""
    untouched: int
    """Records nobody has changed since: these go when it is undone."""
    reports: tuple[str, ...]
    """The frozen reports that count its records: while there are any, it cannot be undone."""

    @property
    def undoable(self) -> bool:
        return self.row.undone_at is None and not self.reports


@dataclass(frozen=True)
class Undone:
    id: str
    moved: int
    kept: int
    """Records changed or deleted since: they stay as they are."""
    changes: Changes
