"""The tables of the index, and how those of older versions become them."""

from __future__ import annotations

from pipelines.store.database import Tables

_STRAPS = """
CREATE TABLE strap (
    address TEXT PRIMARY KEY,
    ticks INTEGER NOT NULL CHECK (ticks > 0)
) STRICT
"""
_LABELS = """
CREATE TABLE label (
    key INTEGER PRIMARY KEY CHECK (key BETWEEN 1 AND 9),
    words TEXT NOT NULL
) STRICT
"""
_PEDAL = """
CREATE TABLE pedal (
    key INTEGER PRIMARY KEY
) STRICT
"""
_CLIENT_LABELS = """
CREATE TABLE client_label (
    client TEXT NOT NULL,
    key INTEGER NOT NULL CHECK (key BETWEEN 1 AND 9),
    words TEXT NOT NULL,
    PRIMARY KEY (client, key)
) STRICT
"""
_SAID = """
CREATE TABLE said (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    time REAL NOT NULL,
    words TEXT NOT NULL
) STRICT
"""
_READ = """
CREATE TABLE read (
    session TEXT PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE
) STRICT
"""
_FORGOTTEN = """
CREATE TABLE forgotten (
    id BLOB PRIMARY KEY
) STRICT
"""
_BACKUP = """
CREATE TABLE backup (
    id TEXT PRIMARY KEY,
    made REAL NOT NULL
) STRICT
"""
_HELD = """
CREATE TABLE held (
    session TEXT PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    since REAL NOT NULL
) STRICT
"""
TABLES = Tables(
    (
        """
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32),
    started REAL NOT NULL,
    duration_s REAL NOT NULL,
    packets INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recording', 'finished', 'recovered')),
    sources TEXT NOT NULL,
    client TEXT
) STRICT
""",
        _STRAPS,
        _LABELS,
        _PEDAL,
        _CLIENT_LABELS,
        _SAID,
        _READ,
        _FORGOTTEN,
        _BACKUP,
        _HELD,
    ),
    migrations=(
        (_STRAPS,),
        ("ALTER TABLE session ADD COLUMN client TEXT", _LABELS, _PEDAL),
        (_CLIENT_LABELS,),
        (_SAID, _READ, _FORGOTTEN, _BACKUP, _HELD),
    ),
)
"""`strap` holds what the intervals of straps are counted in a second, of those that depart from the
specification; schema 2 brought it. `client` is whose session it was, by a name that the clinician
made up, `label` what the keys 1 to 9 mark where somebody chose that, `pedal` the key that a foot
pedal presses; schema 3 brought these. `client_label` is what the keys mark in the sessions of a
client who has words of their own; schema 4 brought it. `said` is what people said in a session in
words, as far as it was `read`, to be searched. `forgotten` tells which sessions were deleted, so
that no backup brings them back, by what follows from their random id and the library key. `backup`
holds the backups that were made, `held` since which of them each session is in one; all backups
made later hold it too. Schema 5 brought these."""
