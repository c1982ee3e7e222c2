"""Annex tables of a report: records of a form, or indicators (DOMAIN §8.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..catalog.annex_model import AnnexColumn, AnnexTable
from ..catalog.model import Catalog, Field, ValueType
from ..kernel import vi
from ..kernel.text import squeeze
from .figures import change_cell, number_text, printed, reached_cell, target_words
from .form_tables import refresh_form
from .model import Annex, Figure, TableColumn, TableRow

Rows = Sequence[Mapping[str, str]]
EMPTY = "Trong kỳ không có."
_NUMBER_TYPES = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)
_DEFAULT_COLUMNS = (
    AnnexColumn("no", "TT", 6, "center"),
    AnnexColumn("title", "Chỉ tiêu", 46),
    AnnexColumn("unit", "Đơn vị tính", 14, "center"),
    AnnexColumn("value", "Kỳ này", 12, "right"),
    AnnexColumn("previous", "Cùng kỳ", 12, "right"),
    AnnexColumn("change", "Tăng, giảm", 12, "right"),
)

_TARGET_COLUMNS = (
    AnnexColumn("target", "Kế hoạch năm", 12, "right"),
    AnnexColumn("reached", "Đạt so với kế hoạch", 12, "right"),
)


def make_annex(
    catalog: Catalog, table: AnnexTable, figures: Sequence[Figure], rows: Callable[[str], Rows] | Mapping[str, Rows]
) -> Annex:
    """One annex. ``rows``: form key → display texts by field key, with the record id under "id".

    A table that names its indicators shows those figures alone (``key`` or ``key/choice``); otherwise all, with splits.
    """
    if table.kind == "indicators":
        columns = table.columns or _DEFAULT_COLUMNS
        by_key = {item.key: item for item in figures}
        kept = [by_key[key] for key in table.indicators if key in by_key] if table.indicators else figures
        columns = _with_target(columns, kept)
        body = indicator_rows(catalog, kept, [item.key for item in columns])
    else:
        columns = table.columns or _form_columns(catalog, table.form)
        found = rows(table.form) if callable(rows) else rows.get(table.form, ())
        body = tuple(
            TableRow(
                row.get("id") or f"row_{number}",
                tuple(_cell(str(number) if column.key == "no" else row.get(column.key, "")) for column in columns),
            )
            for number, row in enumerate(found, 1)
        ) or (TableRow("empty", (EMPTY,), "group"),)
    return Annex(
        key=table.key,
        title=squeeze(table.title),
        columns=tuple(TableColumn(item.key, squeeze(item.title), item.width, item.align) for item in columns),
        rows=body,
        landscape=table.landscape,
        note=_note(figures, {row.key for row in body}) if table.kind == "indicators" else "",
    )


def _with_target(columns: Sequence[AnnexColumn], figures: Iterable[Figure]) -> tuple[AnnexColumn, ...]:
    """The columns, with the plan's target and how much of it is reached where a figure shown has one."""
    keys = [item.key for item in columns]
    if "target" in keys or "value" not in keys or all(item.target is None for item in figures):
        return tuple(columns)
    at = keys.index("value") + 1
    return (*columns[:at], *_TARGET_COLUMNS, *columns[at:])


def _cell(text: str) -> str:
    return squeeze(text)


def _form_columns(catalog: Catalog, form_key: str) -> tuple[AnnexColumn, ...]:
    form = catalog.forms[form_key]
    keys = form.report_columns or tuple(item.key for item in form.list_fields)
    return (AnnexColumn("no", "TT", 6, "center"), *(_form_column(form.field(key)) for key in keys))


def _form_column(item: Field) -> AnnexColumn:
    width = {"short": 12, "wide": 34}.get(item.width, 20)
    align = "right" if item.type in _NUMBER_TYPES else "center" if item.type is ValueType.DATE else "left"
    return AnnexColumn(item.key, item.title, width, align)


def indicator_rows(catalog: Catalog, figures: Iterable[Figure], columns: Sequence[str]) -> tuple[TableRow, ...]:
    """Rows keyed by figure key, under one group row per task area (keyed ``area_<number>``)."""
    by_area: dict[int, list[Figure]] = {}
    for figure in figures:
        indicator = catalog.indicators.get(figure.indicator)
        if indicator is not None and indicator.optional and figure.state in ("no_data", "undefined"):
            continue
        by_area.setdefault(indicator.area if indicator else 0, []).append(figure)
    titles = {item.number: item.title for item in catalog.areas}
    rows: list[TableRow] = []
    number = 0
    for area in sorted(by_area):
        if len(by_area) > 1 or area:
            rows.append(TableRow(f"area_{area}", (squeeze(titles.get(area, "Số liệu nền")),), "group"))
        for figure in by_area[area]:
            number += figure.split is None
            indicator = catalog.indicators.get(figure.indicator)
            fixed = {
                "no": str(number) if figure.split is None else "",
                "code": indicator.code if indicator and figure.split is None else "",
            }
            rows.append(TableRow(figure.key, _cells(figure, columns, fixed)))
    return tuple(rows)


def _cells(figure: Figure, columns: Sequence[str], fixed: Mapping[str, str]) -> tuple[str, ...]:
    title = figure.title if figure.split is None else "- " + figure.title.partition(": ")[2]
    cells = {
        **fixed,
        "title": title,
        "unit": figure.unit,
        "value": printed(figure, "table"),
        "previous": "" if figure.previous is None else number_text(figure.previous, figure.scale),
        "change": change_cell(figure),
        "target": "" if figure.target is None else number_text(figure.target, figure.scale),
        "target_words": target_words(figure),
        "reached": reached_cell(figure),
        "source": _source(figure),
        "note": figure.footnote or figure.reason or "",
    }
    return tuple(_cell(cells.get(key, "")) for key in columns)


def _source(figure: Figure) -> str:
    return {
        "records": "sổ theo dõi",
        "report": "báo cáo của đơn vị",
        "spreadsheet": "bảng tính của đơn vị",
        "declared": "số liệu khai báo",
        "mixed": "nhiều nguồn",
    }.get(figure.source, "")


def refresh_annex(annex: Annex, figures: Mapping[str, Figure]) -> Annex:
    """The annex with the cells of its figure rows written anew; record tables stay as they are."""
    if any(column.figures for column in annex.columns):
        return refresh_form(annex, figures)
    keys = [column.key for column in annex.columns]
    if "value" not in keys:
        return annex
    rows = tuple(_refreshed(row, figures[row.key], keys) if row.key in figures else row for row in annex.rows)
    return replace(annex, rows=rows, note=_note(list(figures.values()), {row.key for row in rows}))


def _refreshed(row: TableRow, figure: Figure, keys: Sequence[str]) -> TableRow:
    before = dict(zip(keys, row.cells, strict=True))
    fixed = {key: before.get(key, "") for key in ("no", "code")}
    return replace(row, cells=_cells(figure, keys, fixed))


def _note(figures: Sequence[Figure], shown: set[str]) -> str:
    """What a reader must know of single figures: estimates, declared figures, footnotes."""
    notes: list[str] = []
    of_note = [item for item in figures if item.key in shown and item.split is None]
    for words, chosen in (
        ("Số ước thực hiện", [item for item in of_note if item.estimate]),
        ("Số liệu khai báo", [item for item in of_note if item.source == "declared"]),
    ):
        if chosen:
            notes.append(f"{words}: {'; '.join(item.title for item in chosen)}.")
    notes += [f"{item.title}: {item.footnote.rstrip('.')}." for item in of_note if item.footnote]
    reasons = [f"{item.title}: {item.reason.rstrip('.')}" for item in of_note if item.reason]
    if reasons:
        notes.append(f"Lý do: {'; '.join(reasons)}.")
    return squeeze(" ".join(notes))


def roman_list(count: int) -> str:
    """``I, II, III`` for the sentence that points at the annexes; empty for one annex (it has no number)."""
    return ", ".join(vi.roman(number) for number in range(1, count + 1)) if count > 1 else ""
