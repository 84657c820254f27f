"""Signals of a file: the channel that is called an ECG, and the beats that it shows."""

import gzip
import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from physio import beats_from_ecg
from pipelines.formats import FormatError, read
from pipelines.formats.signals import Kind, Signal, chosen, kind_of
from pipelines.session import beats_of
from tests.pipelines.formats.ecgs import BEATS, ECG, OTHER, RATE, edf
from tests.recordings import DATA, real


def times(path, **more):
    (found,) = beats_of(list(read(path, **more).events))
    return found.beats.time


def test_each_form_of_one_ecg_gives_the_same_beats(tmp_path):
    np.savez(tmp_path / "a.npz", ecg=ECG, fs=RATE, resp=OTHER)
    rows = [f"{one:.9f},{two:.9f}" for one, two in zip(ECG, OTHER, strict=True)]
    (tmp_path / "a.csv").write_text("ECG,RSP\n" + "\n".join(rows))
    stamped = [f"{at / RATE:.4f};{row.replace(',', ';')}" for at, row in enumerate(rows)]
    (tmp_path / "t.csv").write_text("time;ECG;RSP\n" + "\n".join(stamped))
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress((tmp_path / "t.csv").read_bytes()))
    (tmp_path / "plain.txt").write_text("\n".join(row.split(",")[0] for row in rows))
    (tmp_path / "sub-1_physio.tsv").write_text("\n".join(row.replace(",", "\t") for row in rows))
    told = {"SamplingFrequency": RATE, "Columns": ["ecg", "respiratory"], "StartTime": 0}
    (tmp_path / "sub-1_physio.json").write_text(json.dumps(told))
    edf(tmp_path / "a.edf", {"EEG Fp1": OTHER, "ECG I": ECG})
    expected = beats_from_ecg(ECG, RATE).time
    assert len(expected) >= len(BEATS) - 1
    exact = ["a.npz", "t.csv", "t.csv.gz", "sub-1_physio.tsv"]
    for name in exact:
        np.testing.assert_allclose(times(tmp_path / name), expected, atol=1e-6)
    for name in ("a.csv", "plain.txt"):
        np.testing.assert_allclose(times(tmp_path / name, rate=RATE), expected, atol=1e-6)
    # EDF holds 16 bits a sample.
    np.testing.assert_allclose(times(tmp_path / "a.edf"), expected, atol=1e-4)


def test_an_unreadable_stretch_is_a_gap_at_its_place(tmp_path):
    noisy = ECG.copy()
    noisy[int(40 * RATE) : int(50 * RATE)] = np.nan
    np.savez(tmp_path / "a.npz", ecg=noisy, fs=RATE)
    (found,) = beats_of(list(read(tmp_path / "a.npz").events))
    (gap,) = found.gaps
    assert 38.0 < gap.start <= 40.0
    assert 50.0 <= gap.end < 54.0


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("ECG", Kind.ECG), ("ECG ECG", Kind.ECG), ("EKG_II", Kind.ECG), ("ecg_mV", Kind.ECG),
        ("MLII", Kind.ECG), ("V5", Kind.ECG), ("II", Kind.ECG), ("aVR", Kind.ECG),
        ("ABP", Kind.PULSE), ("PPG Finger", Kind.PULSE), ("cardiac", Kind.PULSE),
        ("Pleth", Kind.PULSE), ("BVP", Kind.PULSE), ("ART pressure", Kind.PULSE),
        ("RESP", Kind.BREATHING), ("respiratory", Kind.BREATHING), ("airflow", Kind.BREATHING),
        ("Nasal Pressure", Kind.BREATHING), ("Flow nasal_cannula", Kind.BREATHING),
        ("EEG Fp1", Kind.OTHER), ("EDA", Kind.OTHER), ("trigger", Kind.OTHER), ("", Kind.OTHER),
        ("ecgonine", Kind.OTHER), ("Decg", Kind.OTHER),
    ],
)  # fmt: skip
def test_a_channel_is_what_it_is_called(label, kind):
    assert kind_of(label) is kind


def signal(label):
    return Signal(label, kind_of(label), ECG, RATE)


def test_a_pulse_is_never_read_as_ecg_unless_it_is_asked_for(tmp_path):
    signals = [signal("ABP"), signal("RESP")]
    with pytest.raises(FormatError, match=r"it has no ECG \(channels: ABP, RESP\)"):
        chosen(tmp_path, signals, None)
    assert chosen(tmp_path, signals, "abp").label == "ABP"
    with pytest.raises(FormatError, match='no single channel called "II"'):
        chosen(tmp_path, signals, "II")


def test_several_candidates_are_a_question(tmp_path):
    edf(tmp_path / "a.edf", {"MLII": ECG, "V5": ECG})
    with pytest.raises(FormatError, match="several ECGs: MLII, V5; name one with --channel"):
        read(tmp_path / "a.edf")
    assert len(times(tmp_path / "a.edf", channel="V5")) > 100


def test_a_file_cut_short_is_read_to_there_and_says_so(tmp_path):
    path = edf(tmp_path / "a.edf", {"ECG": ECG})
    whole = times(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10 + 1])
    found = read(path)
    assert any("its header tells of 120 records and it holds 7" in note for note in found.notes)
    cut = times(path)
    # Near the end of what is there beats are found with less around them.
    np.testing.assert_array_equal(cut[:-3], whole[: len(cut) - 3])
    assert 65.0 < cut[-1] < 72.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("ECG,RSP\n.1,.2\n.3,.4\n", "does not tell how many samples a second"),
        ("PPG,RSP\n.1,.2\n.3,.4\n", "it has no ECG"),
        ("time,ECG\n0,.1\n.004,x\n", "line 3 holds no number in column 2"),
        ('{"Columns": []}', "it is JSON"),
    ],
)
def test_a_table_without_what_is_needed_says_what(tmp_path, content, says):
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(FormatError, match=says):
        read(path)


def test_a_table_with_intervals_beside_an_ecg_is_one_of_intervals(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{at * 0.8:.1f},0.1,800\n" for at in range(1, 60))
    path.write_text("time_s,ecg_mV,rr_ms\n" + rows)
    assert read(path).format == "table of intervals"


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"ecg": ECG}, "does not tell the sampling rate"),
        ({"belt": OTHER, "fs": np.array(RATE)}, r"it has no ECG \(channels: belt\)"),
        ({"ecg": ECG.reshape(2, -1), "fs": np.array(RATE)}, "not one row of numbers"),
    ],
)
def test_arrays_without_what_is_needed_say_what(tmp_path, arrays, says):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FormatError, match=says):
        read(tmp_path / "a.npz")


def test_intervals_in_named_arrays_are_read(tmp_path):
    np.savez(tmp_path / "a.npz", rr_ms=np.full(50, 812.0))
    assert read(tmp_path / "a.npz").intervals == 50


def test_bombs_of_zip_and_gzip_are_refused(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("ecg.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(1000):
            member.write(bytes(1 << 20))
    with pytest.raises(FormatError, match="too much memory"):
        read(tmp_path / "a.npz")
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as file:
        for _ in range(100):
            file.write(bytes(1 << 20))
    (tmp_path / "a.csv.gz").write_bytes(packed.getvalue())
    with pytest.raises(FormatError, match="unpacked it holds more than 64 MB"):
        read(tmp_path / "a.csv.gz")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"800\n" * 500)[:-12])
    with pytest.raises(FormatError, match="cut short"):
        read(tmp_path / "b.csv.gz")


PLAIN = frozenset(b"0123456789.,;+-eE \t\r\n")


@given(
    st.binary(max_size=400), st.sampled_from([b"0       ", b"\xffBIOSEMI", b"XDF:", b"PK\x03\x04"])
)
def test_nonsense_after_a_known_beginning_is_refused_in_one_sentence(tmp_path_factory, tail, head):
    assume(not set(head + tail) <= PLAIN)  # "0       1" is a list of two numbers
    path = tmp_path_factory.mktemp("odd") / "odd"
    path.write_bytes(head + tail)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert "\n" not in str(refused.value)


@real
def test_edf_and_arrays_of_one_person_give_the_same_beats():
    folder = DATA / "eegmat_rest_arithmetic"
    np.testing.assert_allclose(
        times(folder / "Subject00_2.edf"), times(folder / "Subject00_2_ecg.npz"), atol=1e-6
    )


@real
def test_watches_and_recorders_are_read_and_what_holds_no_ecg_says_so():
    fit, xdf = DATA / "fit_hrv", DATA / "xdf_lsl_polar_ecg"
    assert read(fit / "garmin-fenix-5-run.fit").intervals == 113
    assert read(fit / "garmin-fenix-5-walk.fit").intervals == 62
    assert read(xdf / "data.xdf").intervals >= 15
    assert 69 <= read(DATA / "biopac_acq/physio-5.0.1-c.acq").intervals <= 71
    with pytest.raises(FormatError, match="holds no intervals"):
        read(fit / "sample-activity-indoor-trainer.fit")
    for name in ("bids_physio/acq_physio.tsv", *(
        f"physiokit_dyad/{path.name}" for path in (DATA / "physiokit_dyad").glob("*.gz")
    )):  # fmt: skip
        with pytest.raises(FormatError, match="it has no ECG"):
            read(DATA / name)


@real
def test_a_flipped_byte_of_a_watchs_file_is_seen(tmp_path):
    data = bytearray((DATA / "fit_hrv/garmin-fenix-5-run.fit").read_bytes())
    data[2000] ^= 0x10
    path = tmp_path / "run.fit"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"checksum is wrong|damaged"):
        read(path)
