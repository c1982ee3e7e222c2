"""How a list is looked at: columns, saved views, sums, persons by given name, words that a search found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_keys import press, settle, show, write
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, put, shown

from danvan_desktop.catalog.model import Json
from danvan_desktop.gui import dialogs
from danvan_desktop.gui.record_views import ColumnsDialog
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.search_dialog import SearchDialog
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def communication(office: Office, day: str, attendees: int, topics: list[str]) -> str:
    form = office.context.catalog.forms["communication_activity"]
    values: dict[str, Json] = {
        "held_on": day,
        "form": form.field("form").choices[0].key,
        "topics": [form.field("topics").choices[at].key for at in range(len(topics))],
        "sessions": 1,
        "attendees": attendees,
    }
    return put(office, form.key, values)


def titles(page: RecordsPage) -> list[str]:
    return [column.title for column in page._model.columns]


def test_columns_are_chosen_by_keys_and_kept_for_the_account(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    communication(office, "2026-05-04", 120, ["a"])
    communication(office, "2026-05-06", 1_300, ["a"])
    page = open_page(qtbot, office, 2)
    own = titles(page)

    def choose(dialog: ColumnsDialog) -> int:
        show(dialog)
        names = [dialog.column_list.item(row).text() for row in range(dialog.column_list.count())]
        dialog.column_list.setCurrentRow(names.index("Sửa lần cuối"))
        press(dialog, KEY.Key_Space)
        for _ in names:
            press(dialog, KEY.Key_Up, ALT)
        assert dialog.column_list.item(0).text() == "Sửa lần cuối"
        dialog.hide()
        return 1

    monkeypatch.setattr(ColumnsDialog, "exec", choose)
    page.views.choose_columns()
    assert titles(page)[0] == "Sửa lần cuối" and set(titles(page)) == {*own, "Sửa lần cuối"}
    assert shown(page)[0].startswith("28/05/2026 08:00, ")
    again = open_page(qtbot, office, 2)
    assert titles(again) == titles(page)
    again.views.back_to_own()
    assert titles(again) == own
    assert titles(open_page(qtbot, office, 2)) == own


def test_no_column_at_all_is_not_taken(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 2)
    dialog = ColumnsDialog(page._model.columns, ["@state"])
    qtbot.addWidget(dialog)
    dialog.column_list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.ok_button.isEnabled() and "ít nhất một cột" in dialog.hint_label.text()


def test_sums_stand_under_their_columns(qtbot: QtBot, office: Office) -> None:
    communication(office, "2026-05-04", 120, ["a"])
    communication(office, "2026-05-06", 1_300, ["a"])
    page = open_page(qtbot, office, 2)
    page._columns_chosen(("held_on", "sessions", "attendees"))
    assert dict(page.totals_row.texts) == {1: "2", 2: "1.420"} and page.totals_row.isVisible()
    page.search_edit.setText("khong co gi")
    page.filters.search_now()
    settle()
    assert not page.totals_row.isVisible()


def test_a_view_is_saved_opened_replaced_and_removed(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    communication(office, "2026-05-04", 120, ["a"])
    communication(office, "2025-05-06", 1_300, ["a"])
    page = open_page(qtbot, office, 2)
    page._columns_chosen(("held_on", "attendees"))
    page.period_combo.setCurrentIndex(page.period_combo.findData("2025"))
    page._sort_by(0)
    monkeypatch.setattr(dialogs, "ask_text", lambda *_a, **_k: "Năm trước")
    page.views.save_view()
    page.views.back_to_own()
    assert len(shown(page)) == 2 and page.period_combo.currentIndex() == 0
    menu = page.view_button.menu()
    assert menu.actions()[0].text() == "&1. Năm trước"
    menu.actions()[0].trigger()
    assert shown(page) == ["06/05/2025"] and titles(page) == ["Ngày tổ chức", "Số lượt người dự"]
    assert page.period_combo.currentData() == "2025"
    kept = office.list_views.load(office.context.catalog.forms["communication_activity"])
    assert [(view.name, view.sort, view.descending) for view in kept.views] == [("Năm trước", "event_date", False)]

    asked = answer(monkeypatch, text="NAM TRUOC")
    page.views.save_view()
    assert "Đã có chế độ xem “Năm trước”. Thay bằng danh sách đang hiện?" in asked
    page.views.remove_view("NAM TRUOC")
    assert office.list_views.load(office.context.catalog.forms["communication_activity"]).views == ()


def test_persons_stand_in_the_order_of_given_names(qtbot: QtBot, office: Office) -> None:
    form = office.context.catalog.forms["citizen_reception"]

    def came(name: str) -> None:
        put(
            office,
            form.key,
            {
                "received_on": "2026-05-04",
                "kind": form.field("kind").choices[0].key,
                "receiver": "Bùi Mẫu Tiếp",
                "visitor": name,
                "people": 1,
                "content": "Hỏi thủ tục",
                "petition_kind": form.field("petition_kind").choices[-1].key,
                "first_time": form.field("first_time").choices[0].key,
            },
        )

    for name in ("Trần Thị Ẩn Mẫu Yến", "Lê Mẫu Ánh", "Phạm Mẫu Đào", "Đỗ Mẫu An", "Vũ Mẫu Dung"):
        came(name)
    page = open_page(qtbot, office, 6)
    at = next(n for n in range(page.form_tabs.count()) if page._forms[n].key == form.key)
    page.form_tabs.setCurrentIndex(at)
    page._columns_chosen(("visitor", "received_on"))
    page._sort_by(0)
    assert shown(page) == ["Đỗ Mẫu An", "Lê Mẫu Ánh", "Vũ Mẫu Dung", "Phạm Mẫu Đào", "Trần Thị Ẩn Mẫu Yến"]


def test_search_shows_the_place_of_the_words_and_marks_them(qtbot: QtBot, office: Office) -> None:
    form = office.context.catalog.forms["situation_report"]
    put(
        office,
        form.key,
        {
            "observed_on": "2026-05-04",
            "topic": form.field("topic").choices[0].key,
            "severity": form.field("severity").choices[0].key,
            "content": "Bà con mong sớm sửa đường liên thôn trước mùa mưa, đoạn qua cầu tràn.",
        },
    )
    dialog = SearchDialog(office, InlineRunner())
    qtbot.addWidget(dialog)
    show(dialog)
    write(dialog, "duong lien thon")
    press(dialog, KEY.Key_Return)
    assert dialog.result_table.rowCount() == 1
    assert "sửa đường liên thôn" in str(dialog.result_table.model().index(0, 1).data())
    QApplication.processEvents()
    picture = dialog.result_table.viewport().grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(30)}
    assert "#ffe58a" in colours
