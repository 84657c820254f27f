"""Breathing channels through the commands: the one that is meant, in both tables the same."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from pipelines.command import main
from tests.pipelines.formats.ecgs import ECG, RATE

TIME = np.arange(len(ECG)) / RATE


def call(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments], prog_name="interbeat")


@pytest.fixture
def recording(tmp_path):
    noise = np.random.default_rng(2).normal(0.0, 0.02, len(ECG))
    thorax, abdomen = (np.sin(2 * np.pi * rate / 60 * TIME) + noise for rate in (11.0, 17.0))
    np.savez(tmp_path / "a.npz", ecg=ECG, fs=RATE, thorax=thorax, abdomen=abdomen)
    return tmp_path / "a.npz"


def test_the_channel_that_is_named_gives_the_rate(recording, english):
    asked = call("analyse", "--json", "--breathing", "abdomen", recording)
    line = json.loads(asked.stdout)
    assert abs(line["measures"]["breathing_rate"]["value"] - 17.0) < 0.2
    assert line["breathing_from"] == "respiration"
    assert "several breathing channels" in call("analyse", recording).stderr


def test_the_ecg_itself_is_no_breathing_channel(recording, english):
    said = call("analyse", "--breathing", "ecg", recording)
    assert said.exit_code == 1
    assert "its channel ecg is a pulse or an ECG, no breathing" in said.stderr
    both = call("analyse", "--channel", "thorax", "--breathing", "thorax", recording)
    assert "its channel thorax is a pulse or an ECG, no breathing" in both.stderr


@pytest.mark.long
def test_a_table_gives_the_same_rate_and_says_where_it_comes_from(recording, tmp_path):
    line = json.loads(call("analyse", "--json", "--breathing", "abdomen", recording).stdout)
    out = tmp_path / "out"
    done = call("batch", recording, "--out", out, "--workers", 1, "--breathing", "abdomen")
    assert done.exit_code == 0, done.output
    with (out / "quality.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["breathing_from"] == "respiration"
    with (out / "measures.csv").open(newline="") as file:
        rate = {one["measure"]: one["value"] for one in csv.DictReader(file)}["breathing_rate"]
    assert float(rate) == line["measures"]["breathing_rate"]["value"]
