"""pytest's names for tests, taken apart."""

from __future__ import annotations

from tui_patterns.extraction.evidence.facts import TestId

_PHASES = frozenset({"setup", "run", "teardown"})


def parse(nodeid: str) -> TestId | None:
    """``tests/test_a.py::TestA::test_b[1]`` in its parts; ``None`` for what names no single test."""
    head, bracket, variant = nodeid.partition("[")
    path, *names = head.split("::")
    if not names or not path.endswith(".py") or not all(names):
        return None
    return TestId(path.replace("\\", "/"), ".".join(names), bracket + variant)


def from_context(context: str) -> TestId | None:
    """The test of a coverage context, as pytest-cov writes it: a node id, ``|`` and the phase."""
    nodeid, bar, phase = context.rpartition("|")
    return parse(nodeid if bar and phase in _PHASES else context)
