"""Interbeat among the programs of a Linux desktop: its entry and its icon.

Their form is that of the Desktop Entry Specification 1.5 and the Icon Theme Specification 0.13
(freedesktop.org); both lie in the person's own data folder, so nobody else's desktop changes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pipelines.drawing import ICON
from pipelines.places import shared_data

NAME: Final = "interbeat"
"""What the entry, the icon and the windows are called: so a desktop brings them together."""
_ENTRY: Final = """\
[Desktop Entry]
Type=Application
Version=1.5
Name=Interbeat
GenericName=Heartbeats from a chest strap
GenericName[de]=Herzschläge von einem Brustgurt
Comment=See where someone is, practise slow breathing, look back at an hour
Comment[de]=Sehen, wo jemand steht, langsam atmen, auf eine Stunde zurückblicken
Exec={program}
Icon=interbeat
Terminal=false
StartupNotify=true
StartupWMClass=interbeat
Categories=Science;
Keywords=heart;breathing;HRV;
Keywords[de]=Herz;Atem;HRV;
"""
_RESERVED: Final = re.compile(r'(["`$\\])')


def entry_file() -> Path:
    """Return where the entry lies."""
    return shared_data() / "applications" / f"{NAME}.desktop"


def icon_file() -> Path:
    """Return where the icon lies, in the theme that every other falls back to."""
    return shared_data() / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"


def install(program: Path) -> Path:
    """Put Interbeat among the desktop's programs, in place of what was there, and return its entry.

    `program` is what the desktop starts.

    Raises
    ------
    OSError
        If one of the two files cannot be written.
    """
    entry = _ENTRY.format(program=quoted(str(program)))
    _write(icon_file(), ICON.read_bytes())
    _write(entry_file(), entry.encode())
    return entry_file()


def remove() -> bool:
    """Take both files away and return whether there was one.

    Raises
    ------
    OSError
        If one is there and cannot be removed.
    """
    there = [place for place in (entry_file(), icon_file()) if place.exists()]
    for place in there:
        place.unlink()
    return bool(there)


def quoted(argument: str) -> str:
    """Return an argument as a line Exec has it: within quotes, and a percent sign doubled.

    Two rules apply, one after the other: that of an argument within quotes, and that of any string
    of an entry, in which each backslash is written twice.
    """
    within = _RESERVED.sub(r"\\\1", argument.replace("%", "%%"))
    return '"' + within.replace("\\", "\\\\").replace("\n", "\\n") + '"'


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.part")
    part.write_bytes(content)
    part.replace(place)
