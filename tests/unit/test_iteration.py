"""Generators, chunks and pages; module imports with a fallback."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> dict[str, float]:
    units = extract_source(dedent(source).encode(), "pkg/code.py").units
    return {
        label.label: label.confidence for unit in units if unit.qualname == qualname for label in unit.labels
    }


def test_yielding_makes_a_generator_but_not_under_a_context_manager() -> None:
    assert labels("def x(n):\n    for i in range(n):\n        yield i\n", "x")["generator"] > 0.9
    assert labels("def x():\n    yield 1\n", "x")["generator"] < 0.9
    managed = "import contextlib\n\n@contextlib.contextmanager\ndef x():\n    yield 1\n"
    assert labels(managed, "x").keys() == {"context_manager"}
    assert "generator" not in labels("import pytest\n\n@pytest.fixture\ndef x():\n    yield 1\n", "x")


def test_returning_what_an_inner_generator_gives_is_one_too() -> None:
    source = "def x(n):\n    def inner():\n        yield n\n    kept = inner()\n    return kept\n"
    assert "generator" in labels(source, "x")
    assert "generator" not in labels(source.replace("return kept", "return list"), "x")


SLICES = "def x(items, size):\n    for at in range(0, len(items), size):\n        yield items[at:at + size]\n"
READS = (
    "def x(file, size):\n"
    "    while True:\n"
    "        data = file.read(size)\n"
    "        if not data:\n"
    "            break\n"
    "        yield data\n"
)
ITER = "def x(file, size):\n    for data in iter(lambda: file.read(size), b''):\n        yield data\n"
FILLS = """
def x(items, size):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
"""
CARRIES = """
def x(self):
    rest = None
    for piece in self.pieces():
        if rest is not None:
            piece = rest + piece
        lines = piece.splitlines()
        rest = lines.pop()
        yield from lines
"""


@pytest.mark.parametrize("source", [SLICES, READS, FILLS, CARRIES])
def test_pieces_of_a_size_are_chunks(source: str) -> None:
    assert {"chunk_iterator", "generator"} <= labels(source, "x").keys()


def test_chunks_given_as_a_list_are_batches() -> None:
    assert "batch_chunk" in labels("def x(items, n):\n    return list(zip(*[iter(items)] * n))\n", "x")
    listed = "def x(items, n):\n    return [items[i:i + n] for i in range(0, len(items), n)]\n"
    assert "batch_chunk" in labels(listed, "x")


@pytest.mark.parametrize(
    "source",
    [
        "def x(text):\n    return [text[i:i + 2] for i in range(0, len(text), 2)]\n",
        "def x(spans, text):\n    return [text[a:b] for a, b in spans]\n",
        "def x(file):\n    for line in file:\n        yield line.strip()\n",
    ],
)
def test_other_cuts_are_none(source: str) -> None:
    assert not {"chunk_iterator", "batch_chunk"} & labels(source, "x").keys()


CURSOR = """
def x(client):
    cursor = None
    while True:
        page = client.list(cursor=cursor)
        yield from page["items"]
        cursor = page.get("next_cursor")
        if not cursor:
            return
"""
COUNTED = """
def x(get):
    page = 1
    found = []
    while True:
        items = get(params={"page": page})
        if not items:
            return found
        found.extend(items)
        page += 1
"""
NODES = """
def x(node):
    found = []
    while node:
        found.append(visit(node))
        node = node.next
    return found
"""


def test_fetching_from_place_to_place_is_pagination() -> None:
    assert labels(CURSOR, "x")["pagination"] >= 0.6
    assert labels(COUNTED, "x")["pagination"] >= 0.6
    assert "pagination" not in labels(NODES, "x")
    cut = (
        "def x(rows, page, per_page):\n"
        "    start = (page - 1) * per_page\n"
        "    return rows[start:start + per_page]\n"
    )
    assert "pagination" in labels(cut, "x")


SECOND = "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    import tomli as tomllib\n"
FLAG = "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n"
RAISES = "try:\n    import numpy\nexcept ImportError:\n    raise SystemExit('install numpy')\n"
OTHER = "try:\n    value = int(text)\nexcept ValueError:\n    value = 0\n"


@pytest.mark.parametrize(
    ("source", "is_one"), [(SECOND, True), (FLAG, True), (RAISES, False), (OTHER, False)]
)
def test_an_import_with_a_fallback_is_a_unit_of_its_own(source: str, is_one: bool) -> None:
    assert ("dual_import" in labels(source, "<module>")) is is_one


def test_the_unit_of_an_idiom_has_its_lines_its_code_and_a_name_in_words() -> None:
    units = extract_source(
        f"import os\n\n{SECOND}\n\ndef f():\n    pass\n\n{FLAG}".encode(), "pkg/code.py"
    ).units
    idioms = [unit for unit in units if unit.kind == "module"]
    assert [(unit.line, unit.end_line) for unit in idioms] == [(3, 6), (12, 15)]
    first = idioms[0]
    assert (first.pattern_type, first.name, first.reason) == ("idiom", "Tomllib Import with Fallback", None)
    assert first.code == SECOND.rstrip()
    assert first.dependencies == ("tomli", "tomllib")
    assert [unit.line for unit in units] == sorted(unit.line for unit in units)
