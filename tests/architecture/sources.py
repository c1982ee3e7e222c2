"""The program's source as the architecture tests read it: modules, what they import, and the files of the checkout."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "danvan_desktop"
_NOT_OURS = {".git", ".venv", "demo", "build", "dist", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """One Python file of the program: its dotted name, text and tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """``store`` for ``danvan_desktop.store.records``; ``__main__``, ``bootstrap`` for files of their own."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"

    @property
    def shown(self) -> str:
        """The path from the checkout, for messages and lists of exceptions."""
        return self.path.relative_to(ROOT).as_posix()


def module_from(text: str, name: str, path: Path | None = None) -> Module:
    """A module of ``text``; for trying the rules on made-up sources."""
    file = path or ROOT.joinpath(*name.split(".")).with_suffix(".py")
    return Module(name, file, ast.parse(text))


@cache
def program() -> dict[str, Module]:
    """All modules of the program by dotted name."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        name = ".".join(parts)
        found[name] = module_from(path.read_text("utf-8"), name, path)
    return found


def files(*suffixes: str) -> Iterator[Path]:
    """The files of the checkout that are ours, not what set-up, builds or tools put there."""
    pending = [ROOT]
    while pending:
        for path in sorted(pending.pop().iterdir()):
            if path.name in _NOT_OURS or path.name.endswith(("_cache", ".egg-info")) or path.name == ".hypothesis":
                continue
            if path.is_dir():
                pending.append(path)
            elif not suffixes or path.suffix in suffixes:
                yield path


def _base(module: Module, level: int) -> str:
    parts = module.name.split(".")
    if module.path.name != "__init__.py":
        parts = parts[:-1]
    return ".".join(parts[: len(parts) - (level - 1)])


def imports(module: Module) -> set[str]:
    """Dotted names that a module names in imports, also inside functions and for types only.

    ``from a import b`` names ``a`` and ``a.b``: which of them is a module only the other side knows.
    """
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = _base(module, node.level) if node.level else ""
            whole = ".".join(part for part in (start, node.module or "") if part)
            found.add(whole)
            found.update(f"{whole}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                found.add(node.args[0].value)
    return found


def rooms_imported(module: Module) -> set[str]:
    """The rooms of the program that a module names directly, its own excepted."""
    inside = {name.split(".")[1] for name in imports(module) if name.startswith(PACKAGE + ".")}
    return inside - {module.room, "__version__"}


def outsiders(module: Module) -> set[str]:
    """Top-level names of what a module imports from outside the program."""
    return {name.split(".")[0] for name in imports(module)} - {PACKAGE, ""}


def reach(start: Iterable[Module], modules: dict[str, Module]) -> dict[str, tuple[str, ...]]:
    """Everything imported from ``start`` on, followed through the program: name → the way there.

    Names outside the program are cut to their top level.
    """
    ways: dict[str, tuple[str, ...]] = {}
    pending: list[tuple[str, tuple[str, ...]]] = [(module.name, (module.name,)) for module in start]
    while pending:
        name, way = pending.pop()
        if name in ways:
            continue
        ways[name] = way
        if name not in modules:
            continue
        for target in imports(modules[name]):
            if target.split(".")[0] != PACKAGE:
                ways.setdefault(target.split(".")[0], (*way, target.split(".")[0]))
                continue
            parts = target.split(".")
            for length in range(1, len(parts) + 1):  # importing a.b.c runs a and a.b, too
                part = ".".join(parts[:length])
                if part in modules:
                    pending.append((part, (*way, part)))
    return ways
