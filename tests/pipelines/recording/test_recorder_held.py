"""A file that another program holds for a while: what arrives waits, and nothing is called kept."""

from pipelines import store
from pipelines.live import commands
from pipelines.recording import recorder
from pipelines.session import events as ev
from tests.pipelines.recording.sessions import Spy, beats_in, of_kind, record, rest


class HeldByAnother(Spy):
    """A writer whose file is held while `held` is true."""

    held = False

    def append(self, events):
        if self.held:
            raise store.SessionInUse("It is in use.")
        super().append(events)


def test_beats_wait_in_their_order_and_a_mark_is_not_called_kept(library):
    session = library.new_session(0.0)
    writer, answers = HeldByAnother(session), []

    async def press(running):
        writer.held = True
        answers.append(running.carry_out(commands.MarkMoment("while it is held")))
        writer.held = False
        answers.append(running.carry_out(commands.MarkMoment("after that")))

    _, running = record(library, rest(), writer=writer, beside=press)
    session.close(beats=0)
    log = library.events(session.session)
    assert answers == [recorder.WAITS, None]
    assert [mark.text for mark in of_kind(log, ev.Mark)] == ["while it is held", "after that"]
    assert beats_in(log) > 100
    assert running.trouble is None


def test_a_file_that_is_never_let_go_is_trouble_in_a_sentence(library, monkeypatch):
    monkeypatch.setattr(recorder, "LET_GO_WITHIN", 0.1)
    session = library.new_session(0.0)
    writer = HeldByAnother(session)
    writer.held = True
    _, running = record(library, rest(20.0), writer=writer)
    session.close(beats=0)
    assert running.trouble == recorder.STILL_HELD
