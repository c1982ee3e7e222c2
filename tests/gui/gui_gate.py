"""A gate with a light key derivation, and homes for the tests of what leads from window to window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Catalog
from danvan_desktop.kernel.clock import Clock
from danvan_desktop.services.demo.offices import HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import SetupProfile, create_office
from danvan_desktop.store.home import KdfParameters, open_home, open_home_with_recovery

LIGHT = KdfParameters(64, 1, 1)
PASSWORD = "mật khẩu"


class LightGate:
    """services.office.Gate, fast enough for tests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def catalog(self) -> Catalog:
        return catalog()

    def open(self, home: Path, account: str | None, password: str) -> Office:
        return wire(open_home(home, clock=self._clock, account=account, password=password), self._clock)

    def create(self, home: Path, profile: SetupProfile, passwords: Mapping[str, str]) -> tuple[Office, str]:
        store, code = create_office(home, profile, passwords, clock=self._clock, catalog=catalog(), kdf=LIGHT)
        return wire(store, self._clock), code

    def recover(self, home: Path, recovery_code: str, account: str, password: str) -> None:
        store = open_home_with_recovery(home, clock=self._clock, recovery_code=recovery_code)
        try:
            store.reset_password(account, password, kdf=LIGHT)
        finally:
            store.close()


def make_home(home: Path, clock: Clock, *, demo: bool = False) -> str:
    """The hub of a commune with its four accounts, closed; the recovery code."""
    passwords = {account.name: PASSWORD for account in HUB_PROFILE.accounts}
    store, code = create_office(home, HUB_PROFILE, passwords, clock=clock, catalog=catalog(), kdf=LIGHT, demo=demo)
    store.close()
    return code
