"""Old Vietnamese encodings in short texts: told from Unicode, and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.kernel.legacy_text import _TCVN3, converted, from_tcvn3, from_vni, guess_encoding
from danvan_desktop.kernel.syllables import is_syllable

_TO_TCVN3 = {letter: code for code, letter in _TCVN3.items()}
NAMES = ("công tác dân vận", "giải phóng mặt bằng", "tiếp công dân", "xã Vĩnh Thủy", "hội nghị đối thoại", "đường nước")


def tcvn3(text: str) -> str:
    """A text as the fonts .VnTime store it."""
    return "".join(_TO_TCVN3.get(char, char) for char in text)


@pytest.mark.parametrize("text", NAMES)
def test_tcvn3_is_recognised_and_read(text: str) -> None:
    old = tcvn3(text)
    assert old != text and guess_encoding([old]) == "tcvn3"
    assert converted("tcvn3", old) == text == from_tcvn3(old)


@pytest.mark.parametrize(
    ("old", "text"),
    [
        ("Coâng taùc daân vaän", "Công tác dân vận"),
        ("ÑAÛNG UÛY XAÕ", "ĐẢNG ỦY XÃ"),
        ("Uûy ban nhaân daân xaõ", "Ủy ban nhân dân xã"),
        ("Höôùng daãn soá 05", "Hướng dẫn số 05"),
    ],
)
def test_vni_is_recognised_and_read(old: str, text: str) -> None:
    assert guess_encoding([old]) == "vni"
    assert converted("vni", old) == text == from_vni(old)


@pytest.mark.parametrize("text", [*NAMES, "Hà Nam", "có", "Xã", "café", "25 m²", "05/06/2026", "", "Văn bản số 30"])
def test_unicode_is_left_alone(text: str) -> None:
    assert guess_encoding([text]) is None


def test_a_column_tells_what_a_cell_does_not() -> None:
    column = [tcvn3("có"), tcvn3("không có"), tcvn3("tiếp dân định kỳ")]
    assert guess_encoding(column[:1]) is None, "the word alone may be Unicode"
    assert guess_encoding(column) == "tcvn3"
    assert [converted("tcvn3", cell) for cell in column] == ["có", "không có", "tiếp dân định kỳ"]
    assert converted("tcvn3", "Văn phòng") == "Văn phòng", "a Unicode cell among them stays"


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5))
def test_there_and_back(texts: list[str]) -> None:
    old = tcvn3(" ".join(texts))
    assert converted("tcvn3", old) == " ".join(texts)


@given(st.text(max_size=40))
def test_nothing_crashes(text: str) -> None:
    guess_encoding([text])
    assert isinstance(converted("tcvn3", text), str) and isinstance(converted("vni", text), str)
    is_syllable(text)
