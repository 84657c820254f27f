"""A part is shared: what was not chosen is not in it, and what is over does not open."""

import csv
import io
import json
import zlib

import msgspec
import pytest

from physio.weeks import wilson
from pipelines import store
from pipelines.weeks import (
    Gone,
    Over,
    Part,
    PlanKept,
    as_csv,
    as_json,
    chosen,
    is_share,
    outcomes,
    person,
    read_share,
    share_of,
    take_back,
    taken_back,
    write_share,
)
from tests.pipelines.store.libraries import FAST
from tests.pipelines.weeks.made import (
    PICTURE,
    PLAN,
    SECRET,
    a_log,
    answers,
    day,
    intention,
    unwanted,
)

pytestmark = pytest.mark.usefixtures("english")

THEIRS = "four green boats"
OF_PART = {
    Part.WEEKS: [b"walking to the lake", b'"answer"', b'"tension"'],
    Part.PRACTICE: [b'"practice"', b'"seconds"'],
    Part.HAPPENINGS: [b"moved house", b"after the long drive"],
    Part.UNWANTED: [b"dizzy at the end"],
    Part.SUMS: [b"GAD-7"],
    Part.RESTING: [],
    Part.PLAN: [b"the plan of now"],
}


def shared(parts, log=None, *, whose="w", made=0, share="s"):
    return share_of(
        a_log() if log is None else log,
        parts,
        share=share,
        whose=whose,
        whom="Anna",
        made=day(made),
        until=day(90),
    )


@pytest.mark.parametrize("part", Part)
def test_what_was_not_chosen_is_not_in_the_file_byte_by_byte(part, tmp_path):
    write_share(tmp_path / "share", shared({part}), THEIRS, cost=FAST)
    (inside,) = store.read_sealed(tmp_path / "share", THEIRS, kind=store.WEEKS)
    assert not [word for word in OF_PART[part] if word not in inside]
    others = [word for other in Part if other is not part for word in OF_PART[other]]
    entries = inside[inside.index(b'"entries"') :]
    assert not [word for word in others if word in entries]
    for word in (SECRET.encode(), b"the plan before", b'"writing"', b'"box"'):
        assert word not in inside
    sealed = (tmp_path / "share").read_bytes()
    assert not [word for word in (*OF_PART[part], b"Anna") if word in sealed]
    assert len(zlib.compress(sealed)) > 0.8 * len(sealed) - 400


def test_who_has_the_passphrase_reads_what_was_chosen_until_its_last_day(tmp_path):
    path = tmp_path / "share"
    write_share(path, shared({Part.WEEKS, Part.PLAN}), THEIRS, cost=FAST)
    assert is_share(path)
    assert not store.is_sealed(path)
    found = person(read_share(path, THEIRS, day(90)).told())
    assert found.activity == "walking to the lake"
    assert found.plan == PLAN
    assert found.practices == ()
    with pytest.raises(Over, match="was shared until"):
        read_share(path, THEIRS, day(91))
    with pytest.raises(store.WrongPassphrase):
        read_share(path, "another", day(1))


def test_one_that_was_taken_back_does_not_open(tmp_path):
    path = tmp_path / "share"
    write_share(path, shared({Part.WEEKS}), THEIRS, cost=FAST)
    assert taken_back(path) is None
    take_back(path, "s")
    assert taken_back(path) == "s"
    assert not is_share(path)
    with pytest.raises(Over, match="taken back"):
        read_share(path, THEIRS, day(1))
    assert b"walking" not in path.read_bytes()


def test_a_share_is_no_file_of_exports_and_none_of_these_a_share(tmp_path):
    write_share(tmp_path / "share", shared({Part.WEEKS}), THEIRS, cost=FAST)
    with pytest.raises(store.Unreadable):
        store.read_sealed(tmp_path / "share", THEIRS)
    store.write_sealed(tmp_path / "export", [b"{}"], THEIRS, replace=False, cost=FAST)
    with pytest.raises(store.Unreadable):
        read_share(tmp_path / "export", THEIRS, day(1))
    store.write_sealed(
        tmp_path / "odd", [b"{}"], THEIRS, replace=False, cost=FAST, kind=store.WEEKS
    )
    with pytest.raises(store.Unreadable):
        read_share(tmp_path / "odd", THEIRS, day(1))


def test_a_plan_that_is_changed_elsewhere_comes_back(tmp_path):
    log = a_log()
    theirs = person(shared({Part.PLAN}).told()).plan + 'goals = ["the garden"]\n'
    back = PlanKept(id="plan3", day=day(50), at=60.0, text=theirs)
    assert person([*log, back]).plan == theirs
    assert len(person([*log, back]).practices) == 6


def test_what_was_let_go_of_is_not_shared_though_a_copy_brings_it_back():
    kept, gone = unwanted(1), unwanted(2)
    log = [kept, gone, Gone(id=gone.id, day=day(3), at=3.0)]
    assert shared({Part.UNWANTED}, log).told() == [kept]


def test_of_the_plan_the_newest_version_alone_is_shared():
    assert [one.id for one in chosen(a_log(), {Part.PLAN})] == ["plan2"]


# --- read without us


def test_everything_is_read_without_us_by_a_plain_script():
    log = a_log()
    plain = json.loads(as_json(log))["entries"]
    table = list(csv.DictReader(io.StringIO(as_csv(log).decode(), newline="")))
    assert len(plain) == len(table) == len(log)
    for one, row, entry in zip(plain, table, log, strict=True):
        assert one["id"] == row["id"] == entry.id
        assert one["day"] == row["day"] == entry.day.isoformat()
        assert one["kind"] == row["kind"]
        for key, value in one.items():
            written = "" if value is None else str(value)
            assert written == row[key]
    rated = [int(row["value"]) for row in table if row["question"] == "activity"]
    assert rated == [value for value in PICTURE if value is not None]
    assert plain[-1]["text"] == table[-1]["text"] == SECRET
    assert not {"key", "box"} & plain[-1].keys()


def test_no_program_of_tables_takes_words_for_a_formula():
    row = next(csv.DictReader(io.StringIO(as_csv([intention("=1+1")]).decode())))
    assert row["activity"] == "'=1+1"


# --- what a programme sees

BETTER = [intention(), *answers(PICTURE)]
WORSE = [intention(), *answers([7, 8, 7, 8, 4, 4, 4, 4])]
SAME = [intention(), *answers([5] * 8)]
FEW = [intention(), *answers([5] * 7)]


def test_how_many_did_how_with_intervals_and_never_who():
    logs = [BETTER, BETTER, WORSE, SAME, FEW, []]
    shares = [shared({Part.WEEKS}, log, whose=str(which)) for which, log in enumerate(logs)]
    found = outcomes(shares)
    (activity,) = found.measures
    counts = [activity.better.count, activity.same.count, activity.worse.count, activity.missing]
    assert (found.people, counts) == (6, [2, 1, 1, 2])
    assert (activity.better.low, activity.better.high) == wilson(2, 4)
    assert found.harm_missing == 6
    assert found.harmed.low is None
    told = msgspec.json.encode(found)
    assert b"Anna" not in told
    assert b"walking" not in told


def test_harm_is_counted_among_those_who_shared_it():
    parts = {Part.UNWANTED}
    shares = [
        shared(parts, [unwanted(1)], whose="a"),
        shared(parts, [], whose="b"),
        shared({Part.WEEKS}, [unwanted(1)], whose="c"),
    ]
    found = outcomes(shares)
    assert (found.harmed.count, found.harm_missing) == (1, 1)
    assert (found.harmed.low, found.harmed.high) == wilson(1, 2)


def test_a_fall_of_a_questionnaires_sum_is_better():
    found = outcomes([shared({Part.SUMS})])
    assert [one.measure for one in found.measures] == ["activity", "GAD-7"]
    assert found.measures[1].better.count == 1


def test_of_a_person_who_shared_twice_the_newest_counts():
    shares = [shared({Part.WEEKS}, BETTER, made=9), shared({Part.WEEKS}, FEW, made=1)]
    found = outcomes(shares)
    assert found.people == 1
    assert found.measures[0].better.count == 1
    assert outcomes([]).people == 0
