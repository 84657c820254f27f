"""Events as bytes: MessagePack in a library, lines of JSON in an export.

What may change from version to version, so that older ones read on:

- An event has a "type", a "time" and, where it is one wearer's, a "source". It may gain fields and
  loses none. What a field means never changes: another meaning is another kind.
- A further code in a known field, or another type of it, is a further step in `migrations.STEPS`.
- An event that older versions must not pass over says so in a field "reader", the least
  `EVENT_SCHEMA` of who may read the log without it: 3 on a new kind of interval, nothing on a new
  kind of remark.

What only newer versions know is carried along unread. A kind becomes `Unknown`, with its bytes as
stored, and so does an event in newer words that is none of ours; fields stay with their event. An
export says both in plain JSON where that brings the same event back, to the byte, and otherwise in
base64 ("Carried").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, NamedTuple, TypeAlias

import msgspec

from pipelines.language import tr, trn
from pipelines.session.events import AnyEvent, KnownEvent, Unknown, UnreadFields, kind_of
from pipelines.session.migrations import EVENT_SCHEMA, migrated

_Fields: TypeAlias = dict[str, msgspec.Raw]


class NewerEvent(ValueError):  # noqa: N818 - nothing is wrong with it
    """An event that this version must not pass over and does not know."""


class _Carried(msgspec.Struct, frozen=True, tag="Carried", forbid_unknown_fields=True):
    """A line of an export: an event that JSON cannot say to the byte, as it is stored."""

    time: float
    kind: str
    schema: Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
    body: bytes


class _Heading(msgspec.Struct, frozen=True):
    """What an event of any version says of itself."""

    type: str
    time: float
    source: Any = None
    reader: int = 0


class _Form(NamedTuple):
    """One of the two forms of an event; `values` and `fields` take it apart, whole and not.

    `stored` turns a value of it into MessagePack.
    """

    encode: Callable[[Any], bytes]
    known: Callable[[bytes], KnownEvent | _Carried]
    heading: Callable[[bytes], _Heading]
    values: Callable[[bytes], dict[str, Any]]
    fields: Callable[[bytes], _Fields]
    stored: Callable[[bytes], bytes]


_packed: Final = _Form(
    encode=msgspec.msgpack.Encoder().encode,
    known=msgspec.msgpack.Decoder(KnownEvent).decode,
    heading=msgspec.msgpack.Decoder(_Heading).decode,
    values=msgspec.msgpack.Decoder(dict[str, Any]).decode,
    fields=msgspec.msgpack.Decoder(_Fields).decode,
    stored=bytes,
)
_written: Final = _Form(
    encode=msgspec.json.Encoder().encode,
    known=msgspec.json.Decoder(KnownEvent | _Carried).decode,
    heading=msgspec.json.Decoder(_Heading).decode,
    values=msgspec.json.Decoder(dict[str, Any]).decode,
    fields=msgspec.json.Decoder(_Fields).decode,
    stored=lambda value: _packed.encode(msgspec.json.decode(value)),
)
_KINDS: Final = {
    kind.__name__: {"type", *kind.__struct_fields__} - {"unread"} for kind in KnownEvent.__args__
}
_LARGEST_SOURCE = 2**31


def encode_event(event: AnyEvent) -> bytes:
    """Return the stored form of an event."""
    if isinstance(event, Unknown):
        return event.body
    if event.unread is msgspec.UNSET:
        return _packed.encode(event)
    return _packed.encode(_own_fields(_packed, event) | _packed.fields(event.unread))


def decode_event(data: bytes, schema: int = EVENT_SCHEMA) -> AnyEvent:
    """Return the event stored as `data` in the words of this schema.

    Raises
    ------
    msgspec.DecodeError
        If `data` is no event.
    NewerEvent
        If it is one that this version must not pass over.
    """
    return _decode(_packed, data, schema)


def encode_event_line(event: AnyEvent) -> bytes:
    """Return the form of an event in an export, a line of JSON without its end."""
    if not isinstance(event, Unknown) and event.unread is msgspec.UNSET:
        return _written.encode(event)
    return _plain_line(event) or _written.encode(
        _Carried(event.time, kind_of(event), schema_of(event), encode_event(event))
    )


def decode_event_line(line: bytes, schema: int = EVENT_SCHEMA) -> AnyEvent:
    """Return the event on a line of an export; raises as `decode_event`."""
    return _decode(_written, line, schema)


def schema_of(event: AnyEvent) -> int:
    """Return the schema in whose words `encode_event` says an event."""
    return event.schema if isinstance(event, Unknown) else EVENT_SCHEMA


def newer_note(events: Iterable[AnyEvent]) -> str | None:
    """Return what is carried along unread, None if nothing is: the end of a sentence."""
    carried = [e for e in events if isinstance(e, Unknown) or e.unread is not msgspec.UNSET]
    hidden = {event.kind for event in carried if isinstance(event, Unknown)}
    partial = {kind_of(event) for event in carried if not isinstance(event, Unknown)}
    parts = [
        *([_not_shown(len(hidden))] if hidden else []),
        *([_in_part(len(partial))] if partial else []),
    ]
    joined = tr(" and ").join(parts)
    return tr("written by a newer version, {parts}", parts=joined) if parts else None


def _not_shown(kinds: int) -> str:
    return trn("1 kind of events is not shown", "{count} kinds of events are not shown", kinds)


def _in_part(kinds: int) -> str:
    return trn(
        "1 kind of events is shown in part", "{count} kinds of events are shown in part", kinds
    )


def _decode(form: _Form, data: bytes, schema: int) -> AnyEvent:
    present = data if schema >= EVENT_SCHEMA else _migrated(form, data, schema)
    try:
        event = form.known(present)
    except msgspec.ValidationError as error:
        return _decode_newer(form, data, present, schema, error)
    if isinstance(event, _Carried):
        return _decode(_packed, event.body, event.schema)
    return event


def _migrated(form: _Form, data: bytes, schema: int) -> bytes:
    fields = form.values(data)
    try:
        return form.encode(migrated(fields, schema))
    except (TypeError, ValueError, OverflowError, KeyError) as error:
        raise msgspec.ValidationError("no event of an older version") from error


def _decode_newer(
    form: _Form, data: bytes, present: bytes, schema: int, error: msgspec.ValidationError
) -> AnyEvent:
    """Return an event that is none of this version; raise `error` if it is none of a newer."""
    heading = form.heading(data)
    if heading.reader > EVENT_SCHEMA:
        raise NewerEvent(f"it asks for schema {heading.reader}") from error
    if not math.isfinite(heading.time):
        raise error
    try:
        if heading.type in _KINDS:
            return _with_unread_fields(form, present, heading.type, error)
        return _unknown(form, data, schema, heading)
    except msgspec.ValidationError:
        if schema <= EVENT_SCHEMA:
            raise
        return _unknown(form, data, schema, heading)
    except (OverflowError, RecursionError) as limit:
        # JSON has numbers and depths that no program of ours can have stored.
        raise error from limit


def _unknown(form: _Form, data: bytes, schema: int, heading: _Heading) -> Unknown:
    source, body = _source(heading.source), form.stored(data)
    return Unknown(heading.time, heading.type, source, body, schema)


def _with_unread_fields(
    form: _Form, data: bytes, kind: str, error: msgspec.ValidationError
) -> AnyEvent:
    fields = form.fields(data)
    own = {name: value for name, value in fields.items() if name in _KINDS[kind]}
    if len(own) == len(fields):
        raise error
    event = form.known(form.encode(own))
    if isinstance(event, _Carried):
        raise error
    unread = {
        name: msgspec.Raw(form.stored(bytes(value)))
        for name, value in fields.items()
        if name not in own
    }
    return msgspec.structs.replace(event, unread=UnreadFields(_packed.encode(unread)))


def _source(number: object) -> int | None:
    return number if isinstance(number, int) and 0 <= number < _LARGEST_SOURCE else None


def _own_fields(form: _Form, event: KnownEvent) -> _Fields:
    return form.fields(form.encode(msgspec.structs.replace(event, unread=msgspec.UNSET)))


def _plain_line(event: AnyEvent) -> bytes | None:
    """Return an event with what is unread in plain JSON, None where it would not come back."""
    try:
        line = _written.encode(_plain_fields(event))
        return line if decode_event_line(line) == event else None
    except (msgspec.MsgspecError, NewerEvent, TypeError, ValueError, OverflowError, RecursionError):
        return None


def _plain_fields(event: AnyEvent) -> dict[str, Any]:
    if isinstance(event, Unknown):
        return _packed.values(event.body)
    unread = b"\x80" if event.unread is msgspec.UNSET else event.unread
    return _own_fields(_written, event) | _packed.values(unread)
