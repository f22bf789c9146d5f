"""PatternInjector: proven patterns into prompts, and a record of what went in."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tui_patterns.api.fitness import Fitness
from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import confidence
from tui_patterns.models import Chosen, Enhanced, Hit, Pattern, SemanticRows
from tui_patterns.prompts.builder import Plan, build, limits_from
from tui_patterns.prompts.fit import Fitted
from tui_patterns.store import injections, sessions
from tui_patterns.store.sqlite import transaction

CANDIDATES = 50
AUTOMATIC = "auto"  # the arm of injections that no person asked for


class PatternInjector:
    """Builds prompts from one library. A preview records nothing; ``record`` records just that preview."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def enhance_prompt(self, prompt: str, task: str = "") -> str:
        """``prompt`` with the patterns that fit it, recorded in a session of its own; or unchanged."""
        semantic = self._library.prompt_semantic(_query(prompt, task))
        session = self._library.start_session("api")
        return self.enhance(prompt, task, session=session, semantic=semantic).prompt

    def enhance(
        self,
        prompt: str,
        task: str,
        *,
        session: str,
        picked: Sequence[str] = (),
        budget: int | None = None,
        semantic: Sequence[SemanticRows] | None = None,
        arm: str = "manual",
        home: Sequence[Path] | None = None,
    ) -> Enhanced:
        """Build and record at once; with the arm ``auto`` and nothing picked, experiments have their say."""
        if arm == AUTOMATIC and not picked:
            from tui_patterns.api.automatic import Automatic

            fitness = Fitness(self._library, _query(prompt, task), home)
            plan = Automatic(self._library, session, home, fits=fitness.fits)
            built = self.preview(prompt, task, budget=budget, semantic=semantic, home=home, plan=plan)
            return plan.record(built, self, prompt=prompt, task=task)
        built = self.preview(prompt, task, picked=picked, budget=budget, semantic=semantic, home=home)
        return self.record(built, prompt=prompt, task=task, session=session, arm=arm)

    def preview(
        self,
        prompt: str,
        task: str,
        *,
        picked: Sequence[str] = (),
        budget: int | None = None,
        semantic: Sequence[SemanticRows] | None = None,
        home: Sequence[Path] | None = None,
        plan: Plan | None = None,
    ) -> Fitted:
        """The prompt as it would be copied, to the byte. ``picked`` are pattern ids, put in first.

        ``home`` are the folders that are worked in, if not the library's.

        The same request gives the same choice, so that a preview does not flicker
        as it is drawn again, until a prompt was recorded: then exploration draws anew.
        """
        settings = self._library.settings
        if not settings.injection.enabled and not picked:
            return Fitted(
                prompt, 0, limits_from(settings, budget).budget_tokens, reason="injection is switched off"
            )
        query = _query(prompt, task)
        hits = (
            self._library.search_prompt(query, CANDIDATES, semantic=semantic, home=home).hits
            if query.strip()
            else ()
        )
        limits, fitness = limits_from(settings, budget), Fitness(self._library, query, home)
        by_id = {hit.pattern.id: hit for hit in hits}
        own = [by_id.get(id) or by_hand(self._library.pattern(id)) for id in picked]
        fit = fitness.keep(hits, own, limits.min_relevance)
        built = build(
            prompt,
            task,
            fit.hits,
            limits=limits,
            belief=confidence,
            rng=self._draw(query),
            injection_id=str(uuid.uuid4()),
            picked=fit.picked,
            plan=plan,
            avoid=fit.avoid,
        )
        return fitness.finish(built, fit, limits.min_relevance)

    def _draw(self, query: str) -> Random:
        with self._library.connections.lend() as conn:
            recorded = injections.count(conn)
        return Random(hashlib.sha256(f"{recorded} {query}".encode("utf-8", "replace")).digest())

    def record(
        self, built: Enhanced, *, prompt: str, task: str, session: str, arm: str = "manual"
    ) -> Enhanced:
        """Write a preview down as an injection; one that put nothing in, or is written already, is not."""
        if built.injection_id is None:
            return built
        entry = injections.NewInjection(
            id=built.injection_id,
            session=session,
            task=task or None,
            arm=arm,
            prompt_hash=hashlib.sha256(prompt.encode("utf-8", "replace")).hexdigest(),
            tokens=built.tokens,
            budget=built.budget,
        )
        with self._library.connections.lend() as conn, transaction(conn):
            if injections.one(conn, entry.id) is None:
                sessions.start(conn, session, "injection")
                injections.record(conn, entry, [_row(one) for one in built.chosen])
        return built


def _query(prompt: str, task: str) -> str:
    """What patterns are searched by: the task, which says it best, else the prompt."""
    return task if task.strip() else prompt


def by_hand(pattern: Pattern) -> Hit:
    """A pattern that a person picked, without a search."""
    return Hit(pattern, score=0.0, relevance=0.0, why={})


def _row(chosen: Chosen) -> injections.InjectedRow:
    hit = chosen.hit
    return injections.InjectedRow(
        pattern=hit.pattern.id,
        version=hit.pattern.version,
        position=chosen.rank,
        score=hit.score,
        relevance=hit.relevance,
        propensity=chosen.propensity,
        tokens=chosen.tokens,
        why=hit.why,
    )
