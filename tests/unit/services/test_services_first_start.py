from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services import recovery
from danvan_desktop.services.first_start import (
    STEPS,
    Answers,
    faults,
    hints,
    places,
    propose_account,
    propose_head,
    propose_place,
    propose_symbol,
    to_profile,
)
from danvan_desktop.services.setup import PROFILES

WHOLE = Answers(
    profile="commune_hub",
    name="Ủy ban nhân dân xã  Vĩnh Thủy",
    short_name="VHXH",
    place="Vĩnh Thủy",
    symbol_suffix="UBND",
    drafting_unit="VHXH",
    parent_name="Ủy ban nhân dân tỉnh Quảng Trị",
    via_name="Sở Nội vụ",
    issuer_lines=("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
    signers=((("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn Mẫu"),),
    agencies="Phòng Văn hóa - Xã hội; VHXH\nPhòng Kinh tế",
    villages="Mẫu Đông\n\nMẫu Tây\n mẫu đông",
    account_name="huong.nt",
    account_label="Nguyễn Thị Hường",
    roles=("entry", "leader", "admin"),
    password="mật khẩu dài",
    password_again="mật khẩu dài",
)


def test_every_profile_has_its_hints() -> None:
    assert list(hints()) == list(PROFILES)
    assert all(item.signing and item.sentence.endswith(".") for item in hints().values())


@pytest.mark.parametrize(
    ("name", "superior", "head", "symbol", "place"),
    [
        ("Ủy ban nhân dân xã Vĩnh Thủy", "Ủy ban nhân dân tỉnh Quảng Trị",
         ((), ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY")), "UBND", "Vĩnh Thủy"),
        ("Trung tâm Phục vụ hành chính công xã Vĩnh Thủy", "Ủy ban nhân dân xã Vĩnh Thủy",
         (("UBND XÃ VĨNH THỦY",), ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",)), "TTPVHCC", "Vĩnh Thủy"),
        ("Sở Nội vụ tỉnh Quảng Trị", "Ủy ban nhân dân tỉnh Quảng Trị",
         (("UBND TỈNH QUẢNG TRỊ",), ("SỞ NỘI VỤ",)), "SNV", "Quảng Trị"),
        ("Chi cục Kiểm lâm", "Sở Nông nghiệp và Môi trường",
         (("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",), ("CHI CỤC KIỂM LÂM",)), "CCKL", ""),
        ("Ủy ban Mặt trận xã Vĩnh Thủy", "Đảng ủy xã Vĩnh Thủy",
         (("ĐẢNG ỦY XÃ VĨNH THỦY",), ("ỦY BAN MẶT TRẬN",)), "UBMT", "Vĩnh Thủy"),
        ("Trạm Y tế phường 1", "Ủy ban nhân dân phường 1", (("UBND PHƯỜNG 1",), ("TRẠM Y TẾ",)), "TYT", "Phường 1"),
    ],
)  # fmt: skip
def test_proposals(name: str, superior: str, head: object, symbol: str, place: str) -> None:
    assert propose_head(name, superior) == head
    assert propose_symbol(name) == symbol
    assert propose_place(name, superior) == place


def test_account_names() -> None:
    assert propose_account("Nguyễn Thị Hường") == "huong.nt"
    assert propose_account("Đạt") == "dat"
    assert propose_account("  ") == ""


def test_places_are_read_line_by_line() -> None:
    read = places("Phòng Kinh tế ; KT\n\nphòng kinh tế\nTrạm Y tế", "agency")
    assert [(item.name, item.short_name) for item in read] == [("Phòng Kinh tế", "KT"), ("Trạm Y tế", "")]


def test_whole_answers_make_a_profile() -> None:
    assert [faults(WHOLE, step) for step in STEPS] == [[]] * len(STEPS)
    profile = to_profile(WHOLE)
    assert profile.name == "Ủy ban nhân dân xã Vĩnh Thủy"
    assert [item.name for item in profile.villages] == ["Mẫu Đông", "Mẫu Tây"]
    assert profile.accounts[0].roles == ("entry", "leader", "admin")


@pytest.mark.parametrize(
    ("step", "change", "field"),
    [
        ("profile", {"profile": ""}, "profile"),
        ("office", {"name": " "}, "name"),
        ("office", {"place": "Vĩnh\u202eThủy"}, "place"),
        ("head", {"parent_name": ""}, "parent_name"),
        ("head", {"issuer_lines": ()}, "issuer_lines"),
        ("signers", {"signers": ()}, "signers"),
        ("signers", {"signers": ((("CHỦ TỊCH",), ""),)}, "signers"),
        ("places", {"agencies": ""}, "agencies"),
        ("account", {"account_name": "Hường"}, "account_name"),
        ("account", {"password": "ngan", "password_again": "ngan"}, "password"),
        ("account", {"password_again": "khác"}, "password_again"),
        ("account", {"roles": ()}, "roles"),
    ],
)
def test_what_is_missing_is_named(step: str, change: dict[str, object], field: str) -> None:
    assert [fault.field for fault in faults(replace(WHOLE, **change), step)] == [field]  # type: ignore[arg-type]  # one wrong value at a time


def test_unfinished_answers_make_no_profile() -> None:
    with pytest.raises(Refused, match="profile_invalid"):
        to_profile(replace(WHOLE, signers=()))


def test_the_recovery_sheet_holds_the_code(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2026, 5, 28, 2, tzinfo=UTC))
    code = "-".join(["ABCD", "EFGH", "IJKL", "MNOP", "QRST", "UVWX", "YZ23", "4567"])
    path = recovery.write_sheet(tmp_path / "phieu.txt", office="UBND xã", code=code, home=tmp_path, moment=clock)
    text = path.read_text("utf-8-sig")
    assert "ABCD - EFGH - IJKL - MNOP" in text and "QRST - UVWX - YZ23 - 4567" in text
    assert "28/05/2026" in text and "UBND xã" in text


def test_culture_and_society_is_no_commune() -> None:
    assert propose_symbol("Phòng Văn hóa - Xã hội") == "PVHXH"
    assert propose_symbol("Phòng Văn hóa - Xã hội xã Vĩnh Thủy") == "PVHXH"
    assert propose_place("Phòng Văn hóa - Xã hội", "Ủy ban nhân dân xã Vĩnh Thủy") == "Vĩnh Thủy"
