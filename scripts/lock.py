"""Make ``requirements.lock`` and ``requirements-dev.lock`` anew from ``pyproject.toml``.

Usage: ``python scripts/lock.py [--upgrade]``; needs ``uv`` (``pip install uv``) on the path or beside the interpreter.
Without ``--upgrade`` every version that still fits stays. Both locks are universal (Python 3.11 and newer, Linux,
Windows, macOS), carry hashes, and name no index: they resolve from whatever mirror the machine uses.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
# Anything of this kind in a lock would tie it to one machine or one mirror.
MACHINE_BOUND = re.compile(r"://|--(?:extra-)?index|--find-links|--trusted-host|file:|^\s*-e\b", re.MULTILINE)


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if not found:
        raise SystemExit("uv is missing: pip install uv")
    return found


def _compile(uv: str, out: Path, *options: str) -> None:
    command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"]
    command += ["--only-binary", ":all:", "--custom-compile-command", "python scripts/lock.py"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "pyproject.toml", "-o", out.name, *options]
    subprocess.run(command, cwd=ROOT, check=True)
    found = MACHINE_BOUND.search(out.read_text("utf-8"))
    if found:
        raise SystemExit(f"{out.name} is tied to a machine or mirror: {found[0]!r}")


def main() -> None:
    """Write both locks; the second builds on the first, so that tests run what officers run."""
    uv = _uv()
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    _compile(uv, LOCK, *upgrade)
    _compile(uv, DEV_LOCK, "--extra", "dev", "--constraint", LOCK.name, *upgrade)
    for lock in (LOCK, DEV_LOCK):
        pins = len(re.findall(r"^[A-Za-z0-9][\w.-]*==", lock.read_text("utf-8"), re.MULTILINE))
        print(f"{lock.name}: {pins} packages")


if __name__ == "__main__":
    main()
