"""Real widgets without a screen, dressed as the program dresses them."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from danvan_desktop.gui import theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["danvan-tests"]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp)
