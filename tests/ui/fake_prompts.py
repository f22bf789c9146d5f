"""What chooses from a library, in memory: an injector, and the search by example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.ui.fakes import FakeLibrary
from tui_patterns.models import Chosen, Enhanced, Example, Filters, Hit, SearchResult, SemanticRows


@dataclass
class FakeInjector:
    """Puts the picked patterns below the prompt, or leaves it as it is."""

    library: FakeLibrary
    recorded: list[Enhanced] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def preview(
        self, prompt: str, task: str, *, picked: Sequence[str] = (), budget: int | None = None,
        semantic: Sequence[SemanticRows] | None = None,
    ) -> Enhanced:  # fmt: skip
        if not picked:
            return Enhanced(prompt or task, 0, 2000, reason="no pattern is relevant enough")
        patterns = [self.library.patterns[id] for id in picked]
        chosen = tuple(Chosen(Hit(p, 1, 0.9, {}), n, 1.0, 200) for n, p in enumerate(patterns, 1))
        body = "\n".join(f"### {p.name}\n\n```python\n{p.code}```" for p in patterns)
        text = f"{prompt or task}\n\n## Relevant Patterns from Past Successes\n\n{body}\n"
        return Enhanced(text, 200 * len(chosen), 2000, chosen, "injection-1", None, self.warnings)

    def record(
        self, built: Enhanced, *, prompt: str, task: str, session: str, arm: str = "manual"
    ) -> Enhanced:
        self.recorded.append(built)
        return built


@dataclass
class FakeExamples:
    """Finds patterns whose code shares a line with the example, and what is near, but not its own."""

    library: FakeLibrary
    asked: list[Example] = field(default_factory=list)

    def like(
        self, example: Example, limit: int = 10, filters: Filters = Filters(),
        *, semantic: SemanticRows | None = None,
    ) -> SearchResult:  # fmt: skip
        self.asked.append(example)
        lines = {line.strip() for line in example.text.splitlines() if line.strip()}
        known = self.library.patterns
        near = [id for id, _ in semantic.rows if id in known] if semantic else []
        found = [id for id, p in known.items() if lines & {line.strip() for line in p.code.splitlines()}]
        order = [known[id] for id in dict.fromkeys([*near, *found]) if id != example.pattern]
        hits = tuple(Hit(p, 1 / (n + 1), 0.9 - n * 0.05, {}) for n, p in enumerate(order[:12]))
        return SearchResult(example.text, "hybrid" if semantic else "lexical", None, hits)
