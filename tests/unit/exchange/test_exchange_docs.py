"""The description of the format names everything the program enforces."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from danvan_desktop.exchange.package import KINDS, PackageInfo
from danvan_desktop.exchange.payloads import Enrolled, Recall, Receipt, Return
from danvan_desktop.exchange.reasons import NOTES, REASONS

TEXT = (Path(__file__).parents[3] / "docs" / "package-format.md").read_text("utf-8")


def test_every_reason_kind_and_key_is_described() -> None:
    keys = {item.name for kind in (PackageInfo, Enrolled, Receipt, Return, Recall) for item in fields(kind)}
    missing = [word for word in (*REASONS, *KINDS, *keys, "predecessor_unknown") if f"`{word}`" not in TEXT]
    assert not missing
    assert set(NOTES) >= {"predecessor_unknown", "same_document"}
