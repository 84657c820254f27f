"""Annotation files of ELAN (.eaf), in which a session lies beside its video.

They are written by pympi (the extra `elan`, imported when one is written) and read by a parser of
our own, in one pass and with nothing built that the file asks for: what others wrote may be meant
to harm, and pympi promises nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from pipelines.formats.annotations import Annotation, AnnotationFile, Laid, Tier, named_rows
from pipelines.formats.refusal import LONGEST_RECORDING, FormatError
from pipelines.language import tr

MOST_BYTES: Final = 16_000_000
"""Of an annotation file: an hour with a mark each second takes less than a twentieth."""
MOST_ANNOTATIONS: Final = 50_000
LONGEST_TEXT: Final = 1 << 16
"""Letters of a name or of what an annotation says."""
SHIFT: Final = "interbeat:shift_s"
"""The property of a file that says by how much its times are later than the session's, in s."""

_DEEPEST: Final = 32
_TYPE: Final = "default-lt"
_AGAIN: Final = tr("save it again in ELAN as .eaf")
_MIMES: Final[Mapping[str, str]] = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mpg": "video/mpeg", ".mpeg": "video/mpeg",
    ".mov": "video/quicktime", ".wav": "audio/x-wav",
}  # fmt: skip


def written(
    tiers: Sequence[Tier], *, shift: float = 0.0, started: float = 0.0, video: str | None = None
) -> tuple[bytes, int]:
    """Return the file that ELAN opens, and how many annotations lie before its beginning.

    Parameters
    ----------
    tiers : sequence of Tier
        In s on the session clock; what has no length is written `SHORTEST` ms long.
    shift : float
        By how many s the times of the file are later.
    started : float
        When the session began, in s since 1970 UTC: the date of the file, so that the same session
        gives the same bytes.
    video : str, optional
        The video's place as seen from the folder of the file.
    """
    from pympi import Elan

    document = Elan.Eaf(author="Interbeat")
    document.remove_tier("default")
    document.adocument["DATE"] = datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds")
    document.header.update(MEDIA_FILE="", TIME_UNITS="milliseconds")
    document.properties.clear()
    document.add_property(SHIFT, repr(float(shift)))
    if video is not None:
        kind = _MIMES.get(Path(video).suffix.lower(), "unknown")
        document.add_linked_file(f"./{video}", relpath=f"./{video}", mimetype=kind)
    lost = 0
    rows: list[tuple[str, list[Laid]]] = []
    for tier in tiers:
        named, before = named_rows(tier, shift)
        rows, lost = [*rows, *named], lost + before
    slots = sorted({time for _, row in rows for one in row for time in one[:2]})
    document.timeslots = {f"ts{place}": time for place, time in enumerate(slots, 1)}
    slot = {time: name for name, time in document.timeslots.items()}
    for name, row in rows:
        document.add_tier(name, ling=_TYPE)
        aligned = document.tiers[name][0]
        for start, end, text in row:
            aligned[document.generate_annotation_id()] = (slot[start], slot[end], text, None)
    tree = Elan.to_adocument(document, pretty=False)
    ElementTree.indent(tree)
    return ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True) + b"\n", lost


def read(path: Path, data: bytes) -> AnnotationFile:
    """Return the annotations that have times of their own, by tiers.

    Raises
    ------
    FormatError
        If it is no file of ELAN, damaged, larger than any session's, or asks its reader for more
        than to be read: entities, other files.
    """
    if len(data) > MOST_BYTES:
        raise FormatError(path, tr("it is too large for annotations"), tr("choose an .eaf of ELAN"))
    reader = _Reader(path)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keyword
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise FormatError(path, tr("it is damaged or no XML"), _AGAIN) from error
    return reader.file()


@dataclass(slots=True)
class _Reader:
    """What was read of a file so far: a fold over its elements."""

    path: Path
    depth: int = 0
    root: str = ""
    slots: dict[str, float] = field(default_factory=dict)
    tiers: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    tier: str = ""
    ends: tuple[str, str] | None = None
    text: list[str] | None = None
    length: int = 0
    count: int = 0
    property: str = ""
    shift: float | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take in the beginning of an element."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._damaged()
        self.root = self.root or name
        match name:
            case "TIME_SLOT":
                self._slot(attributes)
            case "TIER":
                self.tier = self._short(attributes.get("TIER_ID", ""))
                self.tiers.setdefault(self.tier, [])
            case "ALIGNABLE_ANNOTATION":
                self._count()
                self.ends = (
                    attributes.get("TIME_SLOT_REF1", ""),
                    attributes.get("TIME_SLOT_REF2", ""),
                )
            case "ANNOTATION_VALUE":
                self.text, self.length = [], 0
            case "PROPERTY":
                self.property = attributes.get("NAME", "")
                self.text, self.length = [], 0

    def end(self, name: str) -> None:
        """Take in the end of an element."""
        self.depth -= 1
        told = "".join(self.text or ())
        match name:
            case "ANNOTATION_VALUE" if self.ends is not None:
                self.tiers.setdefault(self.tier, []).append((*self.ends, told))
                self.ends = None
            case "ALIGNABLE_ANNOTATION" if self.ends is not None:
                self.tiers.setdefault(self.tier, []).append((*self.ends, ""))
                self.ends = None
            case "PROPERTY" if self.property == SHIFT:
                self.shift = self._seconds(told)
        if name in ("ANNOTATION_VALUE", "PROPERTY"):
            self.text, self.property = None, ""

    def characters(self, text: str) -> None:
        """Take in text between elements."""
        if self.text is not None:
            self.length += len(text)
            if self.length > LONGEST_TEXT and not self.property:
                raise self._too_much(tr("a text in it is longer than a mark"))
            if self.length <= LONGEST_TEXT:
                self.text.append(text)

    def doctype(self, *_: object) -> None:
        """Refuse what could let a file grow while it is read, or name others."""
        raise FormatError(
            self.path, tr("it declares a document type, as no file of ELAN does"), _AGAIN
        )

    def file(self) -> AnnotationFile:
        """Return what the whole file held."""
        if self.root != "ANNOTATION_DOCUMENT":
            raise FormatError(
                self.path, tr("it is no annotation file"), tr("choose an .eaf of ELAN")
            )
        tiers = (Tier(name, tuple(self._aligned(rows))) for name, rows in self.tiers.items())
        return AnnotationFile(tuple(tiers), self.shift)

    def _aligned(self, rows: Sequence[tuple[str, str, str]]) -> Iterator[Annotation]:
        """Yield annotations whose beginning has a time; ELAN may leave others without."""
        for first, last, text in rows:
            if first not in self.slots:
                raise self._damaged()
            start = self.slots[first]
            if isfinite(start):
                end = self.slots.get(last, start)
                yield Annotation(start, end if isfinite(end) else start, text)

    def _slot(self, attributes: dict[str, str]) -> None:
        self._count()
        told = attributes.get("TIME_VALUE")
        known = float("nan") if told is None else self._whole(told) / 1000.0
        self.slots[attributes.get("TIME_SLOT_ID", "")] = known

    def _count(self) -> None:
        self.count += 1
        if self.count > 3 * MOST_ANNOTATIONS:
            raise self._too_much(tr("it holds more annotations than any session"))

    def _whole(self, told: str) -> int:
        if not (told.isascii() and told.isdigit() and len(told) <= 12):
            raise FormatError(self.path, tr("a time in it is no number of milliseconds"), _AGAIN)
        return int(told)

    def _seconds(self, told: str) -> float:
        try:
            shift = float(told)
        except ValueError:
            shift = float("nan")
        if not abs(shift) <= LONGEST_RECORDING:
            raise FormatError(
                self.path, tr("its shift against the session is no time"), tr("give --clap")
            )
        return shift

    def _short(self, name: str) -> str:
        if len(name) > LONGEST_TEXT:
            raise self._too_much(tr("a name in it is longer than that of a tier"))
        return name

    def _damaged(self) -> FormatError:
        return FormatError(self.path, tr("its annotations do not hang together"), _AGAIN)

    def _too_much(self, what: str) -> FormatError:
        return FormatError(self.path, what, tr("choose an .eaf with the marks of one session"))
