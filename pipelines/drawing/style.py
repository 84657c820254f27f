"""What every page of HTML wears: the palettes as variables, light or dark as the reader has it."""

from __future__ import annotations

from typing import Final

from pipelines.drawing.palette import DARK, FAMILIES, LIGHT, Palette

FONTS: Final = ", ".join((*(f'"{name}"' for name in FAMILIES), "sans-serif"))
_TOKENS: Final = ("paper", "surface", "band", "hair", "line", "ink", "ink2", "lake", "clay")


def _colours(palette: Palette) -> str:
    return " ".join(f"--{token}: {getattr(palette, token)};" for token in _TOKENS)


def _redrawn() -> str:
    """Return the rules that show a picture, whose own colours are light, in dark ones."""
    return " ".join(
        f'svg [{part}="{getattr(LIGHT, token)}"] {{ {part}: var(--{token}); }}'
        for token in _TOKENS
        for part in ("fill", "stroke")
    )


LIGHT_OR_DARK: Final = f"""
:root {{ color-scheme: light dark; {_colours(LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_colours(DARK)} }} {_redrawn()} }}
""".strip()
"""Rules for the top of a style sheet; colours are `var(--paper)` and so on from there."""
