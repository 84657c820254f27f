"""The modules that are mutated, where they lie, and the test files that must notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    """A module under its lasting name; `tests` run in this order, the quickest to notice first.

    They are files, or tests of a file as pytest names them.
    """

    name: str
    path: str
    tests: tuple[str, ...]

    @property
    def source(self) -> str:
        """The text of the module."""
        return (ROOT / self.path).read_text()

    @property
    def is_view(self) -> bool:
        """Whether it needs Qt."""
        return self.path.startswith("gui/")

    @property
    def imported_as(self) -> str:
        """The name by which it is imported."""
        return self.path.removesuffix(".py").replace("/", ".")


MODULES = (
    Module("labels", "physio/labels.py", ("tests/physio/test_labels.py",)),
    Module("clock", "physio/time/clock.py", ("tests/physio/time/test_clock.py",)),
    Module(
        "agreement",
        "physio/time/agreement.py",
        ("tests/physio/time/test_agreement.py", "tests/pipelines/session/test_account.py"),
    ),
    Module("locked", "physio/locked_rhythm.py", ("tests/physio/test_locked_rhythm.py",)),
    Module("readable", "physio/readable.py", ("tests/physio/test_readable.py",)),
    Module("noise", "physio/breathing/noise.py", ("tests/physio/breathing/test_noise.py",)),
    Module(
        "decode", "pipelines/session/decoding.py", ("tests/pipelines/session/test_decoding.py",)
    ),
    Module("repeats", "pipelines/session/repeats.py", ("tests/pipelines/session/test_repeats.py",)),
    Module(
        "database",
        "pipelines/store/database.py",
        (
            "tests/pipelines/store/test_database.py",
            "tests/pipelines/store/test_damage.py",
            "tests/pipelines/store/test_session.py",
            "tests/pipelines/store/test_newer.py",
            "tests/pipelines/store/test_migrations.py",
        ),
    ),
    Module(
        "link",
        "devices/link/link.py",
        ("tests/devices/link/test_link.py", "tests/devices/scripted/test_replayed.py"),
    ),
    Module(
        "holding",
        "pipelines/recording/holding.py",
        ("tests/pipelines/recording/test_holding.py",),
    ),
    Module("wearer", "pipelines/live/wearer.py", ("tests/pipelines/live/test_wearer.py",)),
    Module("curves", "pipelines/session/curves.py", ("tests/pipelines/live/test_curves.py",)),
    Module(
        "reading",
        "pipelines/session/reading.py",
        (
            "tests/pipelines/live/test_wearer.py",
            "tests/pipelines/session/test_record.py::test_a_record_of_a_troubled_session_says_what_was_said_live",
        ),
    ),
    Module("moments", "pipelines/session/moments.py", ("tests/pipelines/session/test_record.py",)),
    Module("glance", "physio/arousal/glance.py", ("tests/physio/arousal/test_glance.py",)),
    Module("level", "physio/arousal/level.py", ("tests/physio/arousal/test_level.py",)),
    Module("scene", "gui/shared/scene.py", ("tests/gui/shared/test_scene.py",)),
)
"""Whose statements and expressions the sample of mutants is drawn from."""

OTHERS = (
    Module("picture of the glance", "gui/live/glance.py", ("tests/gui/live/test_glance.py",)),
    Module("picture of the flags", "gui/live/flags.py", ("tests/gui/live/test_paint.py",)),
)
"""Mutated only by name."""


def module(name: str) -> Module:
    """Return the module of this name."""
    return next(one for one in (*MODULES, *OTHERS) if one.name == name)
