"""What tests of any room may ask for."""

import pytest

from pipelines.language import LANGUAGE


@pytest.fixture
def english(monkeypatch):
    """English for a test of the sentences themselves; all others hold in any language."""
    monkeypatch.setenv(LANGUAGE, "en")
