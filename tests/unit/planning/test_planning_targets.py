"""Targets found in the words of a plan are proposals: the right number before the right unit, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.planning.targets import propose

CATALOG = load_shipped()


def found(text: str, *keys: str) -> dict[str, int]:
    asked = [(CATALOG.indicators[key], CATALOG.indicators[key].scale) for key in keys]
    return {item.indicator: item.value for item in propose([text], asked)}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("Phấn đấu tỷ lệ hồ sơ trực tuyến đạt từ 70% trở lên; duy trì hội nghị.", "files_online_rate", 700),
        ("Tỷ lệ giải quyết hồ sơ đúng hạn và trước hạn đạt 98,5% trở lên.", "files_in_term_rate", 985),
        ("Xây dựng, đăng ký ít nhất 05 mô hình, điển hình “Dân vận khéo” trong năm.", "models_registered", 5),
        ("Tổ chức 02 cuộc đối thoại với Nhân dân trong năm 2026.", "dialogues", 2),
    ],
)
def test_a_target_in_the_words_of_a_plan(text: str, key: str, value: int) -> None:
    assert found(text, key) == {key: value}


def test_other_numbers_are_no_targets() -> None:
    assert found("Tổ chức đối thoại với Nhân dân trước ngày 30/6/2026.", "dialogues") == {}
    assert found("Kế hoạch số 12 về đối thoại với Nhân dân, 15 đại biểu.", "dialogues") == {}
    assert found("Thực hiện 02 cuộc kiểm tra.", "dialogues") == {}


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    propose([text], [(item, item.scale) for item in CATALOG.indicators.values()])
