"""What is looked at first, by matplotlib: tachogram, spectrum, Poincaré plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from physio import Label
from pipelines.drawing import LIGHT

if TYPE_CHECKING:
    from pipelines.notebook.heart import Heart


def plotted(heart: Heart) -> Any:
    """Return a figure: intervals with labels and gaps, their spectrum, each against the next."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 6.0), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=(3.0, 2.0))
    above, spectrum = figure.add_subplot(grid[0, :]), figure.add_subplot(grid[1, 0])
    poincare = figure.add_subplot(grid[1, 1])
    _tachogram(above, heart)
    _spectrum(spectrum, heart)
    _poincare(poincare, heart)
    return figure


def _tachogram(axes: Any, heart: Heart) -> None:
    beats, labelled = heart.beats, heart.labels != Label.NORMAL
    cut = np.flatnonzero(np.diff(beats.segment)) + 1
    # A line is lifted at a gap.
    time, rr = (np.insert(column.astype(float), cut, np.nan) for column in (beats.time, beats.rr))
    axes.plot(time, rr, color=LIGHT.lake, linewidth=0.8)
    axes.plot(beats.time[labelled], beats.rr[labelled], "o", color=LIGHT.clay, markersize=4.0,
              fillstyle="none", label="labelled")  # fmt: skip
    if labelled.any():
        axes.legend(frameon=False)
    axes.set(xlabel="time, s", ylabel="interval, ms", title=heart.name)


def _spectrum(axes: Any, heart: Heart) -> None:
    axes.set(xlabel="frequency, Hz", ylabel="power, ms² per Hz", xlim=(0.0, 0.5))
    try:
        found = heart.spectrum()
    except ValueError as error:
        axes.text(0.5, 0.5, str(error), transform=axes.transAxes, ha="center", wrap=True)
        return
    axes.plot(found.frequency, found.density, color=LIGHT.lake, linewidth=1.0)
    for name, low, high in (("LF", 0.04, 0.15), ("HF", 0.15, 0.40)):
        axes.axvspan(low, high, color=LIGHT.band, alpha=0.6, linewidth=0.0)
        axes.axvline(high, color=LIGHT.line, linewidth=0.8)
        axes.text((low + high) / 2.0, 0.95, name, transform=axes.get_xaxis_transform(),
                  ha="center", va="top", color=LIGHT.ink2)  # fmt: skip


def _poincare(axes: Any, heart: Heart) -> None:
    beats = heart.beats
    follows = np.diff(beats.segment) == 0
    axes.plot(beats.rr[:-1][follows], beats.rr[1:][follows], ".", color=LIGHT.lake, markersize=3.0)
    axes.set(xlabel="interval, ms", ylabel="next interval, ms", aspect="equal")
