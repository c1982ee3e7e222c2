"""Cells as spreadsheets write them: addresses (rows and columns count from 0), and blocks on the clipboard."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\n]|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")


def column_name(column: int) -> str:
    """``A`` for 0, ``AB`` for 27."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """``C5`` of a place counted from 0."""
    return f"{column_name(column)}{row + 1}"


def parse_block(text: str) -> list[list[str]]:
    """The cells of a block off the clipboard: tabs between cells, a line for each row, [] for nothing.

    Spreadsheets put quotes round a cell only where it holds a line break or a tab; any other quotes are its own.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip("\n")
    if not clean:
        return []
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        quoted = _QUOTED.match(clean, at)
        if quoted and re.search(r"[\t\n]", quoted[1]):
            rows[-1].append(quoted[1].replace('""', '"'))
            at = quoted.end()
        else:
            plain = _PLAIN.match(clean, at)
            assert plain is not None
            rows[-1].append(plain[0])
            at = plain.end()
        if at >= len(clean):
            return rows
        if clean[at] == "\n":
            rows.append([])
        at += 1
