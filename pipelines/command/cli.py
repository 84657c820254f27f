"""The command line. Each command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import click
from click.exceptions import NoArgsIsHelpError

from pipelines.command.analyse import analyse
from pipelines.command.batch import batch
from pipelines.command.desktop import desktop
from pipelines.command.plan import plan
from pipelines.command.practise import assess, breathe
from pipelines.command.program import Elsewhere, Program
from pipelines.command.record import demo, live
from pipelines.command.report import report
from pipelines.command.scan import scan
from pipelines.command.sessions import sessions
from pipelines.command.set_up import set_up
from pipelines.command.weeks import weeks
from pipelines.command.weeks_shared import open_share, outcomes, share, shares, take_back
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
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="interbeat", prog_name="interbeat")
@click.pass_context
def main(called: click.Context) -> None:
    """Heartbeats from an ordinary chest strap, shown calmly and honestly.

    Without a command, a window opens, where there is a display.
    """
    if called.invoked_subcommand is None:
        _open_window(called)


def _open_window(called: click.Context) -> None:
    from pipelines.extras import lacks

    if lacks("app"):
        raise NoArgsIsHelpError(called)
    from pipelines.recording import no_display

    if no_display():
        raise NoArgsIsHelpError(called)
    from pipelines.command.opening import open_window

    open_window()


for command in (share, shares, take_back, open_share):
    plan.add_command(command)

for command in (
    demo,
    live,
    breathe,
    assess,
    scan,
    analyse,
    batch,
    sessions,
    report,
    weeks,
    outcomes,
    plan,
    set_up,
    desktop,
    *PROOF,
):
    main.add_command(command)
