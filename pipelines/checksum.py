"""What tells one input from another, whatever it is called: the SHA-256 of what it holds."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits.

    That of a folder is of the names and checksums of its files, in the order of their names.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(one for one in path.iterdir() if one.is_file())
    lines = "".join(f"{sha256(one)}  {one.name}\n" for one in files)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
