"""Spreadsheets on the command line: exit codes, every fault in one pass, undo."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from danvan_desktop.cli.main import run
from danvan_desktop.kernel.clock import FixedClock

sys.path.append(str(Path(__file__).parents[1] / "services"))

from services_office import make
from sheet_samples import FORM, ROWS, register


@pytest.fixture
def home(tmp_path: Path, fixed_clock: FixedClock) -> Path:
    make(tmp_path / "home", fixed_clock).close()
    return tmp_path / "home"


def danvan(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a command."""
    read, write = os.pipe()
    os.write(write, b"x\n")
    os.close(write)
    code = run([*words, "--json", "--home", str(home), "--password-fd", str(read)])
    os.close(read)
    return code, json.loads(capsys.readouterr().out)


def test_from_a_template_to_undo(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, back = tmp_path / "mau.xlsx", tmp_path / "tra.xlsx"
    assert danvan(home, capsys, "excel", "template", FORM, "--out", str(empty)) == (
        0,
        {"file": str(empty), "form": FORM},
    )
    code, said = danvan(home, capsys, "record", "import", str(empty))
    assert (code, said["error"]) == (1, "sheet_empty")

    rows = [list(row) for row in ROWS]
    rows[1][2] = "hôm nọ"
    file = tmp_path / "so.xlsx"
    file.write_bytes(register(rows))
    unit = ("--unit", "Phòng Văn hóa - Xã hội")
    code, said = danvan(home, capsys, "record", "import", str(file), *unit, "--dry-run", "--annotated", str(back))
    assert code == 1 and said["form"] == FORM and said["good"] == 3 and said["imported"] == 0 and back.is_file()
    assert [item["cell"] for item in said["problems"] if item["severity"] == "error"] == ["Sổ 2026!C8"]
    assert danvan(home, capsys, "record", "import", str(file), *unit)[0] == 1
    assert danvan(home, capsys, "record", "list", FORM)[1]["total"] == 0

    none = tmp_path / "sai.xlsx"
    none.write_bytes(register([rows[1]]))
    code, said = danvan(home, capsys, "record", "import", str(none), *unit, "--good-rows")
    assert code == 1 and said["error"] == "sheet_errors" and said["problems"], "the faults are told all the same"

    code, done = danvan(home, capsys, "record", "import", str(file), *unit, "--good-rows", "--final")
    assert code == 0 and (done["imported"], done["left_out"]) == (3, 1)
    assert danvan(home, capsys, "record", "list", FORM)[1]["records"][0]["state"] == "final"
    code, said = danvan(home, capsys, "record", "import", str(file), *unit, "--good-rows")
    assert (code, said["error"]) == (1, "already_imported")
    code, said = danvan(home, capsys, "record", "imports")
    assert code == 0 and said["imports"][0]["id"] == done["id"] and said["imports"][0]["records"] == 3
    assert danvan(home, capsys, "record", "undo-import", done["id"]) == (0, {"id": done["id"], "moved": 3, "kept": 0})
    assert danvan(home, capsys, "record", "list", FORM)[1]["total"] == 0


def test_wrong_words(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "so.xlsx"
    file.write_bytes(register(ROWS))
    code, said = danvan(home, capsys, "record", "import", str(file), "--map", "gì=C", "--dry-run")
    assert (code, said["error"]) == (2, "usage")
    code, said = danvan(home, capsys, "record", "import", str(file), "--unit", "Sở Lạ")
    assert (code, said["error"]) == (1, "unit_missing") and "Phòng Văn hóa" in said["message"]
    code, said = danvan(home, capsys, "record", "import", str(file), "--sheet", "Không có")
    assert (code, said["error"]) == (1, "sheet_missing") and "Sổ 2026" in said["message"]
    code, said = danvan(home, capsys, "record", "import", str(tmp_path / "khong.xlsx"))
    assert (code, said["error"]) == (1, "file_unreadable")
    mapped = danvan(home, capsys, "record", "import", str(file), "--map", "abstract=", "--map", "note=E", "--dry-run")
    assert mapped[1]["columns"]["E"] == "@note" and "abstract" not in mapped[1]["columns"].values()
