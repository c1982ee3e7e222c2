"""A small open office for the tests of services: light keys, a clock that stands."""

from __future__ import annotations

from pathlib import Path

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.kernel.clock import Clock
from danvan_desktop.reporting.office import Signer
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import AccountSpec, Place, SetupProfile, create_office
from danvan_desktop.store.home import KdfParameters

LIGHT = KdfParameters(memory_kib=1024, time_cost=1)
ALL_ROLES = ("entry", "consolidation", "leader", "records_office", "admin")


def profile(kind: str = "commune_hub", name: str = "Ủy ban nhân dân xã Mẫu", **changes: object) -> SetupProfile:
    """A complete profile; ``changes`` replace fields."""
    values: dict[str, object] = {
        "profile": kind,
        "name": name,
        "short_name": "UBND",
        "place": "Xã Mẫu",
        "superior_lines": (),
        "issuer_lines": ("ỦY BAN NHÂN DÂN", "XÃ MẪU"),
        "symbol_suffix": "UBND",
        "drafting_unit": "VHXH",
        "parent_name": "Ủy ban nhân dân tỉnh Mẫu",
        "via_name": "Sở Nội vụ",
        "signers": (Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn Mẫu"),),
        "agencies": (Place("Phòng Văn hóa - Xã hội"), Place("Văn phòng HĐND và UBND")),
        "villages": (Place("Thôn Mẫu Đông"),),
        "accounts": (AccountSpec("motnguoi", "Một người", ALL_ROLES),),
    }
    return SetupProfile(**{**values, **changes})  # type: ignore[arg-type]  # the fields of the profile, by name


def make(home: Path, clock: Clock, what: SetupProfile | None = None, *, demo: bool = False) -> Office:
    """Create and open an office; all its accounts have the password ``x``."""
    chosen = what or profile()
    passwords = {account.name: "x" for account in chosen.accounts}
    store, _ = create_office(home, chosen, passwords, clock=clock, catalog=catalog(), demo=demo, kdf=LIGHT)
    return wire(store, clock)
