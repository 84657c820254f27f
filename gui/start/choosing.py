"""Where something goes, or comes from: the system's own windows that ask for a file or folder.

No name that is proposed says anything about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from pipelines.language import tr
from pipelines.recording import (
    BackUp,
    Errand,
    HandOver,
    PrintWeeks,
    Remind,
    Restore,
    TakePlan,
    WriteReport,
)

SUFFIX = ".interbeat"
"""How the names of sealed files end."""


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


class FolderChoice(QFileDialog):
    """Asks for the folder that a session is handed over in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("The folder that it goes to"), _documents())
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)


KINDS = {"PDF (*.pdf)": ".pdf", "HTML (*.html)": ".html"}


class FileChoice(QFileDialog):
    """Asks where a report goes, as PDF or HTML; its name says nothing about anybody."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Where the report goes"), _documents())
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(list(KINDS))
        self._name(tr("report"), ".pdf")
        self.filterSelected.connect(self._kind)

    def _kind(self, chosen: str) -> None:
        """Let the name end as the kind of file does that was chosen."""
        name = next(iter(self.selectedFiles()), tr("report"))
        self._name(Path(name).stem, KINDS[chosen])

    def _name(self, name: str, suffix: str) -> None:
        self.setDefaultSuffix(suffix)
        self.selectFile(name + suffix)


class PageChoice(QFileDialog):
    """Asks where the weeks go as a page of HTML; its name says nothing about anybody."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Where the page goes"), _documents())
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(["HTML (*.html)"])
        self.setDefaultSuffix(".html")
        self.selectFile(tr("weeks") + ".html")


class CalendarChoice(QFileDialog):
    """Asks where reminders go, for a calendar to take in; its name says nothing about anybody."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Where the reminders go"), _documents())
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters(["iCalendar (*.ics)"])
        self.setDefaultSuffix(".ics")
        self.selectFile(tr("weeks") + ".ics")


class PlanChoice(QFileDialog):
    """Asks for the plan that is taken in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("The plan to take in"), _documents())
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters(["TOML (*.toml)"])


class SealedChoice(QFileDialog):
    """Asks where a sealed file goes: a backup, or what a client takes along."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, tr("Where the sealed file goes"), _documents())
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([f"Interbeat (*{SUFFIX})"])
        self.setDefaultSuffix(SUFFIX)
        self.selectFile(name + SUFFIX)


class BackupChoice(QFileDialog):
    """Asks for the backup that is restored."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("The backup to restore"), _documents())
        self.setFileMode(QFileDialog.FileMode.ExistingFile)


ASKING: Final[Mapping[str, tuple[Callable[[QWidget], QFileDialog], Callable[[str], Errand]]]] = (
    MappingProxyType(
        {
            "write": (FileChoice, WriteReport),
            "back up": (lambda parent: SealedChoice(parent, tr("backup")), BackUp),
            "restore": (BackupChoice, Restore),
            "print weeks": (PageChoice, PrintWeeks),
            "take plan": (PlanChoice, TakePlan),
            "remind": (CalendarChoice, Remind),
            "hand over": (FolderChoice, HandOver),
        }
    )
)
"""What asks for a place before it is done, by the action: with what, and what is done there."""
