#!/usr/bin/env python3
"""The one command of a checkout: sets everything up, then runs. Standard library only.

    python3 run.py               sets up; builds ./demo once where no office exists yet; opens the window
    python3 run.py test [ARGS]   sets up with the test tools, then lint, types and the whole suite (ARGS go to pytest)
    python3 run.py ANYTHING      the same as ``danvan ANYTHING``: exit code, input and output are danvan's own

On Windows: ``py run.py``. What set-up says goes to standard error. Set-up that cannot be finished exits with 3 and
says what to do. Written so that an older Python can still read the file and say that it is too old.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STATE = VENV / "danvan-setup.json"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
DEMO = ROOT / "demo"
OLDEST = (3, 11)
SETUP_FAILED = 3

# What Qt loads from the system, by library, with the Debian package that brings it: found by starting the window in
# a bare Debian 12, one package at a time.
SYSTEM_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
# What the tests call, with the Debian package that brings it.
TEST_TOOLS = {
    "openssl": "openssl",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "softhsm2-util": "softhsm2",  # a token in software
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "unzip": "unzip",
    "zip": "zip",
    "objcopy": "binutils",  # PyInstaller builds the bundle with it
}


class SetupError(Exception):
    """Set-up cannot go on; the text (Vietnamese) says why and what to do."""


def say(text: str) -> None:
    """One line of set-up, to standard error: standard output belongs to the command that is run."""
    print(text, file=sys.stderr, flush=True)


# ---------------------------------------------------------------- the system


def missing_libraries() -> list[str]:
    """Debian packages of the libraries that Qt needs and the system lacks (Linux only; elsewhere none)."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def missing_tools() -> list[str]:
    """Debian packages of the programs and the library that the tests need and the system lacks."""
    missing = [package for tool, package in TEST_TOOLS.items() if not shutil.which(tool)]
    if sys.platform.startswith("linux"):  # the bundle takes Python's library along, which Debian keeps apart
        name = "libpython{}.{}".format(*sys.version_info)
        try:
            ctypes.CDLL(name + ".so.1.0")
        except OSError:
            missing.append(name)
    return missing


def missing_venv() -> list[str]:
    """Debian splits off what makes a virtual environment."""
    found = all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))
    return [] if found else ["python3-venv"]


def install_command(packages: list[str]) -> str:
    """The line an administrator types to install ``packages`` on Debian and its relatives."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt_install(packages: list[str]) -> None:
    """Install ``packages`` with apt-get. Raises SetupError with the exact command where that may not be done here."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        names = {**SYSTEM_LIBRARIES, **TEST_TOOLS}
        wanted = [name for name, package in names.items() if package in packages] or packages
        raise SetupError(
            "Máy còn thiếu: " + ", ".join(wanted) + ". Hãy cài bằng công cụ của hệ điều hành rồi chạy lại lệnh này."
        )
    if os.geteuid() != 0:
        raise SetupError(
            "Máy còn thiếu thư viện hệ thống; chưa cài gì. Người quản trị máy chạy lệnh sau, rồi chạy lại lệnh này:\n"
            "  " + install_command(packages)
        )
    say("Đang cài thư viện hệ thống: " + " ".join(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(apt + step, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if done.returncode:
            raise SetupError(
                f"apt-get {step[0]} không thành công (mã {done.returncode}). Hãy kiểm tra mạng và kho gói, "
                "rồi chạy lại lệnh này, hoặc tự chạy:\n  " + install_command(packages)
            )


# ---------------------------------------------------------------- the environment


def venv_python() -> Path:
    """The interpreter of ``.venv``."""
    return VENV / "Scripts" / "python.exe" if sys.platform == "win32" else VENV / "bin" / "python"


def fingerprint(lock: Path) -> str:
    """What an installation depends on: the lock, the Python, and where the checkout lies."""
    parts = [lock.read_bytes(), "{}.{}".format(*sys.version_info).encode(), sys.base_prefix.encode(), bytes(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_state() -> dict[str, object]:
    """What earlier set-ups finished; empty if there was none, or it cannot be read."""
    try:
        state = json.loads(STATE.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) and venv_python().exists() else {}


def write_state(state: dict[str, object]) -> None:
    """Remember what is finished (whole or not at all: a torn file reads as nothing done)."""
    temporary = STATE.with_suffix(".tmp")
    temporary.write_text(json.dumps(state), "utf-8")
    temporary.replace(STATE)


def run_quietly(command: list[str], failure: str) -> None:
    """Run a step of set-up with its output on standard error. Raises SetupError with ``failure``."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    for name in ("TARGET", "PREFIX", "ROOT", "NO_BINARY", "NO_DEPS", "DRY_RUN", "REPORT"):
        environment.pop("PIP_" + name, None)  # a person's own habits; the index, proxy and certificates stay
    environment.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if done.returncode:
        raise SetupError(failure)


def make_venv() -> None:
    """A fresh ``.venv`` that finds this checkout."""
    if VENV.exists() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
        raise SetupError(f"Thư mục {VENV} không phải do chương trình tạo; hãy đổi tên hoặc xóa nó rồi chạy lại.")
    with contextlib.suppress(FileNotFoundError):
        STATE.unlink()
    say("Đang chuẩn bị môi trường chạy (.venv)…")
    run_quietly(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        f"Không tạo được môi trường Python ở {VENV}. Hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại.",
    )
    version = "python{}.{}".format(*sys.version_info)
    packages = VENV / "Lib" / "site-packages" if sys.platform == "win32" else VENV / "lib" / version / "site-packages"
    (packages / "danvan_checkout.pth").write_text(str(ROOT) + "\n", "utf-8")


def pip_install(lock: Path) -> None:
    """Install exactly what ``lock`` says: hashes checked, ready-built packages only."""
    say("Đang tải và cài các thư viện đã khóa phiên bản (lần đầu khoảng 130 MB)…")
    command = [str(venv_python()), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-warn-script-location"]
    if not sys.stderr.isatty():
        command.append("-qq")
    run_quietly(
        [*command, "-r", str(lock)],
        f"Không cài được các thư viện trong {lock.name}. Hãy kiểm tra mạng (hoặc kho gói nội bộ của pip) và dung lượng "
        "đĩa rồi chạy lại; phần đã tải được giữ lại.",
    )


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two set-ups at once would spoil each other: the second waits. Where files cannot be locked, it goes on."""
    with Path(__file__).open("rb") as handle:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                import msvcrt

                handle.seek(1 << 30)  # past the end: a lock there hinders no reader
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def set_up(*, dev: bool = False, libraries: str = "required") -> None:
    """Make ``.venv`` and the system ready; returns at once when nothing changed since the last time.

    ``libraries``: ``required`` raises where Qt's system libraries lack and may not be installed here; ``wanted`` only
    says so (commands without a window work without them).
    """
    base, full = fingerprint(LOCK), fingerprint(DEV_LOCK) if dev else ""

    def ready(state: dict[str, object]) -> bool:
        return state.get("base") == base and state.get("libraries") is True and (not dev or state.get("dev") == full)

    if ready(read_state()) and not (dev and missing_tools()):
        return
    with only_one():
        state = read_state()
        lacking = [] if state.get("libraries") is True else missing_libraries()
        optional, packages = (lacking, missing_venv()) if libraries == "wanted" else ([], missing_venv() + lacking)
        if optional and shutil.which("apt-get") and os.geteuid() == 0:
            optional, packages = [], packages + optional
        apt_install(packages + (missing_tools() if dev else []))
        importlib.invalidate_caches()
        if state.get("base") != base:
            make_venv()
            pip_install(LOCK)
            state = {"base": base}
            write_state(state)
        if dev and state.get("dev") != full:
            pip_install(DEV_LOCK)
            state["dev"] = full
        if optional:
            say("Thiếu thư viện để mở cửa sổ (các lệnh khác vẫn chạy). Người quản trị máy chạy:")
            say("  " + install_command(optional))
        state["libraries"] = not optional
        write_state(state)


# ---------------------------------------------------------------- what is run


def hand_over(arguments: list[str]) -> int:
    """Become ``danvan ARGUMENTS``: its input, output, signals and exit code are the program's own."""
    # -P: a file of the person's folder must not be taken for one of Python's modules
    command = [str(venv_python()), "-P", "-m", "danvan_desktop", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":  # exec on Windows would give the prompt back while the program still runs
        return subprocess.call(command)
    return os.execv(command[0], command)  # our own interpreter and an argument list: no shell is wanted


def has_screen() -> bool:
    """Whether a window can be shown (asked before Qt is: without a screen it would abort)."""
    if sys.platform == "win32" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_results(out: Path) -> None:
    """Name the papers and packages of the demonstration."""
    print(f"Kết quả của bộ dữ liệu minh họa nằm ở {out}:")
    for pattern in ("*.pdf", "*.dvpkg"):
        for path in sorted(out.glob(pattern)):
            print(f"  {path.name}")


def start() -> int:
    """Open the office of this user; where there is none yet, the demonstration (built once)."""
    from danvan_desktop.kernel.paths import default_home  # needs nothing but the standard library

    arguments: list[str] = []
    if not (default_home() / "home.json").exists():
        out = DEMO / "out"
        if not out.is_dir():  # it appears last, so a build that was interrupted is done again
            say("Chưa có dữ liệu của cơ quan nào trên máy này; đang dựng bộ dữ liệu minh họa ở ./demo (một lần)…")
            command = [str(venv_python()), "-P", "-m", "danvan_desktop", "demo", "--home", str(DEMO)]
            code = subprocess.call(command, stdout=subprocess.DEVNULL)  # the results are listed below, also next time
            if code:
                return code
        show_results(out)
        print("Tài khoản minh họa: canbo, lanhdao, vanthu, quantri; mật khẩu: demo")
        arguments = ["--home", str(DEMO / "vhxh")]
    if not has_screen():
        print("Máy này không có màn hình nên không mở cửa sổ; các lệnh khác: python3 run.py --help")
        return 0
    sys.stdout.flush()
    return hand_over(arguments)


def run_tests(arguments: list[str]) -> int:
    """Lint, formatting, types, then the suite; every step runs, the first failure gives the exit code."""
    python = str(venv_python())
    environment = {**os.environ}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    workers = max(1, min(8, os.cpu_count() or 1))
    # a file of tests stays with one worker: it shares homes. In the order of the folders: the bundle, the pages and the
    # journeys, minutes of few tests, come before the many short ones; by number of tests they would end the run alone
    spread = ["--dist", "loadfile", "--no-loadscope-reorder"]
    failed = 0
    for step in (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["pytest", "-n", str(workers), *spread, *arguments],
    ):
        say("» " + " ".join(step))
        code = subprocess.call([python, "-m", *step], cwd=ROOT, env=environment)
        failed = failed or code
    return failed


def main(arguments: list[str]) -> int:
    """Set up as far as the command needs it, and run it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.version_info < OLDEST:
        say("Cần Python 3.11 trở lên; máy này đang dùng Python {}.{}.".format(*sys.version_info))
        say("Windows: cài Python 3.11 từ python.org rồi chạy “py -3.11 run.py”. Debian 12: “apt-get install python3”.")
        return SETUP_FAILED
    try:
        if arguments[:1] == ["test"]:
            set_up(dev=True)
            return run_tests(arguments[1:])
        set_up(libraries="wanted" if arguments else "required")
    except SetupError as error:
        say(str(error))
        return SETUP_FAILED
    except OSError as error:
        say(
            f"Không ghi hoặc đọc được {error.filename or ROOT}: {error.strerror}. Hãy kiểm tra quyền và dung lượng đĩa."
        )
        return SETUP_FAILED
    return hand_over(arguments) if arguments else start()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Đã dừng theo yêu cầu. Chạy lại lệnh này để làm tiếp.")
        sys.exit(130)
