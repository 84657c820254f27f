"""`python -m gui.report`: a report comes on standard input, its PDF goes to standard output."""

from __future__ import annotations

import sys

import msgspec
from PySide6.QtGui import QGuiApplication

from gui.report.document import document
from pipelines.report import Report


def main() -> int:
    """Draw what comes in, and return the exit code."""
    report = msgspec.json.decode(sys.stdin.buffer.read(), type=Report)
    # Fonts need an application; it shows nothing.
    application = QGuiApplication(["interbeat"])
    sys.stdout.buffer.write(document(report))
    sys.stdout.buffer.flush()
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
