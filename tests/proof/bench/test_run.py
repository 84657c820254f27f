"""Pairs in processes of their own, with tasks made up for the purpose."""

import sys
from textwrap import dedent

import pytest

from proof.bench import run
from proof.bench.task import Goal, Package, Rival, Task

MADE_UP = """
    import os, sys, time
    from proof.bench.task import Goal, Package, Rival, Task

    def works(seconds):
        def job():
            began = time.process_time()
            while time.process_time() - began < seconds:
                pass
        return job

    def raises(given):
        def job():
            raise ValueError("no\\nway")
        return job

    def chatty(given):
        def job():
            print("{not json")
        return job

    def dies(given):
        return lambda: os._exit(7)

    def late(given):
        def job():
            if given == "1 h":
                raise RuntimeError("too long")
        return job

    def refuses(given):
        raise ImportError("half installed")

    def holds(given):
        return lambda: b"x" * (80_000_000 if given == "7 days" else 1)

    def name(length):
        return length

    def rival(title, prepare, **options):
        return Rival(title=title, prepare=prepare, call="x", **options)

    def task(title, ours, *rivals, length="1 h", goal=None):
        return Task(name="made-up", title=title, length=length, given=name, ours=ours, call="x",
                    rivals=rivals, goal=goal)

    quick, slow = lambda given: works(0.002), lambda given: works(0.02)
    OTHER = Package(title="Other", module="json", distribution="other")
    ABSENT = Package(title="Absent", module="surely_not_installed", distribution="absent")
    TASKS = (
        task("beside", quick, rival("slow", slow, goal=Goal("faster", 2.0)),
             rival("a tenth", quick, share=0.1), rival("chatty", chatty)),
        task("peers that cannot", quick, rival("raises", raises, package=OTHER),
             rival("dies", dies, package=OTHER), rival("refuses", refuses, package=OTHER),
             rival("late", late, package=OTHER), rival("absent", slow, package=ABSENT)),
        task("ours cannot", raises, rival("slow", slow)),
        task("ours cannot at length", late, rival("slow", slow)),
        task("memory", holds, length="7 days", goal=Goal("MB", 70.0)),
        task("alone", quick),
    )
"""


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """Return a function from the titles of a task and a rival to the row that comes of them."""
    (tmp_path / "made_up_tasks.py").write_text(dedent(MADE_UP))
    usual = run.surroundings()
    monkeypatch.setattr(run, "surroundings", lambda: usual | {"PYTHONPATH": str(tmp_path)})
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("made_up_tasks", None)
    import made_up_tasks

    tasks = {task.title: task for task in made_up_tasks.TASKS}

    def row(title, rival=None):
        task = tasks[title]
        other = next((one for one in task.rivals if one.title == rival), None)
        return run.row((task, other), quick=True, registry="made_up_tasks")

    yield row
    sys.modules.pop("made_up_tasks", None)


def test_a_pair_gives_both_medians_their_ratio_and_whether_the_goal_is_held(made_up):
    row = made_up("beside", "slow")
    assert row.ratio == pytest.approx(row.theirs / row.ours)
    assert row.ratio > 2.0
    assert row.held is True
    assert row.goal == "at least 2 x"
    assert row.notes == ()


def test_a_part_of_the_windows_is_scaled_and_said_so(made_up):
    row = made_up("beside", "a tenth")
    assert row.ratio > 4.0
    assert row.notes == ("a tenth: scaled from 10 % of the windows",)
    assert row.held is None


def test_what_a_program_prints_does_not_get_in_the_way(made_up):
    assert made_up("beside", "chatty").ratio is not None


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("rival", "words"),
    [
        ("raises", "raises could not run: ValueError: no way"),
        ("dies", "the process ended with 7"),
        ("refuses", "refuses could not run: ImportError: half installed"),
        ("late", "late could not run: RuntimeError: too long"),
        ("absent", "absent is not installed"),
    ],
)
def test_a_peer_that_cannot_run_is_named_and_is_no_failure_of_ours(made_up, rival, words):
    row = made_up("peers that cannot", rival)
    (note,) = row.notes
    assert words in note
    assert (row.ours, row.theirs, row.ratio, row.held) == (None, None, None, None)
    assert not row.failed


@pytest.mark.parametrize("title", ["ours cannot", "ours cannot at length"])
def test_ours_that_cannot_run_is_named_as_ours(made_up, title):
    row = made_up(title, "slow")
    assert row.failed
    assert row.notes[0].startswith("ours could not run:")


def test_a_process_that_takes_too_long_is_given_up(made_up, monkeypatch):
    monkeypatch.setattr(run, "LIMIT", 0.01)
    assert made_up("beside", "slow").notes == ("given up after 0 s",)


def test_memory_is_what_the_long_input_adds(made_up):
    row = made_up("memory")
    if row.notes:
        pytest.skip(row.notes[0])
    assert 78.0 < row.ours < 90.0
    assert row.held is False


def test_a_task_alone_has_no_ratio(made_up):
    row = made_up("alone")
    assert row.held is None
    assert row.ratio is None
    assert row.theirs is None


def task(name, length="1 h", *, goal=None, rivals=()):
    return Task(
        name=name,
        title=name,
        length=length,
        given=str,
        ours=lambda given: lambda: given,
        call="",
        goal=goal,
        rivals=rivals,
    )


def rival(title, **options):
    return Rival(title=title, prepare=lambda given: lambda: given, call="", **options)


def test_pairs_hold_a_task_alone_where_it_has_a_goal_or_no_rival():
    one, two, three = rival("one"), rival("two"), Goal("MB", 1.0)
    tasks = [task("a", rivals=(one, two)), task("b", goal=three, rivals=(one,)), task("c")]
    found = [(pair[0].name, pair[1]) for pair in run.pairs(tasks, quick=False)]
    assert found == [("a", one), ("a", two), ("b", None), ("b", one), ("c", None)]


def test_a_quick_run_leaves_out_long_tasks_and_slow_rivals():
    quick, slow = rival("quick"), rival("slow", quick=False)
    tasks = [task("a", rivals=(quick, slow)), task("b", "24 h"), task("c", "5 min")]
    found = [(pair[0].name, pair[1]) for pair in run.pairs(tasks, quick=True)]
    assert found == [("a", quick), ("c", None)]


def test_only_chooses_by_name():
    tasks = [task("a"), task("a", "24 h"), task("b")]
    found = [pair[0].key for pair in run.pairs(tasks, quick=False, only=["a"])]
    assert found == [tasks[0].key, tasks[1].key]


def test_each_package_that_is_missing_is_named_once():
    absent = Package(title="Absent", module="surely_not_installed", distribution="absent")
    here = Package(title="Here", module="json", distribution="here")
    rivals = (rival("x", package=absent), rival("y", package=here), rival("z"))
    assert run.missing([task("a", rivals=rivals), task("b", rivals=rivals)]) == [absent]


@pytest.mark.parametrize(
    ("goal", "ours", "rival", "held", "words"),
    [
        (Goal("faster", 4.0), 1.0, 4.0, True, "at least 4 x"),
        (Goal("faster", 4.0), 1.0, 3.9, False, "at least 4 x"),
        (Goal("faster", 1 / 1.5), 1.5, 1.0, True, "at most 1.5 x theirs"),
        (Goal("faster", 1 / 1.5), 1.6, 1.0, False, "at most 1.5 x theirs"),
        (Goal("growth", 26.0), 26.0, 1.0, True, "at most 26 x"),
        (Goal("growth", 26.0), 26.1, 1.0, False, "at most 26 x"),
        (Goal("MB", 300.0), 299.0, None, True, "at most 300 MB"),
    ],
)
def test_a_goal_is_held_at_its_bound(goal, ours, rival, held, words):
    assert goal.held(ours, rival) is held
    assert str(goal) == words
