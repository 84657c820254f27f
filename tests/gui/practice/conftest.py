"""A silent practice view. Qt is imported by the fixture: where it is absent, tests skip."""

import pytest


class SilentStream:
    def close(self):
        pass


@pytest.fixture
def silent(monkeypatch):
    """Let no test make a sound, and every one know whether it would have."""
    monkeypatch.setattr("gui.practice.sound._open", lambda fill: SilentStream())


@pytest.fixture
def view():
    from docs.practice_states import practice

    made = practice(seconds=70.0)
    yield made
    made.close()
