"""Labels after Lipponen and Tarvainen 2019: found, not invented, and the same live as offline."""

import math
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import labels as labelling
from physio.labels import FINAL_AFTER, START, Label, advance, labels, pending, provisional, usable
from tests.recordings import DATA, real

MITDB = DATA / "mitdb100_wfdb" / "100.atr"


def rest(beats, seed):
    """Clean unpaced rest at 65 bpm: breathing, a 0.1 Hz wave, a slow wander and noise."""
    rng = np.random.default_rng(seed)
    phases = rng.uniform(0, 2 * np.pi, 2)
    noise, steps = rng.normal(0, 8, beats), rng.normal(0, 5, beats)
    rr, now, wander = np.empty(beats), 0.0, 0.0
    for i in range(beats):
        wander = 0.97 * wander + steps[i]
        waves = np.sin(2 * np.pi * 0.25 * now + phases[0]) + np.sin(0.2 * np.pi * now + phases[1])
        rr[i] = 923 + 25 * waves + wander + noise[i]
        now += rr[i] / 1000
    return rr


def paced(beats, rate, swing):
    rr, now = np.empty(beats), 0.0
    for i in range(beats):
        rr[i] = 900 + swing / 2 * np.sin(2 * np.pi * rate / 60 * now)
        now += rr[i] / 1000
    return rr


def whole(rr):
    return labels(rr, np.zeros(len(rr), int))


def with_events(rr, share, kind, seed, *, early=(0.15, 0.4)):
    """Return the intervals with misplaced beats in them, and where each event begins."""
    rng = np.random.default_rng(seed)
    places, free = [], np.ones(len(rr), bool)
    free[:5] = free[-7:] = False
    for place in rng.permutation(len(rr)):
        if len(places) < share * len(rr) and free[place]:
            places.append(int(place))
            free[max(0, place - 6) : place + 7] = False
    result, begins = [], []
    skip = False
    for i, interval in enumerate(rr):
        if skip:
            skip = False
            continue
        if i not in set(places):
            result.append(interval)
            continue
        begins.append(len(result))
        if kind == "missed":
            result.append(interval + rr[i + 1])
            skip = True
        elif kind == "extra":
            part = rng.uniform(0.3, 0.7)
            result += [part * interval, (1 - part) * interval]
        else:
            shift = rng.uniform(*early) * interval
            result += [interval - shift, rr[i + 1] + shift]
            skip = True
    return np.array(result), np.array(begins)


def plain(rr, segment=None, size=float, *, trailing=False):
    """The published algorithm in plain loops, with our floor, edges, gaps and multiples.

    Quartiles of differences are those of signed values, or of absolute ones where `size` is abs.
    With `trailing`, the labels while the recording goes on.
    """
    n = len(rr)
    part = [0] * n if segment is None else [int(x) for x in segment]

    def quantiles(values, *shares):
        ordered = sorted(values, key=lambda value: (math.isnan(value), value))
        for share in shares:
            position = (len(ordered) - 1) * share
            low = int(position)
            high = min(low + 1, len(ordered) - 1)
            yield ordered[low] + (ordered[high] - ordered[low]) * (position - low)

    def around(i):
        """The places whose values the threshold at one is of."""
        own = [k for k in range(n) if part[k] == part[i]]
        goes_on = trailing and part[i] == part[-1]
        short = len(own) < 46 and not goes_on
        first, last = (0, n - 1) if short else (own[0], own[-1])
        high = min(last, i + 45)
        low = high - 90 if goes_on or (short and trailing) else i - 45
        return range(max(first, low), high + 1)

    def threshold(values, i, size):
        window = [size(values[k]) for k in around(i) if values[k] is not None]
        if not window:
            return 20.0
        upper, lower = quantiles(window, 0.75, 0.25)
        return max(5.2 * (upper - lower) / 2, 20.0)

    starts = [i == 0 or part[i] != part[i - 1] for i in range(n)]
    change = [None if starts[i] else float(np.nan_to_num(rr[i] - rr[i - 1])) for i in range(n)]
    scaled = [0.0 if starts[i] else change[i] / threshold(change, i, size) for i in range(n)]
    newest = part.index(part[-1]) if trailing and n else 0
    oldest = [newest if i >= newest else 0 for i in range(n)]
    median = [next(quantiles(rr[max(oldest[i], i - 5) : i + 6], 0.5)) for i in range(n)]
    off = [(rr[i] - median[i]) * (2 if rr[i] < median[i] else 1) for i in range(n)]

    def beside(values, i, by):
        inside = 0 <= i + by < n and part[i + by] == part[i]
        return values[i + by] if inside else 0.0

    found = []
    for i in range(n):
        here, limit = scaled[i], threshold(off, i, abs)
        before, after, second = (beside(scaled, i, by) for by in (-1, 1, 2))
        near = max(before, after) if here > 0 else min(before, after)
        later = (min if here >= 0 else max)(after, second)
        long = (here > 1 and later < -1) or off[i] / limit > 3
        short = (here < -1 and later > 1) or off[i] / limit < -3
        both = rr[i] + beside(rr, i, 1)
        if any(abs(rr[i] - k * median[i]) < 0.05 * (k * median[i]) for k in (2, 3, 4)):
            found.append(Label.MISSED)
        elif (here > 1 and near < -0.13 * here - 0.17) or (
            here < -1 and near > -0.13 * here + 0.17
        ):
            found.append(Label.ECTOPIC)
        elif long and abs(rr[i] / 2 - median[i]) < limit:
            found.append(Label.MISSED)
        elif short and abs(both - median[i]) < limit:
            found.append(Label.EXTRA)
        elif long or rr[i] > 3000:
            found.append(Label.LONG)
        elif short or rr[i] < 200:
            found.append(Label.SHORT)
        else:
            found.append(Label.NORMAL)
    return found


@st.composite
def rhythms(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(0, 260))
    rr = rng.normal(850, draw(st.sampled_from([0.0, 5.0, 40.0, 300.0])), n)
    odd = rng.random(n) < draw(st.sampled_from([0.0, 0.05, 0.3]))
    rr[odd] *= rng.choice([0.1, 0.5, 0.7, 1.3, 2.0, 5.0], n)[odd]
    breaks = rng.random(n) < draw(st.sampled_from([0.0, 0.01, 0.2]))
    return np.abs(rr), np.cumsum(breaks)


@given(rhythms())
@settings(max_examples=60, deadline=None)
def test_equal_the_published_algorithm_in_plain_loops(rhythm):
    rr, segment = rhythm
    assert labels(rr, segment).tolist() == plain(rr.tolist(), segment)


@pytest.mark.parametrize("beats", [400, pytest.param(1500, marks=pytest.mark.long)])
def test_a_day_with_every_kind_of_event_equals_the_published_algorithm(beats):
    # Enough of each that what is looked at closely, and what is passed over, is both tried.
    parts = [
        with_events(rest(beats, seed), 0.03, kind, seed, early=(0.03, 0.4))[0]
        for seed, kind in enumerate(["missed", "extra", "early", "early"])
    ]
    rr = np.concatenate(parts)
    assert whole(rr).tolist() == plain(rr.tolist())


@pytest.mark.parametrize("value", [np.nan, 0.0, -5.0])
@pytest.mark.parametrize("share", [0.003, 0.05])
def test_what_is_no_length_is_no_difference_and_beside_it_the_rest_is_labelled(value, share):
    rr = rest(600, 3)
    rr[np.random.default_rng(0).random(len(rr)) < share] = value
    assert whole(rr).tolist() == plain(rr.tolist())


@given(rhythms(), st.data())
@settings(max_examples=150, deadline=None)
def test_any_cutting_gives_the_same_final_labels(rhythm, data):
    rr, segment = rhythm
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rr)), max_size=30)))
    state, found = START, []
    for first, last in pairwise([0, *cuts, len(rr)]):
        state, final = advance(state, rr[first:last], segment[first:last])
        found.append(final)
        assert len(state.rr) <= 150
    assert np.array_equal(np.concatenate([*found, pending(state)]), labels(rr, segment))


@given(rhythms())
@settings(max_examples=50, deadline=None)
def test_labels_are_final_after_fifty_beats(rhythm):
    rr, segment = rhythm
    state, final = advance(START, rr, segment)
    assert len(rr) - len(final) == min(len(rr), FINAL_AFTER)
    assert len(provisional(state)) == len(pending(state)) == len(rr) - len(final)


def uneasy(seed, n=110, *, share=0.3):
    """A rhythm with so many odd intervals that thresholds hang on each of them."""
    rng = np.random.default_rng(seed)
    rr = np.round(rng.normal(850, 60, n))
    odd = rng.random(n) < share
    rr[odd] *= rng.choice([0.5, 0.7, 1.3, 2.0], odd.sum())
    return rr


def live(rr, place):
    """The label that `place` bears once it is final, the intervals coming one by one."""
    state, final = START, np.empty(0, np.int8)
    for interval in rr:
        state, new = advance(state, [interval], [0])
        final = np.concatenate((final, new))
        if len(final) > place:
            break
    return final[place]


@pytest.mark.parametrize("seed", [1554, 2910, 3250])
def test_forty_five_later_beats_do_not_yet_make_a_label_final(seed):
    # The threshold reads 45 deviations on, and the last of them a median of five beats more.
    rr, place = uneasy(seed), 50
    assert whole(rr[: place + 1 + 45])[place] != whole(rr)[place]
    assert live(rr, place) == whole(rr)[place]
    assert FINAL_AFTER == labelling.THRESHOLD_WIDTH // 2 + labelling.MEDIAN_WIDTH // 2


@pytest.mark.parametrize("n", [3, 40, 91, 96, 140, 260])
@pytest.mark.parametrize("seed", range(4))
def test_provisional_labels_have_thresholds_of_the_91_newest_values(seed, n):
    rr = uneasy(seed, n, share=0.1)
    state, final = advance(START, rr, np.zeros(n, int))
    expected = plain(rr.tolist(), trailing=True)
    assert provisional(state).tolist() == expected[len(final) :]
    assert n < 140 or np.count_nonzero(expected) > 3
    before, known = advance(START, rr[:-2], np.zeros(n - 2, int))
    assert provisional(before, rr[-2:], [0, 0]).tolist() == expected[len(known) :]


@given(rhythms())
@settings(max_examples=40, deadline=None)
def test_provisional_labels_are_those_of_plain_loops_across_gaps(rhythm):
    rr, segment = rhythm
    state, final = advance(START, rr, segment)
    assert provisional(state).tolist() == plain(rr.tolist(), segment, trailing=True)[len(final) :]


def test_provisional_thresholds_begin_with_the_segment():
    rr = np.concatenate((uneasy(1, 120) * 3, uneasy(2, 30, share=0.1)))
    segment = np.repeat([0, 1], [120, 30])
    state, final = advance(START, rr, segment)
    assert len(final) == 100
    assert provisional(state)[-30:].tolist() == plain(rr[120:].tolist(), trailing=True)


def test_a_step_over_a_gap_is_no_difference_and_the_pace_after_it_is_its_own():
    # Running, then rest: other thresholds, another level, and no label on either side.
    fast = 420 + np.random.default_rng(0).normal(0, 2, 400)
    rr, segment = np.concatenate((fast, rest(400, 3), fast)), np.repeat([0, 1, 2], 400)
    assert not labels(rr, segment).any()
    for known in range(401, 460):
        state, _ = advance(START, rr[:known], segment[:known])
        assert not provisional(state).any()


LOST = [578, 2383, 586, 1180, 586, 1773]
"""Intervals of a failing heart's recording: four, two and three of its own, and three of one."""


@pytest.mark.parametrize("size", range(1, 7))
def test_a_few_beats_between_gaps_are_judged_by_those_around_them(size):
    # 585 ms all along, and between two gaps so many intervals of which beats are missing.
    calm = 585 + np.random.default_rng(1).normal(0, 8, 200)
    rr = np.concatenate((calm, LOST[:size], calm))
    segment = np.repeat([0, 1, 2], [200, size, 200])
    found = labels(rr, segment)
    # Others may bear a label that they stand out beside them by.
    assert Label.MISSED not in found[200 : 200 + size : 2]
    assert found[201 : 200 + size : 2].tolist() == [Label.MISSED] * (size // 2)
    assert not found[:200].any()
    assert not found[200 + size :].any()


def test_a_session_that_begins_with_a_few_beats_waits_for_those_that_judge_them():
    calm = 585 + np.random.default_rng(1).normal(0, 8, 60)
    rr, segment = np.concatenate((LOST, calm)), np.repeat([0, 1], [6, 60])
    assert labels(rr, segment)[1:6:2].tolist() == [Label.MISSED] * 3
    state, final = advance(START, rr[:50], segment[:50])
    assert len(final) == 0
    assert provisional(state)[1:6:2].tolist() == [Label.MISSED] * 3


@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize("share", [0.0, 0.04, -0.04])
def test_near_a_multiple_of_the_median_beats_are_missing_however_wide_the_thresholds(times, share):
    # A third of the intervals swings so widely that no threshold is ever passed.
    rr = np.tile([600.0, 590.0, 400.0, 610.0, 810.0, 600.0, 605.0], 30)
    rr[100] = times * 600.0 * (1.0 + share)
    assert whole(rr)[100] == Label.MISSED


@real
def test_what_labels_leave_of_a_failing_hearts_recording_is_like_its_readable_minutes():
    rr = 1000 * np.loadtxt(DATA / "rhrvbook_rr/chf205_3h.txt")
    kept = rr <= 3000
    segment = np.cumsum(~kept)[kept]
    rr = rr[kept]
    label = labels(rr, segment)
    good = usable(label, segment)
    paired = good[1:] & good[:-1] & (segment[1:] == segment[:-1])
    change = np.diff(rr)
    minute = np.searchsorted(np.cumsum(rr)[1:] / 60e3, np.arange(1, np.sum(rr) / 60e3))
    each = [np.flatnonzero(paired[a:b]) + a for a, b in pairwise(minute)]
    rmssds = np.array([np.sqrt(np.mean(change[at] ** 2)) for at in each if len(at) > 60])
    # Readable are minutes without a label; there were 88 of 176.
    assert 12 < np.median(rmssds) < 18
    assert np.sqrt(np.mean(change[paired] ** 2)) < 30


@pytest.mark.parametrize(
    ("kind", "least"), [("missed", 0.995), ("extra", 0.995), ("early", 0.9696)]
)
def test_simulated_events_are_found_and_little_else(kind, least):
    found = events = false = normal = 0
    for seed in range(26):
        rr, begins = with_events(rest(2000, seed), 0.04, kind, seed)
        flagged = whole(rr) != Label.NORMAL
        around = begins[:, None] + np.arange(-1, 4)
        found += np.count_nonzero(flagged[around[:, 1:3]].any(axis=1))
        events += len(begins)
        elsewhere = np.ones(len(rr), bool)
        elsewhere[around] = False
        false += np.count_nonzero(flagged & elsewhere)
        normal += np.count_nonzero(elsewhere)
    assert events >= 2000
    assert found >= least * events
    assert 1 - false / normal >= 0.9994


def annotations(path):
    """Beats of a WFDB annotation file: sample and type (1 normal, 5 ventricular, 8 atrial)."""
    words = np.frombuffer(path.read_bytes(), "<u2").tolist()
    found, place, sample = [], 0, 0
    while words[place]:
        kind, value = words[place] >> 10, words[place] & 1023
        place += 1
        if kind == 59:
            sample += (words[place] << 16) + words[place + 1]
            place += 2
        elif kind == 63:
            place += (value + 1) // 2
        elif kind < 60:
            sample += value
            if kind in (1, 5, 8):
                found.append((sample, kind))
    return np.array(found).T


@real
def test_annotated_premature_beats_are_found():
    sample, kind = annotations(MITDB)
    rr = np.diff(sample) / 0.36
    premature = np.flatnonzero(kind[1:] != 1)
    flagged = whole(rr) != Label.NORMAL
    assert len(premature) == 34
    assert flagged[premature[:, None] + [0, 1]].any(axis=1).mean() >= 0.9696
    elsewhere = np.ones(len(rr), bool)
    elsewhere[premature[:, None] + np.arange(-1, 3)] = False
    wrong = np.flatnonzero(flagged & elsewhere)
    assert np.cumsum(rr)[wrong].round(-3).tolist() == [1446e3, 1620e3]
    assert flagged.tolist() == [label != Label.NORMAL for label in plain(rr.tolist())]
    # NeuroKit2's form of the method has four false flags more here, at real changes of rhythm.
    absolute = [label != Label.NORMAL for label in plain(rr.tolist(), size=abs)]
    ends = np.cumsum(rr)[np.flatnonzero(absolute & elsewhere)].round(-3).tolist()
    assert ends == [118e3, 570e3, 707e3, 1445e3, 1446e3, 1620e3]


@real
def test_the_label_two_before_a_premature_beat_comes_from_that_beat():
    sample, kind = annotations(MITDB)
    rr = np.diff(sample) / 0.36
    premature = int(np.flatnonzero((kind[1:] != 1) & (np.cumsum(rr) > 1446e3))[0])
    assert whole(rr)[premature - 2] == Label.LONG
    rr[premature : premature + 2] = rr[premature : premature + 2].mean()
    assert whole(rr)[premature - 2] == Label.NORMAL


def test_one_normal_difference_in_two_thousand_is_beyond_the_threshold():
    # 5.2 x .6745 = 3.51 standard deviations: .045 %, and more as 91 values scatter. Quartiles of
    # absolute values would give 5.2 x (1.150 - .319) / 2 = 2.16 and 3.06 %.
    change = np.random.default_rng(0).normal(0, 50, 50000)
    whole_record = np.zeros(len(change), int), np.full(len(change), len(change) - 1)
    places = labelling._Places(np.arange(len(change)), *whole_record, *whole_record)
    scale = labelling._Scale(change, change, np.arange(len(change) + 1), trailing=False)
    scaled = np.abs(change) / scale.threshold(places)
    assert 0.00045 < (scaled > 1).mean() < 0.0015
    # What is told without the threshold leaves out none of them, and most of the others.
    most = np.abs(scale.at_most(places))
    assert (most >= scaled).all()
    assert (most > 1).mean() < 0.02


@pytest.mark.parametrize("rate", [4.5, 6.0, 9.0, 12.0, 15.0])
def test_clean_paced_breathing_is_not_labelled(rate):
    flagged = [np.mean(whole(paced(1500, rate, swing)) != 0) for swing in (20, 50, 100, 200, 400)]
    assert max(flagged) <= 0.001


def test_clean_rest_is_hardly_labelled():
    assert np.mean([np.mean(whole(rest(2000, seed)) != 0) for seed in range(100, 108)]) <= 0.003


def test_a_constant_rhythm_is_normal_and_an_interval_out_of_range_never():
    rr = np.full(200, 800.0)
    assert not whole(rr).any()
    rr[[50, 120]] = 150.0, 3200.0
    assert whole(rr)[50] != Label.NORMAL
    assert whole(rr)[120] != Label.NORMAL
    assert not whole(np.full(100, 250.0)).any()
    assert (whole(np.full(100, 199.0)) == Label.SHORT).all()


@pytest.mark.parametrize(
    ("odd", "label"),
    [
        ([770, 780, 790], Label.NORMAL),
        ([769, 780, 790], Label.SHORT),
        ([860, 848, 836, 824, 812], Label.NORMAL),
        ([861, 848, 836, 824, 812], Label.LONG),
    ],
)
def test_three_thresholds_from_the_median_are_not_yet_too_far(odd, label):
    # In a constant rhythm the threshold is its floor of 20 ms; a shorter interval counts double.
    rr = np.full(120, 800.0)
    rr[60 : 60 + len(odd)] = odd
    assert whole(rr)[60] == label


@pytest.mark.parametrize("n", range(6))
def test_a_few_beats_bear_no_label(n):
    assert whole(np.linspace(800, 900, n)).tolist() == [Label.NORMAL] * n


def test_provisional_labels_agree_with_final_ones_three_beats_late():
    agree = events = false = normal = 0
    for seed, kind in enumerate(["missed", "extra", "early", None, None]):
        rr = rest(800, seed)
        if kind:
            rr, _ = with_events(rr, 0.03, kind, seed)
        final, each = whole(rr), np.arange(4, len(rr) + 1)
        live = labelling.known_at(final, rr, np.zeros(len(rr), int), each)[:, -4]
        agree += np.count_nonzero((live != 0) == (final[: len(live)] != 0))
        events += len(live)
        if kind is None:
            false += np.count_nonzero(live[91:])
            normal += len(live) - 91
    assert agree / events >= 0.995
    assert false / normal <= 0.0015


def rmssd(rr, kept):
    pairs = kept[1:] & kept[:-1]
    return np.sqrt(np.mean(np.diff(rr)[pairs] ** 2))


@pytest.mark.parametrize("kind", ["missed", "extra", "early"])
@pytest.mark.parametrize("share", [0.01, 0.02, 0.04])
def test_what_is_usable_gives_the_variability_of_the_clean_rhythm(kind, share):
    errors = []
    for seed in range(6):
        clean = rest(2000, seed)
        rr, _ = with_events(clean, share, kind, seed, early=(0.08, 0.4))
        kept = usable(whole(rr), np.zeros(len(rr), int))
        errors.append(
            (
                rmssd(rr, kept) / rmssd(clean, np.ones(len(clean), bool)) - 1,
                rr[kept].std(ddof=1) / clean.std(ddof=1) - 1,
            )
        )
    assert np.abs(errors).mean(axis=0).max() < 0.02


def test_the_interval_before_an_ectopic_label_is_not_usable_unless_a_gap_lies_between():
    label = np.array([0, 0, 1, 0, 1, 2, 0], np.int8)
    segment = np.array([0, 0, 0, 1, 2, 2, 2])
    assert usable(label, segment).tolist() == [True, False, False, True, False, False, True]


def test_constants_are_the_published_ones():
    assert (labelling.ALPHA, labelling.C1, labelling.C2) == (5.2, 0.13, 0.17)
    assert (labelling.THRESHOLD_WIDTH, labelling.MEDIAN_WIDTH) == (91, 11)


def test_a_week_of_beats_needs_little_memory():
    rr = np.tile(rest(5000, 0), 143)
    tracemalloc.start()
    labels(rr, np.zeros(len(rr), int))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 300e6


def test_steps_of_a_clock_and_gaps_leave_the_published_algorithm_as_it_is():
    # Many equal differences, full windows and windows at the ends of segments side by side.
    lively = with_events(rest(700, 2), 0.03, "early", 2)[0][:700]
    rr = np.concatenate((np.round(rest(900, 1) / 8) * 8, lively, paced(300, 6.0, 300)))
    segment = np.repeat([0, 1, 2, 3, 4, 5], [700, 20, 75, 3, 602, 500])
    expected = plain(rr.tolist(), segment)
    assert labels(rr, segment).tolist() == expected
    assert any(expected)


@given(rhythms(), st.integers(1, 9))
@settings(max_examples=20, deadline=None)
def test_labels_known_at_each_moment_are_the_provisional_ones(rhythm, step):
    rr, segment = rhythm
    count = np.arange(1, len(rr) + 1, step)
    known = labelling.known_at(labels(rr, segment), rr, segment, count)
    for row, n in zip(known, count.tolist(), strict=True):
        state, final = advance(START, rr[:n], segment[:n])
        told = np.concatenate((final, provisional(state)))
        assert row[max(0, FINAL_AFTER - n) :].tolist() == told[-FINAL_AFTER:].tolist()
        assert final[: max(0, n - FINAL_AFTER)].tolist() == told[: max(0, n - FINAL_AFTER)].tolist()


def test_labels_before_those_known_at_a_moment_are_final():
    rr = with_events(rest(700, 4), 0.03, "early", 4)[0]
    segment = np.repeat([0, 1, 2], [260, 30, len(rr) - 290])
    count = np.arange(1, len(rr) + 1)
    final = labels(rr, segment)
    known = labelling.known_at(final, rr, segment, count)
    differing = 0
    for n in count.tolist():
        told = provisional(START, rr[:n], segment[:n])
        assert told[: max(0, n - FINAL_AFTER)].tolist() == final[: max(0, n - FINAL_AFTER)].tolist()
        tail = min(n, FINAL_AFTER)
        assert told[n - tail :].tolist() == known[n - 1, FINAL_AFTER - tail :].tolist()
        differing += told[n - tail :].tolist() != final[n - tail : n].tolist()
    assert differing > 20


def test_labels_of_a_segment_that_is_over_are_as_they_will_be():
    rr = with_events(rest(700, 7), 0.05, "early", 7)[0]
    moved = 0
    for over in range(100, 600, 5):
        segment = np.repeat([0, 1], [over, 3])
        expected = labels(rr[:over], segment[:over]).tolist()
        assert provisional(START, rr[: over + 3], segment)[:-3].tolist() == expected
        moved += provisional(START, rr[:over], segment[:over]).tolist() != expected
    assert moved > 2
