"""The checksum of an input: what it holds, whatever it is called."""

import hashlib

from pipelines.checksum import sha256


def test_a_file_has_the_checksum_of_its_bytes(tmp_path):
    (tmp_path / "rr.txt").write_bytes(b"812\n804\n")
    (tmp_path / "renamed.csv").write_bytes(b"812\n804\n")
    expected = hashlib.sha256(b"812\n804\n").hexdigest()
    assert sha256(tmp_path / "rr.txt") == sha256(tmp_path / "renamed.csv") == expected


def test_a_folder_has_that_of_its_files_and_their_names(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "b.csv").write_bytes(b"2")
        (folder / "a.csv").write_bytes(b"1")
    assert sha256(tmp_path / "one") == sha256(tmp_path / "two")
    (tmp_path / "two" / "a.csv").rename(tmp_path / "two" / "c.csv")
    assert sha256(tmp_path / "one") != sha256(tmp_path / "two")
