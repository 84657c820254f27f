"""A language is one file: window and terminal speak it, no code touched, and JSON never does."""

import os
import subprocess
import sys

import pytest

from tests.end_to_end.program import PATIENCE, ROOT, Program
from tests.views import REQUIRED, reason_to_skip

GERMAN = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Quality: {verdict}."
msgstr "Güte: {verdict}."

msgid "good"
msgstr "gut"

msgid "heart rate"
msgstr "Herzfrequenz"

msgid "needs a window of at least {needed} s"
msgstr "braucht ein Fenster von mindestens {needed} s"

msgid "Withheld, {reason}"
msgstr "Ohne Wert, {reason}"

msgid "above baseline"
msgstr "über der Ausgangslage"

msgid "settling"
msgstr "beruhigt sich"

msgid "Clear reading"
msgstr "Klare Messung"

msgid "Live session"
msgstr "Laufende Sitzung"

msgid "calm screen"
msgstr "ruhiger Bildschirm"

msgid "there is no such file"
msgstr "diese Datei gibt es nicht"
"""
WINDOW = """
from PySide6.QtWidgets import QApplication, QWidget
from docs import moments
from gui.live.view import LiveView
application = QApplication(["test"])
view = LiveView(moments.live(), polling=False, still=True)
view.show()
view.poller.poll()
view.frame()
print(view.accessibleName(), *(one.accessibleName() for one in view.findChildren(QWidget)), sep="|")
"""


@pytest.fixture
def german(tmp_path):
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "de.po").write_text(GERMAN, "utf-8")
    return {
        "INTERBEAT_LANGUAGE": "de",
        "INTERBEAT_TRANSLATIONS": str(folder),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("".join(f"{800 + 7 * (n % 5)}\n" for n in range(24)))
    return path


def test_the_terminal_speaks_it(tmp_path, german, recording):
    program = Program(tmp_path)
    told = program.run("analyse", recording, env=german).stdout
    assert "Güte: gut." in told
    assert "Herzfrequenz" in told
    assert "Ohne Wert, braucht ein Fenster von mindestens 30 s:" in told
    refused = program.run("analyse", tmp_path / "nowhere.txt", env=german)
    assert "diese Datei gibt es nicht" in refused.stderr


@pytest.mark.long
def test_json_is_the_same_byte_for_byte_in_any_language(tmp_path, german, recording):
    program = Program(tmp_path)
    disguises = ({}, german, {"INTERBEAT_LANGUAGE": "pseudo-long"})
    lines = [program.run("analyse", recording, "--json", env=one).stdout for one in disguises]
    assert lines[0].count("\n") == 1
    assert "needs a window of at least 30 s" in lines[0]
    assert lines[1] == lines[2] == lines[0]


@pytest.mark.view
def test_the_window_speaks_it(german):
    if not REQUIRED and (why := reason_to_skip()):
        pytest.skip(why)
    surroundings = {**os.environ, **german, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", WINDOW]
    told = subprocess.run(
        command, env=surroundings, cwd=ROOT, capture_output=True, encoding="utf-8",
        timeout=PATIENCE, check=True,
    ).stdout  # fmt: skip
    assert "Über der Ausgangslage, beruhigt sich, Klare Messung" in told
    assert "Laufende Sitzung" in told
    assert "ruhiger Bildschirm, key Esc" in told
