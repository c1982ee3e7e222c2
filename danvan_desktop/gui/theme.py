"""How the program looks: fonts, colours, the style sheet, the locale; light, calm, with visible focus.

A colour never speaks alone: every state also has its word.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from functools import cache

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ..catalog.model import Severity
from ..kernel import assets
from .translator import VietnameseTranslator

FAMILY = "Noto Sans"
POINT_SIZE = 10


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of the program; texts on their grounds keep a contrast of 4.5 : 1 or more."""

    ground: str = "#f3f5f8"
    paper: str = "#ffffff"
    ink: str = "#1b2430"
    soft_ink: str = "#52606f"
    line: str = "#b9c3ce"
    faint_line: str = "#dde3ea"
    accent: str = "#0b4f8a"
    accent_dark: str = "#083a66"
    accent_soft: str = "#dceaf6"
    nav: str = "#12375c"
    nav_ink: str = "#e8eff6"
    nav_chosen: str = "#1f5a92"
    danger: str = "#a61b1b"
    danger_soft: str = "#fdecec"
    warn: str = "#7a4b00"
    warn_soft: str = "#fff4dc"
    ok: str = "#1d6332"
    ok_soft: str = "#e4f3e8"
    demo: str = "#8a2b06"


COLOURS = Colours()

SEVERITY_COLOURS = {
    Severity.ERROR: (COLOURS.danger, COLOURS.danger_soft),
    Severity.WARNING: (COLOURS.warn, COLOURS.warn_soft),
    Severity.NOTE: (COLOURS.accent, COLOURS.accent_soft),
}
SEVERITY_WORDS = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cảnh báo", Severity.NOTE: "Lưu ý"}


def prepare_high_dpi() -> None:
    """Before QApplication is made: fractional scales of Windows (125 %, 150 %) are used as they are."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)


def load_fonts() -> None:
    """Make the shipped screen font known to Qt. Raises FileNotFoundError when a file is missing."""
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        path = assets.resources() / "fonts" / name
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(str(path))


def base_font() -> QFont:
    """The font of the windows: the shipped Noto Sans, on Windows the system's Segoe UI."""
    if sys.platform == "win32":
        return QFont("Segoe UI", POINT_SIZE)
    return QFont(FAMILY, POINT_SIZE)


def apply(app: QApplication) -> None:
    """Dress the application: locale, Qt's own texts in Vietnamese, font, palette, style sheet. Safe to call twice."""
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    if app.property("danvan_dressed"):
        return
    app.setProperty("danvan_dressed", True)
    translator = VietnameseTranslator(app)
    app.installTranslator(translator)
    load_fonts()
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(base_font())
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())
    app.styleHints().setColorScheme(Qt.ColorScheme.Light)


def _palette() -> QPalette:
    c = COLOURS
    role = QPalette.ColorRole
    palette = QPalette()
    for item, colour in (
        (role.Window, c.ground), (role.WindowText, c.ink), (role.Base, c.paper), (role.AlternateBase, "#f7f9fb"),
        (role.Text, c.ink), (role.Button, "#e9eef3"), (role.ButtonText, c.ink), (role.Highlight, c.accent),
        (role.HighlightedText, c.paper), (role.ToolTipBase, c.paper), (role.ToolTipText, c.ink),
        (role.PlaceholderText, "#66727f"), (role.Link, c.accent), (role.Accent, c.accent),
    ):  # fmt: skip
        palette.setColor(item, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for item in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(disabled, item, QColor("#7b8794"))
    return palette


def style_sheet() -> str:
    """The program's style sheet with its colours filled in (``@accent@`` → ``#0b4f8a``)."""
    text = (assets.ui() / "theme.qss").read_text(encoding="utf-8")
    for item in fields(COLOURS):
        text = text.replace(f"@{item.name}@", getattr(COLOURS, item.name))
    return text.replace("@icons@", (assets.resources() / "icons").as_posix())


@cache
def icon(name: str) -> QIcon:
    """The shipped icon ``name`` (``resources/icons/<name>.svg``). Raises FileNotFoundError."""
    path = assets.resources() / "icons" / f"{name}.svg"
    if not path.is_file():
        raise FileNotFoundError(str(path))
    return QIcon(str(path))
