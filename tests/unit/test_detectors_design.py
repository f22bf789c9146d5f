"""Design patterns are seen in what classes do: every name in the examples is chosen to say nothing."""

from __future__ import annotations

import sys
import textwrap
from types import FrameType

import pytest

from tests.unit.design import behaving, creating, talking, wrapping
from tui_patterns.extraction.python import extract_source

GROUPS = (creating, wrapping, talking, behaving)
SEEN = {label: example for group in GROUPS for label, example in group.SEEN.items()}
NOT_SEEN = {label: example for group in GROUPS for label, example in group.NOT_SEEN.items()}


def labels(source: str, qualname: str) -> set[str]:
    parsed = extract_source(textwrap.dedent(source).encode(), "a.py")
    assert parsed.error is None
    unit = next(unit for unit in parsed.units if unit.qualname == qualname)
    for label in unit.labels:
        assert 0 < label.confidence <= 1
        assert label.evidence, f"{label.label} shows no line"
        assert all(1 <= line <= parsed.lines for line in label.evidence)
    return {label.label for label in unit.labels}


@pytest.mark.parametrize("label", SEEN)
def test_pattern_is_seen_without_telling_names(label: str) -> None:
    qualname, source = SEEN[label]
    assert label in labels(source, qualname)


@pytest.mark.parametrize("label", NOT_SEEN)
def test_what_only_looks_like_it_is_left_alone(label: str) -> None:
    qualname, source = NOT_SEEN[label]
    assert label not in labels(source, qualname)


def test_an_interface_shares_the_label_of_those_who_make_the_pattern() -> None:
    _, source = SEEN["composite"]
    assert "composite" in labels(source, "I")
    assert "composite" not in labels(source, "L")


def test_the_more_specific_reading_stands_alone() -> None:
    source = """
        class H:
            def __init__(self, n=None): self.n = n
            def f(self, x):
                if not self.g(x) and self.n:
                    self.n.f(x)
                self.h()
            def g(self, x): raise NotImplementedError
            def h(self): raise NotImplementedError
    """
    assert labels(source, "H") == {"chain_of_responsibility"}


def test_a_file_of_very_many_related_classes_costs_no_more_than_its_size() -> None:
    def calls(count: int) -> int:
        classes = "".join(
            f"class A{i}(B):\n    def __init__(self, x): self.x = x\n    def f(self): return self.x.f()\n"
            for i in range(count)
        )
        source = f"class B:\n    def f(self): raise NotImplementedError\n{classes}".encode()
        made = [0]

        def count_one(frame: FrameType, event: str, argument: object) -> None:
            made[0] += event == "call"

        sys.setprofile(count_one)
        try:
            extract_source(source, "a.py")
        finally:
            sys.setprofile(None)
        return made[0]

    calls(20)
    assert calls(160) < 2 * 4 * calls(40)
