"""How a window looks as is chosen for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gui.shared import theme
from pipelines.drawing import Palette
from pipelines.settings import Settings


def prefer(settings: Settings) -> None:
    """Draw with this text and motion from now on, in every window of this process."""
    theme.prefer(
        text=int(settings.text) / 100.0,
        still=settings.motion == "reduced",
        contrast=settings.contrast == "high" or _system_wants_contrast(),
    )


def palette_of(settings: Settings) -> Palette:
    """Return the chosen colours, or those that the system has."""
    dark = _system_is_dark() if settings.colours == "system" else settings.colours == "dark"
    return theme.colours(dark=dark)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _system_wants_contrast() -> bool:
    """Return whether the system asks for high contrast; before Qt 6.10 nothing tells."""
    hints = getattr(QGuiApplication.styleHints(), "accessibility", None)
    return hints is not None and hints().contrastPreference() is Qt.ContrastPreference.HighContrast
