"""A session in memory, to be rescued: all of its events, and how many a rescue file holds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from pipelines.places import rescue_folder
from pipelines.store.database import Place
from pipelines.store.rescue import RescueFile, pack


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
            return (
                f"{cause}; the recording goes on in a rescue file, and `interbeat sessions recover "
                f"--store {self._place.folder}` brings it all back when it has ended."
            )
        return (
            f"{cause}, and no rescue file can be written in {rescue_folder()}; the recording goes "
            "on in memory alone, so make room there before it ends."
        )

    def afterwards(self) -> str:
        """Return one sentence on where the session is now, or what of it is lost."""
        if self._is_saved:
            return (
                f"Session {self._session} is whole in a rescue file in {rescue_folder()}; "
                f"`interbeat sessions recover --store {self._place.folder}` takes it into its "
                "library, which it makes again there if it is gone."
            )
        held = f"the first {self._saved_until:.0f} s" if self._saved else "nothing"
        return (
            f"The rescue file in {rescue_folder()} could not be written to the end: it holds "
            f"{held} of {self._until:.0f} s of session {self._session}, and what neither it nor "
            f"the library in {self._place.folder} holds is lost."
        )

    @property
    def _is_saved(self) -> bool:
        return self._saved == len(self._events)
