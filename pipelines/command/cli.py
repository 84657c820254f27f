"""The command line. Each command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import click

from pipelines.command.analyse import analyse
from pipelines.command.program import Elsewhere, Program
from pipelines.command.record import breathe, demo, live
from pipelines.command.scan import scan
from pipelines.command.sessions import sessions
from pipelines.command.set_up import set_up
from pipelines.language import tr

ABOUT = tr(
    "Research and education software. Not a medical device; does not diagnose, monitor or treat "
    "any condition; not for emergencies. Numbers can be wrong through movement, talking, irregular "
    "beats, medicines or a loose strap. Stop if you feel unwell."
)


PROOF = (
    Elsewhere("bench", "proof.bench.command", "Time our measures beside other programs."),
    Elsewhere(
        "validate", "proof.validation.command", "Show whether our numbers hold, on this machine."
    ),
)
"""Commands that stand above this package."""


@click.group(
    cls=Program,
    epilog=ABOUT,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="interbeat", prog_name="interbeat")
def main() -> None:
    """Heartbeats from an ordinary chest strap, shown calmly and honestly."""


for command in (demo, live, breathe, scan, analyse, sessions, set_up, *PROOF):
    main.add_command(command)
