from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import shiboken6
from gui_keys import CONTROL, press, settle, show, write
from gui_samples import AGENCIES, derive, sample_context, sample_form, sample_values
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from danvan_desktop.catalog.model import Form, Json, ValueType
from danvan_desktop.gui.form_builder import FormView
from danvan_desktop.gui.form_context import CheckedLike, Derived
from danvan_desktop.gui.widgets import DerivedField, FieldWidget, LineField, RowsTable

KEY = Qt.Key


@pytest.fixture
def view(qtbot: QtBot) -> FormView:
    made = FormView(sample_form(), sample_context())
    qtbot.addWidget(made)
    made.resize(1000, 640)
    show(made)
    return made


def line(view: FormView, key: str) -> QLineEdit:
    widget = view.widget(key)
    assert isinstance(widget, LineField)
    return widget.edit


def test_the_sample_has_every_value_type() -> None:
    assert {item.type for item in sample_form().fields} == set(ValueType)


def test_every_value_type_comes_back_as_it_went_in(view: FormView) -> None:
    values = sample_values()
    view.load(values)
    assert view.values() == values
    assert not view.is_changed() and not view.can_undo
    view.load({})
    assert view.values() == {}


@pytest.mark.parametrize("item", sample_form().fields, ids=lambda item: item.key)
def test_every_field_widget_round_trips_and_names_itself(view: FormView, item: object) -> None:
    from danvan_desktop.catalog.model import Field

    assert isinstance(item, Field)
    widget = view.widget(item.key)
    assert isinstance(widget, FieldWidget)
    assert widget.accessibleName().startswith(item.title)
    derived: dict[str, Json] = {"due_on": "2026-07-05", "large_group": True}
    value = derived.get(item.key, sample_values().get(item.key))
    widget.set_value(value)
    assert widget.value() == value
    state = widget.state()
    widget.set_value(None)
    assert widget.value() is None
    widget.set_state(state)
    assert widget.value() == value


def test_fields_outside_every_section_come_last(qtbot: QtBot) -> None:
    form = replace(sample_form(), sections=sample_form().sections[:1])
    made = FormView(form, sample_context(), common=False)
    qtbot.addWidget(made)
    assert set(made._widgets) == {item.key for item in form.fields}
    assert list(made._widgets)[6] == "people"


def test_unknown_values_are_kept(view: FormView) -> None:
    view.load({"sender": "A", "from_a_newer_form": [1, "x"]})
    assert view.values() == {"sender": "A", "from_a_newer_form": [1, "x"]}


def test_a_form_with_its_own_villages_is_not_asked_for_them_twice(view: FormView) -> None:
    view.set_common({"unit": "u2", "villages": ["v1"]})
    assert view.common()["villages"] == []
    with pytest.raises(KeyError):
        view.widget("@villages")


def test_common_values(view: FormView, qtbot: QtBot) -> None:
    fields = tuple(item for item in view.form.fields if item.type is not ValueType.VILLAGE)
    view = FormView(replace(view.form, fields=fields, sections=()), view.context)
    qtbot.addWidget(view)
    common = {"unit": "u2", "villages": ["v1"], "secondary_areas": [2, 5], "note": "riêng", "evidence": ["c" * 64]}
    view.set_common(common)
    assert view.common() == common
    view.set_common({})
    assert view.common() == {"unit": None, "villages": [], "secondary_areas": [], "note": "", "evidence": []}


def test_a_reopened_draft_is_one_step_that_can_be_taken_back(view: FormView) -> None:
    view.load({"sender": "A"}, {"unit": "u1"})
    view.apply({"sender": "B", "people": 3}, {"unit": "u2"})
    assert view.values() == {"sender": "B", "people": 3} and view.common()["unit"] == "u2" and view.is_changed()
    view.undo()
    assert view.values() == {"sender": "A"} and view.common()["unit"] == "u1" and not view.is_changed()


def test_enter_goes_through_the_form_one_stop_a_field(view: FormView) -> None:
    view.focus_first()
    seen: list[str] = []
    keys = [key for key in view._widgets if not isinstance(view.widget(key), DerivedField)]
    for _ in range(40):
        now = view.focusWidget()
        key = next((key for key in keys if now is view.widget(key) or view.widget(key).isAncestorOf(now)), "")
        if not key or (seen and key == seen[0]):
            break
        assert key not in seen, f"{key} takes more than one stop"
        seen.append(key)
        press(view, KEY.Key_Tab)
    assert seen == keys


def test_typing_is_one_step_and_undo_and_redo_belong_to_the_form(view: FormView) -> None:
    view.load({})
    view.focus_field("sender")
    write(view, "Nguyễn Văn Ủy")
    press(view, KEY.Key_Tab)
    view.focus_field("people")
    write(view, "12")
    assert view.values() == {"sender": "Nguyễn Văn Ủy", "people": 12} and view.is_changed()
    press(view, KEY.Key_Z, CONTROL)
    assert view.values() == {"sender": "Nguyễn Văn Ủy"}
    press(view, KEY.Key_Z, CONTROL)
    assert view.values() == {} and not view.is_changed()
    press(view, KEY.Key_Y, CONTROL)
    press(view, KEY.Key_Y, CONTROL)
    assert view.values() == {"sender": "Nguyễn Văn Ủy", "people": 12}


def test_a_hundred_steps_can_be_taken_back(view: FormView) -> None:
    view.load({})
    widget = view.widget("first_time")
    for number in range(130):
        widget.set_value(number % 2 == 0)
        widget.edited.emit()
    steps = 0
    while view.can_undo:
        view.undo()
        steps += 1
    assert steps == 100
    while view.can_redo:
        view.redo()
    assert view.values() == {"first_time": False}


def test_one_undo_takes_a_pasted_block_or_a_removed_row_back(view: FormView) -> None:
    view.load(sample_values())
    table = view.widget("opinions")
    assert isinstance(table, RowsTable)
    before = view.values()
    table.table.setCurrentIndex(table.model.index(2, 0))
    table.table.setFocus()
    QGuiApplication.clipboard().setText("Điện\tTố cáo\nChợ\tKhiếu nại\nRác\tsai")
    press(view, KEY.Key_V, CONTROL)
    assert len(table.model.rows) == 5
    press(view, KEY.Key_Z, CONTROL)
    assert view.values() == before
    table.table.setCurrentIndex(table.model.index(0, 0))
    press(view, KEY.Key_Delete, CONTROL)
    assert len(table.model.rows) == 1
    press(view, KEY.Key_Z, CONTROL)
    assert view.values() == before


def test_undo_brings_back_what_was_no_value(view: FormView) -> None:
    view.load({})
    view.focus_field("received_on")
    write(view, "32/1")
    press(view, KEY.Key_Tab)
    view.focus_field("received_on")
    line(view, "received_on").selectAll()
    write(view, "1/2")
    view.undo()
    assert line(view, "received_on").text() == "32/1"
    assert [problem.field for problem in view.input_problems()] == ["received_on"]


def test_the_previous_record_is_repeated_field_by_field(view: FormView) -> None:
    view.load({})
    view.set_previous(sample_values(), {"unit": "u3"})
    view.focus_field("kind")
    press(view, KEY.Key_D, CONTROL)
    view.focus_field("topics")
    press(view, KEY.Key_D, CONTROL)
    view.repeat_previous("@unit")
    assert view.values() == {"kind": "proposal", "topics": ["t0", "t3"]}
    assert view.common()["unit"] == "u3"
    view.repeat_previous("opinions")
    rows = view.values()["opinions"]
    assert isinstance(rows, list) and {row["row"] for row in rows}.isdisjoint({"row-1", "row-2"})


def test_problems_wait_until_the_field_was_visited_or_the_record_is_saved(view: FormView, qtbot: QtBot) -> None:
    view.load({})
    assert view.problems() and not view.widget("sender").problem and not view.problem_list.isVisible()
    view.focus_field("sender")
    press(view, KEY.Key_Tab)
    assert view.widget("sender").problem == "Chưa nhập." and not view.widget("content").problem
    view.reveal_problems()
    assert view.widget("content").problem and view.problem_list.isVisible()
    assert view.problem_list.item(0).text() == "Lỗi – Ngày tiếp nhận: Chưa nhập."
    press(view, KEY.Key_F8)
    view.next_problem()
    settle()
    assert view.widget("received_on").isAncestorOf(view.focusWidget())


def test_a_problem_of_a_cell_is_marked_and_jumped_to(view: FormView) -> None:
    view.load({**sample_values(), "opinions": [{"row": "r9", "topic": "x"}]})
    view.reveal_problems()
    table = view.widget("opinions")
    assert isinstance(table, RowsTable)
    assert table.model.data(table.model.index(0, 1), Qt.ItemDataRole.ToolTipRole) == "Lỗi: Chưa chọn nhóm."
    view.next_problem()
    settle()
    assert (table.table.currentIndex().row(), table.table.currentIndex().column()) == (0, 1)


def test_derived_values_follow_shortly_and_late_answers_to_old_questions_are_dropped(qtbot: QtBot) -> None:
    waiting: list[tuple[dict[str, Json], Callable[[CheckedLike], None]]] = []

    def later(_form: Form, values: dict[str, Json], deliver: Callable[[CheckedLike], None]) -> None:
        waiting.append((values, deliver))

    context = sample_context()
    context.derive = later
    view = FormView(sample_form(), context)
    qtbot.addWidget(view)
    show(view)
    view.load({"people": 2})
    view.focus_field("people")
    line(view, "people").selectAll()
    write(view, "7")
    qtbot.waitUntil(lambda: len(waiting) >= 2, timeout=2000)
    (old_values, old), (new_values, new) = waiting[-2:]
    derive(sample_form(), new_values, new)
    old(Derived({**old_values, "large_group": False}))
    assert new_values["people"] == 7
    assert view.widget("large_group").value() is True
    assert line(view, "large_group").text() == "Có" and line(view, "large_group").isReadOnly()
    assert "large_group" not in view.values()


def test_an_answer_after_the_form_is_gone_finds_nobody() -> None:
    waiting: list[Callable[[CheckedLike], None]] = []
    context = sample_context()
    context.derive = lambda _form, _values, deliver: waiting.append(deliver)
    context.record_title = lambda _form, _key, deliver: waiting.append(lambda _checked: deliver("muộn"))
    view = FormView(sample_form(), context)
    view.load({"case": "r-1"})
    shiboken6.delete(view)
    assert len(waiting) == 2
    for deliver in waiting:
        deliver(Derived({"large_group": True}))


def test_a_required_mark_goes_when_a_choice_waives_it(view: FormView) -> None:
    view.load({"kind": "complaint"})
    assert view._cells["sender"].label.text().endswith("*")
    view.load({"kind": "denunciation"})
    assert not view._cells["sender"].label.text().endswith("*")


def test_finished_fields_are_told_for_the_draft_journal(view: FormView) -> None:
    view.load({})
    finished: list[str] = []
    view.field_finished.connect(finished.append)
    view.focus_field("sender")
    write(view, "A")
    assert finished == []
    press(view, KEY.Key_Return)
    press(view, KEY.Key_Return)
    assert finished == ["sender"]


def test_saved_is_unchanged_and_undo_makes_it_changed_again(view: FormView) -> None:
    told: list[bool] = []
    view.changed.connect(told.append)
    view.load({})
    view.focus_field("people")
    write(view, "3")
    view.mark_saved()
    assert not view.is_changed()
    view.undo()
    assert view.is_changed() and told == [True, False, True]


def test_read_only_forms_are_not_typed_into(view: FormView) -> None:
    view.load(sample_values())
    view.set_read_only(True)
    assert line(view, "sender").isReadOnly()
    table = view.widget("opinions")
    assert isinstance(table, RowsTable)
    assert table.model.rowCount() == 2 and not table.model.setData(table.model.index(0, 0), "x")
    assert view.values() == sample_values()


def test_narrow_forms_stand_under_each_other(view: FormView) -> None:
    view.resize(500, 600)
    settle()
    wide = view._cells["kind"].geometry()
    assert wide.width() > 380
    view.resize(1000, 600)
    settle()
    assert view._cells["kind"].geometry().width() < 520


def test_agencies_are_offered_by_name(view: FormView) -> None:
    view.load({})
    view.focus_field("handler")
    write(view, "phuc vu")
    press(view, KEY.Key_Return)
    assert view.values() == {"handler": AGENCIES[1].key}
