"""Files that were parsed against another content of other files than there is now.

After each batch those are parsed again, unless the run ends just then: so each whole scan looks at all.
"""

from __future__ import annotations

import sqlite3

from tui_patterns.engine.reconcile import Scope
from tui_patterns.engine.source_file import read_source
from tui_patterns.extraction.source import content_hash
from tui_patterns.store import files


def left_behind(conn: sqlite3.Connection, project_id: int, scope: Scope) -> set[str]:
    """Paths of files to parse again, although they and what came with them have not changed.

    What was read of ignored files is compared with the disk: nobody else looks at those.
    """
    found = files.left_outdated(conn, project_id)
    digests: dict[str, str | None] = {}
    for path, read, digest in files.strangers(conn, project_id):
        if read not in digests:
            digests[read] = _digest(scope, read)
        if digests[read] != digest:
            found.add(path)
    return found


def _digest(scope: Scope, path: str) -> str | None:
    try:
        source = read_source(scope.root / path, scope.max_bytes, root=scope.root.resolve())
    except OSError:
        return None
    return content_hash(source) if isinstance(source, bytes) else None
