"""Reading ``[[scoring]]`` tables."""

from __future__ import annotations

from .reader import Table
from .scoring_model import Band, Cap, Criterion, ScoringScheme

_MOST = 100_000  # hundredths


def read_scoring(table: Table) -> ScoringScheme:
    """One ``[[scoring]]``. Points are hundredths (``max = 1000`` is 10 points). Raises Refused ``catalog_invalid``."""
    scheme = ScoringScheme(
        key=table.key(),
        title=table.text("title"),
        source=table.text("source"),
        valid_from=table.day("valid_from"),
        criteria=tuple(_criterion(item) for item in table.tables("criterion")),
        bands=tuple(_band(item) for item in table.tables("band")),
        caps=tuple(_cap(item) for item in table.tables("cap")),
        bonus_ceiling=table.integer("bonus_ceiling", 0, low=0, high=_MOST),
        bonus_text=table.text("bonus_text", "", empty=True),
        penalty_ceiling=table.integer("penalty_ceiling", 0, low=0, high=_MOST),
        penalty_text=table.text("penalty_text", "", empty=True),
        unscored_band=table.text("unscored_band", "", empty=True),
        note=table.text("note", "", empty=True),
        frame=table.yes_no("frame"),
    )
    table.finish()
    if not scheme.criteria or not scheme.bands:
        table.fail("criterion", "thang điểm cần có tiêu chí và mức xếp loại")
    for name, keys in (
        ("criterion", [item.code for item in scheme.criteria]),
        ("band", [item.key for item in scheme.bands]),
        ("cap", [item.key for item in scheme.caps]),
    ):
        if len(set(keys)) != len(keys):
            table.fail(name, "trùng khóa")
    floors = [item.minimum for item in scheme.bands]
    if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
        table.fail("band", "các mức phải giảm dần về điểm, mức cuối từ 0")
    if scheme.bands[-1].no_zero:
        table.fail("band", "mức cuối cùng không được kèm điều kiện")
    known = {item.key for item in scheme.bands}
    for band in (*(item.band for item in scheme.caps), *filter(None, [scheme.unscored_band])):
        if band not in known:
            table.fail("cap", f"không có mức xếp loại “{band[:60]}”")
    return scheme


def _criterion(table: Table) -> Criterion:
    item = Criterion(
        code=table.text("code"),
        text=table.text("text"),
        maximum=table.integer("max", low=1, high=_MOST),
        rule=table.text("rule", "", empty=True),
        evidence_required=table.yes_no("evidence_required"),
        zero_blocks_rank=table.yes_no("zero_blocks_rank"),
    )
    table.finish()
    return item


def _band(table: Table) -> Band:
    item = Band(table.key(), table.text("title"), table.integer("min", low=0, high=_MOST), table.yes_no("no_zero"))
    table.finish()
    return item


def _cap(table: Table) -> Cap:
    item = Cap(table.key(), table.text("text"), table.text("band"))
    table.finish()
    return item
