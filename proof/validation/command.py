"""`interbeat validate`: our numbers beside closed forms, published results and NeuroKit2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command import WrongCall, out, print_json, say
from proof import page

if TYPE_CHECKING:
    from proof.validation import Topic, Tried


@click.command()
@click.option(
    "--recordings",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of recordings; shared/data beside the clone unless given.",
)
@click.option("--only", metavar="KEY", multiple=True, help="Try this check; may be repeated.")
@click.option(
    "--out",
    "chosen",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where the page goes; docs/validation.md of the clone unless given, or --only is.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check, a line each.")
def validate(
    recordings: Path | None,
    only: tuple[str, ...],
    chosen: Path | None,
    as_json: bool,
) -> None:
    """Show whether our numbers hold, on this machine.

    Against closed forms, published results, recordings and NeuroKit2. Each check says its goal, the
    figure published, what is found here, and whether the goal is held. Exit code 1 where one is
    missed.
    """
    from proof.validation import every, report

    try:
        topics = every.topics(only)
    except every.UnknownCheckError as error:
        raise WrongCall(str(error)) from error
    folder = _folder(recordings)
    file = page.page_file("validation.md", chosen, part=bool(only))
    tried = []
    for one in _try_all(topics, folder):
        tried.append(one)
        _tell(one, as_json=as_json)
    if file is not None:
        with page.writing(file):
            file.write_text(report.page(tried), encoding="utf-8")
        say(f"Written to {file}.")
    say(report.closing(tried))
    if any(one.finding.held is False for one in tried):
        raise SystemExit(1)


def _folder(chosen: Path | None) -> Path | None:
    """Return the folder of recordings, None where there is none."""
    if chosen is None:
        usual = page.PROJECT.parent / "shared" / "data"
        if usual.is_dir():
            return usual
        say("No recordings are here; what needs them is not tried. Name a folder by --recordings.")
        return None
    if not chosen.is_dir():
        raise WrongCall(f'"{chosen}" is no folder; give the one that holds the recordings.')
    return chosen


def _try_all(topics: tuple[Topic, ...], recordings: Path | None) -> Iterator[Tried]:
    """Try check after check; which one is under way is shown where a person looks on."""
    from rich.console import Console

    from proof.validation import Tried, tried

    console = Console(stderr=True)
    todo = [(topic.title, check) for topic in topics for check in topic.checks]
    for number, (topic, check) in enumerate(todo, start=1):
        with console.status(f"{number} of {len(todo)}: {check.title}"):
            finding = tried(check, recordings)
        yield Tried(topic, check, finding)


def _tell(one: Tried, *, as_json: bool) -> None:
    if as_json:
        print_json(one.row())
    else:
        out(one.lines() + "\n")
