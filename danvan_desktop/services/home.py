"""What can be known of a home before anyone signs in."""

from __future__ import annotations

from pathlib import Path

from ..store.home import AccountSlot, is_demo, is_home, list_accounts


def home_exists(path: Path) -> bool:
    """Whether ``path`` holds the data of an office."""
    return is_home(path)


def accounts(path: Path) -> list[AccountSlot]:
    """Names, labels and roles of the accounts of a home."""
    return list_accounts(path)


def demo_home(path: Path) -> bool:
    """Whether the home holds demonstration data."""
    return is_demo(path)
