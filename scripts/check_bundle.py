"""Build what is handed out, and let each prove itself: ``danvan self-test`` in the bundle and from the wheel alone.

Usage: ``python scripts/check_bundle.py [bundle|wheel] [--keep DIR] [--offline]`` with the interpreter of ``.venv``
after ``python3 run.py test``. ``--offline`` lends the wheel this interpreter's libraries instead of installing the
lock anew; the checkout stays out of sight all the same. Both run in an
environment of their own: no checkout on the path, an empty home, no settings of the person who builds. Exit 0 when all
that was asked for passed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SYSTEM = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "NUMBER_OF_PROCESSORS")


def clean_environment(home: Path) -> dict[str, str]:
    """What a fresh account on a fresh machine has: no Python settings, an empty home, no screen."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in _SYSTEM if name in os.environ}
    folders = {"HOME": str(home), "USERPROFILE": str(home), "LOCALAPPDATA": str(home), "XDG_DATA_HOME": str(home)}
    return {**kept, **folders, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


def _run(command: Sequence[str | Path], **options: object) -> None:
    done = subprocess.run([str(part) for part in command], check=False, **options)  # type: ignore[call-overload]  # passed through
    if done.returncode:
        raise SystemExit(f"failed with {done.returncode}: {' '.join(map(str, command))}")


def _self_test(command: Sequence[str | Path], work: Path) -> None:
    empty = work / "elsewhere"
    empty.mkdir(exist_ok=True)
    _run([*command, "self-test"], cwd=empty, env=clean_environment(work / "home"), timeout=300)


def check_bundle(work: Path, *, offline: bool = False) -> Path:  # building a bundle asks no index
    """Build the PyInstaller folder below ``work`` and run its self-test. Returns the folder."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(work / "dist"), "--workpath", str(work / "build"), str(ROOT / "build.spec")]
    _run(command, cwd=work)
    folder = work / "dist" / "danvan"
    _self_test([folder / ("danvan.exe" if sys.platform == "win32" else "danvan")], work)
    return folder


def check_wheel(work: Path, *, offline: bool = False) -> Path:
    """Build the wheel below ``work``, install it alone beside the locked libraries, run its self-test."""
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", work / "wheel"], cwd=ROOT)
    (wheel,) = (work / "wheel").glob("*.whl")
    _run([sys.executable, "-m", "venv", work / "venv"])
    scripts = work / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    pip: list[str | Path] = [scripts / "python", "-m", "pip", "install", "-qq"]
    if offline:
        (site,) = (work / "venv").glob("[Ll]ib/**/site-packages")
        # a path named in a .pth file is searched, but its own .pth files (the checkout's) are not read
        (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    else:
        _run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", ROOT / "requirements.lock"])
    _run([*pip, "--no-deps", "--no-index", wheel])
    found = "import danvan_desktop, sys; sys.exit(not danvan_desktop.__file__.startswith(sys.prefix))"
    _run([scripts / "python", "-c", found], cwd=work, env=clean_environment(work / "home"))
    _self_test([scripts / "danvan"], work)
    return wheel


CHECKS = {"bundle": check_bundle, "wheel": check_wheel}


def main() -> None:
    """Run the checks that are named, or all."""
    parser = argparse.ArgumentParser(description="Build bundle and wheel and run danvan self-test in each.")
    parser.add_argument("what", nargs="*", choices=[*CHECKS, []], help="bundle, wheel; all when none is named")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build below DIR and leave it there")
    parser.add_argument("--offline", action="store_true", help="install nothing from an index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="danvan-", ignore_cleanup_errors=True) as temporary:
        base = (options.keep or Path(temporary)).resolve()
        for name in options.what or CHECKS:
            work = base / name
            work.mkdir(parents=True, exist_ok=True)
            started = time.monotonic()
            made = CHECKS[name](work, offline=options.offline)
            paths = [path for path in made.rglob("*") if path.is_file()] if made.is_dir() else [made]
            size = sum(path.stat().st_size for path in paths if not path.is_symlink()) / 1e6
            print(f"{name}: self-test passed; {size:.0f} MB, {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
