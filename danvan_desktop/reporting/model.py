"""A report as values: what is drafted, frozen, rendered and sent.

A :class:`ReportDocument` holds everything that is printed and nothing that comes later: number, date and
signer are an :class:`Issue`, kept apart, so that PDF = f(frozen document, issue) (DESIGN §2.6).
All texts are NFC; all numbers in texts are already written in the Vietnamese way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..kernel.canonical import canonical_bytes, parse_json, sha256_hex
from ..kernel.errors import Refused

FORMAT = 1
_T = TypeVar("_T")
# A field that came after format 1: left out of the bytes while it is empty, so that what was frozen before reads and
# hashes as it did (docs/report-format.md).
LATER = MappingProxyType({"later": True})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph; ``figure`` binds it to a figure key (then ``text`` is that figure as printed)."""

    text: str
    figure: str | None = None
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``style``: body | bullet ("- ...") | plus ("+ ...")."""

    key: str
    runs: tuple[Run, ...]
    style: str = "body"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """``mark`` is the printed number ("II.", "1.", "a)"); ``level`` 1..3 (NĐ 30/2020, style b of headings)."""

    key: str
    level: int
    mark: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    manual: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its origin (DESIGN §8.6). ``value`` is an integer at ``scale``; None unless state is ``value``.

    ``state``: value | nil (confirmed "không phát sinh") | no_data ("chưa có số liệu") | undefined (ratio over 0: "–").
    ``source``: records | report | spreadsheet | declared | mixed | missing.
    """

    key: str  # indicator, or indicator/split
    indicator: str
    definition_hash: str
    title: str
    unit: str
    scale: int = 0
    split: str | None = None
    value: int | None = None
    state: str = "no_data"
    estimate: bool = False
    previous: int | None = None
    target: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    source: str = "missing"
    reason: str | None = None
    footnote: str | None = None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``groups``: titles above the column's own, from the top; neighbours under the same titles share one cell.

    ``figures``: the column's number is the sum of these figures; ``sums``: or of these columns of the same row.
    """

    key: str
    title: str
    width: int
    align: str = "left"  # left | center | right
    groups: tuple[str, ...] = field(default=(), metadata=LATER)
    figures: tuple[str, ...] = field(default=(), metadata=LATER)
    sums: tuple[str, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True, slots=True)
class TableRow:
    key: str
    cells: tuple[str, ...]
    kind: str = "row"  # row | total | group (one cell over the whole width) | numbers (of the columns)


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One kind of bar, or one line; a value is an integer at the chart's scale, None where there is none."""

    title: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All a chart shows. ``kind``: bar | trend (``labels`` are periods, oldest first) | share (of their sum)."""

    key: str
    title: str
    kind: str
    unit: str
    scale: int
    labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    key: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    landscape: bool = False
    note: str = ""
    charts: tuple[Chart, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the first page (NĐ 30/2020, Phụ lục I; DOMAIN §1.2, §1.5)."""

    superior_lines: tuple[str, ...]  # upright capitals; may be empty
    issuer_lines: tuple[str, ...]  # bold capitals
    symbol: str  # "BC-UBND": printed "Số:      /BC-UBND"
    place: str  # "Vĩnh Thủy"
    type_name: str  # "BÁO CÁO"
    abstract: str  # trích yếu; may hold a line break
    addressees: tuple[str, ...] = ()  # Kính gửi


@dataclass(frozen=True, slots=True)
class Signature:
    """``authority_lines``: e.g. ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") (DOMAIN §1.4)."""

    authority_lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class ReportDocument:
    id: str  # report id, the same for all revisions
    revision: int  # 1, 2, ...
    regime: str
    period: str
    window_from: str  # ISO dates
    window_to: str
    office_id: str
    office_name: str
    head: Head
    bases: tuple[str, ...]
    opening: tuple[Paragraph, ...]
    sections: tuple[ReportSection, ...]
    closing: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...]
    signature: Signature
    recipients: tuple[str, ...]  # Nơi nhận, without dashes and end marks
    figures: tuple[Figure, ...]
    catalog_version: str
    catalog_hash: str
    format: int = FORMAT
    kind: str = "report"
    due_on: str | None = None
    replaces: str | None = None  # SHA-256 of the frozen bytes this revision replaces
    rows: Mapping[str, Any] = field(default_factory=dict)  # form key → list of open rows (share_rows forms only)

    @property
    def arrangement(self) -> Literal["named"]:
        """How it is laid out (printable.Arrangement); no member of the frozen bytes."""
        return "named"

    @property
    def countersignature(self) -> Signature | None:
        return None

    def figure(self, key: str) -> Figure | None:
        return next((item for item in self.figures if item.key == key), None)


@dataclass(frozen=True, slots=True)
class Issue:
    """What comes after freezing: number and date. A document without an issue prints blanks to fill by hand."""

    number: int | None = None
    date: str | None = None  # ISO
    mode: str = "paper"  # paper | electronic
    demo: bool = False  # demo homes are marked on every page


def to_json(value: Any) -> Any:
    """Dataclasses, tuples and mappings as plain JSON values."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_json(given)
            for item in fields(value)
            if (given := getattr(value, item.name)) or "later" not in item.metadata
        }
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return value


def _bad(where: str) -> Refused:
    return Refused(
        "report_invalid", f"Dữ liệu báo cáo không đúng khuôn dạng (tại “{where}”); không có gì được nhận vào."
    )


class _Misfit(Exception):
    """A value of another form than its type; ``where`` grows from the inside out."""

    def __init__(self, where: str = "") -> None:
        super().__init__()
        self.where = where


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of ``kind`` from plain JSON: a report has thousands of values, so types are looked at once."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        inner = _reader(next(arg for arg in get_args(kind) if arg is not NoneType))
        return _optional(inner) if NoneType in get_args(kind) else inner
    if origin is tuple:
        return _many(_reader(get_args(kind)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _plain(dict)
    return _whole(kind) if is_dataclass(kind) else _plain(kind)


def _optional(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else inner(value)


def _many(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise _Misfit
        made: list[Any] = []
        try:
            for item in value:
                made.append(inner(item))
        except _Misfit as error:
            error.where = f"[{len(made)}]{error.where}"
            raise
        return tuple(made)

    return read


def _whole(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {item.name: _reader(hints[item.name]) for item in fields(kind)}
    later = frozenset(item.name for item in fields(kind) if "later" in item.metadata)
    first = readers.keys() - later

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _Misfit
        if value.keys() != first and (strange := sorted(value.keys() ^ (first | (value.keys() & later)))):
            raise _Misfit(f": {', '.join(strange)}")
        made: dict[str, Any] = {}
        name = ""
        try:
            for name, given in value.items():
                made[name] = readers[name](given)
                if name in later and not made[name]:  # one way only to write the same report
                    raise _Misfit
        except _Misfit as error:
            error.where = f".{name}{error.where}"
            raise
        return kind(**made)

    return read


def _plain(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise _Misfit
        return value

    return read


def _read(kind: Any, value: Any, where: str) -> Any:
    try:
        return _reader(kind)(value)
    except _Misfit as error:
        raise _bad(f"{where}{error.where}") from None


def from_json(kind: type[_T], value: Any, where: str = "value") -> _T:
    """A dataclass of this room from plain JSON values, keys and types checked. Raises Refused ``report_invalid``."""
    result = _read(kind, value, where)
    assert isinstance(result, kind)
    return result


def freeze(document: ReportDocument) -> bytes:
    """The canonical bytes of a document: from here on they do not change."""
    return canonical_bytes(to_json(document))


def thaw(data: bytes) -> ReportDocument:
    """The document of frozen bytes, every key and type checked. Raises Refused ``format_newer``, ``report_invalid``."""
    value = parse_json(data)
    if not isinstance(value, dict) or not isinstance(value.get("format"), int):
        raise _bad("format")
    if value["format"] > FORMAT:
        raise Refused(
            "format_newer",
            "Báo cáo này do phiên bản mới hơn của chương trình lập; hãy cập nhật chương trình rồi mở lại.",
        )
    document = _read(ReportDocument, value, "report")
    assert isinstance(document, ReportDocument)
    return document


def document_hash(data: bytes) -> str:
    """SHA-256 (hexadecimal) of frozen bytes: the identity of this revision."""
    return sha256_hex(data)
