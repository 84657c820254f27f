"""What is drawn on a page: the palettes, which the views wear too, and one writer of SVG."""

from pipelines.drawing.icon import ICON
from pipelines.drawing.palette import DARK, DARK_HIGH, DIM, FAMILIES, LIGHT, LIGHT_HIGH, Palette
from pipelines.drawing.style import FONTS, LIGHT_OR_DARK
from pipelines.drawing.svg import SMALL, Axes, Picture

__all__ = [
    "DARK",
    "DARK_HIGH",
    "DIM",
    "FAMILIES",
    "FONTS",
    "ICON",
    "LIGHT",
    "LIGHT_HIGH",
    "LIGHT_OR_DARK",
    "SMALL",
    "Axes",
    "Palette",
    "Picture",
]
