"""What documents tell of a batch, gathered while its recordings go by once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from pipelines.batch.plan import WHOLE
from pipelines.batch.rows import Part, QualityRow, Tachogram

SHOWN: Final = 500
"""Recordings that are held one by one, and as many failures; of more, the tables tell."""
DISTRIBUTED: Final = ("mean_hr", "rmssd", "sdnn", "hf", "breathing_rate", "rsa_amplitude")
"""Measures whose values are held."""


class Known(msgspec.Struct, frozen=True):
    """One input, as provenance names it."""

    recording: str
    sha256: str | None
    measured: bool


@dataclass(slots=True)
class Values:
    """The values of one measure over whole recordings, and how many were withheld."""

    unit: str = ""
    given: list[float] = field(default_factory=list)
    withheld: int = 0


@dataclass(slots=True)
class Overview:
    """The facts of a batch: a few numbers a recording, and `SHOWN` of them whole."""

    inputs: list[Known] = field(default_factory=list)
    minutes: list[float] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    formats: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    values: dict[str, Values] = field(default_factory=dict)
    shown: list[tuple[str, QualityRow, Tachogram]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    measured: int = 0
    """How many recordings gave numbers."""

    @property
    def failed(self) -> int:
        """How many gave none."""
        return len(self.inputs) - self.measured

    @property
    def sources(self) -> int:
        """How many people's hearts were measured."""
        return len(self.minutes)

    def seen(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Yield what is kept of each recording once its facts are taken in."""
        for part in parts:
            self.take(part)
            yield part

    def take(self, part: Part) -> None:
        """Take in what is kept of one recording."""
        measured = part.failure is None
        self.inputs.append(Known(part.recording, part.sha256, measured))
        if part.failure is not None:
            if len(self.failures) < SHOWN:
                self.failures.append((part.recording, part.failure))
            return
        self.measured += 1
        for row, drawn in zip(part.quality, part.tachograms, strict=True):
            self.minutes.append(row.duration_s / 60.0)
            self.verdicts[row.verdict] += 1
            self.formats.add(row.format)
            self.devices.add(row.device)
            if self.measured <= SHOWN:
                self.shown.append((part.recording, row, drawn))
        for value in part.measures:
            if value.epoch == WHOLE and value.measure in DISTRIBUTED:
                held = self.values.setdefault(value.measure, Values(value.unit))
                if value.value is None:
                    held.withheld += 1
                else:
                    held.given.append(value.value)
