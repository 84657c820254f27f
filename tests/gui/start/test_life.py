"""The life of a window: no state without a way on, whatever keys and news come in which order."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.link import StrapTrouble
from gui.library.course import Stock
from gui.review.course import Looking, Opened
from gui.start import course
from gui.start.keys import working_keys
from gui.start.life import (
    IN_SESSION,
    RECORDING,
    Asks,
    Life,
    State,
    choices,
    chosen,
    labels,
    rows,
)
from pipelines.live import NoteMark, RemoveMark
from pipelines.recording import (
    Amend,
    Begin,
    ChosenStrap,
    Desk,
    HeldStrap,
    KeepLabels,
    Leave,
    LibraryState,
    Listen,
    MakeLibrary,
    NameClient,
    Simulate,
    TakeBack,
    ThrowAway,
    Undoable,
    Unlock,
)
from pipelines.session import Fate, PhaseName
from pipelines.words import LABELS
from tests.gui.review.hours import an_hour
from tests.gui.start.world import LAST, SECRET, STRAPS, World


class Walk:
    """A life in a world."""

    def __init__(self, library: LibraryState = LibraryState.MISSING) -> None:
        self.world = World(library)
        self.life = Life(State.START, self.world.desk)

    def look(self) -> None:
        for _ in range(3):  # what one look asks for shows at the next
            self.go(*course.told(self.life, self.world.desk, self.world.snapshot))

    def go(self, life: Life, errand: object) -> None:
        self.life = life
        if errand is not None:
            self.world.do(errand)

    def press(self, name: str) -> None:
        """Press a key by its name; one that does nothing now is not among the keys."""
        for key in working_keys(self.life):
            if key.name == name:
                if key.action == "enter" and self.life.asks is not None:
                    self.go(*course.written(self.life, "other words"))
                elif key.action == "enter":
                    self.world.do(
                        MakeLibrary(SECRET) if self.life.state is State.FIRST else Unlock(SECRET)
                    )
                else:
                    self.go(*course.pressed(self.life, key.action))
                break
        self.look()

    @property
    def state(self) -> State:
        return self.life.state


def names(life: Life) -> list[str]:
    return [key.name for key in working_keys(life)]


def test_from_the_first_start_to_a_session_and_back() -> None:
    walk = Walk()
    walk.press("1")
    assert walk.state is State.FIRST
    walk.press("Enter")
    assert walk.state is State.RECOVERY
    assert walk.world.desk.library is LibraryState.MISSING  # not before it is written down
    walk.press("Enter")
    assert walk.state is State.STRAPS
    assert isinstance(walk.world.errands[-1], Listen)
    walk.world.change(straps=STRAPS[:2])
    walk.look()
    assert "Enter" not in names(walk.life)  # nobody wears a strap yet
    walk.press("Down")
    walk.press("Right")
    walk.press("Enter")
    strap = STRAPS[1]
    assert walk.world.errands[-1] == Begin((ChosenStrap(strap.name, strap.address, "client"),))
    assert walk.state is State.LIVE
    walk.world.finish()
    walk.look()
    assert walk.state is State.FINISHED
    walk.press("Delete")
    assert walk.life.fate is Fate.THROWN
    walk.press("Backspace")
    assert walk.life.fate is Fate.KEPT
    walk.press("Escape")
    assert walk.state is State.START
    assert [type(one) for one in walk.world.errands[-3:]] == [ThrowAway, TakeBack, Leave]


def test_the_last_strap_is_one_key_away_and_chosen_already() -> None:
    walk = Walk(LibraryState.OPEN)
    assert "Enter" not in names(walk.life)
    walk.world.change(last=LAST)
    walk.look()
    walk.press("Enter")
    assert walk.world.errands == [Begin((LAST,))]
    walk = Walk(LibraryState.OPEN)
    walk.world.change(last=LAST)
    walk.look()
    walk.press("1")
    assert chosen(walk.life) == (LAST,)
    assert rows(walk.life)[0].ago < 0.0  # not heard yet
    walk.world.change(straps=STRAPS)
    walk.look()
    assert len(rows(walk.life)) == len(STRAPS)


def test_a_role_has_one_wearer_and_the_client_comes_first() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.press("1")
    walk.world.change(straps=STRAPS[:3])
    walk.look()
    walk.press("Left")
    assert [one.role for one in chosen(walk.life)] == ["therapist"]
    walk.press("Down")
    walk.press("Right")
    worn = chosen(walk.life)
    assert [(one.role, one.address) for one in worn] == [
        ("client", STRAPS[1].address),
        ("therapist", STRAPS[0].address),
    ]
    walk.press("Down")
    walk.press("Right")  # the third strap's client is the only one
    assert {one.address for one in chosen(walk.life)} == {
        STRAPS[0].address,
        STRAPS[2].address,
    }


def test_the_desk_is_asked_to_connect_with_what_is_chosen() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.world.change(last=LAST)
    walk.look()
    walk.press("1")
    assert walk.world.errands == [Listen((LAST,))]
    walk.world.change(straps=STRAPS[:3])
    walk.look()
    assert len(walk.world.errands) == 1
    walk.press("Down")
    walk.press("Left")
    worn = (LAST, ChosenStrap(STRAPS[0].name, STRAPS[0].address, "therapist"))
    assert walk.world.errands[-1] == Listen(worn)
    walk.press("Right")
    assert walk.world.errands[-1] == Listen((LAST,))
    walk.press("Escape")
    assert walk.world.errands[-1] == Leave()


def test_a_strap_known_by_its_name_alone_is_connected_by_its_address() -> None:
    walk = Walk(LibraryState.OPEN)
    heard = STRAPS[3]
    walk.world.change(last=ChosenStrap(heard.name, heard.name, "client"))
    walk.look()
    walk.press("1")
    walk.world.change(straps=STRAPS)
    walk.look()
    assert walk.world.errands[-1] == Listen((ChosenStrap(heard.name, heard.address, "client"),))


def test_two_straps_of_the_name_that_is_known_are_a_question() -> None:
    walk = Walk(LibraryState.OPEN)
    heard = STRAPS[3]
    walk.world.change(last=ChosenStrap(heard.name, heard.name, "client"))
    walk.look()
    walk.press("1")
    walk.world.change(straps=(heard, msgspec.structs.replace(heard, address="B0")))
    walk.look()
    assert chosen(walk.life) == ()
    assert walk.world.errands[-1] == Listen(())


def test_a_strap_that_does_not_connect_can_be_tried_again() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.world.change(last=LAST)
    walk.look()
    walk.press("1")
    assert not {"R", "C"} & set(names(walk.life))
    stands = HeldStrap(LAST.name, LAST.address, trouble=StrapTrouble.REFUSED, details="Failed")
    walk.world.change(held=(stands,))
    walk.look()
    assert {"R", "C", "Enter"} <= set(names(walk.life))
    walk.press("R")
    assert walk.world.errands == [Listen((LAST,))] * 2
    connected = msgspec.structs.replace(stands, connected=True, trouble=StrapTrouble.NO_INTERVALS)
    walk.world.change(held=(connected,))
    walk.look()
    assert not {"R", "C"} & set(names(walk.life))


def test_a_simulated_strap_and_the_demo_need_no_passphrase() -> None:
    for key, speed in (("4", 1.0), ("5", 6.0)):
        walk = Walk()
        walk.press(key)
        assert walk.world.errands == [Simulate(speed)]
        assert walk.state in RECORDING


def test_a_wrong_passphrase_stays_and_a_right_one_goes_on() -> None:
    walk = Walk(LibraryState.LOCKED)
    walk.press("1")
    assert walk.state is State.LOCKED
    walk.world.do(Unlock("wrong"))
    walk.look()
    assert walk.state is State.LOCKED
    assert walk.life.desk.wrong_secret
    walk.press("Enter")
    assert walk.state is State.STRAPS


def test_a_recovery_key_that_is_not_written_down_makes_no_library() -> None:
    walk = Walk()
    walk.press("1")
    walk.press("Enter")
    walk.press("Escape")
    assert walk.state is State.START
    assert walk.world.desk.library is LibraryState.MISSING


def test_a_window_that_comes_back_is_where_it_was() -> None:
    walk = Walk()
    walk.world.begin()
    walk.look()
    assert walk.state is State.LIVE
    walk = Walk()
    walk.world.do(MakeLibrary(SECRET))
    walk.look()
    assert walk.state is State.RECOVERY


def test_an_empty_session_offers_nothing_to_throw_away() -> None:
    walk = Walk()
    walk.press("4")
    walk.world.finish()
    walk.world.set_session(fate=Fate.EMPTY)
    walk.look()
    assert "Delete" not in names(walk.life)
    walk.press("Enter")
    assert walk.state is State.START


def test_what_cannot_be_undone_any_more_has_no_key() -> None:
    walk = Walk()
    walk.press("4")
    walk.world.finish()
    walk.look()
    walk.press("Delete")
    assert "Backspace" in names(walk.life)
    walk.world.change(undo=None)
    walk.look()
    assert "Backspace" not in names(walk.life)
    assert "Delete" not in names(walk.life)


def finished() -> Walk:
    walk = Walk()
    walk.press("4")
    walk.world.finish()
    walk.look()
    return walk


def test_the_chosen_moment_gets_other_words_and_esc_leaves_them() -> None:
    walk = finished()
    before = walk.life.snapshot.marks
    walk.press("Down")
    walk.press("N")
    assert set(names(walk.life)) == {"Enter", "Escape", "F1"}
    walk.press("Escape")
    assert walk.state is State.FINISHED
    assert walk.life.snapshot.marks == before
    walk.press("N")
    walk.press("Enter")
    assert walk.world.errands[-1] == Amend(NoteMark(before[1].time, "other words"))
    assert [mark.text for mark in walk.life.snapshot.marks] == [
        before[0].text,
        "other words",
        before[2].text,
    ]


def test_words_that_stay_the_same_change_nothing() -> None:
    walk = finished()
    walk.press("N")
    walk.go(*course.written(walk.life, walk.life.moment.text))
    assert walk.life.asks is None
    assert not any(isinstance(one, Amend) for one in walk.world.errands)


def test_a_moment_is_removed_and_put_back() -> None:
    walk = finished()
    before = walk.life.snapshot.marks
    for _ in range(2):
        walk.press("Down")
    walk.press("-")
    assert walk.world.errands[-1] == Amend(RemoveMark(before[2].time))
    assert walk.life.snapshot.marks == before[:2]
    assert walk.life.moment == before[1]  # the choice stays on a row that is there
    assert {"Delete", "Backspace"} <= set(names(walk.life))
    walk.press("Backspace")
    assert walk.life.snapshot.marks == before
    assert walk.life.fate is Fate.KEPT


def test_what_is_thrown_away_or_has_no_moments_has_none_to_edit() -> None:
    walk = finished()
    for _ in walk.life.snapshot.marks:
        walk.press("-")
    assert not {"N", "-", "Down"} & set(names(walk.life))
    walk = finished()
    walk.press("Delete")
    assert not {"N", "-"} & set(names(walk.life))


def test_a_session_gets_the_name_of_someone_known_or_new() -> None:
    walk = finished()
    assert "W" not in names(walk.life)  # the demo's library keeps no names
    walk.world.change(clients=("Juniper", "Rowan"))
    walk.look()
    walk.press("W")
    assert set(names(walk.life)) == {"Enter", "Escape", "F1", "Up", "Down"}
    walk.press("Enter")
    assert walk.world.errands[-1] == NameClient("other words")
    assert walk.life.desk.client == "other words"
    assert walk.life.clients == ("Juniper", "Rowan", "other words")
    walk.press("W")
    for _ in range(9):
        walk.press("Down")
    assert walk.life.pick == 2
    walk.press("Up")
    walk.go(*course.written(walk.life, walk.life.clients[walk.life.pick]))
    assert walk.world.errands[-1] == NameClient("Rowan")
    walk.press("W")
    walk.press("Escape")
    assert walk.state is State.FINISHED
    walk.press("W")
    walk.go(*course.written(walk.life, ""))
    walk.look()
    assert walk.life.desk.client is None


def test_an_end_that_is_taken_back_goes_on_and_ends_again() -> None:
    walk = finished()
    walk.world.change(undo=9.0, undoes=Undoable.FINISHED)
    walk.look()
    assert {"Delete", "Backspace", "Enter"} <= set(names(walk.life))
    walk.press("Backspace")
    assert walk.state is State.LIVE
    walk.world.finish()
    walk.look()
    assert walk.state is State.FINISHED


def test_what_is_asked_at_an_end_is_asked_no_more_once_the_session_goes_on() -> None:
    walk = finished()
    walk.press("N")
    assert walk.life.asks is Asks.WORDS
    walk.world.set_session(phase=PhaseName.SESSION)
    walk.look()
    assert (walk.state, walk.life.asks) == (State.LIVE, None)


def test_a_choice_of_client_does_not_lie_over_a_session_that_is_over_at_once() -> None:
    walk = among("Juniper")
    walk.press("W")
    walk.world.begin()
    walk.world.finish()
    walk.look()
    assert (walk.state, walk.life.asks) == (State.FINISHED, None)


def test_keys_asked_for_while_an_end_is_taken_back_do_not_lie_over_the_session() -> None:
    walk = finished()
    walk.world.change(undo=9.0, undoes=Undoable.FINISHED)
    walk.look()
    life, errand = course.pressed(walk.life, "undo")
    life, _ = course.pressed(life, "help")
    walk.go(life, errand)
    assert walk.life.help
    walk.look()
    assert walk.state is State.LIVE
    assert not walk.life.help


def test_keys_asked_for_before_a_practice_is_there_do_not_lie_over_it() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.press("?")
    walk.world.begin(practice=True)
    walk.look()
    assert (walk.state, walk.life.help) == (State.PRACTICE, False)


def test_who_leaves_a_session_that_goes_on_is_back_in_it() -> None:
    walk = finished()
    before = walk.world.desk
    life, _ = course.pressed(walk.life, "leave")
    assert life.state is State.START
    goes_on = msgspec.structs.replace(before, recording=True)
    life, _ = course.told(life, goes_on, None)
    assert life.state in RECORDING
    assert life.left is None


def test_a_review_that_is_not_waited_for_is_not_shown() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.life = replace(walk.life, stock=Stock(walk.world.kept), state=State.RECORDINGS)
    walk.press("Down")
    life, _ = course.pressed(walk.life, "open")
    told, points = an_hour()
    for session, shown in ((life.reviewing, True), ("another", False)):
        opened = Opened(msgspec.structs.replace(told, session=session), points)
        after, _ = course.told(life, walk.world.desk, None, opened=opened)
        assert (after.opened is opened) is shown


def test_while_words_are_written_a_mouse_moves_nothing_that_is_looked_at() -> None:
    opened, elsewhere = Opened(*an_hour()), Looking(zoom=(100.0, 200.0))
    life = Life(State.REVIEW, World(LibraryState.OPEN).desk, opened=opened)
    assert course.pointed(life, elsewhere).looking == elsewhere
    for still in (replace(life, asks=Asks.WORDS), replace(life, opened=None)):
        assert course.pointed(still, elsewhere) == still


def test_what_is_thrown_away_is_nobodys() -> None:
    walk = finished()
    walk.world.change(clients=("Juniper",))
    walk.press("Delete")
    assert "W" not in names(walk.life)


def test_the_words_of_a_key_are_chosen_and_kept() -> None:
    walk = Walk()
    assert "6" not in names(walk.life)  # there is no library to keep them in
    assert "6" not in names(Walk(LibraryState.LOCKED).life)
    walk = Walk(LibraryState.OPEN)
    walk.press("6")
    assert walk.state is State.LABELS
    assert len(labels(walk.life)) == 9
    for _ in range(8):
        walk.press("Down")
    walk.press("Enter")
    assert set(names(walk.life)) == {"Enter", "Escape", "F1"}
    walk.press("Enter")
    assert walk.world.errands == [KeepLabels((*LABELS, "", "", "", "", "", "other words"))]
    assert labels(walk.life)[8] == "other words"
    walk.press("Enter")
    walk.press("Escape")
    assert walk.state is State.LABELS
    walk.press("Escape")
    assert walk.state is State.START


OWN = ("her hip", *[""] * 8)


def among(*clients: str, **own: tuple[str, ...]) -> Walk:
    """Among the straps, one of them worn, in a library of these clients."""
    walk = Walk(LibraryState.OPEN)
    walk.world.know(*clients, **own)
    walk.world.change(last=LAST)
    walk.look()
    walk.press("1")
    return walk


def test_a_session_is_begun_for_one_of_the_clients_and_is_theirs_at_its_end() -> None:
    walk = among("Juniper", "Rowan")
    walk.press("W")
    assert walk.life.asks is Asks.WHOSE
    assert set(names(walk.life)) == {"Enter", "Up", "Down", "N", "Escape", "?", "L", "F"}
    for _ in range(9):
        walk.press("Down")
    walk.press("Up")
    walk.press("Enter")
    assert (walk.life.client, walk.life.asks) == ("Juniper", None)
    assert walk.state is State.STRAPS
    walk.press("Enter")
    assert walk.world.errands[-1] == Begin((LAST,), client="Juniper")
    walk.world.finish()
    walk.look()
    assert (walk.state, walk.life.desk.client) == (State.FINISHED, "Juniper")
    walk.press("W")
    walk.press("Enter")
    assert walk.life.desk.client == "other words"


def test_whose_session_it_is_need_not_be_said_and_is_not_said_for_the_next() -> None:
    walk = among("Juniper")
    walk.press("W")
    walk.press("Down")
    walk.press("Escape")
    assert (walk.state, walk.life.client, walk.life.asks) == (State.STRAPS, None, None)
    walk.press("W")
    walk.press("Down")
    walk.press("Enter")
    walk.press("W")
    assert walk.life.pick == 1  # where it stands
    walk.press("Escape")
    assert walk.life.client == "Juniper"
    for leads in ("Escape", "1"):
        walk.press(leads)
    assert walk.life.client is None
    walk.press("Enter")
    assert walk.world.errands[-1] == Begin((LAST,))


@pytest.mark.parametrize("known", [(), ("Juniper",)])
def test_a_session_is_begun_for_somebody_who_has_no_name_yet(known: tuple[str, ...]) -> None:
    walk = among(*known)
    walk.press("W")
    assert ("Down" in names(walk.life)) is bool(known)
    walk.press("N")
    assert (walk.life.asks, walk.life.writes) == (Asks.NEW, True)
    walk.go(*course.written(walk.life, "Rowan"))
    assert (walk.state, walk.life.client, walk.life.asks) == (State.STRAPS, "Rowan", None)
    assert choices(walk.life) == (None, *known, "Rowan")
    walk.press("Enter")
    assert walk.world.errands[-1] == Begin((LAST,), client="Rowan")


def test_nobody_new_is_named_by_no_words_or_by_escape() -> None:
    walk = among("Juniper")
    for words in ("", None):
        walk.press("W")
        walk.press("N")
        if words is None:
            walk.press("Escape")
        else:
            walk.go(*course.written(walk.life, words))
        assert (walk.state, walk.life.client, walk.life.asks) == (State.STRAPS, None, None)


def test_another_try_is_for_the_same_client() -> None:
    walk = among("Juniper")
    for name in ("W", "Down", "Enter", "Enter"):
        walk.press(name)
    walk.world.unreached()
    walk.look()
    walk.press("R")
    assert walk.world.errands[-1] == Begin((LAST,), client="Juniper")


def test_where_no_names_are_kept_nobody_is_to_be_chosen() -> None:
    walk = among()
    walk.world.known = None
    walk.world.show_library()
    walk.look()
    assert "W" not in names(walk.life)
    walk.press("Escape")
    walk.press("6")
    assert "W" not in names(walk.life)


def at_labels(*clients: str, **own: tuple[str, ...]) -> Walk:
    walk = Walk(LibraryState.OPEN)
    walk.world.know(*clients, **own)
    walk.look()
    walk.press("6")
    return walk


def test_a_client_without_labels_has_everyones_until_one_is_changed() -> None:
    walk = at_labels("Juniper")
    for name in ("W", "Down", "Enter"):
        walk.press(name)
    assert walk.life.client == "Juniper"
    assert labels(walk.life)[: len(LABELS)] == LABELS
    walk.press("Enter")
    walk.press("Enter")
    own = ("other words", *LABELS[1:], *[""] * (9 - len(LABELS)))
    assert walk.world.errands[-1] == KeepLabels(own, "Juniper")
    assert labels(walk.life) == own
    for name in ("W", "Up", "Enter"):
        walk.press(name)
    assert labels(walk.life)[: len(LABELS)] == LABELS


def test_a_clients_labels_are_given_up_and_come_back_until_anything_else_is_done() -> None:
    walk = at_labels("Juniper", Rowan=OWN)
    for name in ("W", "Down", "Down", "Enter"):
        walk.press(name)
    assert labels(walk.life) == OWN
    walk.press("Delete")
    assert walk.world.errands[-1] == KeepLabels(("",) * 9, "Rowan")
    assert labels(walk.life)[: len(LABELS)] == LABELS
    assert "Delete" not in names(walk.life)
    walk.go(*course.pressed(walk.life, "clear"))  # as a click at a page that is gone
    walk.press("Backspace")
    assert labels(walk.life) == OWN
    assert "Backspace" not in names(walk.life)
    walk.press("Delete")
    for name in ("W", "Up", "Enter"):
        walk.press(name)
    assert "Backspace" not in names(walk.life)  # it would be somebody else's


def test_everyones_labels_are_not_given_up_and_the_pedal_is_everyones() -> None:
    walk = at_labels(Rowan=OWN)
    assert "Delete" not in names(walk.life)
    walk.world.change(pedal=7)
    walk.look()
    for name in ("W", "Down", "Enter", *["Down"] * 9):
        walk.press(name)
    assert {key.name: key.action for key in working_keys(walk.life)}["Delete"] == "forget"


def test_the_last_word_that_is_taken_from_a_client_leaves_everyones() -> None:
    walk = at_labels(Rowan=OWN)
    for name in ("W", "Down", "Enter", "Enter"):
        walk.press(name)
    walk.go(*course.written(walk.life, ""))
    walk.look()
    assert walk.world.errands[-1] == KeepLabels(("",) * 9, "Rowan")
    assert labels(walk.life)[: len(LABELS)] == LABELS


@given(
    st.dictionaries(st.sampled_from(["Juniper", "Rowan"]), st.just(OWN)),
    st.none() | st.just(("tears", *[""] * 8)),
    st.lists(st.sampled_from(["W", "Down", "Up", "Enter", "Escape"]), max_size=12),
)
def test_what_the_keys_mark_in_a_session_is_the_clients_own_or_everyones(
    own: dict[str, tuple[str, ...]], of_all: tuple[str, ...] | None, steps: list[str]
) -> None:
    walk = among("Juniper", "Rowan", **own)
    walk.world.labels = of_all
    walk.world.show_library()
    walk.look()
    for name in steps:
        if name != "Enter" or walk.life.asks is Asks.WHOSE:
            walk.press(name)
    if walk.state is not State.STRAPS:
        walk.press("1")
    if walk.life.asks is not None:
        walk.press("Escape")
    client = walk.life.client
    walk.press("Enter")
    everyones = of_all or (*LABELS, *[""] * (9 - len(LABELS)))
    assert labels(walk.life) == own.get(client, everyones)
    assert walk.life.desk.client == client


def test_trouble_offers_another_try_and_its_details() -> None:
    walk = Walk(LibraryState.OPEN)
    walk.press("1")
    assert "R" not in names(walk.life)
    walk.world.trouble()
    walk.look()
    assert {"R", "C", "S", "Escape"} <= set(names(walk.life))
    walk.press("R")
    assert walk.life.desk.bluetooth is None
    assert walk.life.desk.listening


def test_a_left_session_does_not_come_back_while_the_desk_lags() -> None:
    walk = Walk()
    walk.press("4")
    walk.world.finish()
    walk.look()
    before = walk.world.desk
    life, _ = course.pressed(walk.life, "leave")
    life, _ = course.told(life, before, walk.world.snapshot)
    assert life.state is State.START


@pytest.mark.parametrize("state", State)
def test_no_two_keys_of_a_state_share_a_name(state: State) -> None:
    world = World(LibraryState.OPEN)
    world.change(straps=STRAPS, last=LAST, bluetooth="no adapter", details="x", undo=3.0)
    life = Life(state, world.desk, world.moment.state, worn=((LAST.address, "client"),))
    found = names(life)
    assert len(found) == len(set(found))
    assert all(
        key.cap and key.action and (key.words or not key.shown) for key in working_keys(life)
    )


KEYS = (
    *("Enter", "Escape", "Up", "Down", "Left", "Right", "Backspace", "Delete", "?", "F1"),
    *("1", "2", "3", "4", "5", "6", "R", "C", "S", "L", "F", "N", "W", "-"),
)
NEWS = (
    "straps",
    "trouble",
    "finish",
    "empty",
    "lost",
    "back",
    "late",
    "last",
    "refusal",
    "calm",
    "names",
    "unreached",
)
STEPS = st.lists(st.sampled_from(KEYS + NEWS), max_size=40)


def news(world: World, what: str) -> None:
    """Let something happen that no key asked for."""
    if what == "lost":
        world.desk = None
    elif what == "back":
        world.desk = world.desk or Desk(LibraryState.LOCKED, returns=True)
    elif world.desk is None:
        return
    elif what == "straps" and world.desk.listening:
        world.change(straps=STRAPS[: len(world.desk.straps) + 1])
    elif what == "trouble" and world.desk.listening:
        world.trouble()
    elif what == "unreached":
        stands = (msgspec.structs.replace(one, trouble="not heard") for one in world.desk.held)
        world.change(held=tuple(stands))
    elif what == "finish" and world.desk.session:
        world.finish()
        world.change(undo=9.0, undoes=Undoable.FINISHED)
    elif what == "empty" and world.desk.session:
        world.finish()
        world.set_session(fate=Fate.EMPTY)
    elif what == "late":
        world.change(undo=None, undoes=None)
    elif what == "names" and world.desk.session:
        world.change(clients=("Juniper", "Rowan"))
    elif what == "names" and world.desk.library is LibraryState.OPEN:
        world.know("Juniper", Rowan=OWN)
    elif what == "last":
        world.change(last=LAST)
    elif what == "refusal" and world.desk.session is None:
        world.change(refusal="The disk is full.")


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from(LibraryState))
def test_no_state_is_dead_whatever_comes(steps: list[str], library: LibraryState) -> None:
    walk = Walk(library)
    for step in steps:
        news(walk.world, step) if step in NEWS else walk.press(step)
        walk.look()
        if walk.state is State.PRACTICE:  # its own view says that it is left
            walk.go(*course.pressed(walk.life, "leave"))
        has_way = bool(names(walk.life)) or walk.state in RECORDING
        assert has_way, walk.state
        assert names(walk.life) or not walk.life.help, "a page of no keys"
        if walk.world.desk is not None and walk.world.desk.session:
            assert walk.state in IN_SESSION
        if walk.life.writes:
            assert set(names(walk.life)) <= {"Enter", "Escape", "F1"}
        if walk.world.desk is not None:
            held = {one.address for one in walk.world.desk.held}
            worn = {one.address for one in chosen(walk.life)}
            at_straps = walk.state is State.STRAPS and walk.world.desk.listening
            assert held == (worn if at_straps else set())
    news(walk.world, "back")
    if walk.world.desk.session:
        walk.world.finish()
    walk.look()
    for _ in range(3):
        walk.press("Escape")
    assert walk.state is State.START
    assert replace(walk.life, desk=walk.world.desk).snapshot is None
