"""No Python names a form, an indicator or an outline: they are data (demo data aside)."""

from __future__ import annotations

import ast
from pathlib import Path

import danvan_desktop
from danvan_desktop.catalog.loader import load_shipped

PACKAGE = Path(danvan_desktop.__file__).parent


def test_no_program_file_names_a_form_an_indicator_or_an_outline() -> None:
    catalog = load_shipped()
    names = {*catalog.forms, *catalog.indicators, *catalog.outlines}
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.value}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "demo" not in path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.partition(".")[0] in names
    ]
    assert found == []
