"""The pages of proof that `bench` and `validate` write: where they go, and what stands in the way.

Whether a page can be written is tried before anything is measured, which takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.command import Problem

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of a clone; of an installed package, the one that packages are in."""


def page_file(name: str, chosen: Path | None, *, part: bool) -> Path | None:
    """Return where a page goes: as chosen, else to the clone's docs if it is the whole page.

    Raises
    ------
    Problem
        In one sentence, if it cannot be written there.
    """
    page = chosen or _usual(name, part=part)
    if page is not None:
        with writing(page):
            _try(page)
    return page


@contextmanager
def writing(page: Path) -> Iterator[None]:
    """Say in one sentence what keeps a page from being written."""
    try:
        yield
    except OSError as error:
        said = f'"{page}" cannot be written ({error.strerror}); check the folder.'
        raise Problem(said) from error


def _usual(name: str, *, part: bool) -> Path | None:
    clone = (PROJECT / "pyproject.toml").is_file()
    return PROJECT / "docs" / name if clone and not part else None


def _try(page: Path) -> None:
    new = not page.exists()
    page.open("ab").close()
    if new:
        page.unlink()
