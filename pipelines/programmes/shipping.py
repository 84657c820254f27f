"""The programmes that come with the program, a file of TOML for each language.

A clinic edits a programme as a whole, in its own words and language. So its words stand in the file
and not in the catalogue of sentences; a test holds that the files of all languages have one shape.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from pipelines.language import language
from pipelines.programmes.files import programme_of_text
from pipelines.programmes.plan import Course, Plan, Programme

FOLDER: Final = Path(__file__).parent / "shipped"
SHIPPED: Final = ("workshop", "pain-management", "home-plan")
"""Their names; `shipped` reads one."""
_ENGLISH: Final = "en"


def shipped(name: str) -> Programme:
    """Return a programme that comes with the program, in the language of this process or English.

    Raises
    ------
    KeyError
        If none is called so.
    """
    if name not in SHIPPED:
        raise KeyError(name)
    own = FOLDER / f"{name}.{language().partition('-')[0]}.toml"
    found = own if own.is_file() else FOLDER / f"{name}.{_ENGLISH}.toml"
    return programme_of_text(found.read_text("utf-8"))


def plan_of(
    programme: Programme, start: date, *, name: str = "", plan_id: str = "", made_by: str = ""
) -> Plan:
    """Return a plan with the weeks and words of a programme, to be filled in.

    Parameters
    ----------
    programme : Programme
        What it begins from; `name` is what it is called.
    start : date
        The first day of week 1.
    plan_id : str
        Eight hexadecimal digits that nobody else's plan has.
    made_by : str
        A pseudonym.
    """
    shared = {
        one.name: getattr(programme, one.name)
        for one in msgspec.structs.fields(Course)
        if one.name != "unread"
    }
    return Plan(
        **shared,
        start=start,
        programme=name,
        id=plan_id,
        made_by=made_by,
        unread=programme.unread,
    )
