"""The colours of everything that is drawn, on a screen or on a page, and its fonts."""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Noto Sans",
    "DejaVu Sans",
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Nine colours, by what each is for, as "#RRGGBB", and whether they are dark."""

    name: str
    paper: str
    surface: str
    band: str
    hair: str
    line: str
    ink: str
    ink2: str
    lake: str
    clay: str
    dark: bool = False


LIGHT = Palette(
    name="light",
    paper="#FAF7F1",
    surface="#F0EBE1",
    band="#ECE6D8",
    hair="#DCD5C8",
    line="#857D70",
    ink="#292623",
    ink2="#5B554D",
    lake="#1B5E73",
    clay="#9D4E28",
)
DARK = Palette(
    name="dark",
    paper="#1B1A18",
    surface="#282623",
    band="#2B2A26",
    hair="#3D3934",
    line="#867E72",
    ink="#EEE9E0",
    ink2="#B9B1A4",
    lake="#86C5D4",
    clay="#E3A27B",
    dark=True,
)
DIM = Palette(
    name="dim",
    paper="#0D0C0B",
    surface="#151412",
    band="#181613",
    hair="#24211E",
    line="#6E6558",
    ink="#A89B86",
    ink2="#8F836F",
    lake="#5F96A2",
    clay="#B27B59",
    dark=True,
)
LIGHT_HIGH = Palette(
    name="light, high contrast",
    paper="#FFFFFF",
    surface="#F4F4F4",
    band="#E4E4E4",
    hair="#8C8C8C",
    line="#4C4C4C",
    ink="#000000",
    ink2="#242424",
    lake="#00415A",
    clay="#742A00",
)
DARK_HIGH = Palette(
    name="dark, high contrast",
    paper="#000000",
    surface="#151515",
    band="#242424",
    hair="#7C7C7C",
    line="#B8B8B8",
    ink="#FFFFFF",
    ink2="#E6E6E6",
    lake="#9BE3F5",
    clay="#FFBE8C",
    dark=True,
)
