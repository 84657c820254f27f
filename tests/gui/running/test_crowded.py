"""No words of any page are cut or lie over each other, in any language that is as long again."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.language import LANGUAGE

pytestmark = [pytest.mark.view, pytest.mark.long, pytest.mark.usefixtures("qapp")]

ROOT = Path(__file__).parents[3]
PATIENCE = 600.0
"""Seconds for every page, on a machine ten times slower."""


@pytest.mark.parametrize(
    ("language", "size"),
    [
        *itertools.product(("pseudo-mirrored", "pseudo-long", "de"), ("853 533 1", "1280 800 1")),
        *(("pseudo-mirrored", "1280 800 2"), ("de", "1280 800 2")),
    ],
)
def test_no_words_are_cut_or_lie_over_each_other(language: str, size: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.gui.running.crowded", *size.split()],
        env={**os.environ, LANGUAGE: language, "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=True,
    ).stdout  # fmt: skip
    found = json.loads(told.splitlines()[-1])
    assert len(found) > 80
    assert not {name: words for name, words in found.items() if words}
