"""What people and tests say of patterns: ratings, outcomes, retirement, and what follows from them."""

from __future__ import annotations

import uuid

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.library.searching import Searching
from tui_patterns.learning import retirement
from tui_patterns.learning.usage import usage
from tui_patterns.models import Injection, Learned, Pattern, Retired, Usage
from tui_patterns.store import events, patterns, ratings, retired, sessions
from tui_patterns.store.sqlite import transaction


class Judging(Searching):
    """Writes into the ledger, and tells what it says."""

    def start_session(self, source: str) -> str:
        """A new session of ``source`` (tui, cli, an agent); returns its id."""
        session = str(uuid.uuid4())
        with self.connections.lend() as conn:
            sessions.start(conn, session, source)
        return session

    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern:
        """Rate a pattern 1..5; on disk when this returns. Again in one session replaces."""
        if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
            raise LibraryError(f"a rating is a whole number from 1 to 5, not {rating!r}")
        with self.connections.lend() as conn:
            row_id = self.row_id(conn, id)
            with transaction(conn):
                sessions.start(conn, session, "rating")
                homes = self.home(conn)
                project = next(iter(homes)) if len(homes) == 1 else None
                if ratings.save(conn, row_id, session, rating, task, note, project):
                    retirement.review(conn, patterns.id_of(conn, row_id), self.rules)
            return self.load(conn, [row_id])[0]

    def unrate(self, id: str, session: str) -> Pattern:
        """Take this session's rating back."""
        with self.connections.lend() as conn:
            row_id = self.row_id(conn, id)
            with transaction(conn):
                ratings.remove(conn, row_id, session)
            return self.load(conn, [row_id])[0]

    def rating_in(self, id: str, session: str) -> int | None:
        """What this session rated the pattern."""
        with self.connections.lend() as conn:
            return ratings.in_session(conn, self.row_id(conn, id), session)

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
        with self.connections.lend() as conn:
            return usage(conn, patterns.id_of(conn, self.row_id(conn, id)))

    def learned(self, after: int) -> list[Learned]:
        """Uses and outcomes that the ledger has got after that place (``last_event``), oldest first."""
        from tui_patterns.api import news

        with self.connections.lend() as conn:
            return news.learned(conn, after, self.rules)

    def last_event(self) -> int:
        """The place of the ledger's last event."""
        with self.connections.lend() as conn:
            return events.newest(conn)

    def retire(self, id: str, reason: str | None = None) -> Pattern:
        """Keep a pattern, but put it into no prompt any more; it can be restored."""
        with self.connections.lend() as conn:
            row_id = self.row_id(conn, id)
            with transaction(conn):
                retired.retire(conn, patterns.id_of(conn, row_id), "person", reason)
            return self.load(conn, [row_id])[0]

    def restore_pattern(self, id: str) -> Pattern:
        """Take a retired pattern back."""
        with self.connections.lend() as conn:
            row_id = self.row_id(conn, id)
            with transaction(conn):
                for member in patterns.family(conn, row_id):  # near-copies are shown as one
                    retired.restore(conn, patterns.id_of(conn, member))
            return self.load(conn, [row_id])[0]

    def retired(self) -> list[Retired]:
        """Patterns that are put into no prompt, the last retired first."""
        with self.connections.lend() as conn:
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
