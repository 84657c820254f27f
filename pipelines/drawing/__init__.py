"""What is drawn on a page: the palettes, which the views wear too, and one writer of SVG."""

from pipelines.drawing.palette import DARK, DIM, FAMILIES, LIGHT, Palette
from pipelines.drawing.svg import SMALL, Axes, Picture

__all__ = ["DARK", "DIM", "FAMILIES", "LIGHT", "SMALL", "Axes", "Palette", "Picture"]
