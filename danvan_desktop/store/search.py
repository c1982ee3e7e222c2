"""Search without accents: the folded words of a record in two full-text indexes, open and personal (DESIGN §8.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, text

from ..catalog.model import Field, Form, Json, Privacy, ValueType
from ..catalog.privacy import privacy_of
from ..kernel.text import words

_TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT)
_CHOICES = (ValueType.CHOICE, ValueType.MULTI_CHOICE)


def match_expression(query: str) -> str | None:
    """The full-text expression for what was typed: every word, as the beginning of a word; None: nothing to find.

    Each word is quoted, so nothing typed can be syntax.
    """
    found = words(query)
    return " AND ".join(f'"{word}"*' for word in found) if found else None


def stricter_expression(query: str) -> str | None:
    """The expression for the words side by side, the last one as a beginning; of one word, for that whole word."""
    found = words(query)
    if not found:
        return None
    return f'"{" ".join(found)}"' + ("*" if len(found) > 1 else "")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _strings(item)


def _words_of(field: Field, value: Json) -> Iterator[str]:
    if field.type in _TEXTS:
        yield from _strings(value)
    elif field.type in _CHOICES:
        titles = field.choice_titles
        for key in _strings(value):
            yield titles.get(key, key)


def _parts(form: Form, values: Mapping[str, Json], note: str) -> Iterator[tuple[Privacy, str]]:
    for key, value in values.items():
        privacy = privacy_of(form, key, values)
        if not form.has_field(key):  # kept for a newer program; words of it are personal
            yield from ((privacy, item) for item in _strings(value))
            continue
        field = form.field(key)
        if field.type is not ValueType.ROWS:
            yield from ((privacy, item) for item in _words_of(field, value))
            continue
        columns = {column.key: column for column in field.columns}
        for row in value if isinstance(value, list) else []:
            for name, cell in row.items() if isinstance(row, dict) else ():
                column = columns.get(name)
                if column is None:
                    continue
                inner = privacy if privacy is not Privacy.OPEN else privacy_of(form, f"{key}.{name}", values)
                yield from ((inner, item) for item in _words_of(column, cell))
    yield Privacy.PERSONAL, note


def index_words(form: Form, values: Mapping[str, Json], note: str) -> tuple[str, str]:
    """(open words, personal words) of a record, folded. Protected values are in neither."""
    open_words: list[str] = []
    personal: list[str] = []
    for privacy, part in _parts(form, values, note):
        if privacy is Privacy.PROTECTED:
            continue
        (open_words if privacy is Privacy.OPEN else personal).extend(words(part))
    return " ".join(open_words), " ".join(personal)


def put(connection: Connection, seq: int, indexed: tuple[str, str]) -> None:
    """Index a record (rowid ``seq``) anew. A record with the words of a query spread over both indexes is found by
    the personal one, which therefore holds the open words too."""
    open_words, personal = indexed
    remove(connection, seq)
    connection.execute(_INSERT_OPEN, {"seq": seq, "words": open_words})
    connection.execute(_INSERT_PERSONAL, {"seq": seq, "words": f"{open_words} {personal}".strip()})


def put_many(connection: Connection, rows: list[tuple[int, tuple[str, str]]]) -> None:
    """:func:`put` for new records."""
    if rows:
        connection.execute(_INSERT_OPEN, [{"seq": seq, "words": found[0]} for seq, found in rows])
        connection.execute(
            _INSERT_PERSONAL, [{"seq": seq, "words": f"{found[0]} {found[1]}".strip()} for seq, found in rows]
        )


def stored(connection: Connection, seqs: Sequence[int]) -> dict[int, tuple[str, str]]:
    """What both indexes hold for the records ``seqs`` (rowids)."""
    asked = {"seqs": list(seqs)}
    personal = {row.rowid: row.words for row in connection.execute(_READ_PERSONAL, asked)}
    return {row.rowid: (row.words, personal.get(row.rowid, "")) for row in connection.execute(_READ_OPEN, asked)}


def holds(known: tuple[str, str] | None, indexed: tuple[str, str]) -> bool:
    """Whether what stands in the indexes answers every query as ``indexed`` would: words in any order."""
    if known is None:
        return False
    open_words, all_words = (sorted(text.split()) for text in known)
    return open_words == sorted(indexed[0].split()) and all_words == sorted(f"{indexed[0]} {indexed[1]}".split())


def remove(connection: Connection, seq: int) -> None:
    """Take a record out of both indexes (its words are overwritten)."""
    connection.execute(_DELETE_OPEN, {"seq": seq})
    connection.execute(_DELETE_PERSONAL, {"seq": seq})


_INSERT_OPEN = text("INSERT INTO search_open (rowid, words) VALUES (:seq, :words)")
_INSERT_PERSONAL = text("INSERT INTO search_personal (rowid, words) VALUES (:seq, :words)")
_DELETE_OPEN = text("DELETE FROM search_open WHERE rowid = :seq")
_DELETE_PERSONAL = text("DELETE FROM search_personal WHERE rowid = :seq")
_ASKED: BindParameter[Any] = bindparam("seqs", expanding=True)
_READ_OPEN = text("SELECT rowid, words FROM search_open WHERE rowid IN :seqs").bindparams(_ASKED)
_READ_PERSONAL = text("SELECT rowid, words FROM search_personal WHERE rowid IN :seqs").bindparams(_ASKED)
