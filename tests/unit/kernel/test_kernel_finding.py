"""Words looked for in a text: without accents, with them, by capitals, in any normal form."""

from __future__ import annotations

import unicodedata

import pytest

from danvan_desktop.kernel.finding import places

TEXT = "Dự án Đường, dự ÁN; du an 🙂 dân vận"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("wanted", "how", "found"),
    [
        ("du an", {}, ["Dự án", "dự ÁN", "du an"]),
        ("dự án", {}, ["Dự án", "dự ÁN"]),
        ("du an", {"exact_marks": True}, ["du an"]),
        ("Dự án", {"exact_case": True}, ["Dự án"]),
        ("D", {"exact_case": True}, ["D", "Đ"]),
        ("🙂 dan", {}, ["🙂 dân"]),
        ("", {}, []),
        ("không có", {}, []),
    ],
)
def test_places(form: str, wanted: str, how: dict[str, bool], found: list[str]) -> None:
    text = unicodedata.normalize(form, TEXT)  # type: ignore[arg-type]  # one of two names
    shown = [unicodedata.normalize("NFC", text[start:end]) for start, end in places(text, wanted, **how)]
    assert shown == found
