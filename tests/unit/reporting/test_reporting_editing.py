"""Typing over a draft, fresh numbers, what stands before approval."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_samples import NOW, OFFICE, figures, inputs

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting import editing
from danvan_desktop.reporting.draft import ReportDraft, make_draft
from danvan_desktop.reporting.figures import Measured
from danvan_desktop.reporting.freezing import to_document
from danvan_desktop.reporting.model import Paragraph, Run
from danvan_desktop.reporting.office import Signer
from danvan_desktop.reporting.problems import typed_numbers
from danvan_desktop.reporting.sentences import prints

DRAFT = make_draft(inputs())


def bindings(draft: ReportDraft, key: str) -> list[tuple[str, str | None]]:
    section = draft.section(key)
    assert section is not None
    return [(run.text, run.figure) for item in section.paragraphs for run in item.runs if run.figure]


def typed(old: str, new: str, key: str = "direction") -> ReportDraft:
    text = editing.section_text(DRAFT, key)
    assert old in text
    return editing.edit_section(DRAFT, key, text.replace(old, new))


def test_words_around_a_number_may_change() -> None:
    draft = typed("ban hành", "đã ban hành và triển khai")
    assert bindings(draft, "direction") == bindings(DRAFT, "direction")
    section = draft.section("direction")
    assert section is not None
    assert section.edited
    assert [item.key for item in section.paragraphs] == ["direction.papers", "direction.meetings"]


def test_a_typed_number_is_no_longer_bound() -> None:
    draft = typed("04 cuộc", "06 cuộc")
    assert "meetings" not in [key for _, key in bindings(draft, "direction")]
    found = [item for item in typed_numbers(draft) if item.section == "direction"]
    assert [item.number for item in found] == ["06 cuộc"]
    assert "04 cuộc" in found[0].sources


def test_the_same_number_typed_by_hand_is_no_problem() -> None:
    draft = editing.edit_section(DRAFT, "direction", "Đã họp 4 cuộc và 12 văn bản.")
    assert bindings(draft, "direction") == [("12", "papers")]  # "12 văn bản" stood there before
    assert [item for item in typed_numbers(draft) if item.section == "direction"] == []


@pytest.mark.parametrize(
    "new", ["1.04 cuộc", "-04 cuộc", "04,5 cuộc", "04/12 cuộc", "104 cuộc", "04% cuộc", "04-05 cuộc"]
)
def test_a_number_grown_into_another_loses_its_source(new: str) -> None:
    assert "meetings" not in [key for _, key in bindings(typed("04 cuộc", new), "direction")]


def test_a_bound_number_after_a_slash_stays_bound() -> None:
    item = Paragraph("k", (Run("Có "), Run("05", "a"), Run("/"), Run("12", "b"), Run(" đơn vị.")))
    (after,) = editing.replace_text([item], "Đến nay có 05/12 đơn vị.")
    assert [run.figure for run in after.runs if run.figure] == ["a", "b"]


def test_lines_split_and_joined_keep_their_numbers() -> None:
    split = typed(", gồm", "\n- gồm")
    assert bindings(split, "direction") == bindings(DRAFT, "direction")
    section = split.section("direction")
    assert section is not None
    assert [item.style for item in section.paragraphs] == ["body", "bullet", "bullet"]
    assert len({item.key for item in section.paragraphs}) == 3
    joined = typed("\n- Tổ chức", " Tổ chức")
    assert bindings(joined, "direction") == bindings(DRAFT, "direction")


def test_markup_is_plain_text_and_looks_survive() -> None:
    draft = editing.edit_section(DRAFT, "strengths", "<b>Tốt</b> **rất** =1+1 😀\n+ mục con\n-không phải gạch đầu dòng")
    section = draft.section("strengths")
    assert section is not None
    assert [(item.style, item.text) for item in section.paragraphs] == [
        ("body", "<b>Tốt</b> **rất** =1+1 😀"), ("plus", "mục con"), ("body", "-không phải gạch đầu dòng"),
    ]  # fmt: skip
    bold = Paragraph("k", (Run("Nổi bật:", bold=True), Run(" mô hình tốt")))
    (after,) = editing.replace_text([bold], "Nổi bật: các mô hình tốt")
    assert after.runs[0] == Run("Nổi bật:", bold=True)


def test_forbidden_characters_are_named() -> None:
    with pytest.raises(Refused, match="U\\+202E"):
        editing.edit_section(DRAFT, "strengths", "tên \u202egiả")
    with pytest.raises(Refused, match="unknown_section"):
        editing.edit_section(DRAFT, "nowhere", "x")
    with pytest.raises(Refused, match="unknown_section"):
        editing.section_text(DRAFT, "nowhere")
    with pytest.raises(Refused, match="unknown_section"):
        editing.mark_reviewed(DRAFT, "nowhere")


def test_opening_and_closing_are_edited_alike() -> None:
    draft = editing.edit_section(editing.edit_section(DRAFT, "opening", "Mở đầu"), "closing", "Kết thúc")
    assert (editing.section_text(draft, "opening"), editing.section_text(draft, "closing")) == ("Mở đầu", "Kết thúc")


WORDS = st.sampled_from(
    ["04", "12", " ", " ", "\n", "- ", "+ ", ".", ",", "/", "cuộc", "văn", "tổ chức", "%", "1.234", "x"]
)
TEXTS = st.lists(WORDS, max_size=25).map("".join)
FREE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cf")), max_size=40)


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXTS, FREE), st.integers(0, 200), st.integers(0, 200))
def test_every_character_survives_and_bindings_are_true(piece: str, cut: int, drop: int) -> None:
    section = DRAFT.section("direction")
    assert section is not None
    by_key = {item.key: item for item in DRAFT.figures}
    before = editing.plain_text(section.paragraphs)
    text = before[:cut] + piece + before[cut + drop :]
    after = editing.replace_text(section.paragraphs, text, key="direction")
    assert editing.plain_text(after) == nfc(text)
    assert all(prints(run, by_key, DRAFT.guarded) for item in after for run in item.runs if run.figure)
    assert len({item.key for item in after}) == len(after)
    again = editing.replace_text(after, nfc(text), key="direction")
    assert editing.plain_text(again) == nfc(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_typing_from_nothing_binds_nothing(first: str, second: str) -> None:
    after = editing.replace_text(editing.replace_text((), first), second)
    assert editing.plain_text(after) == nfc(second)
    assert not any(run.figure for item in after for run in item.runs)


def test_fresh_numbers_reach_bound_places_only() -> None:
    draft = typed("ban hành", "đã ban hành (nhiều hơn 04)")
    now = {
        **NOW,
        "papers": Measured(15, {"plan": 8, "letter": 7}, rows=15),
        "cases": Measured(9, {"land": 4, "policy": 5}, rows=9),
    }
    fresh, changed = editing.refresh_figures(draft, figures(now))
    assert set(changed) == {"papers", "papers/plan", "cases/land", "cases/policy"}
    text = editing.section_text(fresh, "direction")
    assert (
        "đã ban hành (nhiều hơn 04) 15 văn bản (tăng 07 văn bản so với cùng kỳ), gồm 08 kế hoạch, 07 công văn" in text
    )
    assert "chế độ chính sách 05" in editing.section_text(fresh, "reception")
    assert {row.key: row.cells[3] for row in fresh.annexes[1].rows if row.kind == "row"}["papers"] == "15"
    section, untouched = fresh.section("direction"), fresh.section("reception")
    assert section is not None
    assert untouched is not None
    assert section.edited
    assert not untouched.edited
    assert editing.refresh_figures(fresh, figures(now)) == (fresh, ())


def test_a_comparison_that_lost_its_base_leaves_cleanly() -> None:
    made = tuple(replace(item, previous=None) for item in figures())
    fresh, _ = editing.refresh_figures(DRAFT, made)
    assert "ban hành 12 văn bản, gồm 05 kế hoạch" in editing.section_text(fresh, "direction")
    section = fresh.section("direction")
    assert section is not None
    assert not section.edited


def test_a_reason_decides_a_missing_figure() -> None:
    draft = make_draft(inputs(figures=figures({**NOW, "papers": Measured(0)})))
    errors = {item.key for item in editing.problems(draft) if item.severity == "error"}
    assert "figure:papers" in errors
    told = editing.explain_figure(draft, "papers", "sổ đang bàn giao.")
    problem = next(item for item in editing.problems(told) if item.key == "figure:papers")
    assert problem.severity == "note"
    assert "sổ đang bàn giao" in problem.message
    again, _ = editing.refresh_figures(told, figures({**NOW, "papers": Measured(0)}))
    found = again.figure("papers")
    assert found is not None
    assert found.reason == "sổ đang bàn giao."
    with pytest.raises(Refused, match="unknown_figure"):
        editing.explain_figure(draft, "nothing", "x")


def test_what_blocks_approval() -> None:
    draft = make_draft(
        inputs(signers=(), regime=replace(inputs().regime, addressees=()), office=replace(OFFICE, place=""))
    )
    found = {(item.key, item.severity) for item in editing.problems(draft)}
    assert {("signature", "error"), ("head.addressees", "error"), ("head.place", "warning"),
            ("section:strengths", "error")} <= found  # fmt: skip
    assert not any(key == "section:proposals" for key, _ in found)
    whole = editing.edit_section(DRAFT, "strengths", "Kịp thời, đúng quy định.")
    assert [item for item in editing.problems(whole) if item.severity == "error"] == []
    named = editing.set_signer(draft, Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Trần Thị Bình"))
    assert "signature" not in {item.key for item in editing.problems(named)}


def test_carried_over_text_must_be_reworked_or_confirmed() -> None:
    draft = make_draft(inputs(previous_manual={"strengths": "Đã làm tốt."}))
    assert [item.key for item in editing.problems(draft) if item.severity == "error"] == ["section:strengths"]
    assert [
        item for item in editing.problems(editing.mark_reviewed(draft, "strengths")) if item.severity == "error"
    ] == []
    rewritten = editing.edit_section(draft, "strengths", "Đã làm tốt hơn.")
    assert [item for item in editing.problems(rewritten) if item.severity == "error"] == []


def test_small_numbers_typed_by_hand_are_pointed_out() -> None:
    draft = editing.edit_section(DRAFT, "reception", "Tiếp nhận 09 đơn, trong đó 02 đơn về chế độ chính sách.")
    found = [item for item in editing.problems(draft) if "quá nhỏ" in item.message]
    assert [item.severity for item in found] == ["warning"]
    assert [item for item in editing.problems(DRAFT) if "quá nhỏ" in item.message] == []


def test_a_bound_number_that_differs_from_its_figure_is_an_error() -> None:
    wrong = tuple(replace(item, value=99) if item.key == "papers" else item for item in DRAFT.figures)
    found = editing.problems(replace(DRAFT, figures=wrong))
    assert ("figure:papers", "error") in {(item.key, item.severity) for item in found}


def test_a_document_is_judged_by_the_same_rules() -> None:
    document = to_document(DRAFT, report_id="r", revision=1)
    assert {item.key for item in editing.problems(document) if item.severity == "error"} == {"section:strengths"}


def test_drafting_anew_keeps_what_people_wrote() -> None:
    worked = editing.edit_section(typed("ban hành", "đã ban hành"), "strengths", "Tốt.")
    worked = editing.set_signer(worked, Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Trần Thị Bình"))
    worked = editing.edit_section(worked, "closing", "Kết thúc báo cáo.")
    now = {**NOW, "papers": Measured(15, {"plan": 8, "letter": 7}, rows=15), "cases": Measured(0, nil_confirmed=True)}
    fresh = editing.redraft(make_draft(inputs(figures=figures(now))), worked)
    assert "đã ban hành 15 văn bản" in editing.section_text(fresh, "direction")
    assert editing.section_text(fresh, "reception") == "Huy động 137,25 triệu đồng.\nĐơn tiếp nhận: không phát sinh."
    assert editing.section_text(fresh, "strengths") == "Tốt."
    assert editing.section_text(fresh, "closing") == "Kết thúc báo cáo."
    assert editing.section_text(fresh, "opening") == editing.section_text(DRAFT, "opening")
    assert fresh.signature.name == "Trần Thị Bình"
    gone = replace(make_draft(inputs()), sections=tuple(item for item in DRAFT.sections if item.key != "direction"))
    kept = editing.redraft(gone, worked)
    assert [item.key for item in kept.sections] == [item.key for item in DRAFT.sections]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tổ chức 14 cuộc hội nghị quán triệt.", "14 cuộc hội nghị"),
        ("Trong đó có 1.400 cuộc “Hội nghị” chuyên đề.", "1.400 cuộc “hội nghị"),
        ("Tổ chức 04 cuộc hội nghị quán triệt.", ""),  # as counted
        ("Tổ chức 14 cuộc họp thôn.", ""),  # another noun
        ("Ngày 14/5 có cuộc hội nghị; 14.5 cuộc hội nghị.", ""),  # a date, no number at all
    ],
)
def test_a_number_typed_beside_a_figure_s_noun_is_noted(text: str, number: str) -> None:
    draft = editing.edit_section(DRAFT, "strengths", text)
    found = [item for item in editing.problems(draft) if "gõ tay" in item.message]
    assert [(item.key, item.severity) for item in found] == ([("section:strengths", "note")] if number else [])
    assert all(f"“{number}” khác số liệu (Hội nghị quán triệt: 04 cuộc)" in item.message for item in found)


def test_the_drafted_words_raise_no_such_note() -> None:
    assert not [item for item in editing.problems(DRAFT) if "gõ tay" in item.message]
