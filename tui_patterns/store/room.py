"""The room that a growing library takes: pages that were split while it grew are filled again now and then.

A page that is full is split in two where something must go between, so that after much was added each
holds a tenth to a third less than it could. Freed pages are used again and need nothing of this.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from tui_patterns.store import status
from tui_patterns.store.database_file import bytes_held, compact

GROWN = 1.15  # since it was last written anew; all these times together cost eight times the last one
LEAST = 4_000_000  # bytes: less is not worth it
_NAME = "room"


def settle(conn: sqlite3.Connection) -> bool:
    """Write the database anew if it has grown much since that was last done; whether it was.

    Call it outside of a transaction, after much was added. While somebody else writes, or where the
    disk has no room for the copy, it is left for the next time.
    """
    said = status.said(conn, _NAME)
    if bytes_held(conn) < max(LEAST, GROWN * (said[0]["bytes"] if said else 0)):
        return False
    with suppress(sqlite3.OperationalError):
        compact(conn)
        status.say(conn, _NAME, {"bytes": bytes_held(conn)})
        return True
    return False
