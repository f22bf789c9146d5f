"""A process that answers as the engine and the app do, over one data folder; prints one JSON object.

    python -m benchmarks.drivers.warm count|sync|ask DATA

``count``: how many ``patterns`` are in Chroma. ``sync`` brings Chroma in step: ``seconds``,
``cpu``, ``vectors``. ``ask`` opens it and asks: ``opening`` seconds until the first
answer, ``memory`` in bytes, and of each question by kind (``vector``, ``lexical``,
``hybrid``, ``filtered``), all warm, the seconds that it took and those that the
processors worked on it; ``filters`` are the ones that ``filtered`` had in turn.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.grown import MARK
from benchmarks.places import isolate
from benchmarks.processes import resident
from tui_patterns.store.packing import BEGINS

if TYPE_CHECKING:
    from tui_patterns.models import Filters

LIMIT = 50  # rows that the app asks for
QUESTIONS, COMMON = 120, 40
SEED = 7


def main(arguments: Sequence[str]) -> int:
    """Do what is asked, and print what it took."""
    isolate()
    mode, data = arguments[0], Path(arguments[1])
    print(json.dumps({"count": _count, "sync": _sync, "ask": _ask}[mode](data)))
    return 0


def _count(data: Path) -> dict[str, Any]:
    from tui_patterns.store.sqlite import connect
    from tui_patterns.store.synced import synced_total

    return {"patterns": synced_total(connect(data / "patterns.db", durable=False))}


def _open(data: Path) -> tuple[Any, Any]:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.api.meaning import open_semantic
    from tui_patterns.settings import Settings

    library = PatternLibrary(data / "patterns.db", settings=Settings())
    semantic, why = open_semantic(library, convert=True)
    if semantic is None:
        raise RuntimeError(f"no model to ask with: {why}")
    return library, semantic


def _sync(data: Path) -> dict[str, Any]:
    from tui_patterns.store.sqlite import connect
    from tui_patterns.store.vectors import share

    _, semantic = _open(data)
    conn = connect(data / "patterns.db", durable=False)
    started, worked = time.perf_counter(), time.process_time()
    semantic.chroma.sync(conn, threading.Event())
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    semantic.chroma.release()
    return {"seconds": seconds, "cpu": work, "vectors": share(conn, semantic.fingerprint)[0]}


def _ask(data: Path) -> dict[str, Any]:
    import os

    from tui_patterns.models import Filters
    from tui_patterns.store.sqlite import connect

    library, semantic = _open(data)
    conn = connect(data / "patterns.db", durable=False)
    asked = questions(conn)
    started = time.perf_counter()
    semantic.chroma.sync(conn, threading.Event())
    first = semantic.rows(conn, asked[0], LIMIT, Filters())
    opening = time.perf_counter() - started
    if first.index != "chroma":
        raise RuntimeError("Chroma did not answer: nothing to measure")
    narrow = _filters(conn)

    def hybrid(text: str, filters: Filters = Filters()) -> None:
        library.search(text, LIMIT, filters, semantic=semantic.rows(conn, text, LIMIT, filters))

    vectors = {text: semantic.embed_query(text) for text in asked}
    turns = {text: narrow[turn % len(narrow)] for turn, text in enumerate(asked)}
    kinds: dict[str, Callable[[str], object]] = {
        "vector": lambda text: semantic.chroma.ask(vectors[text], LIMIT, None),
        "lexical": lambda text: library.search(text, LIMIT),
        "hybrid": hybrid,
        "filtered": lambda text: hybrid(text, turns[text]),
    }
    taken = {kind: _seconds(ask, asked) for kind, ask in kinds.items()}
    memory = resident(os.getpid())
    semantic.chroma.release()
    told = [{name: value for name, value in asdict(one).items() if value} for one in narrow]
    return {"opening": opening, "memory": memory, "n": len(asked), "filters": told, **taken}


def _seconds(ask: Callable[[str], object], asked: Sequence[str]) -> list[tuple[float, float]]:
    """Of each question, by the clock and of work, after a few that warm up."""
    for text in asked[:10]:
        ask(text)
    found = []
    for text in asked:
        started, worked = time.perf_counter(), time.process_time()
        ask(text)
        found.append((time.perf_counter() - started, time.process_time() - worked))
    return found


def questions(conn: sqlite3.Connection) -> list[str]:
    """First sentences of docstrings, and the commonest words of the library: the dearest to look for.

    The sentences are of what was really indexed, so that a grown library is asked the same.
    """
    from tui_patterns.learning.records import load

    rows = conn.execute(
        "SELECT id FROM patterns WHERE gone IS NULL AND substr(uuid, 1, :long) <> :mark "
        "ORDER BY id LIMIT 10000",
        {"mark": MARK, "long": len(MARK)},
    )
    texts = [one.docstring or "" for one in load(conn, [row[0] for row in rows])]
    sentences = sorted({line for text in texts if 15 < len(line := text.strip().split("\n")[0]) < 90})
    words = conn.execute(
        "SELECT term FROM search_words WHERE LENGTH(term) > 2 AND term < :marks "
        "ORDER BY doc DESC LIMIT :common",
        {"marks": BEGINS, "common": COMMON},
    )
    found = [
        *random.Random(SEED).sample(sentences, min(QUESTIONS, len(sentences))),
        *(row[0] for row in words),
    ]
    random.Random(SEED).shuffle(found)
    return found


def _filters(conn: sqlite3.Connection) -> list[Filters]:
    """Filters that admit nearly all, a good part, some, and few: the last one less than a thousandth."""
    from tui_patterns.models import Filters

    kinds = conn.execute(
        "SELECT category, COUNT(*) FROM versions WHERE category IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    labels = conn.execute("SELECT label, COUNT(*) FROM labels GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    least = conn.execute("SELECT COUNT(*) FROM patterns").fetchone()[0] / 1000
    few = [name for name, count in labels if count < least]
    return [
        Filters(language="python"),
        Filters(category=kinds[0][0]),
        Filters(min_quality=0.7),
        Filters(label=labels[0][0]),
        Filters(label=(few or [labels[-1][0]])[0]),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
