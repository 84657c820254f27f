"""What the tests of the program ask of its words."""

import pytest

from pipelines.analysis.ready import WHY
from tests.end_to_end.program import is_a_sentence


@pytest.mark.parametrize(
    ("words", "one"),
    [
        ("The disk is full.\n", True),
        (f"{WHY}\nThe disk is full.\n", True),
        ("", False),
        (f"{WHY}\n", False),
        ("The disk is full.", False),
        ("The disk is full.\nTry again.\n", False),
        ("Traceback (most recent call last): no\n", False),
    ],
)
def test_a_notice_is_no_part_of_a_sentence(words, one):
    assert is_a_sentence(words) is one
