"""What a report says: no more than was read, in words, of one wearer who is never the therapist."""

import re

import msgspec
import numpy as np
import pytest

from devices.link import LinkState
from pipelines.analysis import analyse
from pipelines.report import Audience, Level, NoReport, Report, report_of
from pipelines.report.drawn import stretches
from pipelines.session import (
    COLUMNS,
    Baseline,
    LeftOut,
    LeftOutReason,
    Link,
    Mark,
    Points,
    Posture,
    PostureName,
    Source,
    TakenBack,
    Talking,
    beats_of,
)
from pipelines.words import DISCLAIMER, clock_text, length_text
from tests.pipelines.report.hours import (
    BEGAN,
    HOSTILE,
    WRITTEN,
    for_client,
    in_order,
    known,
    packets,
    renamed,
    report,
    rest,
    therapy,
    two_people,
    with_gaps,
    words_of,
)

pytestmark = pytest.mark.usefixtures("english")

EVERY = ("therapy", "with_gaps", "hostile", "two_people", "without_beats", "with_parts")
NEVER = "stress|coherence|abnormal|poor|failed|dysregulated|danger|tight|dysfunction|arrhythm|!"


def test_the_first_sentence_says_how_often_and_whether_it_settled():
    made = known("therapy")
    assert made.lead == (
        "Heart rate rose clearly above where it had been 3 times, and settled each time."
    )
    assert "around “touched hip”, it rose by 14 ± 5 bpm, and had settled after" in words_of(made)
    assert made.about == "14 November 2026, 09:30, 25 minutes, one chest strap. Simulated data."
    assert made.written.endswith("written on 16 November 2026")
    assert made.disclaimer == DISCLAIMER


def test_its_numbers_are_those_of_analyse():
    (found,) = analyse(therapy())
    made = known("therapy")
    assert [row[3] for row in made.moments.rows] == [
        f"+{mark.change_bpm:.0f} ± {(mark.high - mark.low) / 2:.0f} bpm" for mark in found.marks
    ]
    assert [row[2] for row in made.appendix.tables[0].rows] == [
        f"+{one.height_bpm:.0f} ± {(one.height_high_bpm - one.height_low_bpm) / 2:.0f} bpm"
        for one in found.episodes
    ]
    measures = made.appendix.tables[-1].rows
    assert len(measures) == len(found.measures)
    assert measures[1][:3] == (
        "heart rate",
        f"{found.measures['mean_hr'].value:.1f}",
        f"{found.measures['mean_hr'].low:.1f}",
    )


def test_of_talking_and_gaps_nothing_is_said():
    made = known("with_gaps")
    assert made.lead.startswith("Heart rate rose clearly above where it had been twice")
    assert "Around “tears” nothing can be said: no estimate while talking." in made.paragraphs[0]
    assert made.moments.rows[2][3:] == ("no estimate", "no estimate while talking", "no estimate")
    heart, sway, baseline, gaps = made.trust
    assert (sway.level, gaps.level, baseline.level) == (Level.HALF, Level.HALF, Level.FULL)
    assert heart.value == "24 of 25 minutes"
    assert sway.aside.endswith("left out while talking")
    assert re.fullmatch(r"1\ds and 4\ds", gaps.value.replace(" s", "s"))
    assert gaps.aside.startswith("link lost at 8:")
    named = {bracket.label for bracket in made.hour.brackets}
    assert {"baseline", "talking"} <= named
    assert all("link lost" in one or one in ("baseline", "talking") for one in named)


def test_nothing_is_drawn_across_a_gap():
    for gap in (one for one in known("with_gaps").hour.brackets if "lost" in one.label):
        for stretch in known("with_gaps").hour.stretches:
            assert stretch.time[-1] <= gap.start + 0.1 or stretch.time[0] >= gap.end - 0.1


def test_a_trace_breaks_with_its_segments_and_goes_on_where_only_its_trust_changes():
    columns = dict.fromkeys(COLUMNS, np.full(9, np.nan))
    columns["time"], columns["heart_rate"] = np.arange(9.0), np.arange(60.0, 69.0)
    columns["heart_rate_low"], columns["heart_rate_high"] = np.full((2, 9), [[1.0], [99.0]])
    columns["segment"] = np.repeat([0.0, 1.0], [3, 6])
    columns["trust"] = np.repeat([2.0, 1.0], [6, 3])
    runs = list(stretches(Points(**columns), 0.5))
    assert [one.time for one in runs] == [
        (0.0, 1.0, 2.0), (3.0, 4.0, 5.0), (5.0, 6.0, 7.0, 8.0),
    ]  # fmt: skip
    assert [one.limited for one in runs] == [False, False, True]
    assert [(set(one.low), set(one.high)) for one in runs] == [({1.0}, {99.0})] * 3


def test_the_methods_tell_the_delay_of_the_strap():
    for device, delay in (("x", "0.0 s"), ("Polar H10 A1B2C3", "2.1 s")):
        log = in_order([Source(0.0, 0, "client", device)], *packets(rest(60.0)))
        told = report(log).appendix.paragraphs[0]
        assert f"the delay of the strap ({delay}) taken off" in told


def test_a_short_session_and_one_of_talking_alone_say_so():
    assert report(rest(180.0)).lead == "This was too short to say whether heart rate rose."
    talked = report(rest(900.0, Talking(0.0, True)))
    assert talked.lead == "Too little could be read to say whether heart rate rose."
    assert talked.trust[0].aside.endswith("% limited")
    assert talked.trust[1].level is Level.NONE
    (talk,) = (one for one in talked.hour.brackets if one.label == "talking")
    assert (talk.start, talk.end) == (0.0, talked.hour.end)  # nobody said that it ended
    assert report(rest(900.0)).lead == (
        "Heart rate did not clearly rise in the 15 minutes that could be read."
    )


def test_of_many_gaps_their_sum_and_the_longest_are_told():
    lost = ((100.0, 112.0), (200.0, 215.0), (300.0, 341.0), (400.0, 418.0))
    kept = [e for e in rest(500.0) if not any(a <= e.time < b for a, b in lost)]
    links = [Link(a, 0, LinkState.LOST) for a, _ in lost]
    links += [Link(b, 0, LinkState.BEATS) for _, b in lost]
    log = in_order(kept, *links)
    (found,) = beats_of(log)
    lengths = [gap.until - gap.start for gap in found.gaps]
    gaps = report(log).trust[3]
    assert gaps.value == f"4, {length_text(round(sum(lengths)))} together"
    longest = f"the longest {length_text(round(max(lengths)))} at"
    assert gaps.aside == f"link lost; {longest} {clock_text(found.gaps[2].start)}"
    assert lengths[2] == max(lengths)


def test_without_beats_moments_are_still_told():
    made = known("without_beats")
    assert made.hour is None
    assert made.moments.rows[0][2] == "alone"
    assert all(line.level is Level.NONE for line in made.trust[:3])


def test_without_baseline_or_marks_it_says_why():
    made = report(rest(400.0))
    assert made.hour.band is None
    assert made.trust[2].aside == "no baseline was chosen"
    assert made.moments.notes == ("Nothing was marked.",)
    assert not any("Change:" in words for words in made.limits)


def test_the_therapists_trace_is_in_no_report():
    for audience in Audience:
        made = known("two_people", audience)
        rates = [rate for one in made.hour.stretches for rate in one.rate]
        assert max(rates) < 70.0
        assert "therapist" not in words_of(made)
    assert "heart rate" in made.hour.unit
    (heart,) = (
        row for row in known("two_people").appendix.tables[-1].rows if row[0] == "heart rate"
    )
    assert heart[1].startswith("60.")


@pytest.mark.parametrize(
    ("roles", "asked", "sentence"),
    [
        ({"client": "therapist"}, None, "nobody else"),
        ({}, "therapist", "in no report"),
        ({}, "member 2", r"there are: client\.$"),
        ({"client": "thera\u200bpist"}, None, "nobody else"),
        ({"client": "thera\u200bpist"}, "therapist", "nobody else"),
        ({"client": "thera\u200bpist", "therapist": "x"}, "therapist", r"there are: x\.$"),
        ({"client": "member 1", "therapist": "member 2"}, None, "--role: member 1, member 2"),
    ],
)
def test_whom_it_cannot_be_about_is_a_sentence(roles, asked, sentence):
    with pytest.raises(NoReport, match=sentence):
        report(renamed(two_people(), **roles), role=asked)


def test_a_member_of_a_group_is_named():
    log = renamed(two_people(), client="member 1", therapist="member 2")
    rates = [rate for one in report(log, role="member 2").hour.stretches for rate in one.rate]
    assert min(rates) > 90.0


def test_the_client_reads_no_bpm_no_percentile_and_no_measures():
    made = known("therapy", Audience.CLIENT)
    assert made.lead == "Your heart sped up clearly 3 times, and settled each time."
    assert made.appendix is None
    assert not made.hour.figures
    assert not re.search(r"bpm|percentile|±", words_of(made))
    # The same honesty: what could not be read, and what none of it says.
    talked = known("with_gaps", Audience.CLIENT)
    assert [line.level for line in talked.trust] == [x.level for x in known("with_gaps").trust]
    assert "nothing can be said: no estimate while talking" in talked.paragraphs[0]
    assert any("calm, shutdown or medicine" in words for words in talked.limits)


def test_what_was_changed_by_hand_is_listed():
    log = in_order(
        rest(400.0),
        Baseline(200.0, 0, 0.0, 180.0),
        Baseline(300.0, 0, 60.0, 240.0),
        Mark(100.0, "one"),
        Mark(110.0, "two"),
        Mark(120.0, "other", replaces=100.0),
        Mark(130.0, "", replaces=110.0, removed=True),
    )
    assert (
        "Changed by hand: 1 moment put in other words, 1 moment taken back and the baseline chosen "
        "again 1 time."
    ) in report(log).limits
    assert "Changed by hand: nothing." in known("therapy").limits


def test_what_was_left_out_is_listed_and_nothing_is_read_of_it():
    decided = (
        LeftOut(1501.0, 0, 280.0, 420.0, LeftOutReason.MOVING),
        LeftOut(1502.0, 0, 900.0, 930.0, LeftOutReason.STRAP),
        TakenBack(1503.0),
    )
    made, before = report([*therapy(), *decided]), report(therapy())
    assert "Changed by hand: 2 stretches left out and 1 choice undone." in made.limits
    (result,) = analyse([*therapy(), *decided[:1]])
    assert len(made.hour.rises) == len(result.episodes) < len(before.hour.rises)
    names = [row[0] for row in made.appendix.tables[-1].rows]
    heart = made.appendix.tables[-1].rows[names.index("heart rate")]
    assert heart[1:3] == tuple(
        f"{one:.1f}" for one in (result.measures["mean_hr"].value, result.measures["mean_hr"].low)
    )
    assert heart not in before.appendix.tables[-1].rows
    assert made.moments.rows[0] != before.moments.rows[0]


def test_labels_are_told_together_over_sessions_of_one_person():
    (other,) = beats_of(therapy())
    made = report(therapy(), others=(other,))
    pooled = made.appendix.tables[1]
    assert pooled.notes == ("One moment alone is never called an effect.",)
    assert [row[:2] for row in pooled.rows] == [
        ("long silence", "2 times in 2 sessions"),
        ("tears", "2 times in 2 sessions"),
        ("touched hip", "2 times in 2 sessions"),
    ]


@pytest.mark.sampled
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("audience", list(Audience))
def test_it_travels_describes_and_never_judges(name, audience):
    made = known(name, audience)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Report) == made
    told = (
        words_of(msgspec.structs.replace(made, moments=made.moments)) if name != "hostile" else ""
    )
    assert not re.search(NEVER, told, re.I)
    if made.moments.rows:
        assert "One moment alone is never called an effect." in words_of(made)


def test_strangers_words_are_harmless():
    told = words_of(report(therapy(), client="\u202e" + "y" * 300))
    told += words_of(known("hostile"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", told)
    assert all(len(row[2]) <= 100 for row in known("hostile").moments.rows)
    assert known("hostile").moments.rows[6][2] == "mark"
    assert HOSTILE[0] in told


def test_it_is_the_same_for_any_way_to_give_the_log():
    assert report_of(iter(rest(180.0)), started=BEGAN, written=WRITTEN) == report(rest(180.0))
    assert for_client(rest(180.0)).title == "Your session"


def test_the_card_the_parts_and_their_own_band_stand_in_it():
    made = known("with_parts")
    (context,) = [line for line in made.trust if line.level is None]
    assert context.value == "caffeine: one coffee <b>at 8</b>"
    rows = [row[:3] + row[4:] for row in made.parts.rows]
    assert rows == [
        ("3:20", "5:20", "movement", "stiff cb", "lighter"),
        ("5:20", "6:40", "touch, consent not recorded", "", ""),
    ]
    assert made.parts.rows[0][3] == "moving, no accelerometer"
    assert made.parts.rows[1][3].endswith(" bpm")
    assert any(said.startswith("Own band, 40 (far away)") for said in made.limits)


def test_of_several_postures_each_ones_baseline_is_told():
    log = rest(
        700.0,
        Posture(1.0, 0, PostureName.SITTING),
        Baseline(190.0, 0, 5.0, 185.0),
        Posture(300.0, 0, PostureName.STANDING),
        Baseline(600.0, 0, 420.0, 600.0),
    )
    names = ["Baseline, sitting", "Baseline, standing"]
    told = [one for one in report(log).trust if one.name.startswith("Baseline")]
    assert [one.name for one in told] == names
    (found,) = analyse(log)
    for one, line in zip(told, found.baselines, strict=True):
        assert one.value.startswith(f"{line.bpm:.0f} bpm, range ")
    gentle = [one for one in for_client(log).trust if one.name.startswith("Baseline")]
    assert [(one.name, one.aside) for one in gentle] == [(n, "your own pace then") for n in names]


def test_the_client_reads_their_own_words_without_figures():
    made = known("with_parts", Audience.CLIENT)
    assert [len(row) for row in made.parts.rows] == [5, 5]
    assert made.parts.rows[0][3:] == ("stiff cb", "lighter")
    assert "bpm" not in words_of(made)


def test_what_could_be_read_is_said_as_analyse_says_it():
    (found,) = analyse(with_gaps())
    (heart, sway, *_) = known("with_gaps").trust
    for line, name in ((heart, "mean_hr"), (sway, "rsa_amplitude")):
        percent = int(found.readable_percent[name])
        assert line.aside.startswith(f"{percent} % of the time")
