"""Deadlines on the command line: the list of the first screen."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from danvan_desktop import bootstrap
from danvan_desktop.cli.main import run
from danvan_desktop.kernel.clock import FixedClock

sys.path.append(str(Path(__file__).parents[1] / "services"))

from services_office import make

CLOCK = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))
REPORT = "commune-to-province|2026-H1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "home"
    make(path, CLOCK).close()
    return path


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "SystemClock", lambda: CLOCK)


def danvan(home: Path, *words: str) -> int:
    read, write = os.pipe()
    os.write(write, b"x\n")
    os.close(write)
    code = run([*words, "--home", str(home), "--password-fd", str(read)])
    os.close(read)
    return code


def found(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert danvan(home, "due", "--json", *words) == 0
    body: dict[str, Any] = json.loads(capsys.readouterr().out)
    return body


def test_the_list_by_day_and_kind(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = found(home, capsys)
    assert [item["key"] for item in body["due"]][:1] == [REPORT] and body["overdue"] == 0
    assert body["due"][0]["due_on"] == "2026-06-04" and body["due"][0]["days_left"] == 7
    assert found(home, capsys, "--until", "3/6/2026")["due"] == []
    assert found(home, capsys, "--until", "2026-06-04", "--kind", "report")["due"][0]["key"] == REPORT
    assert found(home, capsys, "--kind", "term")["due"] == []
    assert danvan(home, "due", "--kind", "other") == 2
    assert danvan(home, "due", "--until", "31/2/2026") == 2


def test_in_words_and_what_is_put_off_apart(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert danvan(home, "due", "--until", "30/6/2026") == 0
    assert capsys.readouterr().out == ("04/06/2026  còn 7 ngày  [báo cáo] Báo cáo 6 tháng đầu năm 2026 (Chưa lập)\n")
    office = bootstrap.open_office(home, account=None, password="x", clock=CLOCK)
    [entry] = office.due.until(date(2026, 6, 30))
    office.due.postpone(entry, date(2026, 6, 1))
    office.close()
    body = found(home, capsys, "--until", "30/6/2026")
    assert body["due"] == [] and body["postponed"][0]["postponed_until"] == "2026-06-01"
    assert danvan(home, "due", "--until", "30/6/2026") == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["Không có việc nào đến hạn.", "Đang hoãn nhắc: 1 việc."]
