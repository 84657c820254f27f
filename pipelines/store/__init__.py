"""The store: recordings, encrypted at rest, that a crash does not harm."""

from pipelines.store.backup import read_header as read_backup_header
from pipelines.store.contact import Contact, read_contact, running_sessions, write_contact
from pipelines.store.copies import BackedUp, Withdrawal
from pipelines.store.creation import (
    create_library,
    found_again,
    open_library,
    open_or_create_with_key_file,
    restore,
)
from pipelines.store.errors import (
    CannotWrite,
    DiskFull,
    LibraryError,
    LibraryExists,
    NewerSchema,
    NoLibrary,
    NoPassphrase,
    SessionInUse,
    UnknownClient,
    UnknownSession,
    Unreadable,
    WrongPassphrase,
)
from pipelines.store.export import (
    Export,
    ExportMetadata,
    export_session,
    is_export,
    read_export,
    write_beside,
)
from pipelines.store.files import refuse_a_file, write_open_file
from pipelines.store.index import KnownBackup, SessionInfo
from pipelines.store.keyfile import has_key_file, library_exists
from pipelines.store.keys import Cost
from pipelines.store.library import Library, Recovery
from pipelines.store.locks import acquire, is_held
from pipelines.store.own import (
    OwnFile,
    is_own_file,
    opened_alone,
    read_own_file,
    sealed_alone,
)
from pipelines.store.passphrase import (
    VARIABLE,
    find_passphrase,
    new_passphrase,
    other_passphrase,
    passphrase_of_seal,
    seal_passphrase,
)
from pipelines.store.rescue import Waiting, library_to_found
from pipelines.store.restoring import OwnRestored, Restored
from pipelines.store.sealed import WEEKS, is_sealed, read_sealed, write_sealed
from pipelines.store.search import ClientFound, LineFound, Search, clients_of, search_sessions
from pipelines.store.session import SessionSource, SessionWriter, Summary, summarise
from pipelines.store.sharing import HandedOver, Imported, hand_over, import_exports, shared_in
from pipelines.store.strength import in_words as strength_in_words

__all__ = [
    "VARIABLE",
    "WEEKS",
    "BackedUp",
    "CannotWrite",
    "ClientFound",
    "Contact",
    "Cost",
    "DiskFull",
    "Export",
    "ExportMetadata",
    "HandedOver",
    "Imported",
    "KnownBackup",
    "Library",
    "LibraryError",
    "LibraryExists",
    "LineFound",
    "NewerSchema",
    "NoLibrary",
    "NoPassphrase",
    "OwnFile",
    "OwnRestored",
    "Recovery",
    "Restored",
    "Search",
    "SessionInUse",
    "SessionInfo",
    "SessionSource",
    "SessionWriter",
    "Summary",
    "UnknownClient",
    "UnknownSession",
    "Unreadable",
    "Waiting",
    "Withdrawal",
    "WrongPassphrase",
    "acquire",
    "clients_of",
    "create_library",
    "export_session",
    "find_passphrase",
    "found_again",
    "hand_over",
    "has_key_file",
    "import_exports",
    "is_export",
    "is_held",
    "is_own_file",
    "is_sealed",
    "library_exists",
    "library_to_found",
    "new_passphrase",
    "open_library",
    "open_or_create_with_key_file",
    "opened_alone",
    "other_passphrase",
    "passphrase_of_seal",
    "read_backup_header",
    "read_contact",
    "read_export",
    "read_own_file",
    "read_sealed",
    "refuse_a_file",
    "restore",
    "running_sessions",
    "seal_passphrase",
    "sealed_alone",
    "search_sessions",
    "shared_in",
    "strength_in_words",
    "summarise",
    "write_beside",
    "write_contact",
    "write_open_file",
    "write_sealed",
]
