"""Files are written whole or not at all; logs and crash files hold no contents."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from danvan_desktop.kernel import assets, atomic, logs, paths
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Cancelled, Refused, UsageError


class FullDisk:
    """Stands in for ``os.fsync``: lets some calls pass, then the disk is full."""

    def __init__(self, passes: int) -> None:
        self.left = passes

    def __call__(self, handle: int) -> None:
        if self.left == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "báo cáo.pdf"
    atomic.write_bytes(path, b"one")
    atomic.write_bytes(path, b"two" * 100_000, verify=True)
    assert path.read_bytes() == b"two" * 100_000
    atomic.write_text(path, "Vĩnh Thủy\n")
    assert path.read_bytes() == "Vĩnh Thủy\n".encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["báo cáo.pdf"]


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "so-lieu.xlsx"
    atomic.write_bytes(path, b"old")
    monkeypatch.setattr(os, "fsync", FullDisk(0))
    with pytest.raises(Refused) as caught:
        atomic.write_bytes(path, b"new")
    assert caught.value.code == "write_failed"
    assert "so-lieu.xlsx" in caught.value.message
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["so-lieu.xlsx"]


def test_a_stick_that_cannot_sync_folders_still_takes_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def no_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", no_folders)
    atomic.write_bytes(tmp_path / "a.dvpkg", b"x")
    assert (tmp_path / "a.dvpkg").read_bytes() == b"x"


def test_a_limit_met_while_writing_keeps_the_old_file(tmp_path: Path) -> None:
    """A real short write: the process may not write files beyond 64 KiB."""
    if sys.platform == "win32":
        assert os.name == "nt"  # no such limit there; the full disk above covers it
        return
    path = tmp_path / "goi.dvpkg"
    path.write_bytes(b"old")
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from danvan_desktop.kernel import atomic; from danvan_desktop.kernel.errors import Refused\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try: atomic.write_bytes(Path(sys.argv[1]), b'x' * 200_000)\n"
        "except Refused as error: sys.exit(7 if error.code == 'write_failed' else 8)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[3], timeout=60)
    assert done.returncode == 7
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["goi.dvpkg"]


def test_a_missing_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        atomic.write_bytes(tmp_path / "khong-co" / "a.pdf", b"x")
    assert caught.value.code == "write_failed"
    assert "khong-co" in caught.value.message


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_bytes(tmp_path / "a.pdf", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_lies_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dvpkg"
    real = Path.replace

    def lying(self: Path, target: Path) -> Path:
        moved = real(self, target)
        target.write_bytes(b"other bytes")
        return moved

    monkeypatch.setattr(Path, "replace", lying)
    with pytest.raises(Refused) as caught:
        atomic.write_bytes(path, b"good bytes", verify=True)
    assert caught.value.code == "write_failed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access lists, not in mode bits")
def test_private_files_are_the_owners(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "key", b"x", private=True)
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_the_log_holds_codes_and_counts(tmp_path: Path, fixed_clock: FixedClock) -> None:
    logs.append_code(tmp_path / "logs", fixed_clock, "import_done", rows=3)
    logs.append_code(tmp_path / "logs", fixed_clock, "closed")
    text = (tmp_path / "logs" / "danvan.log").read_text("utf-8")
    assert text == "2026-05-28T01:00:00Z import_done rows=3\n2026-05-28T01:00:00Z closed\n"


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, fixed_clock: FixedClock) -> None:
    (tmp_path / "logs").write_bytes(b"a file where a folder should be")
    logs.append_code(tmp_path / "logs", fixed_clock, "closed")
    assert (tmp_path / "logs").read_bytes() == b"a file where a folder should be"


def test_a_crash_file_names_places_but_no_values(tmp_path: Path, fixed_clock: FixedClock) -> None:
    def fail(secret: str) -> None:
        raise LookupError(secret)

    try:
        fail("Nguyễn Văn A")
    except LookupError as error:
        path = logs.write_crash(tmp_path, fixed_clock, error)
    text = path.read_text("utf-8")
    assert "LookupError" in text
    assert "test_kernel_files.py" in text
    assert "Nguyễn" not in text


def test_the_default_home_follows_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert paths.default_home({"XDG_DATA_HOME": "/data"}) == Path("/data/danvan")
    assert paths.default_home({}) == Path.home() / ".local" / "share" / "danvan"
    monkeypatch.setattr(sys, "platform", "win32")
    assert paths.default_home({"LOCALAPPDATA": "L"}) == Path("L") / "danvan"


def test_the_programs_own_files_are_found() -> None:
    assert (assets.resources() / "fonts" / "Tinos_400Regular.ttf").is_file()
    assert (assets.resources() / "fonts" / "NotoSans-Regular.ttf").is_file()


def test_a_bundle_looks_beside_itself_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ui").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert assets.ui.__wrapped__() == tmp_path / "ui"


def test_changes_join_and_touch() -> None:
    both = Changes.of("record:petition", ids=["1"]) | Changes.of("plan", ids=["2"])
    assert both.ids == {"1", "2"}
    assert both.touches("record")
    assert both.touches("record:petition", "report")
    assert not both.touches("rec", "record:pet", "report")


def test_errors_carry_code_words_and_exit_code() -> None:
    error = Refused("home_in_use", "Dữ liệu đang được mở.", path="x")
    assert (error.code, error.exit_code, error.details["path"]) == ("home_in_use", 1, "x")
    assert "home_in_use" in str(error)
    assert UsageError("usage", "Sai cách dùng.").exit_code == 2
    assert Cancelled().code == "cancelled"
