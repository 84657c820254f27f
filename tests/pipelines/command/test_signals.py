"""What ends a command from outside reaches whoever listens, and raises nothing."""

import os
import signal

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
