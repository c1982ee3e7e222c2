"""The window's part of the self-test: Qt starts, and every Designer file loads with our own widgets in it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import xml.etree.ElementTree as ET

from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from .. import gui
from ..kernel import assets
from . import theme
from .loader import load_ui

_ROOTS: dict[str, type[QWidget]] = {"QDialog": QDialog, "QMainWindow": QMainWindow}


def screens() -> str:
    """Load every screen without showing one: how many. Raises when Qt, a module or a file does not work."""
    application = QApplication.instance()
    if application is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a self-test must not need a screen
        application = QApplication([])
    if isinstance(application, QApplication):
        theme.apply(application)
    for module in pkgutil.iter_modules(gui.__path__):  # promoted widgets register themselves when imported
        importlib.import_module(f"{gui.__name__}.{module.name}")
    files = sorted(assets.ui().glob("*.ui"))
    if not files:
        raise FileNotFoundError("ui")
    for path in files:
        root = ET.parse(path).getroot().find("widget")  # noqa: S314  (our own file, shipped with the program)
        assert root is not None
        screen = _ROOTS.get(root.get("class", ""), QWidget)()
        load_ui(screen, path.stem)
        screen.deleteLater()
    return f"{len(files)} màn hình"
