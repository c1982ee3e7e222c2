"""A newer catalogue indexes other fields: records saved before are found, sorted and filtered as if saved now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from store_samples import LIGHT, make_store, the_form

from danvan_desktop.catalog.model import Form, Privacy
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.home import open_home
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store


@pytest.fixture
def store(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Store]:
    opened, _ = make_store(tmp_path / "home", fixed_clock)
    yield opened
    opened.close()


def changed(form: Form, key: str, **words: Any) -> Form:
    fields = tuple(replace(item, **words) if item.key == key else item for item in form.fields)
    return replace(form, fields=fields)


def test_records_saved_before_follow_the_new_order(store: Store) -> None:
    plain = changed(the_form(), "title", indexed=False)
    with store.unit() as uow:
        uow.index.renew([plain])
        for name in ("Lê Mẫu Bình", "Bùi Mẫu An", "An Mẫu Cúc"):
            uow.records.insert(
                NewRecord("matter", 1, "u1", "final", date(2026, 3, 1), {"title": name}), plain, by="canbo"
            )
    by_words = changed(the_form(), "title", indexed=True)
    by_person = changed(by_words, "title", order="person")
    for form, expected in (
        (by_words, ["An Mẫu Cúc", "Bùi Mẫu An", "Lê Mẫu Bình"]),
        (by_person, ["Bùi Mẫu An", "Lê Mẫu Bình", "An Mẫu Cúc"]),
    ):
        with store.read() as uow:
            assert uow.index.outdated([form]) == [form]
        with store.unit() as uow:
            assert uow.index.renew([form]) == 3
            assert uow.index.outdated([form]) == []
        with store.read() as uow:
            rows = uow.records.page(form, offset=0, limit=10, sort="title", descending=False)
        assert [row.values["title"] for row in rows] == expected


def test_words_that_became_personal_leave_the_open_index(store: Store, tmp_path: Path, fixed_clock: FixedClock) -> None:
    form = the_form()
    with store.unit() as uow:
        uow.index.renew([form])
        new = NewRecord("matter", 1, "u1", "final", date(2026, 3, 1), {"title": "Đường liên thôn"})
        uow.records.insert(new, form, by="canbo")
    closed = changed(form, "title", privacy=Privacy.PERSONAL)
    with store.unit() as uow:
        uow.index.renew(uow.index.outdated([closed]))
        assert uow.records.count(closed, search="duong") == 1  # an officer who may see personal data
    store.add_account("doc", "Văn thư", "mat khau 2", ("records_office",), kdf=LIGHT)
    store.close()
    with_less = open_home(tmp_path / "home", clock=fixed_clock, account="doc", password="mat khau 2")
    try:
        with with_less.read() as uow:
            assert uow.records.count(closed, search="duong") == 0
    finally:
        with_less.close()
