"""The process that parses: bounded in memory, and quiet about what it was given."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType
from typing import Final

import msgspec

from pipelines.extras import how_to_install
from pipelines.formats.parsers.parsed import Parsed, Question, Refusal, Refused
from pipelines.language import tr

LIBRARIES: Final = MappingProxyType(
    {"acq": "bioread", "edf": "edfio", "fit": "fitdecode", "xdf": "pyxdf"}
)
"""The parsers, each a module here, and the library that each needs."""
MEMORY: Final = 400 << 20
"""Bytes that a parser may take beside `PER_BYTE` for each byte of a file."""
PER_BYTE: Final = 24


def begin(_: bytes) -> Callable[[bytes], bytes]:
    """Load the libraries, and return what answers questions."""
    warnings.simplefilter("ignore")
    for library in LIBRARIES.values():
        with suppress(ModuleNotFoundError):
            import_module(library)
    return _answered


def _answered(told: bytes) -> bytes:
    question = msgspec.msgpack.decode(told, type=Question)
    return msgspec.msgpack.encode(answer(question.parser, question.data))


def answer(parser: str, data: bytes) -> Parsed | Refused:
    """Return what a parser makes of a file; whatever it raises, one sentence."""
    _bound_memory(len(data))
    try:
        found: Parsed = import_module(f"pipelines.formats.parsers.{parser}").parse(data)
    except Refusal as error:
        return Refused(error.what, error.hint)
    except ModuleNotFoundError as error:
        lacking = how_to_install(error) or str(error)
        return Refused(tr("its reader is not installed"), lacking.rstrip("."))
    except MemoryError:
        return Refused(tr("reading it would take too much memory"), tr("cut the recording"))
    except Exception as error:  # noqa: BLE001 - libraries of others raise anything
        what = tr("it is damaged or cut short ({kind})", kind=type(error).__name__)
        return Refused(what, tr("export it again from the program that wrote it"))
    return found


def _bound_memory(size: int) -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        taken = _taken()
        most = taken + MEMORY + PER_BYTE * size
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _taken() -> int:
    """Return how many bytes of addresses this process has."""
    import resource

    with open("/proc/self/statm") as file:  # noqa: PTH123 - no file of a person's
        return int(file.read().split()[0]) * resource.getpagesize()
