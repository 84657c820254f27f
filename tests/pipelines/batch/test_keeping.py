"""What is kept of a recording stands, and stands for what was asked, or is made anew."""

from dataclasses import replace

import msgspec
import pytest

from pipelines.batch import Input, Plan, Results
from pipelines.batch.keeping import PARTS, WINDOWS, CannotKeep, key
from pipelines.batch.measuring import Measured, measured
from pipelines.batch.overview import Overview
from pipelines.batch.rows import Part
from pipelines.batch.tables import Standing

pytest.importorskip("polars", reason="the tables need the extra research")

PLAN = Plan(names=("mean_rr",), window=60.0)


@pytest.fixture
def results(tmp_path):
    found = Results(tmp_path / "out", PLAN)
    found.begin(resume=False)
    return found


@pytest.fixture
def one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("\n".join(str(800 + place % 7) for place in range(200)))
    return Input("a.txt", path)


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_results_of_another_plan_are_not_gone_on_with(results, one):
    results.keep(measured(one, PLAN))
    other = msgspec.structs.replace(PLAN, window=120.0)
    with pytest.raises(CannotKeep, match=f"{PLAN.digest}.*{other.digest}"):
        Results(results.folder, other).begin(resume=True)
    Results(results.folder, PLAN).begin(resume=True)
    assert results.stands(one)


@pytest.mark.parametrize(
    "other", [{"version": "0.0.9"}, {"schema": 0}, {"plan": "another"}, {"recording": "b.txt"}]
)
def test_what_another_version_or_plan_kept_does_not_stand(results, one, other):
    made = measured(one, PLAN)
    results.keep(made)
    assert results.stands(one)
    part = msgspec.structs.replace(made.part, **other)
    (results.folder / PARTS / f"{key(one.name)}.json").write_bytes(msgspec.json.encode(part))
    assert not results.stands(one)
    assert list(results.parts((one.name,))) == []


def test_windows_go_with_the_numbers_they_were_beside(results, one):
    results.keep(measured(one, PLAN))
    assert files(results.folder / WINDOWS) == [f"{key(one.name)}.parquet"]
    results.keep(Measured(Part(recording=one.name, plan=PLAN.digest, failure="no")))
    assert files(results.folder / WINDOWS) == []


def test_what_is_kept_of_recordings_that_are_gone_is_removed_and_half_files_are(results, one):
    results.keep(measured(one, PLAN))
    gone = replace(one, name="gone.txt")
    results.keep(measured(gone, PLAN))
    for folder, ending in ((PARTS, "json"), (WINDOWS, "parquet")):
        half = results.folder / folder / f".{key(one.name)}.{ending}.1.half"
        half.write_bytes(b"")
    (results.folder / ".measures.parquet.1.half").write_bytes(b"")
    results.tidy((one.name,))
    assert not list(results.folder.glob(".*"))
    assert files(results.folder / PARTS) == [f"{key(one.name)}.json"]
    assert files(results.folder / WINDOWS) == [f"{key(one.name)}.parquet"]


def test_of_recordings_that_hold_the_same_the_first_is_measured(results, one):
    names = ("a.txt", "b.txt", "c.txt")
    for name in names:
        results.keep(measured(replace(one, name=name), PLAN))
    told = list(Standing(results, names))
    assert [part.failure is None for part in told] == [True, False, False]
    assert all("holds the same as a.txt" in part.failure for part in told[1:])
    assert not any(part.measures for part in told[1:])


def test_a_page_counts_what_was_withheld_and_what_failed(results, one):
    few = Plan(names=("mean_hr", "hf"))
    short = replace(one, path=one.path.with_name("short.txt"))
    short.path.write_text("800\n810\n790\n" * 10)
    overview = Overview()
    parts = [measured(at, few).part for at in (one, short)]
    parts.append(Part(recording="c.txt", plan=few.digest, failure="no"))
    assert list(overview.seen(parts)) == parts
    assert (overview.measured, overview.failed, overview.sources) == (2, 1, 2)
    given = {name: (len(held.given), held.withheld) for name, held in overview.values.items()}
    assert given == {"mean_hr": (2, 0), "hf": (1, 1)}
    assert [name for name, *_ in overview.shown] == ["a.txt", "a.txt"]
    assert overview.failures == [("c.txt", "no")]
