"""How a window looks as is chosen for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gui.shared import theme
from pipelines.drawing import DARK, LIGHT, Palette
from pipelines.settings import Settings


def prefer(settings: Settings) -> None:
    """Draw with this text and motion from now on, in every window of this process."""
    theme.prefer(large=settings.text == "large", still=settings.motion == "reduced")


def palette_of(settings: Settings) -> Palette:
    """Return the chosen colours, or those that the system has."""
    if settings.colours == "system":
        return DARK if _system_is_dark() else LIGHT
    return DARK if settings.colours == "dark" else LIGHT


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
