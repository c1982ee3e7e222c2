"""Loads Qt Designer files into the screens that use them, and fails loudly when the two disagree.

A screen declares the widgets it works with as annotations (``save_button: QPushButton``); the loader
fills them by objectName. A missing name, a wrong type or a missing file is our own fault and raises
:class:`UiMismatch`, never a half-built window.
"""

from __future__ import annotations

from importlib import import_module
from inspect import get_annotations
from pathlib import Path
from typing import get_type_hints

from PySide6.QtCore import QEvent, QFile, QIODevice, QObject, QSize, Qt
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from ..kernel import assets

SMALLEST = QSize(880, 430)  # what is left of a screen of 1366×768 at 150 % for the inside of a dialog
_FRAME = QSize(16, 48)  # of a window, with its title
_custom: dict[str, type[QWidget]] = {}
# plain widgets of a Designer file and what stands for them: they know what to do where there is little room
_FITTING = {"QPushButton": "FitButton", "QLabel": "FitLabel", "QStackedWidget": "PageStack"}


class UiMismatch(RuntimeError):
    """A screen class and its .ui file do not fit together."""


def register_widget(cls: type[QWidget]) -> type[QWidget]:
    """Make ``cls`` usable as a promoted widget in .ui files under its class name; usable as a decorator.

    The class must be constructible as ``cls(parent)``.
    """
    _custom[cls.__name__] = cls
    return cls


class _Loader(QUiLoader):
    """Builds the root of the file as the screen itself, and our own widgets by their class name."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self.unknown: list[str] = []

    def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        if parent is None:
            self._screen.setObjectName(name)
            return self._screen
        custom = _custom.get(_FITTING.get(class_name, class_name))
        if custom is not None:
            widget = custom(parent)
            widget.setObjectName(name)
            return widget
        if class_name not in self.availableWidgets():
            self.unknown.append(f"{name} ({class_name})")
        return super().createWidget(class_name, parent, name)


def declared(screen_type: type[QWidget]) -> dict[str, type[QObject]]:
    """The widgets, actions and layouts a screen class declares: annotation name to Qt type."""
    found: dict[str, type[QObject]] = {}
    for cls in reversed(screen_type.__mro__):
        if cls.__module__.startswith(("PySide6.", "shiboken6", "builtins")):
            continue
        own = get_annotations(cls)
        hints = get_type_hints(cls) if own else {}
        for name in own:
            kind = hints.get(name)
            if isinstance(kind, type) and issubclass(kind, QObject) and not name.startswith("_"):
                found[name] = kind
    return found


def _fit_to_screen(dialog: QDialog) -> None:
    """The size drawn in the file is the size wished for; on a small screen the dialog opens smaller, within it."""
    wished = dialog.minimumSize()
    if dialog.testAttribute(Qt.WidgetAttribute.WA_Resized):
        wished = wished.expandedTo(dialog.size())
    dialog.setMinimumSize(dialog.minimumSize().boundedTo(SMALLEST))
    if not wished.height():  # as high as what is in it
        dialog.installEventFilter(_Height(dialog))
        return
    room = dialog.screen().availableSize() - _FRAME
    dialog.resize(wished.expandedTo(dialog.sizeHint()).boundedTo(room.expandedTo(SMALLEST)))


class _Height(QObject):
    """Opens a dialog as high as what is in it. Qt alone measures before the style is known, and stops at two thirds of
    the screen: with 150 % the lines lay over each other."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and not event.spontaneous() and isinstance(watched, QDialog):
            fit_height(watched, least=watched.height())  # before the dialog finds its place over its window
        return super().eventFilter(watched, event)


def fit_height(dialog: QDialog, least: int = 0) -> None:
    """As high as everything shown needs (``least`` pixels at least), within the screen; the width stays."""
    layout = dialog.layout()
    if layout is None:
        return
    layout.invalidate()
    layout.activate()
    hint = layout.totalSizeHint()
    shown = dialog.isVisible() or dialog.testAttribute(Qt.WidgetAttribute.WA_Resized)
    width = max(dialog.minimumWidth(), dialog.width() if shown else hint.width())
    needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else hint.height()
    room = dialog.screen().availableSize() - _FRAME
    dialog.resize(QSize(width, max(needed, least)).boundedTo(room.expandedTo(SMALLEST)))


def lead_into_fields(screen: QWidget) -> None:
    """Alt and the letter of a label lead to the part that is typed in: a field made of parts takes no focus itself, and
    Qt would do nothing."""
    for label in screen.findChildren(QLabel):
        field: QWidget | None = label.buddy()
        part = field.focusProxy() if field is not None and field.focusPolicy() == Qt.FocusPolicy.NoFocus else None
        if part is not None:
            label.setBuddy(part)


def load_ui(screen: QWidget, name: str, folder: Path | None = None) -> None:
    """Load ``ui/<name>.ui`` into ``screen`` and fill the widgets its class declares.

    ``folder`` replaces the program's own ``ui`` folder (tests). Raises UiMismatch naming the file and
    what is missing or of another type.
    """
    import_module(".widgets", __package__)  # promoted classes register themselves when their module is imported
    path = (folder or assets.ui()) / f"{name}.ui"
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise UiMismatch(f"{path}: {file.errorString()}")
    loader = _Loader(screen)
    try:
        root = loader.load(file)
    except RuntimeError as error:  # how PySide6 says that the file is no .ui file
        raise UiMismatch(f"{path}: {loader.errorString() or error}") from error
    finally:
        file.close()
    if root is None:
        raise UiMismatch(f"{path}: {loader.errorString()}")
    if loader.unknown:
        raise UiMismatch(f"{path}: unknown widget classes {', '.join(loader.unknown)}")
    lead_into_fields(screen)
    loader.deleteLater()
    # the geometry of the file gives a size, no place: a dialog opens in the middle of the window it belongs to
    screen.setAttribute(Qt.WidgetAttribute.WA_Moved, False)
    if isinstance(screen, QDialog):
        _fit_to_screen(screen)
    wrong: list[str] = []
    for attribute, kind in declared(type(screen)).items():
        child = screen.findChild(QObject, attribute)
        if child is None:
            wrong.append(f"{attribute} is missing")
        elif not isinstance(child, kind):
            wrong.append(f"{attribute} is {type(child).__name__}, declared {kind.__name__}")
        else:
            setattr(screen, attribute, child)
    if wrong:
        raise UiMismatch(f"{path} does not fit {type(screen).__name__}: {'; '.join(wrong)}")
