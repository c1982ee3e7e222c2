"""Frozen documents: the same bytes for the same report, another hash for another number; differences in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_samples import NOW, figures, inputs

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting import editing
from danvan_desktop.reporting.compare import differences, word_changes
from danvan_desktop.reporting.draft import ReportDraft, make_draft
from danvan_desktop.reporting.figures import Measured
from danvan_desktop.reporting.freezing import to_document
from danvan_desktop.reporting.model import (
    Paragraph,
    ReportDocument,
    ReportSection,
    Run,
    document_hash,
    freeze,
    from_json,
    thaw,
    to_json,
)

DRAFT = editing.edit_section(make_draft(inputs()), "strengths", "Tốt.")


def document(draft: ReportDraft = DRAFT, **changes: object) -> ReportDocument:
    return replace(to_document(draft, report_id="0190", revision=1), **changes)  # type: ignore[arg-type]  # test builder


def test_empty_optional_sections_go_and_the_rest_is_numbered_anew() -> None:
    assert [(item.mark, item.key) for item in document().sections] == [
        ("I.", "results"), ("1.", "direction"), ("2.", "reception"), ("II.", "assessment"), ("1.", "strengths"),
    ]  # fmt: skip


def test_an_area_where_nothing_happened_takes_one_line_of_the_table() -> None:
    nil = Measured(0, nil_confirmed=True)
    idle = document(make_draft(inputs(figures=figures({**NOW, "cases": nil, "cases_kind": nil}))))
    rows = {row.key: row.cells for row in idle.annexes[1].rows}
    assert rows["area_6"] == ("Tiếp công dân: không phát sinh",)
    assert "cases" not in rows
    assert idle.figure("cases") is not None
    numbers = [row.cells[0] for row in idle.annexes[1].rows if row.kind == "row" and row.cells[0]]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    waiting = document(make_draft(inputs(figures=figures({**NOW, "cases": nil, "cases_kind": Measured()}))))
    assert {"cases", "cases_kind"} <= {row.key for row in waiting.annexes[1].rows}


def test_the_last_words_end_the_paper_once() -> None:
    made = document()
    assert made.closing[-1].text.endswith("của Trung tâm Phục vụ hành chính công./.")
    again = document(editing.edit_section(DRAFT, "closing", "Hết báo cáo./."))
    assert again.closing[-1].text == "Hết báo cáo./."
    without = document(editing.edit_section(DRAFT, "closing", ""))
    assert without.closing == ()
    assert without.sections[-1].paragraphs[-1].text == "Tốt./."
    bound = Paragraph("c", (Run("Có "), Run("12", "papers")))
    assert document(replace(DRAFT, closing=(bound,))).closing[-1].text == "Có 12./."


def test_texts_are_squeezed_across_runs_and_numbers_stay_bound() -> None:
    item = Paragraph("p", (Run("  Có "), Run("12", "papers"), Run("  văn "), Run(" bản  ", bold=True), Run("  ")))
    made = document(replace(DRAFT, closing=(item,)))
    assert made.closing[0].text == "Có 12 văn bản./."
    assert made.closing[0].runs[1] == Run("12", "papers")
    spaces = editing.edit_section(DRAFT, "strengths", "một   hai\n\n   \n- \nba ")
    section = next(entry for entry in document(spaces).sections if entry.key == "strengths")
    assert [entry.text for entry in section.paragraphs] == ["một hai", "ba"]
    decomposed = document(replace(DRAFT, office_name="Th\u1ee7y".encode().decode() + " e\u0301"))
    assert decomposed.office_name == "Thủy é"


def test_what_cannot_be_printed_is_named() -> None:
    bad = replace(DRAFT, opening=(Paragraph("o", (Run("a\u202eb"),)),))
    with pytest.raises(Refused, match="U\\+202E"):
        to_document(bad, report_id="r", revision=1)


def test_freezing_is_lossless_and_deterministic() -> None:
    made = document()
    assert thaw(freeze(made)) == made
    assert freeze(document()) == freeze(document(make_draft_again()))
    second = to_document(DRAFT, report_id="0190", revision=2, replaces=document_hash(freeze(made)),
                         rows={"paper": [{"id": "r1", "unit": "u", "values": {"title": "x"}}]})  # fmt: skip
    assert thaw(freeze(second)) == second
    assert document_hash(freeze(second)) != document_hash(freeze(made))


def make_draft_again() -> ReportDraft:
    return ReportDraft.from_json(editing.edit_section(make_draft(inputs()), "strengths", "Tốt.").to_json())


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cf")), max_size=30)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, st.lists(TEXT, max_size=3))
def test_any_words_freeze_and_thaw(text: str, title: str, lines: list[str]) -> None:
    draft = editing.edit_section(DRAFT, "strengths", text + "\n" + "\n".join(lines))
    draft = replace(draft, recipients=tuple(lines), office_name=title)
    made = document(draft)
    data = freeze(made)
    assert thaw(data) == made
    assert freeze(thaw(data)) == data
    assert data.decode() == nfc(data.decode())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(DRAFT.figures) - 1), st.integers(1, 10**6), st.sampled_from(["value", "previous", "target"]))
def test_any_change_of_a_figure_changes_the_hash(index: int, value: int, part: str) -> None:
    made = document()
    figure = made.figures[index]
    if getattr(figure, part) == value:
        value += 1
    other = replace(figure, **{part: value})  # type: ignore[arg-type]  # one of three integer parts
    changed = replace(made, figures=(*made.figures[:index], other, *made.figures[index + 1 :]))
    assert document_hash(freeze(changed)) != document_hash(freeze(made))


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(Refused, match="report_invalid"):
        from_json(ReportSection, {"key": "a"})
    section = ReportSection("a", 1, "I.", "A")
    assert from_json(ReportSection, to_json(section)) == section


def test_differences_are_named_by_place() -> None:
    now = {**NOW, "papers": Measured(15, {"plan": 8, "letter": 7}, rows=15)}
    changed, _ = editing.refresh_figures(DRAFT, figures(now))
    changed = editing.edit_section(changed, "strengths", "Tốt hơn.")
    changed = editing.edit_section(changed, "proposals", "Đề nghị tập huấn.")
    old, new = document(), document(changed, head=replace(DRAFT.head, place="Quảng Trị"))
    found = differences(old, new)
    by_place = {(item.kind, item.key): item for item in found}
    assert set(by_place) == {
        ("head", "head"), ("text", "direction"), ("text", "strengths"), ("section_added", "proposals"),
        ("annex", "figures"), ("figure", "papers"), ("figure", "papers/plan"),
    }  # fmt: skip
    figure = by_place["figure", "papers"]
    assert (figure.before, figure.after) == ("12 văn bản", "15 văn bản")
    assert ("section_removed", "proposals") in {(item.kind, item.key) for item in differences(new, old)}
    assert differences(old, old) == ()


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
def test_word_changes_give_both_texts_back(before: str, after: str) -> None:
    found = word_changes(before, after)
    assert "".join(item.text for item in found if item.op != "added") == before
    assert "".join(item.text for item in found if item.op != "removed") == after


def test_word_changes_are_readable() -> None:
    found = word_changes("đã ban hành 12 văn bản", "đã ban hành 15 văn bản")
    assert [(item.op, item.text) for item in found] == [
        ("same", "đã ban hành "), ("removed", "12"), ("added", "15"), ("same", " văn bản"),
    ]  # fmt: skip
