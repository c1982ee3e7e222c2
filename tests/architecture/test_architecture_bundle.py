"""What is handed out works by itself: the bundle and the wheel are built, and each passes ``danvan self-test``."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sources import ROOT


@pytest.mark.parametrize("what", ["wheel", "bundle"])
def test_what_is_handed_out_passes_its_self_test(what: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "check_bundle.py"), what, "--offline"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert f"{what}: self-test passed" in done.stdout
