"""The real recordings beside the project. A clone elsewhere has none: then what needs them skips.

Where the folder is, a file that is not in it fails its test.
"""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

real = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real recordings (../shared/data) are not beside this clone"
)
