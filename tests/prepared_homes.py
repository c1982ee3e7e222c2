"""Homes made quickly: passwords stretched lightly, tables copied from a home that the migrations made.

What a home costs is nearly all key stretching and migrations, and thousands of tests make one. The first home of a
test process is made as the program makes it; the others get its empty database under a key of their own. Tests of
migrations and of key stretching ask for the real thing themselves.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from danvan_desktop.store import engine as engines
from danvan_desktop.store import home as homes
from danvan_desktop.store import migrate
from danvan_desktop.store.keys import KdfParameters
from danvan_desktop.store.lock import LOCK_FILE
from danvan_desktop.store.slots import HomeFile

LIGHT = (64, 1, 1)  # KiB, passes, lanes
FULL = tuple(KdfParameters.__init__.__defaults__ or ())


class Closing(Protocol):
    """An open office or store."""

    def close(self) -> None: ...


@contextlib.contextmanager
def stretched(costs: tuple[int, ...]) -> Iterator[None]:
    """Whoever names no costs of key stretching gets these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KdfParameters.__init__, "__defaults__", costs)
        yield


@contextlib.contextmanager
def copied(folder: Path) -> Iterator[None]:
    """Homes made meanwhile get a copy of one empty database, kept in ``folder``."""
    real, real_upgrade = homes._build, migrate.upgrade
    model = folder / "model.db"
    model_key = bytes(range(32))

    def build(made: Path, home: HomeFile, key: bytes) -> None:
        if migrate.upgrade is not real_upgrade:  # a test plays a step that fails
            real(made, home, key)
            return
        if not model.exists():
            first = folder / "first"
            first.mkdir()
            real(first, home, model_key)
            (first / engines.DATABASE_FILE).rename(model)
        shutil.copyfile(model, made / engines.DATABASE_FILE)
        raw = engines.connect(made / engines.DATABASE_FILE, model_key)
        raw.execute(f"PRAGMA rekey=\"x'{key.hex()}'\"")
        raw.close()
        (made / LOCK_FILE).touch(0o600)
        (made / "backup").mkdir()
        home.write(made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(homes, "_build", build)
        patch.setitem(_place, "folder", folder)
        yield


_place: dict[str, Path] = {}


def copy_of(name: str, home: Path, make: Callable[[Path], Closing]) -> None:
    """Put a copy of the home called ``name`` at ``home``; the first time in a process ``make`` makes and opens it.

    Every copy is the same office with the same ids and keys: two of them never belong into one test.
    """
    model = _place["folder"] / name
    if not model.exists():
        make(model).close()
    shutil.copytree(model, home)
