"""A process that answers as the engine and the app do, over one data folder; prints one JSON object.

    python -m benchmarks.drivers.warm sync|ask DATA [QUERIES]

``sync`` brings Chroma in step: ``seconds``, ``vectors``. ``ask`` opens it and asks:
``opening`` seconds until the first answer, ``memory`` in bytes, and of each
question by kind (``vector``, ``lexical``, ``hybrid``, ``filtered``), all warm, the
seconds that it took and those that the processors worked on it.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.places import isolate
from benchmarks.processes import resident
from tui_patterns.store.packing import BEGINS

LIMIT = 50  # rows that the app asks for
QUESTIONS, COMMON = 120, 40
SEED = 7


def main(arguments: Sequence[str]) -> int:
    """Do what is asked, and print what it took."""
    isolate()
    mode, data = arguments[0], Path(arguments[1])
    print(json.dumps({"sync": _sync, "ask": _ask}[mode](data)))
    return 0


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

    vectors = {text: semantic._embed_query(text) for text in asked}
    kinds: dict[str, Callable[[str], object]] = {
        "vector": lambda text: semantic.chroma.ask(vectors[text], LIMIT, None),
        "lexical": lambda text: library.search(text, LIMIT),
        "hybrid": hybrid,
        "filtered": lambda text: hybrid(text, narrow[len(text) % len(narrow)]),
    }
    taken = {kind: _seconds(ask, asked) for kind, ask in kinds.items()}
    memory = resident(os.getpid())
    semantic.chroma.release()
    return {"opening": opening, "memory": memory, "n": len(asked), **taken}


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
    """First sentences of docstrings, and the commonest words of the library: the dearest to look for."""
    rows = conn.execute(
        "SELECT docstring_of(body) FROM versions WHERE docstring_of(body) <> '' ORDER BY id LIMIT 10000"
    ).fetchall()
    sentences = sorted({line for row in rows if 15 < len(line := row[0].strip().split("\n")[0]) < 90})
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


def _filters(conn: sqlite3.Connection) -> list[Any]:
    """Filters that admit nearly all, a good part, and few."""
    from tui_patterns.models import Filters

    kind = conn.execute(
        "SELECT category FROM versions WHERE category IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1"
    ).fetchone()
    label = conn.execute("SELECT label FROM labels GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1").fetchone()
    return [
        Filters(language="python"),
        Filters(category=kind[0]),
        Filters(label=label[0]),
        Filters(min_quality=0.7),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
