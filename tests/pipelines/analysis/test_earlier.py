"""The newest assessment that a library keeps is what the next one is compared with."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from devices.scripted import REPLAY
from physio.breathing.assessment import Course, steps_of
from physio.breathing.resonance import Earlier
from pipelines.analysis import earlier_assessment
from pipelines.session import Assessment, Source
from tests.pipelines.logs import session
from tests.pipelines.store.libraries import make_library

END = steps_of(Course.STEPPED)[-1].end
NOW = 1.75e9
DAY = 86400.0


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "library", "a passphrase")[0]


def keep(library, *, course=Course.STEPPED, ago=1.0, client=None, scenario="resonance:5.5", **how):
    """Keep a session of so many days ago, and return its id."""
    log = session(scenario, END + 20.0)
    joined = {"simulated": False, "address": "A0:9E", **how}
    told = [replace(one, **joined) if isinstance(one, Source) else one for one in log]
    writer = library.new_session(NOW - ago * DAY, client=client)
    writer.append([*told, Assessment(told[-1].time, course, 0.0, 0.4)])
    writer.close(beats=1000)
    return writer.session


def test_the_newest_counts(library):
    assert earlier_assessment(library, NOW) is None
    keep(library, ago=20.0, scenario="resonance:5")
    keep(library, ago=2.0)
    found = earlier_assessment(library, NOW)
    assert isinstance(found, Earlier)
    assert (found.rate, found.share) == (5.5, 1.0)
    # One that was given up, or tells nothing, is passed over.
    keep(library, ago=1.0, course=None)
    keep(library, ago=0.5, scenario="rest")
    assert earlier_assessment(library, NOW) == found


@pytest.mark.parametrize(
    "how", [{"simulated": True}, {"address": REPLAY}, {"role": "therapist"}, {"ago": 91.0}]
)
def test_what_may_be_of_another_person_or_long_ago_does_not_count(library, how):
    keep(library, **how)
    assert earlier_assessment(library, NOW) is None


def test_a_library_of_several_people_compares_nothing(library):
    session_id = keep(library)
    assert earlier_assessment(library, NOW) is not None
    keep(library, ago=3.0, client="Fox", course=None)
    assert earlier_assessment(library, NOW) is None
    assert session_id


def test_one_that_was_deleted_is_gone(library):
    library.delete(keep(library))
    assert earlier_assessment(library, NOW) is None
