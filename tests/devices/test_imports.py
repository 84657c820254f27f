"""What importing the straps costs."""

import subprocess
import sys
from pathlib import Path

import pytest

import devices


@pytest.mark.parametrize(
    "module", ["devices", "devices.link.link", "devices.link.search", "devices.sources"]
)
def test_bleak_is_imported_only_when_used(module):
    code = f"import sys, {module}; print([m for m in sys.modules if m.startswith('bleak')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bleak_objects_are_made_in_one_place():
    folder = Path(devices.__file__).parent
    makers = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if "BleakScanner(" in path.read_text() or "BleakClient(" in path.read_text()
    ]
    assert makers == ["link/adapter.py"]
