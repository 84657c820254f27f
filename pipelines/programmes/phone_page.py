"""A plan as one page for a phone: a guide, its end, and a log that stays there.

It is whole in itself and asks no network for anything: its policy allows its own script and style
alone, named by their hashes. What is a plan's own goes through `_words` or into JSON, never into
markup or code. Only the guide, the contact and the setback plan are in it.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

import msgspec

from pipelines.drawing import DIM, FONTS, LIGHT_OR_DARK
from pipelines.language import language, tr
from pipelines.programmes.phone_words import phone_words
from pipelines.programmes.plan import Plan
from pipelines.words import DISCLAIMER, ask_first_text, easy_text, ground_text

_FOLDER: Final = Path(__file__).parent / "phone"
_SCRIPTS: Final = ("guide.js", "code.js", "page.js")
_TO_THE_LEFT: Final = frozenset(("ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
"""Languages that are written from right to left."""
_NOT_IN_A_NUMBER: Final = " -/().\u00a0"
SLOW: Final = 10.0
"""Breaths/min up to which a practice is called slow."""


def phone_page(plan: Plan) -> str:
    """Return the page of HTML that is made from a plan, in the language of this process."""
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    told = language()
    direction = "rtl" if told in _TO_THE_LEFT else "ltr"
    title = tr("Slow breathing") if plan.guide.rate <= SLOW else tr("Breathing")
    return f"""<!DOCTYPE html>
<html lang="{_words(told)}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<title>{_words(title)}</title>
<style>{style}</style>
</head>
<body class="start">
<main>
<header><div><h1>{_words(title)}</h1><p class="aside" id="left"></p></div>
{_button("contact", tr("my contact"), "plain")}</header>
{_PRACTICE}
{_last()}
{_waves()}
{_end()}
{_foot()}
</main>
{_before()}
{_help(plan)}
{_sheets()}
<script type="application/json" id="plan">{_data(plan)}</script>
<script>{script}</script>
</body>
</html>
"""


_PRACTICE: Final = """<div id="practice"><div class="round" aria-hidden="true">
<svg viewBox="-140 -140 280 280"><circle class="outer" r="136"/><circle id="disc" r="88"/>
<circle id="still" class="dot" r="9.5" hidden/></svg><div id="word"></div></div>
<p id="say" role="status"></p></div>"""


def _last() -> str:
    """Return what stands below the circle before a practice."""
    return f"""<div id="last" class="middle"><div class="last">
<div id="has-last"><h2 id="last-day"></h2><p id="last-text"></p></div>
<div class="links">{_button("tension", tr("tension now"), "quiet")}
{_button("show-log", tr("the code"), "quiet")}{_button("about", tr("before you begin"), "quiet")}
</div></div></div>"""


def _waves() -> str:
    """Return the guide's line, which goes from left to right in every language."""
    return f"""<div id="waves" class="middle" hidden>
<svg id="wave" aria-hidden="true"><path id="line"/><path id="now" d="M228.5 0V80"/>
<circle id="dot" class="dot" r="9" cx="228" cy="68"/></svg>
<div class="under" aria-hidden="true"><span class="aside">{_words(tr("the guide"))}</span>
<b>{_words(tr("now"))}</b><span class="aside">{_words(tr("next"))}</span></div></div>"""


def _end() -> str:
    return f"""<div id="end" class="end" hidden><h2 id="end-title"></h2>
<p id="end-text" class="lead"></p>
<section id="end-tension"><h2>{_words(tr("Tension now, if you like"))}</h2>
{_numbers("after")}<p class="aside" id="rose" role="status"></p></section>
<section id="end-log"><p class="aside" id="kept"></p>
<div class="row">{_button("code", tr("show the code"))}</div></section></div>"""


def _numbers(name: str) -> str:
    """Return a button for each number from 0 to 10."""
    buttons = "".join(f'<button aria-pressed="false">{number}</button>' for number in range(11))
    return f"""<div class="scale"><span>{_words(tr("0 none"))}</span>
<span>{_words(tr("10 as tense as can be"))}</span></div>
<div class="numbers" role="group" id="{name}">{buttons}</div>"""


def _foot() -> str:
    """Return the three feet of the page; the first button of each is in the same place."""
    return f"""<footer>
<div id="at-start">{_button("start", tr("Start"), "main")}<div class="row">
{_button("sound", "")}{_button("eyes", tr("eyes closed"))}</div>
<p class="note" id="privacy"></p></div>
<div id="at-breath">{_button("stop", tr("Stop"), "main")}<div class="row">
{_button("slower", tr("slower"))}{_button("pause", tr("pause"))}{_button("quicker", tr("quicker"))}
</div><p class="note">{_words(tr("Dizzy or tingling? Breathe smaller, or stop."))}</p></div>
<div id="at-end">{_button("done", tr("Done"), "main")}<div class="row">
{_button("once-more", tr("once more"))}{_button("note", tr("note"))}</div>
<p class="note">{_words(tr("No account. Nothing leaves this phone unless you share it."))}</p></div>
</footer>"""


def _before() -> str:
    told = (easy_text(), ask_first_text(), *DISCLAIMER)
    return f"""<dialog id="before"><h2>{_words(tr("Before you begin"))}</h2>
{"".join(f"<p>{_words(one)}</p>" for one in told)}
{_button("begin", tr("Begin"), "main")}{_close()}</dialog>"""


def _help(plan: Plan) -> str:
    """Return the sheet that is always one touch away: whom to call, and what was written for it."""
    name, number = plan.contact.name.strip(), plan.contact.number.strip()
    told = [f"<p><b>{_words(name)}</b></p>" if name else "", _call(number)]
    if not (name or number):
        told.append(
            f"<p>{_words(tr('Nobody stands in your plan yet. Write them in together.'))}</p>"
        )
    told.append(f"<p>{_words(ground_text())}</p>")
    if plan.setback.strip():
        heading = _words(tr("My plan for harder days"))
        told.append(f"<h2>{heading}</h2><p>{_words(plan.setback.strip())}</p>")
    now = tr("If you need help at once, call the emergency number where you live.")
    told.append(f'<p class="aside">{_words(now)}</p>')
    return f"""<dialog id="help"><h2>{_words(tr("My contact"))}</h2>
{"".join(told)}{_close()}</dialog>"""


def _call(number: str) -> str:
    """Return a number to touch, or as it stands where no phone could dial it."""
    dialled = number.translate({ord(one): None for one in _NOT_IN_A_NUMBER})
    if dialled.removeprefix("+").isdecimal() and dialled.isascii():
        return f'<a href="tel:{dialled}" dir="ltr">{_words(number)}</a>'
    return f"<p>{_words(number)}</p>" if number else ""


def _sheets() -> str:
    """Return the sheets for tension before a practice, a note, and the code."""
    says = tr(
        "Copy this code, or save the file, and give it to whom you choose. Whoever has it can read "
        "it, notes too."
    )
    return f"""<dialog id="tensions"><h2>{_words(tr("Tension now, if you like"))}</h2>
{_numbers("tension-before")}<p class="aside">{_words(tr("No answer is fine too."))}</p>{_close()}
</dialog>
<dialog id="notes"><h2>{_words(tr("A note of your own"))}</h2>
<textarea id="note-text" maxlength="500" dir="auto" aria-label="{_words(tr("note"))}"></textarea>
{_close()}</dialog>
<dialog id="codes"><h2>{_words(tr("The code of your practices"))}</h2><p>{_words(says)}</p>
<textarea id="code-text" readonly dir="ltr" aria-label="{_words(tr("the code"))}"></textarea>
{_button("copy", tr("copy"))}{_button("save", tr("save as a file"))}{_button("erase", "", "plain")}
{_close()}</dialog>"""


def _close() -> str:
    return f'<button class="close plain">{_words(tr("close"))}</button>'


def _button(name: str, words: str, kind: str = "") -> str:
    kinds = f' class="{kind}"' if kind else ""
    return f'<button id="{name}"{kinds}>{_words(words)}</button>'


def _data(plan: Plan) -> str:
    guide = plan.guide
    told = {
        "id": plan.id,
        "rate": guide.rate,
        "first": guide.first,
        "inhale": guide.inhale,
        "minutes": guide.minutes,
        "sound": guide.sound,
        "words": phone_words(),
    }
    return msgspec.json.encode(told).decode().replace("<", "\\u003c")


def _style() -> str:
    dim = " ".join(
        f"--{name}: {getattr(DIM, name)};"
        for name in ("paper", "surface", "band", "hair", "line", "ink", "ink2", "lake", "clay")
    )
    rules = (_FOLDER / "page.css").read_text("utf-8")
    return f"\n{LIGHT_OR_DARK}\nhtml.dim {{ {dim} }}\nbody {{ font-family: {FONTS}; }}\n{rules}"


def _script() -> str:
    """Return the script, in strict mode and with names of its own."""
    told = "\n".join((_FOLDER / name).read_text("utf-8") for name in _SCRIPTS)
    return f'\n"use strict";\n{told}'


def _hash(inner: str) -> str:
    return f"'sha256-{b64encode(sha256(inner.encode()).digest()).decode()}'"


def _words(text: str) -> str:
    return escape(text, quote=True)
