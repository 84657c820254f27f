"""A session in memory, to be rescued: all of its events, and how many a rescue file holds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from pipelines.language import tr
from pipelines.places import rescue_folder
from pipelines.store.frames import pack
from pipelines.store.rescue import RescueFile
from pipelines.store.trouble import Place


class RescueLog:
    """The events of a session from its beginning, about 60 bytes a packet.

    Parameters
    ----------
    session : str
        Its id.
    place : Place
        The session, as errors name it, and the library's folder.
    begin : callable
        Makes the session's rescue file.
    """

    def __init__(self, session: str, place: Place, begin: Callable[[], RescueFile]) -> None:
        self._session = session
        self._place = place
        self._begin = begin
        self._events = bytearray()
        self._until = 0.0
        self._file: RescueFile | None = None
        self._saved: int | None = None
        self._saved_until = 0.0

    def add(self, bodies: Iterable[bytes], until: float) -> None:
        """Remember events as stored, which make the session last `until` (s)."""
        self._events += pack(bodies)
        self._until = until

    def save(self) -> None:
        """Bring what was added since the last call to the rescue file, making it if need be.

        Where that fails nothing is raised: `meanwhile` says so, and the next call tries again.
        """
        # Someone may have removed it: all it held is still here.
        if self._file is not None and not self._file.is_in_place():
            self.close()
        with contextlib.suppress(OSError):
            if self._file is None:
                self._file, self._saved, self._saved_until = self._begin(), 0, 0.0
            if not self._is_saved:
                self._file.append(bytes(self._events[self._saved :]))
                self._saved, self._saved_until = len(self._events), self._until

    def close(self) -> None:
        """Let go of the rescue file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def meanwhile(self, cause: str) -> str:
        """Return one sentence that begins with `cause` and says where the recording goes on."""
        if self._is_saved:
            return tr(
                "{cause}; the recording goes on in a rescue file, and `interbeat sessions "
                "recover --store {folder}` brings it all back when it has ended.",
                cause=cause,
                folder=self._place.folder,
            )
        return tr(
            "{cause}, and no rescue file can be written in {rescue_folder}; the recording "
            "goes on in memory alone, so make room there before it ends.",
            cause=cause,
            rescue_folder=rescue_folder(),
        )

    def afterwards(self) -> str:
        """Return one sentence on where the session is now, or what of it is lost."""
        if self._is_saved:
            return tr(
                "Session {session} is whole in a rescue file in {rescue_folder}; `interbeat "
                "sessions recover --store {folder}` takes it into its library, which it makes "
                "again there if it is gone.",
                session=self._session,
                rescue_folder=rescue_folder(),
                folder=self._place.folder,
            )
        held = (
            tr("the first {saved_until:.0f} s", saved_until=self._saved_until)
            if self._saved
            else tr("nothing")
        )
        return tr(
            "The rescue file in {rescue_folder} could not be written to the end: it holds "
            "{held} of {until:.0f} s of session {session}, and what neither it nor the "
            "library in {folder} holds is lost.",
            rescue_folder=rescue_folder(),
            held=held,
            until=self._until,
            session=self._session,
            folder=self._place.folder,
        )

    @property
    def _is_saved(self) -> bool:
        return self._saved == len(self._events)
