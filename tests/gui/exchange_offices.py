"""A commune and the department above it, each with one account that may do everything, for the exchange page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from prepared_homes import copy_of
from records_office import LIGHT, PASSWORD, sign_in
from report_office import PERIOD, REGIME, draft, finish

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import DEPARTMENT_PROFILE, HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import AccountSpec, SetupProfile, create_office

ALL_ROLES = ("entry", "consolidation", "leader", "records_office", "admin")


def _make(home: Path, clock: FixedClock, profile: SetupProfile) -> Office:
    whole = replace(profile, accounts=(AccountSpec("motnguoi", "Một người", ALL_ROLES),))
    store, _recovery = create_office(home, whole, {"motnguoi": PASSWORD}, clock=clock, catalog=catalog(), kdf=LIGHT)
    return wire(store, clock)


def make_hub(folder: Path, clock: FixedClock) -> Office:
    """The commune, with a half-year report approved."""

    def make(home: Path) -> Office:
        office = draft(_make(home, clock, HUB_PROFILE))
        office.reports.approve(finish(office))
        return office

    copy_of("approved", folder / "xa", make)
    return sign_in(folder / "xa", clock, "motnguoi")


def make_parent(folder: Path, clock: FixedClock) -> Office:
    return _make(folder / "so", clock, DEPARTMENT_PROFILE)


def introduce(below: Office, above: Office) -> None:
    """Each believes the other's key card."""
    for reader, other, relation in ((below, above, "parent"), (above, below, "child")):
        card = other.trust.card()
        reader.trust.add(card, office_id=card.office_id, fingerprint=card.fingerprint, relation=relation)


__all__ = ["PERIOD", "REGIME", "introduce", "make_hub", "make_parent"]
