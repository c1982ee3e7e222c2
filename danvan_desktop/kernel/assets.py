"""Where the program's own files lie: in a checkout, in an installed wheel, in a frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _root(checkout_name: str, wheel_name: str) -> Path:
    candidates = [_PACKAGE / wheel_name, _PACKAGE.parent / checkout_name]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        candidates.insert(0, Path(frozen) / checkout_name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the program's folder '{checkout_name}' is missing; install it again")


@cache
def resources() -> Path:
    """The folder of fonts, icons, catalogue, templates and help."""
    return _root("resources", "_resources")


@cache
def ui() -> Path:
    """The folder of the Qt Designer files."""
    return _root("ui", "_ui")
