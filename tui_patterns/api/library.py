"""PatternLibrary: the patterns, what was rated and injected, and every way to find them."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.connections import Connections, LibraryError
from tui_patterns.learning import records, retirement
from tui_patterns.learning.evidence import Rules, rules_from
from tui_patterns.learning.facets import confidences
from tui_patterns.learning.usage import usage
from tui_patterns.models import (
    Combination,
    Conflict,
    Filters,
    Finding,
    Graph,
    HistoryEntry,
    Hit,
    Injection,
    Interval,
    Learned,
    LibraryStats,
    Metrics,
    Pattern,
    Related,
    Retired,
    SearchResult,
    SemanticRows,
    Site,
    Usage,
)
from tui_patterns.search import searcher
from tui_patterns.search.files import FileHit, by_file
from tui_patterns.search.parameters import FILE_POOL, POOL
from tui_patterns.search.values import values
from tui_patterns.store import (
    events,
    facet_evidence,
    history,
    patterns,
    projects,
    ratings,
    retired,
    sessions,
)
from tui_patterns.store.sqlite import data_version, transaction

if TYPE_CHECKING:
    from tui_patterns.api.older import AppliedPattern, PatternMatch
    from tui_patterns.settings import Settings

DATABASE = "patterns.db"
MIN_PREFIX = 4


class PatternLibrary:
    """One library of patterns. Any thread may call any method; all of them block for milliseconds.

    ``db_path`` is the database file, by default that of the data folder. Methods
    raise LibraryError or StoreError, one clear line each.
    """

    def __init__(
        self,
        db_path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        settings_for: Callable[[Path], Settings] | None = None,
        home: Sequence[Path] = (),
    ) -> None:
        """``settings_for`` gives the settings of a project's folder, with what its own file may set.

        Without it, ``settings`` hold for every project; without either, the files are looked up.
        ``home`` are the folders that are worked in: their patterns come first among equals, and
        what happened in other projects counts less there, until a pattern has worked in several.
        Without any, everything counts in full.
        """
        self._places = _absolute(home)
        self.path = Path(db_path).expanduser().absolute() if db_path else _default_path()
        self.data_dir = self.path.parent
        self._settings = settings
        self._settings_for = settings_for or ((lambda project: settings) if settings is not None else None)
        self._connections = Connections(self.path)
        self._watching: sqlite3.Connection | None = None

    @property
    def settings(self) -> Settings:
        """The settings it works by; loaded on first use."""
        if self._settings is None:
            from tui_patterns.settings import load_settings

            self._settings = load_settings()
        return self._settings

    def settings_for(self, project: Path) -> Settings:
        """The settings that hold for the project at this folder."""
        if self._settings_for is None:
            from tui_patterns.settings import load_settings

            return load_settings(project=project)
        return self._settings_for(project)

    @property
    def _strength(self) -> float:
        return self.settings.learning.prior_strength

    @property
    def rules(self) -> Rules:
        """How evidence is read, as configured."""
        return rules_from(self.settings)

    def home(self, conn: sqlite3.Connection, folders: Sequence[Path] | None = None) -> frozenset[str]:
        """Roots of the known projects that are worked in: around ``folders``, by default the library's."""
        places = self._places if folders is None else _absolute(folders)
        return projects.around(conn, places) if places else frozenset()

    def load(self, conn: sqlite3.Connection, row_ids: Sequence[int]) -> list[Pattern]:
        """Patterns as they are believed in the projects that are worked in."""
        half_life = self.settings.learning.half_life_days
        return records.load(conn, row_ids, self._strength, home=self.home(conn), half_life_days=half_life)

    @property
    def connections(self) -> Connections:
        """The database, for the other classes of this package."""
        return self._connections

    def close(self) -> None:
        """Close the database; the library opens it again when used again."""
        self._connections.close()
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    # -- finding -------------------------------------------------------------------

    def search(
        self,
        query: str,
        limit: int | None = None,
        filters: Filters = Filters(),
        *,
        semantic: SemanticRows | None = None,
        home: Sequence[Path] | None = None,
    ) -> SearchResult:
        """Patterns for a query in plain words, best first, those that are retired last.

        By words alone, or fused with ``semantic`` rows. ``home`` are the folders that are
        worked in, if not the library's. Raises SearchInterrupted after ``interrupt``.
        """
        wanted = self.settings.search.default_limit if limit is None else limit
        with self._connections.lend(searching=True) as conn:
            return searcher.search(
                conn,
                query,
                wanted,
                self._believing(filters),
                semantic,
                strength=self._strength,
                home=self.home(conn, home),
                half_life_days=self.settings.learning.half_life_days,
            )

    def search_files(
        self,
        query: str,
        limit: int | None = None,
        filters: Filters = Filters(),
        *,
        semantic: SemanticRows | None = None,
    ) -> list[FileHit]:
        """The files that are about ``query``, best first, each with its patterns that were found, if any."""
        wanted = self.settings.search.default_limit if limit is None else limit
        hits = self.search(query, FILE_POOL, filters, semantic=semantic).hits
        with self._connections.lend() as conn:
            return by_file(hits, values(conn, query, filters))[:wanted]

    def interrupt(self) -> None:
        """Stop every search that runs now; from any thread."""
        self._connections.interrupt()

    def search_semantic(
        self, query: str, limit: int | None = None, filters: Filters = Filters()
    ) -> SemanticRows | None:
        """What is near in meaning, worked out in this process; ``None`` without a model.

        As many rows as a search ranks, unless ``limit`` says how many.
        """
        from tui_patterns.api.meaning import semantic_rows

        return semantic_rows(self, query, POOL if limit is None else limit, self._believing(filters))

    def similar(self, id: str, limit: int = 10) -> list[Hit]:
        """Patterns like this one, without it, best first."""
        from tui_patterns.api.meaning import similar

        return similar(self, self.pattern(id), limit)

    def search_code(self, code: str, limit: int = 10) -> list[Hit]:
        """Patterns like a piece of code that is not stored, best first."""
        from tui_patterns.api.meaning import like_code

        return like_code(self, code, limit)

    def search_error(self, text: str, limit: int = 10) -> list[Hit]:
        """Patterns that have to do with a traceback or an error's message, best first."""
        from tui_patterns.api.meaning import like_error

        return like_error(self, text, limit)

    def recent(self, limit: int = 50, filters: Filters = Filters()) -> list[Pattern]:
        """Patterns by their last change, newest first."""
        with self._connections.lend() as conn:
            return self.load(conn, patterns.recent(conn, limit, self._believing(filters)))

    def _believing(self, filters: Filters) -> Filters:
        """*filters* with the prior that this library's success rates start from."""
        half_life = self.settings.learning.half_life_days
        if filters.min_confidence is None:
            return filters
        return replace(filters, prior_strength=self._strength, half_life_days=half_life)

    # -- one pattern ---------------------------------------------------------------

    def pattern(self, id: str) -> Pattern:
        """The pattern with this id, or with an id that begins so (four characters at least)."""
        with self._connections.lend() as conn:
            return self.load(conn, [self._row_id(conn, id)])[0]

    def sites(self, id: str) -> list[Site]:
        """Every place where the pattern stands."""
        with self._connections.lend() as conn:
            return patterns.sites(conn, self._row_id(conn, id))

    def history(self, id: str) -> list[HistoryEntry]:
        """Its versions, newest first."""
        with self._connections.lend() as conn:
            return history.versions(conn, self._row_id(conn, id))

    def facet_confidence(self, id: str) -> dict[str, Interval]:
        """What is believed of each facet of the pattern, by name."""
        with self._connections.lend() as conn:
            row_id = self._row_id(conn, id)
            facets = self.load(conn, [row_id])[0].facets
            return confidences(facets, facet_evidence.counts(conn, row_id))

    def relations(self, id: str) -> list[Related]:
        """What the pattern relates to and what relates to it; near-copies count as one."""
        from tui_patterns.api.relations import related

        with self._connections.lend() as conn:
            return related(conn, self._row_id(conn, id))

    def metrics(self, id: str) -> Metrics | None:
        """Its fan-in, fan-out, coupling and cohesion; ``None`` where they are not known."""
        from tui_patterns.api.relations import metrics

        with self._connections.lend() as conn:
            return metrics(conn, self._row_id(conn, id))

    def graph(self, id: str | None = None, *, depth: int = 1, project: str | None = None) -> Graph:
        """Patterns and relations around one pattern (1 to 4 steps), or all of the library or a project."""
        from tui_patterns.api.relations import graph

        row_id = None
        if id is not None:
            with self._connections.lend() as conn:
                row_id = self._row_id(conn, id)
        return graph(self._connections, row_id, depth, project)

    def _row_id(self, conn: sqlite3.Connection, id: str) -> int:
        prefix = id.strip().lower()
        if len(prefix) < MIN_PREFIX:
            raise LibraryError(f"{id!r} is too short for a pattern id: give {MIN_PREFIX} characters or more")
        found = patterns.by_prefix(conn, prefix)
        if not found:
            raise LibraryError(f"no pattern has the id {id!r}: `patterns-tui search` lists ids")
        if len(found) > 1 and found[0][0] != prefix:
            raise LibraryError(f"several patterns have an id that begins with {id!r}: give more of it")
        return found[0][1]

    def combinations(self, id: str) -> list[Combination]:
        """What often comes together with a pattern, the most telling first."""
        from tui_patterns.api.company import combinations

        return combinations(self, id)

    def conflicts(self, id: str) -> list[tuple[Conflict, Pattern]]:
        """Patterns that should not go into one prompt with this one, and why."""
        from tui_patterns.api.company import conflicts

        return conflicts(self, id)

    # -- anti-patterns ---------------------------------------------------------------

    def findings(self, root: str, path: str) -> list[Finding] | None:
        """Anti-patterns kept of a file, by line; ``None`` if it was not examined as it was last read."""
        from tui_patterns.api.antipatterns import findings_in_file

        return findings_in_file(self, root, path)

    def findings_in(self, id: str) -> list[Finding] | None:
        """Anti-patterns within a pattern; ``None`` if its file was not examined."""
        from tui_patterns.api.antipatterns import findings_in_pattern

        return findings_in_pattern(self, id)

    def dismiss(self, finding_id: str) -> Finding:
        """Remember that a finding is no problem here; it is not shown any more."""
        from tui_patterns.api.antipatterns import dismiss

        return dismiss(self, finding_id)

    def undismiss(self, finding_id: str) -> None:
        """Let a dismissed finding count again."""
        from tui_patterns.api.antipatterns import undismiss

        undismiss(self, finding_id)

    # -- the whole -----------------------------------------------------------------

    def count(self) -> int:
        """How many patterns are in the code now."""
        with self._connections.lend() as conn:
            return patterns.count(conn)

    def projects(self) -> list[tuple[str, str]]:
        """(name, root) of all projects."""
        with self._connections.lend() as conn:
            return projects.everything(conn)

    def stats(self) -> LibraryStats:
        """Counts over the whole library."""
        from tui_patterns.api.statistics import collect

        with self._connections.lend() as conn:
            return collect(conn, self._strength, self.settings.learning.half_life_days)

    def data_version(self) -> int:
        """A number that changes when anybody has written since the last call; from one thread at a time."""
        if self._watching is None:
            with self._connections.lend():
                pass  # creates and migrates, or says what is wrong
            self._watching = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        return data_version(self._watching)

    # -- rating --------------------------------------------------------------------

    def start_session(self, source: str) -> str:
        """A new session of ``source`` (tui, cli, an agent); returns its id."""
        session = str(uuid.uuid4())
        with self._connections.lend() as conn:
            sessions.start(conn, session, source)
        return session

    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern:
        """Rate a pattern 1..5; on disk when this returns. Again in one session replaces."""
        if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
            raise LibraryError(f"a rating is a whole number from 1 to 5, not {rating!r}")
        with self._connections.lend() as conn:
            row_id = self._row_id(conn, id)
            with transaction(conn):
                sessions.start(conn, session, "rating")
                homes = self.home(conn)
                project = next(iter(homes)) if len(homes) == 1 else None
                if ratings.save(conn, row_id, session, rating, task, note, project):
                    retirement.review(conn, patterns.id_of(conn, row_id), self.rules)
            return self.load(conn, [row_id])[0]

    def unrate(self, id: str, session: str) -> Pattern:
        """Take this session's rating back."""
        with self._connections.lend() as conn:
            row_id = self._row_id(conn, id)
            with transaction(conn):
                ratings.remove(conn, row_id, session)
            return self.load(conn, [row_id])[0]

    def rating_in(self, id: str, session: str) -> int | None:
        """What this session rated the pattern."""
        with self._connections.lend() as conn:
            return ratings.in_session(conn, self._row_id(conn, id), session)

    # -- injections ----------------------------------------------------------------

    def injections(self, open_only: bool = False, limit: int = 100) -> list[Injection]:
        """Prompts that patterns were put into, newest first."""
        from tui_patterns.api.ledger import injections

        return injections(self, open_only, limit)

    def outcome(
        self, injection_id: str, pattern_id: str, success: bool, error: str | None = None
    ) -> Injection:
        """Say how an injected pattern did, of a failure with its ``error``; again replaces what was said."""
        from tui_patterns.api.ledger import outcome

        return outcome(self, injection_id, pattern_id, success, error)

    # -- evidence ------------------------------------------------------------------

    def usage(self, id: str) -> Usage:
        """Who used a pattern, when last, and whether that becomes more."""
        with self._connections.lend() as conn:
            return usage(conn, patterns.id_of(conn, self._row_id(conn, id)))

    def learned(self, after: int) -> list[Learned]:
        """Uses and outcomes that the ledger has got after that place (``last_event``), oldest first."""
        from tui_patterns.api import news

        with self._connections.lend() as conn:
            return news.learned(conn, after, self.rules)

    def last_event(self) -> int:
        """The place of the ledger's last event."""
        with self._connections.lend() as conn:
            return events.newest(conn)

    def retire(self, id: str, reason: str | None = None) -> Pattern:
        """Keep a pattern, but put it into no prompt any more; it can be restored."""
        with self._connections.lend() as conn:
            row_id = self._row_id(conn, id)
            with transaction(conn):
                retired.retire(conn, patterns.id_of(conn, row_id), "person", reason)
            return self.load(conn, [row_id])[0]

    def restore_pattern(self, id: str) -> Pattern:
        """Take a retired pattern back."""
        with self._connections.lend() as conn:
            row_id = self._row_id(conn, id)
            with transaction(conn):
                for member in patterns.family(conn, row_id):  # near-copies are shown as one
                    retired.restore(conn, patterns.id_of(conn, member))
            return self.load(conn, [row_id])[0]

    def retired(self) -> list[Retired]:
        """Patterns that are put into no prompt, the last retired first."""
        with self._connections.lend() as conn:
            rows = retired.listed(conn)
            found = self.load(conn, [row["pattern_id"] for row in rows])
        return [
            Retired(pattern, row["at"], row["source"], row["reason"])
            for pattern, row in zip(found, rows, strict=True)
        ]

    def rebuild_evidence(self) -> dict[str, dict[str, int]]:
        """Work out anew what follows from the ledger; what changed by table: nothing, if all is well."""
        from tui_patterns.api.evidence import rebuild_evidence

        return rebuild_evidence(self)

    # -- keeping -------------------------------------------------------------------

    def backup(self, target: Path | None = None) -> Path:
        """Write a consistent copy; by default into the data folder, named by date."""
        from tui_patterns.api.keeping import backup

        return backup(self._connections, target)

    def restore(self, source: Path | None = None) -> Path:
        """Put a backup in the place of the database; by default the newest."""
        from tui_patterns.api.keeping import restore

        self.close()
        return restore(self._connections, source)

    # -- the names that older integrations know --------------------------------------

    def extract_pattern(self, code: str, metadata: dict[str, object] | None = None) -> str:
        """Store the largest function or class of ``code``, and return the pattern's id."""
        from tui_patterns.api.older import extract_pattern

        return extract_pattern(self, code, metadata or {})

    def search_patterns(self, query: str, limit: int = 5) -> Sequence[PatternMatch]:
        """Rows of (id, code, description, similarity in 0..1), best first."""
        from tui_patterns.api.older import search_patterns

        return search_patterns(self, query, limit)

    def apply_pattern(self, id: str, context: dict[str, object] | None = None) -> AppliedPattern | None:
        """The pattern, noted as injected into ``context``; ``None`` if there is no such pattern."""
        from tui_patterns.api.older import apply_pattern

        return apply_pattern(self, id, context or {})

    def rate_pattern(self, id: str, rating: int, session_id: str) -> None:
        """The same as ``rate``."""
        self.rate(id, rating, session_id)


def _absolute(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(folder.expanduser().resolve()) for folder in folders)


def _default_path() -> Path:
    from tui_patterns.settings import data_dir

    return data_dir() / DATABASE
