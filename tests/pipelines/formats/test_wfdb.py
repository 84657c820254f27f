"""WFDB: each format of signals, beats from annotations, a question where leads are many."""

import random
import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from physio import beats_from_ecg
from pipelines import reading
from pipelines.formats import FormatError, read
from pipelines.formats.wfdb import annotated
from pipelines.session import beats_of
from tests.pipelines.formats.ecgs import ECG, OTHER, RATE
from tests.recordings import DATA, real

LEVELS = np.rint(ECG * 500).astype(np.int64)
BESIDE = np.rint(OTHER * 500).astype(np.int64)


def of_212(samples):
    """Two samples of 12 bits in three bytes."""
    if len(samples) % 2:
        samples = np.append(samples, 0)
    low, high = (samples & 0xFFF).reshape(-1, 2).T
    three = np.stack((low & 255, low >> 8 | (high >> 8) << 4, high & 255), axis=1)
    return three.astype(np.uint8).tobytes()


def of_24(samples):
    return b"".join(int(one).to_bytes(3, "little", signed=True) for one in samples)


PACKED = {
    16: lambda one: one.astype("<i2").tobytes(),
    24: of_24,
    32: lambda one: one.astype("<i4").tobytes(),
    61: lambda one: one.astype(">i2").tobytes(),
    80: lambda one: (one + 128).astype("u1").tobytes(),
    8: lambda one: np.diff(one, prepend=0).astype("i1").tobytes(),
    160: lambda one: (one + 32768).astype("<u2").tobytes(),
    212: of_212,
}


def record(folder, samples, *, form=16, labels=("ECG",), extra=""):
    """Write a record and return its header's path."""
    frames = len(samples) // len(labels)
    lines = [f"r {len(labels)} {RATE:g} {frames}{extra}"]
    lines += [f"r.dat {form} 500 12 0 0 0 0 {label}" for label in labels]
    (folder / "r.hea").write_text("# a comment\n" + "\n".join(lines) + "\n")
    (folder / "r.dat").write_bytes(PACKED[form](samples))
    return folder / "r.hea"


def test_the_files_of_a_record_may_be_large_where_it_may(tmp_path, monkeypatch):
    path = record(tmp_path, LEVELS)
    monkeypatch.setattr(reading, "LARGEST", 10_000)
    monkeypatch.setattr(reading, "_memory", lambda: 10**9)
    with pytest.raises(FormatError, match="--large"):
        read(path)
    assert read(path, large=True).intervals > 0


def times(path, **more):
    (found,) = beats_of(list(read(path, **more).events))
    return found.beats.time


@pytest.mark.parametrize("form", sorted(PACKED.keys() - {8, 80}))
def test_every_format_holds_the_same_signal(tmp_path, form):
    both = np.stack((BESIDE, LEVELS), axis=1).ravel()
    path = record(tmp_path, both, form=form, labels=("RESP", "MLII"))
    np.testing.assert_allclose(times(path), beats_from_ecg(LEVELS, RATE).time, atol=1e-9)


def test_eight_bits_hold_levels_or_steps(tmp_path):
    small = np.rint(ECG * 100).astype(np.int64)
    expected = beats_from_ecg(small, RATE).time
    for form in (80, 8):
        np.testing.assert_allclose(times(record(tmp_path, small, form=form)), expected, atol=1e-9)


def test_the_value_for_none_is_a_gap(tmp_path):
    broken = LEVELS.copy()
    broken[int(40 * RATE) : int(50 * RATE)] = -32768
    (found,) = beats_of(list(read(record(tmp_path, broken)).events))
    (gap,) = found.gaps
    assert 38.0 < gap.start <= 40.0
    assert gap.end >= 50.0


def test_a_file_cut_short_is_read_to_there(tmp_path):
    path = record(tmp_path, LEVELS)
    whole = (tmp_path / "r.dat").read_bytes()
    (tmp_path / "r.dat").write_bytes(whole[: len(whole) // 2 + 1])
    found = read(path)
    assert any("30000 frames and its file holds 15000" in note for note in found.notes)
    assert times(path)[-1] < 60.0


def test_when_it_began_is_told(tmp_path):
    assert read(record(tmp_path, LEVELS, extra=" 17:27:45 15/08/1994")).started == (
        "1994-08-15T17:27:45"
    )


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("r 1 250 30000\n", "damaged"),
        ("r 1 0 30000\nr.dat 16 500 12 0 0 0 0 ECG\n", "damaged"),
        ("r/3 1 250 30000\nr.dat 16 500 12 0 0 0 0 ECG\n", "several segments"),
        ("r 1 250 30000\n../r.dat 16 500 12 0 0 0 0 ECG\n", "damaged"),
        ("r 1 250 30000\ngone.dat 16 500 12 0 0 0 0 ECG\n", "gone.dat is not read"),
        ("r 1 250 30000\nr.dat 310 500 12 0 0 0 0 ECG\n", "format 310, which is not read"),
        ("r 1 250 30000\nr.dat 16 500 12 0 0 0 0 ABP\n", "it has no ECG"),
    ],
)
def test_a_header_that_leads_nowhere_is_refused(tmp_path, header, says):
    record(tmp_path, LEVELS)
    (tmp_path / "r.hea").write_text(header)
    with pytest.raises(FormatError, match=says):
        read(tmp_path / "r.hea")


def test_what_belongs_to_a_header_names_it(tmp_path):
    record(tmp_path, LEVELS)
    with pytest.raises(FormatError, match=r"name its header, r\.hea"):
        read(tmp_path / "r.dat")


def words(ticks, codes):
    """Annotations as "annot(5)" has them."""
    out = b""
    for step, code in zip(np.diff(ticks, prepend=0).tolist(), codes, strict=True):
        if step > 1023:
            out += (59 << 10).to_bytes(2, "little")
            out += (step >> 16).to_bytes(2, "little") + (step & 65535).to_bytes(2, "little")
            step = 0
        out += (code << 10 | step).to_bytes(2, "little")
        if code == 28:  # a rhythm, with its name
            out += (63 << 10 | 3).to_bytes(2, "little") + b"(N\0\0"
    return out + bytes(2)


steps = st.lists(st.one_of(st.integers(0, 1023), st.integers(1024, 1 << 20)), min_size=1,
                 max_size=40)  # fmt: skip


@given(steps, st.data())
def test_annotations_that_are_written_are_read(gaps, data):
    ticks = np.cumsum(gaps)
    codes = data.draw(st.lists(st.sampled_from([1, 5, 8, 14, 28]), min_size=len(gaps),
                               max_size=len(gaps)))  # fmt: skip
    found, kinds = annotated(words(ticks, codes))
    assert found.tolist() == ticks.tolist()
    assert kinds.tolist() == codes


@settings(max_examples=200)
@given(arrays.arrays(np.uint8, st.integers(0, 300)))
def test_any_bytes_are_some_annotations(data):
    ticks, codes = annotated(data.tobytes())
    assert len(ticks) == len(codes)


def test_beats_come_from_annotations_where_there_is_no_signal(tmp_path):
    ticks = np.cumsum(np.full(100, 200))
    (tmp_path / "r.hea").write_text("r 0 250\n")
    (tmp_path / "r.atr").write_bytes(words(ticks, [1] * 99 + [28]))
    found = read(tmp_path / "r.hea")
    assert found.intervals == 98
    assert "one annotation is no beat" in found.notes


@real
def test_real_records_are_read():
    whole = DATA / "mitdb100_wfdb/100.hea"
    with pytest.raises(FormatError, match="several ECGs: MLII, V5"):
        read(whole)
    assert read(whole, channel="atr").intervals == 2272
    assert abs(read(whole, channel="MLII").intervals - 2272) <= 3
    pressure = read(DATA / "mimic03700181_ecg_abp_resp/03700181.hea")
    assert "MCL1 at 500 samples a second" in pressure.notes[0]
    assert read(DATA / "nsr2db_physionet_toolbox/nsr001.hea").intervals > 100_000


def damaged(data, chance):
    """Return bytes of which some were changed, cut out, doubled or cut off."""
    held = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(held) + 1)
        length = chance.choice((0, 1, 2, 8, 64))
        piece = chance.choice((b"", b"\xff" * 8, bytes(4), b"9" * 9, held[at : at + 64] * 2))
        held[at : len(held) if length == 64 else at + length] = piece
    return bytes(held)


def check_damaged_records(folder, count):
    chance = random.Random(3)
    header = record(folder, LEVELS[: int(20 * RATE)], form=212)
    (folder / "r.atr").write_bytes(np.array([1 << 10 | 200] * 40 + [0], "<u2").tobytes())
    whole = {path: path.read_bytes() for path in (header, folder / "r.dat", folder / "r.atr")}
    for place in range(count):
        path = chance.choice(list(whole))
        path.write_bytes(damaged(whole[path], chance))
        begun = time.process_time()
        with suppress(FormatError):
            assert read(header, channel=(None, "atr")[place % 2]).intervals > 0
        assert time.process_time() - begun <= 2.0
        path.write_bytes(whole[path])


def test_damaged_records_end_in_a_sentence_or_a_result(tmp_path):
    check_damaged_records(tmp_path, 20)


@pytest.mark.long
def test_a_thousand_damaged_records_do_too(tmp_path):
    check_damaged_records(tmp_path, 1000)
