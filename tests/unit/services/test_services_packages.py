"""Packages through the services: what is refused changes nothing; what is decided is decided once."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import services_office

sys.path.insert(0, str(Path(__file__).parents[2] / "packages"))

import hostile_cases
import package_builder as pb

from danvan_desktop.bootstrap import catalog
from danvan_desktop.exchange.keys import AgeIdentity, key_card
from danvan_desktop.exchange.package import Member, Party, build_package
from danvan_desktop.exchange.sealed import seal
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.figures import blank_figure
from danvan_desktop.reporting.model import Figure, freeze
from danvan_desktop.services.exchange_reading import open_received
from danvan_desktop.services.office import Office
from danvan_desktop.services.verification import verify_with_card

REGIME, PERIOD = "commune-to-province", "2026-H1"
SENT = catalog().indicators["receptions"]
# cases about what this home trusts and knows; those with other limits, another time or another view are exchange's own
CASES = [
    case
    for case in hostile_cases.CASES
    if case.trust is pb.trust and not set(case.options) - {"checks"} and case.reason != "signer_unknown"
]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(pb.AT - timedelta(hours=1))


@pytest.fixture
def parent(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """A parent's home that trusts the child of the package builder."""
    office = services_office.make(
        tmp_path / "home", clock, services_office.profile("parent", pb.PARENT_NAME, office_id=pb.PARENT)
    )
    card = key_card(pb.CHILD, pb.CHILD_NAME, pb.child_key(), AgeIdentity.generate().recipient)
    office.trust.add(card, office_id=pb.CHILD, fingerprint=card.fingerprint, relation="child")
    clock.set(pb.AT)
    yield office
    office.close()


def tables(office: Office) -> str:
    """The bytes of everything an import may touch."""
    home = office.context.store.path
    return hashlib.sha256(b"".join((home / name).read_bytes() for name in ("data.db", "data.db-wal"))).hexdigest()


def kept(folder: Path, data: bytes, name: str = "goi.dvpkg") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def report(number: int = 1, revision: int = 1, replaces: str | None = None, value: int = 7, **changes: Any) -> bytes:
    """A report of the child with one figure of ours."""
    figure = replace(blank_figure(catalog(), SENT), value=value, state="value", source="records")
    figure = replace(figure, **changes)
    document = pb.document(revision, replaces, figures=(figure,))
    members = [Member("report.json", "application/json", freeze(document))]
    return build_package(pb.info(number=number, revision=revision, replaces=replaces), members, pb.child_key(), pb.AT)


def counted(office: Office) -> Figure:
    return next(f for f in office.indicators.compute(REGIME, PERIOD).figures if f.key == SENT.key)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_package_changes_not_one_table(case: hostile_cases.Case, parent: Office, tmp_path: Path) -> None:
    path = kept(tmp_path, case.data())
    before = tables(parent)
    outcome = parent.packages.take(path, reply_to=tmp_path / "replies")
    assert (outcome.verdict, outcome.reason) == ("refused", case.reason)
    assert tables(parent) == before
    assert not list((tmp_path / "replies").iterdir())


def test_refusals_of_this_home_change_nothing(parent: Office, tmp_path: Path) -> None:
    first = report()
    parent.packages.take(kept(tmp_path, first))
    answer = parent.packages.all("out")[0]
    other = Party(pb.OTHER, "Cơ quan khác")
    refused = {
        "signer_unknown": pb.enrol(pb.stranger_key(), pb.OTHER, "Cơ quan lạ"),
        "kind_not_allowed": pb.small(pb.receipt(), "receipt"),
        "not_for_us": pb.report(number=9, receiver=other),
        "id_reused": pb.report(number=1, text=" khác"),
        "fork": report(number=2, value=8),
    }
    refused["not_zip"] = b"%PDF-1.7 khong phai goi"
    before = tables(parent)
    for reason, data in refused.items():
        outcome = parent.packages.take(kept(tmp_path, data))
        assert (outcome.verdict, outcome.reason) == ("refused", reason)
    # under the id of a package that we ourselves have built
    stolen = build_package(
        replace(pb.info(number=3), id=answer.id), [Member("report.json", "application/json", freeze(pb.document()))],
        pb.child_key(), pb.AT,
    )  # fmt: skip
    assert parent.packages.take(kept(tmp_path, stolen)).reason == "id_reused"
    assert tables(parent) == before


def test_a_sealed_package_for_another_reader(parent: Office, tmp_path: Path) -> None:
    path = kept(tmp_path, seal(report(), [AgeIdentity.generate().recipient]))
    before = tables(parent)
    assert parent.packages.take(path).reason == "not_for_us"
    assert tables(parent) == before
    card = tmp_path / "the.dvkey"
    parent.trust.export(card)
    outcome = verify_with_card(path, card, pb.AT)
    assert (outcome.verdict, outcome.reason) == ("refused", "not_for_us")
    ours = seal(report(), [parent.trust.card().age_recipient])
    assert parent.packages.take(kept(tmp_path, ours)).verdict == "verified"


def test_one_source_per_figure_as_a_report_comes_counts_and_goes(parent: Office, tmp_path: Path) -> None:
    assert counted(parent).state == "no_data"
    taken = parent.packages.take(kept(tmp_path, report()))
    assert counted(parent).state == "no_data"  # received is not accepted
    receipt, _ = parent.packages.accept(str(taken.details["id"]))
    assert (counted(parent).value, counted(parent).source) == (7, "report")
    again, changes = parent.packages.accept(str(taken.details["id"]))
    assert (again.id, again.data, changes.kinds) == (receipt.id, receipt.data, frozenset())

    # the replacement counts only when it is accepted, and then alone
    second = parent.packages.take(kept(tmp_path, report(2, 2, str(taken.details["document_sha256"]), value=9)))
    assert counted(parent).state == "no_data"
    with pytest.raises(Refused, match="not_current"):
        parent.packages.accept(str(taken.details["id"]))
    parent.packages.accept(str(second.details["id"]))
    assert counted(parent).value == 9
    parent.packages.return_(str(second.details["id"]), "Bổ sung mục 6")
    assert counted(parent).state == "no_data"


def test_a_withdrawn_report_never_counts(parent: Office, tmp_path: Path) -> None:
    taken = parent.packages.take(kept(tmp_path, report()))
    parent.packages.accept(str(taken.details["id"]))
    assert parent.packages.take(kept(tmp_path, pb.small(pb.recall(), "recall"))).verdict == "verified"
    assert counted(parent).state == "no_data"
    with pytest.raises(Refused, match="report_recalled"):
        parent.packages.accept(str(taken.details["id"]))
    with pytest.raises(Refused, match="report_recalled"):
        parent.packages.return_(str(taken.details["id"]), "Sai")


def test_a_withdrawal_that_comes_before_its_report(parent: Office, tmp_path: Path) -> None:
    first = parent.packages.take(kept(tmp_path, pb.small(pb.recall(), "recall")))
    assert "subject_unknown" in first.details["notes"]
    late = parent.packages.take(kept(tmp_path, report()))
    with pytest.raises(Refused, match="report_recalled"):
        parent.packages.accept(str(late.details["id"]))


def test_a_figure_of_another_definition_is_flagged_not_added(parent: Office, tmp_path: Path) -> None:
    taken = parent.packages.take(kept(tmp_path, report(definition_hash="0" * 64)))
    parent.packages.accept(str(taken.details["id"]))
    figure = counted(parent)
    assert figure.value is None
    assert figure.footnote == "chưa cộng 01 đơn vị tính theo định nghĩa khác"


def test_a_folder_with_good_and_bad_files(parent: Office, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    good = report()
    kept(stick, good, "Báo cáo (1).DVPKG")
    kept(stick, b"", "rỗng.dvpkg")
    kept(stick, b"\0" * 10, "._mac.dvpkg")
    kept(stick, b"x", "ghi chú.txt")
    (stick / "thư mục.dvpkg").mkdir()
    (stick / "mất.dvpkg").symlink_to(stick / "không có")
    kept(stick, good, os.fsdecode(b"z\xff.dvpkg"))
    (stick / "kín.dvpkg").touch(mode=0o000)
    found = {item.file: item.verdict for item in parent.packages.take_all(stick, reply_to=tmp_path / "replies")}
    assert found.pop(os.fsdecode(b"z\xff.dvpkg")) == "already_received"
    assert found == {"Báo cáo (1).DVPKG": "verified", "rỗng.dvpkg": "refused", "kín.dvpkg": "refused"}
    assert len(list((tmp_path / "replies").iterdir())) == 1


def test_a_receipt_is_written_as_often_as_wanted_with_the_same_bytes(parent: Office, tmp_path: Path) -> None:
    path = kept(tmp_path, report())
    first = parent.packages.take(path, reply_to=tmp_path / "a")
    second = parent.packages.take(path, reply_to=tmp_path / "b")
    assert second.verdict == "already_received"
    assert first.reply is not None
    assert second.reply is not None
    exported, _ = parent.packages.export(parent.packages.all("out")[0].id, tmp_path / "c")
    assert first.reply.read_bytes() == second.reply.read_bytes() == exported.read_bytes()


def test_a_folder_for_replies_that_cannot_be_is_refused_before_anything(parent: Office, tmp_path: Path) -> None:
    path = kept(tmp_path, report())
    before = tables(parent)
    with pytest.raises(Refused, match="write_failed"):
        parent.packages.take(path, reply_to=path)
    with pytest.raises(Refused, match="write_failed"):
        parent.packages.take_all(tmp_path, reply_to=path / "trong tệp")
    assert tables(parent) == before


@pytest.mark.parametrize(
    ("words", "code"), [("", "reason_missing"), (" \n ", "reason_missing"), ("a\u202eb", "bad_text"),
                        ("x" * 2001, "bad_text")]
)  # fmt: skip
def test_a_return_needs_a_reason_that_can_be_read(words: str, code: str, parent: Office, tmp_path: Path) -> None:
    taken = parent.packages.take(kept(tmp_path, report()))
    with pytest.raises(Refused, match=code):
        parent.packages.return_(str(taken.details["id"]), words)


@pytest.mark.parametrize("name", ["", "zz"])
def test_nothing_named_is_nothing_withdrawn(name: str, parent: Office) -> None:
    with pytest.raises(Refused, match="not_found"):
        parent.packages.recall(name, "Nhầm")
    with pytest.raises(Refused, match="not_found"):
        parent.packages.export(name, Path("không dùng"))


def test_receiving_waits_while_the_clock_stands_before_what_was_written(
    parent: Office, clock: FixedClock, tmp_path: Path
) -> None:
    path = kept(tmp_path, report())
    clock.set(pb.AT - timedelta(days=40))
    before = tables(parent)
    with pytest.raises(Refused, match="clock_behind"):
        parent.packages.take(path)
    assert tables(parent) == before
    assert parent.packages.verify(path, pb.AT).verdict == "verified"  # looking is free


def test_a_reason_travels_to_the_screen_of_the_parent(parent: Office, tmp_path: Path) -> None:
    """The line that accepted an outlier is in the bytes signed below, and stands beside the number above."""
    outcome = parent.packages.take(kept(tmp_path, report(value=90, previous=40, reason="Tiếp lưu động tại bốn thôn.")))
    assert outcome.verdict == "verified"
    opened = open_received(parent, parent.packages.all("in")[0].id)
    line = next(item for item in opened.figures if item.key == SENT.key)
    assert (line.value, line.previous, line.note) == ("90", "40", "Tiếp lưu động tại bốn thôn.")
    data = next(file.data for file in opened.files if file.name == "report.json")
    assert "Tiếp lưu động tại bốn thôn." in data.decode("utf-8")
