"""Registers as law and practice print them: which form fills which column, declared as data (DOMAIN §3.3, §6.1)."""

from __future__ import annotations

from dataclasses import dataclass

NUMBER = "@number"
COMMON_PARTS = (NUMBER, "@unit", "@villages", "@note")
"""What every record has; ``@number`` is the running number."""


@dataclass(frozen=True, slots=True)
class RegisterPart:
    """What stands in a cell. ``prefix`` goes before a value that is there; ``mark`` prints "x" for yes and nothing for
    no; ``short`` prints the note of a choice (``KN``) for its title; ``column`` picks one column of a rows field."""

    field: str
    prefix: str = ""
    mark: bool = False
    short: bool = False
    column: str = ""


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    title: str
    width: int  # share of the paper's width
    parts: tuple[RegisterPart, ...]
    align: str = "left"
    separator: str = "; "


@dataclass(frozen=True, slots=True)
class Register:
    """``numbered``: a row with the numbers of the columns stands below the head, as on the printed form."""

    key: str
    title: str
    form: str
    columns: tuple[RegisterColumn, ...]
    form_no: str = ""  # "Mẫu số 03/TCD"
    basis: str = ""  # legal source, below the form number
    numbered: bool = False
    personal: bool = False  # shows names or addresses: to print it is an act that is recorded as such
