"""The page of indicators: figures, the records behind them, "không phát sinh", by keyboard on a real home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, press, settle, show, write
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtSvgWidgets import QSvgWidget
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, put, supervision

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.chart_dialog import ChartDialog
from danvan_desktop.gui.indicators_page import IndicatorsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.target_dialog import TargetDialog
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office

KEY = Qt.Key
HUB, PERIOD = "commune-to-province", "2026-H1"


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


@pytest.fixture
def page(qtbot: QtBot, office: Office) -> IndicatorsPage:
    supervision(office, "2026-05-04", "Giám sát đất đai")
    supervision(office, "2025-11-04", "Giám sát xây dựng")
    supervision(office, "2025-04-04", "Giám sát năm trước")
    made = IndicatorsPage(office, InlineRunner())
    qtbot.addWidget(made)
    made.resize(1060, 590)
    show(made)
    made.shown()
    return made


COUNTED = "supervisions"  # the indicator that counts what supervision() enters


def texts(page: IndicatorsPage, key: str) -> list[str]:
    item = next(item for item, line in page.tree.indicators() if line.key == key)
    return [item.text(column) for column in range(page.tree.columnCount())]


def test_the_running_period_with_last_year_beside_it(page: IndicatorsPage, office: Office) -> None:
    assert page.period_combo.currentText() == "6 tháng đầu năm 2026 (kỳ đang chạy)"
    assert "16/10/2025 đến 15/05/2026" in page.window_label.text() and "04/06/2026" in page.window_label.text()
    assert not page.regime_combo.isVisible(), "one regime: nothing to choose"
    cells = texts(page, COUNTED)
    assert cells[3:5] == ["2", "1"] and cells[5].startswith("+1") and cells[6:] == ["", "Ghi chép", "Có số liệu"]
    assert "chưa có số liệu" in page.sum_label.text()
    empty = next(item for item, line in page.tree.indicators() if line.state == "no_data" and line.asked)
    assert empty.text(3) == "" and empty.text(8) == "Chưa có số liệu"
    assert page.tree.choose(COUNTED)
    assert page.formula_label.text().startswith("Cách tính 8.02: Đếm bản ghi biểu “")
    assert "Chia theo “" in page.formula_label.text()


def test_nobody_owes_what_is_optional(page: IndicatorsPage) -> None:
    assert texts(page, "households")[8] == "Chưa ghi (tùy chọn)"
    assert page.tree.choose("households")
    assert not page.nil_button.isEnabled()
    owed = [line for _, line in page.tree.indicators() if line.state == "no_data" and line.asked]
    assert page.sum_label.text().endswith(f" {len(owed)} chưa có số liệu")
    page.missing_check.setChecked(True)
    shown = [line for item, line in page.tree.indicators() if not item.isHidden()]
    assert len(shown) == len(owed) and all(line.asked for line in shown)


def test_the_window_names_the_last_working_day(page: IndicatorsPage, fixed_clock: FixedClock) -> None:
    page.show_target((HUB, "2025"))
    assert "hạn gửi cuối 04/11/2025" in page.window_label.text()


def test_enter_shows_the_records_behind_and_enter_again_goes_there(page: IndicatorsPage, office: Office) -> None:
    gone: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: gone.append((key, target)))
    assert page.tree.choose(COUNTED)
    press(page, KEY.Key_Return)
    assert page.behind_panel.isVisible() and "2 bản ghi" in page.behind_label.text()
    dates = [page.behind_tree.topLevelItem(row).text(0) for row in range(2)]  # type: ignore[union-attr]  # there are two
    assert dates == ["04/05/2026", "04/11/2025"]
    press(page, KEY.Key_Down)
    press(page, KEY.Key_Return)
    older = next(row for row in office.records.page("social_supervision", _all(), 0, 9) if "xây" in str(row.values))
    assert gone == [("records", older.id)]
    press(page, KEY.Key_Escape)
    assert not page.behind_panel.isVisible() and page.tree.hasFocus()


def _all() -> Any:
    from danvan_desktop.services.records import ListQuery

    return ListQuery()


def test_splits_open_with_the_right_arrow_and_have_records_too(page: IndicatorsPage, office: Office) -> None:
    item = next(item for item, line in page.tree.indicators() if item.childCount() and line.now not in ("", "0"))
    page.tree.setCurrentItem(item)
    press(page, KEY.Key_Right)
    assert item.isExpanded()
    parts = [item.child(at) for at in range(item.childCount())]
    part = next(part for part in parts if part is not None and part.text(3) not in ("", "0"))
    page.tree.setCurrentItem(part)
    press(page, KEY.Key_Return)
    assert page.behind_tree.topLevelItemCount() == int(part.text(3))
    page.refresh(Changes.of("record:social_supervision"))
    kept = page.tree.line()
    assert kept is not None and kept.split, "the figure looked at stays chosen"


def test_words_and_missing_ones_narrow_the_table(page: IndicatorsPage) -> None:
    press(page, KEY.Key_F, CONTROL)
    write(page, "doi thoai")
    shown = [line for item, line in page.tree.indicators() if not item.isHidden()]
    assert shown and all("đối thoại" in line.title.casefold() for line in shown)
    press(page, KEY.Key_Return)
    assert page.tree.hasFocus() and page.tree.line() == shown[0]
    press(page, KEY.Key_F, CONTROL)
    press(page, KEY.Key_Escape)
    page.missing_check.setChecked(True)
    assert {line.state for item, line in page.tree.indicators() if not item.isHidden()} == {"no_data"}


def test_nothing_happened_is_confirmed_for_a_form_and_taken_back(
    page: IndicatorsPage, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote: list[Changes] = []
    page.wrote.connect(wrote.append)
    line = next(line for _item, line in page.tree.indicators() if _scope(page, line.indicator) == "dialogue_session")
    assert page.tree.choose(line.key) and page.nil_button.isEnabled()
    answer(monkeypatch, yes=False)
    page.nil_button.click()
    assert wrote == []
    asked = answer(monkeypatch, yes=True)
    page.nil_button.click()
    assert "không phát sinh" in asked[0] and wrote[0].touches("nil")
    assert "dialogue_session" not in office.indicators.undecided(HUB, PERIOD)
    assert texts(page, line.key)[8] == "Không phát sinh" and page.revoke_button.isEnabled()
    page.revoke_button.click()
    assert "dialogue_session" in office.indicators.undecided(HUB, PERIOD)


def _scope(page: IndicatorsPage, indicator: str) -> str:
    assert page._view is not None
    return page._view.scopes.get(indicator, "")


def test_a_ratio_is_not_confirmed_but_its_parts(page: IndicatorsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, text: told.append(text))
    assert page._view is not None
    key = next(key for key, scope in page._view.scopes.items() if not scope)
    assert page.tree.choose(key)
    page.nil_button.click()
    assert told and "chỉ tiêu thành phần" in told[0]


def test_all_that_is_missing_is_listed_and_confirmed(
    page: IndicatorsPage, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    details: list[str] = []

    def ask(_parent: Any, _question: str, *, detail: str = "", **_more: Any) -> bool:
        details.append(detail)
        return True

    monkeypatch.setattr(dialogs, "ask", ask)
    page.all_button.click()
    assert "Biểu “" in details[0] and "Từ 16/10/2025 đến 15/05/2026" in details[0]
    assert office.indicators.undecided(HUB, PERIOD) == [] and not page.all_button.isEnabled()


def test_the_table_goes_to_the_clipboard(page: IndicatorsPage, office: Office) -> None:
    page.filter_edit.setText("giam sat")
    page.tree.setFocus()
    press(page, KEY.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["Mã", "Chỉ tiêu", "Đơn vị tính", "Kỳ này"]
    title = office.context.catalog.indicators[COUNTED].title
    row = next(line.split("\t") for line in lines if line.split("\t")[1:2] == [title])
    assert row[3:5] == ["2", "1"]


def test_a_range_of_days(page: IndicatorsPage, office: Office) -> None:
    page.period_combo.setCurrentIndex(page.period_combo.count() - 1)
    assert "Gõ ngày đầu" in page.banner_label.text()
    page.first_edit.setFocus()
    write(page, "1/5/2026")
    press(page, KEY.Key_Return)
    write(page, "h")
    press(page, KEY.Key_Return)
    assert "01/05/2026 đến 28/05/2026" in page.window_label.text()
    assert texts(page, COUNTED)[3] == "1"


def test_a_record_entered_elsewhere_is_counted(page: IndicatorsPage, office: Office) -> None:
    supervision(office, "2026-05-05", "Giám sát mới")
    page.refresh(Changes.of("plan"))
    assert texts(page, COUNTED)[3] == "2"
    page.refresh(Changes.of("record:social_supervision"))
    assert texts(page, COUNTED)[3] == "3"
    page.hide()
    put(office, "social_supervision", office.records.page("social_supervision", _all(), 0, 1)[0].values)
    page.refresh(Changes.of("record:social_supervision"))
    page.show()
    page.shown()
    settle()
    assert texts(page, COUNTED)[3] == "4"


def test_the_page_fits(page: IndicatorsPage) -> None:
    assert page.minimumSizeHint().width() <= 1060 and page.minimumSizeHint().height() <= 590


def test_a_target_of_the_plan_is_typed_and_shown(page: IndicatorsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.tree.isColumnHidden(6)
    assert page.tree.choose(COUNTED)
    seen: list[TargetDialog] = []

    def answer(dialog: TargetDialog) -> None:
        seen.append(dialog)
        dialog.value_edit.setText("8")
        dialog.source_edit.setText("Kế hoạch số 12/KH-UBND")
        dialog.accept()

    monkeypatch.setattr(TargetDialog, "open", answer)
    page.target_button.click()
    settle()
    assert seen
    assert not page.tree.isColumnHidden(6)
    item = page.tree.currentItem()
    assert item is not None
    assert item.text(6).startswith("8")
    assert "Kế hoạch (đạt)" in page.tree.as_text()[0]


def test_charts_of_an_indicator(page: IndicatorsPage, qtbot: QtBot) -> None:
    assert page.tree.choose("supervisions")
    settle()
    press(page, KEY.Key_F8)
    dialog = page.window().findChild(ChartDialog)
    assert dialog is not None
    assert dialog.isVisible() and "Biểu đồ" in dialog.windowTitle()
    pictures = dialog.findChildren(QSvgWidget)
    assert pictures and dialog.empty_label.isHidden()
    assert all(picture.renderer().isValid() for picture in pictures)
    assert "6 tháng đầu năm 2025 1; 6 tháng đầu năm 2026 2" in pictures[0].accessibleDescription()
    image = pictures[0].grab().toImage()
    assert image.pixelColor(2, image.height() - 2).lightness() > 240  # paper, and ink on it
    assert min(image.pixelColor(x, y).lightness() for x in range(0, 700, 7) for y in range(0, image.height(), 3)) < 60
    dialog.close_button.click()
