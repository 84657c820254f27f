"""What ends a command from outside reaches whoever listens, and raises nothing."""

import os
import signal

import pytest

from pipelines.command.signals import ended_by_signals


def test_within_one_another_both_are_called_and_what_was_before_comes_back():
    before = signal.getsignal(signal.SIGTERM)
    called = []
    with ended_by_signals(lambda: called.append("desk")):
        with ended_by_signals(lambda: called.append("session")):
            os.kill(os.getpid(), signal.SIGTERM)
        assert called == ["desk", "session"]
        os.kill(os.getpid(), signal.SIGINT)
    assert called == ["desk", "session", "desk"]
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no terminal that closes")
def test_a_terminal_that_closes_ends_it_unless_that_is_to_be_ignored():
    before, called = signal.getsignal(signal.SIGHUP), []
    try:
        for asked, heard in ((signal.SIG_DFL, ["closed"]), (signal.SIG_IGN, [])):
            signal.signal(signal.SIGHUP, asked)
            called.clear()
            with ended_by_signals(lambda: called.append("closed")):
                os.kill(os.getpid(), signal.SIGHUP)
            assert called == heard
            assert signal.getsignal(signal.SIGHUP) == asked
    finally:
        signal.signal(signal.SIGHUP, before)
