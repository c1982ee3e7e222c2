"""Records: revisions, lists, search, protected values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError, StatementError
from store_samples import LIGHT, make_store, the_form

from danvan_desktop.catalog.model import Form
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import sort_key, words
from danvan_desktop.store.home import open_home
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store

DAY = date(2026, 3, 1)


@pytest.fixture
def form() -> Form:
    return the_form()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path, fixed_clock: FixedClock) -> Iterator[Store]:
    opened, _ = make_store(home, fixed_clock)
    yield opened
    opened.close()


def new(day: date | None = DAY, *, state: str = "final", unit: str = "u1", note: str = "",
        villages: Sequence[str] = (), **values: Any) -> NewRecord:  # fmt: skip
    return NewRecord("matter", 1, unit, state, day, values, tuple(villages), (), note)


def put(store: Store, form: Form, *records: NewRecord) -> list[str]:
    with store.unit() as uow:
        return [uow.records.insert(item, form, by="canbo").id for item in records]


def test_insert_get_update_history(store: Store, form: Form) -> None:
    (record_id,) = put(store, form, new(title="Cũ", later_field={"x": [1, None]}, villages=["v1"]))
    with store.unit() as uow:
        row = uow.records.get(record_id)
        assert row is not None and row.revision == 1 and row.event_date == DAY
        assert row.values == {"title": "Cũ", "later_field": {"x": [1, None]}}
        after = uow.records.update(record_id, 1, new(title="Mới"), form, by="lanhdao", why="sửa tên")
        assert (after.revision, after.changed_by, after.villages) == (2, "lanhdao", ())
        with pytest.raises(Refused, match="record_changed"):
            uow.records.update(record_id, 1, new(title="Đè"), form, by="x")
    with store.read() as uow:
        history = uow.records.revisions(record_id)
        assert [(r.revision, r.action, r.by, r.why) for r in history] == [
            (1, "insert", "canbo", ""), (2, "update", "lanhdao", "sửa tên")]  # fmt: skip
        assert history[0].snapshot["values"]["title"] == "Cũ"
        assert uow.records.search_all("cu") == []
        assert [hit.record.id for hit in uow.records.search_all("moi")] == [record_id]
        assert uow.audit.verify()


def test_failed_unit_keeps_nothing_and_reading_cannot_write(store: Store, form: Form) -> None:
    with pytest.raises(ZeroDivisionError), store.unit() as uow:
        uow.records.insert(new(title="Mất"), form, by="canbo")
        raise ZeroDivisionError
    with store.read() as uow:
        assert uow.records.count(form) == 0
        with pytest.raises(OperationalError):
            uow.settings.set("a", 1)
    with store.unit() as uow:
        uow.settings.set("a", 1)
        with pytest.raises(RuntimeError), store.unit():
            pass
    with pytest.raises(StatementError), store.unit() as uow:
        uow.records.insert(new(people=1.5), form, by="canbo")


def test_bin(store: Store, form: Form) -> None:
    first, _ = put(store, form, new(title="Một", people=1), new(title="Hai", people=2))
    with store.unit() as uow:
        uow.records.delete(first, by="canbo", why="nhập trùng")
    with store.unit() as uow:
        assert uow.records.count(form) == 1 and uow.records.count(form, deleted=True) == 1
        assert [r.id for r in uow.records.page(form, offset=0, limit=9, sort="people", deleted=True)] == [first]
        assert uow.records.search_all("một") == []
        with pytest.raises(Refused, match="record_deleted"):
            uow.records.update(first, None, new(), form, by="x")
        back = uow.records.undelete(first, by="canbo")
        assert not back.deleted and back.state == "final" and back.revision == 3
        assert len(uow.records.page(form, offset=0, limit=9, sort="people")) == 2


def test_filters_and_order(store: Store, form: Form) -> None:
    put(
        store,
        form,
        new(date(2026, 1, 5), title="ăn năn", people=3, kind="complaint", villages=["v1", "v2"]),
        new(date(2026, 2, 5), title="Ân cần", people=-2, kind="proposal", groups=["far", "poor"], unit="u2"),
        new(date(2026, 3, 5), title="an toàn", state="draft", kind="complaint", villages=["v2"]),
        new(None, title="đi", state="draft", people=10, kind="denunciation"),
    )
    with store.read() as uow:
        records = uow.records

        def titles(**words_: Any) -> list[str]:
            found = [str(r.values["title"]) for r in records.page(form, **{"offset": 0, "limit": 10, **words_})]
            if "sort" not in words_:
                filters = {k: v for k, v in words_.items() if k not in ("offset", "limit", "descending")}
                assert records.count(form, **filters) == len(found) or "limit" in words_
            return found

        assert titles() == ["an toàn", "Ân cần", "ăn năn", "đi"]
        assert titles(descending=False) == ["đi", "ăn năn", "Ân cần", "an toàn"]
        assert titles(sort="title", descending=False) == ["an toàn", "ăn năn", "Ân cần", "đi"]
        assert titles(sort="people", descending=False) == ["an toàn", "Ân cần", "ăn năn", "đi"]
        assert titles(sort="kind", descending=False, states=("draft",)) == ["an toàn", "đi"]
        assert titles(sort="received_on") != []
        assert titles(offset=1, limit=2) == ["Ân cần", "ăn năn"]
        assert titles(states=("final",)) == ["Ân cần", "ăn năn"]
        assert titles(window=(date(2026, 2, 5), date(2026, 3, 5))) == ["an toàn", "Ân cần"]
        assert titles(unit="u2") == ["Ân cần"]
        assert titles(village="v2") == ["an toàn", "ăn năn"]
        assert titles(choices={"kind": "complaint"}) == ["an toàn", "ăn năn"]
        assert titles(choices={"groups": "poor"}) == ["Ân cần"]
        assert titles(search="AN") == ["an toàn", "Ân cần", "ăn năn"]
        assert titles(search="khieu nai an") == ["an toàn", "ăn năn"]
        assert titles(search="?!") == []
        assert titles(search='" OR NEAR(* ') == []
        with pytest.raises(ValueError, match="indexed"):
            titles(sort="minus")


def test_bulk_insert_equals_single(store: Store, form: Form) -> None:
    many = [new(DAY + timedelta(days=i), title=f"Việc {i}", people=i, villages=["v"]) for i in range(25)]
    with store.unit() as uow:
        ids = uow.records.insert_many(many, form, by="canbo", why="nhập từ Excel")
    more = put(store, form, new(title="Sau"))
    with store.read() as uow:
        assert len(set(ids + more)) == 26
        assert uow.records.exists([*ids, "x"]) == set(ids)
        assert [r.id for r in uow.records.page(form, offset=0, limit=3, sort="people", choices={})] == ids[:-4:-1]
        assert uow.records.count(form, village="v") == 25
        assert uow.records.count(form, search="viec 7") == 1
        assert uow.records.revisions(ids[3])[0].why == "nhập từ Excel"
        assert uow.records.find_prefix(ids[0]) == [ids[0]]
        assert len(uow.records.find_prefix(ids[0][:8])) == 20
        assert uow.audit.verify()
    assert store.check() == []


def test_personal_words_need_the_role(home: Path, store: Store, form: Form, fixed_clock: FixedClock) -> None:
    rows = [{"row": "1", "words": "sửa ngay", "topic": "proposal"}]
    values: dict[str, Any] = {"person": "Nguyễn Văn Tám", "kind": "complaint", "unknown_key": "chưa biết"}
    put(store, form, new(title="Đường hỏng", note="nhà cuối xóm", opinions=rows, **values))
    store.add_account("vanthu", "Văn thư", "b", ("records_office",), kdf=LIGHT)
    queries = ["tam duong", "cuoi xom", "chua biet", "sua ngay", "kien nghi"]
    with store.read() as uow:
        assert [uow.records.count(form, search=query) for query in queries] == [1, 1, 1, 1, 1]
    store.close()
    other = open_home(home, clock=fixed_clock, account="vanthu", password="b")
    with other.read() as uow:
        assert [uow.records.count(form, search=query) for query in queries] == [0, 0, 0, 1, 1]
        assert [len(uow.records.search_all(query)) for query in queries] == [0, 0, 0, 1, 1]
    other.close()


def test_protected_values(home: Path, store: Store, form: Form, fixed_clock: FixedClock) -> None:
    (record_id,) = put(store, form, new(kind="complaint", person="Trần Thị Kín", title="Đơn"))
    with store.unit() as uow:
        # the kind was wrong: it is a denunciation, the name moves to the protected store, earlier copies go
        uow.records.update(
            record_id, 1, new(kind="denunciation", title="Đơn"), form, by="canbo", protected={"person": "Trần Thị Kín"}
        )
    with store.unit() as uow:
        assert all("person" not in revision.snapshot["values"] for revision in uow.records.revisions(record_id))
        assert uow.records.search_all("kin") == []
        assert uow.protected.has(record_id)
        assert uow.protected.get(record_id, "canbo") == {"person": "Trần Thị Kín"}
        assert uow.audit.list()[0].action == "protected_look"
        uow.records.update(record_id, 2, new(kind="denunciation", title="Đơn 2"), form, by="canbo", protected={})
        assert uow.protected.get(record_id, "canbo") == {"person": "Trần Thị Kín"}
    with store.unit() as uow, pytest.raises(OperationalError), store.read() as reading:
        assert uow is not reading
        reading.protected.get(record_id, "canbo")  # a look that cannot be recorded is no look
    store.add_account("b", "B", "b", ("entry",), False, kdf=LIGHT)
    store.close()
    other = open_home(home, clock=fixed_clock, account="b", password="b")
    assert not other.protected_unlocked
    with other.unit() as uow:
        for act in (
            lambda: uow.protected.get(record_id, "b"),
            lambda: uow.records.insert(new(kind="denunciation"), form, by="b", protected={"person": "Ai"}),
        ):
            with pytest.raises(Refused, match="no_right"):
                act()
        assert uow.protected.purge(record_id) and not uow.protected.purge(record_id)
    other.close()


LETTERS = st.text(alphabet="aăâđiờỏuưsữệ bcĐÁ-_'\"*1²", max_size=14)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(LETTERS, min_size=1, max_size=12), queries=st.lists(LETTERS, min_size=1, max_size=6))
def test_search_equals_brute_force(shared: Store, texts: list[str], queries: list[str]) -> None:
    matter = the_form()
    with shared.unit() as uow:
        for row in uow.records.page(matter, offset=0, limit=100):
            uow.records.delete(row.id, by="x")
        ids = uow.records.insert_many([new(title=text) for text in texts], matter, by="x")
        for query in queries:
            wanted = words(query)
            expected = {
                record_id
                for record_id, text in zip(ids, texts, strict=True)
                if wanted and all(any(word.startswith(part) for word in words(text)) for part in wanted)
            }
            if not query.strip():
                expected = set(ids)
            assert {row.id for row in uow.records.page(matter, offset=0, limit=100, search=query)} == expected
            assert uow.records.count(matter, search=query) == len(expected)


@given(texts=st.lists(LETTERS, max_size=12))
@settings(max_examples=20, deadline=None)
def test_order_is_the_dictionary_s(shared: Store, texts: list[str]) -> None:
    matter = the_form()
    with shared.unit() as uow:
        for row in uow.records.page(matter, offset=0, limit=100):
            uow.records.delete(row.id, by="x")
        uow.records.insert_many([new(title=text) for text in texts], matter, by="x")
        rows = uow.records.page(matter, offset=0, limit=100, sort="title", descending=False)
        found = [sort_key(str(row.values["title"])) for row in rows]
    assert found == sorted(found)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
    opened, _ = make_store(tmp_path_factory.mktemp("shared") / "home", clock)
    yield opened
    opened.close()
