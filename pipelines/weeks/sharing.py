"""A part of the weeks, sealed for somebody: what was not chosen is not in the file.

It bears with whom and until when it is shared. A share that is over, or was taken back, does not
open in this program; who has opened it before has seen it, and no program can undo that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from pipelines.language import tr
from pipelines.store import (
    WEEKS,
    Cost,
    LibraryError,
    OwnFile,
    Unreadable,
    is_sealed,
    read_sealed,
    refuse_a_file,
    write_open_file,
    write_sealed,
)
from pipelines.weeks.entries import (
    Answer,
    AnyEntry,
    Choice,
    Flare,
    Gone,
    Happening,
    Intention,
    Part,
    PlanKept,
    Practice,
    Resting,
    Shared,
    Sum,
    Unwanted,
    Withdrawn,
    decoded,
    encoded,
)
from pipelines.words import day_at, day_text

SCHEMA = 1
_KINDS: dict[Part, tuple[type, ...]] = {
    Part.WEEKS: (Intention, Answer),
    Part.PRACTICE: (Practice,),
    Part.HAPPENINGS: (Happening, Flare),
    Part.UNWANTED: (Unwanted,),
    Part.SUMS: (Sum,),
    Part.RESTING: (Resting, Choice),
    Part.PLAN: (PlanKept,),
}


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed share holds.

    Attributes
    ----------
    schema : int
    share, whose : str
        Its own id, and what tells the person's file from another's.
    whom : str
        With whom it is shared, by the name given.
    made, until : date
        The first and the last day on which it opens.
    parts : tuple of Part
        What was chosen.
    entries : tuple of msgspec.Raw
        These, and nothing else of the file.
    """

    schema: int = SCHEMA
    share: str
    whose: str
    whom: str
    made: date
    until: date
    parts: tuple[Part, ...]
    entries: tuple[msgspec.Raw, ...]

    def told(self) -> list[AnyEntry]:
        """Return the entries."""
        return decoded(bytes(one) for one in self.entries)


class Over(LibraryError):  # noqa: N818 - a state, not an error of the caller
    """A share that opens no more: its time is over, or it was taken back."""


class _Notice(msgspec.Struct, frozen=True):
    kind: Literal["interbeat share taken back"]
    share: str


def chosen(entries: Iterable[AnyEntry], parts: Collection[Part]) -> list[AnyEntry]:
    """Return the entries of these parts; of the plan its newest version alone."""
    listed = list(entries)
    gone = {one.id for one in listed if isinstance(one, Gone)}
    kinds = tuple(kind for part in parts for kind in _KINDS[part])
    found = [one for one in listed if isinstance(one, kinds) and one.id not in gone]
    plans = [one for one in found if isinstance(one, PlanKept)]
    return [one for one in found if not isinstance(one, PlanKept) or one is plans[-1]]


def write_share(
    path: Path, share: Share, passphrase: str, *, replace: bool = False, cost: Cost | None = None
) -> None:
    """Write a share sealed under a passphrase of theirs.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    OSError
        If the folder takes no file.
    """
    content = msgspec.json.encode(share)
    write_sealed(path, [content], passphrase, replace=replace, cost=cost or Cost(), kind=WEEKS)


def give_share(
    own: OwnFile,
    path: Path,
    share: Share,
    passphrase: str,
    now: float,
    *,
    replace: bool = False,
    cost: Cost | None = None,
) -> None:
    """Write a share for somebody, which the own file knows of before it is there.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    OSError
        If the folder takes no file.
    LibraryError
        If the own file cannot be added to.
    """
    if not replace:
        refuse_a_file(path)
    noted = Shared(
        id=share.share, day=share.made, at=now, whom=share.whom, parts=share.parts,
        until=share.until,
    )  # fmt: skip
    own.add([encoded(noted)])
    write_share(path, share, passphrase, replace=replace, cost=cost)


def withdraw_share(own: OwnFile, path: Path, share: str, now: float) -> None:
    """Take a share back, which the own file knows of before a notice takes its place.

    Raises
    ------
    OSError
        If the folder takes no file.
    LibraryError
        If the own file cannot be added to.
    """
    own.add([encoded(Withdrawn(id=share, day=day_at(now), at=now))])
    take_back(path, share)


def share_of(
    entries: Iterable[AnyEntry],
    parts: Collection[Part],
    *,
    share: str,
    whose: str,
    whom: str,
    made: date,
    until: date,
) -> Share:
    """Return a share of these parts of a log."""
    return Share(
        share=share,
        whose=whose,
        whom=whom,
        made=made,
        until=until,
        parts=tuple(part for part in Part if part in parts),
        entries=tuple(msgspec.Raw(encoded(one)) for one in chosen(entries, parts)),
    )


def read_share(path: Path, passphrase: str, today: date) -> Share:
    """Return what was shared.

    Raises
    ------
    Over
        If its time is over, or it was taken back.
    LibraryError
        As `read_sealed`.
    """
    if taken_back(path) is not None:
        raise Over(tr("{path} was taken back, so it opens no more.", path=path))
    try:
        (content,) = read_sealed(path, passphrase, kind=WEEKS)
        share = msgspec.json.decode(content, type=Share)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(
            tr("{path} cannot be read, as it was changed or cut; ask for it again.", path=path)
        ) from error
    if today > share.until:
        raise Over(
            tr(
                "{path} was shared until {day}, so it opens no more; ask for it again.",
                path=path,
                day=day_text(share.until),
            )
        )
    return share


def take_back(path: Path, share: str) -> None:
    """Put in the place of a share a notice that it was taken back.

    Raises
    ------
    OSError
        If the folder takes no file.
    """
    notice = _Notice("interbeat share taken back", share)
    write_open_file(path, msgspec.json.encode(notice) + b"\n", replace=True)


def taken_back(path: Path) -> str | None:
    """Return the id of the share of which a file says that it was taken back, None otherwise."""
    if not path.is_file() or path.stat().st_size > 1000:
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Notice).share
    except (msgspec.DecodeError, ValueError):
        return None


def is_share(path: Path) -> bool:
    """Return whether a file is a sealed share, by how it begins."""
    return is_sealed(path, kind=WEEKS)
