"""Logs hold codes, counts and times: never a record's contents, a name or a password."""

from __future__ import annotations

import traceback
from pathlib import Path

from . import atomic
from .clock import Clock, stamp


def append_code(folder: Path, clock: Clock, code: str, **numbers: int) -> None:
    """Append one line ``time code key=number...`` to the home's log; failure to log is no failure."""
    line = " ".join([stamp(clock.now()), code, *(f"{key}={value}" for key, value in numbers.items())])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "danvan.log").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError:
        return


def write_crash(folder: Path, clock: Clock, error: BaseException) -> Path:
    """Write where our own fault happened (files, lines, type; no values) and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"crash-{stamp(clock.now()).replace(':', '')}.txt"
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    atomic.write_text(path, "\n".join([type(error).__name__, *frames]) + "\n")
    return path
