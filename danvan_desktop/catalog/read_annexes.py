"""Reading ``[[annex]]`` tables; the sums of a statistical form are checked before anybody counts by them."""

from __future__ import annotations

from collections.abc import Mapping

from .annex_model import UNIT_SHOWS, AnnexColumn, AnnexTable, Identity
from .model import Check, Form, Privacy, Severity
from .read_forms import COMMON_FIELDS
from .read_texts import Figures, check_figure, check_text
from .reader import Table

INDICATOR_COLUMNS = ("no", "code", "title", "unit", "value", "previous", "change", "target")
RECORD_COLUMNS = ("no", "unit", "villages")
SCORING_COLUMNS = ("code", "text", "max", "score", "evidence")
FORM_KINDS = ("form", "units")
_ALIGNS = ("left", "center", "right")


def read_annex(table: Table, forms: Mapping[str, Form], figures: Figures) -> AnnexTable:
    """One ``[[annex]]``. Tables of records show open fields only."""
    kind = table.word("kind", ("records", "indicators", *FORM_KINDS, "scoring"))
    read = _read_form_column if kind in FORM_KINDS else _read_column
    columns = tuple(read(item) for item in table.tables("column"))
    annex = AnnexTable(
        key=table.key(),
        title=check_text(table, "title", table.text("title"), None),
        kind=kind,
        form=table.key("form", ""),
        indicators=_added(columns) if kind in FORM_KINDS else table.texts("indicators", ()),
        columns=columns,
        landscape=table.yes_no("landscape"),
        optional=table.yes_no("optional") or kind in ("units", "scoring"),
        identities=tuple(_read_identity(item) for item in table.tables("identity")),
        note=table.text("note", "", empty=True),
    )
    table.finish()
    for figure in annex.indicators:
        check_figure(table, "indicators", figure, figures)
    if not columns or len({item.key for item in columns}) != len(columns):
        table.fail("column", "cần có cột, mỗi cột một khóa")
    if annex.identities and kind not in FORM_KINDS:
        table.fail("identity", "chỉ dùng cho biểu thống kê")
    if kind in FORM_KINDS:
        _check_form(table, annex)
        return annex
    if kind == "indicators":
        strange = [item.key for item in columns if item.key not in INDICATOR_COLUMNS]
    elif kind == "scoring":
        strange = [item.key for item in columns if item.key not in SCORING_COLUMNS]
    else:
        if annex.form not in forms:
            table.fail("form", f"không có biểu “{annex.form[:60]}”")
        strange = [item.key for item in columns if not may_stand(forms[annex.form], item.key)]
    if strange:
        table.fail("column", f"không có cột “{strange[0][:60]}” hoặc cột không phải loại công khai")
    return annex


def _added(columns: tuple[AnnexColumn, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure for item in columns for figure in item.figures))


def _read_column(table: Table) -> AnnexColumn:
    column = AnnexColumn(
        key=table.text("key"),
        title=table.text("title"),
        width=table.integer("width", low=1, high=1000),
        align=table.word("align", _ALIGNS, "left"),
    )
    table.finish()
    return column


def _read_form_column(table: Table) -> AnnexColumn:
    """A column with its number on the paper (``no = 4``), or one that shows the office of the row (``show``)."""
    shows = table.word("show", UNIT_SHOWS, "")
    if shows:
        column = AnnexColumn(
            key=shows,
            title=table.text("title"),
            width=table.integer("width", 10, low=1, high=1000),
            align=table.word("align", _ALIGNS, "left"),
            groups=table.texts("groups", ()),
        )
        table.finish()
        return column
    sums = table.raw("sums", [])
    if not isinstance(sums, list) or not all(type(item) is int for item in sums):
        table.fail("sums", "phải là danh sách số của cột, ví dụ [4, 13, 22]")
    column = AnnexColumn(
        key=column_key(table.integer("no", low=1, high=99)),
        title=table.text("title"),
        width=table.integer("width", 4, low=1, high=1000),
        align="right",
        groups=table.texts("groups", ()),
        figures=table.texts("figures", ()),
        sums=tuple(column_key(item) for item in sums),
        detail=table.yes_no("detail"),
    )
    table.finish()
    if bool(column.figures) == bool(column.sums):
        table.fail("figures", "cột cần có số liệu (figures) hoặc tổng các cột (sums), một trong hai")
    return column


def _read_identity(table: Table) -> Identity:
    total = column_key(table.integer("total", low=1, high=99))
    parts = table.raw("parts", [])
    if not isinstance(parts, list) or not parts or not all(type(item) is int for item in parts):
        table.fail("parts", "phải là danh sách số của cột, ví dụ [11, 12, 13]")
    table.finish()
    return Identity(total, tuple(column_key(item) for item in parts))


def column_key(number: int) -> str:
    """The key of the column with ``number`` on the paper."""
    return f"c{number}"


def _check_form(table: Table, annex: AnnexTable) -> None:
    """Numbers 1 to n without a gap; sums of other columns, in no circle, never of an "of which"; groups together."""
    numbered = [item for item in annex.columns if item.key not in UNIT_SHOWS]
    if [item.key for item in numbered] != [column_key(at) for at in range(1, len(numbered) + 1)]:
        table.fail("column", "các cột phải đánh số liên tục từ 1 theo thứ tự in")
    known = {item.key: item for item in numbered}
    added = [(item.key, item.sums) for item in numbered] + [(item.total, item.parts) for item in annex.identities]
    for total, parts in added:
        for part in (total, *parts):
            if part not in known:
                table.fail("column", f"không có cột {part[1:]}")
        if len(set(parts)) != len(parts) or total in parts:
            table.fail("column", f"cột {total[1:]} cộng một cột hai lần hoặc cộng chính nó")
        if again := next((part for part in parts if known[part].detail and not known[total].detail), None):
            table.fail("column", f"cột {again[1:]} là số “trong đó”, không được cộng vào cột {total[1:]}")
    for start in known:
        _follow(table, known, start, ())
    seen: dict[tuple[str, ...], int] = {}
    for at, item in enumerate(annex.columns):
        for level in range(1, len(item.groups) + 1):
            path = item.groups[:level]
            if seen.get(path, at - 1) != at - 1:
                table.fail("groups", f"các cột chung tiêu đề “{path[-1]}” phải đứng liền nhau")
            seen[path] = at


def _follow(table: Table, known: Mapping[str, AnnexColumn], key: str, path: tuple[str, ...]) -> None:
    if key in path:
        table.fail("sums", f"cột {key[1:]} cộng vòng tròn")
    for part in known[key].sums:
        _follow(table, known, part, (*path, key))


def identity_checks(annexes: Mapping[str, AnnexTable]) -> dict[str, Check]:
    """The identities of the forms as cross-checks of a report's numbers, by key."""
    checks: dict[str, Check] = {}
    for annex in annexes.values():
        for at, item in enumerate(annex.identities, 1):
            total, parts = item.total[1:], ", ".join(part[1:] for part in item.parts)
            name = annex.title.partition(":")[0].partition("{")[0].strip()
            key = f"{annex.key}_identity_{at}"
            checks[key] = Check(
                key=key,
                kind="sum_equals",
                severity=Severity.WARNING,
                title=f"{name}: cột {total} bằng tổng các cột {parts}",
                message=f"{name}: cột {total} là {{left_value}}, khác tổng các cột {parts} ({{right_value}}).",
                left=annex.figures_of(item.total),
                right=tuple(figure for part in item.parts for figure in annex.figures_of(part)),
                source="Biểu thống kê kèm báo cáo",
            )
    return checks


def may_stand(form: Form, key: str) -> bool:
    """Whether a field of ``form`` may be printed in a report: open, whatever else the record says."""
    if key in RECORD_COLUMNS:
        return True
    if key in COMMON_FIELDS or not form.has_field(key):
        return False
    field = form.field(key)
    return field.privacy is Privacy.OPEN and field.class_when is None
