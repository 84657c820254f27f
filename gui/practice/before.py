"""What is read before a first practice: that it should feel easy, whom to ask, which key stops."""

from __future__ import annotations

from pipelines.language import tr
from pipelines.words import ask_first_text, easy_text

BEFORE = tr("Before you begin")
EASY, ASK_FIRST = easy_text(), ask_first_text()
ONE_KEY = tr(
    "Esc stops everything at once, and says what may help. It can show somebody to call, too: you "
    "choose them in the settings."
)
PARTS = (EASY, ASK_FIRST, ONE_KEY)
