"""What tells of breathing in a file of signals, and what never does."""

import numpy as np
import pytest

from physio.respiration import Origin
from pipelines.analysis import analyse
from pipelines.formats import FormatError, read
from pipelines.formats.signals import Kind, kind_of
from pipelines.session import beats_of
from tests.pipelines.formats.ecgs import ECG, RATE
from tests.recordings import DATA, real

TIME = np.arange(len(ECG)) / RATE
BREATHS = 14.0
WAVE = np.sin(2 * np.pi * BREATHS / 60 * TIME)


def belt(*, rate=RATE, seconds=120.0):
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(3).normal(0.0, 0.02, len(time))
    return np.sin(2 * np.pi * BREATHS / 60 * time) + noise


def even_heart(time):
    """An ECG without any wave in its intervals."""
    rng = np.random.default_rng(6)
    wave = rng.normal(0.0, 0.01, len(time))
    for beat in np.cumsum(0.8 + rng.normal(0.0, 0.01, int(time[-1] / 0.8))).tolist():
        near = np.abs(time - beat) < 0.1
        wave[near] += np.exp(-(((time[near] - beat) / 0.012) ** 2))
    return wave


def breathing(path, **told):
    (result,) = analyse(read(path, **told).events)
    return result


def npz(path, **arrays):
    np.savez(path, fs=RATE, **arrays)
    return path


def test_a_belt_gives_rate_and_phase(tmp_path, english):
    path = npz(tmp_path / "a.npz", ecg=ECG, belt=belt())
    result = breathing(path)
    assert result.measures["breathing_rate"].value == pytest.approx(BREATHS, abs=0.2)
    assert result.breathing_from is Origin.RESPIRATION
    assert (
        "breathing is that of its channel belt, taken to be larger where the lungs are fuller"
        in (read(path).notes)
    )


def test_an_ecg_alone_whose_height_breathes_gives_the_rate(tmp_path):
    result = breathing(npz(tmp_path / "a.npz", ecg=ECG * (1.0 + 0.2 * WAVE)))
    assert result.measures["breathing_rate"].value == pytest.approx(BREATHS, abs=0.2)
    assert result.breathing_from is Origin.ECG
    assert result.measures["rsa_phase"].value is None


def test_an_accelerometer_beside_the_ecg_gives_the_rate(tmp_path):
    time = np.arange(0.0, 240.0, 1.0 / RATE)
    tilt = np.radians(1.5) * np.sin(2 * np.pi * BREATHS / 60 * time)
    rng = np.random.default_rng(4)
    axes = {"acc_x": np.sin(tilt), "acc_y": np.cos(tilt), "acc_z": 0.1 + 0.0 * tilt}
    noisy = {name: one + rng.normal(0.0, 0.003, len(one)) for name, one in axes.items()}
    result = breathing(npz(tmp_path / "a.npz", ecg=even_heart(time), **noisy))
    assert result.measures["breathing_rate"].value == pytest.approx(BREATHS, abs=0.2)
    assert result.breathing_from is Origin.ACCELEROMETER


@pytest.mark.parametrize(("rate", "seconds"), [(RATE / 2, 120.0), (25.0, 100.0), (RATE, 200.0)])
def test_a_belt_of_another_rate_or_length_lies_on_the_same_clock(tmp_path, rate, seconds):
    edfio = pytest.importorskip("edfio", reason="EDF needs the extra research")
    samples = np.resize(belt(rate=rate, seconds=seconds), round(120 * rate))
    if seconds < 120.0:
        samples[round(seconds * rate) :] = 0.0
    signals = [edfio.EdfSignal(ECG * (1.0 + 0.1 * WAVE), RATE, label="ECG"),
               edfio.EdfSignal(samples, rate, label="Resp thorax")]  # fmt: skip
    edfio.Edf(signals).write(tmp_path / "a.edf")
    (found,) = beats_of(read(tmp_path / "a.edf").events)
    signal = found.respiration.signal
    np.testing.assert_allclose(
        signal.values[:, 0], np.sin(2 * np.pi * BREATHS / 60 * signal.time), atol=0.1
    )
    assert min(seconds, 120.0) - 1.0 < signal.time[-1] < min(seconds, 120.0) + 0.1


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (np.zeros(len(ECG)), "its breathing channel rsp is missing, stands still or is cut off"),
        (np.clip(belt(), -0.7, 0.7), "its breathing channel rsp is missing, stands still"),
        (np.full(len(ECG), np.nan), "its breathing channel rsp is missing"),
        (np.where(TIME < 60.0, belt(), np.nan), "for 50 % of the time its breathing channel rsp"),
    ],
    ids=["flat", "cut off", "missing", "half"],
)
def test_a_belt_that_cannot_be_read_gives_no_breathing(tmp_path, english, samples, says):
    path = npz(tmp_path / "a.npz", ecg=ECG, rsp=samples)
    assert any(note.startswith(says) for note in read(path).notes)
    result = breathing(path)
    if "half" not in says and "50 %" not in says:
        assert result.breathing_from is not Origin.RESPIRATION
        assert result.measures["rsa_phase"].value is None


def test_several_breathing_channels_are_a_question(tmp_path, english):
    path = npz(tmp_path / "a.npz", ecg=ECG, thorax=belt(), abdomen=-belt())
    found = read(path)
    assert found.events.respiration.signal is None
    said = "it has several breathing channels (thorax, abdomen) and none is read; name one with"
    assert any(note.startswith(said) for note in found.notes)
    asked = read(path, breathing="Abdomen")
    assert asked.events.respiration.signal.values[7, 0] == pytest.approx(
        -belt()[350:400].mean(), abs=0.05
    )


@pytest.mark.parametrize(
    ("breathing_name", "says"),
    [
        (
            "abp",
            "its channel abp is a pulse or an ECG, no breathing; name another with --breathing",
        ),
        ("none", 'no single channel called "none"; its channels are abp, belt'),
    ],
)
def test_a_pulse_is_never_read_as_breathing(tmp_path, english, breathing_name, says):
    path = npz(tmp_path / "a.npz", ecg=ECG, abp=belt(), belt=belt())
    assert read(path).events.respiration.signal is not None
    with pytest.raises(FormatError, match=says):
        read(path, breathing=breathing_name)


def test_a_file_of_intervals_holds_no_breathing_channel(tmp_path, english):
    (tmp_path / "a.txt").write_text("800\n" * 100)
    with pytest.raises(FormatError, match="it holds intervals, not channels of signals"):
        read(tmp_path / "a.txt", breathing="belt")


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Resp nasal", Kind.BREATHING), ("RSP", Kind.BREATHING), ("Resp rate", Kind.OTHER),
        ("breathing_rate", Kind.OTHER), ("pulse rate", Kind.PULSE), ("acc_x", Kind.ACCELERATION),
        ("X [mg]", Kind.ACCELERATION), ("Accelerometer Z", Kind.ACCELERATION),
        ("accuracy", Kind.OTHER), ("x", Kind.OTHER),
    ],
)  # fmt: skip
def test_a_channel_of_breathing_is_one_by_its_name(label, kind):
    assert kind_of(label) is kind


PSL = "Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n"


def polar_ecg(path, *, rate=130.0, hole=None):
    """An ECG file as Polar Sensor Logger writes it: dates, ns, ms, and uV."""
    time = np.arange(round(120 * rate)) / rate
    samples = np.interp(time, TIME, ECG)
    begin = 599_616_000_000_000_000
    rows = [
        f"2022-04-25T11:{39 + int(at // 60):02}:{at % 60:06.3f};{begin + round(at * 1e9)};"
        f"{1e3 * at:.5f};{round(1000 * one)}"
        for at, one in zip(time.tolist(), samples.tolist(), strict=True)
        if hole is None or not hole[0] <= at < hole[1]
    ]
    path.write_text(PSL + "\n".join(rows) + "\n")
    return path


def test_the_ecg_of_polar_sensor_logger_gives_its_beats(tmp_path, english):
    found = read(polar_ecg(tmp_path / "ECG.txt"))
    (beats,) = beats_of(found.events)
    whole = beats_of(read(npz(tmp_path / "a.npz", ecg=ECG)).events)[0]
    assert len(beats.beats) == pytest.approx(len(whole.beats), abs=1)
    np.testing.assert_allclose(beats.beats.time[:100], whole.beats.time[:100], atol=0.004)
    assert "beats are those of the ECG ecg [uV] at 130 samples a second" in found.notes


def test_its_missing_samples_are_a_gap(tmp_path):
    (found,) = beats_of(read(polar_ecg(tmp_path / "ECG.txt", hole=(50.0, 58.0))).events)
    (gap,) = found.gaps
    assert 48.0 < gap.start <= 50.5
    assert 57.5 < gap.end < 62.0
    assert found.beats.time[-1] > 118.0


def test_time_stamps_are_believed_before_a_rate_that_is_given(tmp_path, english):
    path = polar_ecg(tmp_path / "ECG.txt")
    told = read(path, rate=250.0)
    assert "its time stamps show 130.00 samples a second, not 250; they are believed" in told.notes
    assert not any("stamps" in note for note in read(path, rate=130.2).notes)
    np.testing.assert_allclose(told.events.arrival, read(path).events.arrival, atol=1e-9)


def test_acceleration_alone_holds_no_heartbeats(tmp_path, english):
    rows = [f"2022-04-25T11:39:36.978;{704201974831254116 + 19340401 * at};-777;436;-499"
            for at in range(500)]  # fmt: skip
    path = tmp_path / "ACC.txt"
    path.write_text(
        "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n" + "\n".join(rows)
    )
    with pytest.raises(FormatError, match="it holds an accelerometer alone: breathing at most"):
        read(path)


@real
def test_annotated_beats_are_read_without_breathing(english):
    with pytest.raises(FormatError, match="annotated are read without breathing; leave"):
        read(DATA / "mitdb100_wfdb" / "100.hea", channel="atr", breathing="V5")


def test_intervals_beside_a_belt_are_no_ecg(tmp_path, english):
    path = npz(tmp_path / "a.npz", rr=np.full(100, 800.0), belt=belt())
    assert read(path).intervals == 100
    with pytest.raises(FormatError, match="it has no ECG"):
        read(path, breathing="belt")


def test_a_rate_of_breathing_beside_an_ecg_is_no_signal(tmp_path):
    assert (
        read(npz(tmp_path / "a.npz", ecg=ECG, resp_rate=belt())).events.respiration.signal is None
    )


@real
def test_the_airflow_of_a_real_recording(english):
    found = breathing(DATA / "physio_toolbox_ecg_airflow" / "ecg1_resp1.npz")
    assert found.measures["breathing_rate"].value == pytest.approx(6.23, abs=0.3)
    assert found.measures["breathing_rate"].doubt is None
    assert found.breathing_from is Origin.RESPIRATION
    assert found.measures["rsa_phase"].value is not None


@real
def test_impedance_and_never_the_pressure(english):
    path = DATA / "mimic03700181_ecg_abp_resp" / "03700181.hea"
    found = breathing(path)
    assert found.breathing_from is Origin.RESPIRATION
    assert 16.0 < found.measures["breathing_rate"].value < 20.0
    assert any("its channel RESP" in note for note in read(path).notes)


@real
def test_the_acceleration_of_a_real_recording_is_named(english):
    with pytest.raises(FormatError, match="no heartbeats"):
        read(DATA / "polar_verity_psl_txt" / "Polar_Sense_ACC.txt")


def test_a_belt_that_the_heart_does_not_follow_tells_the_rate_without_a_warning(tmp_path):
    time = np.arange(0.0, 180.0, 1.0 / RATE)
    beats = [0.5]
    while beats[-1] < time[-1] - 1.0:
        beats.append(beats[-1] + 0.923 + 0.04 * np.cos(2 * np.pi * 9 / 60 * beats[-1]))
    wave = np.random.default_rng(3).normal(0.0, 0.01, len(time))
    for beat in beats:
        wave += np.exp(-(((time - beat) / 0.011) ** 2))
    result = breathing(npz(tmp_path / "a.npz", ecg=wave, belt=np.cos(np.pi / 2 * time)))
    assert result.measures["breathing_rate"].value == pytest.approx(15.0, abs=0.1)
