"""What is chosen in the library, and what its choices leave to be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui.library.course import (
    DAY,
    NO_STOCK,
    NOBODY,
    Browsing,
    Kind,
    Side,
    Since,
    Stock,
    pressed,
    shown,
    wanted,
)
from pipelines.recording import FoundLine, FoundWords, Kept

NOW = 1.8e9
ROWS = tuple(
    Kept(f"K{n}", NOW - 40.0 * DAY * n, 3000.0, ("Juniper", None, "Rowan")[n % 3], n != 4)
    for n in range(12)
)
STOCK = Stock(ROWS, at=NOW)


def walk(*actions: str, stock: Stock = STOCK) -> Browsing:
    browsing = Browsing()
    for action in actions:
        browsing = pressed(browsing, action, stock)
    return browsing


def names(browsing: Browsing, stock: Stock = STOCK) -> list[str]:
    return [one.client for one in shown(browsing, stock).groups]


def chosen(browsing: Browsing, stock: Stock = STOCK) -> str | None:
    row = shown(browsing, stock).row
    return None if row is None else row.session


def test_clients_stand_by_their_newest_session_and_nobodys_last() -> None:
    assert names(Browsing()) == ["Juniper", "Rowan", NOBODY]
    seen = shown(Browsing(), STOCK)
    assert [one.session for one in seen.groups[0].rows] == ["K0", "K3", "K6", "K9"]
    assert shown(Browsing(client=NOBODY), STOCK).name is None


def test_arrows_choose_in_one_list_and_change_to_the_other() -> None:
    assert chosen(Browsing()) == "K0"
    assert chosen(walk("down", "down", "up")) == "K3"
    assert chosen(walk("end")) == "K9"
    assert chosen(walk("end", "down", "home")) == "K0"
    there = walk("down", "left", "down")
    assert (there.side, there.client, chosen(there)) == (Side.CLIENTS, "Rowan", "K2")
    assert chosen(walk("left", "end", "down", "right", "down")) == "K4"
    same = walk("down", "left", "up")  # there is nobody above: the session stays
    assert chosen(same) == "K3"


def test_a_mouse_chooses_and_a_wheel_goes_on_in_the_list_it_is_over() -> None:
    assert chosen(walk("client 1", "pick 2")) == "K8"
    assert walk("client 1").side is Side.CLIENTS
    assert walk("client 1", "pick 2").side is Side.SESSIONS
    assert chosen(walk("turned sessions -2")) == "K6"
    assert walk("turned clients -1").client == "Rowan"
    assert walk("client 99", "pick 99").client == NOBODY
    assert walk("anything") == Browsing()


def test_what_is_gone_leaves_its_place_to_the_next() -> None:
    there = walk("down")
    rest = replace(STOCK, rows=tuple(one for one in ROWS if one.session != "K3"))
    assert chosen(there, rest) == "K6"
    assert chosen(walk("end"), replace(STOCK, rows=ROWS[:9])) == "K6"
    assert chosen(Browsing(), NO_STOCK) is None
    assert walk("down", "client 0", "pick 0", stock=NO_STOCK).session is None


def test_kinds_and_times_are_filters() -> None:
    kinds = [walk(*["kind"] * n).kind for n in range(4)]
    assert kinds == [Kind.ALL, Kind.HEARTS, Kind.ALONE, Kind.ALL]
    alone = walk("kind", "kind")
    assert (names(alone), chosen(alone)) == ([NOBODY], "K4")
    hearts = shown(walk("kind"), STOCK)
    assert "K4" not in {row.session for one in hearts.groups for row in one.rows}
    assert [walk(*["since"] * n).since for n in (1, 2)] == [Since.QUARTER, Since.YEAR]
    for action, count in ((["since"], 3), (["since"] * 2, 10), (["since"] * 3, 12)):
        seen = shown(walk(*action), STOCK)
        assert sum(len(one.rows) for one in seen.groups) == count


def test_words_leave_those_whose_name_or_session_holds_them() -> None:
    lines = (FoundLine("K3", 2, 5.0, "hip"),)
    found = replace(STOCK, found=FoundWords("r", ("Rowan",), lines))
    seen = shown(Browsing(words="r"), found)
    assert [(one.client, len(one.rows)) for one in seen.groups] == [("Rowan", 4), ("Juniper", 1)]
    assert dict(seen.lines) == {"K3": lines[0]}
    assert len(shown(Browsing(), found).groups) == 3  # without words all are seen
    nobody = replace(STOCK, found=FoundWords("x", (None,)))
    assert names(Browsing(words="x"), nobody) == [NOBODY]


@pytest.mark.parametrize("place", [0, 15, 29])
def test_the_nearest_are_read_first_and_never_all(place: int) -> None:
    many = Stock(tuple(Kept(f"{n}", NOW - n, 60.0, None, n != 14) for n in range(30)), at=NOW)
    ids = wanted(Browsing(session=str(place)), many)
    assert ids[0] == str(place)
    assert 5 < len(ids) < 22
    assert "14" not in ids
    assert not wanted(Browsing(), NO_STOCK)
