"""Makes a preset dictionary for packed texts (``store/packing.py``), and says what it saves.

    python benchmarks/packing.py LIBRARY DICTIONARY [--words] [--write]

LIBRARY is the data folder of a library of many projects. The dictionary holds what at least
five of them have in common, so nothing of any one: runs of tokens, or with ``--words`` the stems
that patterns are found by, the most useful last, where DEFLATE finds them cheapest. ``--write``
makes DICTIONARY; without it the dictionary that is there is measured. One that is shipped is
never changed: what was packed with it could not be read any more.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tui_patterns.store.packing import unpack_words
from tui_patterns.store.sqlite import connect

SIZE = 8_000  # bytes; twice as many save 2 % more, and take twice as long to load for each text
WORDS = 4_000  # of stems
PROJECTS = 5
SAMPLE = 100  # versions of each project
RUNS = (3, 5, 8, 12, 18)  # tokens
LONGEST = 120
LEAST = 4  # characters: DEFLATE points back to no less than three
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make or measure a dictionary."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path)
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    with closing(connect(options.library / "patterns.db")) as conn:
        texts = _words(conn) if options.words else _texts(conn)
    if options.write:
        make = stems if options.words else dictionary
        options.dictionary.write_bytes(make(texts))
    given = options.dictionary.read_bytes()
    everything = [text.encode() for some in texts.values() for text in some]
    plain, packed = (sum(len(_deflated(text, preset)) for text in everything) for preset in (b"", given))
    whole = sum(map(len, everything))
    sys.stdout.write(
        f"{len(everything)} texts of {whole / len(everything):.0f} bytes: {plain / whole:.1%} without a "
        f"dictionary, {packed / whole:.1%} with one of {len(given)} bytes\n"
    )
    return 0


def dictionary(texts: dict[str, list[str]]) -> bytes:
    """What the projects have in common, in ``SIZE`` bytes, by what it saves."""
    seen: dict[str, set[str]] = defaultdict(set)
    often: Counter[str] = Counter()
    for project, some in texts.items():
        for text in some:
            runs = set(_runs(text))
            often.update(runs)
            for run in runs:
                seen[run].add(project)
    common = [run for run, projects in seen.items() if len(projects) >= PROJECTS]
    return _joined(sorted(common, key=lambda run: (-often[run] * (len(run) - LEAST + 1), run)))


def stems(texts: dict[str, list[str]]) -> bytes:
    """The stems that the projects have in common, in ``WORDS`` bytes, the commonest last."""
    seen: dict[str, set[str]] = defaultdict(set)
    often: Counter[str] = Counter()
    for project, some in texts.items():
        for text in some:
            often.update(text.split())
            for stem in set(text.split()):
                seen[stem].add(project)
    common = [stem for stem, projects in seen.items() if len(projects) >= PROJECTS]
    chosen = sorted(common, key=lambda stem: (often[stem], stem))
    return " ".join(chosen).encode()[-WORDS:].partition(b" ")[2]


def _runs(text: str) -> Iterator[str]:
    tokens = _TOKEN.findall(text)
    for size in RUNS:
        for at in range(len(tokens) - size + 1):
            run = "".join(tokens[at : at + size])
            if LEAST <= len(run) <= LONGEST:
                yield run


def _joined(runs: Iterable[str]) -> bytes:
    chosen: list[str] = []
    known, size = "", 0
    for run in runs:
        third = len(run) // 3
        if run[third:] in known or run[: len(run) - third] in known:
            continue  # most of it is there
        if (size := size + len(run.encode())) > SIZE:
            break
        chosen.append(run)
        known += "\0" + run
    return "".join(reversed(chosen)).encode()


def _texts(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """What is packed of some versions of each project."""
    found: dict[str, list[str]] = {}
    for row in conn.execute("SELECT id, name FROM projects ORDER BY id").fetchall():
        rows = conn.execute(
            "SELECT facets_of(c.body), code_of(c.body) FROM versions v JOIN codes c ON c.version_id = v.id "
            "JOIN patterns p ON p.version_id = v.id WHERE p.project_id = :project "
            "ORDER BY v.code_hash LIMIT :most",
            {"project": row["id"], "most": SAMPLE},
        )
        found[row["name"]] = [f"{facets}{code}" for facets, code in rows]
    return found


def _words(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """All that the patterns of each project are found by."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = conn.execute(
        "SELECT r.name, s.words FROM search_docs s JOIN patterns p ON p.id = s.pattern_id "
        "JOIN projects r ON r.id = p.project_id ORDER BY p.id"
    )
    for name, words in rows:
        found[name].append("\n".join(unpack_words(words)))
    return found


def _deflated(text: bytes, preset: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, preset)
    return packer.compress(text) + packer.flush()


if __name__ == "__main__":
    sys.exit(main())
