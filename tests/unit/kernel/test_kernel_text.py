"""Search spelling and dictionary order, against a brute-force oracle made of plain tables."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.kernel.text import bad_character, excerpt, fold, marks, name_key, nfc, sort_key, squeeze, words

# Every vowel with its tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
VOWELS = (
    "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
    "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
)  # fmt: skip
BARE = dict(zip([row[0] for row in VOWELS], "aaaeeiooouuy", strict=True))
ORDER = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
LETTER = {ch: (row[0], tone) for row in VOWELS for tone, ch in enumerate(row)} | {
    ch: (ch, 0) for ch in "bcdđfghjklmnpqrstvwxz"
}
ALL = "".join(LETTER)
vietnamese = st.text(st.sampled_from(ALL + ALL.upper()), min_size=1, max_size=7)
phrases = st.lists(vietnamese, min_size=1, max_size=4).map(" ".join)


def oracle_fold(text: str) -> str:
    bare = []
    for ch in text.lower():
        letter = LETTER[ch][0] if ch in LETTER else ch
        bare.append("d" if letter == "đ" else BARE.get(letter, letter))
    return "".join(bare)


def oracle_key(text: str) -> list[tuple[list[int], list[int]]]:
    """Word by word: the letters of the alphabet first, the tones after them."""
    return [
        ([ORDER.index(LETTER[ch][0]) for ch in word], [LETTER[ch][1] for ch in word]) for word in text.lower().split()
    ]


def test_the_table_holds_every_vietnamese_letter() -> None:
    assert len({*ALL}) == 12 * 6 + 21
    assert all(unicodedata.is_normalized("NFC", row) and len(row) == 6 for row in VOWELS)


@pytest.mark.parametrize("letter", ALL + ALL.upper())
def test_every_letter_folds_in_both_spellings(letter: str) -> None:
    assert fold(letter) == fold(unicodedata.normalize("NFD", letter)) == oracle_fold(letter)
    assert fold(letter).isascii()


@given(phrases)
def test_fold_equals_the_oracle(text: str) -> None:
    assert fold(text) == oracle_fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(fold(text)) == fold(text)
    assert words(text) == oracle_fold(text).split()


@given(phrases, phrases)
def test_order_equals_the_oracle(one: str, two: str) -> None:
    expected = (oracle_key(one) > oracle_key(two)) - (oracle_key(one) < oracle_key(two))
    assert (sort_key(one) > sort_key(two)) - (sort_key(one) < sort_key(two)) == expected
    assert sort_key(unicodedata.normalize("NFD", one)) == sort_key(one)


def test_dictionary_order_of_known_words() -> None:
    expected = [
        "an",
        "an toàn",
        "àn",
        "ản",
        "ãn",
        "án",
        "ạn",
        "ang",
        "ăn",
        "ân",
        "ba",
        "ca",
        "da",
        "đa",
        "ea",
        "ê",
        "xã",
    ]
    mixed = expected[::-1]
    assert sorted(mixed, key=sort_key) == expected


def test_numbers_stand_before_letters() -> None:
    assert sorted(["Thôn B", "Thôn 1", "Thôn A"], key=sort_key) == ["Thôn 1", "Thôn A", "Thôn B"]


def test_persons_are_listed_by_given_name() -> None:
    expected = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Bình", "Đỗ Văn Đạt", "Lê Hồng Hà", "Trần Anh Hà"]
    mixed = expected[::-1]
    assert sorted(mixed, key=name_key) == expected
    assert name_key("Bình") == sort_key("Bình")


def test_squeeze_keeps_lines_and_drops_blanks() -> None:
    assert squeeze("  Xã\u00a0 Vi\u0303nh \t Thu\u0309y \r\n\r\n  2 ") == "Xã Vĩnh Thủy\n\n2"
    assert nfc("e\u0302\u0323") == "ệ"


@given(st.text(max_size=60))
def test_no_text_breaks_the_helpers(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
    assert unicodedata.is_normalized("NFC", squeeze(text))
    assert isinstance(sort_key(text), bytes)
    assert "đ" not in fold(text)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\ud800", "\ue000", "\x7f"])
def test_characters_that_must_not_be_stored_are_named(char: str) -> None:
    found = bad_character(f"Vĩnh{char}Thủy")
    assert found is not None
    assert f"{ord(char):04X}" in found


def test_line_ends_are_allowed_where_lines_are() -> None:
    assert bad_character("a\nb\tc", multiline=True) is None
    assert bad_character("a\nb") is not None
    assert bad_character("Công tác “dân vận” – 100 %…") is None


@given(st.text(max_size=60), st.text(max_size=20))
def test_marks_stand_on_words_that_search_finds(text: str, query: str) -> None:
    text = nfc(text)
    for start, length in marks(text, query):
        assert 0 < length <= len(text) - start
        assert any(fold(text[start:].split()[0]).startswith(word) for word in words(query))


def test_marks_and_excerpts() -> None:
    text = "Bà con mong sửa Đường liên thôn, đoạn qua cầu."
    assert [text[at : at + n] for at, n in marks(text, "duo thon")] == ["Đườ", "thôn"]
    assert excerpt("một hai " * 40 + "đường làng " + "ba bốn " * 40, "duong", 60).count("đường") == 1
    assert excerpt(text, "khong") == ""
