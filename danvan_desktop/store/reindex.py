"""Indexes kept in step with the catalogue: side table and search words are made of what a form says of its fields.

A newer catalogue may index another field, sort it differently, or change what is personal. Records saved before then
would be missing from lists and found, or not, by the old words; so the rows of such a form are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ..catalog.model import Field, Form
from ..kernel.canonical import hash_of
from . import search
from .indexing import side_rows
from .places import SettingRepository
from .schema import record, record_value

_KEY = "index_layout"
_WHOLE_KEY = "index_catalog"
_VERSION = 1  # raise it when side_row or the search words are made differently
_BATCH = 500
_MOST_KEPT = 200
_kept: dict[int, tuple[Form, str]] = {}  # by identity: a form never changes, and the tuple keeps it from being reused


def layout(form: Form) -> str:
    """A hash of everything in ``form`` that its index rows depend on."""
    found = _kept.get(id(form))
    if found is not None:
        return found[1]
    made = hash_of([_VERSION, [_words(item) for item in form.fields]])
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[id(form)] = (form, made)
    return made


def _words(item: Field) -> list[Any]:
    when = item.class_when
    return [
        item.key,
        str(item.type),
        item.indexed,
        item.order,
        str(item.privacy),
        [when.field, list(when.values), str(when.privacy)] if when else None,
        [[choice.key, choice.title] for choice in item.choices],
        [_words(column) for column in item.columns],
    ]


class IndexRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = SettingRepository(connection)

    def follows(self, catalog_hash: str) -> bool:
        """Whether the index rows were checked against exactly this catalogue: then nothing needs comparing."""
        return bool(self._settings.get(_WHOLE_KEY, "") == f"{_VERSION}:{catalog_hash}")

    def follow(self, catalog_hash: str, forms: Iterable[Form]) -> int:
        """Bring the index rows in step with a catalogue of ``forms``, and remember it. How many records were redone."""
        outdated = self.outdated(forms)
        done = self.renew(outdated) if outdated else 0
        self._settings.set(_WHOLE_KEY, f"{_VERSION}:{catalog_hash}")
        return done

    def outdated(self, forms: Iterable[Form]) -> list[Form]:
        """The forms whose index rows were made by another definition."""
        known = self._settings.get(_KEY, {})
        return [form for form in forms if known.get(form.key) != layout(form)]

    def renew(self, forms: Iterable[Form]) -> int:
        """Make the index rows of all records of ``forms`` anew, and remember by which definition. How many records."""
        known = dict(self._settings.get(_KEY, {}))
        used = set(self._connection.scalars(select(record.c.form).distinct()))
        done = 0
        for form in forms:
            if form.key in used:
                done += self._renew(form)
            known[form.key] = layout(form)
        self._settings.set(_KEY, known)
        return done

    def _renew(self, form: Form) -> int:
        """In batches that name their records one by one: a span of numbers, or "of this form", would have SQLite look
        through everything for every batch."""
        run = self._connection.execute
        seqs = sorted(run(select(record.c.seq).where(record.c.form == form.key)).scalars())
        for start in range(0, len(seqs), _BATCH):
            batch = seqs[start : start + _BATCH]
            columns = (record.c.seq, record.c.data, record.c.note, record.c.deleted)
            rows = run(select(*columns).where(record.c.seq.in_(batch))).all()
            side = [item for row in rows for item in side_rows(row.seq, form, row.data, row.deleted)]
            run(delete(record_value).where(record_value.c.record_seq.in_(batch)))
            if side:
                run(insert(record_value), side)
            known = search.stored(self._connection, batch)
            made = {row.seq: search.index_words(form, row.data, row.note) for row in rows}
            # taking words out of a full-text index is slow: only where they have changed
            changed = [seq for seq, words in made.items() if not search.holds(known.get(seq), words)]
            for seq in changed:
                search.remove(self._connection, seq)
            search.put_many(self._connection, [(seq, made[seq]) for seq in changed])
        return len(seqs)
