"""Keys that two views have in common do the same in both."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.live import keys as live
from gui.practice import keys as practice
from gui.shared import KEYS, KeyView

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]


def test_shared_keys_keep_their_meaning_in_every_view() -> None:
    for keys in (live.KEYS, practice.KEYS):
        assert {key: keys[key] for key in KEYS} == KEYS


def test_no_key_means_one_thing_here_and_another_there() -> None:
    both = live.KEYS.keys() & practice.KEYS.keys()
    assert {key for key in both if live.KEYS[key] != practice.KEYS[key]} == set()


def test_a_key_tells_its_action_and_others_pass() -> None:
    view, told = KeyView(), []
    view.chosen.connect(told.append)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Q, Qt.Key.Key_F1, Qt.Key.Key_unknown):
        QTest.keyClick(view, key)
    assert told == ["mark", "help"]


def test_full_screen_goes_back_to_a_maximised_window() -> None:
    view = KeyView()
    view.setWindowState(Qt.WindowState.WindowMaximized)
    view.toggle_full_screen()
    assert view.isFullScreen()
    view.toggle_full_screen()
    assert not view.isFullScreen()
    assert view.isMaximized()
    view.close()
