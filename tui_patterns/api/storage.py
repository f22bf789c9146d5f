"""PatternStorage: components and their patterns, by the calls that older integrations make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import records
from tui_patterns.learning.confidence import Prior, prior_for, tier
from tui_patterns.models import Filters, Interval, Pattern
from tui_patterns.store import beliefs
from tui_patterns.store.beliefs import Worth

COMPONENTS = "components"  # the project of components that came by call, not from a folder
AHEAD = 4  # how many more than asked for are compared by the lower end of their interval


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a framework, or one stored by call; ``success_score`` is its success rate, 0..1.

    ``n`` is how many outcomes that rests on; with 0 it is only what is expected before any.
    """

    id: str
    name: str
    code: str
    category: str | None
    subcategory: str | None
    component_type: str | None
    success_score: float
    n: float
    patterns: tuple[str, ...]


class PatternStorage:
    """Patterns and components of one library. All calls block for milliseconds, but for storing code."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library
        self._root = library.data_dir / COMPONENTS

    @property
    def _strength(self) -> float:
        return self._library.settings.learning.prior_strength

    def get_best_patterns(
        self,
        category: str | None = None,
        component_type: str | None = None,
        pattern_type: str | None = None,
        min_confidence: float = 0.0,
        limit: int = 10,
    ) -> list[Pattern]:
        """Patterns with the best record, then of the best quality; ``None`` is any.

        ``min_confidence`` (0..1) is the least mean of the success rate: one that was never tried
        has what its kind of pattern leads to expect, about one half.
        """
        wanted = Filters(
            category=category,
            component_type=component_type,
            pattern_type=pattern_type,
            min_confidence=min_confidence or None,
            prior_strength=self._strength,
        )
        with self._library.connections.lend() as conn:
            ranked = sorted(
                self._believed(beliefs.worths(conn, wanted), records.pools(conn)),
                key=lambda pair: (-pair[1], -(pair[0].quality or 0.0), pair[0].row_id),
            )
            rows = [worth.row_id for worth, _ in ranked[: max(limit, 0) * AHEAD]]
            found = self._library.load(conn, rows)
        return sorted(found, key=_record, reverse=True)[: max(limit, 0)]

    def get_similar_components(
        self,
        category: str | None = None,
        subcategory: str | None = None,
        min_success_score: float = 0.0,
        limit: int = 10,
    ) -> list[Component]:
        """Components for the same purpose, those with the best record first."""
        wanted = Filters(
            category=category,
            subcategory=subcategory,
            min_confidence=min_success_score or None,
            prior_strength=self._strength,
        )
        with self._library.connections.lend() as conn:
            rows = beliefs.components(conn, str(self._root), wanted)
            found = self._library.load(conn, rows)
        best = sorted(found, key=_record, reverse=True)[: max(limit, 0)]
        return [self._component(pattern) for pattern in best]

    def store_component_patterns(
        self,
        component_name: str,
        code: str,
        patterns: Iterable[str | Mapping[str, Any]] = (),
        metadata: Mapping[str, Any] | None = None,
        success: bool = True,
    ) -> list[str]:
        """Store a component's code, and that it worked or did not; the ids of its patterns.

        Its functions and classes are recognised as in any file. ``patterns`` are labels that the
        caller knows, as texts or as ``{"label" or "pattern_type" or "name", "confidence"}``;
        ``metadata`` may name category, subcategory, component_type, framework and tags. The
        outcome counts for each pattern; storing again adds one more. Raises LibraryError for code
        that does not parse or holds no function or class.
        """
        from tui_patterns.api.components import store

        facts = dict(metadata or {})
        with self._library.connections.lend() as conn:
            return store(conn, self._root, component_name, code, patterns, facts, success=success)

    def get_pattern_statistics(self) -> dict[str, Any]:
        """total_patterns, total_components, high_confidence_patterns, average_confidence,
        patterns_by_category, patterns_by_type.

        High is a mean of .9 from five outcomes on; the average (``None`` without patterns) is that
        of every mean, tried or not.
        """
        with self._library.connections.lend() as conn:
            worths = beliefs.worths(conn)
            pools = records.pools(conn)
            components = beliefs.components(conn, str(self._root), Filters())
            by_category = beliefs.counts_by(conn, "category")
            by_type = beliefs.counts_by(conn, "pattern_type")
        means = list(self._believed(worths, pools))
        high = sum(_tier(worth, mean) == "high" for worth, mean in means)
        return {
            "total_patterns": len(worths),
            "total_components": len(components),
            "high_confidence_patterns": high,
            "average_confidence": sum(mean for _, mean in means) / len(means) if means else None,
            "patterns_by_category": by_category,
            "patterns_by_type": by_type,
        }

    def _believed(self, worths: Iterable[Worth], pools: records.Pools) -> Iterable[tuple[Worth, float]]:
        """Each with the mean of its success rate: the posterior's, without its interval."""
        for worth in worths:
            prior: Prior = prior_for(
                worth.quality, pools.get((worth.language, worth.kind), 0.5), self._strength
            )
            weight = prior.strength + worth.successes + worth.failures
            yield worth, (prior.mean * prior.strength + worth.successes) / weight

    def _component(self, pattern: Pattern) -> Component:
        return Component(
            id=pattern.id,
            name=pattern.qualname if pattern.root != str(self._root) else pattern.path.removesuffix(".py"),
            code=pattern.code,
            category=pattern.category,
            subcategory=pattern.subcategory,
            component_type=pattern.component_type,
            success_score=pattern.confidence.mean,
            n=pattern.confidence.n,
            patterns=tuple(label.label for label in pattern.labels),
        )


def _tier(worth: Worth, mean: float) -> str:
    return tier(Interval(mean, mean, mean, worth.successes + worth.failures))


def _record(pattern: Pattern) -> tuple[float, float, str]:
    """What ranks: the lower end of the success rate, then quality."""
    return pattern.confidence.low, pattern.quality.overall or 0.0, pattern.id
