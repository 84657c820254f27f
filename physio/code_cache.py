"""Where machine code is kept from one process to the next: in the person's own cache folder.

A folder for each installation (none removes what another needs), and in it one for each version:
of the sources of physio, of what compiles them, and of the processor. Numba's own places would be
beside the sources, which may be nobody's to write to, or keyed by one file of the sources alone.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

SOURCES = Path(__file__).parent
MADE_WITH = ("numba", "llvmlite")


def folder() -> Path:
    """Return the folder of this version; it need not be there."""
    return root() / _digest(sys.prefix, str(SOURCES)) / _version()


def is_complete() -> bool:
    """Return whether everything that can be compiled beforehand is there."""
    try:
        return _mark().exists()
    except OSError:
        return False


def set_complete() -> None:
    """Tell that everything is there.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    _mark().touch()


def is_stored(function: Callable[..., Any]) -> bool:
    """Return whether code of `function` is there."""
    return any(folder().glob(f"*-{_name_of(function)}.*.nbi"))


def cache_of(function: Callable[..., Any]) -> Any:
    """Return what Numba keeps the code of `function` with, None where nothing can be kept."""
    try:
        return _kept_by()(function)
    except RuntimeError:
        # The folder cannot be written, or the function has no file.
        return None


@cache
def _kept_by() -> Any:
    """Return Numba's own cache, with a place of ours."""
    from numba.core.caching import CompileResultCacheImpl, FunctionCache

    impl = type("_Impl", (CompileResultCacheImpl,), {"_locator_classes": [_Locator]})
    return type("_Cache", (FunctionCache,), {"_impl_class": impl})


class _Locator:
    """What Numba asks for the place and the freshness of a function's code."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._name = _name_of(function)
        self._py_file = file

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _Locator | None:
        found = cls(function, file)
        try:
            found.ensure_cache_path()
        except OSError:
            return None
        return found if Path(file).exists() else None

    def ensure_cache_path(self) -> None:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder(), os.W_OK):
            raise PermissionError(folder())

    def get_cache_path(self) -> str:
        return str(folder())

    def get_source_stamp(self) -> bytes:
        # The sources of physio are in the folder's name; a function may lie elsewhere.
        return hashlib.sha256(Path(self._py_file).read_bytes()).digest()

    def get_disambiguator(self) -> str:
        return self._name


def _name_of(function: Callable[..., Any]) -> str:
    # Numba names files after the last part of the module alone.
    return f"{function.__module__}-{function.__code__.co_firstlineno}"


def root() -> Path:
    """Return the folder of all versions: Numba's where the person chose one, else their own."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen) / "interbeat"
    from platformdirs import user_cache_path

    return user_cache_path("interbeat", appauthor=False)


def _mark() -> Path:
    # Folders may be shared by computers; code is not.
    return folder() / f"complete-{_digest(_processor())}"


@cache
def _version() -> str:
    """Return the name of this version, and a fingerprint of all that the code is made from."""
    made_with = [f"{name} {version(name)}" for name in MADE_WITH]
    made_with += [f"numpy {np.__version__}", platform.python_implementation(), sys.version]
    try:
        ours = version("interbeat")
    except PackageNotFoundError:
        ours = "sources"
    return f"{ours}-{_digest(*made_with, *_sources())}"


def _sources() -> list[bytes]:
    paths = sorted(SOURCES.rglob("*.py"))
    return [part for path in paths for part in (path.name.encode(), path.read_bytes())]


@cache
def _processor() -> str:
    """Return what machine code depends on: Numba compiles for all that a processor can do."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = [platform.processor()]
    # The first of many; what it is clocked at changes.
    one = dict.fromkeys(line for line in told if line.startswith(("model name", "flags", "Feat")))
    return "\n".join((platform.system(), platform.machine(), *one))


def _digest(*parts: str | bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()[:12]
