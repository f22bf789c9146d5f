"""The code of a session as patterns: what its edits wrote, put together file by file.

Code in an indexed project is left to the index, which knows the files
themselves. Other code goes into a project of the session's own, in the library's
folder ``snippets``. A session folder with ``code/`` is indexed where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.api.older import SNIPPETS
from tui_patterns.models import ParsedFile
from tui_patterns.sessions.rebuild import rebuild
from tui_patterns.store import projects, sessions
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary
    from tui_patterns.api.session_records import Edit

SUFFIX = ".py"


def extract(library: PatternLibrary, session: str, edits: Sequence[Edit]) -> dict[str, Any]:
    """Returns ``{"session", "files", "indexed", "patterns", "new", "updated", "failed"}``.

    ``indexed`` are files that a project of the library holds; ``failed`` names
    what does not parse.
    """
    folder = _code_folder(library, session)
    if folder is not None:
        return {"session": session, **_index(library, folder)}
    files = rebuild((one.path, one.old, one.text) for one in edits if one.applied)
    most = library.settings.watch.max_file_kb * 1024
    chosen = {
        path: texts for path, texts in files.items() if path.endswith(SUFFIX) and sum(map(len, texts)) <= most
    }
    with library.connections.lend() as conn:
        roots = [root for _, root in projects.everything(conn)]
    outside = {path: texts for path, texts in chosen.items() if not projects.within(path, roots)}
    report = _store(library, session, outside)
    return {"session": session, "files": len(chosen), "indexed": len(chosen) - len(outside), **report}


def _code_folder(library: PatternLibrary, session: str) -> Path | None:
    with library.connections.lend() as conn:
        row = sessions.one(conn, session)
        told = sessions.facts(row).get("folder") if row else None
    folder = Path(told) / "code" if told else None
    return folder if folder is not None and folder.is_dir() else None


def _index(library: PatternLibrary, folder: Path) -> dict[str, Any]:
    from tui_patterns.api.indexer import Indexer

    done = Indexer(library).index([folder], embed=False)
    return {
        "files": done.files,
        "indexed": 0,
        "patterns": done.patterns,
        "new": done.new,
        "updated": done.updated,
        "failed": list(done.failed),
    }


def _store(library: PatternLibrary, session: str, files: dict[str, list[str]]) -> dict[str, Any]:
    from tui_patterns.engine.ingest import Arrival, Ingest

    arrivals, failed = [], []
    for path, texts in sorted(files.items()):
        parsed = _parse(library, path, texts)
        if parsed.error:
            failed.append({"path": path, "reason": parsed.error})
        arrivals.append(Arrival(parsed, sum(map(len, texts)), 0))
    if not any(unit.reason is None for one in arrivals for unit in one.parsed.units):
        return {"patterns": 0, "new": 0, "updated": 0, "failed": failed}
    with library.connections.lend() as conn:
        with transaction(conn):
            project = projects.ensure(conn, library.data_dir / SNIPPETS / "sessions" / session)
        change = Ingest(conn, project, session, session=session).apply(arrivals)
    kept = sum(unit.reason is None for one in arrivals for unit in one.parsed.units)
    return {"patterns": kept, "new": len(change.new), "updated": len(change.updated), "failed": failed}


def _parse(library: PatternLibrary, path: str, texts: Sequence[str]) -> ParsedFile:
    """The units of a file; of pieces whose file is not known, those of the pieces that parse."""
    from tui_patterns.engine.parsers import extraction_options
    from tui_patterns.extraction.python import extract_source

    options, name = extraction_options(library.settings), path.lstrip("/")
    parts = [extract_source(text.encode("utf-8", "replace"), name, options) for text in texts]
    read = [part for part in parts if not part.error]
    if not read:
        return parts[0]
    return replace(read[0], units=tuple(unit for part in read for unit in part.units))
