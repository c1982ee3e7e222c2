"""Reports, packages, trust, received reports, plans, nil, blobs, audit: what stays and what may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from store_samples import make_store, refused, the_form

from danvan_desktop.kernel.canonical import sha256_hex
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.audit import GENESIS
from danvan_desktop.store.exchange import PackageRow, ReceivedReport, TrustRow
from danvan_desktop.store.office_papers import OfficePaperRow
from danvan_desktop.store.places import Agency, Village
from danvan_desktop.store.plans import PlanRow, TaskRow
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.reports import ReportRow
from danvan_desktop.store.schema import TRIGGERS
from danvan_desktop.store.store import Store

AT = "2026-05-28T01:00:00Z"
DATA = b"\x00frozen"


@pytest.fixture
def store(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Store]:
    opened, _ = make_store(tmp_path / "home", fixed_clock)
    yield opened
    opened.close()


def report_row(report_id: str = "r1", revision: int = 1) -> ReportRow:
    return ReportRow(
        report_id, "commune-to-province", "2026-H1", revision, "draft", {"a": 1}, 1, AT, "canbo", AT, "canbo"
    )


def package_row(package_id: str, **words: object) -> PackageRow:
    row = PackageRow(
        package_id, "in", "report", "s" + package_id, "o1", "r1", 1, "verified", None, AT, b"zip", "received"
    )
    return replace(row, **words)  # type: ignore[arg-type]  # test helper


def freeze(store: Store, report_id: str = "r1") -> None:
    with store.unit() as uow:
        uow.reports.insert_draft(report_row(report_id))
        uow.reports.save_figure_records(report_id, 1, "f/x", ["id1", "id2"])
        uow.reports.freeze(report_id, 1, DATA, sha256_hex(DATA), "lanhdao")


def test_draft_versions_and_states(store: Store) -> None:
    with store.unit() as uow:
        uow.reports.insert_draft(report_row())
        assert uow.reports.update_draft("r1", {"a": 2}, 1, by="b") == 2
        refused("report_changed", lambda: uow.reports.update_draft("r1", {"a": 3}, 1, by="c"))
        uow.reports.set_state("r1", 1, "draft", by="lanhdao", remarks="Bổ sung mục II")
        row = uow.reports.get("r1")
        assert row is not None and (row.draft, row.remarks, row.changed_by) == ({"a": 2}, "Bổ sung mục II", "lanhdao")
        with pytest.raises(ValueError, match="hash"):
            uow.reports.freeze("r1", 1, DATA, "0" * 64, "x")
        refused("not_found", lambda: uow.reports.update_draft("zz", {}, 1, by="c"))
        assert uow.reports.find_prefix("R") == ["r1"]


def test_frozen_for_ever(store: Store) -> None:
    freeze(store)
    with store.unit() as uow:
        frozen = uow.reports.frozen("r1")
        assert frozen is not None and frozen.data == DATA and frozen.sha256 == sha256_hex(DATA)
        refused("report_frozen", lambda: uow.reports.update_draft("r1", {}, 1, by="x"))
        refused("report_frozen", lambda: uow.reports.freeze("r1", 1, DATA, sha256_hex(DATA), "x"))
        assert uow.reports.figure_records("r1", 1, "f/x") == ["id1", "id2"]
        assert uow.reports.reports_using("id2") == [("r1", 1)]
        assert uow.reports.reports_using("id3") == []
        uow.reports.insert_draft(report_row(revision=2))
        latest = uow.reports.get("r1")
        assert latest is not None and latest.revision == 2
        assert [row.revision for row in uow.reports.list()] == [2, 1]
        old = uow.reports.frozen("r1")
        assert old is not None and old.revision == 1 and uow.reports.frozen("r1", 2) is None


def test_numbers(store: Store) -> None:
    for key in ("r1", "r2", "r3"):
        freeze(store, key)
    with store.unit() as uow:
        assert uow.reports.next_number("BC", 2026) == 1
        issue = uow.reports.issue("r1", 1, 1, "2026-05-29", "BC", "paper", "vanthu")
        assert (issue.number, issue.date, issue.at) == (1, "2026-05-29", AT)
        refused("number_taken", lambda: uow.reports.issue("r2", 1, 1, date(2026, 5, 30), "BC", "paper", "v"))
        refused("already_numbered", lambda: uow.reports.issue("r1", 1, 2, "2026-05-30", "BC", "paper", "v"))
        uow.reports.issue("r2", 1, 1, "2027-01-02", "BC", "paper", "v")
        uow.reports.issue("r3", 1, 2, "2026-06-01", "BC", "electronic", "v")
        assert uow.reports.release_issue("r3", 1, why="bỏ ký", by="v")
        assert not uow.reports.release_issue("r3", 1, why="bỏ ký", by="v")
        assert uow.reports.issues("r3") == [] and uow.reports.next_number("BC", 2026) == 2
        uow.reports.issue("r3", 1, 2, "2026-06-02", "BC", "paper", "v")
        assert [item.date for item in uow.reports.issues("r3")] == ["2026-06-02"]


def test_packages(store: Store) -> None:
    with store.unit() as uow:
        uow.packages.insert(package_row("p1"))
        uow.packages.insert(package_row("p2", revision=2, info={"k": [1]}))
        uow.packages.insert(package_row("p3", revision=3, verdict="superseded"))
        uow.packages.insert(package_row("p4", direction="out", kind="receipt"))
        with pytest.raises(ValueError, match="kept already"):
            uow.packages.insert(package_row("p1", data=b"other"))
        current = uow.packages.current("r1", "o1")
        assert current is not None and current.id == "p2" and current.info == {"k": [1]} and current.at == AT
        assert uow.packages.current("r1", "o2") is None
        assert [row.id for row in uow.packages.list("in")] == ["p1", "p2", "p3"]
        assert [(row.id, row.data) for row in uow.packages.heads(kind="receipt")] == [("p4", b"")]
        assert uow.packages.by_sha("sp2") == current and uow.packages.find_prefix("p") == ["p1", "p2", "p3", "p4"]
        uow.packages.update_status("p1", "accepted")
        uow.packages.link("p4", "p1")
        uow.packages.link("p4", "p1")
        assert [row.id for row in uow.packages.answers("p1")] == ["p4"]
        first = uow.packages.get("p1")
        assert first is not None and (first.status, first.data) == ("accepted", b"zip")


def test_received_reports(store: Store) -> None:
    def row(package_id: str, revision: int, *, current: bool = True) -> ReceivedReport:
        state = "received" if current else "superseded"
        return ReceivedReport(
            package_id, "o1", "u1", "r1", "x-to-y", "2026-H1", revision, "s", b"doc", state, current, AT
        )

    with store.unit() as uow:
        uow.received.put_report(row("p1", 1))
        assert uow.received.set_state("r1", 1, "accepted") and not uow.received.set_state("r1", 9, "accepted")
        uow.received.put_report(row("p3", 3))
        uow.received.put_report(row("p2", 2, current=False))
        found = {item.revision: (item.state, item.current) for item in uow.received.list("x-to-y", "2026-H1")}
        assert found == {1: ("superseded", False), 2: ("superseded", False), 3: ("received", True)}
        third = uow.received.get("r1", 3)
        assert third is not None and third.document == b"doc" and uow.received.by_package("p3") == third
        assert uow.received.list(period="2027") == []


def test_trust(store: Store) -> None:
    row = TrustRow("o1", "Sở Nội vụ", "PEM", "f1", "age1", "trusted", "parent", AT, "quantri")
    with store.unit() as uow:
        uow.trust.add(row)
        uow.trust.add(replace(row, fingerprint="f2"))
        newest = uow.trust.get("o1")
        assert newest is not None and newest.fingerprint == "f2" and len(uow.trust.list()) == 2
        assert uow.trust.set_status("o1", "revoked", at=AT, by="q", fingerprint="f2") == 1
        assert uow.trust.get("o1") == row
        assert uow.trust.set_status("o1", "revoked", at=AT, by="q") == 2
        uow.trust.add(row)
        assert uow.trust.get("o1") == row and uow.trust.get("o2") is None
        assert [item.fingerprint for item in uow.trust.list()] == ["f1", "f2"]


def test_plans_and_tasks(store: Store) -> None:
    row = PlanRow(
        "pl1", "Kế hoạch", "12/KH-UBND", date(2026, 1, 20), 2026, "UBND xã", "kh.txt", "00", {"x": []}, AT, "a"
    )
    task = TaskRow("t1", "pl1", 3, "1", "Xây dựng mô hình", "u1", ("u2",), date(2026, 6, 30), 40, "doing")
    with store.unit() as uow:
        uow.plans.save(row)
        uow.plans.save(replace(row, title="Kế hoạch 2", created_by="khác"))
        kept = uow.plans.get("pl1")
        assert kept == replace(row, title="Kế hoạch 2")
        assert uow.plans.current(2026) == kept and uow.plans.current(2025) is None and uow.plans.list() == [kept]
        uow.plans.set_task(task)
        uow.plans.set_task(TaskRow("t0", "pl1", None, "2", "Khác"))
        uow.plans.set_task(replace(task, progress=100, status="done"))
        assert uow.plans.tasks("pl1") == [
            replace(task, progress=100, status="done"),
            TaskRow("t0", "pl1", None, "2", "Khác"),
        ]
        uow.plans.remove_task("t0")
        assert uow.plans.task("t0") is None and uow.plans.find_prefix("pl") == ["pl1"]


def test_places_settings_nil_blobs(store: Store) -> None:
    with store.unit() as uow:
        uow.agencies.upsert(Agency("b", "B", "b", "school", True, 2))
        uow.agencies.upsert(Agency("a", "A", "a", "", False, 1))
        uow.agencies.upsert(Agency("b", "B mới", "b", "school", True, 0))
        assert [item.name for item in uow.agencies.list()] == ["B mới", "A"]
        assert [item.id for item in uow.agencies.list(active=True)] == ["b"] and uow.agencies.get("zz") is None
        uow.villages.upsert(Village("v", "Thôn"))
        assert uow.villages.get("v") == Village("v", "Thôn") and uow.villages.count() == 1
        uow.settings.set("k", {"b": [1, None, "ữ"]})
        uow.settings.set("k", None)
        assert uow.settings.get("k", 5) is None and uow.settings.get("z", 5) == 5
        uow.settings.remove("k")
        assert uow.settings.get("k", 5) == 5
        first, last = date(2026, 1, 1), date(2026, 5, 15)
        uow.nil.confirm("u", "matter", first, last, "canbo")
        uow.nil.confirm("u", "matter", first, last, "khác")
        assert [(item.scope, item.by) for item in uow.nil.list(first, last)] == [("matter", "canbo")]
        assert uow.nil.list(first, date(2026, 6, 1)) == [] and len(uow.nil.list(date(2026, 2, 1), last)) == 1
        assert uow.nil.revoke("u", "matter", first, last, "x") and not uow.nil.revoke("u", "matter", first, last, "x")
        assert uow.nil.list(first, last) == []
        sha256 = uow.blobs.put(b"pdf", "ảnh.pdf", "application/pdf")
        assert uow.blobs.put(b"pdf", "khác.pdf", "x") == sha256 == sha256_hex(b"pdf")
        assert uow.blobs.get(sha256) == (b"pdf", "ảnh.pdf", "application/pdf")
        assert uow.blobs.name(sha256) == ("ảnh.pdf", "application/pdf") and uow.blobs.get("no") is None


def test_audit_chain(store: Store) -> None:
    with store.unit() as uow:
        assert uow.audit.head() == GENESIS and uow.audit.verify()
        one = uow.audit.append("a", "s", {"sha256": "00", "list": ["x", 1, None, True]})
        two = uow.audit.append("b", "s")
        assert uow.audit.head() == two != one and uow.audit.verify()
        assert [(entry.seq, entry.previous) for entry in uow.audit.list(subject="s")] == [(2, one), (1, GENESIS)]
        for bad in ({"name": "Nguyễn Văn A"}, {"x": {"y": 1}}, {"x": "có dấu cách"}):
            with pytest.raises(ValueError, match="codes"):
                uow.audit.append("a", "s", bad)


def everything(store: Store) -> None:
    """A row in every protected table."""
    freeze(store)
    with store.unit() as uow:
        uow.reports.issue("r1", 1, 1, "2026-05-29", "BC", "paper", "v")
        uow.reports.release_issue("r1", 1, why="x", by="v")
        uow.reports.issue("r1", 1, 1, "2026-05-30", "BC", "paper", "v")
        uow.papers.add("r1", 1, "scan", b"s", "s.pdf", "application/pdf", signer="x", by="v")
        uow.desk.note("r1", 1, "approved", {"text": "x"})
        uow.desk.add_comment("r1", 1, "opening", "", "x")
        uow.office_papers.add(OfficePaperRow("w1", "letter", "x", "draft", {}, 1, AT, "v", AT, "v"))
        uow.office_papers.freeze("w1", b"w", sha256_hex(b"w"), by="v")
        uow.office_papers.issue("w1", 1, "2026-05-30", "letters", by="v")
        uow.packages.insert(package_row("p1"))
        uow.received.put_report(
            ReceivedReport("p1", "o1", "u1", "r1", "x", "2026-H1", 1, "s", b"doc", "received", True, AT)
        )
        uow.blobs.put(b"x", "x", "x")
        uow.records.insert(NewRecord("matter", 1, "u", "final", None, {"title": "x"}), the_form(), by="x")


BITES = {
    "audit_entry": ["UPDATE audit_entry SET account = 'x'", "DELETE FROM audit_entry"],
    "record_revision": ["UPDATE record_revision SET why = 'x'", "DELETE FROM record_revision"],
    "report_frozen": ["UPDATE report_frozen SET data = x'00'", "DELETE FROM report_frozen"],
    "report_issue": ["UPDATE report_issue SET number = 9", "DELETE FROM report_issue"],
    "report_issue_release": ["UPDATE report_issue_release SET why = 'z'", "DELETE FROM report_issue_release"],
    "report_figure": [
        "UPDATE report_figure SET record_ids = '[]'",
        "DELETE FROM report_figure",
        "INSERT INTO report_figure VALUES ('r1', 1, 'new', '[]')",
    ],
    "report_paper": ["UPDATE report_paper SET signer = 'x'", "DELETE FROM report_paper"],
    "report_moment": ["UPDATE report_moment SET remarks = 'x'", "DELETE FROM report_moment"],
    "report_comment": ["DELETE FROM report_comment"],
    "paper_frozen": ["UPDATE paper_frozen SET data = x'00'", "DELETE FROM paper_frozen"],
    "paper_issue": ["UPDATE paper_issue SET number = 9", "DELETE FROM paper_issue"],
    "package": ["UPDATE package SET data = x'00'", "UPDATE package SET sha256 = 'x'", "DELETE FROM package"],
    "received_report": ["UPDATE received_report SET document = x'00'", "DELETE FROM received_report"],
    "blob": ["UPDATE blob SET data = x'00'"],
    "report": ["UPDATE report SET draft = '{}'"],
    "taken": [
        "INSERT INTO report_issue SELECT 9, report_id, 1, series, year, number, date, mode, at, by FROM report_issue"
    ],
}


def raw(uow: object) -> Connection:
    connection = vars(vars(uow)["settings"])["_connection"]
    assert isinstance(connection, Connection)
    return connection


def test_triggers_exist_and_bite(store: Store) -> None:
    everything(store)
    with store.read() as uow:
        rows = raw(uow).exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert {row[0] for row in rows} == TRIGGERS
    bitten = set()
    for statement in [item for group in BITES.values() for item in group]:
        with store.unit() as uow, pytest.raises(DBAPIError) as caught:
            raw(uow).exec_driver_sql(statement)
        bitten.add(str(caught.value.orig))
    assert bitten == TRIGGERS
    assert store.check() == []


def test_purge_permit_changes_snapshots_only(store: Store) -> None:
    everything(store)
    with store.unit() as uow, pytest.raises(DBAPIError, match="no_update"):
        raw(uow).exec_driver_sql("INSERT INTO purge_permit SELECT record_id FROM record_revision")
        raw(uow).exec_driver_sql("UPDATE record_revision SET by = 'someone else'")


def test_check_finds_tampering(store: Store) -> None:
    everything(store)
    with store.unit() as uow:
        connection = raw(uow)
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET account = 'x' WHERE seq = 1")
        connection.exec_driver_sql("DELETE FROM search_open")
        assert not uow.audit.verify()
    assert len(store.check()) == 3
