"""When talk lies in a window: edges that touch do not."""

from physio.estimate import Estimate
from pipelines.session.talking import hushed


def test_talk_that_begins_as_a_window_ends_or_ends_as_it_begins_is_not_in_it():
    found = Estimate(60.0, "ms", 50.0, 70.0, 30.0, 100.0, 0.0, None)
    for span, kept in (((100.0, 120.0), True), ((50.0, 70.0), True), ((99.0, 120.0), False)):
        told = hushed({"rsa_amplitude": found}, (span,), 100.0)["rsa_amplitude"]
        assert (told.value is not None) is kept
