"""The folder of results: what is kept of each recording at once, so that nothing is done twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipelines.batch.columns import beats_frame, windows_frame
from pipelines.batch.inputs import Input
from pipelines.batch.measuring import Measured
from pipelines.batch.plan import BadPlan, Plan, plan_in, written
from pipelines.batch.rows import SCHEMA, Part
from pipelines.checksum import sha256
from pipelines.language import tr
from pipelines.version import version

if TYPE_CHECKING:
    import polars as pl

PLAN: Final = "plan.toml"
PARTS: Final = "parts"
WINDOWS: Final = "windows.parquet"
BEATS: Final = "beats"
_HALF: Final = ".half"


class CannotKeep(ValueError):  # noqa: N818 - the name states the trouble
    """A folder that cannot take these results, in one sentence."""


class Results:
    """Where the results of a batch lie.

    Parameters
    ----------
    folder : Path
        The folder.
    plan : Plan
        The plan under which they are made.
    beats : bool
        Whether the beats of each recording are kept too.
    """

    def __init__(self, folder: Path, plan: Plan, *, beats: bool = False) -> None:
        self.folder = folder
        self.plan = plan
        self.beats = beats

    def begin(self, *, resume: bool) -> None:
        """Make the folder, or go on in it.

        Raises
        ------
        CannotKeep
            If it holds something else, or results of another plan, or any and `resume` does not
            say to go on; nothing in it is touched then.
        OSError
            If it cannot be made.
        """
        if os.path.lexists(self.folder) and any(self.folder.iterdir()):
            self._look(resume=resume)
        for name in (PARTS, *([WINDOWS] if self.plan.window or self.plan.sliding else []),
                     *([BEATS] if self.beats else [])):  # fmt: skip
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write(self.folder / PLAN, written(self.plan).encode())

    def _look(self, *, resume: bool) -> None:
        if not (self.folder / PLAN).is_file():
            raise CannotKeep(
                tr("{folder} holds something else; name a new folder.", folder=self.folder)
            )
        if not resume:
            raise CannotKeep(
                tr(
                    "{folder} holds results already; go on with --resume, or name a new folder.",
                    folder=self.folder,
                )
            )
        try:
            earlier = plan_in(self.folder / PLAN)
        except BadPlan as error:
            raise CannotKeep(str(error)) from error
        if earlier.digest != self.plan.digest:
            raise CannotKeep(
                tr(
                    "{folder} holds results of another plan ({earlier}, this is {plan}); name a "
                    "new folder.",
                    folder=self.folder,
                    earlier=earlier.digest,
                    plan=self.plan.digest,
                )
            )

    def keep(self, measured: Measured) -> None:
        """Keep what was made of one recording, its part last: all of it, or nothing.

        Raises
        ------
        OSError
            If the folder takes no more.
        """
        part = measured.part
        name = f"{key(part.recording)}.parquet"
        for folder, frame in (
            (WINDOWS, windows_frame(part, measured.windows)),
            (BEATS, beats_frame(part, measured.beats) if self.beats else None),
        ):
            path = self.folder / folder / name
            if frame is None:
                path.unlink(missing_ok=True)
            else:
                write_by(path, partial(_as_parquet, frame))
        write(self._part(part.recording), msgspec.json.encode(part))

    def part(self, recording: str) -> Part | None:
        """Return what is kept of a recording under this plan by this version, None for nothing."""
        with suppress(OSError, msgspec.MsgspecError):
            part = msgspec.json.decode(self._part(recording).read_bytes(), type=Part)
            current = part.schema == SCHEMA and part.version == version()
            if current and (part.recording, part.plan) == (recording, self.plan.digest):
                return part
        return None

    def stands(self, one: Input) -> bool:
        """Return whether what is kept of a recording is what would be made of it now."""
        part = self.part(one.name)
        if part is None or part.sha256 is None:
            return False
        with suppress(OSError, ValueError):
            if sha256(one.path) == part.sha256:
                wanted = [BEATS] if self.beats else []
                name = f"{key(one.name)}.parquet"
                return part.failure is not None or all(
                    (self.folder / folder / name).is_file() for folder in wanted
                )
        return False

    def parts(self, recordings: Iterator[str] | tuple[str, ...]) -> Iterator[Part]:
        """Yield what is kept of recordings, in their order."""
        for name in recordings:
            part = self.part(name)
            if part is not None:
                yield part

    def tidy(self, recordings: tuple[str, ...]) -> None:
        """Remove what is kept of recordings that are not there any more, and half files."""
        names = {key(one) for one in recordings}
        for folder in (PARTS, WINDOWS, BEATS):
            with suppress(FileNotFoundError):
                for path in (self.folder / folder).iterdir():
                    if path.stem not in names or path.name.endswith(_HALF):
                        path.unlink()
        for path in self.folder.glob(f".*{_HALF}"):
            path.unlink(missing_ok=True)

    def _part(self, recording: str) -> Path:
        return self.folder / PARTS / f"{key(recording)}.json"


def _as_parquet(frame: pl.DataFrame, path: Path) -> None:
    # An open file: Polars takes no name that is not UTF-8.
    with path.open("wb") as file:
        frame.write_parquet(file)


def key(recording: str) -> str:
    """Return what a recording's own files are called: names may be too long, or hold slashes."""
    return hashlib.sha256(recording.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def write(path: Path, content: bytes) -> None:
    """Make a file hold `content`, whole or not at all."""

    def fill(draft: Path) -> None:
        draft.write_bytes(content)

    write_by(path, fill)


def write_by(path: Path, fill: Callable[[Path], object]) -> None:
    """Make a file hold what `fill` writes to the path that it is given, whole or not at all."""
    with whole(path) as draft:
        fill(draft)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; a file takes the place of `path` once that is done."""
    # A worker whose batch was killed may still write when another goes on.
    draft = path.with_name(f".{path.name}.{os.getpid()}{_HALF}")
    yield draft
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(path)
