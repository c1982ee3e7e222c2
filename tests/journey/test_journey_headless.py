"""The main job, end to end, by command line: three offices, the ten steps of DESIGN §2."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from journey_offices import CENTRE, HUB, PARENT, CommandLine, record_of

SEED = Path(__file__).parents[1] / "unit" / "planning" / "data" / "seed_commune.txt"
PERIOD = ("--period", "2026-H1")


@pytest.fixture
def danvan(capfdbinary: pytest.CaptureFixture[bytes]) -> CommandLine:
    return CommandLine(capfdbinary)


def _set_up(danvan: CommandLine, folder: Path, name: str, profile: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(profile, encoding="utf-8")
    home = folder / name
    answer = danvan(home, "setup", "--profile", file)
    assert len(answer["recovery_code"]) > 20
    return home


def _trust_each_other(danvan: CommandLine, below: Path, above: Path) -> None:
    for reader, other, relation in ((below, above, "parent"), (above, below, "child")):
        card = danvan(other, "office", "export-key", "--out", other.with_suffix(".dvkey"))
        wrong = "0" * 64
        common = (other.with_suffix(".dvkey"), "--office", card["office"], "--relation", relation)
        assert (
            danvan(reader, "trust", "add", *common, "--fingerprint", wrong, code=1)["error"] == "fingerprint_mismatch"
        )
        danvan(reader, "trust", "add", *common, "--fingerprint", card["fingerprint"])


def _add(danvan: CommandLine, home: Path, form: str) -> str:
    file = home.parent / f"{form}.json"
    file.write_text(json.dumps(record_of(form)), encoding="utf-8")
    answer = danvan(home, "record", "add", form, file, "--final")
    assert answer["state"] == "final"
    return str(answer["id"])


def _report(danvan: CommandLine, home: Path, regime: str, out: Path) -> tuple[str, str]:
    """Draft, decide, write, approve, number, print; returns (id, SHA-256 of the frozen bytes)."""
    danvan(home, "record", "nil", "all", "--regime", regime, *PERIOD)
    made = danvan(home, "report", "make", "--regime", regime, *PERIOD)
    report = made["id"]
    assert danvan(home, "report", "make", "--regime", regime, *PERIOD, code=1)["error"] == "draft_exists"
    refused = danvan(home, "report", "approve", report, code=1)
    assert refused["error"] == "report_incomplete"
    assert refused["problems"]
    words = home.parent / "words.txt"
    words.write_text("Công tác dân vận được quan tâm chỉ đạo <b>thường xuyên</b>, 100 % =1+1.", encoding="utf-8")
    for problem in refused["problems"]:
        kind, _, key = problem["key"].partition(":")
        assert kind == "section", problem
        danvan(home, "report", "edit", report[:20], "--section", key, "--file", words)
    frozen = danvan(home, "report", "approve", report)
    assert danvan(home, "report", "edit", report, "--section", key, "--file", words, code=1)["error"] == "report_frozen"
    number = danvan(home, "report", "number", report)
    assert number["number"] == 1
    assert danvan(home, "report", "number", report, code=1)["error"] == "already_numbered"
    first = [Path(name).read_bytes() for name in danvan(home, "report", "render", report, "--out", out)["files"]]
    again = [Path(name).read_bytes() for name in danvan(home, "report", "render", report, "--out", out)["files"]]
    assert first == again
    return report, frozen["sha256"]


def _text(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def _openssl_accepts(package: Path, card: Path, folder: Path) -> None:
    """The signature by openssl, the members by sha256: nothing of ours takes part."""
    with zipfile.ZipFile(package) as container:
        container.extractall(folder)
    (folder / "cert.pem").write_text(json.loads(card.read_text(encoding="utf-8"))["certificate"], encoding="ascii")
    command = (
        "openssl cms -verify -cades -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml "
        "-binary -CAfile cert.pem -purpose any -out /dev/null"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    listed = json.loads((folder / "package.json").read_text(encoding="utf-8"))["members"]
    for member in listed:
        done = subprocess.run(["sha256sum", member["name"]], cwd=folder, check=True, capture_output=True, text=True)
        assert done.stdout.split()[0] == member["sha256"]


def _tables(home: Path) -> str:
    """A fingerprint of everything an import may touch: the database with its log."""
    digest = hashlib.sha256()
    for name in ("data.db", "data.db-wal"):
        if (home / name).exists():
            digest.update((home / name).read_bytes())
    return digest.hexdigest()


def test_the_main_job_from_set_up_to_the_receipt(danvan: CommandLine, tmp_path: Path) -> None:
    # 1 set up, and know each other
    centre = _set_up(danvan, tmp_path, "centre", CENTRE)
    hub = _set_up(danvan, tmp_path, "hub", HUB)
    parent = _set_up(danvan, tmp_path, "parent", PARENT)
    _trust_each_other(danvan, centre, hub)
    _trust_each_other(danvan, hub, parent)

    # 2 the plan
    plan = danvan(hub, "plan", "import", SEED)
    assert [task["area"] for task in plan["tasks"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert danvan(hub, "plan", "list")["plans"][0]["id"] == plan["id"]

    # 3 record, find again without accents
    for form in ("procedure_month", "satisfaction_survey"):
        _add(danvan, centre, form)
    document = _add(danvan, hub, "directive_document")
    _add(danvan, hub, "citizen_reception")
    found = danvan(hub, "record", "list", "directive_document", "--search", "dan van chinh quyen", *PERIOD)
    assert [row["id"] for row in found["records"]] == [document]
    assert danvan(hub, "record", "list", "citizen_reception", "--search", "nguyen thi mau")["total"] == 1

    # 4 count
    counted = danvan(centre, "indicators", "--regime", "agency-to-commune", *PERIOD)
    by_key = {item["key"]: item for item in counted["indicators"]}
    assert counted["window"] == {"from": "2025-10-16", "to": "2026-05-15"}
    assert by_key["files_received"]["value"] == 42
    assert len(by_key["files_received"]["records"]) == 1
    assert by_key["files_in_term_rate"]["value"] == 975  # 39 of 40, one decimal

    # 5, 6 the report of the centre, printed
    out = tmp_path / "out"
    report, frozen = _report(danvan, centre, "agency-to-commune", out)
    text = _text(out / "bao-cao-ttpvhcc-2026-H1.pdf")
    assert "Số: 01/BC-TTPVHCC" in text
    assert "Kính gửi: Ủy ban nhân dân xã Mẫu (qua phòng Văn hóa - Xã hội)" in text
    assert "<b>thường xuyên</b>, 100 % =1+1" in " ".join(text.split())

    # 7 the package; the same bytes every time; openssl agrees
    sent = danvan(centre, "package", "export", report, "--out", out)
    package = Path(sent["file"])
    bytes_once = package.read_bytes()
    assert Path(danvan(centre, "package", "export", report, "--out", out)["file"]).read_bytes() == bytes_once
    _openssl_accepts(package, centre.with_suffix(".dvkey"), tmp_path / "opened")
    assert hashlib.sha256((tmp_path / "opened" / "report.json").read_bytes()).hexdigest() == frozen
    verified = danvan(None, "package", "verify", package, "--trust", centre.with_suffix(".dvkey"))
    assert verified["verdict"] == "verified"
    code = danvan(centre, "report", "show", report)["paper_code"]
    assert verified["paper_code"] == code and code.replace(" ", "").lower() == frozen[:16]
    assert f"Mã đối chiếu dữ liệu: {code}" in text

    # 8 the hub: hostile copies change nothing, a renamed file is taken, once
    before = _tables(hub)
    middle = len(bytes_once) // 2
    hostile = {
        "tampered": bytes_once[:middle] + bytes([bytes_once[middle] ^ 1]) + bytes_once[middle + 1 :],
        "short": bytes_once[:middle],
    }
    for name, data in hostile.items():
        (tmp_path / f"{name}.dvpkg").write_bytes(data)
        answer = danvan(hub, "package", "import", tmp_path / f"{name}.dvpkg", code=1)
        assert answer["verdict"] == "refused"
        assert answer["reason"] in ("zip_structure", "hash_mismatch", "signature_invalid", "not_zip")
    assert danvan(parent, "package", "import", package, code=1)["reason"] == "signer_unknown"
    assert _tables(hub) == before
    renamed = tmp_path / "tên khác.dvpkg"
    renamed.write_bytes(bytes_once)
    replies = tmp_path / "replies"
    taken = danvan(hub, "package", "import", renamed, "--reply", replies)
    assert taken["verdict"] == "verified"
    assert danvan(hub, "package", "import", package)["verdict"] == "already_received"
    receipt = Path(taken["reply"])
    danvan(centre, "package", "import", receipt)
    assert {row["status"] for row in danvan(centre, "package", "list")["packages"] if row["kind"] == "report"} == {
        "received"
    }
    accepted = danvan(hub, "package", "accept", taken["id"], "--out", replies)
    danvan(centre, "package", "import", accepted["file"])
    assert {row["status"] for row in danvan(centre, "package", "list")["packages"] if row["kind"] == "report"} == {
        "accepted"
    }

    # 9 the hub consolidates: the centre's figures through its report, its own from records, then up
    board = danvan(hub, "consolidate", "--regime", "agency-to-commune", *PERIOD)["offices"]
    assert [row["state"] for row in board] == ["accepted"]
    total = {f["key"]: f for f in danvan(hub, "indicators", "--regime", "commune-to-province", *PERIOD)["indicators"]}
    assert (total["files_received"]["value"], total["files_received"]["source"]) == (42, "report")
    assert total["receptions"]["value"] == 1
    above, _ = _report(danvan, hub, "commune-to-province", out)
    upward = danvan(hub, "package", "export", above, "--out", out)
    arrived = danvan(parent, "package", "import", upward["file"], "--reply", replies)
    assert arrived["verdict"] == "verified"
    danvan(hub, "package", "import", arrived["reply"])
    body = _text(out / "bao-cao-ubnd-2026-H1.pdf")
    assert "KT. CHỦ TỊCH" in body
    assert "Nguyễn Thị Mẫu" not in body  # nothing personal leaves the office
    carried = zipfile.ZipFile(upward["file"]).read("report.json").decode("utf-8")
    assert "Nguyễn Thị Mẫu" not in carried
    assert "Phản ánh đường" not in carried

    # 10 a revision: the parent's older copy stays, an older one arriving late changes nothing
    revised = danvan(hub, "report", "make", "--regime", "commune-to-province", *PERIOD)
    assert (revised["id"], revised["revision"]) == (above, 2)
    danvan(hub, "report", "approve", above)
    newer = danvan(hub, "package", "export", above, "--out", out)
    assert newer["id"] != upward["id"]
    assert danvan(parent, "package", "import", newer["file"])["verdict"] == "verified"
    assert danvan(parent, "package", "import", upward["file"])["verdict"] == "already_received"
    assert danvan(parent, "consolidate", "--regime", "commune-to-province", *PERIOD)["offices"][0]["revision"] == 2
    returned = danvan(parent, "package", "return", newer["id"], "--reason", "Bổ sung số liệu mục 6", "--out", replies)
    danvan(hub, "package", "import", returned["file"])
    statuses = {row["id"]: row["status"] for row in danvan(hub, "package", "list")["packages"]}
    assert statuses[newer["id"]] == "returned"


def test_a_home_says_plainly_what_is_wrong(danvan: CommandLine, tmp_path: Path) -> None:
    home = _set_up(danvan, tmp_path, "centre", CENTRE)
    before = _tables(home)
    answer = danvan(home, "report", "list", code=1, password="sai")
    assert answer["error"] == "wrong_password"
    assert "Traceback" not in answer["message"]
    assert _tables(home) == before
    assert danvan(tmp_path / "nowhere", "report", "list", code=1)["error"] == "no_home"
    assert danvan(home, "setup", "--profile", tmp_path / "centre.toml", code=1)["error"] == "home_exists"
    assert danvan(home, "indicators", "--regime", "x", "--period", "2026", code=1)["error"] == "unknown_regime"
    assert danvan(home, "record", "list", "petition", "--period", "2026-13", code=2)["error"] == "bad_period"
    assert danvan(home, "report", "show", "ffff", code=1)["error"] == "not_found"


def test_an_older_revision_arriving_late_is_history(danvan: CommandLine, tmp_path: Path) -> None:
    centre = _set_up(danvan, tmp_path, "centre", CENTRE)
    hub = _set_up(danvan, tmp_path, "hub", HUB)
    _trust_each_other(danvan, centre, hub)
    _add(danvan, centre, "procedure_month")
    out = tmp_path / "out"
    report, _ = _report(danvan, centre, "agency-to-commune", out)
    first = danvan(centre, "package", "export", report, "--out", out)
    danvan(centre, "report", "make", "--regime", "agency-to-commune", *PERIOD)
    danvan(centre, "report", "approve", report)
    assert danvan(centre, "package", "export", report, "--out", out, "--evidence", "ab", code=2)["error"] == "usage"
    # the second one takes a file of the plan of the centre along, sealed for the hub
    danvan(centre, "plan", "import", SEED)
    task = danvan(centre, "plan", "tasks")["tasks"][0]
    photo = tmp_path / "Ảnh hội nghị dân vận.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 hoi nghi")
    danvan(centre, "plan", "task", task["id"], "--attach", photo)
    (file,) = danvan(centre, "package", "evidence", report)["files"]
    assert (file["name"], file["source"], file["title_travels"]) == (photo.name, "task", True)
    picked = ("--evidence", file["sha256"][:16], "--reason", "Theo yêu cầu của xã")
    second = danvan(centre, "package", "export", report, "--out", out, *picked)
    assert (second["sealed"], second["evidence"]) == (True, [file["sha256"]])
    assert Path(second["file"]).read_bytes().startswith(b"age-encryption.org/")
    card = centre.with_suffix(".dvkey")
    assert danvan(None, "package", "verify", second["file"], "--trust", card, code=1)["reason"] == "not_for_us"
    taken = danvan(hub, "package", "import", second["file"])
    assert [(item["name"], item["reason"]) for item in taken["evidence"]] == [(photo.name, "Theo yêu cầu của xã")]
    assert taken["sha256"] == second["sha256"]
    assert taken["notes"] == ["predecessor_unknown"]
    danvan(hub, "package", "accept", taken["id"])
    before = danvan(hub, "indicators", "--regime", "commune-to-province", *PERIOD)["indicators"]
    late = danvan(hub, "package", "import", first["file"])
    assert late["verdict"] == "superseded"
    assert danvan(hub, "indicators", "--regime", "commune-to-province", *PERIOD)["indicators"] == before
