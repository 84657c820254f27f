"""The client's report of the session that is reviewed: its sentences, by hand or not, and the file.

What a person puts otherwise is kept here, with the recorder, until the review is closed: a window
that dies loses none of it.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.command.library import write_for_others
from pipelines.command.output import Problem
from pipelines.command.report import renderer, report_of_session
from pipelines.language import tr
from pipelines.recording import Sentence
from pipelines.report import Audience, Report, reworded
from pipelines.store import Library


class ClientsReport:
    """The client's report of one session of a library, and what was changed of it by hand."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._report: Report | None = None
        self._words: dict[str, str] = {}

    @property
    def sentences(self) -> tuple[Sentence, ...] | None:
        """What it says, None before it is worded."""
        if self._report is None:
            return None
        told = reworded(self._report, self._words)
        return tuple(
            Sentence(now.name, before.words, now.words, now.by_hand)
            for before, now in zip(self._report.passages, told.passages, strict=True)
        )

    def word(self, session: str, role: str | None) -> None:
        """Put the session in words; by hand stays what the program says as it said it before.

        Raises
        ------
        Problem
            If it cannot be read, or nobody is in it whom a report could be about.
        """
        before = {} if self._report is None else _sentences(self._report)
        self._report = report_of_session(
            self._library, session, role=role, audience=Audience.CLIENT
        )
        now = _sentences(self._report)
        self._words = {
            name: words for name, words in self._words.items() if before[name] == now.get(name)
        }

    def reword(self, name: str, words: str | None) -> None:
        """Put a sentence otherwise, None for the program's own words.

        Raises
        ------
        BadDraft
            If there is no such sentence, or these words cannot be its own.
        """
        if self._report is None:
            return
        changed = {one: said for one, said in self._words.items() if one != name}
        if words is not None:
            changed[name] = words
        reworded(self._report, changed)
        self._words = changed

    def write(self, path: Path) -> str | None:
        """Write the report as it stands over what lies there; return where it is.

        Raises
        ------
        Problem
            If it cannot be drawn, or not be written there.
        """
        if self._report is None:
            return None
        if not path.is_absolute():
            raise Problem(tr("{path} says no folder; choose one.", path=path))
        content = renderer(path)(reworded(self._report, self._words))
        write_for_others(self._library, path, content, replace=True)
        return str(path)


def _sentences(report: Report) -> dict[str, str]:
    return {one.name: one.words for one in report.passages}
