"""What changed between two drafts, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.reporting.compare import line_changes, word_changes


def marked(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[item.op].format(item.text) for item in word_changes(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Mở 12 cuộc đối thoại.", "Mở 14 cuộc đối thoại.", "Mở [-12-][+14+] cuộc đối thoại."),
        ("đạt 1.234,5 điểm", "đạt 1.235,5 điểm", "đạt [-1.234,5-][+1.235,5+] điểm"),  # a number is one word
        ("tăng 12,5% so", "tăng 2,5% so", "tăng [-12,5%-][+2,5%+] so"),
        ("công tác dân vận tốt", "công tác vận động khá", "công tác [-dân -]vận [-tốt-][+động khá+]"),
        ("rất kịp thời nhé", "khá đầy đủ nhé", "[-rất kịp thời-][+khá đầy đủ+] nhé"),  # not word by word
        ("dân vận", "dân vận.", "dân vận[+.+]"),
        ("", "Mới viết", "[+Mới viết+]"),
        ("một\nhai", "một\nhai\nba", "một\nhai[+\nba+]"),
    ],
)
def test_words_are_whole(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


_TEXT = st.lists(st.sampled_from(["dân", "vận", " ", "  ", "12", "1.234", ",", ".", "\n", "đ", "🙂"]), max_size=25)


@settings(max_examples=40, deadline=None)
@given(_TEXT, _TEXT)
def test_both_texts_can_be_read_out_of_the_comparison(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    found = word_changes(before, after)
    assert "".join(item.text for item in found if item.op != "added") == before
    assert "".join(item.text for item in found if item.op != "removed") == after
    assert all(item.text for item in found)
    assert all(one.op != other.op for one, other in pairwise(found))


def test_of_a_table_only_the_rows_that_changed_are_shown() -> None:
    found = line_changes("A | 1\nB | 2\nC | 3", "A | 1\nB | 4\nC | 3")
    assert [(item.op, item.text) for item in found] == [("removed", "B | 2\n"), ("added", "B | 4\n")]
