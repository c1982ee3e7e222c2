"""Qt's own texts (buttons, menus, print and file dialogs) in Vietnamese; Qt ships no such translation."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QTranslator

from ..kernel import assets


class VietnameseTranslator(QTranslator):
    """Answers from ``resources/translations/qt_vi.json``; None for unknown texts keeps Qt's own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        path = assets.resources() / "translations" / "qt_vi.json"
        self._texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))

    def isEmpty(self) -> bool:
        return False

    # None, not "", for unknown texts: an empty text would blank the menu
    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        found = self._texts.get(f"{context}|{source}") or self._texts.get(source)
        return found if found is None or n < 0 else found.replace("%n", str(n))
