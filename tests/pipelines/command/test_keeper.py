"""The desk: what is thrown away can be taken back for a while, and secrets are never told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import msgspec
import pytest

from devices.link import Found
from pipelines.command import keeper as keeping
from pipelines.command.keeper import Keeper
from pipelines.recording import (
    Leave,
    LibraryState,
    MakeLibrary,
    RemoteSession,
    TakeBack,
    ThrowAway,
    Unlock,
    connect_at,
)
from pipelines.session import Fate


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    told = SimpleNamespace(now=100.0)
    monkeypatch.setattr(keeping, "_now", lambda: told.now)
    return told


@pytest.fixture
def keeper(clock: SimpleNamespace) -> Iterator[Keeper]:
    with Keeper(LibraryState.LOCKED) as made:
        yield made


@pytest.fixture
def window(keeper: Keeper) -> Iterator[RemoteSession]:
    remote = connect_at(keeper.server.address, keeper.server.key)
    yield remote
    remote.close()


async def looked_at(keeper: Keeper, *steps: Callable[[], object]) -> list[str]:
    """Let a session have ended, take steps, and return what was destroyed at the end of each."""
    destroyed: list[str] = []
    over = asyncio.Event()
    task = asyncio.create_task(
        keeper.until_left(over.is_set, destroy=lambda: destroyed.append("session"))
    )
    for step in steps:
        step()
        await asyncio.sleep(0.3)
    over.set()
    await task
    return destroyed


async def test_what_is_thrown_away_is_destroyed_after_a_while(keeper, window, clock):
    def later() -> None:
        clock.now += keeping.UNDO + 0.1

    def told(left: float | None) -> Callable[[], None]:
        def look() -> None:
            assert window.desk().undo == left

        return look

    steps = lambda: window.run(ThrowAway()), told(keeping.UNDO), later, told(None)
    assert await looked_at(keeper, *steps) == ["session"]
    assert keeper.fate is Fate.THROWN


async def test_what_is_taken_back_is_kept(keeper, window):
    destroyed = await looked_at(
        keeper, lambda: window.run(ThrowAway()), lambda: window.run(TakeBack())
    )
    assert destroyed == []
    assert keeper.fate is Fate.KEPT


async def test_too_late_is_too_late(keeper, window, clock):
    def later() -> None:
        clock.now += keeping.UNDO + 0.1

    back = lambda: window.run(TakeBack())  # noqa: E731
    assert await looked_at(keeper, lambda: window.run(ThrowAway()), later, back) == ["session"]
    assert keeper.fate is Fate.THROWN


async def test_who_leaves_has_decided(keeper, window):
    destroyed = await looked_at(
        keeper, lambda: window.run(ThrowAway()), lambda: window.run(Leave())
    )
    assert destroyed == ["session"]


def test_an_errand_that_takes_a_moment_is_seen_at_once(keeper, window):
    assert window.run(Unlock("a secret"))
    assert window.desk().busy
    assert keeper.next(within=0.0) == Unlock("a secret")


@pytest.mark.parametrize("errand", [Unlock("a secret"), MakeLibrary("a secret")])
def test_a_secret_is_in_no_text_of_an_errand(errand):
    assert "secret" not in repr(errand)


def test_a_strap_that_is_heard_no_more_is_forgotten(keeper, window, clock):
    keeper.show(listening=True)
    keeper.hear(Found("H10 1", "A0", -60))
    keeper.hear(Found("", "A0", -50))
    (strap,) = window.desk().straps
    assert (strap.name, strap.rssi) == ("H10 1", -50)
    clock.now += 12.0
    assert window.desk().straps[0].ago == pytest.approx(12.0)
    clock.now += keeping.FORGOTTEN
    assert window.desk().straps == ()


def test_who_asks_for_a_session_before_there_is_one_learns_nothing(keeper, window):
    with pytest.raises(msgspec.ValidationError):
        window.snapshot()
