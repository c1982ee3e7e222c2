"""Backups: one file, verified before anything is replaced; upgrades keep one first; kill -9 loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from store_samples import PASSWORD, fingerprint, make_store, refused, the_form

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store import home as homes
from danvan_desktop.store.home import open_home, restore_backup
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.schema import DATA_FORMAT
from danvan_desktop.store.store import Store


@pytest.fixture
def store(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Store]:
    opened, _ = make_store(tmp_path / "home", fixed_clock)
    with opened.unit() as uow:
        uow.records.insert(NewRecord("matter", 1, "u", "final", date(2026, 1, 1), {"title": "Một"}), the_form(), by="x")
        uow.settings.set("kept", "Ủy ban")
    yield opened
    opened.close()


def titles(path: Path, clock: FixedClock) -> list[object]:
    opened = open_home(path, clock=clock, account=None, password=PASSWORD)
    try:
        with opened.read() as uow:
            return [row.values["title"] for row in uow.records.page(the_form(), offset=0, limit=9)]
    finally:
        opened.close()


def test_backup_and_restore(store: Store, tmp_path: Path, fixed_clock: FixedClock) -> None:
    with store.unit() as writing:  # a backup while somebody is writing holds what was committed
        writing.settings.set("later", 1)
        file = store.backup(tmp_path)
    assert file.name == "danvan-2026-05-28T010000Z.dvbak"
    assert sorted(zipfile.ZipFile(file).namelist()) == ["backup.json", "data.db", "home.json"]
    assert "Một".encode() not in file.read_bytes()
    assert not [item for item in store.path.iterdir() if item.name.startswith(".backup")]
    with store.unit() as uow:
        uow.records.insert(NewRecord("matter", 1, "u", "final", None, {"title": "Hai"}), the_form(), by="x")
    refused("home_in_use", lambda: restore_backup(file, store.path, clock=fixed_clock))
    refused("wrong_password", lambda: restore_backup(file, tmp_path / "n", clock=fixed_clock, password="sai"))
    assert not (tmp_path / "n").exists()
    assert restore_backup(file, tmp_path / "n", clock=fixed_clock, password=PASSWORD) is None
    assert titles(tmp_path / "n", fixed_clock) == ["Một"]
    store.close()
    moved = restore_backup(file, store.path, clock=fixed_clock)
    assert moved is not None
    assert titles(store.path, fixed_clock) == ["Một"]
    assert sorted(map(str, titles(moved, fixed_clock))) == ["Hai", "Một"]


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.999])
def test_damaged_backup_replaces_nothing(store: Store, tmp_path: Path, fixed_clock: FixedClock, place: float) -> None:
    file = store.backup(tmp_path / "b.dvbak")
    store.close()
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    file.write_bytes(data)
    before = fingerprint(store.path)
    refused("backup_damaged", lambda: restore_backup(file, store.path, clock=fixed_clock))
    file.write_bytes(data[: len(data) // 2])
    refused("backup_damaged", lambda: restore_backup(file, store.path, clock=fixed_clock))
    assert fingerprint(store.path) == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["b.dvbak", "home"]


def test_restore_spares_other_folders(store: Store, tmp_path: Path, fixed_clock: FixedClock) -> None:
    file = store.backup(tmp_path / "b.dvbak")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").touch()
    refused("home_exists", lambda: restore_backup(file, tmp_path / "other", clock=fixed_clock))
    refused("backup_damaged", lambda: restore_backup(tmp_path / "none", tmp_path / "m", clock=fixed_clock))
    refused("write_failed", lambda: store.backup(tmp_path / "no" / "such" / "folder.dvbak"))


def test_older_home_is_backed_up_then_upgraded(
    store: Store, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr(homes, "DATA_FORMAT", DATA_FORMAT + 1)  # as if this program knew one more format
    assert titles(store.path, fixed_clock) == ["Một"]
    kept = list((store.path / "backup").iterdir())
    assert [item.name for item in kept] == [f"truoc-nang-cap-{DATA_FORMAT}-2026-05-28T010000Z.dvbak"]
    monkeypatch.undo()
    restore_backup(kept[0], store.path.parent / "old", clock=fixed_clock, password=PASSWORD)
    assert titles(store.path.parent / "old", fixed_clock) == ["Một"]


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.home import open_home
from danvan_desktop.store.records import NewRecord
from store_samples import the_form
clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
store = open_home(Path(sys.argv[1]), clock=clock, account=None, password=sys.argv[2])
while True:
    with store.unit() as uow:
        batch = uow.settings.get("batch", 0) + 1
        values = [{"title": f"{batch} {n}", "people": batch} for n in range(40)]
        rows = [NewRecord("matter", 1, "u", "final", None, item) for item in values]
        uow.records.insert_many(rows, the_form(), by="x")
        uow.settings.set("batch", batch)
    print(batch, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal of POSIX")
def test_kill_9_loses_no_acknowledged_batch(store: Store, fixed_clock: FixedClock) -> None:
    with store.unit() as uow:
        uow.records.delete(uow.records.page(the_form(), offset=0, limit=1)[0].id, by="x")
    store.close()
    here = str(Path(__file__).parent)
    for round_ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path), PASSWORD, here], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.05 + 0.037 * round_)
        writer.send_signal(signal.SIGKILL)
        acknowledged = [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
        opened = open_home(store.path, clock=fixed_clock, account=None, password=PASSWORD)
        with opened.read() as uow:
            batch = uow.settings.get("batch", 0)
            assert batch >= max(acknowledged, default=1)
            assert uow.records.count(the_form()) == 40 * batch
            assert uow.audit.verify()
        assert opened.check() == []
        opened.close()


def test_clock_is_only_for_names(store: Store) -> None:
    again = FixedClock(datetime(2027, 1, 1, tzinfo=UTC))
    store.clock = again
    assert store.backup(store.path / "backup").name == "danvan-2027-01-01T000000Z.dvbak"
