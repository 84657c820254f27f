"""The recordings that checks read: each is one that anybody can get, and no other."""

import hashlib

import pytest

from proof.validation.given.origins import ORIGINS
from proof.validation.goals.published import FILES
from tests.recordings import DATA, real

ALL = {f"{origin.folder}/{file.name}": file for origin in ORIGINS for file in origin.files}


def test_each_is_told_once_with_a_commit_and_a_checksum():
    assert sum(len(origin.files) for origin in ORIGINS) == len(ALL)
    assert all(len(origin.commit) == 40 and "/" in origin.project for origin in ORIGINS)
    assert all(len(file.sha256) == 64 and file.path for file in ALL.values())
    assert set(FILES) <= set(ALL)


@real
@pytest.mark.parametrize("name", ALL)
def test_the_recordings_here_are_those(name):
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == ALL[name].sha256
