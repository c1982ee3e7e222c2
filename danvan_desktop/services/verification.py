"""Verifying a package with nothing but a key card: no home, no password."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..exchange.reasons import PackageRefused
from ..exchange.sealed import is_sealed
from ..exchange.trust import TrustedKey, TrustView
from ..exchange.verify import verify
from ..reporting.model import thaw
from .packages import Outcome, read_package
from .trust import read_card


def verify_with_card(path: Path, card_path: Path, at: datetime) -> Outcome:
    """Judge ``path`` as at ``at`` with the one office of ``card_path`` trusted; nothing is stored."""
    key = TrustedKey.of_card(read_card(card_path))
    try:
        data = read_package(path)
        if is_sealed(data):  # for one reader only, and no reader's key is here
            raise PackageRefused("not_for_us", sealed=True)
        return Outcome.of(path, verify(data, trust=TrustView((key,)), at=at, checks={"report": thaw}))
    except PackageRefused as error:
        return Outcome.refused(path, error)
