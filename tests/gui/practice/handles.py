"""What the tests of the practice view take hold of: its keys, clock, session and pixels."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from docs.practice_states import Clock, SimulatedSession, practice_states
from gui.practice.view import PracticeView

STATES = practice_states()


def press(view: QWidget, key: Qt.Key, text: str = "") -> None:
    """Press a key as Qt would deliver it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(view, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def clock_of(view: PracticeView) -> Clock:
    return view._clock  # type: ignore[return-value]


def session_of(view: PracticeView) -> SimulatedSession:
    assert view.run.poller is not None
    return view.run.poller._session  # type: ignore[return-value]


def keycaps(view: QWidget) -> list[QAbstractButton]:
    """The keycaps that are seen, those of a page that lies over the view among them."""
    return [b for b in view.findChildren(QAbstractButton) if b.isVisibleTo(view)]


def pixels(view: QWidget) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), dtype=np.uint8)
    return data.reshape(image.height(), image.width(), 4)[..., :3].copy()
