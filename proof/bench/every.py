"""All tasks, in the order in which they run and are shown."""

from __future__ import annotations

from proof.bench import beats, growth, nonlinear, panels, sessions, spectra, time_domain
from proof.bench.task import Task

TASKS: tuple[Task, ...] = (
    *time_domain.TASKS,
    *spectra.TASKS,
    *nonlinear.TASKS,
    *beats.TASKS,
    *panels.TASKS,
    *sessions.TASKS,
    *growth.TASKS,
)

NAMES = tuple(dict.fromkeys(task.name for task in TASKS))
"""What `--only` takes."""
