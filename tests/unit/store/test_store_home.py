"""Homes: made whole or not at all, opened by the right person, left untouched by everyone else."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from prepared_homes import FULL, stretched
from sqlalchemy import Engine
from store_samples import LIGHT, PASSWORD, fingerprint, make_store, refused, the_form

from danvan_desktop.bootstrap import clock_of
from danvan_desktop.catalog.model import Form
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store import engine as engines
from danvan_desktop.store import migrate
from danvan_desktop.store.home import (
    create_home,
    is_demo,
    is_home,
    list_accounts,
    open_home,
    open_home_with_recovery,
    set_story,
    story_days,
)
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store


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


def make(home: Path, clock: FixedClock, *, demo: bool = False) -> str:
    store, code = make_store(home, clock, demo=demo)
    store.close()
    return code


def test_home_is_made_and_opened(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock, demo=True)
    assert is_home(home) and is_demo(home)
    assert [account.name for account in list_accounts(home)] == ["canbo"]
    assert [item.name for item in home.parent.iterdir()] == ["home"]
    store = open_home(home, clock=fixed_clock, account=None, password=PASSWORD)
    assert (store.account.label, store.account.roles, store.demo) == ("Cán bộ", ("entry",), True)
    assert store.protected_unlocked
    assert store.check() == []
    store.close()
    store.close()


def test_a_home_is_made_by_the_migrations_and_with_slow_passwords(
    home: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other tests take a copy of an empty home, its passwords stretched lightly: see prepared_homes."""
    ran: list[str] = []

    def upgrade(engine: Engine) -> None:
        ran.append(engine.url.drivername)
        real(engine)

    real = migrate.upgrade
    monkeypatch.setattr(migrate, "upgrade", upgrade)
    with stretched(FULL):
        store, _ = create_home(
            home, clock=fixed_clock, account="canbo", label="Cán bộ", password=PASSWORD, roles=("entry",)
        )
    assert ran and store.check() == []
    store.close()
    slots = json.loads((home / "home.json").read_text("utf-8"))["slots"]
    costs = {"name": "argon2id", "memory_kib": 64 * 1024, "time_cost": 3, "parallelism": 1}
    assert [slot["kdf"] for slot in slots] == [costs, costs]


def test_password_in_decomposed_spelling_opens(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    open_home(home, clock=fixed_clock, account="canbo", password=unicodedata.normalize("NFD", PASSWORD)).close()


def test_home_json_tells_nothing_but_slots(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    body = json.loads((home / "home.json").read_text("utf-8"))
    assert set(body) == {"format", "home_id", "demo", "created_at", "slots", "protected_slots"}
    assert [slot["kind"] for slot in body["slots"]] == ["account", "recovery"]


def test_only_a_demonstration_has_a_story(home: Path, fixed_clock: FixedClock, tmp_path: Path) -> None:
    make(home, fixed_clock, demo=True)
    set_story(home, -183)
    assert story_days(home) == -183 and clock_of(home, fixed_clock).now() == fixed_clock.now() - timedelta(days=183)
    real = tmp_path / "real"
    make(real, fixed_clock)
    with pytest.raises(ValueError):
        set_story(real, 1)
    body = json.loads((real / "home.json").read_text("utf-8"))
    (real / "home.json").write_text(json.dumps({**body, "story_days": -183}), "utf-8")
    assert story_days(real) == 0 and clock_of(real, fixed_clock) is fixed_clock


@pytest.mark.parametrize("days", ["7", 1.5, True, 10**6, None])
def test_a_story_out_of_reason_is_damage(home: Path, fixed_clock: FixedClock, days: object) -> None:
    make(home, fixed_clock, demo=True)
    body = json.loads((home / "home.json").read_text("utf-8"))
    (home / "home.json").write_text(json.dumps({**body, "story_days": days}), "utf-8")
    refused("home_damaged", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))


def test_refusals_leave_every_byte(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    before = fingerprint(home)

    def opened(account: str | None = None, password: str = PASSWORD) -> Store:
        return open_home(home, clock=fixed_clock, account=account, password=password)

    refused("wrong_password", lambda: opened(password="sai"))
    refused("unknown_account", lambda: opened(account="khác"))
    refused("no_home", lambda: open_home(home / "x", clock=fixed_clock, account=None, password=PASSWORD))
    refused("wrong_password", lambda: open_home_with_recovery(home, clock=fixed_clock, recovery_code="AAAA"))
    refused("home_exists", lambda: make(home, fixed_clock))
    refused("password_weak", lambda: create_home(
        home.parent / "b", clock=fixed_clock, account="a", label="a", password=" ", roles=(), kdf=LIGHT))  # fmt: skip
    assert fingerprint(home) == before
    (home / "lock").unlink()
    before = fingerprint(home)
    data = (home / "data.db").read_bytes()
    (home / "data.db").write_bytes(data[:-4096])
    before = fingerprint(home)
    refused("home_damaged", opened)
    assert fingerprint(home) == before


@pytest.mark.parametrize("place", [0, 100, 5000, -100])
def test_damaged_file_is_left_alone(home: Path, fixed_clock: FixedClock, place: int) -> None:
    make(home, fixed_clock)
    data = bytearray((home / "data.db").read_bytes())
    data[place] ^= 0xFF
    (home / "data.db").write_bytes(data)
    before = fingerprint(home)
    refused("home_damaged", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))
    assert fingerprint(home) == before


@pytest.mark.parametrize("text", ["", "{", '{"format":0}', '{"format":1}', "[]", '{"format":1.5}'])
def test_damaged_home_json(home: Path, fixed_clock: FixedClock, text: str) -> None:
    make(home, fixed_clock)
    (home / "home.json").write_text(text)
    before = fingerprint(home)
    refused("home_damaged", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))
    assert fingerprint(home) == before


def test_newer_formats_are_left_alone(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    opened = open_home(home, clock=fixed_clock, account=None, password=PASSWORD)
    key = opened._keys.database
    opened.close()
    raw = engines.connect(home / "data.db", key)
    raw.execute("PRAGMA user_version=99")
    raw.close()
    before = fingerprint(home)
    refused("format_newer", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))
    assert fingerprint(home) == before
    body = json.loads((home / "home.json").read_text("utf-8"))
    (home / "home.json").write_text(json.dumps({**body, "format": 2}))
    before = fingerprint(home)
    refused("format_newer", lambda: list_accounts(home))
    assert fingerprint(home) == before


def test_edited_roles_open_nothing(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    path = home / "home.json"
    path.write_text(path.read_text("utf-8").replace('"entry"', '"leader"'), "utf-8")
    refused("wrong_password", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))


def test_second_holder_waits_or_is_refused(home: Path, store: Store, fixed_clock: FixedClock) -> None:
    def again(seconds: float) -> Store:
        return open_home(home, clock=fixed_clock, account=None, password=PASSWORD, wait_seconds=seconds)

    refused("home_in_use", lambda: again(0))
    refused("home_in_use", lambda: again(0.1))
    store.close()
    again(0).close()


def test_recovery_gives_new_passwords(home: Path, fixed_clock: FixedClock) -> None:
    code = make(home, fixed_clock)
    store = open_home_with_recovery(home, clock=fixed_clock, recovery_code=code.lower().replace("-", " "))
    assert store.protected_unlocked
    store.reset_password("canbo", "mới", kdf=LIGHT)
    fresh = store.new_recovery_code(kdf=LIGHT)
    store.close()
    refused("wrong_password", lambda: open_home_with_recovery(home, clock=fixed_clock, recovery_code=code))
    refused("wrong_password", lambda: open_home(home, clock=fixed_clock, account=None, password=PASSWORD))
    opened = open_home(home, clock=fixed_clock, account="canbo", password="mới")
    assert opened.protected_unlocked
    opened.close()
    open_home_with_recovery(home, clock=fixed_clock, recovery_code=fresh).close()


def test_accounts(home: Path, store: Store, fixed_clock: FixedClock) -> None:
    store.add_account("lanhdao", "Lãnh đạo", "b", ("leader",), False, kdf=LIGHT)
    refused("account_exists", lambda: store.add_account("lanhdao", "x", "b", (), kdf=LIGHT))
    refused("wrong_password", lambda: store.change_password("sai", "c", kdf=LIGHT))
    store.change_password(PASSWORD, "c", kdf=LIGHT)
    store.close()
    refused("unknown_account", lambda: open_home(home, clock=fixed_clock, account=None, password="c"))
    other = open_home(home, clock=fixed_clock, account="lanhdao", password="b")
    assert not other.protected_unlocked and other.may_see_protected("canbo")
    refused("no_right", lambda: other.add_account("z", "z", "z", ("entry",), True, kdf=LIGHT))
    refused("no_right", lambda: other.reset_password("canbo", "z", kdf=LIGHT))
    refused("no_right", lambda: other.new_recovery_code(kdf=LIGHT))
    other.remove_account("canbo")
    refused("last_account", lambda: other.remove_account("lanhdao"))
    refused("unknown_account", lambda: other.remove_account("ai"))
    with other.read() as uow:
        actions = [entry.action for entry in uow.audit.list()]
    assert actions == ["account_removed", "password_changed", "account_added"]
    other.close()


def test_nothing_readable_on_disk(home: Path, store: Store, form: Form) -> None:
    with store.unit() as uow:
        uow.records.insert(
            NewRecord("matter", 1, "u", "final", date(2026, 1, 2), {"title": "Lê Thị Bí Mật", "kind": "proposal"},
                      note="ghichukin"),
            form, by="canbo",
        )  # fmt: skip
        uow.settings.set("office", {"name": "Ủy ban nhân dân"})
    assert (home / "data.db-wal").stat().st_size > 0
    for item in home.rglob("*"):
        if item.is_file():
            data = item.read_bytes()
            for word in (
                "Bí Mật".encode(),
                b"le thi bi mat",
                b"ghichukin",
                "Ủy ban".encode(),
                b"CREATE TABLE",
                b"SQLite format",
            ):
                assert word not in data, (item, word)
    store.close()
    with pytest.raises(sqlcipher.DatabaseError):
        engines.connect(home / "data.db", b"\0" * 32)


def test_log_left_by_a_crash_is_read(home: Path, fixed_clock: FixedClock) -> None:
    make(home, fixed_clock)
    script = (
        "import sys, os\n"
        "from datetime import datetime, UTC\nfrom pathlib import Path\n"
        "from danvan_desktop.kernel.clock import FixedClock\nfrom danvan_desktop.store.home import open_home\n"
        "clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))\n"
        "store = open_home(Path(sys.argv[1]), clock=clock, account=None, password=sys.argv[2])\n"
        "with store.unit() as uow:\n    uow.settings.set('kept', 7)\n"
        "unit = store.unit(); uow = unit.__enter__(); uow.settings.set('lost', 8)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home), PASSWORD], check=False)
    assert done.returncode == 9
    assert (home / "data.db-wal").stat().st_size > 0
    store = open_home(home, clock=fixed_clock, account=None, password=PASSWORD)
    with store.read() as uow:
        assert (uow.settings.get("kept"), uow.settings.get("lost")) == (7, None)
    assert store.check() == []
    store.close()


def test_creation_that_fails_leaves_nothing(
    home: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrate, "upgrade", full)
    refused("write_failed", lambda: make(home, fixed_clock))
    assert list(home.parent.iterdir()) == []


def test_logs_may_stand_before(home: Path, fixed_clock: FixedClock) -> None:
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "danvan.log").write_text("x\n")
    make(home, fixed_clock)
    assert (home / "logs" / "danvan.log").read_text() == "x\n"
    (home.parent / "b").mkdir()
    (home.parent / "b" / "thesis.docx").touch()
    refused("home_exists", lambda: make(home.parent / "b", fixed_clock))
