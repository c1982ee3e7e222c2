"""Habits that hold everywhere: one clock, one way to write files, one spelling, no catalogue names in the program."""

from __future__ import annotations

import ast
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import PACKAGE, ROOT, Module, files, module_from, program

MAX_LINES = 450
# Longer on purpose: path → reason.
LONG_FILES: dict[str, str] = {}
CLOCK = "danvan_desktop/kernel/clock.py"
# Where files are opened for writing: path → reason. Everything else goes through kernel.atomic.
WRITERS = {
    "danvan_desktop/kernel/atomic.py": "the one writer",
    "danvan_desktop/kernel/logs.py": "appends one line to a log; a torn last line harms nobody",
    "danvan_desktop/store/engine.py": "copies a database and its log to a temporary folder, to look without touching",
    "danvan_desktop/store/lock.py": "holds a lock on a file; writes no byte of it",
}
TEXT_SUFFIXES = (".py", ".toml", ".md", ".ui", ".html", ".txt", ".ts", ".lock", ".spec", ".json", ".svg", ".css")
_TIME_CALLS = {"now", "utcnow", "today", "currentDate", "currentDateTime", "currentDateTimeUtc", "currentTime"}
_TIME_OWNERS = {"datetime", "date", "func", "QDate", "QDateTime", "QTime"}
_WALL_CLOCK = {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}
_COPIERS = {"copy", "copy2", "copyfile", "copyfileobj", "copytree", "move"}


def _name(node: ast.expr) -> str:
    """The last word of ``a.b.c``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def time_faults(module: Module) -> Iterator[str]:
    """Places that ask the machine for the time."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            taken = sorted({alias.name for alias in node.names} & _WALL_CLOCK)
            if taken:
                yield f"{module.shown}:{node.lineno}: from time import {', '.join(taken)}"
        if not (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)):
            continue
        owner = _name(node.value)
        if (node.attr in _TIME_CALLS and owner in _TIME_OWNERS) or (owner == "time" and node.attr in _WALL_CLOCK):
            yield f"{module.shown}:{node.lineno}: {owner}.{node.attr}"


def write_faults(module: Module) -> Iterator[str]:
    """Places that open or make files for writing by other means than ``kernel.atomic``."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = _name(node.func)
        owner = _name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        values = [*node.args[:2], *(word.value for word in node.keywords if word.arg == "mode")]
        modes = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
        writes = any(re.fullmatch(r"[rwaxbt+U]{1,4}", mode) and set(mode) & set("wax+") for mode in modes)
        if (
            (called in ("open", "fdopen") and (writes or (owner == "os" and called == "open")))
            or (called in ("write_text", "write_bytes") and owner not in ("", "atomic"))
            or (owner == "shutil" and called in _COPIERS)
            or called in ("NamedTemporaryFile", "mkstemp")
        ):
            yield f"{module.shown}:{node.lineno}: {owner + '.' if owner else ''}{called}"


def test_only_the_clock_asks_for_the_time() -> None:
    faults = [fault for m in program().values() if m.shown != CLOCK for fault in time_faults(m)]
    assert not faults, "\n".join(faults)
    assert list(time_faults(program()[f"{PACKAGE}.kernel.clock"])), "the rule no longer sees the clock itself"


def test_only_the_atomic_writer_writes_files() -> None:
    faults = [fault for m in program().values() if m.shown not in WRITERS for fault in write_faults(m)]
    assert not faults, "\n".join(faults)
    for path in WRITERS:
        assert any(m.shown == path and list(write_faults(m)) for m in program().values()), f"{path} needs no exception"


@pytest.mark.parametrize(
    "line",
    ["datetime.datetime.now()", "date.today()", "t = time.time()", "f(default_factory=datetime.now)", "func.now()"],
)
def test_the_time_rule_sees(line: str) -> None:
    assert list(time_faults(module_from(line, f"{PACKAGE}.gui.bad")))


@pytest.mark.parametrize("line", ["clock.now()", "clock.today(c)", "time.monotonic()", "self.clock.now()"])
def test_the_time_rule_lets_pass(line: str) -> None:
    assert not list(time_faults(module_from(line, f"{PACKAGE}.gui.good")))


@pytest.mark.parametrize(
    "line",
    [
        "open(p, 'w')",
        "p.open('ab')",
        "p.open(mode='r+')",
        "p.write_text('x')",
        "shutil.copyfile(a, b)",
        "os.open(p, 1)",
    ],
)
def test_the_write_rule_sees(line: str) -> None:
    assert list(write_faults(module_from(line, f"{PACKAGE}.gui.bad")))


@pytest.mark.parametrize(
    "line", ["open(p)", "p.open('rb')", "atomic.write_bytes(p, b'')", "zip.open('a.json')", "os.fdopen(3, 'rb')"]
)
def test_the_write_rule_lets_pass(line: str) -> None:
    assert not list(write_faults(module_from(line, f"{PACKAGE}.gui.good")))


def _texts() -> Iterator[tuple[str, str]]:
    for path in files(*TEXT_SUFFIXES):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def test_every_text_is_nfc() -> None:
    faults = [name for name, text in _texts() if not unicodedata.is_normalized("NFC", text)]
    assert not faults, "not in Unicode normal form C (write decomposed test data with \\u escapes): " + ", ".join(
        faults
    )


def test_files_can_be_read_in_one_sitting() -> None:
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for p in files(".py", ".spec")}
    faults = [
        f"{path}: {lines} lines" for path, lines in lengths.items() if lines > MAX_LINES and path not in LONG_FILES
    ]
    assert not faults, "\n".join(faults)
    assert all(lengths.get(path, 0) > MAX_LINES for path in LONG_FILES), "an exception is no longer needed"


def test_the_repository_names_no_machine_and_no_registry() -> None:
    # character classes keep this file from finding itself
    found = re.compile(
        r"/w[o]rk/|/tmp/d[v]\b|/r[o]ot/|/home/(?!officer\b)[a-z]+/|C:\\\\?Users\\\\?[a-z]"
        r"|pypi\.or[g]|pythonhosted\.or[g]|deb\.debian\.or[g]|registry\.npmj[s]|--index-ur[l] http"
    )
    faults = []
    for name, text in _texts():
        for number, line in enumerate(text.splitlines(), 1):
            if found.search(line):
                faults.append(f"{name}:{number}: {line.strip()[:120]}")
    assert not faults, "\n".join(faults)


# ---------------------------------------------------------------- the catalogue is data


def _tables(node: object, kind: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == kind and isinstance(value, list):
                yield from (item["key"] for item in value if isinstance(item, dict) and "key" in item)
            yield from _tables(value, kind)
    elif isinstance(node, list):
        for item in node:
            yield from _tables(item, kind)


def _catalogue() -> list[dict[str, object]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "resources/catalog").rglob("*.toml"))]


def _identifiers() -> set[str]:
    found: set[str] = set()
    for module in program().values():
        for node in ast.walk(module.tree):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    found.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.keyword(arg=str(name)):
                    found.add(name)
    return found


def test_no_form_field_or_indicator_of_the_catalogue_is_named_in_the_program() -> None:
    """A field's key that is also a word of the program itself (``issued_on``) says nothing; the others do."""
    catalogue = _catalogue()
    assert catalogue, "the shipped catalogue is missing"
    forms, indicators = set(_tables(catalogue, "form")), set(_tables(catalogue, "indicator"))
    assert len(forms) >= 11
    assert len(indicators) >= 30
    fields = {key for key in _tables(catalogue, "field") if "_" in key} - _identifiers()
    named = forms | indicators | fields
    faults = [
        f"{module.shown}:{node.lineno}: {node.value!r}"
        for module in program().values()
        if not module.shown.startswith(f"{PACKAGE}/services/demo")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in named
    ]
    assert not faults, "\n".join(faults)


def test_paths_in_lists_of_exceptions_exist() -> None:
    assert all((ROOT / path).is_file() for path in (*LONG_FILES, *WRITERS, CLOCK))
    assert Path(__file__).is_relative_to(ROOT)
