"""Sentences are tested in English, whatever language the other tests run in."""

import pytest

from pipelines.language import LANGUAGE


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv(LANGUAGE, "en")
