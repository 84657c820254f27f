"""Change of a questionnaire's sum that is larger than its error, and shares with their intervals.

Jacobson and Truax 1991 (J Consult Clin Psychol 59:12, doi:10.1037/0022-006X.59.1.12): the change
over its standard error, SD sqrt(2 (1 - reliability)); reliable beyond 1.96. A person who was chosen
for a high sum falls a little by chance alone (regression to the mean), which this does not remove.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import FloatArray, IntArray

RELIABLE = 1.96
"""Standard errors of a change beyond which it is reliable, as in the source."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A questionnaire.

    Attributes
    ----------
    name : str
        As people know it.
    highest : int
        Highest sum; the lowest is 0.
    spread, reliability : float
        Standard deviation between people in points, and reliability.
    source : str
        Whose these two are.
    lower_is_better : bool
        Whether lower sums are the better ones.
    """

    name: str
    highest: int
    spread: float
    reliability: float
    source: str
    lower_is_better: bool = True


GAD_7 = Scale(
    name="GAD-7",
    highest=21,
    spread=5.59,
    reliability=0.87,
    source="retest after 14 to 28 days: Bischoff et al. 2020, doi:10.5964/pch.v8i1.309; the "
    "spread follows from the 5.59 points published there",
)
PHQ_4 = Scale(
    name="PHQ-4",
    highest=12,
    spread=2.8,
    reliability=0.85,
    source="2149 patients, internal consistency: Kroenke et al. 2009, "
    "doi:10.1176/appi.psy.50.6.613",
)


def reliable_change(
    before: ArrayLike, after: ArrayLike, *, spread: float, reliability: float
) -> FloatArray:
    """Return the change of sums in standard errors of a change.

    Parameters
    ----------
    before, after : (...) float
        Sums in points, NaN where there is none.
    spread : float
        Standard deviation between people, in points, above 0.
    reliability : float
        From 0 to below 1.

    Raises
    ------
    ValueError
        If spread or reliability lies elsewhere.

    Examples
    --------
    >>> from physio.weeks import reliable_change
    >>> reliable_change([10, 10], [5, 12], spread=5.0, reliability=0.5).tolist()
    [-1.0, 0.4]
    """
    if not (spread > 0.0 and 0.0 <= reliability < 1.0):
        raise ValueError("spread lies above 0, reliability from 0 to below 1")
    change = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    return np.asarray(change / (spread * np.sqrt(2.0 * (1.0 - reliability))))


def reliable_mark(before: ArrayLike, after: ArrayLike, scale: Scale) -> IntArray:
    """Return +1 where sums of a scale have reliably risen, -1 fallen, 0 neither or one missing.

    Examples
    --------
    >>> from physio.weeks import GAD_7, reliable_mark
    >>> reliable_mark([12, 12, 12], [7, 6, 18], GAD_7).tolist()
    [0, -1, 1]
    """
    change = reliable_change(before, after, spread=scale.spread, reliability=scale.reliability)
    return np.where(np.abs(change) > RELIABLE, np.sign(change), 0.0).astype(np.int64)


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return low and high (95 %) of the share that `count` of `total` is.

    Wilson 1927, J Am Stat Assoc 22:209, doi:10.1080/01621459.1927.10502953.

    Raises
    ------
    ValueError
        If there is nothing to count, or more than that.

    Examples
    --------
    >>> from physio.weeks import wilson
    >>> [round(end, 3) for end in wilson(3, 10)]
    [0.108, 0.603]
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError("count lies from 0 to total, which is at least 1")
    z2 = 1.959963984540054**2
    share = count / total
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = np.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
