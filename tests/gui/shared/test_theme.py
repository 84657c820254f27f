"""Tokens: contrast recomputed, and no colour in the code but theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui.shared import theme
from pipelines.drawing import DARK, DARK_HIGH, DIM, LIGHT, LIGHT_HIGH, Palette

ROOT = Path(__file__).parents[3]
GROUNDS = ("paper", "surface", "band")
FLOORS = {
    "light": {"line": 3.3, "ink": 12.1, "ink2": 5.9, "lake": 5.8, "clay": 4.8},
    "dark": {"line": 3.6, "ink": 11.9, "ink2": 6.8, "lake": 7.5, "clay": 6.7},
    "dim": {"line": 3.2, "ink": 6.6, "ink2": 4.9, "lake": 5.5, "clay": 5.1},
}


def luminance(token: str) -> float:
    parts = [int(token[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_knows_its_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


@pytest.mark.parametrize("palette", [LIGHT, DARK, DIM])
def test_contrast_is_what_the_standard_states(palette: Palette) -> None:
    for token, stated in FLOORS[palette.name].items():
        lowest = min(contrast(getattr(palette, token), getattr(palette, g)) for g in GROUNDS)
        assert lowest == pytest.approx(stated, abs=0.06), token


@pytest.mark.parametrize("palette", [LIGHT_HIGH, DARK_HIGH])
def test_where_high_contrast_is_wished_text_reaches_ten_and_lines_five(palette: Palette) -> None:
    for ground in GROUNDS:
        for text in ("ink", "ink2"):
            assert contrast(getattr(palette, text), getattr(palette, ground)) >= 10.0
        for line in ("line", "lake", "clay"):
            assert contrast(getattr(palette, line), getattr(palette, ground)) >= 5.0
    assert contrast(palette.hair, palette.paper) >= 3.0


def test_high_contrast_has_a_light_and_a_dark_side_too() -> None:
    theme.prefer(text=1.0, still=False, contrast=True)
    try:
        assert (theme.colours(dark=False), theme.colours(dark=True)) == (LIGHT_HIGH, DARK_HIGH)
    finally:
        theme.prefer(text=1.0, still=False)
    assert (theme.colours(dark=False), theme.colours(dark=True)) == (LIGHT, DARK)
    assert [one.dark for one in (LIGHT, DARK, DIM, LIGHT_HIGH, DARK_HIGH)] == [
        False, True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("palette", [LIGHT, DARK, DIM])
def test_text_reaches_aa_and_lines_reach_three(palette: Palette) -> None:
    for ground in GROUNDS:
        for text in ("ink", "ink2"):
            assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5
        assert contrast(palette.line, getattr(palette, ground)) >= 3.0


def test_only_the_palettes_name_colours() -> None:
    named = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\d|GlobalColor|rgb\(")
    drawing = [one for room in ("gui", "pipelines", "proof") for one in (ROOT / room).rglob("*.py")]
    guilty = [path.name for path in drawing if named.search(path.read_text("utf-8"))]
    assert guilty == ["palette.py"]


def test_scale_follows_the_smaller_side_and_stays_within_limits() -> None:
    assert theme.scale(1280, 800) == 1.0
    assert theme.scale(1920, 1080) == pytest.approx(1.35)
    assert theme.scale(600, 400) == 0.9
    assert theme.scale(9000, 9000) == 2.0


@pytest.mark.parametrize("text", [1.0, 1.25, 1.5, 2.0])
def test_larger_text_leaves_pages_the_room_that_they_need(text: float) -> None:
    theme.prefer(text=text, still=False)
    try:
        for width, height in ((853, 533), (1280, 800), (1366, 768), (1920, 1080), (3840, 2160)):
            fits = min(width / 1280, height / 800, 2.0)
            scale, whole = theme.scale(width, height), theme.scale(width, height, whole=True)
            assert scale == pytest.approx(max(fits * min(text, 1.5), 0.9))
            assert whole == pytest.approx(max(fits * text, 0.9))
            assert width / scale >= 852.0
            assert (width / whole, height / whole) >= (639.0, 399.0)
    finally:
        theme.prefer(text=1.0, still=False)


@pytest.mark.view
def test_figures_are_of_one_width(qapp: object) -> None:
    widths = {theme.text_width(figure * 4, 28, 600) for figure in "0123456789"}
    assert max(widths) - min(widths) < 0.3  # Inter itself: 0.12


@pytest.mark.view
def test_a_size_outside_the_theme_is_refused(qapp: object) -> None:
    with pytest.raises(ValueError, match="no font of 15 px"):
        theme.font(15)


def test_no_text_is_smaller_than_fourteen() -> None:
    assert min(theme.SIZES) == 14


@pytest.mark.parametrize(
    ("value", "reduced"), [("", False), ("0", False), ("no", False), ("1", True), ("yes", True)]
)
def test_reduced_motion_is_asked_for(value: str, reduced: bool) -> None:
    assert theme.reduced_motion(value) is reduced
