"""Entering one record: the form of its kind, saving, history, protected values; all by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QWidget

from ..catalog.model import Form, Json
from ..services.drafts import TypedDraft, WaitingDraft
from ..services.office import Office
from ..services.records import RecordRow, Saved
from . import dialogs
from . import record_entry as entry
from .form_builder import FormView
from .loader import load_ui
from .record_data import OfficeLists, common_of, repeatable
from .record_files import RecordFiles
from .record_head import name_draft_button, show_head
from .record_history import RecordHistory
from .record_journal import CONTINUE, DROP, RecordJournal, ask_about
from .record_keys import shortcuts
from .record_leaving import GIVE_UP, SAVE, ask_unsaved, wait_for_database
from .record_protected import SHOWN_WORDS, ProtectedPart
from .record_questions import RecordQuestions
from .record_saving import Written, ask_reason, is_final, save_work
from .runner import Runner
from .widgets import restyle


class RecordEditor(QWidget):
    """One record at a time; :meth:`may_close` asks before unsaved work is lost."""

    closed = Signal()
    saved = Signal(object)  # Changes
    said = Signal(str)

    back_button: QPushButton
    title_label: QLabel
    state_label: QLabel
    revision_label: QLabel
    history_button: QPushButton
    banner_label: QLabel
    protected_box: QWidget
    protected_label: QLabel
    protected_button: QPushButton
    form_stack: QStackedWidget
    history_panel: RecordHistory
    final_button: QPushButton
    next_button: QPushButton
    draft_button: QPushButton
    undo_button: QPushButton
    redo_button: QPushButton

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "record_editor")
        self._office = office
        self._runner = runner
        self._lists: OfficeLists | None = None
        self._views: dict[str, FormView] = {}
        self._form: Form | None = None
        self._row: RecordRow | None = None
        self._proves: tuple[str, ...] = ()
        self._opening = 0
        self._read_only = False
        self._busy = False
        self._files = RecordFiles(office, runner, self._fail, self)
        self._protected = ProtectedPart(
            office.records, runner, self.protected_box, self.protected_label, self.protected_button, self._fail
        )
        self._journal = RecordJournal(office.records.drafts, runner, self._typed, self._fail, self)
        self._questions = RecordQuestions(office, runner, self._files, self._fail, self._whose, self)
        self.history_panel.hide()
        self.banner_label.hide()
        keys = (
            ("Ctrl+S", self.save_as_it_is),
            ("Ctrl+Return", self._final_key),
            ("Ctrl+Enter", self._final_key),
            ("Ctrl+Shift+Return", lambda: self.save(final=True, then=self._next)),
            ("Ctrl+Shift+Enter", lambda: self.save(final=True, then=self._next)),
            ("Ctrl+N", self._save_and_next),
            ("Ctrl+H", self.history_button.click),
            ("Esc", self.leave),
        )
        shortcuts(self, keys)
        self.back_button.clicked.connect(self.leave)
        self.final_button.clicked.connect(lambda: self.save(final=True))
        self.draft_button.clicked.connect(lambda: self.save(final=False))
        self.next_button.clicked.connect(lambda: self.save(final=True, then=self._next))
        self.undo_button.clicked.connect(lambda: self._step(FormView.undo))
        self.redo_button.clicked.connect(lambda: self._step(FormView.redo))
        self.protected_button.clicked.connect(self.show_protected)
        self.history_button.toggled.connect(self._toggle_history)
        self.history_panel.use(office, runner, self.may_close)
        self.history_panel.restored.connect(self._restored)
        self.history_panel.said.connect(self.said)

    # what stands here
    @property
    def view(self) -> FormView | None:
        """The form shown."""
        return self._views.get(self._form.key) if self._form is not None else None

    @property
    def record_id(self) -> str | None:
        return self._row.id if self._row is not None else None

    def set_lists(self, lists: OfficeLists) -> None:
        """Units and villages to choose from; forms built before are built anew when next opened."""
        before, self._lists = self._lists, lists
        if before is not None and (before.agencies, before.villages) != (lists.agencies, lists.villages):
            for key in [key for key, view in self._views.items() if view is not self.view]:
                self.form_stack.removeWidget(self._views[key])
                self._views.pop(key).deleteLater()

    def _whose(self) -> tuple[str, str | None]:
        """The unit and the id of the record that is being checked."""
        unit = self.view.common()["unit"] if self.view is not None else None
        return str(unit or ""), self.record_id

    def _typed(self) -> TypedDraft | None:
        """What the draft journal keeps of the form on screen."""
        view, form, row = self.view, self._form, self._row
        if view is None or form is None or not self.is_unsaved():
            return None
        return TypedDraft(
            form.key, row.id if row else None, row.revision if row else None, view.values(), view.common(),
            view.unfinished(), self._protected.shown,
        )  # fmt: skip

    def is_unsaved(self) -> bool:
        return self.view is not None and not self._read_only and self.view.is_changed()

    # opening
    def open_new(
        self, form: Form, values: Mapping[str, Json] | None = None, common: Mapping[str, Any] | None = None
    ) -> None:
        """A new record, empty or with the values of another one."""
        self._open(form, None, entry.Start(dict(values or {}), dict(common or {}), copied=bool(values)))

    def open_record(self, form: Form, record_id: str) -> None:
        """An existing record; asks when a draft of it was never saved."""
        self._open(form, record_id, entry.Start())

    def open_draft(self, draft_id: str) -> None:
        """Go on with a journalled draft, on its form."""
        drafts = self._office.records.drafts

        def opened(draft: TypedDraft) -> None:
            form = self._office.context.catalog.forms[draft.form]
            self._open(form, draft.record_id, entry.Start(draft=(draft_id, draft)))

        self._runner.submit_db(lambda _p: drafts.open(draft_id), opened, self._fail, "Đang mở bản nháp", owner=self)

    def _open(self, form: Form, record_id: str | None, start: entry.Start) -> None:
        self._opening += 1
        number = self._opening

        def done(opened: entry.Opened) -> None:
            if number == self._opening:
                self._show(form, opened, start)
                if start.draft is not None:
                    self._resume(*start.draft)
                elif opened.draft is not None and not self._read_only:
                    self._offer(opened.draft)

        self._runner.submit_db(
            lambda _p: entry.fetch_opened(self._office, form, record_id),
            done,
            self._fail,
            "Đang mở bản ghi",
            owner=self,
        )

    def _show(self, form: Form, opened: entry.Opened, start: entry.Start) -> None:
        self._form, self._row, self._proves = form, opened.row, opened.proves
        self._protected.start(opened.has_protected)
        self._journal.start()
        view = self._view(form)
        self.form_stack.setCurrentWidget(view)
        view.set_read_only(False)
        if opened.row is not None:
            view.load(opened.row.values, common_of(opened.row))
        else:
            entry.begin(view, opened.unit, start)
        if opened.previous is not None:
            view.set_previous(repeatable(form, opened.previous.values), common_of(opened.previous))
        lists = self._lists
        deleted = opened.row is not None and opened.row.deleted
        self._read_only = deleted or (lists is not None and not lists.may_record)
        view.set_read_only(self._read_only)
        self._tell("")
        if deleted:
            self._tell("Bản ghi đang ở thùng rác nên chỉ xem được. Hãy khôi phục ở danh sách thùng rác trước khi sửa.")
        elif self._read_only:
            self._tell("Tài khoản này chỉ được xem bản ghi, không được nhập.")
        self._head()
        self._guard()
        view.scroll_area.verticalScrollBar().setValue(0)
        if self.history_button.isChecked():
            self._load_history()
        if self._read_only:
            self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            view.focus_first()

    def _offer(self, draft: WaitingDraft) -> None:
        answer = ask_about(self, draft)
        if answer == CONTINUE:
            self.open_draft(draft.id)
        elif answer == DROP:
            self._journal.start(draft.id)
            self._journal.drop()

    def _resume(self, draft_id: str, draft: TypedDraft) -> None:
        view, row = self.view, self._row
        if view is None or self._read_only:
            return
        self._journal.start(draft_id)
        self._protected.shown = draft.protected_shown
        saved = (row.values, common_of(row)) if row is not None else ({}, {"unit": draft.common.get("unit")})
        view.resume(saved, draft.values, draft.common, draft.typed)
        self._tell(entry.draft_words(draft, row))
        self._head()
        self._guard()

    def _view(self, form: Form) -> FormView:
        view = self._views.get(form.key)
        if view is None:
            view = FormView(form, self._questions.context(self._lists), self)
            view.changed.connect(lambda _changed: self._head())
            view.history_changed.connect(self._steps)
            view.edited.connect(lambda _key: self._guard())
            self._files.serve(view)
            self._journal.watch(view)
            self._views[form.key] = view
            self.form_stack.addWidget(view)
        return view

    # the head
    def _head(self) -> None:
        form, row = self._form, self._row
        if form is None:
            return
        label = self._office.records.label(row) if row is not None else "bản ghi mới"
        people = self._lists.people if self._lists else {}
        show_head(
            self.title_label, self.state_label, self.revision_label, form, row, label,
            unsaved=self.is_unsaved(), people=people, proves=self._proves,
        )  # fmt: skip
        name_draft_button(self.draft_button, row)
        for button in (self.final_button, self.next_button, self.draft_button):
            button.setEnabled(not self._read_only and not self._busy)
        self.history_button.setEnabled(row is not None)
        if row is None and self.history_button.isChecked():
            self.history_button.setChecked(False)
        self._steps()

    def _steps(self) -> None:
        view = self.view
        self.undo_button.setEnabled(view is not None and not self._read_only and view.can_undo)
        self.redo_button.setEnabled(view is not None and not self._read_only and view.can_redo)

    def _step(self, move: Callable[[FormView], None]) -> None:
        if self.view is not None and not self._read_only:
            move(self.view)

    def _tell(self, text: str, severity: str = "warning") -> None:
        self.banner_label.setText(text)
        self.banner_label.setVisible(bool(text))
        restyle(self.banner_label, severity=severity)

    def _fail(self, error: Exception) -> None:
        dialogs.show_error(self, error)

    # protected values
    def _guard(self) -> None:
        if self._form is not None and self.view is not None:
            self._protected.guard(self._form, self.view, self._read_only)

    def show_protected(self) -> None:
        """Look at the protected values; the look is recorded."""
        row, form = self._row, self._form
        if row is None or form is None:
            return

        def view() -> FormView | None:
            return self.view if self._row is not None and self._row.id == row.id else None

        self._protected.look(form, row, view, self._read_only, lambda: self._tell(SHOWN_WORDS, "note"))

    # saving
    def _final_key(self) -> None:
        table = entry.rows_table_at(self)
        if table is not None:  # there Ctrl+Enter adds a line
            table.add_row()
            return
        self.save(final=True)

    def save_as_it_is(self) -> None:
        """Ctrl+S: what counts stays final (a correction, with its reason), all else stays a draft."""
        self.save(final=is_final(self._row))

    def save(self, *, final: bool, then: Callable[[], None] | None = None) -> None:
        """Save what stands here; ``then`` follows when it has been saved."""
        view, form, row = self.view, self._form, self._row
        if view is None or form is None or self._read_only or self._busy:
            return
        view.commit()
        if view.input_problems():
            view.reveal_problems()
            view.next_problem()
            return
        if is_final(row) and final and not view.is_changed():
            self.said.emit("Bản ghi chưa có gì thay đổi.")
            if then is not None:
                then()
            return
        why = ask_reason(self, row, final=final)
        if why is None:
            return
        common = view.common()
        entered = entry.entered_of(view.values(), common, protected_shown=self._protected.shown)
        work = save_work(
            self._office.records, form, row, entered, final=final, why=why, draft=self._journal.pause()
        )  # fmt: skip
        self._set_busy(True)
        self._runner.submit_db(
            work,
            partial(self._saved, view, form, (entered.values, common), then),
            self._refused,
            "Đang lưu bản ghi",
            owner=self,
        )

    def _saved(
        self,
        view: FormView,
        form: Form,
        sent: tuple[Mapping[str, Json], Mapping[str, Any]],
        then: Callable[[], None] | None,
        result: Written,
    ) -> None:
        saved, row, has_protected = result
        self._set_busy(False)
        self._protected.saved(has_protected)
        self._row = row
        self._journal.start()
        now = (view.values(), view.common())
        if now == sent:
            view.mark_saved()
        else:  # typed on while the record was being saved: that is not saved yet
            view.load(*sent)
            view.apply(*now)
            self._journal.keep()
        view.set_previous(repeatable(form, row.values), common_of(row))
        self._tell("")
        self._head()
        self._guard()
        self.said.emit(entry.saved_words(saved, self._office.records.label(row)))
        self.saved.emit(saved.changes)
        if self.history_button.isChecked():
            self._load_history()
        if then is not None:
            then()

    def _refused(self, error: Exception) -> None:
        self._set_busy(False)
        words = entry.refusal_words(error)
        if self.view is None or not words:
            self._fail(error)
            return
        self._tell(words)
        entry.settle(self)  # the banner takes room: what is led to must be in view below it
        entry.show_refusal(self.view, error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._head()

    def _next(self) -> None:
        """An empty record of the same form; date and unit stay as they were entered last."""
        form, view = self._form, self.view
        if form is None or view is None:
            return
        kept = {key: value for key, value in view.values().items() if key == form.event_date or key in form.keep_next}
        self._open(form, None, entry.Start(kept, {"unit": view.common()["unit"]}))

    def _save_and_next(self) -> None:
        """Ctrl+N: what stands here is saved first; it counts only where the officer has said so."""
        if self._read_only or not self.is_unsaved():
            self._next()
        else:
            self.save(final=is_final(self._row), then=self._next)

    # leaving
    def leave(self) -> None:
        """Back to the list; asks when there is unsaved work."""
        if self.may_close():
            self.closed.emit()

    def may_close(self) -> bool:
        """Whether the record may go from the screen; asks (and saves) when it holds unsaved work."""
        view = self.view
        if view is None or not self.is_unsaved():
            return True
        view.commit()
        final = is_final(self._row)
        answer = ask_unsaved(self, final=final)
        if answer == GIVE_UP:
            self._discard()
            return True
        return answer == SAVE and self._save_and_wait(final=final)

    def _discard(self) -> None:
        view = self.view
        self._journal.drop()
        if view is not None:
            view.load(self._row.values if self._row else {}, common_of(self._row) if self._row else {})

    def _save_and_wait(self, *, final: bool) -> bool:
        self.save(final=final)
        if self._busy:  # the answer comes from the database thread
            wait_for_database(self._runner, self)
        return not self.is_unsaved()

    def _toggle_history(self, on: bool) -> None:
        self.history_panel.setVisible(on)
        if on:
            self._load_history()
            self.history_panel.history_list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.view is not None:
            self.view.focus_first()

    def _load_history(self) -> None:
        if self._row is not None and self._form is not None and self._lists is not None:
            self.history_panel.load(self._form, self._row.id, self._lists, may_restore=not self._read_only)

    def _restored(self, saved: Saved) -> None:
        self.saved.emit(saved.changes)
        if self._form is not None:
            self.open_record(self._form, saved.id)
