"""A guess is taken down with the time of its key, and only while the picture is covered."""

from __future__ import annotations

import asyncio

import pytest

from pipelines.live import commands
from pipelines.recording.recorder import NOT_GUESSING
from pipelines.session import events as ev
from tests.pipelines.recording.sessions import of_kind, record, rest

pytestmark = pytest.mark.usefixtures("english")


async def until(true):
    while not true():
        await asyncio.sleep(0.02)


def test_guesses_are_in_the_log_only_while_the_picture_is_covered(library):
    asked = []

    async def wish(running):
        await until(lambda: running._engine.received)
        wishes = (
            commands.SenseRise(),
            commands.CoverPicture(on=True),
            commands.CoverPicture(on=True),
            commands.SenseRise(),
            commands.SenseRise(0.001),
            commands.CoverPicture(on=False),
            commands.CoverPicture(on=False),
            commands.SenseRise(),
        )
        asked.extend(running.carry_out(command) for command in wishes)
        running.stop()

    log, running = record(library, rest(60.0), speed=1.0, beside=wish)
    assert asked == [NOT_GUESSING, *[None] * 6, NOT_GUESSING]
    assert [one.on for one in of_kind(log, ev.Guessing)] == [True, False]
    now, earlier = of_kind(log, ev.Guess)
    assert now == ev.Guess(now.time)
    assert earlier.moment == pytest.approx(earlier.time - 0.001)
    assert of_kind(log, ev.Mark) == []
    assert not running._engine.hour.guessing


def test_guessing_ends_with_the_session_so_that_its_picture_is_seen(library):
    async def wish(running):
        running.may_go_on = lambda: True
        await until(lambda: running._engine.received)
        assert running.carry_out(commands.CoverPicture(on=True)) is None
        assert running.carry_out(commands.Finish()) is None
        assert not running._engine.hour.guessing
        running.go_on()
        assert not running._engine.hour.guessing
        running.stop()

    log, _ = record(library, rest(60.0), speed=1.0, beside=wish)
    assert [one.on for one in of_kind(log, ev.Guessing)] == [True, False]
