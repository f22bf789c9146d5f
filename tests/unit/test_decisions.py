"""Voters: weighed by how right they were, heard as far as they are sure, silent when it is close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning.decisions import MARGIN, Decider, Option, record_from, standing
from tui_patterns.learning.voters import DAY_S, VOTERS, DecisionKind, Record, Votes, recency

KIND: DecisionKind = "pattern"


def record(success: bool | None, votes: Votes, *, departed: bool = False) -> Record:
    return Record(KIND, departed, False, votes, success)


def test_without_outcomes_the_assumed_weights_decide() -> None:
    decided = Decider().decide(
        KIND, [Option("a", {"similarity": 0.6}), Option("b", {"similarity": 0.9, "evidence": 0.9})]
    )
    assert decided.chosen == "b" and decided.departed and not decided.abstained
    assert decided.contributions["b"].keys() == {"similarity", "evidence"}
    assert decided.scores["b"] == pytest.approx(sum(decided.contributions["b"].values()))


def test_it_abstains_when_it_is_close() -> None:
    near = [Option("a", {"similarity": 0.80}), Option("b", {"similarity": 0.82})]
    decided = Decider().decide(KIND, near)
    assert (decided.chosen, decided.abstained, decided.reason) == ("a", True, "close")
    assert 0.0 < decided.scores["b"] - decided.scores["a"] < MARGIN
    assert Decider().decide(KIND, near[:1]).reason == "only one"
    assert Decider().decide(KIND, near[::-1]).reason == "", "the first is the best anyway"


def test_a_voter_that_was_right_weighs_more_and_one_that_misled_nothing() -> None:
    votes: Votes = {"similarity": 0.9, "quality": 0.1}
    decider = Decider([record(True, votes)] * 60)
    assert decider.weights["similarity"] > Decider().weights["similarity"]
    assert decider.weights["quality"] == 0.0
    assert decider.accuracies["similarity"].brier == pytest.approx(0.01)
    assert decider.accuracies["evidence"].brier is None
    assert decider.weights["evidence"] == Decider().weights["evidence"], "no votes, nothing learned"


def test_unknown_outcomes_teach_nothing() -> None:
    assert Decider([record(None, {"similarity": 0.9})] * 50).weights == Decider().weights


def test_a_kind_that_departs_for_the_worse_is_retired() -> None:
    bad = [record(False, {}, departed=True)] * 12 + [record(True, {})] * 12
    assert Decider().kinds[KIND].weight == 0.5 and not Decider().kinds[KIND].retired
    decider = Decider(bad)
    assert decider.kinds[KIND].retired and decider.kinds[KIND].weight < 0.1
    options = [Option("a", {"similarity": 0.1}), Option("b", {"similarity": 1.0})]
    kept = decider.decide(KIND, options)
    assert (kept.chosen, kept.reason) == ("a", "retired")
    assert decider.decide("fix", options).chosen == "b", "other kinds go on"
    good = standing(KIND, [record(True, {}, departed=True)] * 12 + [record(False, {})] * 12)
    assert good.weight > 0.9 and (good.departed, good.kept) == ((12, 12), (12, 0))


def test_what_cannot_be_decided_is_refused() -> None:
    for options in ([], [Option("a", {}), Option("a", {})], [Option("a", {"quality": 1.5})]):
        with pytest.raises(ValueError, match=r"decide|one id|0\.\.1"):
            Decider().decide(KIND, options)


@given(st.dictionaries(st.sampled_from(VOTERS), st.floats(0, 1)), st.booleans())
def test_a_decision_comes_back_from_the_ledger_as_it_was(votes: Votes, success: bool) -> None:
    decided = Decider().decide(KIND, [Option("a", {}), Option("b", votes)])
    back = record_from(decided.data(), success)
    assert back is not None and back.success is success and back.departed is decided.departed
    assert back.votes == (votes if decided.chosen == "b" else {})


def test_foreign_data_is_no_decision() -> None:
    assert record_from({"kind": "lunch", "votes": {}}, True) is None
    assert record_from({"kind": KIND}, True) is None
    odd = record_from({"kind": KIND, "votes": {"similarity": 7, "nobody": 0.5, "quality": 0.5}}, None)
    assert odd is not None and odd.votes == {"quality": 0.5}


def test_recency_fades_to_no_opinion() -> None:
    assert recency(-5.0) == recency(0.0) == 1.0
    assert recency(90 * DAY_S) == pytest.approx(0.75) and recency(1000 * DAY_S) == 0.5
