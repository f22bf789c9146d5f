"""What decides about an automatic injection beside the choice itself: experiments, the holdout, voters.

A person's own picks, and prompts that a person asks for, never come here.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import decisions, experiments
from tui_patterns.learning.decisions import Decider, Decision, Option
from tui_patterns.learning.voters import OTHER_PROJECT, SAME_PROJECT, Voter, recency
from tui_patterns.models import Chosen, Enhanced, Event, Hit, Pattern
from tui_patterns.store import decisions as decided
from tui_patterns.store import experiments as store
from tui_patterns.store import injections, ledger, sessions
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.injector import PatternInjector
    from tui_patterns.prompts.builder import Shelf

EVEN = 0.5  # the chance of either arm
HELD_OUT = "this session is held out, to measure what injecting is worth (injection.holdout)"


class Automatic:
    """The plan of one automatic injection in one session. ``assign`` and ``record`` write."""

    def __init__(
        self,
        library: PatternLibrary,
        session: str,
        home: Sequence[Path] | None = None,
        *,
        fits: Callable[[Pattern], bool] = lambda pattern: True,
    ) -> None:
        """``fits`` says whether a pattern may go in here: else no experiment puts it in either."""
        self._library = library
        self._fits = fits
        self._session = session
        self._home = frozenset(str(root) for root in home or ())
        self._arm = "auto"
        self._held_out = experiments.held_out(session, library.settings.injection.holdout)
        with library.connections.lend() as conn:
            known = [
                decisions.record_from(data, success) for _, data, success in reversed(decided.latest(conn))
            ]
        self._decider = Decider(record for record in known if record is not None)

    def assign(self, shelf: Shelf, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Put in the assigned arm of the first running experiment that one of the hits is part of."""
        if self._held_out:
            return hits
        with self._library.connections.lend() as conn:
            running = store.listed(conn, running=True)
        for experiment in running:
            own = [hit for hit in hits if hit.pattern.id in (experiment.a, experiment.b)]
            if own:
                rest = [hit for hit in hits if hit not in own]
                return rest if self._put(shelf, experiment, own) else hits
        return hits

    def _put(self, shelf: Shelf, experiment: store.ExperimentRow, own: Sequence[Hit]) -> bool:
        """Either arm stands for both, so that both get the same tasks; ``False`` if one cannot be shown."""
        arms = {which: self._hit(experiment, which, own) for which in ("a", "b")}
        if not all(hit is not None and shelf.takes(hit) for hit in arms.values()):
            return False
        with self._library.connections.lend() as conn, transaction(conn):
            sessions.start(conn, self._session, "injection")
            which = store.enlist(
                conn,
                experiment.id,
                self._session,
                lambda position: experiments.assigned(f"{experiment.id} {experiment.started}", position),
            )
        hit = arms[which]
        self._arm = store.arm_name(experiment.id, which)
        return hit is not None and shelf.add(hit, propensity=EVEN)

    def _hit(self, experiment: store.ExperimentRow, which: str, own: Sequence[Hit]) -> Hit | None:
        best = max(own, key=lambda hit: hit.relevance)
        id, version = experiment.arm(which)
        found = next((hit for hit in own if hit.pattern.id == id), None)
        pattern = found.pattern if found else self._library.pattern(id)
        if pattern.gone or pattern.tests.broken or pattern.retired is not None or not self._fits(pattern):
            return None
        if version is not None and version != pattern.version:
            with self._library.connections.lend() as conn:
                row = store.version_of(conn, version)
            if row is None:
                return None
            pattern = replace(pattern, version=version, code=row["code"], signature=row["signature"])
        why = {**best.why, "experiment": experiment.id, "arm": which}
        return Hit(pattern, best.score, best.relevance, why)

    def record(self, built: Enhanced, injector: PatternInjector, *, prompt: str, task: str) -> Enhanced:
        """Write down what was built, with its decisions; the prompt comes back unchanged when held out."""
        if built.injection_id is None:
            return built
        if self._held_out:
            self._record_control(prompt, task)
            return Enhanced(prompt, 0, built.budget, reason=HELD_OUT)
        if not built.chosen:  # only what to avoid: nothing to decide between
            return injector.record(built, prompt=prompt, task=task, session=self._session, arm=self._arm)
        votes = {one.hit.pattern.id: self._votes(one.hit) for one in built.chosen}
        which = self._decider.decide("pattern", [Option(id, own) for id, own in votes.items()])
        inject = self._decider.decide("inject", _to_inject(votes[which.chosen]))
        # An experiment shows both arms alike, also the one that voters think little of.
        if inject.chosen == "leave" and self._arm == "auto":
            self._note(inject, None, None, f"{self._session}:{uuid.uuid4()}")
            return Enhanced(prompt, 0, built.budget, reason="the voters speak against every pattern found")
        shown = replace(built, chosen=tuple(self._explained(one, which) for one in built.chosen))
        done = injector.record(shown, prompt=prompt, task=task, session=self._session, arm=self._arm)
        for decision in (which, inject) if self._arm == "auto" else (which,):
            self._note(decision, built.injection_id, which.chosen, built.injection_id)
        return done

    def _explained(self, chosen: Chosen, decision: Decision) -> Chosen:
        shares = {
            voter: round(share, 3) for voter, share in decision.contributions[chosen.hit.pattern.id].items()
        }
        return replace(chosen, hit=replace(chosen.hit, why={**chosen.hit.why, "voters": shares}))

    def _votes(self, hit: Hit) -> dict[Voter, float]:
        """What each voter says of a pattern for this task; one that knows nothing is left out."""
        pattern = hit.pattern
        votes: dict[Voter, float] = {
            "similarity": min(max(hit.relevance, 0.0), 1.0),
            "recency": recency(now() - pattern.updated),
        }
        if pattern.confidence.n > 0.0:
            votes["evidence"] = pattern.confidence.mean
        if pattern.quality.overall is not None:
            votes["quality"] = pattern.quality.overall
        if self._home:
            votes["affinity"] = SAME_PROJECT if pattern.root in self._home else OTHER_PROJECT
        return votes

    def _note(self, decision: Decision, injection: str | None, pattern: str | None, key: str) -> None:
        event = Event(
            "decision",
            now(),
            session=None if injection else self._session,
            injection=injection,
            pattern=pattern,
            key=f"decision:{decision.kind}:{key}",
            data=decision.data(),
        )
        with self._library.connections.lend() as conn, transaction(conn):
            ledger.append(conn, event)

    def _record_control(self, prompt: str, task: str) -> None:
        """An injection that puts nothing in: the prompt would have got patterns."""
        entry = injections.NewInjection(
            id=str(uuid.uuid4()),
            session=self._session,
            task=task or None,
            arm=store.CONTROL,
            prompt_hash=hashlib.sha256(prompt.encode("utf-8", "replace")).hexdigest(),
            tokens=0,
            budget=0,
        )
        with self._library.connections.lend() as conn, transaction(conn):
            sessions.start(conn, self._session, "injection")
            injections.record(conn, entry, [])


def _to_inject(votes: dict[Voter, float]) -> list[Option]:
    """To inject the best pattern is what happens anyway; to leave it has the opposite votes."""
    opposite: dict[Voter, float] = {voter: 1.0 - vote for voter, vote in votes.items()}
    return [Option("inject", votes), Option("leave", opposite)]
