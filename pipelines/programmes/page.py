"""A plan as one page for a phone: a guide, its end, and a log that stays there.

It is whole in itself and asks no network for anything: its policy allows its own script and style
alone, named by their hashes. What is a plan's own is escaped or stands in JSON, never in markup or
code. Only the guide, the contact and the setback plan are in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Final

import msgspec

from pipelines.drawing import DIM, FONTS, LIGHT_OR_DARK
from pipelines.language import from_the_right, language, tr
from pipelines.programmes.phone_words import page_words, script_words
from pipelines.programmes.plan import Contact, Plan
from pipelines.words import DISCLAIMER, ask_first_text, easy_text, ground_text

_FOLDER: Final = Path(__file__).parent / "phone"
_SCRIPTS: Final = ("guide.js", "code.js", "page.js")
_NOT_DIALLED: Final = str.maketrans("", "", " -/().\u00a0")
_SHADES: Final = ("paper", "surface", "band", "hair", "line", "ink", "ink2", "lake", "clay")
SLOW: Final = 10.0
"""Breaths/min up to which a practice is called slow."""


def phone_page(plan: Plan) -> str:
    """Return the page of HTML that is made from a plan, in the language of this process."""
    style, script = _style(), _script()
    told = {name: _words(text) for name, text in page_words().items()}
    return Template(_read("page.html")).substitute(
        told,
        language=_words(language()),
        direction="rtl" if from_the_right() else "ltr",
        policy=_policy(style, script),
        title=_words(tr("Slow breathing") if plan.guide.rate <= SLOW else tr("Breathing")),
        style=style,
        script=script,
        data=_data(plan),
        numbers=_numbers(),
        before_words="".join(map(_paragraph, (easy_text(), ask_first_text(), *DISCLAIMER))),
        help="".join(_help(plan)),
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _numbers() -> str:
    """Return a button for each number from 0 to 10."""
    return "".join(f'<button aria-pressed="false">{number}</button>' for number in range(11))


def _help(plan: Plan) -> Iterator[str]:
    """Yield what is always one touch away: whom to call, and what was written for harder days."""
    yield from _contact(plan.contact)
    yield _paragraph(ground_text())
    if plan.setback.strip():
        heading = tr("My plan for harder days")
        yield f"<h2>{_words(heading)}</h2>"
        yield _paragraph(plan.setback.strip())
    yield _paragraph(tr("If you need help at once, call the emergency number where you live."))


def _contact(contact: Contact) -> Iterator[str]:
    name, number = contact.name.strip(), contact.number.strip()
    if not (name or number):
        yield _paragraph(tr("Nobody stands in your plan yet. Write them in together."))
    if name:
        yield f'<p><b dir="auto">{_words(name)}</b></p>'
    dialled = number.translate(_NOT_DIALLED)
    if dialled.isascii() and dialled.removeprefix("+").isdecimal():
        yield f'<a href="tel:{dialled}" dir="ltr">{_words(number)}</a>'
    elif number:
        yield _paragraph(number)


def _paragraph(text: str) -> str:
    return f'<p dir="auto">{_words(text)}</p>'


def _data(plan: Plan) -> str:
    """Return what the script is told, as JSON that ends no script."""
    guide = plan.guide
    told = {
        "id": plan.id,
        "rate": guide.rate,
        "first": guide.first,
        "inhale": guide.inhale,
        "minutes": guide.minutes,
        "sound": guide.sound,
        "words": script_words(),
    }
    return msgspec.json.encode(told).decode().replace("<", "\\u003c")


def _style() -> str:
    dim = " ".join(f"--{shade}: {getattr(DIM, shade)};" for shade in _SHADES)
    own = f"html.dim {{ {dim} }}\nbody {{ font-family: {FONTS}; }}"
    return f"\n{LIGHT_OR_DARK}\n{own}\n{_read('page.css')}"


def _script() -> str:
    return "\n".join(('\n"use strict";', *map(_read, _SCRIPTS)))


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _hash(inner: str) -> str:
    return f"'sha256-{b64encode(sha256(inner.encode()).digest()).decode()}'"


def _words(text: str) -> str:
    return escape(text, quote=True)
