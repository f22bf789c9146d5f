"""The session pane tells by itself what the ledger has learned."""

from __future__ import annotations

from tests.ui.conftest import make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern
from tui_patterns.models import Interval, Learned


async def test_uses_and_outcomes_are_told_once_as_they_come() -> None:
    pattern = make_pattern(0)
    library = FakeLibrary.of(pattern)
    library.news = [Learned(1, "use", pattern.id, "Before the start", Interval(0.5, 0.2, 0.8, 0))]
    stage = make_stage(library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        session = stage.app.main.session
        known = Interval(0.6, 0.3, 0.87, 1)
        library.news += [
            Learned(2, "use", pattern.id, "Retry", known, similarity=0.93, place="app.py:12"),
            Learned(3, "outcome", pattern.id, "Retry", known, what="test", success=True),
        ]
        library.version += 1
        await wait_for(pilot, lambda: session.counts["outcome"])
        library.version += 1
        library.news += [Learned(4, "outcome", pattern.id, "Retry", known, what="git", success=False)]
        await wait_for(pilot, lambda: session.counts["outcome"] == 2)
        told = [text for _, text in session.entries]
        assert told[:3] == [
            "Failed (git): Retry · 60 % (30–87) n 1",
            "Worked (test): Retry · 60 % (30–87) n 1",
            "Used: Retry in app.py:12, 93% alike",
        ]
        assert not any("Before the start" in text for text in told)
