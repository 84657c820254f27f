"""What a person has chosen for their window, in their own config folder: and whom they would call.

Nothing that was recorded is in it, so that it can be read while a library is locked.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from pipelines.language import LANGUAGE
from pipelines.places import settings_file

CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "language": ("system", "en", "de"),
        "colours": ("system", "light", "dark"),
        "contrast": ("system", "high"),
        "text": ("100", "125", "150", "200"),
        "sound": ("off", "on"),
        "motion": ("usual", "reduced"),
        "out": ("50", "60", "70"),
        "pauses": ("off", "on"),
        "lock": ("5", "10", "30", "never"),
        "keep": ("always", "1", "5", "10"),
    }
)
"""What there is to choose, and among what."""


WRITTEN: Final = ("contact", "author")
"""What is written there in words."""
_EARLIER_TEXT: Final = MappingProxyType({"usual": "100", "large": "150"})
"""What the sizes of text were called before there were more of them."""
SHORT_PAUSE: Final = 0.1
"""Share of a breath: a second at six breaths a minute. It is taken from breathing out."""


class Settings(msgspec.Struct, frozen=True):
    """What is chosen, by the codes of `CHOICES` where there are some."""

    language: Literal["system", "en", "de"] = "system"
    colours: Literal["system", "light", "dark"] = "system"
    contrast: Literal["system", "high"] = "system"
    text: Literal["100", "125", "150", "200"] = "100"
    sound: Literal["off", "on"] = "off"
    motion: Literal["usual", "reduced"] = "usual"
    out: Literal["50", "60", "70"] = "60"
    pauses: Literal["off", "on"] = "off"
    lock: Literal["5", "10", "30", "never"] = "10"
    keep: Literal["always", "1", "5", "10"] = "always"
    contact: str = ""
    """Whom the person would call, with a number, in their own words."""
    author: str = ""
    """Who writes notes about sessions, in their own words."""
    begun: bool = False
    """Whether the words before a first practice were read."""

    @property
    def inhale(self) -> float:
        """Share of each breath of a practice spent breathing in."""
        return 1.0 - float(self.out) / 100.0

    @property
    def minutes_unlocked(self) -> int | None:
        """Minutes without use after which the library is locked, None for never."""
        return None if self.lock == "never" else int(self.lock)

    @property
    def years_kept(self) -> int | None:
        """Years for which sessions are to be kept, None where no rule says so."""
        return None if self.keep == "always" else int(self.keep)

    @property
    def written_by(self) -> str:
        """Who writes notes: who says so here, or else who is signed in."""
        with suppress(OSError, KeyError, ImportError):
            return self.author or getpass.getuser()
        return ""

    @property
    def pause(self) -> float:
        """Share of each breath of a practice spent resting after breathing out."""
        return SHORT_PAUSE if self.pauses == "on" else 0.0


USUAL: Final = Settings()
"""What it is unless somebody chose."""


def choose(settings: Settings, name: str, choice: str) -> Settings:
    """Return the settings with this one chosen.

    Raises
    ------
    msgspec.ValidationError
        If there is no such choice.
    """
    return msgspec.convert({**msgspec.to_builtins(settings), name: choice}, Settings)


def stepped(settings: Settings, name: str, step: int) -> Settings:
    """Return the settings with the choice beside the present one; beyond the last there is none."""
    among = CHOICES[name]
    place = among.index(getattr(settings, name)) + step
    return choose(settings, name, among[min(max(place, 0), len(among) - 1)])


def read_settings() -> Settings:
    """Return what was chosen, or what goes without saying where nothing readable is kept."""
    with suppress(OSError, msgspec.DecodeError):
        told = msgspec.json.decode(settings_file().read_bytes(), type=dict[str, object])
        text = told.get("text")
        if isinstance(text, str):
            told["text"] = _EARLIER_TEXT.get(text, text)
        return msgspec.convert(told, Settings)
    return USUAL


def keep_settings(settings: Settings) -> None:
    """Keep what was chosen; what was kept before stays whole until it is.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    place = settings_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    part = Path(f"{place}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # it may hold a name and a number, which are the person's own
    part.write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")
    part.replace(place)


def speak_as_chosen() -> None:
    """Let this process and those it starts speak the chosen language, before any sentence is made.

    A language that the environment names for this program goes before it.
    """
    chosen = read_settings().language
    if chosen != "system":
        os.environ.setdefault(LANGUAGE, chosen)
