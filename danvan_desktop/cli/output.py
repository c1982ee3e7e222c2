"""Printing: Vietnamese lines for people, one JSON object with ``--json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO


class Output:
    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, value: dict[str, Any], lines: Iterable[str]) -> None:
        """Print the outcome of a command once."""
        if self.as_json:
            _write(sys.stdout, json.dumps(value, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                _write(sys.stdout, line)

    def error(self, code: str, message: str, details: dict[str, Any]) -> None:
        """Print an error: JSON on standard output with ``--json``, else a sentence on standard error."""
        if self.as_json:
            body = {"error": code, "message": message, **{k: v for k, v in details.items() if k != "technical"}}
            _write(sys.stdout, json.dumps(body, ensure_ascii=False, indent=2, default=str))
        else:
            _write(sys.stderr, message)
            for problem in details.get("problems", ())[:20]:
                _write(sys.stderr, f"  - {problem['message']}")

    def note(self, message: str) -> None:
        """A side remark that is no part of the result."""
        _write(sys.stderr, message)


def _write(stream: TextIO, text: str) -> None:
    """UTF-8 whatever the console's code page; a console that cannot show a letter never loses the run."""
    data = (text + "\n").encode("utf-8", "backslashreplace")  # file names may hold bytes of no language
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text + "\n")
    else:
        stream.flush()
        buffer.write(data)
    stream.flush()
