"""Plans and programmes as files of TOML: read with one sentence where something is not so.

What a newer program wrote is kept in the `unread` of its table and written again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_origin

import msgspec

from pipelines.language import tr
from pipelines.programmes.plan import (
    BadPlan,
    Carrying,
    Course,
    Plan,
    Programme,
    checked,
    checked_course,
    not_so,
    one_of,
)
from pipelines.programmes.questionnaire import FOLDER as QUESTIONNAIRE_FOLDER
from pipelines.programmes.questionnaire import (
    QUESTIONNAIRES,
    Questionnaire,
    checked_questionnaire,
)
from pipelines.reading import CannotRead, contents
from pipelines.toml import toml

_Table = TypeVar("_Table", bound=Carrying)
_Course = TypeVar("_Course", bound=Course)
_Text = TypeVar("_Text")
LARGEST: Final = 1_000_000
"""Bytes of a plan at most; a year of weeks takes a tenth."""
_LINE: Final = re.compile(r"at line (\d+)")


def read_plan(path: Path) -> Plan:
    """Return the plan that a file holds.

    Raises
    ------
    BadPlan
        If it cannot be read or holds none: the file, and the line or key.
    """
    return _from_file(path, plan_of_text)


def read_programme(path: Path) -> Programme:
    """Return the programme that a file holds.

    Raises
    ------
    BadPlan
        If it cannot be read or holds none: the file, and the line or key.
    """
    return _from_file(path, programme_of_text)


def plan_of_text(text: str) -> Plan:
    """Return the plan that TOML holds.

    Raises
    ------
    BadPlan
        If it holds none: the line or key.
    """
    return checked(_course(Plan, text))


def programme_of_text(text: str) -> Programme:
    """Return the programme that TOML holds.

    Raises
    ------
    BadPlan
        If it holds none: the line or key.
    """
    return _course(Programme, text)


def read_questionnaire(path: Path) -> Questionnaire:
    """Return the questionnaire that a file holds.

    Raises
    ------
    BadPlan
        If it cannot be read or holds none: the file, and the line or key.
    """
    return _from_file(path, questionnaire_of_text)


def questionnaire_of_text(text: str) -> Questionnaire:
    """Return the questionnaire that TOML holds.

    Raises
    ------
    BadPlan
        If it holds none: the line or key.
    """
    return checked_questionnaire(_table(Questionnaire, _parsed(text), ""))


def shipped_questionnaire(name: str) -> Questionnaire:
    """Return one that comes with the program, by its name.

    Raises
    ------
    KeyError
        If none is called so.
    """
    if name not in QUESTIONNAIRES:
        raise KeyError(name)
    return questionnaire_of_text((QUESTIONNAIRE_FOLDER / f"{name.lower()}.toml").read_text("utf-8"))


def written(course: Plan | Programme) -> str:
    """Return a plan or programme as TOML, with what a newer program wrote in it."""
    return toml(_told(course))


def _from_file(path: Path, of_text: Callable[[str], _Text]) -> _Text:
    try:
        return of_text(contents(path, most=LARGEST).decode("utf-8-sig"))
    except CannotRead as error:
        raise BadPlan(tr("{path} cannot be read: {why}.", path=path, why=error)) from error
    except UnicodeDecodeError as error:
        raise BadPlan(tr("{path} is no text in UTF-8; save it so.", path=path)) from error
    except BadPlan as error:
        raise BadPlan(f"{path}: {error}") from error


def _course(kind: type[_Course], text: str) -> _Course:
    course = _table(kind, _parsed(text), "")
    checked_course(course)
    return course


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise BadPlan(
            tr("line {line} is no TOML; docs/plans.md shows how it is written.", line=line)
        ) from error
    except RecursionError as error:
        raise BadPlan(tr("its tables lie too deep in each other; write it anew.")) from error


def _table(kind: type[_Table], table: object, key: str) -> _Table:
    if not isinstance(table, dict):
        raise BadPlan(not_so(key, tr("a table, under [{key}]", key=key)))
    fields = {one.name: one for one in msgspec.structs.fields(kind) if one.name != "unread"}
    unread = {name: value for name, value in table.items() if name not in fields}
    below = f"{key}." if key else ""
    told = {
        name: _value(one.type, table[name], f"{below}{name}")
        for name, one in fields.items()
        if name in table
    }
    for name, one in fields.items():
        if one.required and name not in told:
            missing = below + name
            raise BadPlan(tr("{key} is missing; docs/plans.md shows what it is.", key=missing))
    return kind(**told, unread=unread)


def _value(kind: Any, value: object, key: str) -> object:
    if get_origin(kind) is tuple:
        (inner, _) = get_args(kind)
        if not isinstance(value, list):
            raise BadPlan(not_so(key, tr("a list")))
        return tuple(
            _value(inner, one, f"{key}[{place}]") for place, one in enumerate(value, start=1)
        )
    if isinstance(kind, type) and issubclass(kind, Carrying):
        return _table(kind, value, key)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadPlan(not_so(key, _kind_text(kind))) from error


def _kind_text(kind: Any) -> str:
    wanted = next(one for one in (*get_args(kind), kind) if one is not type(None))
    if issubclass(wanted, StrEnum):
        return one_of(wanted)
    return {
        bool: tr("true or false"),
        int: tr("a whole number"),
        float: tr("a number"),
        str: tr("a text in quotes"),
        date: tr("a day such as 2026-11-30"),
        time: tr("a time such as 09:30"),
    }[wanted]


def _told(table: Carrying) -> dict[str, Any]:
    """Return a table's values as TOML has them, those of a newer program last."""
    told = {
        one.name: _plain(getattr(table, one.name))
        for one in msgspec.structs.fields(table)
        if one.name != "unread" and not _is_empty(one.type, getattr(table, one.name))
    }
    return {**told, **dict(table.unread)}


def _is_empty(kind: Any, value: object) -> bool:
    # "activities = []" would refuse the [[activities]] that somebody adds by hand.
    return value == () and issubclass(get_args(kind)[0], Carrying)


def _plain(value: object) -> object:
    if isinstance(value, Carrying):
        return _told(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    return value
