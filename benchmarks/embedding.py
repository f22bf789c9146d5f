"""How many patterns a second get their vector, against sentence-transformers on the bare code, in one run.

    python benchmarks/embedding.py [--patterns N] [--rounds N] [--precision int8 fp32]

Patterns of the library of 10,000, drawn evenly. Our side embeds both texts of each
pattern as the engine does, tokenizing included; the other side encodes the code as it
is written, at the model's own length, with its defaults. The sides take turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.library import library_folder
from benchmarks.places import isolate, tell
from tui_patterns.settings import Settings, cache_dir
from tui_patterns.store import documents
from tui_patterns.store.sqlite import connect

Pattern = tuple[str, str]
"""The document of a pattern, and its code."""
SIDES = "sentence-transformers, bare code"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    options = _parser().parse_args(arguments)
    isolate()
    os.environ["HF_HUB_OFFLINE"] = "1"
    chosen = drawn(options.patterns)
    sides = {SIDES: reference(), **{f"ours, {one}": ours(one) for one in options.precision}}
    for side in sides.values():
        side(chosen[:20])  # the first call loads what is loaded late
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(options.rounds):
        for name, side in sides.items():
            started = time.perf_counter()
            side(chosen)
            seconds[name].append(time.perf_counter() - started)
        tell(f"round {turn + 1} of {options.rounds}")
    print(*table(seconds, len(chosen)), sep="\n")
    return 0


def table(seconds: dict[str, list[float]], count: int) -> list[str]:
    """A line for each side: patterns a second, and times the first side's."""
    base = statistics.median(seconds[SIDES])
    found = ((name, statistics.median(each)) for name, each in seconds.items())
    return [f"{name:34} {count / each:7.1f} patterns/s  {base / each:5.2f} ×" for name, each in found]


def drawn(count: int) -> list[Pattern]:
    """``count`` live patterns, evenly over the library."""
    conn = connect(library_folder() / "patterns.db")
    try:
        rows = conn.execute(
            "SELECT v.doc_hash, code_of(c.body) AS code FROM patterns p "
            "JOIN versions v ON v.id = p.version_id JOIN codes c ON c.version_id = v.id "
            "WHERE p.gone IS NULL ORDER BY p.id"
        ).fetchall()
        step = max(1, len(rows) // count)
        chosen = rows[::step][:count]
        found = documents.texts(conn, [row["doc_hash"] for row in chosen])
    finally:
        conn.close()
    return [(found[row["doc_hash"]], row["code"]) for row in chosen if row["doc_hash"] in found]


def ours(precision: str) -> Callable[[Sequence[Pattern]], object]:
    """As the engine embeds, batch by batch."""
    from tui_patterns.embedding.model import load_model
    from tui_patterns.embedding.pooled import embed_documents

    chosen = Settings().embedding
    model = load_model(chosen.model, precision, chosen.max_tokens, chosen.threads, cache_dir())

    def embed(patterns: Sequence[Pattern]) -> object:
        size = chosen.batch_size
        parts = (patterns[start : start + size] for start in range(0, len(patterns), size))
        return [embed_documents(model, [body for body, _ in part], size) for part in parts]

    return embed


def reference() -> Callable[[Sequence[Pattern]], object]:
    """sentence-transformers, as anybody would call it."""
    from sentence_transformers import SentenceTransformer

    from tui_patterns.embedding.locate import resolve_model

    model = SentenceTransformer(
        str(resolve_model(Settings().embedding.model)), device="cpu", local_files_only=True
    )
    return lambda patterns: model.encode([code for _, code in patterns], show_progress_bar=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patterns", type=int, default=500, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--precision", nargs="+", default=["int8"], choices=("int8", "fp32"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
