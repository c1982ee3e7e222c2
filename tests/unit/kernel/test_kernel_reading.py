"""Files that people name: bounded, regular, and refused in Vietnamese."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from danvan_desktop.kernel import atomic
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.reading import read_file, reason


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "tệp"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    assert read_file(path, 4) is None


@pytest.mark.skipif(os.name == "nt", reason="devices and pipes of POSIX")
def test_what_never_ends_or_never_begins_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "ống"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe):
        with pytest.raises(OSError, match="không phải tệp thường"):
            read_file(path, 10)


def test_folders_loops_and_missing_files_have_words(tmp_path: Path) -> None:
    loop = tmp_path / "vòng"
    loop.symlink_to(loop)
    said = {}
    for path in (tmp_path, loop, tmp_path / "không có"):
        with pytest.raises(OSError) as refused:
            read_file(path, 10)
        said[path.name] = reason(refused.value)
    assert list(said.values()) == ["đây là thư mục, không phải tệp", "liên kết vòng", "không có tệp hoặc thư mục này"]


def test_no_system_reason_is_left_in_english() -> None:
    for number in errno.errorcode:
        assert os.strerror(number) not in reason(OSError(number, os.strerror(number)))
    assert reason(OSError(5, "đọc lại không khớp")) == "đọc lại không khớp"


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refused:
        atomic.write_bytes(tmp_path / "báo cáo.pdf", b"x")
    assert "ổ đĩa đã đầy" in refused.value.message
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "tệp").touch()
    for folder in (tmp_path / "tệp", tmp_path / "tệp" / "dưới"):
        with pytest.raises(Refused, match="write_failed"):
            atomic.make_folder(folder)
