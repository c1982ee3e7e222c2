"""Every signing form of NĐ 30/2020 can be chosen, is known again as typed, and says when it is right (DOMAIN §1.4)."""

from __future__ import annotations

import pytest

from danvan_desktop.services.first_start import hints
from danvan_desktop.services.signing_forms import form_of, offered, signing_forms

COMMITTEE = {"collective": "ỦY BAN NHÂN DÂN", "head": "CHỦ TỊCH", "deputy": "PHÓ CHỦ TỊCH",
             "unit_head": "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI", "unit_deputy": "PHÓ TRƯỞNG PHÒNG"}  # fmt: skip


def test_a_committee_is_offered_its_forms_word_for_word() -> None:
    assert offered([COMMITTEE]) == (
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
        ("TL. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"),
        ("TL. CHỦ TỊCH", "KT. TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI", "PHÓ TRƯỞNG PHÒNG"),
        ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"),
    )
    plain = offered([{"head": "GIÁM ĐỐC", "deputy": "PHÓ GIÁM ĐỐC"}])
    assert plain == (("GIÁM ĐỐC",), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("Q. GIÁM ĐỐC",))


@pytest.mark.parametrize("profile", list(hints()))
def test_every_form_can_be_chosen_in_every_kind_of_office(profile: str) -> None:
    found = {form.key for lines in hints()[profile].signing if (form := form_of(lines)) is not None}
    together = {form.key for form in signing_forms() if form.collective}
    alone = {form.key for form in signing_forms() if form.collective is False}
    assert found == {form.key for form in signing_forms()} - (alone if profile == "commune_hub" else together)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "collective"),
        (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "collective_deputy"),
        (("tm. ủy ban nhân dân", "q. chủ tịch"), "collective_acting"),
        (("TRƯỞNG PHÒNG",), "head"),
        (("TRƯỞNG PHÒNG", "VĂN HÓA - XÃ HỘI"), "head"),
        (("KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "deputy"),
        (("Q. GIÁM ĐỐC",), "acting"),
        (("TL. CHỦ TỊCH", "KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"), "order_deputy"),
        (("TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"), "authorised"),
        (("KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN"), None),
        (("TM. ỦY BAN NHÂN DÂN",), None),
        ((), None),
    ],
)
def test_typed_lines_are_known_by_their_abbreviations(lines: tuple[str, ...], key: str | None) -> None:
    form = form_of(lines)
    assert (form.key if form else None) == key
    assert form is None or (form.when.startswith("Dùng khi ") and form.when.endswith("."))
