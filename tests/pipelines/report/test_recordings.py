"""Reports of real recordings with gaps: whole, and no more is said than was read."""

import pytest

from pipelines import formats
from pipelines.report import as_html
from tests.pipelines.report.hours import report
from tests.recordings import DATA, real

pytestmark = [real, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("name", "gaps"),
    [
        pytest.param(
            "wearable_hrv_multidevice/test_heartmath.csv",
            "19, 2 min 14 s together",
            marks=pytest.mark.long,
        ),
        ("empatica_ibi/IBI.csv", "202, "),
    ],
)
@pytest.mark.long
def test_a_recording_with_gaps_is_told_with_them(name, gaps):
    made = report(formats.read(DATA / name).events)
    assert made.trust[3].value.startswith(gaps)
    assert "</html>" in as_html(made)
    lost = [one for one in made.hour.brackets if one.label != "no reading"]
    for stretch in made.hour.stretches:
        middle = (stretch.time[0] + stretch.time[-1]) / 2.0
        assert not any(one.start + 0.01 < middle < one.end - 0.01 for one in lost)
