"""A plan: the same parameters have the same digest, whatever is none is refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.measures import MEASURES
from pipelines.batch.plan import BadPlan, Epoch, Plan, checked, epochs_in, plan_in, written

numbers = st.floats(1.0, 1e5)
names = st.lists(st.sampled_from(sorted(MEASURES)), max_size=4).map(tuple)
text = st.text(min_size=1, max_size=8).filter(str.strip)
epochs = st.builds(
    lambda condition, start, lasts, of: Epoch(condition, start, start + lasts, of),
    text,
    numbers,
    numbers,
    st.text(max_size=8),
)
plans = st.builds(
    Plan,
    preset=st.sampled_from(["interbeat", "task-force", "kubios-like"]),
    labels=st.booleans(),
    names=names,
    window=st.none() | numbers,
    sliding=st.none() | numbers,
    peaks=st.none() | numbers,
    epochs=st.lists(epochs, max_size=3).map(tuple),
    large=st.booleans(),
)


@given(plans)
def test_a_plan_that_is_written_is_read_again(tmp_path_factory, plan):
    plan = checked(plan)
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(written(plan), "utf-8")
    assert plan_in(path) == plan
    assert plan_in(path).digest == plan.digest


@given(plans, st.randoms())
def test_the_order_of_names_and_epochs_is_no_part_of_it(plan, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    other = Plan(
        preset=plan.preset,
        labels=plan.labels,
        names=shuffled(plan.names),
        window=plan.window,
        sliding=plan.sliding,
        peaks=plan.peaks,
        epochs=shuffled(plan.epochs),
        large=plan.large,
    )
    assert checked(other).digest == checked(plan).digest


def test_every_parameter_changes_the_digest():
    changed = [
        Plan(),
        Plan(preset="task-force"),
        Plan(detrend_lambda=400.0),
        Plan(welch_window=120.0),
        Plan(labels=False),
        Plan(names=("rmssd",)),
        Plan(window=60.0),
        Plan(sliding=5.0),
        Plan(epochs=(Epoch("task", 0.0, 60.0),)),
        Plan(marks=True),
        Plan(peaks=250.0),
        Plan(large=True),
    ]
    assert len({plan.digest for plan in changed}) == len(changed)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan(preset="mine"), "There is no preset 'mine'"),
        (Plan(names=("rmsd",)), "There is no measure 'rmsd'"),
        (Plan(window=0.0), "window 0 is none"),
        (Plan(sliding=float("nan")), "sliding nan is none"),
        (Plan(preset="task-force", detrend_lambda=1.0), "takes no trend off"),
        (Plan(epochs=(Epoch("task", 5.0, 5.0),)), "its end must come after its start"),
        (Plan(epochs=(Epoch(" ", 0.0, 5.0),)), "has no name"),
    ],
)
def test_what_is_no_plan_is_refused(plan, says):
    with pytest.raises(BadPlan, match=says):
        checked(plan)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"preset = ", "is no TOML"),
        (b"colour = 'red'\n", "holds no plan"),
        (b"window = 'long'\n", "holds no plan"),
        (b"\xff\xfe", "no text in UTF-8"),
    ],
)
def test_a_file_that_holds_none_is_named(tmp_path, content, says):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(BadPlan, match=says) as refused:
        plan_in(path)
    assert str(path) in str(refused.value)


def test_conditions_are_read_from_any_usual_table(tmp_path):
    told = (Epoch("baseline", 0.0, 120.5), Epoch("task", 120.5, 240.0, "a.csv"))
    for separator in ",;\t":
        path = tmp_path / "conditions.csv"
        lines = ["recording,condition,start_s,end_s", ",baseline,0,120.5", "a.csv,task,120.5,240"]
        path.write_text("\n".join(lines).replace(",", separator), "utf-8-sig")
        assert epochs_in(path) == told


def test_events_of_bids_that_last_are_stretches(tmp_path):
    path = tmp_path / "sub-1_events.tsv"
    path.write_text(
        "onset\tduration\ttrial_type\n0\t120\tbaseline\n125.5\tn/a\tbell\n126\t0\tbell\n130\t60\ttask\n"
    )
    assert epochs_in(path) == (Epoch("baseline", 0.0, 120.0), Epoch("task", 130.0, 190.0))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("condition,start_s\nrest,0\n", "has no column end_s"),
        ("condition,start_s,end_s\nrest,0,soon\n", "line 2: an edge is no number"),
        ("condition,start_s,end_s\nrest,0\n", "line 2: an edge is no number"),
        ("", "has no column condition"),
        ("condition,start_s,end_s\ntask,1,5,570\n", "line 2 has more cells than the first"),
        ("onset,duration,trial_type\n1,5,570,task\n", "line 2 has more cells than the first"),
        ("condition,start_s,end_s\n", "names no stretch"),
        ("onset,duration,trial_type\n1,n/a,bell\n", "names no stretch"),
    ],
)
def test_a_table_without_an_edge_is_refused(tmp_path, content, says):
    path = tmp_path / "conditions.csv"
    path.write_text(content)
    with pytest.raises(BadPlan, match=says):
        epochs_in(path)


def test_an_epoch_is_of_its_own_recording_or_of_each():
    each, one = Epoch("rest", 0.0, 60.0), Epoch("task", 60.0, 90.0, "a.csv")
    plan = checked(Plan(epochs=(one, each)))
    assert plan.epochs_of("a.csv") == (each, one)
    assert plan.epochs_of("b.csv") == (each,)


def test_a_separator_at_the_end_of_a_line_is_no_cell(tmp_path):
    path = tmp_path / "conditions.csv"
    path.write_text("condition,start_s,end_s\nrest,0,60,\n")
    assert epochs_in(path) == (Epoch("rest", 0.0, 60.0),)


def test_no_epoch_bears_the_name_of_all_of_a_recording():
    with pytest.raises(BadPlan, match="give it another name"):
        checked(Plan(epochs=(Epoch("whole", 0.0, 60.0),)))


def test_a_file_bears_the_name_that_the_tables_of_its_folder_give_it(tmp_path):
    epochs = (Epoch("rest", 0.0, 60.0, "sub/a.csv"), Epoch("rest", 0.0, 60.0, "a.csv"))
    plan = Plan(epochs=epochs)
    assert plan.name_of(tmp_path / "sub" / "a.csv") == "sub/a.csv"
    assert plan.name_of(tmp_path / "more" / "a.csv") == "a.csv"
    assert plan.name_of(tmp_path / "ba.csv") == "ba.csv"


def test_recordings_that_are_not_there_are_named():
    plan = Plan(epochs=(Epoch("rest", 0.0, 60.0), Epoch("rest", 0.0, 60.0, "b.csv")))
    assert plan.strangers(["a.csv"]) == ("b.csv",)
    assert plan.strangers(["a.csv", "b.csv"]) == ()
