"""What is read before a first practice: that it should feel easy, whom to ask, which key stops."""

from __future__ import annotations

from pipelines.language import tr

BEFORE = tr("Before you begin")
EASY = tr(
    "Slow breathing is to feel easy. Breathe smaller, not deeper. Your eyes can stay open. If you "
    "feel dizzy or unwell, breathe as you like, or stop."
)
ASK_FIRST = tr(
    "Ask a doctor or a nurse first if you have a heart rhythm problem or a pacemaker. Ask too with "
    "heart failure, after a heart attack, with low blood pressure, or if you faint. The same goes "
    "for severe asthma or COPD, for seizures, and late in pregnancy. Ask too if diabetes or kidney "
    "disease is hard to control."
)
ONE_KEY = tr(
    "Esc stops everything at once, and says what may help. It can show somebody to call, too: you "
    "choose them in the settings."
)
PARTS = (EASY, ASK_FIRST, ONE_KEY)
