"""`interbeat bench`: how long our measures take beside the programs that people use today.

`task` says what is timed, the topic modules (`time_domain`, `spectra`, `nonlinear`, `beats`,
`panels`, `growth`) list the tasks, `loop` is the fixed measure of the machine beside some of them,
`stopwatch` times two jobs in turn, `pair` is the fresh process in which that happens, `run` starts
those processes, and `report` and `picture` write what was found. Only the topic modules know a
measure.
"""

from proof.bench.run import Pair, Row
from proof.bench.write import write

__all__ = [
    "Pair",
    "Row",
    "write",
]
