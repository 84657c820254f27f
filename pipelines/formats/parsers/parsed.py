"""What a parser gives, and how it is asked."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray


class Channel(msgspec.Struct, frozen=True):
    """One channel: `samples` are little-endian floats of `size` bytes, NaN where one is missing.

    `start` is the time of its first sample in s, on any clock that the channels share.
    """

    label: str
    kind: str
    rate: float
    samples: memoryview
    start: float = 0.0
    size: int = 8

    @property
    def values(self) -> NDArray[np.floating[Any]]:
        """The samples as an array."""
        return np.frombuffer(self.samples, f"<f{self.size}")


class Parsed(msgspec.Struct, frozen=True, tag=True):
    """What a file holds.

    Attributes
    ----------
    channels : tuple of Channel
        Its signals.
    rr : bytes-like
        Intervals in ms as little-endian doubles, NaN where one is missing.
    started : str or None
        When it began (ISO 8601).
    notes : tuple of str
        What had to be inferred.
    """

    channels: tuple[Channel, ...] = ()
    rr: memoryview = memoryview(b"")
    started: str | None = None
    notes: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Why it is not read."""

    what: str
    hint: str


class Refusal(Exception):  # noqa: N818 - the name states the trouble
    """Raised by a parser: what was found, and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint


class Question(msgspec.Struct, frozen=True):
    """Which parser, and what a file holds."""

    parser: str
    data: bytes


def packed(samples: NDArray[np.floating[Any]], *, size: int = 8) -> memoryview:
    """Return samples as bytes, `size` of each."""
    return memoryview(np.ascontiguousarray(samples, f"<f{size}").tobytes())
