"""A result in plain words."""

import re

import msgspec
import pytest

from physio.beats import GapCause
from physio.measures import MEASURES
from physio.presets import INTERBEAT, KUBIOS_LIKE, TASK_FORCE
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from physio.respiration import Origin
from pipelines.analysis.result import (
    GapLine,
    MeasureLine,
    QualityLine,
    Result,
    WindowLine,
    preset_line,
)
from pipelines.command.text import FIRST, describe, value
from pipelines.session.snapshot import Arousal, EpisodeView
from pipelines.words import length_text, origin_text

pytestmark = pytest.mark.usefixtures("english")

NEVER = "abnormal|poor|failed|stressed|dysregulated|danger|tight|dysfunction|!"


def measure(number, low=None, high=None, unit="ms", reason=None):
    return MeasureLine(number, unit, low, high, 601.0, 98.0, 2.5, reason)


NO_RHYTHM = Reason(ReasonCode.NO_BREATHING_RHYTHM)

RESULT = Result(
    file="rest.csv",
    source="client",
    time_s=601.0,
    final=True,
    quality=QualityLine(620, 601.0, 98.4, 2.53, (), Verdict.GOOD, None),
    preset=preset_line(INTERBEAT),
    measures={
        "mean_hr": measure(61.84, 61.04, 62.64, "bpm"),
        "rmssd": measure(36.8, 33.1, 40.9),
        "ln_rmssd": measure(3.6055, unit="ln ms"),
        "breathing_rate": measure(None, reason=NO_RHYTHM, unit="breaths/min"),
        "rsa_amplitude": measure(None, reason=NO_RHYTHM),
    },
    breathing_in_hf_band=None,
    arousal=Arousal(None, None, None, None, (), Reason(ReasonCode.NO_BASELINE_CHOSEN)),
)


def changed(**changes):
    return msgspec.structs.replace(RESULT, **changes)


def test_quality_comes_first_and_every_value_has_its_unit_interval_and_window():
    lines = describe(RESULT, every=True).splitlines()
    assert lines[:4] == [
        "rest.csv, client",
        "Quality: good.",
        "620 intervals in 10 min 1 s; beats cover 98 % of the time, 2.5 % of them bear a label.",
        "No gaps.",
    ]
    assert re.fullmatch(r"  heart rate +61\.8 ± 0\.8 bpm", lines[5])
    assert re.search(r"RMSSD\) +36\.8 ms, 33\.1 to 40\.9$", lines[6])
    assert re.search(r" 3\.61 ln ms$", lines[7])
    assert lines[8:10] == ["", "Each over 10 min 1 s."]
    assert lines[10:12] == [
        "Withheld, no clear breathing rhythm in the intervals: breathing rate, breathing-linked "
        "swing of the",
        "  intervals (RSA).",
    ]
    assert lines[12] == "Arousal against own baseline: withheld, no baseline was chosen."
    assert lines[13] == (
        "Preset interbeat: slow trend taken off spectra, lambda 500; Welch windows of 300 s."
    )
    assert len(lines) == 14
    assert describe(RESULT).splitlines()[-1] == "1 more measure: interbeat analyse --all."


def test_a_window_of_its_own_is_told_beside_the_value():
    short = msgspec.structs.replace(measure(14.0, unit="breaths/min"), window_s=60.0)
    told = describe(changed(measures=RESULT.measures | {"breathing_rate": short}))
    assert re.search(r"breathing rate +14\.0 breaths/min; over 1 min 0 s\n", told)
    assert "Each over 10 min 1 s unless told." in told


def test_many_measures_fit_the_screen_in_parts():
    every = {name: measure(1.0, unit=one.unit) for name, one in MEASURES.items()}
    given = describe(changed(measures=every), every=True).splitlines()
    withheld = {name: measure(None, reason=NO_RHYTHM) for name in MEASURES}
    refused = describe(changed(measures=withheld), every=True).splitlines()
    assert given.count("") == 6
    assert all(len(line) <= 120 for line in (*given, *refused))


def test_what_is_read_first_fits_one_screen_and_the_rest_is_offered():
    every = {name: measure(1.0, 0.9, 1.2, unit=one.unit) for name, one in MEASURES.items()}
    told = {"breathing_in_hf_band": False, "breathing_from": Origin.ECG}
    lines = describe(changed(measures=every, **told)).splitlines()
    assert len(lines) <= 24
    assert lines[-1] == f"{len(MEASURES) - len(FIRST)} more measures: interbeat analyse --all."
    assert sum("1.0" in line or " 1 ms2" in line for line in lines) == len(FIRST)
    assert "more" not in describe(changed(measures=every), every=True)


def test_the_share_that_values_rest_on_is_told_once_and_where_it_differs():
    def resting(number, share, **others):
        return msgspec.structs.replace(measure(number, **others), share_percent=share)

    measures = {"sdnn": resting(40.0, 74.9), "rmssd": resting(30.0, 74.2)}
    assert "\nEach from 74 % of 10 min 1 s.\n" in describe(changed(measures=measures))
    measures["breathing_rate"] = resting(14.0, 35.0, unit="breaths/min")
    told = describe(changed(measures=measures))
    assert "\nEach from 74 % of 10 min 1 s unless told.\n" in told
    assert re.search(r"breathing rate +14\.0 breaths/min; of 35 %\n", told)


def test_beside_a_value_stands_that_of_the_intervals_as_written_where_it_differs():
    one = msgspec.structs.replace(measure(14.0), as_written=93.06)
    assert "14.0 ms; 93.1 as written\n" in describe(changed(measures={"rmssd": one}))
    alike = msgspec.structs.replace(measure(14.0), as_written=14.01)
    assert "as written" not in describe(changed(measures={"rmssd": alike}))


def test_what_weakens_a_value_is_told_below():
    doubt = Reason(ReasonCode.LITTLE_READABLE, percent=31)
    one = msgspec.structs.replace(measure(14.0), doubt=doubt)
    told = describe(changed(measures={"rmssd": one, "sdnn": measure(40.0)}))
    assert (
        "\nIn doubt, rests on only 31 % of the recording: beat-to-beat variability (RMSSD).\n"
        in told
    )


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (True, "breathing lies inside this band"),
        (False, "breathing lies outside this band"),
        (None, "where breathing lies is not known"),
    ],
)
def test_beside_hf_it_is_said_whether_breathing_lies_in_its_band(inside, words):
    told = describe(
        changed(measures={"hf": measure(103.0, unit="ms2")}, breathing_in_hf_band=inside)
    )
    assert re.search(rf"HF\) +103 ms2; {words}\n", told)


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        (TASK_FORCE, "task-force: slow trend left in; Welch windows of 300 s."),
        (KUBIOS_LIKE, "slow trend taken off all but breathing and patterns, lambda 500;"),
    ],
)
def test_the_preset_is_told(preset, words):
    assert words in describe(changed(preset=preset_line(preset)))


def test_gaps_are_told_with_their_causes():
    gaps = (GapLine(0.0, 10.0, GapCause.LINK_LOST), GapLine(50.0, 110.0, GapCause.LINK_LOST))
    quality = msgspec.structs.replace(
        RESULT.quality, gaps=(*gaps, GapLine(200.0, None, GapCause.PAUSED))
    )
    assert "3 gaps, 1 min 10 s together: link lost (2), paused (1)." in describe(
        changed(quality=quality)
    )


@pytest.mark.parametrize(
    ("verdict", "reason", "words"),
    [
        (
            Verdict.LIMITED,
            Reason(ReasonCode.MUCH_MISSING, percent=12),
            "Quality: limited, 12 % of the time is missing.",
        ),
        (
            Verdict.NONE,
            Reason(ReasonCode.TOO_IRREGULAR),
            "Quality: none for heart rate variability, rhythm too irregular for HRV.",
        ),
    ],
)
def test_a_verdict_is_told_in_words(verdict, reason, words):
    quality = msgspec.structs.replace(RESULT.quality, verdict=verdict, reason=reason)
    assert words in describe(changed(quality=quality)).splitlines()


def test_an_index_windows_and_slow_breathing_are_told():
    told = describe(
        changed(
            arousal=Arousal(1.36, None, None, 7.0, (), None),
            breathing_in_hf_band=False,
            windows=(WindowLine(0.0, 60.0, {}, None),) * 3,
        )
    )
    assert "Arousal against own baseline: +1.4 baseline spreads." in told
    sure = describe(changed(arousal=Arousal(1.36, 0.91, 1.81, 7.0, (), None)))
    assert "Arousal against own baseline: +1.4 baseline spreads, +0.9 to +1.8.\n" in sure
    assert "Breathing lies outside 9 to 24 breaths/min" in told
    assert "3 windows were measured" in told
    assert not re.search(NEVER, told)


def test_a_session_is_named_by_its_id_and_a_nameless_result_by_its_source():
    session = changed(file=msgspec.UNSET, session="k3x9")
    assert describe(session).startswith("k3x9, client\n")
    assert describe(changed(file=msgspec.UNSET)).startswith("client\n")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (12.46, "12.5 s"), (59.99, "60 s"), (60, "1 min 0 s"), (28997, "8 h 3 min")],
)
def test_lengths_of_time_are_told_in_words(seconds, words):
    assert length_text(seconds) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (measure(50.0), "50.0 ms"),
        (measure(50.0, 48.0, 52.0), "50.0 ± 2.0 ms"),
        (measure(50.0, 40.0, 62.5), "50.0 ms, 40.0 to 62.5"),
        (measure(0.0, 0.0, 0.0), "0.0 ± 0.0 ms"),
    ],
)
def test_a_value_bears_its_unit_and_interval(line, words):
    assert value(line) == words


def an_episode(**changes):
    told = EpisodeView(
        onset_s=302.0, onset_low_s=299.0, onset_high_s=305.0,
        peak_s=320.0, peak_low_s=315.0, peak_high_s=325.0,
        height_bpm=12.4, height_low_bpm=9.1, height_high_bpm=15.7,
        half_recovery_s=62.0, half_recovery_low_s=50.0, half_recovery_high_s=75.0,
        recovery_s=95.0, recovery_low_s=80.0, recovery_high_s=110.0,
        resolved=True, until_s=700.0, marks=(),
    )  # fmt: skip
    return msgspec.structs.replace(told, **changes)


def test_episodes_are_counted_and_each_is_told_where_all_is():
    unseen = an_episode(half_recovery_s=None, recovery_s=None, resolved=False)
    short, long = (
        describe(changed(episodes=(an_episode(), unseen)), every=every) for every in (False, True)
    )
    assert "2 rises of heart rate above where it had been were followed." in short
    assert "bpm higher" not in short
    assert (
        "  at 5 min 2 s: 12 bpm higher (9 to 16); half settled after 62 s (50 to 75); "
        "settled after 95 s (80 to 110)" in long.splitlines()
    )
    assert "  at 5 min 2 s: 12 bpm higher (9 to 16); not seen to settle" in long.splitlines()
    assert "rises of heart rate" not in describe(RESULT, every=True)
    assert not re.search(NEVER, long)


@pytest.mark.parametrize("origin", [*Origin, None])
def test_it_says_where_breathing_was_read_from_beside_the_intervals(origin, english):
    told = describe(changed(breathing_from=origin))
    assert ("Breathing is read from" in told) is (origin not in (None, Origin.INTERVALS))
    assert origin is None or origin_text(origin).startswith("Breathing is read from the ")
