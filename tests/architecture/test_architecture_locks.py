"""The locks: complete, with hashes, tied to no machine, and made from what pyproject.toml asks for."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sources import ROOT

LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
# What may be shipped. PySide6 is used under the LGPL, as a library that can be exchanged.
_FREE = re.compile(r"MIT|BSD|Apache|PSF|Python Software|MPL|Mozilla|zlib|LGPL|ISC|HPND", re.IGNORECASE)
# Packages whose metadata names no licence: the licence file of each was read.
_READ_BY_HAND = {"pyrage": "MIT", "sqlcipher3": "zlib"}


def pins(lock: Path) -> dict[str, str]:
    """Canonical name → version of a lock."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_hashes_and_no_place(lock: Path) -> None:
    text = lock.read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock)) > 30
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|file:|--(?:extra-)?index|--find-links", text)


def test_the_locks_answer_what_the_project_asks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    base, dev = (pins(lock) for lock in LOCKS)
    for asked, lock in ((project["dependencies"], base), (project["optional-dependencies"]["dev"], dev)):
        for requirement in map(Requirement, asked):
            version = lock.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not locked: python scripts/lock.py"
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"
    assert base.items() <= dev.items(), "tests must run what officers run"


def test_the_broken_qt_stays_away() -> None:
    assert tuple(map(int, pins(LOCKS[0])["pyside6-essentials"].split("."))) < (6, 12)
    assert not {"pyside6", "pyside6-addons"} & set(pins(LOCKS[1])), "QtCharts is GPL and comes with these"


def test_tests_run_on_the_locked_versions() -> None:
    wrong = []
    for name, version in pins(LOCKS[0]).items():
        try:
            here = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system (tzdata on Windows)
        if here != version:
            wrong.append(f"{name} {here}, locked {version}")
    assert not wrong, wrong


def test_nothing_shipped_is_under_the_gpl_or_agpl() -> None:
    faults = []
    for name in pins(LOCKS[0]):
        try:
            data = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        classifiers = [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
        named = [data[key][:200] for key in ("License-Expression", "License") if key in data]
        said = " ".join([*named, *classifiers])
        if not _FREE.search(said) and name not in _READ_BY_HAND:
            faults.append(f"{name}: {said[:80] or 'no licence named'}")
        if "AGPL" in said or ("GPL" in said and "LGPL" not in said):
            faults.append(f"{name}: {said[:80]}")
    assert not faults, "\n".join(faults)
