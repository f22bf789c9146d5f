"""Choosing patterns: under the budget always, the best first, the new not shut out."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.learning import confidence
from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Enhanced, Hit, Interval, Pattern, Quality, RatingSummary, TestRecord
from tui_patterns.prompts.budget import count_tokens
from tui_patterns.prompts.builder import EXPLORED, LEAST_CHANCE, Belief, Limits, build, choose, limits_from
from tui_patterns.prompts.render import Pick, section, strip_injected
from tui_patterns.settings import Settings

BELIEF: Belief = confidence
UNTRIED = posterior(0, 0, Prior(0.5))
PATTERN = Pattern(
    id="", version=1, name="", kind="function", pattern_type="function_pattern", category=None,
    language="python", framework=None, project="shop", root="/r", path="", qualname="f", line=1, end_line=9,
    code="", signature="", docstring=None, complexity=3, labels=(), tags=(), dependencies=(),
    quality=Quality(), confidence=UNTRIED, ratings=RatingSummary(), facets={}, sites=1, updated=0.0,
)  # fmt: skip


def hit(key: str, relevance: float = 0.8, believed: Interval = UNTRIED, **change: Any) -> Hit:
    """A pattern whose calls no other key's pattern makes."""
    calls = "\n".join(f"    {key}_{i}(x).{key}{i}()" for i in range(8))
    own = {"name": key.title(), "code": f"def {key}(x):\n{calls}\n", "signature": f"def {key}(x)"}
    fields = {"path": f"{key}.py", **own, **change}
    pattern = dataclasses.replace(PATTERN, id=key, confidence=believed, **fields)
    return Hit(pattern, score=relevance, relevance=relevance, why={})


def pick_ids(hits: list[Hit], limits: Limits | None = None, seed: int = 1, **more: Any) -> list[str]:
    return [pick.hit.pattern.id for pick in picks(hits, limits, seed, **more)]


def picks(hits: list[Hit], limits: Limits | None = None, seed: int = 1, **more: Any) -> tuple[Pick, ...]:
    return choose(hits, limits=limits or Limits(explore=False), belief=BELIEF, rng=Random(seed), **more)


def built(prompt: str, hits: list[Hit], limits: Limits | None = None, **more: Any) -> Enhanced:
    limits = limits or Limits(explore=False)
    return build(
        prompt, "the task", hits, limits=limits, belief=BELIEF, rng=Random(1), injection_id="i-1", **more
    )


words = st.text(st.sampled_from("ab_(). \n\t`#'1é漢😀"), max_size=400)
intervals = st.builds(lambda s, f: posterior(s, f, Prior(0.5)), st.integers(0, 9), st.integers(0, 9))


@st.composite
def hit_lists(draw: st.DrawFn) -> list[Hit]:
    hits = []
    for i in range(draw(st.integers(0, 7))):
        foreign = {"code": draw(words), "signature": draw(words), "name": draw(words)}
        own: dict[str, str] = foreign if draw(st.booleans()) else {}
        hits.append(hit(f"k{i}", draw(st.floats(0, 1)), draw(intervals), **own))
    return hits


BROKEN = TestRecord(passed=3, failed=1, unknown=0, failing=("tests/test_a.py::test_a",))


def test_broken_code_never_teaches_and_the_reason_says_which_test_failed() -> None:
    broken, sound = hit("aaa", 0.9, tests=BROKEN), hit("bbb", 0.7)
    assert pick_ids([broken, sound]) == ["bbb"]
    assert pick_ids([broken, sound], Limits(explore=True)) == ["bbb"]
    alone = built("p", [broken])
    assert alone.injection_id is None and "tests/test_a.py::test_a" in (alone.reason or "")


def test_what_was_picked_is_left_out_too_while_it_is_broken() -> None:
    broken = hit("aaa", 0.9, tests=BROKEN)
    result = built("p", [hit("bbb", 0.7)], picked=[broken])
    assert [one.hit.pattern.id for one in result.chosen] == ["bbb"]
    assert result.reason == "left out, their last known test failed: Aaa (tests/test_a.py::test_a)"
    assert built("p", [], picked=[broken]).reason == result.reason


@settings(max_examples=150)
@given(hit_lists(), st.integers(0, 900), st.integers(0, 6), st.booleans(), st.integers(0, 3), st.integers())
def test_the_budget_is_never_exceeded(
    hits: list[Hit], budget: int, most: int, explore: bool, by_hand: int, seed: int
) -> None:
    limits = Limits(max_patterns=most, min_relevance=0.3, budget_tokens=budget, explore=explore)
    result = build(
        "p",
        "t",
        hits,
        limits=limits,
        belief=BELIEF,
        rng=Random(seed),
        injection_id="a-1",
        picked=hits[:by_hand],
    )
    assert result.tokens <= budget
    if not result.chosen:
        assert (result.prompt, result.injection_id) == ("p", None)
        assert result.reason
        return
    shown = section([pick for pick in result.chosen if isinstance(pick, Pick)], "a-1")
    assert shown in result.prompt
    assert result.tokens == count_tokens(shown)
    assert sum(pick.tokens for pick in result.chosen) < result.tokens
    assert [pick.rank for pick in result.chosen] == list(range(1, len(result.chosen) + 1))
    assert len(result.chosen) <= max(most, by_hand)
    assert all(0.0 < pick.propensity <= 1.0 for pick in result.chosen)


def test_a_record_raises_a_pattern_and_luck_hardly_does() -> None:
    proven, lucky = posterior(20, 2, Prior(0.5)), posterior(1, 0, Prior(0.5))
    hits = [hit("new", 0.95), hit("lucky", 0.94, lucky), hit("proven", 0.8, proven)]
    assert pick_ids(hits) == ["proven", "lucky", "new"]


def test_no_record_buries_a_much_better_match() -> None:
    proven = posterior(200, 2, Prior(0.5))
    assert pick_ids([hit("proven", 0.6, proven), hit("match", 1.0)])[0] == "match"


def test_without_learning_relevance_alone_decides() -> None:
    failing, proven = posterior(0, 30, Prior(0.5)), posterior(20, 2, Prior(0.5))
    hits = [hit("proven", 0.8, proven), hit("failing", 0.9, failing)]
    assert pick_ids(hits, Limits(learn=False, explore=False)) == ["failing", "proven"]


def test_among_the_untried_relevance_decides_and_search_breaks_ties() -> None:
    assert pick_ids([hit("a", 0.7), hit("b", 0.9), hit("c", 0.7), hit("d", 0.6)]) == ["b", "a", "c"]


def test_what_is_left_out() -> None:
    failing = posterior(0, 30, Prior(0.5))
    hits = [hit("far", 0.59), hit("bad", 0.99, failing), hit("gone", 0.9, gone=True), hit("good", 0.6)]
    assert pick_ids(hits) == ["good"]


@pytest.mark.parametrize(
    ("hits", "limits", "reason"),
    [
        ([], Limits(), "no pattern matches the task"),
        ([hit("a", 0.59)], Limits(), "no pattern reaches a relevance of 60 %"),
        ([hit("a", gone=True)], Limits(), "the code of every relevant pattern is gone"),
        (
            [hit("a", 0.9, posterior(0, 30, Prior(0.5)))],
            Limits(),
            "every relevant pattern's success rate lies surely below 70 %",
        ),
        ([hit("a")], Limits(budget_tokens=60), "no pattern fits into 60 tokens; raise the budget"),
        ([hit("a")], Limits(max_patterns=0), "injection.max_patterns is 0"),
    ],
)
@pytest.mark.parametrize("prompt", ["", " Fix it.\r\n\n", "\x00\ud800"])
def test_nothing_to_add_leaves_the_prompt_as_it_is(
    prompt: str, hits: list[Hit], limits: Limits, reason: str
) -> None:
    assert built(prompt, hits, limits) == Enhanced(prompt, 0, limits.budget_tokens, reason=reason)


def test_an_enhanced_prompt() -> None:
    result = built("Fix it.", [hit("a"), hit("b")])
    assert result.prompt.startswith("Fix it.\n\n<!-- patterns-tui:begin injection=i-1 -->")
    assert strip_injected(result.prompt) == "Fix it."
    assert (result.injection_id, result.reason, result.budget) == ("i-1", None, 2000)
    assert built(result.prompt, [hit("a"), hit("b")]).prompt == result.prompt


def test_an_empty_prompt_stands_for_the_task() -> None:
    assert built("", [hit("a")]).prompt.startswith("the task\n\n<!--")


def test_signature_when_the_body_does_not_fit() -> None:
    hits = [hit("small"), hit("large", 0.7, code="def large(x):\n" + "    y = call(x)\n" * 500)]
    assert [(pick.hit.pattern.id, pick.form) for pick in picks(hits)] == [
        ("small", "full"),
        ("large", "signature"),
    ]


def test_what_does_not_fit_makes_room_for_the_next() -> None:
    endless = "word " * 5000
    assert pick_ids([hit("huge", 0.9, code=endless, signature=endless), hit("small", 0.6)]) == ["small"]


def test_the_users_picks_come_first_whatever_their_record() -> None:
    failing = posterior(0, 30, Prior(0.5))
    mine = [hit("mine", 0.1, failing), hit("also", 0.0)]
    chosen = picks([hit("a", 0.9), mine[0], hit("b", 0.9)], picked=mine)
    assert [pick.hit.pattern.id for pick in chosen] == ["mine", "also", "a"]
    assert [pick.manual for pick in chosen] == [True, True, False]
    assert pick_ids([hit("a")], Limits(max_patterns=1), picked=mine) == ["mine", "also"]


def test_a_users_pick_without_room_is_named() -> None:
    endless = "word " * 5000
    mine = [hit("mine", code=endless, signature=endless), hit("ok")]
    result = built("p", [], picked=mine)
    assert [pick.hit.pattern.id for pick in result.chosen] == ["ok"]
    assert result.reason == "picked, but no room within 2000 tokens: Mine"


def test_the_same_thing_is_not_said_twice() -> None:
    code = hit("a").pattern.code
    copy = hit("copy", code=f"def other(x):\n{code.partition(chr(10))[2]}    return x\n")
    outer = hit("outer", path="c.py", line=1, end_line=50)
    inner = hit("inner", path="c.py", line=10, end_line=20)
    assert pick_ids([hit("a", 0.9), copy, outer, inner, hit("b", 0.6)]) == ["a", "outer", "b"]


def test_exploration_takes_half_of_the_places_with_their_propensities() -> None:
    hits = [hit(f"k{i}", 0.9 - i / 100) for i in range(6)]
    chosen = picks(hits, Limits(), seed=3)
    assert (chosen[0].hit.pattern.id, chosen[0].propensity) == ("k0", 1.0)
    assert all(LEAST_CHANCE <= pick.propensity < 1.0 for pick in chosen[1:])
    first_two = [pick.propensity for pick in picks(hits, Limits(max_patterns=4), seed=3)[:2]]
    assert first_two == [1.0, 1.0], "of four places two are open"
    assert sorted(pick_ids(hits[:3], Limits())) == ["k0", "k1", "k2"]
    assert picks(hits[:3], Limits())[-1].propensity == 1.0, "the last of all had no choice"


def test_the_same_seed_gives_the_same_choice() -> None:
    hits = [hit(f"k{i}") for i in range(9)]
    assert picks(hits, Limits(), seed=8) == picks(hits, Limits(), seed=8)


def test_the_recorded_chance_is_the_one_that_was_used() -> None:
    """Weights by inverse propensity then average to one."""
    proven = posterior(9, 1, Prior(0.5))
    hits = [hit("a", 0.9, proven), hit("c", 0.7, proven), hit("new", 0.9)]
    weight: defaultdict[str, float] = defaultdict(float)
    seen, rounds = Counter[str](), 400
    for seed in range(rounds):
        last = picks(hits, Limits(max_patterns=2), seed=seed)[-1]
        seen[last.hit.pattern.id] += 1
        weight[last.hit.pattern.id] += 1.0 / last.propensity
    assert set(seen) == {"c", "new"}, "a pattern never tried gets its turn"
    assert seen["c"] > seen["new"]
    for total in weight.values():
        assert total / rounds == pytest.approx(1.0, abs=0.25)


def test_only_the_best_few_are_explored() -> None:
    hits = [hit(f"k{i:02}", 0.95 - i / 100) for i in range(EXPLORED + 10)]
    drawn = {pick_ids(hits, Limits(max_patterns=2), seed=seed)[-1] for seed in range(60)}
    assert drawn <= {f"k{i:02}" for i in range(1, 1 + EXPLORED)}


def test_limits_come_from_the_settings() -> None:
    assert limits_from(Settings()) == Limits()
    assert limits_from(Settings(), budget_tokens=0).budget_tokens == 0
