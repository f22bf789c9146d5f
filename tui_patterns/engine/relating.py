"""Relations between patterns, from what the definitions at their sites refer to.

EXTENDS: inherits from it. CREATES: returns a new instance of it. COMPOSED_OF:
holds it (a class its methods, a function the functions in it), or makes an
instance of it in its constructor and keeps it. USES: calls, names, is decorated
or annotated with it, or with something inside it that is no pattern of its own.
The most telling one is kept: who extends, creates or holds a pattern also uses it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui_patterns.store import references, relations, symbols
from tui_patterns.store.references import RefRow
from tui_patterns.store.relations import Edge
from tui_patterns.store.symbols import OutlineRow

SURE = {"EXTENDS": 1.0, "COMPOSED_OF": 0.95, "CREATES": 0.95, "USES": 0.95}
HOLDS = 1.0
BY_ANNOTATION = 0.8
BY_PART = 0.9
LIKELY = 0.7
"""Factors for a use of something inside the target, and for a path that is only likely."""


def relate(conn: sqlite3.Connection, standing: Mapping[int, Sequence[tuple[int, str]]]) -> None:
    """Replace the relations of these patterns, which stand at these (file, name) places; likeness stays."""
    files = {file for places in standing.values() for file, _ in places}
    refs = references.refs_of_files(conn, files)
    outlines = symbols.outlines(conn, files | {ref.target.file for ref in refs})
    edges: dict[tuple[int, int, str], Edge] = {}
    for edge in (*_held(outlines, files), *_referred(outlines, refs)):
        key = edge[:3]
        if edge.source in standing and edge.confidence > (edges[key].confidence if key in edges else 0.0):
            edges[key] = edge
    relations.replace(conn, standing, _most_telling(edges.values()))


def _held(outlines: Mapping[int, OutlineRow], files: Iterable[int]) -> Iterator[Edge]:
    """Patterns that lie in the definition of another one."""
    for outline in (outlines[file] for file in files if file in outlines):
        for name, line in outline.lines.items():
            inner = outline.sites.get(line)
            outer = outline.pattern(name.rpartition(".")[0]) if "." in name else None
            if inner is not None and outer is not None and inner != outer:
                yield Edge(outer, inner, "COMPOSED_OF", HOLDS, True)


def _referred(outlines: Mapping[int, OutlineRow], refs: Iterable[RefRow]) -> Iterator[Edge]:
    for ref in refs:
        outline = outlines.get(ref.file)
        source = outline.pattern(ref.source, ref.line) if outline is not None and ref.source else None
        there = outlines.get(ref.target.file)
        target = there.pattern(ref.target.name) if there is not None else None
        if source is not None and there is not None and target is not None and source != target:
            exact = there.stands(ref.target.name) == target
            yield from _edges(ref, source, target, exact, inside=target in _outer(outline, ref.source))


def _outer(outline: OutlineRow | None, name: str) -> set[int | None]:
    """The patterns around a definition."""
    found: set[int | None] = set()
    while outline is not None and "." in name:
        name = name.rpartition(".")[0]
        found.add(outline.stands(name))
    return found


def _edges(ref: RefRow, source: int, target: int, exact: bool, inside: bool) -> Iterator[Edge]:
    of_class = exact and ref.target.kind == "class"
    for letter, kind in (("b", "EXTENDS"), ("r", "CREATES"), ("p", "COMPOSED_OF")):
        if letter in ref.kinds and of_class:
            yield _edge(ref, source, target, kind, SURE[kind])
    calls = exact and "c" in ref.kinds
    if inside and not calls:
        return  # a method that names its own class, or touches what belongs to it
    if set(ref.kinds) & set("cdu"):
        yield _edge(ref, source, target, "USES", SURE["USES"] * (1.0 if exact else BY_PART))
    elif "a" in ref.kinds:
        yield _edge(ref, source, target, "USES", BY_ANNOTATION * (1.0 if exact else BY_PART))


def _edge(ref: RefRow, source: int, target: int, kind: str, confidence: float) -> Edge:
    sure = bool(ref.target.sure)
    return Edge(source, target, kind, round(confidence * (1.0 if sure else LIKELY), 4), sure)


def _most_telling(edges: Iterable[Edge]) -> Iterator[Edge]:
    every = list(edges)
    told = {(one.source, one.target) for one in every if one.kind != "USES"}
    return (one for one in every if one.kind != "USES" or (one.source, one.target) not in told)
