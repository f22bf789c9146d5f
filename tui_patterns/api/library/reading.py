"""What is known of one pattern, and of the code it stands in."""

from __future__ import annotations

from tui_patterns.api.library.base import LibraryBase
from tui_patterns.learning.facets import confidences
from tui_patterns.models import (
    Combination,
    Conflict,
    Finding,
    Graph,
    HistoryEntry,
    Interval,
    LibraryStats,
    Metrics,
    Pattern,
    Related,
    Site,
)
from tui_patterns.store import facet_evidence, history, patterns, projects


class Reading(LibraryBase):
    """Patterns by their ids, and the whole in figures."""

    def pattern(self, id: str) -> Pattern:
        """The pattern with this id, or with an id that begins so (four characters at least)."""
        with self.connections.lend() as conn:
            return self.load(conn, [self.row_id(conn, id)])[0]

    def sites(self, id: str) -> list[Site]:
        """Every place where the pattern stands."""
        with self.connections.lend() as conn:
            return patterns.sites(conn, self.row_id(conn, id))

    def history(self, id: str) -> list[HistoryEntry]:
        """Its versions, newest first."""
        with self.connections.lend() as conn:
            return history.versions(conn, self.row_id(conn, id))

    def facet_confidence(self, id: str) -> dict[str, Interval]:
        """What is believed of each facet of the pattern, by name."""
        with self.connections.lend() as conn:
            row_id = self.row_id(conn, id)
            facets = self.load(conn, [row_id])[0].facets
            return confidences(facets, facet_evidence.counts(conn, row_id))

    def relations(self, id: str) -> list[Related]:
        """What the pattern relates to and what relates to it; near-copies count as one."""
        from tui_patterns.api.relations import related

        with self.connections.lend() as conn:
            return related(conn, self.row_id(conn, id))

    def metrics(self, id: str) -> Metrics | None:
        """Its fan-in, fan-out, coupling and cohesion; ``None`` where they are not known."""
        from tui_patterns.api.relations import metrics

        with self.connections.lend() as conn:
            return metrics(conn, self.row_id(conn, id))

    def graph(self, id: str | None = None, *, depth: int = 1, project: str | None = None) -> Graph:
        """Patterns and relations around one pattern (1 to 4 steps), or all of the library or a project."""
        from tui_patterns.api.relations import graph

        row_id = None
        if id is not None:
            with self.connections.lend() as conn:
                row_id = self.row_id(conn, id)
        return graph(self.connections, row_id, depth, project)

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
        with self.connections.lend() as conn:
            return patterns.count(conn)

    def projects(self) -> list[tuple[str, str]]:
        """(name, root) of all projects."""
        with self.connections.lend() as conn:
            return projects.everything(conn)

    def stats(self) -> LibraryStats:
        """Counts over the whole library."""
        from tui_patterns.api.statistics import collect

        with self.connections.lend() as conn:
            return collect(conn, self.strength, self.settings.learning.half_life_days)
