"""The dialog of self-scoring: points typed by keyboard, total and band at once, what cannot be is said and not kept."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.gui.scoring_dialog import ScoringDialog
from danvan_desktop.services.scoring import Score, Scored, ScoreSheet, ScoringView

SCHEME = load_shipped().scoring["can_tho_2025"]


@pytest.fixture
def dialog(qapp: QApplication) -> ScoringDialog:
    sheet = ScoreSheet({"I": Score(950, "KH 12/KH-UBND"), "II": Score(8600, "BC 30/BC-UBND")})
    return ScoringDialog(ScoringView(2026, (SCHEME,), Scored(SCHEME, sheet)), may_write=True)


def put(dialog: ScoringDialog, row: int, column: int, text: str) -> None:
    item = dialog.table.item(row, column)
    assert item is not None
    item.setText(text)


def test_total_and_band_follow_what_is_typed(dialog: ScoringDialog) -> None:
    assert SCHEME.valid_from == date(2026, 1, 1)
    assert "Tổng 95,5/100 điểm" in dialog.result_label.text() and "xuất sắc" in dialog.result_label.text()
    put(dialog, 0, 3, "0")
    assert "vì tiêu chí I 0 điểm" in dialog.result_label.text()
    put(dialog, 0, 3, "11")
    assert dialog.error_label.isVisibleTo(dialog) and "từ 0 đến 10 điểm" in dialog.error_label.text()
    dialog.ok_button.click()
    assert dialog.result() == 0  # nothing is kept while a number is none
    put(dialog, 0, 3, "9")
    put(dialog, 0, 4, "")
    assert "chưa ghi minh chứng" in dialog.result_label.text()
    dialog.caps_list.item(0).setCheckState(Qt.CheckState.Checked)
    assert "Hoàn thành tốt nhiệm vụ" in dialog.result_label.text() and "khiển trách" in dialog.result_label.text()
    dialog.ok_button.click()
    assert dialog.result() == 1
    sheet = dialog.sheet()
    assert (sheet.scores["I"], sheet.happened) == (Score(900, ""), frozenset({"reprimand"}))


def test_without_a_scheme_there_is_nothing_to_type(dialog: ScoringDialog) -> None:
    dialog.scheme_combo.setCurrentIndex(0)
    assert dialog.scheme() is None and not dialog.table.isVisibleTo(dialog)
    assert dialog.sheet() == ScoreSheet()
