"""What the index says of a session, as a line to be read and as an object of JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.harmless import harmless
from pipelines.language import tr

if TYPE_CHECKING:
    from pipelines.store import SessionInfo


def session_row(info: SessionInfo) -> dict[str, object]:
    """Return a session as an object of JSON."""
    return {
        "id": info.id,
        "started": datetime.fromtimestamp(info.started).astimezone().isoformat(),
        "duration_s": info.duration_s,
        "packets": info.packets,
        "beats": info.beats,
        "state": info.state,
        "sources": list(info.sources),
        "client": info.client,
    }


def session_line(info: SessionInfo) -> str:
    """Return a session as a line to be read."""
    from pipelines.words import length_text, session_state_text

    started = datetime.fromtimestamp(info.started).astimezone()
    who = ", ".join(
        f"{harmless(source.role)} ({harmless(source.device)})" for source in info.sources
    )
    if info.client is not None:
        who = f"{harmless(info.client)}: {who}"
    return tr(
        "{id}  {started:%Y-%m-%d %H:%M}  {duration:>12}  {beats:6d} beats  {state:9}  {who}",
        id=info.id,
        started=started,
        duration=length_text(info.duration_s),
        beats=info.beats,
        state=session_state_text(info.state),
        who=who,
    )
