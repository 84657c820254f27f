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
    """Nine colours, by what each is for, as "#RRGGBB"."""

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
)
