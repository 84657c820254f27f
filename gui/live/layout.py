"""Where everything lies, in logical pixels: one answer for a window size, in every state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gui.shared import Box, theme

HEADER = 60.0
GLANCE_TOP = 60.0
GLANCE_BOTTOM = 240.0
WORDS_X = 112.0
PLOT_X = 80.0
STRIP_NEEDS = 748.0
"""A window lower than this (logical) has no room for the strip, with the lane already gone."""
LANE_NEEDS = 800.0
TRUST, TRUST_LEAST = 384.0, 330.0
"""Logical widths of the trust words; in a narrow window they give way to the position, so far."""
PAIR_GIVES_WAY = 32.0
"""Logical pixels that two glances give up to the plot beneath them in a low window."""
PAIR_LOW, PAIR_FOOT_GIVES_WAY = 640.0, 24.0
"""Logical height below which the foot under two people's plot gives it as many pixels."""
DIM_SHORTEST = 216.0
"""Logical height of the dim level in the lowest window."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The live view's boxes. `plot`, `lane` and `strip` are the inner areas that data are drawn in.

    `lane` and `strip` are None where the window is too low for them.
    """

    scale: float
    width: float
    height: float
    header: Box
    glance: Box
    position: Box
    trust: Box
    plot: Box
    lane: Box | None
    strip: Box | None
    times_y: float
    now_x: float

    def with_glance(self, glance: Box) -> Layout:
        """Return the same boxes with another one for the glance."""
        return replace(self, glance=glance)

    def boxes(self) -> dict[str, Box | None]:
        """Return every box by name."""
        names = ("header", "glance", "position", "trust", "plot", "lane", "strip")
        return {name: getattr(self, name) for name in names}


def live_layout(width: float, height: float) -> Layout:
    """Return the boxes of the live view for a window in device-independent pixels."""
    scale = theme.scale(width, height)
    wide, high = width / scale, height / scale
    lane, strip = high >= LANE_NEEDS - 0.5, high >= STRIP_NEEDS - LANE_ROOM - 0.5
    down = high - theme.HEIGHT
    strip_top = 668.0 + down
    lane_top = 544.0 + down
    bottom = 504.0 + down
    if not lane:
        bottom = strip_top - 60.0 if strip else high - 92.0
    inner = wide - 2 * PLOT_X - 72.0
    trust_x = wide - theme.MARGIN - min(max(TRUST + wide - theme.WIDTH, TRUST_LEAST), TRUST)
    between = theme.GUTTER if wide >= theme.WIDTH else 16.0
    return Layout(
        scale=scale,
        width=wide,
        height=high,
        header=Box(theme.MARGIN, 0.0, wide - 2 * theme.MARGIN, HEADER),
        glance=Box(0.0, GLANCE_TOP, wide, GLANCE_BOTTOM - GLANCE_TOP),
        position=Box(WORDS_X, 84.0, trust_x - between - WORDS_X, 152.0),
        trust=Box(trust_x, 84.0, wide - theme.MARGIN - trust_x, 152.0),
        plot=Box(PLOT_X, 276.0, inner, bottom - 276.0),
        lane=Box(PLOT_X, lane_top, inner, 64.0) if lane else None,
        strip=Box(PLOT_X, strip_top, inner, 46.0) if strip else None,
        times_y=(lane_top + 86.0) if lane else bottom + 22.0,
        now_x=PLOT_X + inner + 22.0,
    )


LANE_ROOM = 104.0


def pair_layout(width: float, height: float) -> Layout:
    """Return the boxes for two people: two glances above one plot."""
    one = live_layout(width, height)
    down = one.height - theme.HEIGHT
    up = min(max(-down, 0.0), PAIR_GIVES_WAY)
    foot = down + (PAIR_FOOT_GIVES_WAY if one.height < PAIR_LOW else 0.0)
    return Layout(
        scale=one.scale,
        width=one.width,
        height=one.height,
        header=one.header,
        glance=Box(0.0, GLANCE_TOP, one.width, 246.0 - up),
        position=Box(WORDS_X, 76.0, one.width / 2 - 12.0 - WORDS_X, 200.0),
        trust=Box(one.width / 2 + 92.0, 76.0, one.width / 2 - 124.0, 200.0),
        plot=Box(PLOT_X, 352.0 - up, one.plot.width, 300.0 + foot + up),
        lane=None,
        strip=None,
        times_y=674.0 + foot,
        now_x=one.now_x,
    )


def dim_layout(width: float, height: float, *, people: int) -> Layout:
    """Return the boxes of the dim screen: the glance, and a bare line of five minutes.

    A low window shortens the glance, so that the line keeps a place under it.
    """
    one = live_layout(width, height)
    down, room = one.height - theme.HEIGHT, one.width - 192.0
    less = min(down, 0.0)
    high = max(320.0 + less / 2, DIM_SHORTEST)
    words = Box(256.0, max(128.0 + less / 4, 76.0), one.width - 256.0 - theme.MARGIN, high)
    top = words.bottom + 76.0 if people < 2 else max(420.0 + less, 316.0)
    top += max(down, 0.0)
    return Layout(
        scale=one.scale,
        width=one.width,
        height=one.height,
        header=one.header,
        glance=Box(0.0, 0.0, one.width, top - 40.0),
        position=words,
        trust=Box(words.x, words.bottom - 16.0, words.width, 48.0),
        plot=Box(96.0, top, room, 688.0 + down - top),
        lane=None,
        strip=None,
        times_y=702.0 + down,
        now_x=one.width - 84.0,
    )
