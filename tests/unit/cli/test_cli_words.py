"""The command line: documented, Vietnamese, honest about exit codes; secrets never in arguments."""

from __future__ import annotations

import argparse
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from danvan_desktop.cli import office
from danvan_desktop.cli.main import COMMANDS, command_of, run
from danvan_desktop.cli.parser import build_parser, parse
from danvan_desktop.cli.secrets import Secrets
from danvan_desktop.kernel.errors import UsageError
from danvan_desktop.kernel.text import nfc

DOCS = Path(__file__).parents[3] / "docs" / "command-line.md"


def _commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below and words:
        yield words
    for action in below:
        for name, child in action.choices.items():
            yield from _commands(child, (*words, name))


def test_every_command_is_wired_and_documented() -> None:
    found = {(words[0], words[1] if len(words) > 1 else None) for words in _commands(build_parser())}
    assert found == set(COMMANDS)
    assert all(callable(command_of(words)) for words in COMMANDS)
    text = DOCS.read_text(encoding="utf-8")
    for first, second in found:
        lines = [line for line in text.splitlines() if f"danvan {first}" in line or f"| {first}" in line]
        assert lines, first
        if second is not None:
            assert any(second in line for line in lines), (first, second)


def test_help_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["report", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "Cách dùng:" in said
    assert "phê duyệt và chốt báo cáo" in said
    assert not any(word in said for word in ("usage", "options", "positional", "show this help"))
    assert nfc(said) == said


@pytest.mark.parametrize(
    "argv",
    [
        ["nói"],
        ["report"],
        ["report", "make"],
        ["--home"],
        ["package", "verify", "x", "--at", "hôm qua", "--trust", "y"],
        ["report", "list", "--password-fd", "-1"],
        ["report", "list", "--password-fd", "99999999999"],
        ["report", "list", "--password-fd", "977"],
        ["report", "list", "--wait", "nan"],
        ["report", "list", "--wait", "inf"],
        ["report", "list", "--js"],
    ],
)
def test_wrong_usage_is_exit_2_with_a_sentence(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*argv, "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["message"].endswith((".", "”."))
    assert "technical" not in said


def test_global_options_stand_before_or_after() -> None:
    before = parse(["--home", "a", "--user", "b", "report", "list"])
    after = parse(["report", "list", "--home", "a", "--user", "b"])
    assert (before.home, before.user) == (after.home, after.user) == ("a", "b")


def test_secrets_share_a_descriptor_one_a_line_in_the_documented_order() -> None:
    reader, writer = os.pipe()
    os.write(writer, "mật khẩu\r\n1234\n".encode())
    os.close(writer)
    options = argparse.Namespace(password_fd=reader, pin_fd=reader)
    secrets = Secrets(options)
    os.close(reader)
    assert secrets.get("password") == "mật khẩu"
    assert secrets.get("pin") == "1234"


def test_a_secret_is_asked_for_not_taken_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "x")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="secret_needed"):
        Secrets(argparse.Namespace()).get("password")


def test_our_own_fault_names_a_crash_file_without_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_session: object) -> int:
        raise RuntimeError("Nguyễn Thị Mẫu 07, bí mật")

    monkeypatch.setattr(office, "check", broken)
    (tmp_path / "home").mkdir()
    assert run(["check", "--home", str(tmp_path / "home"), "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    crash = Path(said["crash_file"])
    assert crash.is_file()
    assert "RuntimeError" in crash.read_text(encoding="utf-8")
    assert "bí mật" not in crash.read_text(encoding="utf-8") + json.dumps(said, ensure_ascii=False)


def test_reading_a_plan_needs_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "kh.txt"
    file.write_text("KẾ HOẠCH\nCông tác dân vận năm 2026\nI. NỘI DUNG\n1. Tuyên truyền pháp luật.\n", encoding="utf-8")
    assert run(["plan", "import", str(file), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["year"] == 2026
    assert "không lưu" in err
    assert run(["plan", "import", str(tmp_path / "không có.txt"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "plan_unreadable"


@pytest.mark.parametrize(
    "command", [["demo"], ["restore", "anything"], ["report", "list"], ["setup", "--profile", "p"]]
)
@pytest.mark.parametrize("name", ["a-file", "a-file/below", "x" * 300, "a\0b"])
def test_a_home_that_cannot_be_is_a_sentence_and_never_our_fault(
    command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("mine", encoding="utf-8")
    (tmp_path / "anything").write_bytes(b"no backup")
    monkeypatch.chdir(tmp_path)
    code = run([*command, "--home", f"{tmp_path}/{name}", "--json"])
    body = json.loads(capsys.readouterr().out)
    assert code == (2 if "\0" in name else 1), body
    assert body["message"].endswith((".", "…"))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a-file", "anything"]
    assert (tmp_path / "a-file").read_text(encoding="utf-8") == "mine"


def test_a_machine_that_fails_to_read_or_write_is_no_fault_of_ours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(session: object) -> int:
        raise OSError(28, "No space left on device", "/media/usb/x")

    monkeypatch.setattr(office, "check", full)
    assert run(["check", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "file_problem"
    assert "/media/usb/x" in said["message"]
    assert "ổ đĩa đã đầy" in said["message"]


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["nói"], "nói"),
        (["record", "list", "petition", "--bad"], "--bad"),
        (["report", "make", "--period", "2026"], "--regime"),
        (["report", "number", "0", "--number", "x"], "--number"),
        (["check", "--home"], "--home"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_in_it(
    argv: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*argv, "--json"] if argv[-1] != "--home" else ["--json", *argv]) == 2
    said = json.loads(capsys.readouterr().out)["message"]
    assert named in said
    assert not any(word in said for word in ("argument", "required", "invalid", "choose"))
