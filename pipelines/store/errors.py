"""What can go wrong with a library, each as one sentence that a person can act on.

No sentence holds a passphrase, a key or anything that was recorded.
"""

# Each name states the trouble; the common ancestor carries the suffix.
# ruff: noqa: N818

from __future__ import annotations


class LibraryError(Exception):
    """Something about a library; `sentence` says what, where and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoLibrary(LibraryError):
    """The folder holds no library, or other things."""


class NoPassphrase(LibraryError):
    """No passphrase could be had, or it is empty."""


class LibraryExists(LibraryError):
    """Where a library was to be made there is one already."""


class WrongPassphrase(LibraryError):
    """The passphrase or recovery key does not open the library."""


class NewerSchema(LibraryError):
    """A newer version of the program wrote this."""


class UnknownSession(LibraryError):
    """The library has no such session."""


class UnknownClient(LibraryError):
    """The library has no client of that name."""


class SessionInUse(LibraryError):
    """A living process records this session, or holds a file of the library."""


class Unreadable(LibraryError):
    """A file was changed or cut from outside, or is missing."""


class CannotWrite(LibraryError):
    """The disk does not play along, or may not be used; everything committed before is kept."""


class DiskFull(CannotWrite):
    """The disk is full; everything committed before is kept."""
