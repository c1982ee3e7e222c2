"""Undo over all sections of a report: each keeps its own steps, this knows in which order they were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .report_editor import SectionText


class UndoOrder:
    """Sections tell of their steps with :meth:`watch`; a step made in several at once is one (:meth:`together`)."""

    def __init__(self, sections: Callable[[], dict[str, SectionText]]) -> None:
        self._sections = sections
        self._done: list[tuple[str, ...]] = []
        self._undone: list[tuple[str, ...]] = []
        self._group: list[str] | None = None

    def clear(self) -> None:
        self._done.clear()
        self._undone.clear()

    def watch(self, section: SectionText) -> None:
        """Note the steps made in ``section`` from now on."""
        section.document.undoCommandAdded.connect(lambda: self._note(section.key))

    def _note(self, key: str) -> None:
        self._undone.clear()
        if self._group is not None:
            self._group.append(key)
        else:
            self._done.append((key,))

    def forget(self, key: str) -> None:
        """The steps of a section were dropped: its text was written anew."""
        for steps in (self._done, self._undone):
            steps[:] = [left for step in steps if (left := tuple(item for item in step if item != key))]

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is done inside is one step, in however many sections."""
        self._group = []
        try:
            yield
        finally:
            step, self._group = tuple(dict.fromkeys(self._group)), None
            if step:
                self._done.append(step)

    def undo(self) -> tuple[str, ...]:
        """Take the last step back; the sections it was made in."""
        return self._turn(self._done, self._undone, back=True)

    def redo(self) -> tuple[str, ...]:
        """Do the step again that was taken back last."""
        return self._turn(self._undone, self._done, back=False)

    def _turn(self, source: list[tuple[str, ...]], target: list[tuple[str, ...]], *, back: bool) -> tuple[str, ...]:
        while source:
            step = source.pop()
            turned = []
            for key in step:
                section = self._sections().get(key)
                if section is None:
                    continue
                document = section.document
                if back and document.isUndoAvailable():
                    document.undo()
                    turned.append(key)
                elif not back and document.isRedoAvailable():
                    document.redo()
                    turned.append(key)
            if turned:
                target.append(tuple(turned))
                return tuple(turned)
        return ()
