"""Bold and italics beside the plain text of a section."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.reporting.model import Paragraph, Run
from danvan_desktop.reporting.texts import Look, looks_of, plain_text, replace_text, skeleton, with_looks

BASE = (
    Paragraph("a", (Run("Đã mở "), Run("12", "dialogues"), Run(" cuộc đối thoại."))),
    Paragraph("b", (Run("Nhân dân đồng thuận."),), "bullet"),
)


def test_a_bound_number_is_bold_as_a_whole_and_keeps_its_source() -> None:
    text = plain_text(BASE)
    made = replace_text(BASE, text, looks=(Look(3, 7, bold=True),))  # "mở 1": the number takes its first letter's look
    assert made[0].runs == (
        Run("Đã "), Run("mở ", bold=True), Run("12", "dialogues", bold=True), Run(" cuộc đối thoại."),
    )  # fmt: skip
    assert plain_text(made) == text and looks_of(made) == (Look(3, 8, bold=True),)
    assert skeleton(made) != skeleton(BASE)  # it is an officer's hand
    assert with_looks(made, ()) == BASE


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_looks_are_read_back_as_given(data: st.DataObject) -> None:
    line = st.text(alphabet="dân vận-+ 12🙂", max_size=8)
    text = "\n".join(data.draw(st.lists(line, min_size=1, max_size=3)))
    size = max(len(text), 1)
    cuts = sorted(data.draw(st.sets(st.integers(0, size), max_size=4)))
    looks = [Look(a, b, bold=bool(a % 2), italic=not a % 2) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    made = replace_text((), text, looks=looks)
    assert plain_text(made) == text
    again = replace_text((), text, looks=looks_of(made))
    assert looks_of(again) == looks_of(made)
    chars = {at: (look.bold, look.italic) for look in looks for at in range(look.start, look.end)}
    for look in looks_of(made):
        assert all(chars[at] == (look.bold, look.italic) and text[at] != "\n" for at in range(look.start, look.end))
