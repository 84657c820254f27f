"""`python -m gui [SESSION]`: the program's window.

On a running session, on breathing practice alone, or, with `--desk`, at the beginning: then the
process that keeps the desk says on standard input where it is reached.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from gui.practice import MINUTES, RATE, PracticeView
from gui.shared import theme
from gui.start import Shell, State, palette_of, prefer
from pipelines.desktop import NAME as DESKTOP_NAME
from pipelines.drawing import ICON, Palette
from pipelines.language import from_the_right, tr
from pipelines.live import RunningSession
from pipelines.recording import connect, connect_at
from pipelines.settings import Settings, keep_settings, read_settings

FRAMED_MS = (50, 250, 1000)
"""Milliseconds after which a window manager may have given a new window its frame."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="python -m gui", description=__doc__)
    parser.add_argument("session", nargs="?", help=tr("a running session, by its id"))
    parser.add_argument("--store", type=Path, help=tr("the library that holds it"))
    parser.add_argument("--opening", type=int, help=tr("which of the recorder's own windows it is"))
    parser.add_argument("--desk", action="store_true", help=tr("begin at the desk of a recorder"))
    parser.add_argument("--view", choices=("live", "practice"), default="live")
    parser.add_argument("--rate", type=float, default=RATE, help=tr("breaths a minute, 4 to 24"))
    parser.add_argument("--inhale", type=float, default=0.4, help=tr("share of a breath, 0 to 1"))
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--label", action="append", help=tr("what a digit marks, in order 1 to 9"))
    parser.add_argument("--dark", action="store_true", help=tr("begin with dark colours"))
    result = parser.parse_args(given)
    if result.session is None and result.view == "live" and not result.desk:
        parser.error(
            tr("the live view needs the id of a running session, as `interbeat live` gives")
        )
    return result


def window(options: argparse.Namespace) -> QWidget:
    """Return the view asked for, as is chosen for it."""
    settings = read_settings()
    prefer(settings)
    if options.desk:
        address, key = msgspec.json.decode(sys.stdin.buffer.readline(), type=tuple[str, bytes])
        return Shell(
            connect_at(address, key, opening=options.opening),
            partial(connect_at, address, key),
            palette=_palette(options, settings),
            settings=settings,
            keep=keep_settings,
        )
    if options.view == "practice":
        return _practice(options, settings)
    return Shell(
        connect(options.session, options.store, opening=options.opening),
        partial(connect, options.session, options.store),
        begins=State.CONNECTING,
        finishes=options.opening is not None,
        labels=options.label,
        palette=_palette(options, settings),
        settings=settings,
        keep=keep_settings,
    )


def _practice(options: argparse.Namespace, settings: Settings) -> QWidget:
    session: RunningSession | None = None
    if options.session is not None:
        session = connect(options.session, options.store, opening=options.opening)
    practice = PracticeView(
        session,
        rate=options.rate,
        inhale=options.inhale,
        pause=settings.pause,
        minutes=options.minutes,
        listens=session is not None and options.opening in (None, 1),
        first=not settings.begun,
        contact=settings.contact,
        dark=_palette(options, settings).dark,
    )
    practice.begun.connect(lambda: _keep_begun(settings))
    if settings.sound == "on":
        practice.act("sound")
    return practice


def _keep_begun(settings: Settings) -> None:
    """Keep that the words before a first practice were read; else they come once more."""
    with suppress(OSError):
        keep_settings(msgspec.structs.replace(settings, begun=True))


def _palette(options: argparse.Namespace, settings: Settings) -> Palette:
    return theme.colours(dark=True) if options.dark else palette_of(settings)


def keep_within(view: QWidget, room: QRect) -> None:
    """Bring a window and its frame into the room that a screen has, no larger than that.

    Where there is no room for the smallest window in its frame, it takes the whole screen.
    """
    if view.isFullScreen() or view.isMaximized():
        return
    frame = view.frameGeometry()
    edges = frame.size() - view.size()
    least = view.minimumSize() + edges
    if least.boundedTo(room.size()) != least:
        view.showFullScreen()
        return
    view.resize(view.size().boundedTo(room.size() - edges))
    size = view.size() + edges
    x = max(min(frame.x(), room.x() + room.width() - size.width()), room.x())
    y = max(min(frame.y(), room.y() + room.height() - size.height()), room.y())
    if frame.topLeft() != QPoint(x, y):
        view.move(x, y)


def _keep_on_screen(view: QWidget) -> None:
    primary = QGuiApplication.primaryScreen()
    screen = QGuiApplication.screenAt(view.frameGeometry().center()) or primary
    keep_within(view, screen.availableGeometry())


def main() -> int:
    """Open the window and return its exit code once it is closed."""
    options = arguments()
    # Python's own handler would wait for the next event; the session lives elsewhere anyway.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    application = QApplication(["interbeat"])
    application.setApplicationDisplayName("Interbeat")
    if from_the_right():
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    application.setDesktopFileName(DESKTOP_NAME)
    application.setWindowIcon(QIcon(str(ICON)))
    view = window(options)
    view.resize(view.size().boundedTo(application.primaryScreen().availableSize()))
    view.show()
    for after in FRAMED_MS:
        QTimer.singleShot(after, view, partial(_keep_on_screen, view))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
