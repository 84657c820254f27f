"""A real screen of its own, and hands on its keyboard."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import pytest

from tests.views import REQUIRED, reason_to_skip

NEEDED = ("Xvfb", "xdotool")
STILL = 0.4
"""Seconds for which a picture stands that has come to rest; a caret blinks more slowly."""


class Screen:
    """A display by its `name`, the file that holds its picture, and how large the `whole` is."""

    def __init__(self, name: str, picture: Path, whole: tuple[int, int]) -> None:
        self.name, self._picture, self.whole = name, picture, whole

    def hit(self, *keys: str) -> None:
        """Press keys by their X names, one after another."""
        self._do("key", *keys)

    def write(self, words: str) -> None:
        """Type words."""
        self._do("type", "--delay", "20", words)

    def _do(self, *what: str) -> None:
        subprocess.run(["xdotool", *what], env={**os.environ, "DISPLAY": self.name}, check=True)

    def click(self, x: float, y: float) -> None:
        """Click at a place of the screen."""
        self._do("mousemove", str(round(x)), str(round(y)), "click", "1")

    def resize(self, width: int, height: int) -> None:
        """Make the window this large."""
        self._do("search", "--onlyvisible", "--name", "Interbeat", "windowsize",
                 str(width), str(height))  # fmt: skip

    def size(self) -> tuple[int, int] | None:
        """How large the window is, None while there is none."""
        what = ["xdotool", "search", "--onlyvisible", "--name", "Interbeat", "getwindowgeometry"]
        surroundings = {**os.environ, "DISPLAY": self.name}
        told = subprocess.run(what, env=surroundings, capture_output=True, text=True).stdout
        sizes = [line.split()[-1] for line in told.splitlines() if "Geometry" in line]
        if not sizes:
            return None
        width, height = sizes[0].split("x")
        return int(width), int(height)

    def colour(self, x: int, y: int) -> str:
        """The colour of a pixel as #RRGGBB."""
        (one,) = self.colours([(x, y)])
        return one

    def colours(self, places: Iterable[tuple[int, int]]) -> set[str]:
        """The colours of pixels, from the X window dump that the picture is."""
        dump = self._picture.read_bytes()
        header = struct.unpack(">25I", dump[:100])
        first, line = header[0] + 12 * header[19], header[12]
        begins = (first + y * line + 4 * x for x, y in places)
        pixels = (dump[at : at + 3] for at in begins)
        return {f"#{red:02X}{green:02X}{blue:02X}" for blue, green, red in pixels}

    def picture(self) -> int:
        """What is on the screen, as a number."""
        return crc32(self._picture.read_bytes())

    def rests_otherwise(self, before: int, within: float = 60.0) -> bool:
        """Return whether the screen comes to show something else, and rest."""
        end, seen, since = time.monotonic() + within, before, time.monotonic()
        while time.monotonic() < end:
            now = self.picture()
            if now != seen:
                seen, since = now, time.monotonic()
            if seen != before and time.monotonic() - since > STILL:
                return True
            time.sleep(0.05)
        return False


@contextmanager
def screen(folder: Path, size: str = "1280x800") -> Iterator[Screen]:
    """Yield a display of this size; skip where there is none to be had."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    why = f"{missing[0]} is not installed." if missing else reason_to_skip()
    if why is not None:
        if REQUIRED:
            pytest.fail(why)
        pytest.skip(why)
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    command += ["-fbdir", str(folder)]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                name = f":{told.readline().strip()}"
            width, height = map(int, size.split("x"))
            yield Screen(name, folder / "Xvfb_screen0", (width, height))
        finally:
            server.terminate()
