"""The command line of a window, and a window whose recorder is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from gui.__main__ import arguments, keep_within, window
from gui.practice.view import PracticeView
from gui.shared import theme
from gui.start import Shell


def test_a_live_view_needs_a_session(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        arguments([])
    assert stopped.value.code == 2
    assert capsys.readouterr().err


def test_practice_needs_none() -> None:
    options = arguments(["--view", "practice", "--rate", "5.5", "--inhale", "0.45"])
    assert (options.session, options.rate, options.inhale) == (None, 5.5, 0.45)


def test_labels_are_given_in_order() -> None:
    assert arguments(["ABC", "--label", "sigh", "--label", "laugh"]).label == ["sigh", "laugh"]


@pytest.mark.view
def test_practice_alone_opens(qapp: Any) -> None:
    view = window(arguments(["--view", "practice"]))
    assert isinstance(view, PracticeView)
    view.close()
    view.deleteLater()


@pytest.mark.view
def test_a_session_that_nobody_records_is_waited_for(qapp: Any, tmp_path: Path) -> None:
    view = window(arguments(["NOSUCH", "--store", str(tmp_path), "--dark", "--label", "sigh"]))
    assert isinstance(view, Shell)
    view.show()
    live = view.live
    assert live is not None
    assert live.colours.name == "dark"
    assert live.labels == ("sigh",)
    live.frame()
    view.look()
    assert live.poller.newest.snapshot is None
    view.close()
    view.deleteLater()


@pytest.mark.view
@pytest.mark.parametrize(
    ("room", "size"), [((1000, 600), (1000, 600)), ((1920, 1080), (1280, 800))]
)
def test_a_window_is_no_larger_than_its_screen(qapp: Any, room: Any, size: Any) -> None:
    view = window(arguments(["--view", "practice"]))
    keep_within(view, QRect(0, 0, *room))
    assert (view.width(), view.height()) == size
    view.close()
    view.deleteLater()


class Framed(QWidget):
    """A window in a frame of a window manager, which offscreen has none."""

    def frameGeometry(self) -> QRect:
        return self.geometry().adjusted(-1, -20, 1, 5)


@pytest.mark.view
@pytest.mark.parametrize("corner", [(0, 0), (60, 90), (-40, -30), (700, 500)])
def test_a_window_lies_inside_its_screen_with_its_frame(qapp: Any, corner: Any) -> None:
    view, room = Framed(), QRect(0, 30, 1280, 770)
    view.resize(1280, 800)
    view.move(*corner)
    keep_within(view, room)
    edges = view.frameGeometry().size() - view.size()
    assert view.size() == room.size() - edges
    view.resize(900, 600)
    view.move(300, 60)
    keep_within(view, room)
    assert (view.size(), view.pos()) == (QSize(900, 600), QPoint(300, 60))
    view.deleteLater()


@pytest.mark.view
@pytest.mark.parametrize(("height", "full"), [(557, True), (558, False)])
def test_a_window_takes_the_whole_screen_where_no_frame_fits(
    qapp: Any, height: int, full: bool
) -> None:
    view = Framed()
    view.setMinimumSize(*theme.SMALLEST)
    keep_within(view, QRect(0, 0, 855, height))
    assert view.isFullScreen() is full
    view.close()
    view.deleteLater()
