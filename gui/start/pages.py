"""The pages before a session: Start, the passphrase, the recovery key, and an opening session.

Each is a function from what is so to what is drawn.
"""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from gui.library.course import shown
from gui.shared import CALM, Disc, Path, Rectangle, Shape, Stroke, cap_width, straight, theme
from gui.shared.drawing import Drawing, Paper, Spot, Text, cap, joined, paragraph, tile, wrapped
from gui.start.life import Asks, Life, labels, own_labels
from gui.start.whose_page import whose_tile
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.recording import LibraryState
from pipelines.words import DISCLAIMER

LEFT = 128.0
"""Left margin of these pages."""
DOOR = (325.0, 320.0)
NARROW = 900.0
"""Logical width below which words are smaller, to stay whole."""
NARROW_DOOR = 230.0
"""Width of a door below which its words are smaller and nearer to its edge."""
LOW_DOOR, LOWEST_DOOR = 216.0, 196.0
"""Heights of a door in a low window, and where its words are smaller, too."""
LOW = 700.0
"""Logical height below which Start does without pictures."""
SMALL, SMALL_TOP, SMALL_DOOR = 500.0, 88.0, 128.0
"""Logical height below which everything lies nearer together, where doors begin then, their height.
"""
FIELD_TOP, FIELD_HEIGHT, FIELD_WIDTH, FIELD_STEP = 264.0, 44.0, 480.0, 84.0


def start_page(paper: Paper, life: Life) -> Drawing:
    """Return the doors, the simulated choices, and what the program is and is not."""
    palette, low = paper.palette, paper.height < LOW
    if paper.height < SMALL:
        return _small_start(paper, life)
    name_y, top = (72.0, 128.0) if low else (128.0, 240.0)
    texts = [Text(LEFT, name_y, "Interbeat", palette.ink, 40, 600)]
    says = tr("What a heart does between its beats, shown calmly and honestly.")
    if not (low and life.desk.refusal):
        size = theme.fitting_size(says, paper.right - LEFT, (20, 16))
        told = theme.fitted(says, paper.right - LEFT, size)
        texts.append(Text(LEFT, name_y + (28.0 if low else 38.0), told, palette.ink2, size))
    height = (LOWEST_DOOR if paper.width < NARROW else LOW_DOOR) if low else DOOR[1]
    doors = joined(_door(paper, number, top, height, life) for number in range(_doors(life)))
    choices = _choices(paper, top + height + (16.0 if low else 46.0))
    refusal = _refusal(paper, life, top + height + 110.0)
    foot = _disclaimer(paper)
    own = _own(paper, name_y)
    return Drawing(texts=tuple(texts)) + doors + own + choices + refusal + foot


def _small_start(paper: Paper, life: Life) -> Drawing:
    """Return the same where there is little room, as with text twice as large."""
    palette, room = paper.palette, paper.right - theme.MARGIN
    name = Text(theme.MARGIN, 42.0, "Interbeat", palette.ink, 28, 600)
    says = life.desk.refusal or tr(
        "What a heart does between its beats, shown calmly and honestly."
    )
    lines = wrapped(says, room, 14)
    token = palette.ink if life.desk.refusal else palette.ink2
    told = lines[:2] if life.desk.refusal or len(lines) == 1 else []
    texts = [Text(theme.MARGIN, 64.0 + 17.0 * n, line, token, 14) for n, line in enumerate(told)]
    doors = joined(_small_door(paper, number, life) for number in range(_doors(life)))
    choices = _choices(paper, SMALL_TOP + SMALL_DOOR + 6.0, left=theme.MARGIN)
    foot = _disclaimer(paper, left=theme.MARGIN, step=16.0)
    return Drawing(texts=(name, *texts)) + doors + _own(paper, 42.0) + choices + foot


def _small_door(paper: Paper, number: int, life: Life) -> Drawing:
    palette, wide = paper.palette, (paper.right - theme.MARGIN - 2 * 12.0) / 3.0
    x, top = theme.MARGIN + number * (wide + 12.0), SMALL_TOP
    title, says, action = _door_words(number)
    room = wide - 24.0
    large = theme.fitting_size(title, room, (20, 16, 14), 600)
    texts = [Text(x + 12.0, top + 26.0, title, palette.ink, large, 600)]
    texts += [
        Text(x + 12.0, top + 46.0 + 16.0 * place, line, palette.ink2, 14)
        for place, line in enumerate(wrapped(says, room, 14)[:3])
    ]
    key, width = cap(x + 12.0, top + SMALL_DOOR - 34.0, str(number + 1), palette)
    foot = _door_foot(number, life)
    if theme.text_width(foot, 14) <= room - width - 8.0:
        texts.append(Text(x + 20.0 + width, top + SMALL_DOOR - 16.0, foot, palette.ink2, 14))
    box = tile(x, top, wide, SMALL_DOOR, palette, filled=True, chosen=number == 0)
    return Drawing((box,), tuple(texts), (Spot(x, top, wide, SMALL_DOOR, action),)) + key


def _own(paper: Paper, y: float) -> Drawing:
    """Return the ways to the settings and to the person's own weeks, at the right."""
    settings, x = _way(paper, paper.right, y, ("S", tr("settings"), "settings"))
    weeks, _ = _way(paper, x - 24.0, y, ("W", tr("my weeks"), "weeks"))
    return settings + weeks


def _way(
    paper: Paper, right: float, y: float, leads: tuple[str, str, str]
) -> tuple[Drawing, float]:
    """Return a key that ends at `right`, with where it leads, and where it begins."""
    name, words, action = leads
    palette, long = paper.palette, cap_width(name) + 8.0 + theme.text_width(words, 14)
    x = right - long
    key, width = cap(x, y - 18.0, name, palette)
    label = Text(x + width + 8.0, y, words, palette.ink2, 14)
    return key + Drawing((), (label,), (Spot(x, y - 18.0, long, 26.0, action),)), x


def _doors(life: Life) -> int:
    """Return how many doors there are: without a library no recordings lie behind one."""
    return 2 if life.desk.library is LibraryState.MISSING else 3


def _door(paper: Paper, number: int, top: float, height: float, life: Life) -> Drawing:
    palette, low = paper.palette, paper.height < LOW
    wide = min(DOOR[0], (paper.right - LEFT - 2 * 24.0) / 3.0)
    x = LEFT + number * (wide + 24.0)
    title, says, action = _door_words(number)
    foot = _door_foot(number, life)
    box = tile(x, top, wide, height, palette, filled=True, chosen=number == 0)
    picture: list[Shape] = [] if low else _picture(number, x + 32.0, top, palette)
    title_y = top + (54.0 if low else 184.0)
    inner = 20.0 if wide < NARROW_DOOR else 32.0
    room, size, step = wide - 2 * inner, *((14, 19.0) if wide < NARROW_DOOR else (16, 24.0))
    large = theme.fitting_size(title, room, (28, 20, 16), 600)
    texts = [Text(x + inner, title_y, title, palette.ink, large, 600)]
    texts += [
        Text(x + inner, title_y + 1.5 * step + step * place, line, palette.ink2, size)
        for place, line in enumerate(wrapped(says, room, size)[:4])
    ]
    key, width = cap(x + inner, top + height - 48.0, str(number + 1), palette)
    at = x + inner + width + 8.0
    lines = wrapped(foot, room - width - 8.0, 14)[:2]
    texts += [
        Text(
            at, top + height - 30.0 + 17.0 * (place - (len(lines) - 1) / 2), line, palette.ink2, 14
        )
        for place, line in enumerate(lines)
    ]
    spot = Spot(x, top, wide, height, action)
    return Drawing((box, *picture), tuple(texts), (spot,)) + key


def _door_words(number: int) -> tuple[str, str, str]:
    """Return what a door is called, what lies behind it, and the action that opens it."""
    return (
        (tr("A session"), tr("See where someone is, and mark a moment with one key."), "session"),
        (tr("Practice"), tr("Slow breathing, at your own pace, eyes open or closed."), "practice"),
        (tr("Recordings"), tr("Look back at an hour, moment by moment."), "recordings"),
    )[number]


def _door_foot(number: int, life: Life) -> str:
    """Return what is said at the foot of a door."""
    last = life.desk.last
    used = tr("Strap last used: {name}", name=last.name) if last else tr("Straps in reach")
    return (used, tr("No strap is needed"), _kept(life))[number]


def _kept(life: Life) -> str:
    """Return how many recordings lie behind the door, where the library is open."""
    if life.desk.kept is None:
        return tr("Locked with your passphrase")
    return trn("{count} kept on this computer", "{count} kept on this computer", life.desk.kept)


def _picture(number: int, x: float, top: float, palette: Palette) -> list[Shape]:
    if number == 0:
        middle = x + 20.0
        return [
            straight((middle, top + 36.0), (middle, top + 132.0), Stroke(palette.line, 2.0)),
            Rectangle(
                x, top + 76.0, 40.0, 15.0,
                fill=palette.band, stroke=Stroke(palette.line, 1.5), radius=5.0,
            ),
            Disc((middle, top + 60.0), 14.5, fill=palette.surface),
            Disc((middle, top + 60.0), 12.0, fill=palette.lake),
        ]  # fmt: skip
    if number == 2:
        rise = ((0, 111), (20, 109), (30, 105), (38, 90), (46, 76), (54, 77), (68, 98), (78, 105))
        line = tuple((x + a, top + b) for a, b in (*rise, (122, 110)))
        foot = straight((x, top + 132.0), (x + 120.0, top + 132.0), Stroke(palette.line, 1.0))
        hour = Drawing((Path(line, Stroke(palette.lake, 3.0)), foot))
        return list(hour.in_time(x, x + 122.0).shapes)
    centre = (x + 48.0, top + 84.0)
    return [
        Disc(centre, 48.0, stroke=Stroke(palette.line, 1.5)),
        Disc(centre, 34.0, fill=palette.band, stroke=Stroke(palette.clay, 2.5)),
    ]


def _choices(paper: Paper, y: float, *, left: float = LEFT) -> Drawing:
    palette = paper.palette
    rows = (
        ("4", tr("No strap at hand? Try everything with a simulated one."), "simulated"),
        ("5", tr("A demo: the same, six times as fast."), "demo"),
    )
    x, found = left, Drawing()
    for name, words, action in rows:
        words = theme.fitted(words, paper.right - left - cap_width(name) - 8.0, 14)
        long = cap_width(name) + 8.0 + theme.text_width(words, 14)
        if x + long > paper.right:
            x, y = left, y + 30.0
        key, width = cap(x, y, name, palette)
        label = Text(x + width + 8.0, y + 18.0, words, palette.ink2, 14)
        found += key + Drawing((), (label,), (Spot(x, y, long, 26.0, action),))
        x += long + 32.0
    return found


def _refusal(paper: Paper, life: Life, y: float) -> Drawing:
    """Return what was refused, where there is little room in the place of what the program does."""
    words = life.desk.refusal or ""
    if paper.height < LOW:
        room = paper.right - LEFT
        return paragraph(LEFT, 95.0, words, room, token=paper.palette.ink, size=14, step=18.0)
    room = paper.width - 2 * LEFT
    return paragraph(LEFT, y, words, room, token=paper.palette.ink, size=16, step=22.0)


def _disclaimer(paper: Paper, *, left: float = LEFT, step: float = 20.0) -> Drawing:
    palette, room = paper.palette, paper.right - left
    sentences = (" ".join(DISCLAIMER),) if paper.width < NARROW else DISCLAIMER
    lines = [line for words in sentences for line in wrapped(words, room, 14)]
    foot = paper.height - 56.0
    return Drawing(
        texts=tuple(
            Text(left, foot - step * (len(lines) - 1 - place), line, palette.ink2, 14)
            for place, line in enumerate(lines)
        )
    )


def field_places(paper: Paper, count: int) -> list[tuple[float, float]]:
    """Return where the fields of the passphrase lie, upper left corners in logical pixels."""
    top = FIELD_TOP - (88.0 if paper.height < LOW else 0.0)
    return [(LEFT, top + FIELD_STEP * place) for place in range(count)]


def first_page(paper: Paper, life: Life, strength: str, note: str) -> Drawing:
    """Return the page on which a passphrase is chosen, and what to expect of it."""
    says = tr(
        "Recordings are kept on this computer only, locked with a passphrase that you choose. "
        "Several words that belong together for you alone are easy to keep and hard to guess."
    )
    labels = (tr("Your passphrase"), tr("The same passphrase again"))
    return _secret(paper, life, tr("First, a passphrase"), says, labels, strength, note)


def locked_page(paper: Paper, life: Life, note: str) -> Drawing:
    """Return the page that asks for the passphrase."""
    wrong = tr("This opens nothing here; check it and try again, or type the recovery key.")
    words = wrong if life.desk.wrong_secret else note
    says = tr("Your recordings are locked. The recovery key opens them, too.")
    return _secret(paper, life, tr("Your passphrase"), says, (tr("Passphrase"),), "", words)


def _secret(
    paper: Paper,
    life: Life,
    title: str,
    says: str,
    labels: tuple[str, ...],
    strength: str,
    note: str,
) -> Drawing:
    palette, low = paper.palette, paper.height < LOW
    top = 72.0 if low else 128.0
    room = paper.width - 2 * LEFT
    places = field_places(paper, len(labels))
    texts = [_title(paper, top, title)]
    texts += [
        Text(x, y - 10.0, label, palette.ink2, 14, 600)
        for (x, y), label in zip(places, labels, strict=True)
    ]
    beside = LEFT + FIELD_WIDTH + 24.0
    narrow = paper.width < NARROW
    size, step, most = (14, 17.0, 3) if narrow else (16, 20.0, 2)
    lines = wrapped(strength, paper.right - beside, size)
    texts += [
        Text(beside, places[0][1] + 22.0 + step * place, line, palette.ink, size)
        for place, line in enumerate(lines[:most])
    ]
    below = places[-1][1] + FIELD_HEIGHT + 36.0
    told = tr("One moment") if life.desk.busy else life.desk.refusal or note
    told = note if life.desk.wrong_secret else told
    size, step = (14, 17.0) if narrow else (16, 22.0)
    room = paper.right - LEFT if narrow else room
    most = int((places[0][1] - 28.0 - (top + 36.0)) // step) + 1
    about = paragraph(
        LEFT, top + 36.0, says, room, token=palette.ink2, size=size, step=step, most=most
    )
    answer = paragraph(LEFT, below, told, room, token=palette.ink, size=16, step=22.0)
    return Drawing(texts=tuple(texts)) + about + answer + _disclaimer(paper)


def seal_page(paper: Paper, life: Life, strength: str, note: str) -> Drawing:
    """Return the page on which is chosen what opens the file that a client takes along."""
    seen = shown(life.browsing, life.stock)
    title = tr("A file for {client}", client=harmless(seen.name or ""))
    says = tr(
        "It holds what is theirs of all their sessions, never your own trace, your guesses or your "
        "notes. Choose a passphrase that opens it, and tell it to them by another way."
    )
    labels = (tr("Passphrase of the file"), tr("The same passphrase again"))
    return _secret(paper, life, title, says, labels, strength, note)


def recovery_page(paper: Paper, life: Life) -> Drawing:
    """Return the page that shows the recovery key, this once."""
    palette, low = paper.palette, paper.height < LOW
    top = 72.0 if low else 128.0
    room = paper.width - 2 * LEFT
    says = tr(
        "If the passphrase is ever lost, this key opens your recordings; nothing else does. It is "
        "shown only now. Write it on paper and keep it away from this computer."
    )
    texts = [_title(paper, top, tr("Your recovery key"))]
    box_y = 232.0 - (72.0 if low else 0.0)
    lines = wrapped((life.desk.recovery or "").replace("-", "- "), room - 64.0, 28, 500)
    height = 40.0 + 40.0 * len(lines)
    texts += [
        Text(
            LEFT + 32.0, box_y + 52.0 + 40.0 * place, line.replace("- ", "-"), palette.ink, 28, 500
        )
        for place, line in enumerate(lines)
    ]
    box = tile(LEFT, box_y, room, height, palette, filled=True)
    about = paragraph(LEFT, top + 36.0, says, room, token=palette.ink2, size=16, step=22.0)
    key, width = cap(LEFT, box_y + height + 32.0, tr("Enter"), palette)
    written = tr("I have written it down")
    at = LEFT + width + 12.0
    texts.append(Text(at, box_y + height + 51.0, written, palette.ink, 20, 500))
    spot = Spot(LEFT, box_y + height + 26.0, width + 300.0, 40.0, "written")
    return Drawing((box,), tuple(texts), (spot,)) + about + key


def _title(paper: Paper, y: float, words: str) -> Text:
    size = theme.fitting_size(words, paper.right - LEFT, (40, 36, 28), 600)
    return Text(LEFT, y, words, paper.palette.ink, size, 600)


def labels_page(paper: Paper, life: Life, note: str) -> Drawing:
    """Return the words that the keys 1 to 9 mark, to be written anew, and the foot pedal's key."""
    palette, low = paper.palette, paper.height < LOW
    top = 56.0 if low else 128.0
    says = _of_labels(life)
    found = Drawing(texts=(Text(LEFT, top, tr("Your own marks"), palette.ink, 40, 600),))
    told = life.desk.refusal or note or says
    room, size, step = (paper.right - LEFT, 14, 17.0) if low else (paper.width - 2 * LEFT, 16, 22.0)
    found += paragraph(
        LEFT, top + (24.0 if low else 36.0), told, room,
        token=palette.ink2, size=size, step=step,
    )  # fmt: skip
    if life.clients:
        title = theme.text_width(tr("Your own marks"), 40, 600)
        width = min(344.0, paper.right - LEFT - title - 24.0)
        place = paper.right - width, top - 36.0, width, 36.0
        found += whose_tile(palette, life, place, tr("used for"))
    rows = [(str(row), words) for row, words in enumerate(labels(life), 1)]
    rows.append((tr("Pedal"), _pedal(life)))
    return found + joined(_label(paper, life, row, *told) for row, told in enumerate(rows))


def _of_labels(life: Life) -> str:
    """Return in one sentence whose the labels are, and what they do."""
    if life.client is None:
        return tr("One key, one word for a moment. A key without words marks nothing.")
    if own_labels(life, life.client) is None:
        return tr("None of their own, so everyone's are used. Change one, and this set is theirs.")
    return tr("Their own, used in their sessions. A key without words marks nothing.")


def _pedal(life: Life) -> str:
    """Return what is said of the foot pedal."""
    if life.asks is Asks.PEDAL:
        return tr("press the pedal now")
    if life.desk.pedal is None:
        return ""
    return tr("{key} marks as Space does", key=QKeySequence(life.desk.pedal).toString())


def _label(paper: Paper, life: Life, row: int, name: str, words: str) -> Drawing:
    palette, chosen = paper.palette, row == life.row
    x, y, width, height = label_place(paper, row)
    left = x - 96.0
    key, _ = cap(left, y + height / 2 - 13.0, name, palette)
    box = tile(left - 12.0, y - 3.0, width + 112.0, height + 6.0, palette, chosen=True)
    asked = chosen and life.asks is Asks.LABEL
    nothing = tr("no words") if row < len(labels(life)) else tr("no foot pedal is learnt")
    said = theme.fitted(harmless(words) or nothing, width - 16.0, 16, 600)
    token = palette.ink if words else palette.ink2
    text = Text(x, y + height / 2 + 6.0, "" if asked else said, token, 16, 600 if words else 400)
    action = "label" if chosen else f"row {row}"
    spot = Spot(left, y, width + 96.0, height, action)
    return Drawing((box,) if chosen else (), (), ()) + key + Drawing((), (text,), (spot,))


def label_place(paper: Paper, row: int) -> tuple[float, float, float, float]:
    """Return where the words of a key are written: x, y, width, height."""
    low = paper.height < LOW
    top, step = (104.0, 40.0) if low else (196.0, 50.0)
    step = min(step, (paper.height - 64.0 - top) / 10)
    return LEFT + 96.0, top + step * row + 3.0, 560.0, step - 6.0


def opening_page(paper: Paper, life: Life) -> Drawing:
    """Return what stands while a session is opened."""
    palette, middle, y = paper.palette, paper.width / 2, paper.height / 2
    if life.calm:
        says = Text(
            middle, y + 24.0, tr("The session opens quietly."), palette.ink2, 20, 400, "centre"
        )
        return Drawing(texts=(Text(middle, y - 24.0, CALM, palette.ink, 40, 500, "centre"), says))
    title = Text(112.0, 142.0, tr("One moment"), palette.ink, 56, 600)
    opens = tr("the hour opens") if life.reviewing is not None else tr("the session opens")
    says = Text(112.0, 214.0, opens, palette.ink, 56)
    return Drawing(texts=(title, says))


def gone_page(paper: Paper) -> Drawing:
    """Return what stands where the desk does not answer."""
    palette, room = paper.palette, paper.width - 2 * LEFT
    title = Text(LEFT, 128.0, tr("Interbeat does not answer"), palette.ink, 40, 600)
    says = tr("This window keeps asking. If nothing changes, close it and open Interbeat again.")
    about = paragraph(LEFT, 164.0, says, room, token=palette.ink2, size=16, step=22.0)
    return Drawing(texts=(title,)) + about
