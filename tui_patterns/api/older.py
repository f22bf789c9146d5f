"""The calls that older integrations make, over the same store."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tui_patterns.api.connections import LibraryError
from tui_patterns.models import Chosen, Enhanced, Filters, ParsedFile, Pattern, Unit

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

SNIPPETS = "snippets"  # the project of code that came by call, not from a folder


class PatternMatch(NamedTuple):
    """One row of ``search_patterns``; ``similarity`` is the calibrated relevance in 0..1."""

    id: str
    code: str
    description: str
    similarity: float


@dataclass(frozen=True, slots=True)
class AppliedPattern:
    """A pattern to use; ``success_rate`` in percent, ``None`` while it is not yet tried."""

    id: str
    code: str
    description: str
    success_rate: float | None
    usage_count: int


def extract_pattern(library: PatternLibrary, code: str, metadata: dict[str, object]) -> str:
    """Store the largest unit of ``code``; the same code again is the same pattern.

    ``metadata`` may name ``project``, ``path`` and ``description``. Raises LibraryError
    for code that does not parse.
    """
    from tui_patterns.engine.ingest import Arrival, Ingest
    from tui_patterns.store import patterns, projects
    from tui_patterns.store.sqlite import transaction

    digest = hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
    path = str(metadata.get("path") or f"{digest[:16]}.py")
    unit = _largest(code, path, str(metadata.get("description") or ""))
    parsed = ParsedFile(path, digest, unit.language, code.count("\n") + 1, (unit,))
    with library.connections.lend() as conn:
        with transaction(conn):
            root = library.data_dir / SNIPPETS / str(metadata.get("project") or "")
            project_id = projects.ensure(conn, root)
        Ingest(conn, project_id, SNIPPETS, tests_by_results=False).apply([Arrival(parsed, len(code), 0)])
        return patterns.in_file(conn, project_id, path)[0]


def _largest(code: str, path: str, description: str) -> Unit:
    from tui_patterns.extraction.python import extract_source

    parsed = extract_source(code.encode("utf-8", "replace"), path)
    if parsed.error or not parsed.units:
        raise LibraryError(f"no pattern in this code: {parsed.error or 'it holds no function or class'}")
    unit = max(parsed.units, key=lambda one: one.end_line - one.line)
    return replace(unit, reason=None, docstring=unit.docstring or description or None)


def search_patterns(library: PatternLibrary, query: str, limit: int) -> list[PatternMatch]:
    """Best first."""
    semantic = library.search_semantic(query)
    hits = library.search(query, limit, Filters(), semantic=semantic).hits
    return [
        PatternMatch(hit.pattern.id, hit.pattern.code, _description(hit.pattern), hit.relevance)
        for hit in hits
    ]


def _description(pattern: Pattern) -> str:
    docstring = (pattern.docstring or "").strip()
    return f"{pattern.name}: {docstring.splitlines()[0]}" if docstring else pattern.name


def apply_pattern(library: PatternLibrary, id: str, context: dict[str, object]) -> AppliedPattern | None:
    """The pattern with this id, noted as an injection into the session and task of ``context``."""
    from tui_patterns.api.injector import PatternInjector, by_hand
    from tui_patterns.prompts.budget import count_tokens

    try:
        pattern = library.pattern(id)
    except LibraryError:
        return None
    session = str(context.get("session_id") or library.start_session("api"))
    task = str(context.get("task") or "")
    tokens = count_tokens(pattern.code)
    chosen = Chosen(by_hand(pattern), rank=1, propensity=1.0, tokens=tokens)
    built = Enhanced(pattern.code, tokens, tokens, (chosen,), injection_id=str(uuid.uuid4()))
    PatternInjector(library).record(built, prompt=task, task=task, session=session, arm="applied")
    believed = pattern.confidence
    return AppliedPattern(
        id=pattern.id,
        code=pattern.code,
        description=_description(pattern),
        success_rate=round(100 * believed.mean, 1) if believed.n else None,
        usage_count=pattern.ratings.usage_count,
    )
