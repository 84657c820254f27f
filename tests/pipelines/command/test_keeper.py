"""The desk: what is thrown away can be taken back for a while, and secrets are never told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import msgspec
import pytest

from devices.link import Found
from docs import moments
from pipelines.command import keeper as keeping
from pipelines.command.keeper import Afterwards, Keeper
from pipelines.live import Edit, MarkAgain, RemoveMark
from pipelines.recording import (
    Amend,
    Begin,
    Browse,
    Leave,
    LibraryState,
    Listen,
    MakeLibrary,
    NameClient,
    Open,
    RemoteSession,
    Simulate,
    TakeBack,
    ThrowAway,
    Undoable,
    Unlock,
    connect_at,
    pipe,
)
from pipelines.session import Fate, MarkView
from pipelines.store import LibraryError


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    told = SimpleNamespace(now=100.0)
    monkeypatch.setattr(keeping, "_now", lambda: told.now)
    return told


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an answer take as long as a busy machine needs, and looks follow each other at once."""
    monkeypatch.setattr(pipe, "PATIENCE", 60.0)
    monkeypatch.setattr(pipe, "PATIENCE_FOR_ORDERS", 60.0)
    monkeypatch.setattr(keeping, "linger", lambda: asyncio.sleep(0))


async def settled() -> None:
    """Give the loop more turns than anything here takes."""
    for _ in range(50):
        await asyncio.sleep(0)


@pytest.fixture
def keeper(clock: SimpleNamespace) -> Iterator[Keeper]:
    with Keeper(LibraryState.LOCKED) as made:
        yield made


@pytest.fixture
def window(keeper: Keeper) -> Iterator[RemoteSession]:
    remote = connect_at(keeper.server.address, keeper.server.key)
    yield remote
    remote.close()


async def looked_at(
    keeper: Keeper,
    *steps: Callable[[], object],
    amend: Callable[[Edit], object] = repr,
    name: Callable[[str | None], object] = repr,
) -> list[str]:
    """Let a session have ended, take steps, and return what was destroyed at the end of each."""
    destroyed: list[str] = []
    over = asyncio.Event()
    then = Afterwards(destroy=lambda: destroyed.append("session"), amend=amend, name=name)
    task = asyncio.create_task(keeper.until_left(over.is_set, then))
    for step in steps:
        step()
        await settled()
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


class Finishing:
    """A recording that is asked to finish, as far as the desk looks at it."""

    finished = True

    def __init__(self) -> None:
        self.stopped = asyncio.Event()

    async def until_finished(self) -> None:
        pass

    def stop(self) -> None:
        self.stopped.set()


@pytest.mark.parametrize(
    "errands",
    [
        (Leave(), Simulate(1.0)),
        (Leave(), Listen()),
        (Leave(), Listen(), Begin(())),
        (Begin(()),),
        (Simulate(1.0),),
        (Leave(), Listen(), Leave(), Simulate(6.0)),
        (Open("a session"), Amend(RemoveMark(3.0)), Leave()),
        (Leave(), Browse(), Open("another")),
    ],
)
async def test_what_is_asked_for_right_after_an_end_is_done_and_in_its_order(
    keeper, window, errands
):
    recorder = Finishing()
    keeper.attend(recorder, "a session", lambda: None)
    recording = asyncio.create_task(recorder.stopped.wait())
    then = Afterwards(destroy=repr, amend=repr, name=repr)
    over = asyncio.create_task(keeper.until_over(recording, then))
    await settled()
    for errand in errands:
        await asyncio.to_thread(window.run, errand)
    async with asyncio.timeout(60.0):
        await over
        await keeper.until_left(lambda: False, then)
    left = []
    while keeper.has_errand():
        left.append(keeper.next(within=0.0))
    assert left == [*errands[isinstance(errands[0], Leave) :]]


class Marked:
    """A session with a moment, as far as the desk looks at it."""

    finished = True

    def __init__(self) -> None:
        self.marks = {20.0: "her hip"}
        self.asked: list[Edit] = []

    def handle(self, _: object) -> object:
        marks = tuple(MarkView(*mark) for mark in self.marks.items())
        return msgspec.structs.replace(moments.live().state, marks=marks)

    def amend(self, edit: Edit) -> None:
        self.asked.append(edit)


async def test_a_moment_that_is_removed_can_be_put_back_for_a_while(keeper, window, clock):
    def later() -> None:
        clock.now += keeping.UNDO + 0.1

    def undoes(what: Undoable | None) -> Callable[[], None]:
        def look() -> None:
            assert window.desk().undoes is what

        return look

    session = Marked()
    keeper.attend(session, "a session", lambda: None)
    removed, again = RemoveMark(20.0), MarkAgain(20.0, "her hip")
    steps = (
        *(lambda: window.run(Amend(removed)), undoes(Undoable.REMOVED)),
        *(lambda: window.run(TakeBack()), undoes(None)),
        *(lambda: window.run(Amend(removed)), later, undoes(None), lambda: window.run(TakeBack())),
    )
    assert await looked_at(keeper, *steps, amend=session.amend) == []
    assert session.asked == [removed, again, removed]


async def test_an_edit_that_is_not_kept_is_told_and_offers_nothing_to_undo(keeper, window):
    def refuse(_: Edit) -> None:
        raise LibraryError("The disk is full.")

    def told() -> None:
        assert window.desk().refusal == "The disk is full."
        assert window.desk().undoes is None

    keeper.attend(Marked(), "a session", lambda: None)
    await looked_at(keeper, lambda: window.run(Amend(RemoveMark(20.0))), told, amend=refuse)


class Recording:
    """A recording that somebody finished, as far as the desk looks at it."""

    def __init__(self) -> None:
        self._finished, self.over = asyncio.Event(), asyncio.Event()
        self._finished.set()
        self.told: list[object] = []

    @property
    def finished(self) -> bool:
        return self._finished.is_set()

    def handle(self, _: object) -> object:
        return msgspec.structs.replace(moments.live().state, marks=(MarkView(20.0, "her hip"),))

    async def until_finished(self) -> None:
        await self._finished.wait()

    def go_on(self) -> None:
        self.told.append("go on")
        self._finished.clear()

    def stop(self) -> None:
        self.told.append("stop")
        self.over.set()

    async def run(self) -> None:
        await self.over.wait()


async def gone_on(keeper: Keeper, *steps: Callable[[], object]) -> list[object]:
    """Let a recording have been finished, take steps, and return what it was told."""
    recording = Recording()
    keeper.attend(recording, "a session", lambda: None)
    task = asyncio.create_task(recording.run())
    heard = recording.told.append
    then = Afterwards(destroy=lambda: None, amend=heard, name=heard)
    waiting = asyncio.create_task(keeper.until_over(task, then))
    for step in (lambda: None, *steps):
        await settled()
        step()
    await settled()
    told = [*recording.told]
    recording.over.set()
    await asyncio.wait_for(waiting, 60.0)
    return told


async def test_an_end_can_be_taken_back_for_a_while(keeper, window, clock):
    def undoes(what: Undoable | None) -> Callable[[], None]:
        def look() -> None:
            assert window.desk().undoes is what
            assert window.desk().recording is (what is None and clock.now == 100.0)

        return look

    back = lambda: window.run(TakeBack())  # noqa: E731
    assert await gone_on(keeper, undoes(Undoable.FINISHED), back, undoes(None)) == ["go on"]

    def later() -> None:
        clock.now += keeping.UNDO + 0.1

    assert await gone_on(keeper, later, undoes(None), back) == ["stop"]


async def test_what_was_done_last_is_taken_back_first(keeper, window, clock):
    def later() -> None:
        clock.now += 2.0

    def undoes(what: Undoable | None) -> Callable[[], None]:
        def look() -> None:
            assert window.desk().undoes is what

        return look

    removed, again = RemoveMark(20.0), MarkAgain(20.0, "her hip")
    remove, back = lambda: window.run(Amend(removed)), lambda: window.run(TakeBack())
    steps = later, remove, undoes(Undoable.REMOVED), back, undoes(Undoable.FINISHED), back
    assert await gone_on(keeper, *steps, undoes(None)) == [removed, again, "go on"]


async def test_a_name_is_kept_while_an_end_can_be_taken_back(keeper, window):
    named = lambda: window.run(NameClient("Juniper"))  # noqa: E731
    assert await gone_on(keeper, named) == ["Juniper"]


@pytest.mark.parametrize("errand", [Leave(), ThrowAway()])
async def test_who_decides_before_ends_it_and_is_heard_after(keeper, window, errand):
    assert await gone_on(keeper, lambda: window.run(errand)) == ["stop"]
    assert keeper.next(within=0.0) == errand


async def test_a_session_is_named_and_the_name_is_known_from_then_on(keeper, window):
    named: list[str | None] = []

    def told(client: str | None, *clients: str) -> Callable[[], None]:
        def look() -> None:
            assert (window.desk().client, window.desk().clients) == (client, clients)

        return look

    keeper.attend(Marked(), "a session", lambda: None)
    keeper.show(clients=("Rowan",))
    steps = (
        *(lambda: window.run(NameClient("Juniper")), told("Juniper", "Juniper", "Rowan")),
        *(lambda: window.run(NameClient("")), told(None, "Juniper", "Rowan")),
    )
    await looked_at(keeper, *steps, name=named.append)
    assert named == ["Juniper", None]
    keeper.leave_session()
    assert window.desk().clients is None


async def test_a_name_that_is_not_kept_is_not_shown(keeper, window):
    def refuse(_: str | None) -> None:
        raise LibraryError("The disk is full.")

    def told() -> None:
        assert window.desk().refusal == "The disk is full."
        assert window.desk().client is None

    keeper.attend(Marked(), "a session", lambda: None)
    await looked_at(keeper, lambda: window.run(NameClient("Juniper")), told, name=refuse)


async def test_what_is_thrown_away_is_edited_no_more(keeper, window):
    session = Marked()
    keeper.attend(session, "a session", lambda: None)
    steps = lambda: window.run(ThrowAway()), lambda: window.run(Amend(RemoveMark(20.0)))
    assert await looked_at(keeper, *steps, amend=session.amend) == ["session"]
    assert session.asked == []


def test_an_errand_that_takes_a_moment_is_seen_at_once(keeper, window):
    assert window.run(Unlock("a secret"))
    assert window.desk().busy
    assert keeper.next(within=0.0) == Unlock("a secret")


@pytest.mark.parametrize(
    "errand", [Unlock("a secret"), MakeLibrary("a secret"), NameClient("a secret")]
)
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
