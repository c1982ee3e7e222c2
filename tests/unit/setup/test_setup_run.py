"""run.py: what it finds missing, what it says, and when it has nothing to do."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module that believes its checkout lies in an empty folder."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text(f"# {name}\n", "utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STATE", tmp_path / ".venv" / "danvan-setup.json")
    monkeypatch.setattr(module, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(module, "DEV_LOCK", tmp_path / "requirements-dev.lock")
    monkeypatch.setattr(module, "DEMO", tmp_path / "demo")
    return module


class Steps:
    """Stands in for subprocess: remembers the commands, lets one of them fail."""

    def __init__(self, failing: str = "") -> None:
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []
        self.failing = failing

    def __call__(self, command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        environment = options.get("env")
        self.environments.append(dict(environment) if isinstance(environment, dict) else {})
        if "venv" in command and "-m" in command:
            site = Path(command[-1]) / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
            site = site if sys.platform != "win32" else Path(command[-1]) / "Lib" / "site-packages"
            site.mkdir(parents=True, exist_ok=True)
            python = Path(command[-1]) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
            python.parent.mkdir(exist_ok=True)
            python.write_bytes(b"")
            (Path(command[-1]) / "pyvenv.cfg").write_bytes(b"")
        bad = bool(self.failing) and self.failing in command
        return subprocess.CompletedProcess(command, 1 if bad else 0)

    def said(self, *words: str) -> int:
        return sum(all(word in command for word in words) for command in self.commands)


@pytest.fixture
def steps(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """A machine that has everything; commands are remembered instead of run."""
    recorded = Steps()
    monkeypatch.setattr(run.subprocess, "run", recorded)
    monkeypatch.setattr(run, "missing_libraries", list)
    monkeypatch.setattr(run, "missing_tools", list)
    monkeypatch.setattr(run, "missing_venv", list)
    return recorded


def test_an_old_python_is_told_so_in_vietnamese(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2, "final", 0))
    assert run.main([]) == 3
    assert "Cần Python 3.11 trở lên; máy này đang dùng Python 3.9." in capsys.readouterr().err


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 7))


def test_the_first_set_up_installs_with_hashes_and_the_second_does_nothing(run: ModuleType, steps: Steps) -> None:
    run.set_up()
    assert steps.said("venv", "--clear") == 1
    assert steps.said("pip", "--require-hashes", "--only-binary", str(run.LOCK)) == 1
    pth = list((run.VENV).rglob("danvan_checkout.pth"))
    assert [path.read_text("utf-8").strip() for path in pth] == [str(run.ROOT)]
    done = len(steps.commands)
    run.set_up()
    assert len(steps.commands) == done


def test_the_test_tools_come_on_top_once(run: ModuleType, steps: Steps) -> None:
    run.set_up()
    run.set_up(dev=True)
    run.set_up(dev=True)
    assert steps.said("venv", "--clear") == 1
    assert steps.said("pip", str(run.DEV_LOCK)) == 1


def test_another_lock_or_place_builds_anew(
    run: ModuleType, steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up()
    run.LOCK.write_text("# other\n", "utf-8")
    run.set_up()
    assert steps.said("venv", "--clear") == 2
    monkeypatch.setattr(run, "ROOT", tmp_path / "moved")
    run.set_up()
    assert steps.said("venv", "--clear") == 3


def test_a_failed_installation_is_tried_again(
    run: ModuleType, steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.failing = "--require-hashes"
    assert run.main(["--version"]) == 3
    assert "kiểm tra mạng" in capsys.readouterr().err
    assert not run.STATE.exists()
    steps.failing = ""
    run.set_up()
    assert json.loads(run.STATE.read_text("utf-8"))["libraries"] is True


def test_a_torn_state_file_reads_as_nothing_done(run: ModuleType, steps: Steps) -> None:
    run.set_up()
    run.STATE.write_text('{"base": "', "utf-8")
    run.set_up()
    assert steps.said("venv", "--clear") == 2


def test_a_folder_that_is_not_ours_is_left_alone(run: ModuleType, steps: Steps) -> None:
    run.VENV.mkdir()
    (run.VENV / "letters.txt").write_text("mine", "utf-8")
    with pytest.raises(run.SetupError, match="không phải do chương trình tạo"):
        run.set_up()
    assert (run.VENV / "letters.txt").read_text("utf-8") == "mine"


def test_a_persons_pip_habits_stay_out_but_the_index_stays(
    run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    run.set_up()
    for environment in steps.environments:
        assert "PIP_TARGET" not in environment
        assert "PYTHONPATH" not in environment
        assert environment["PIP_INDEX_URL"] == "https://mirror.example/simple"


@pytest.mark.skipif(sys.platform == "win32", reason="apt-get is Debian's")
class TestDebian:
    """Missing system packages: installed by root, told to anybody else."""

    @pytest.fixture(autouse=True)
    def bare(self, run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run.shutil, "which", lambda name: "/usr/bin/" + name)
        monkeypatch.setattr(run, "missing_libraries", lambda: ["libgl1", "libxcb-cursor0"])
        monkeypatch.setattr(run, "missing_tools", lambda: ["qpdf"])

    def test_root_installs_after_an_update(
        self, run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        run.set_up(dev=True)
        assert "update" in steps.commands[0]
        assert steps.commands[1][-4:] == ["--no-install-recommends", "libgl1", "libxcb-cursor0", "qpdf"]
        assert steps.environments[1]["DEBIAN_FRONTEND"] == "noninteractive"

    def test_others_get_the_exact_command(
        self, run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert run.main(["test"]) == 3
        line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1 libxcb-cursor0 qpdf"
        assert line in capsys.readouterr().err
        assert steps.commands == []

    def test_commands_without_a_window_go_on_without_its_libraries(
        self, run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setattr(run, "hand_over", lambda arguments: 42)
        assert run.main(["report", "make"]) == 42
        said = capsys.readouterr()
        assert "libxcb-cursor0" in said.err
        assert said.out == ""

    def test_a_failing_apt_is_told(self, run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        steps.failing = "update"
        with pytest.raises(run.SetupError, match="apt-get update không thành công"):
            run.set_up()


@pytest.fixture
def opened(run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A user without an office; what would be opened is collected, and ``demo`` builds two files."""
    calls: list[list[str]] = []

    def hand_over(arguments: list[str]) -> int:
        calls.append(arguments)
        return 0

    def call(command: list[str], **options: object) -> int:
        assert command[-3:] == ["demo", "--home", str(run.DEMO)]
        out = run.DEMO / "out"
        out.mkdir(parents=True)
        for name in ("bao-cao-6-thang.pdf", "bao-cao-6-thang.dvpkg"):
            (out / name).write_bytes(b"")
        calls.append(["demo"])
        return 0

    monkeypatch.setattr(run, "hand_over", hand_over)
    monkeypatch.setattr(run.subprocess, "call", call)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.setattr(run, "has_screen", lambda: True)
    return calls


def test_the_first_start_builds_the_demonstration_and_opens_it(
    run: ModuleType, opened: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main([]) == 0
    assert run.main([]) == 0
    window = ["--home", str(run.DEMO / "vhxh")]
    assert opened == [["demo"], window, window]
    said = capsys.readouterr().out
    assert "bao-cao-6-thang.pdf" in said
    assert "bao-cao-6-thang.dvpkg" in said
    assert str(run.DEMO / "out") in said


def test_a_half_built_demonstration_is_built_again(run: ModuleType, opened: list[list[str]]) -> None:
    (run.DEMO / "vhxh").mkdir(parents=True)
    assert run.main([]) == 0
    assert opened[0] == ["demo"]


@pytest.mark.skipif(sys.platform == "darwin", reason="the data folder there follows no variable")
def test_an_office_of_ones_own_is_opened_instead(run: ModuleType, opened: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "data" / "danvan").mkdir(parents=True)
    (tmp_path / "data" / "danvan" / "home.json").write_text("{}", "utf-8")
    assert run.main([]) == 0
    assert opened == [[]]


def test_without_a_screen_it_says_so_and_ends_well(
    run: ModuleType, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "has_screen", lambda: False)
    assert run.main([]) == 0
    assert opened == [["demo"]]
    assert "không có màn hình" in capsys.readouterr().out


def test_a_failed_demonstration_gives_its_exit_code(
    run: ModuleType, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.subprocess, "call", lambda *a, **k: 3)
    assert run.main([]) == 3
    assert opened == []


def test_the_test_command_runs_every_step_and_keeps_the_first_failure(
    run: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def call(command: list[str], **options: object) -> int:
        ran.append(" ".join(command[2:]))
        return {"mypy": 2, "pytest": 1}.get(command[2], 0)

    monkeypatch.setattr(run.subprocess, "call", call)
    monkeypatch.setattr(run.os, "cpu_count", lambda: 2)
    assert run.main(["test", "-k", "x"]) == 2
    assert ran == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "pytest -n 2 --dist loadfile --no-loadscope-reorder -k x",
    ]


def test_the_libraries_of_this_machine_are_found(run: ModuleType) -> None:
    assert run.missing_libraries() == []
    assert run.missing_tools() == []


def test_input_output_and_exit_code_are_the_programs_own(tmp_path: Path) -> None:
    """The real hand-over, with a stand-in for the program."""
    package = tmp_path / "danvan_desktop"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "__main__.py").write_text(
        "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1]); sys.exit(int(sys.argv[1]))", "utf-8"
    )
    code = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('run', {str(ROOT / 'run.py')!r})\n"
        "run = importlib.util.module_from_spec(spec); spec.loader.exec_module(run)\n"
        "run.venv_python = lambda: pathlib.Path(sys.executable)\n"
        "sys.exit(run.hand_over(['7']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"a\0\xffb\n",
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, b"\nb\xff\0a", b"")
