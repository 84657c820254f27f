"""What starting costs: nothing that is not needed is loaded."""

import json

from tests.end_to_end.program import python

LOADED = "import json, sys; {0}; print(json.dumps(sorted(sys.modules)))"


def loaded(code):
    return set(json.loads(python(LOADED.format(code)).splitlines()[-1]))


def test_the_science_loads_no_strap_window_or_table():
    modules = loaded("import physio")
    assert "numpy" in modules
    unwanted = {"bleak", "PySide6", "pyqtgraph", "pandas", "neurokit2", "scipy.signal", "asyncio"}
    assert not unwanted & modules


def test_help_loads_no_science():
    code = (
        "from click.testing import CliRunner; from pipelines.command import main; "
        "done = CliRunner().invoke(main, ['--help']); assert done.exit_code == 0, done"
    )
    unwanted = {"numpy", "scipy", "bleak", "PySide6", "sqlcipher3", "keyring", "neurokit2"}
    assert not unwanted & loaded(code)


def test_analysing_a_file_loads_no_strap_and_no_window(tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("800\n" * 100)
    code = (
        "from click.testing import CliRunner; from pipelines.command import main; "
        f"done = CliRunner().invoke(main, ['analyse', {str(path)!r}]); assert not done.exit_code"
    )
    unwanted = {"bleak", "PySide6", "pandas", "neurokit2", "keyring"}
    assert not unwanted & loaded(code)
