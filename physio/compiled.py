"""Functions that are interpreted for short work and turned into machine code by Numba for long.

Only loops over beats or windows belong here that do not vectorise, or that would fill memory with
what is read once: sample entropy, detrended fluctuations, spectra and the sinusoids of breathing,
moments, histograms, patterns and coverage of sliding windows, low and high, turning points.

The rule. Machine code costs a second to load and, once on a computer, many to compile; a recording
of ten minutes is interpreted in a part of that. So a process interprets until the windows that it
has laid hold more than `SHORT` beats together (`expect`), and uses machine code from then on. Both
give the same to 1e-9. Numba is imported with the first machine code, so that importing physio stays
quick; where that is kept, `physio.code_cache` says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
Scalar = TypeVar("Scalar", bound=np.generic)

SHORT = 40_000
"""Beats times windows up to which work is short: each window counts the beats that it holds.

Ours: a recording of ten minutes comes to about 13,000, one of an hour to 90,000; at this many the
interpreter has taken about as long as loading machine code takes.
"""


@dataclass(slots=True)
class _Course:
    """How the compiled functions of this process run, and why.

    Attributes
    ----------
    laid : int
        Beats in all windows so far.
    machine : bool
        Whether machine code is used.
    held : bool
        Whether it is used only when told, however much work there is.
    before : callable or None
        Called once, before long work turns to machine code.
    """

    laid: int = 0
    machine: bool = False
    held: bool = False
    before: Callable[[], None] | None = None


class _Here(threading.local):
    """What holds in one thread alone: whether it uses machine code, and is inside a function."""

    machine = False
    inside = False


_course = _Course()
_here = _Here()

FUNCTIONS: list[_Compiled[..., Any]] = []
"""All that are compiled, in the order in which their modules were imported."""


def expect(first: NDArray[np.int64], last: NDArray[np.int64]) -> None:
    """Tell of windows over the beats first[j] to last[j] - 1 before they are worked on."""
    if _course.machine or _course.held:
        return
    _course.laid += int((last - first).sum())
    if _course.laid > SHORT:
        before, _course.before = _course.before, None
        if before is not None:
            before()
        use_machine_code()


def before_machine_code(call: Callable[[], None]) -> None:
    """Let `call` be called once when long work turns to machine code, which may be compiled yet."""
    _course.before = call


def interpret_until_told() -> None:
    """Interpret work of any length until `use_machine_code`: nothing is loaded in between."""
    _course.held = True


def use_machine_code() -> None:
    """Use machine code in the whole process from now on, compiling what is not there."""
    _course.machine = True


@contextmanager
def machine_code_here() -> Iterator[None]:
    """Use machine code in this thread, which loads or compiles it, while others interpret."""
    before, _here.machine = _here.machine, True
    try:
        yield
    finally:
        _here.machine = before


def compiled(
    function: Callable[P, R], *, interpreted: Callable[..., R] | None = None
) -> Callable[P, R]:
    """Return `function` with the same signature, compiled where there is long work for it.

    Arithmetic keeps its order (no fast-math, but see `compiled_sums`), a division by zero gives inf
    or nan, places are not checked, and other threads run meanwhile. It makes no array, takes whole
    rows of none, and builds no text: Numba compiles all of that along, a second for each kind, so
    that arrays to write to are handed in. A compiled function may call another.
    Every new combination of argument types is compiled once; to Numba a read-only array is of
    another type than a writable one (see `frozen`), as is a strided one.

    Parameters
    ----------
    function : callable
        A loop, in the part of Python that Numba knows.
    interpreted : callable, optional
        What short work calls instead: the same in NumPy, for a loop that Python is too slow for.
    """
    return _Compiled(function, interpreted or function, frozenset())


def compiled_sums(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` as `compiled` does, free to add up its sums in any order, several at once.

    For loops that do little else, which would wait for one addition before they begin the next. A
    sum is as near to the true one as before, but its last digit depends on the processor. No other
    liberty of fast-math is taken: nan and inf stay what they are. The order of the arithmetic is
    kept in a `compiled` function that this one calls.
    """
    return _Compiled(function, function, frozenset(("reassoc",)))


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a read-only array in one piece, a view where it can be: of one type to Numba."""
    flags = array.flags
    if flags.c_contiguous and not flags.writeable:
        return array
    view = array.view() if flags.c_contiguous else array.copy()
    view.setflags(write=False)
    return view


class _Compiled(Generic[P, R]):
    """A function, what is called in its place, and its machine code where that was asked for."""

    def __init__(
        self, function: Callable[P, R], interpreted: Callable[..., R], liberties: frozenset[str]
    ) -> None:
        self.function = function
        self.interpreted = interpreted
        self._liberties = liberties
        self._run: Callable[..., Any] | None = None
        self._dispatcher: Any = None
        self._making = Lock()
        update_wrapper(self, function)
        FUNCTIONS.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        run = self._run or self._chosen()
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

    def _chosen(self) -> Callable[..., Any]:
        if _here.inside:
            return self.interpreted
        if not (_course.machine or _here.machine):
            return self._interpret
        made: Callable[..., Any] = self._made()
        if _course.machine:
            self._run = made
        return made

    def _interpret(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run as machine code would: a division by zero is no error, and nothing is warned of."""
        _here.inside = True
        try:
            with np.errstate(all="ignore"):
                return self.interpreted(*args, **kwargs)
        finally:
            _here.inside = False

    def _made(self) -> Any:
        with self._making:
            if self._dispatcher is None:
                self._dispatcher = _dispatcher(self.function, self._liberties)
        return self._dispatcher


def _dispatcher(function: Callable[..., Any], liberties: frozenset[str]) -> Any:
    from numba import njit

    from physio.code_cache import cache_of

    translate: Any = njit(nogil=True, fastmath=set(liberties), error_model="numpy")
    dispatcher = translate(function)
    if (kept := cache_of(function)) is not None:
        dispatcher._cache = kept
    return dispatcher
