"""Vectors of bare code, as one would write it in an afternoon; run by the Python of its own environment.

    python plain_vectors.py index|ask PROJECT FOLDER MODEL < QUESTIONS

``ask`` reads a JSON list of questions, and prints the paths of each one's hits, nearest first.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

KINDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def main(arguments: Sequence[str]) -> None:
    """Index a project, or ask about it."""
    what, project, folder, model = arguments
    (index if what == "index" else ask)(Path(project), Path(folder), load(model))


def load(model: str) -> Any:
    """The model, as its library loads it."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(model, device="cpu")


def index(project: Path, folder: Path, model: Any) -> None:
    """Encode the code of every function, method and class."""
    import numpy as np

    found = [pair for file in sorted(project.rglob("*.py")) for pair in units(file, project)]
    vectors = model.encode([code for _, code in found], normalize_embeddings=True, show_progress_bar=False)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors)
    (folder / "places.json").write_text(json.dumps([path for path, _ in found]), "utf-8")


def units(file: Path, project: Path) -> Iterator[tuple[str, str]]:
    """Path and code of each; nothing of a file that does not parse."""
    text = file.read_text("utf-8", "replace")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, KINDS):
            yield file.relative_to(project).as_posix(), ast.get_source_segment(text, node) or ""


def ask(project: Path, folder: Path, model: Any) -> None:
    """Scan all vectors for each question; ``project`` is known to the index alone."""
    import numpy as np

    vectors = np.load(folder / "vectors.npy")
    places = json.loads((folder / "places.json").read_text("utf-8"))
    asked = model.encode(json.load(sys.stdin), normalize_embeddings=True, show_progress_bar=False)
    print(json.dumps([[places[at] for at in np.argsort(-(vectors @ one))] for one in asked]))


if __name__ == "__main__":
    main(sys.argv[1:])
