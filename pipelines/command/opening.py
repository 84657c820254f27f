"""`interbeat` without a command: a window that opens at the beginning, and the desk behind it.

This process opens the library, listens for straps and records; the window shows and asks. What a
person types into it comes over the pipe, never as an argument or in the environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from devices import clock, sources
from devices.link import Adapter, BluetoothTrouble, NoBluetooth, listen
from devices.scripted import REPLAY
from pipelines import store as stores
from pipelines.analysis import get_ready_meanwhile
from pipelines.command.holdings import holdings_of
from pipelines.command.keeper import Keeper, linger
from pipelines.command.librarian import Librarian
from pipelines.command.output import say
from pipelines.command.recording import Wish, recorded
from pipelines.command.reviewing import review_session
from pipelines.command.signals import ended_by_signals
from pipelines.command.small import Small
from pipelines.command.weekly import tend_weeks
from pipelines.language import tr
from pipelines.places import default_store
from pipelines.recording import (
    Begin,
    Browse,
    ChosenStrap,
    Errand,
    Holding,
    KeepLabels,
    KeepPedal,
    KeepPractice,
    KeepWeeks,
    Leave,
    LetGo,
    LibraryState,
    Listen,
    Lock,
    MakeLibrary,
    OfWeeks,
    Open,
    OwnLabels,
    Simulate,
    Unlock,
    Wearer,
    WrittenDown,
)
from pipelines.session import (
    CLIENT,
    OWN_PRACTICE,
    Consent,
    Pace,
    Phase,
    PhaseName,
    Source,
    Strap,
    WallClock,
)
from pipelines.store import Library, LibraryError, LibraryExists, NoPassphrase, WrongPassphrase

LOOK = 0.2
"""Seconds between looks at whether the window is still there."""
SIMULATED_FOR = 3600.0
"""Seconds that a simulated strap sends."""
NO_GUESSING = stores.Cost(n=2, r=1, p=1)
"""What is enough for a secret that no person chose: it cannot be guessed."""


class NotWrittenDown(Exception):  # noqa: N818 - a person's choice
    """A person went back before the recovery key was written down."""


def open_window() -> None:
    """Open the window and do its errands until a person closes it."""
    folder = default_store()
    opened = _opened_unasked(folder)
    state = LibraryState.OPEN if opened else _state(folder)
    with Keeper(state) as keeper, ended_by_signals(keeper.over.set):
        clerk = Clerk(keeper, folder, opened)
        keeper.open_start()
        get_ready_meanwhile(say, speed=1.0)
        while keeper.is_open and not keeper.over.is_set():
            errand = keeper.next(within=LOOK)
            if errand is not None:
                clerk.do(errand)
        keep_last(keeper, clerk)


def keep_last(keeper: Keeper, clerk: Clerk) -> None:
    """Keep what a window told to be kept as it closed; nobody waits for anything else."""
    while keeper.has_errand():
        errand = keeper.next(within=0.0)
        if isinstance(errand, KeepPractice | KeepWeeks | LetGo):
            clerk.do(errand)


class Clerk:
    """Does what the window asks for, one errand after another."""

    def __init__(
        self,
        keeper: Keeper,
        folder: Path,
        library: Library | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keeper, self._folder, self._library = keeper, folder, library
        self._small = None if library is None else Small(library)
        self._clock = clock
        """Seconds since 1970 UTC, as a person's weeks count them."""
        self._recorded: Library | None = None
        """Where the newest session was recorded."""
        self._show_last()

    def do(self, errand: Errand) -> None:
        """Do an errand; what keeps it from being done is said on the desk."""
        try:
            self._do(errand)
        except WrongPassphrase as error:
            self._keeper.show(refusal=str(error), wrong_secret=True)
        except LibraryExists:  # another program has made it meanwhile
            self._keeper.show(library=LibraryState.LOCKED)
        except LibraryError as error:
            self._keeper.show(refusal=str(error))
        finally:
            self._keeper.show(busy=False)

    def _do(self, errand: Errand) -> None:
        match errand:
            case Unlock(secret):
                self._open(stores.open_library(self._folder, secret))
            case MakeLibrary(passphrase):
                self._make(passphrase)
            case Listen() | Begin():
                clock.run(self._with_straps(errand))
            case Simulate(speed):
                library = stores.open_or_create_with_key_file(default_store("demo"))
                made = sources.simulated("therapy", seconds=SIMULATED_FOR)
                wearer = Wearer(made, CLIENT)
                recording = self._record(
                    library, (wearer,), "simulated, nobody to ask", speed=speed
                )
                clock.run(recording, speed=speed)
            case KeepLabels(labels, client) if self._library is not None:
                if client is None:
                    self._library.keep_labels(labels)
                else:
                    self._library.keep_client_labels(client, labels)
                self._show_keys(self._library)
            case KeepPedal(key) if self._library is not None:
                self._library.keep_pedal(key)
                self._keeper.show(pedal=key)
            case KeepPractice() if self._library is not None:
                keep_practice(self._library, errand)
                self._show_last()
            case _ if isinstance(errand, OfWeeks) and self._library is not None:
                tend_weeks(self._keeper, self._library, errand, self._clock)
            case Browse() if self._library is not None and self._small is not None:
                Librarian(self._keeper, self._library, self._small, self._show_last).run()
            case Open(session):
                self._review(session)
            case Lock() if self._library is not None and self._library.names_clients:
                self._library = self._small = self._recorded = None
                self._keeper.lock()
                self._keeper.show(weeks=b"", page=None)
            case Leave():
                self._keeper.show(refusal=None, wrong_secret=False, bluetooth=None)
                self._keeper.show(weeks=b"", page=None)

    def _review(self, session: str) -> None:
        """Review a session; what is known of it in small may differ afterwards."""
        library, small = self._holding(session), self._small
        if small is None or library is not self._library:
            review_session(self._keeper, library, session)
            return
        review_session(self._keeper, library, session, partial(small.review, session))
        small.look_again(session)

    def _holding(self, session: str) -> Library:
        """Return the library that holds a session: the own one, or where it was just recorded.

        Raises
        ------
        LibraryError
            If neither does.
        """
        found = [one for one in (self._library, self._recorded) if one is not None]
        for library in found:
            if any(one.id == session for one in library.sessions()):
                return library
        raise LibraryError(tr("There is no session {session} to review.", session=session))

    def _open(self, library: Library) -> None:
        if library.newer is not None:
            self._keeper.show(refusal=library.newer)
            return
        self._library, self._small = library, Small(library)
        self._keeper.show(library=LibraryState.OPEN, refusal=None, wrong_secret=False)
        self._show_last()

    def _make(self, passphrase: str) -> None:
        with contextlib.suppress(NotWrittenDown):
            self._open(stores.create_library(self._folder, passphrase, show=self._show_recovery))
        self._keeper.show(recovery=None)

    def _show_recovery(self, recovery: str) -> None:
        """Show the recovery key until it is written down; else there is to be no library."""
        self._keeper.show(recovery=recovery, busy=False)
        errand: Errand | None = None
        while errand is None:
            if self._keeper.over.is_set() or not self._keeper.is_open:
                raise NotWrittenDown
            errand = self._keeper.next(within=LOOK)
        if not isinstance(errand, WrittenDown):
            raise NotWrittenDown
        self._keeper.show(recovery=None, busy=True)

    async def _with_straps(self, errand: Listen | Begin) -> None:
        """Listen for straps and record, in one loop: a session takes over what is connected."""
        async with Holding() as holding:
            if isinstance(errand, Listen):
                holding.hold(errand.straps)
                await self._listen(holding)
                following = self._keeper.next(within=0.0) if self._keeper.has_errand() else None
            else:
                following = errand
            if isinstance(following, Begin):
                await self._begin(following, holding)
            elif following is not None:
                self._keeper.put_back(following)

    async def _begin(self, errand: Begin, holding: Holding) -> None:
        holding.hold(errand.straps)
        worn = tuple(_wearer(strap, holding) for strap in errand.straps)
        if errand.practice:
            await self._practise(worn)
        elif self._library is not None:
            await self._record(self._library, worn, "consent not asked", client=errand.client)

    async def _listen(self, holding: Holding) -> None:
        """Listen for straps until there is anything else to do."""
        self._keeper.forget_straps()
        self._keeper.show(listening=True, bluetooth=None, details="", refusal=None)
        try:
            await self._heard(holding)
        except NoBluetooth as error:
            self._keeper.tell_no_bluetooth(error)
        except TimeoutError:
            self._keeper.show(refusal=tr("Bluetooth did not answer in time; try again."))
        except Exception as error:  # noqa: BLE001 - bleak's backends raise anything
            unknown = NoBluetooth(BluetoothTrouble.UNKNOWN)
            unknown.__cause__ = error
            self._keeper.tell_no_bluetooth(unknown)
        finally:
            self._keeper.show(listening=False, held=())

    async def _heard(self, holding: Holding) -> None:
        until = asyncio.Event()
        hearing = asyncio.create_task(listen(Adapter(), self._keeper.hear, until=until))
        try:
            while not hearing.done() and self._goes_on(holding):
                await linger()
        finally:
            until.set()
            await hearing

    def _goes_on(self, holding: Holding) -> bool:
        """Hold the straps that are chosen meanwhile; return False once anything else is asked."""
        keeper = self._keeper
        if keeper.over.is_set() or not keeper.is_open:
            return False
        while keeper.has_errand():
            errand = keeper.next(within=0.0)
            if not isinstance(errand, Listen):
                if errand is not None:
                    keeper.put_back(errand)
                return False
            holding.hold(errand.straps)
        unable = holding.unable()
        if unable is not None:
            raise unable
        keeper.show(held=holding.stand())
        return True

    async def _practise(self, worn: tuple[Wearer, ...]) -> None:
        """Record a practice; without an open library into one whose key nobody has, and is gone."""
        if self._library is not None:
            await self._record(self._library, worn, OWN_PRACTICE, practice=True)
            return
        with tempfile.TemporaryDirectory(prefix="interbeat-") as folder:
            secret = secrets.token_urlsafe(32)
            passing = stores.create_library(
                Path(folder) / "library", secret, show=lambda _: None, cost=NO_GUESSING
            )
            await self._record(passing, worn, OWN_PRACTICE, practice=True, kept=False)

    async def _record(
        self,
        library: Library,
        worn: tuple[Wearer, ...],
        consent: str,
        *,
        speed: float = 1.0,
        practice: bool = False,
        kept: bool = True,
        client: str | None = None,
    ) -> None:
        wish = Wish(
            wearers=worn, library=library, speed=speed,
            headless=False, as_json=False, consent=consent, practice=practice, kept=kept,
            client=client, compares=practice,
        )  # fmt: skip
        self._recorded = library
        get_ready_meanwhile(say, speed=speed)
        try:
            trouble = await recorded(wish, self._keeper)
            if not self._keeper.has_errand():  # else somebody has gone on already
                self._keeper.show(refusal=trouble)
        finally:
            self._show_last()  # the page that comes when the session is left shows it at once
            self._keeper.leave_session()

    def _show_last(self) -> None:
        if self._library is not None:
            with contextlib.suppress(LibraryError):
                self._show_keys(self._library)
                self._keeper.show(last=last_strap(self._library))
                self._keeper.show(lockable=self._library.names_clients)
                said = self._keeper.holdings.said
                self._keeper.show_holdings(holdings_of(self._library, said))
        else:
            self._keeper.show(labels=None, pedal=None)

    def _show_keys(self, library: Library) -> None:
        """Show what the keys mark, for everyone and for clients with words of their own."""
        own = tuple(OwnLabels(*one) for one in library.client_labels().items())
        named = tuple(library.clients()) if library.names_clients else None
        self._keeper.show(labels=library.labels(), pedal=library.pedal())
        self._keeper.show(clients=named, own=own)


def keep_practice(library: Library, practice: KeepPractice) -> str:
    """Keep a practice that no strap heard of as a session without a wearer, and return its id.

    Raises
    ------
    LibraryError
        If it cannot be kept.
    """
    started = time.time() - practice.seconds
    writer = library.new_session(started)
    paces = (Pace(after, rate, practice.inhale) for after, rate in practice.paces)
    try:
        writer.append(
            (
                WallClock(0.0, started),
                Consent(0.0, OWN_PRACTICE),
                Phase(0.0, PhaseName.SESSION),
                *paces,
                Phase(practice.paces[-1][0], PhaseName.FINISHED),
            )
        )
    except LibraryError:
        writer.close(beats=0)
        with contextlib.suppress(LibraryError):
            library.delete(writer.session)  # rather none than one that says nothing
        raise
    writer.close(beats=0)
    return writer.session


def last_strap(library: Library) -> ChosenStrap | None:
    """Return the real strap that the client of the newest session wore, None if none is known."""
    kept = [one for one in library.sessions() if one.state != "recording" and one.beats]
    newest = max(kept, key=lambda one: one.started, default=None)
    if newest is None:
        return None
    name, found = "", None
    for event in library.events(newest.id):
        if isinstance(event, Source) and event.role == CLIENT and not event.simulated:
            found = event
        elif isinstance(event, Strap) and found is not None and event.source == found.source:
            name = event.name
    if found is None or found.address in ("", REPLAY):
        return None
    return ChosenStrap(name or found.device, found.address, CLIENT)


def _opened_unasked(folder: Path) -> Library | None:
    """Return the library where key file, environment or keyring open it, None where none does."""
    try:
        if not stores.library_exists(folder):
            return None
        if stores.has_key_file(folder):
            return stores.open_library(folder)
        return stores.open_library(folder, stores.find_passphrase(folder, ask=_nobody))
    except LibraryError:
        return None


def _nobody(_: str) -> str:
    raise NoPassphrase(tr("The passphrase is asked for in the window."))


def _state(folder: Path) -> LibraryState:
    try:
        exists = stores.library_exists(folder)
    except LibraryError:
        exists = True
    return LibraryState.LOCKED if exists else LibraryState.MISSING


def _wearer(strap: ChosenStrap, holding: Holding) -> Wearer:
    opened = sources.real(strap.address)
    named = replace(opened, device=strap.name or strap.address, address=strap.address)
    return Wearer(named, strap.role, link=holding.link(strap.address))
