"""Many questions to semble from one process, through its Python interface.

    python semble_ask.py COUNT < QUESTIONS

Run by the Python of its own environment, in the project. Reads a JSON list of
questions, and prints a JSON list of the paths of each one's hits, best first.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main(count: int, questions: list[str]) -> list[list[str]]:
    """Index once, ask often."""
    index = import_module("semble").SembleIndex.from_path(".")
    return [[hit.chunk.file_path for hit in index.search(each, top_k=count)] for each in questions]


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), json.load(sys.stdin))))
