"""Every part of a hit's place, in words, for a person who asks why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PRIORS = {"quality": "quality", "success": "success rate", "project": "this project"}


def why_lines(why: Mapping[str, Any]) -> list[str]:
    """One line for words, meaning, an exact name, what is believed of the pattern, and the sum.

    ``why`` is a hit's; parts that played no role are left out, unknown ones named.
    """
    lines = [*_clause(why), _words(why), _meaning(why)]
    if why.get("exact"):
        lines.append("name: written in the query" + ("" if why["exact"] == 1.0 else ", but for its case"))
    if why.get("reranker"):
        lines.append(_reranker(why["reranker"]))
    believed = [f"{_PRIORS.get(name, name)} {value:+.3f}" for name, value in why.get("prior", {}).items()]
    if believed:
        lines.append(f"priors: {', '.join(believed)} log-odds")
    if why.get("broken"):
        lines.append("tests: one that covers it failed when last run")
    if why.get("odds") is not None:
        lines.append(f"together: log-odds {why['odds']:+.2f}")
    return lines


def _clause(why: Mapping[str, Any]) -> list[str]:
    """The clause of a prompt that is answered best; the lines after it are about all of the prompt."""
    clause = why.get("clause")
    if not clause:
        return []
    near = "" if clause.get("cosine") is None else f"cosine {clause['cosine']:.2f}, "
    return [f"clause: {clause['text']} ({near}{clause['match']:.0%} of the most its words could score)"]


def _words(why: Mapping[str, Any]) -> str:
    if not why.get("match"):
        return "words: none of the query's"
    rank = f"rank {why['words']}, " if why.get("words") else ""
    fields = ", ".join(f"{name} {share:.0%}" for name, share in why.get("fields", {}).items())
    meant = "".join(f"; its name has {other} for {word}" for word, other in why.get("meant", {}).items())
    held = f"of the query in {fields}" if fields else "only otherwise"
    return f"words: {rank}{why['match']:.0%} of the most they could score; {held}{meant}"


def _reranker(said: Mapping[str, Any]) -> str:
    return (
        f"reranker: rank {said['rank']} of {said['of']}, score {said['score']:+.2f}; "
        f"{said['moved']:+.2f} log-odds"
    )


def _meaning(why: Mapping[str, Any]) -> str:
    if why.get("cosine") is None:
        return "meaning: not known"
    rank = f"rank {why['meaning']}, " if why.get("meaning") else ""
    return f"meaning: {rank}cosine {why['cosine']:.2f}"
