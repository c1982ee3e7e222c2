"""Letters underlined on a screen: each leads to one thing only."""

from __future__ import annotations

import re
from collections import Counter

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

_LETTER = re.compile(r"&([^&\s])")


def clashes(screen: QWidget) -> list[str]:
    """What is wrong with the mnemonics now visible on ``screen``: a letter used twice, or one no keyboard has."""
    found: Counter[str] = Counter()
    shown: list[tuple[QWidget, str]] = [(button, button.text()) for button in screen.findChildren(QAbstractButton)]
    shown += [(label, label.text()) for label in screen.findChildren(QLabel)]
    for widget, text in shown:
        if widget.isVisible() and (match := _LETTER.search(text)):
            found[match[1].lower()] += 1
    return [letter for letter, times in found.items() if times > 1 or not letter.isascii()]
