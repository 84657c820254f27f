"""Functions turned into machine code by Numba when they are first called.

Only loops over beats or windows belong here that do not vectorise, or that would fill memory with
what is read once: sample entropy, detrended fluctuations, spectra and the sinusoids of breathing,
sums, moments, histograms, patterns and coverage of sliding windows, low and high, turning points,
where stretches begin.
Numba is imported at the first call, so that importing physio stays quick. What was compiled is
kept on disk beside the module or in the user's cache, and only in memory where neither can be
written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
Scalar = TypeVar("Scalar", bound=np.generic)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` with the same signature, compiled when it is first called.

    Arithmetic keeps its order (no fast-math, but see `compiled_sums`), a division by zero gives inf
    or nan, places are not checked, and other threads run meanwhile. A compiled function may call
    another of the same module; the stored code is renewed when that module's file changes, not when
    others do, so that their constants are handed over as arguments.
    Every new combination of argument types is compiled once; to Numba a read-only array is of
    another type than a writable one (see `frozen`), as is a strided one.
    """
    return _Compiled(function, frozenset())


def compiled_sums(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` as `compiled` does, free to add up its sums in any order, several at once.

    For loops that do little else, which would wait for one addition before they begin the next. A
    sum is as near to the true one as before, but its last digit depends on the processor. No other
    liberty of fast-math is taken: nan and inf stay what they are. The order of the arithmetic is
    kept in a `compiled` function that this one calls.
    """
    return _Compiled(function, frozenset(("reassoc",)))


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a read-only array in one piece, a view where it can be: of one type to Numba."""
    flags = array.flags
    if flags.c_contiguous and not flags.writeable:
        return array
    view = array.view() if flags.c_contiguous else array.copy()
    view.setflags(write=False)
    return view


class _Compiled(Generic[P, R]):
    """A function and, from the first call on, its machine code."""

    def __init__(self, function: Callable[P, R], liberties: frozenset[str]) -> None:
        self._function = function
        self._liberties = liberties
        self._dispatcher: Any = None
        self._making = Lock()
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        run = self._dispatcher or self._made()
        try:
            result: R = run(*args, **kwargs)
        except OSError:
            # The disk was full: the code is there, only storing it failed, before it ran.
            result = run(*args, **kwargs)
        return result

    @property
    def _numba_type_(self) -> Any:
        """What Numba asks for where one compiled function calls another."""
        return self._made()._numba_type_

    def _made(self) -> Any:
        with self._making:
            if self._dispatcher is None:
                self._dispatcher = _dispatcher(self._function, self._liberties)
        return self._dispatcher


def _dispatcher(function: Callable[..., Any], liberties: frozenset[str]) -> Any:
    from numba import njit

    translate = partial(njit, nogil=True, fastmath=set(liberties), error_model="numpy")
    try:
        return translate(function, cache=True)
    except RuntimeError:
        # No folder to keep the code in can be written.
        return translate(function)
