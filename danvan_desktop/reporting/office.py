"""Who issues a report: the office as its papers name it, and the persons who sign (DOMAIN §1.4, §1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..kernel.text import squeeze
from .model import from_json, to_json

_COMMITTEE = "ỦY BAN NHÂN DÂN"
_COMMITTEE_SHORT = "UBND"


@dataclass(frozen=True, slots=True)
class OfficeIdentity:
    """The office that reports. Lines are printed as they stand (capitals included); names are as in running text.

    ``symbol_suffix``: "UBND" of "BC-UBND"; ``drafting_unit``: "VHXH" of "Lưu: VT, VHXH"; ``parent_name`` receives the
    report, ``via_name`` is the body named in "(qua ...)"; ``report_symbol`` overrides "BC-<suffix>" where the head of
    the office has set another symbol.
    """

    id: str
    name: str
    short_name: str
    profile: str
    superior_lines: tuple[str, ...]
    issuer_lines: tuple[str, ...]
    symbol_suffix: str
    place: str
    drafting_unit: str = ""
    parent_name: str = ""
    via_name: str = ""
    report_symbol: str = ""

    def symbol(self, kind: str = "BC") -> str:
        """The symbol of a document of type ``kind`` (NĐ 30/2020, Phụ lục III): ``BC-UBND``, ``KH-UBND``."""
        if kind == "BC" and self.report_symbol:
            return self.report_symbol
        return f"{kind}-{self.symbol_suffix}" if self.symbol_suffix else kind

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values for storage."""
        value = to_json(self)
        assert isinstance(value, dict)
        return value

    @classmethod
    def from_json(cls, value: Any) -> OfficeIdentity:
        """The office of stored values. Raises Refused ``report_invalid``."""
        return from_json(cls, value, "office")


@dataclass(frozen=True, slots=True)
class Signer:
    """``authority_lines``: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"); ``name`` without titles."""

    authority_lines: tuple[str, ...]
    name: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values for storage."""
        value = to_json(self)
        assert isinstance(value, dict)
        return value

    @classmethod
    def from_json(cls, value: Any) -> Signer:
        """The signer of stored values. Raises Refused ``report_invalid``."""
        return from_json(cls, value, "signer")


def head_lines(name: str, superior: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``(superior_lines, issuer_lines)`` of an office (DOMAIN §1.5; NĐ 30/2020, Phụ lục I, mục II.2).

    A people's committee names no superior and stands on two lines; every other office stands under ``superior``,
    whose "Ủy ban nhân dân" is shortened as the decree allows.

    >>> head_lines("Ủy ban nhân dân xã Vĩnh Thủy", "Ủy ban nhân dân tỉnh Quảng Trị")
    ((), ('ỦY BAN NHÂN DÂN', 'XÃ VĨNH THỦY'))
    >>> head_lines("Phòng Văn hóa - Xã hội", "Ủy ban nhân dân xã Vĩnh Thủy")
    (('UBND XÃ VĨNH THỦY',), ('PHÒNG VĂN HÓA - XÃ HỘI',))
    """
    issuer = squeeze(name).upper()
    for spelling in (_COMMITTEE, _COMMITTEE_SHORT):
        if issuer.startswith(spelling + " "):
            return (), (_COMMITTEE, issuer.removeprefix(spelling).strip())
    above = squeeze(superior).upper().replace(_COMMITTEE, _COMMITTEE_SHORT)
    return ((above,) if above else ()), (issuer,)
