"""Arrays that grow at their end at constant average cost."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

T = TypeVar("T", bound=np.generic)


class Growing(Generic[T]):
    """A one-dimensional array that grows at its end; `values` is a read-only view of it."""

    def __init__(self, dtype: type[T]) -> None:
        self._store: NDArray[T] = np.empty(64, dtype=dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, values: ArrayLike) -> None:
        """Add `values` (one or many) at the end."""
        new = np.atleast_1d(np.asarray(values, dtype=self._store.dtype))
        length = self._length + len(new)
        if length > len(self._store):
            grown: NDArray[T] = np.empty(max(length, 2 * len(self._store)), self._store.dtype)
            grown[: self._length] = self._store[: self._length]
            self._store = grown
        self._store[self._length : length] = new
        self._length = length

    def keep(self, length: int) -> None:
        """Forget all but the first `length` values."""
        self._length = min(self._length, length)

    @property
    def values(self) -> NDArray[T]:
        """What has been appended so far."""
        view = self._store[: self._length]
        view.flags.writeable = False
        return view
