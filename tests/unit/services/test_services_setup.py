"""Set-up profiles read strictly; roles; what is due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from services_office import make, profile

from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.setup import AccountSpec, checked_profile, read_profile

GOOD = """
profile = "commune_agency"
[office]
name = "Trường mẫu"
short_name = "TM"
place = "Xã Mẫu"
issuer_lines = ["TRƯỜNG MẪU"]
symbol_suffix = "TM"
[parent]
name = "Ủy ban nhân dân xã Mẫu"
[[signers]]
authority_lines = ["HIỆU TRƯỞNG"]
name = "Lê Ví Dụ"
[[accounts]]
name = "a"
roles = ["entry"]
"""


def test_a_good_profile_is_read() -> None:
    found = read_profile(GOOD)
    assert (found.name, found.signers[0].name, found.accounts[0].label) == ("Trường mẫu", "Lê Ví Dụ", "a")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("commune_agency", "something"), "something"),
        (('name = "Trường mẫu"\n', ""), "office"),
        (('place = "Xã Mẫu"', "place = 3"), "place"),
        (("[parent]", 'colour = "red"\n[parent]'), "colour"),
        (('issuer_lines = ["TRƯỜNG MẪU"]', ""), "issuer_lines"),
        (('roles = ["entry"]', 'roles = ["king"]'), "vai trò"),
        (('roles = ["entry"]', 'roles = ["entry"]\n[[accounts]]\nname = "a"\nroles = ["entry"]'), "trùng tên"),
        (("profile =", "profile"), "TOML"),
        (('name = "Ủy ban nhân dân xã Mẫu"', ""), "cấp trên"),
        (('"Lê Ví Dụ"', '"Lê\\u202eVí Dụ"'), "U+202E"),
        (('["HIỆU TRƯỞNG"]', '["HIỆU\\u200fTRƯỞNG"]'), "U+200F"),
        (('name = "a"', 'name = "../a b"'), "../a b"),
        (('place = "Xã Mẫu"', 'place = "Xã Mẫu"\nid = "../../abc"'), "UUID"),
        (('"Trường mẫu"', '"' + "Ủ" * 201 + '"'), "tối đa 200"),
        (('["TRƯỜNG MẪU"]', '["' + "A" * 201 + '"]'), "tối đa 200"),
        (('["TRƯỜNG MẪU"]', "[" + '"A",' * 7 + "]"), "tối đa 6 dòng"),
    ],
)
def test_a_wrong_profile_is_refused_by_name(change: tuple[str, str], named: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(Refused) as refused:
        read_profile(GOOD.replace(*change, 1))
    assert refused.value.code == "profile_invalid"
    assert named in refused.value.message


def test_roles_decide_who_may_approve_and_number(tmp_path: Path, fixed_clock: FixedClock) -> None:
    entry_only = profile(accounts=(AccountSpec("nhap", "Người nhập", ("entry",)),))
    office = make(tmp_path / "home", fixed_clock, checked_profile(entry_only))
    report, _ = office.reports.make("commune-to-province", "2026-H1")
    for act in (lambda: office.reports.approve(report), lambda: office.reports.number(report)):
        with pytest.raises(Refused, match="no_right") as refused:
            act()
        assert "lãnh đạo" in refused.value.message
    with pytest.raises(Refused, match="no_right"):
        office.settings.add_account("b", "B", "x", ("entry",))
    office.close()


def test_what_is_due_of_the_hub_and_when(tmp_path: Path, fixed_clock: FixedClock) -> None:
    office = make(tmp_path / "home", fixed_clock)
    half_year = next(item for item in office.due.home().due if item.key == "commune-to-province|2026-H1")
    assert half_year.due_on == date(2026, 6, 4)
    assert half_year.last_working_day == date(2026, 6, 4)
    assert (half_year.state, half_year.overdue, half_year.days_left) == ("none", False, 7)
    fixed_clock.set_local(date(2026, 6, 5))
    late = next(item for item in office.due.home().due if item.key == "commune-to-province|2026-H1")
    assert late.overdue
    office.close()


def test_a_report_due_on_a_sunday_shows_the_last_working_day(tmp_path: Path, fixed_clock: FixedClock) -> None:
    centre = profile("commune_agency", "Trường mẫu", parent_name="Ủy ban nhân dân xã Mẫu")
    office = make(tmp_path / "home", fixed_clock, centre)
    entry = next(item for item in office.due.home().due if item.key == "agency-to-commune|2026-H1")
    assert (entry.due_on, entry.last_working_day) == (
        date(2026, 5, 31),
        date(2026, 5, 29),
    )  # the due date does not roll
    office.close()


def test_backup_restores_to_the_same_records(tmp_path: Path, fixed_clock: FixedClock) -> None:
    from danvan_desktop.bootstrap import open_office
    from danvan_desktop.services.maintenance import restore

    office = make(tmp_path / "home", fixed_clock)
    before = office.settings.load()
    saved = office.settings.backup(tmp_path)
    office.close()
    restore(saved, tmp_path / "again", fixed_clock)
    again = open_office(tmp_path / "again", account=None, password="x", clock=fixed_clock)
    assert again.settings.load() == before
    assert again.settings.check() == []
    again.close()
    with pytest.raises(Refused, match="file_unreadable"):
        restore(tmp_path / "none.dvbak", tmp_path / "third", fixed_clock)


def test_a_set_up_that_fails_leaves_no_half_made_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_values: object) -> None:
        raise OSError("hỏng")

    monkeypatch.setattr("danvan_desktop.store.places.VillageRepository.upsert", broken)
    with pytest.raises(OSError, match="hỏng"):
        make(tmp_path / "home", FixedClock(parse_stamp("2026-05-20T02:00:00Z")))
    assert not (tmp_path / "home").exists()
