"""What a library keeps beside its sessions: secrets, whose sessions are, keys, straps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pipelines.language import tr
from pipelines.store import keyfile, keys
from pipelines.store.errors import LibraryError, UnknownClient
from pipelines.store.folder import LibraryFolder
from pipelines.store.keys import Cost
from pipelines.store.own import FILE as OWN_FILE
from pipelines.store.own import OwnFile

LABELS = 9


class Settings(LibraryFolder):
    """The part of a library that keeps what was chosen, in its index and its key file."""

    def change_passphrase(self, passphrase: str, *, cost: Cost | None = None) -> None:
        """Open with another passphrase from now on; the recovery key stays as it is.

        A copy of library.json made before still opens with the old passphrase.

        Raises
        ------
        LibraryError
            If it is empty, or the library opens with a key file instead.
        """
        self._refuse_newer()
        self._refuse_key_file()
        with keyfile.alone(self.folder):
            sealed = keys.seal(self._key, keyfile.spoken(passphrase), cost or Cost())
            before = keyfile.read(self.folder)
            keyfile.write(self.folder, msgspec.structs.replace(before, passphrase=sealed))

    def change_recovery_key(self, show: Callable[[str], object]) -> None:
        """Have a new recovery key, and open with the old one no more; the passphrase stays.

        `show` shows it to a person and is called before it counts: whenever this is cut short, the
        passphrase opens, and either the old recovery key or the one that was shown.

        Raises
        ------
        LibraryError
            If the library opens with a key file instead.
        """
        self._refuse_newer()
        self._refuse_key_file()
        recovery = keys.new_recovery_key()
        with keyfile.alone(self.folder):
            sealed = keys.seal(self._key, recovery, None)
            after = msgspec.structs.replace(keyfile.read(self.folder), recovery=sealed)
            keyfile.write(self.folder, after, announce=lambda: show(recovery))

    def own_file(self) -> OwnFile:
        """Return the own file of the person whose library this is (see `pipelines.store.own`).

        It opens with the passphrase and the recovery key that the library has now.

        Raises
        ------
        LibraryError
            If the library opens with a key file, so that anybody could read it.
        """
        self._refuse_newer()
        if keyfile.has_key_file(self.folder):
            raise LibraryError(
                tr(
                    "The library in {folder} opens without a passphrase, so anybody could read "
                    "your weeks there; create a library with a passphrase for them.",
                    folder=self.folder,
                )
            )
        return OwnFile(self.folder / OWN_FILE, self._key, keyfile.read(self.folder))

    def ticks(self) -> dict[str, int]:
        """Return what straps count their intervals in a second, by address, as told before.

        Those that are not there count as specified.
        """
        return self._index.ticks()

    def remember_ticks(self, ticks: Mapping[str, int]) -> None:
        """Remember what straps count in a second, by address; 1024, as specified, forgets it."""
        self._refuse_newer()
        self._index.remember_ticks(ticks)

    def models(self) -> dict[str, str]:
        """Return what model straps are, by address in small letters, as their sessions tell.

        What a session that was deleted told is not known any more.
        """
        return {
            one.address.casefold(): one.model
            for info in self.sessions()
            for one in info.sources
            if one.address and one.model
        }

    def clients(self) -> list[str]:
        """Return the names that clients were given, in the order of their letters.

        They are those of sessions, and of clients who have labels of their own.
        """
        named = {info.client for info in self.sessions() if info.client is not None}
        named |= self.client_labels().keys()
        return sorted(named, key=lambda name: (name.casefold(), name))

    def name_client(self, session: str, client: str | None) -> None:
        """Say whose a session was, by a made-up name, or with None that nobody says so.

        The name lies in the encrypted index alone.

        Raises
        ------
        LibraryError
            If the library opens with a key file, so that anybody could read the name.
        """
        self._refuse_newer()
        self.session(session)
        self._refuse_names()
        self._index.name_client(session, client)

    def merge_clients(self, client: str, into: str) -> None:
        """Make all sessions of one client another's, by the names given.

        What the keys mark for the other stays; what they marked for the one is taken over where the
        other had no words of their own. All of it is done at once, or nothing.

        Raises
        ------
        UnknownClient
            If there is none of either name.
        """
        self._refuse_newer()
        if not {client, into} <= set(self.clients()):
            raise UnknownClient(
                tr(
                    "The library in {folder} has no client of that name; `interbeat sessions "
                    "clients` shows those there are.",
                    folder=self.folder,
                )
            )
        self._index.merge_clients(client, into)

    def labels(self) -> tuple[str, ...] | None:
        """Return the words that the keys 1 to 9 mark, "" for none; None where nobody chose."""
        return self._index.labels()

    def keep_labels(self, labels: Sequence[str]) -> None:
        """Keep the words that the keys 1 to 9 mark, "" for none, in the encrypted index.

        Raises
        ------
        ValueError
            If they are not nine.
        """
        _refuse_other_than_nine(labels)
        self._refuse_newer()
        self._index.keep_labels(labels)

    def client_labels(self) -> dict[str, tuple[str, ...]]:
        """Return, of each client who has words of their own, what the keys 1 to 9 mark for them.

        For all others they mark what `labels` says.
        """
        return self._index.client_labels()

    def keep_client_labels(self, client: str, labels: Sequence[str]) -> None:
        """Keep what the keys 1 to 9 mark for a client, by the name given; nine of "" for no own.

        They lie in the encrypted index alone, and go with the client's last session.

        Raises
        ------
        ValueError
            If they are not nine.
        LibraryError
            If the library opens with a key file, so that anybody could read the name.
        """
        _refuse_other_than_nine(labels)
        self._refuse_newer()
        self._refuse_names()
        self._index.keep_client_labels(client, labels)

    def pedal(self) -> int | None:
        """Return the code of the key that a foot pedal presses, None where none was learnt."""
        return self._index.pedal()

    def keep_pedal(self, key: int | None) -> None:
        """Keep the code of the key that a foot pedal presses, None for no pedal."""
        self._refuse_newer()
        self._index.keep_pedal(key)

    def _refuse_key_file(self) -> None:
        if keyfile.has_key_file(self.folder):
            raise LibraryError(
                tr(
                    "The library in {folder} opens with its key file and has neither passphrase "
                    "nor recovery key to change; create another library to have them.",
                    folder=self.folder,
                )
            )


def _refuse_other_than_nine(labels: Sequence[str]) -> None:
    if len(labels) != LABELS:
        raise ValueError("there are nine labels")
