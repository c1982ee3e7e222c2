"""The walls between the rooms (docs/decisions, README): who may import whom, followed transitively."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sources import PACKAGE, ROOT, module_from, outsiders, program, reach, rooms_imported

_BELOW = {"kernel", "catalog", "store", "planning", "reporting", "exchange", "render"}
MAY_IMPORT = {
    "__init__": set[str](),
    "kernel": set[str](),
    "catalog": {"kernel"},
    "store": {"kernel", "catalog"},
    "planning": {"kernel", "catalog"},
    "reporting": {"kernel", "catalog"},
    "exchange": {"kernel", "catalog"},
    "render": {"kernel", "catalog", "reporting"},
    "services": _BELOW,
    "gui": {"kernel", "catalog", "services"},
    "cli": {"kernel", "catalog", "services", "bootstrap", "gui"},  # danvan without a command opens the window
    "bootstrap": {*_BELOW, "services", "gui"},
    "__main__": {"kernel", "catalog", "services", "bootstrap", "cli", "gui"},
}
# Libraries that belong to one room: no other may name them.
BELONGS_TO = {
    "PySide6": {"gui", "bootstrap", "__main__"},
    "shiboken6": {"gui"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlcipher3": {"store"},
    "sqlite3": {"store"},
}
PURE = ("kernel", "catalog", "planning", "reporting", "exchange", "render")
DATABASE = {"sqlalchemy", "alembic", "sqlcipher3", "sqlite3"}


def test_every_room_is_known() -> None:
    rooms = {module.room for module in program().values()}
    assert rooms <= set(MAY_IMPORT), "a new room needs its line in MAY_IMPORT"
    assert {"kernel", "catalog", "store", "services"} <= rooms


def test_rooms_import_only_what_lies_below() -> None:
    faults = [
        f"{module.shown}: {module.room} may not import {other}"
        for module in program().values()
        for other in sorted(rooms_imported(module) - MAY_IMPORT[module.room])
    ]
    assert not faults, "\n".join(faults)


def test_libraries_stay_in_their_room() -> None:
    faults = [
        f"{module.shown}: {library} belongs to {', '.join(sorted(BELONGS_TO[library]))}"
        for module in program().values()
        for library in sorted(outsiders(module) & set(BELONGS_TO))
        if module.room not in BELONGS_TO[library]
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("room", [*PURE, "services", "store"])
def test_no_way_leads_around_the_walls(room: str) -> None:
    modules = program()
    ways = reach((m for m in modules.values() if m.room == room), modules)
    forbidden = {"PySide6", "shiboken6", f"{PACKAGE}.gui", f"{PACKAGE}.cli", f"{PACKAGE}.bootstrap"}
    if room in PURE:
        forbidden |= DATABASE | {f"{PACKAGE}.store", f"{PACKAGE}.services"}
    faults = [" → ".join(ways[name]) for name in sorted(forbidden & set(ways))]
    assert not faults, "\n".join(faults)


def test_no_room_imports_itself_in_a_circle_of_rooms() -> None:
    order: list[str] = []
    left = {room: set(targets) for room, targets in MAY_IMPORT.items()}
    while left:
        free = sorted(room for room, targets in left.items() if not targets - set(order))
        assert free, f"the allowed imports go in a circle: {sorted(left)}"
        order += free
        for room in free:
            del left[room]
    assert order.index("kernel") < order.index("services") < order.index("gui")


@pytest.mark.parametrize(
    ("rooms", "kept_out"),
    [
        (PURE, {"PySide6", "shiboken6", "sqlalchemy", "alembic", "sqlcipher3"}),
        (("services", "store", "bootstrap", "cli"), {"PySide6", "shiboken6"}),
    ],
    ids=["pure", "all without a window"],
)
def test_importing_a_room_brings_nothing_it_must_not_have(rooms: tuple[str, ...], kept_out: set[str]) -> None:
    migrations = f"{PACKAGE}.store.migrations"  # run by Alembic only, inside its own context
    names = sorted(n for n, m in program().items() if m.room in rooms and not n.startswith(migrations))
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(' '.join(sorted({n.split('.')[0] for n in sys.modules} "
        f"& {kept_out!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_the_rules_see_a_breach() -> None:
    low = module_from("from ..store import records\nimport PySide6.QtCore\n", f"{PACKAGE}.render.bad")
    assert rooms_imported(low) - MAY_IMPORT["render"] == {"store"}
    assert outsiders(low) == {"PySide6"}
    hidden = module_from("def f():\n    from . import bad\n", f"{PACKAGE}.render.hidden")
    modules = {m.name: m for m in (low, hidden)}
    assert reach([hidden], modules)["PySide6"] == (hidden.name, low.name, "PySide6")
