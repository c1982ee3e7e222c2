"""The best of what a search over everything finds, in a time that hardly grows with the records."""

from __future__ import annotations

from sqlalchemy import Connection, literal_column, select, table

from .schema import record
from .search import match_expression, stricter_expression

WEIGHED = 2000
"""So many of the newest that fit an expression are weighed; of more, how well each fits says little."""


def best_hits(connection: Connection, text: str, *, personal: bool, limit: int) -> dict[int, float]:
    """seq → rank of the records that hold every word of ``text`` as a beginning, best first; none of the bin.

    Those that hold the words side by side (of one word: that very word) stand before the others, also when thousands
    of newer records hold the beginnings: they are asked for by themselves.
    """
    found: dict[int, float] = {}
    for expression in (stricter_expression(text), match_expression(text)):
        if expression is not None and len(found) < limit:
            for seq, rank in _weighed(connection, expression, personal, limit):
                found.setdefault(seq, rank)
    return dict(list(found.items())[:limit])


def _weighed(connection: Connection, expression: str, personal: bool, limit: int) -> list[tuple[int, float]]:
    name = "search_personal" if personal else "search_open"
    hits = (
        select(literal_column("rowid").label("seq"), literal_column("rank").label("rank"))
        .select_from(table(name))
        .where(literal_column(name).op("MATCH")(expression))
        .order_by(literal_column("rowid").desc())
        .limit(WEIGHED)
        .subquery("hits")
    )
    best = (
        select(record.c.seq, hits.c.rank)
        .join(hits, hits.c.seq == record.c.seq)
        .where(record.c.deleted.is_(False))
        .order_by(hits.c.rank, record.c.seq.desc())
        .limit(limit)
    )
    return [(row.seq, row.rank) for row in connection.execute(best)]
