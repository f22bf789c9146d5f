"""Fingerprints: what changes them, what does not, and what likeness they promise."""

from __future__ import annotations

import random
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction.fingerprint import SHINGLE, SKETCH, similarity, sketch
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit

CODE = '''def total(items, rate):
    """Sum."""
    result = 0
    for item in items:
        if item.price > 10:
            result += item.price * rate
        else:
            result += item.price
    log.info("done", extra={"n": len(items)})
    return round(result, 2)
'''
OTHER = (
    "def pick(path):\n    with open(path) as file:\n        return [line.strip() for line in file if line]\n"
)


def unit(source: str) -> Unit:
    return extract_source(source.encode(), "a.py").units[0]


def test_docstrings_comments_and_layout_leave_the_structure_alone() -> None:
    plain = CODE.replace('    """Sum."""\n', "")
    spaced = CODE.replace("result = 0", "result  =  (0)  # start").replace("else:", "\n        else:")
    assert unit(CODE).structure_hash == unit(plain).structure_hash == unit(spaced).structure_hash
    assert len({unit(CODE).code_hash, unit(plain).code_hash, unit(spaced).code_hash}) == 3


def test_names_constants_and_operators_change_the_structure() -> None:
    edits = [
        ("items", "things"),
        ("> 10", "> 11"),
        ("* rate", "/ rate"),
        ("def total", "def amount"),
        ('"done"', "'x'"),
    ]
    hashes = {unit(CODE.replace(old, new)).structure_hash for old, new in edits}
    assert len(hashes | {unit(CODE).structure_hash}) == len(edits) + 1


def test_structure_does_not_depend_on_where_the_unit_stands() -> None:
    inside = "class A:\n    x = 1\n" + "".join(f"    {line}\n" for line in CODE.splitlines())
    method = extract_source(inside.encode(), "b.py").units[1]
    assert method.structure_hash == unit(CODE).structure_hash
    assert method.code_hash == unit(CODE).code_hash
    assert similarity(method.shingles, unit(CODE).shingles) == 1.0


def test_lists_of_different_shape_differ() -> None:
    assert unit("def f():\n    g([a], b)").structure_hash != unit("def f():\n    g([a, b])").structure_hash
    assert unit("def f(a, *, b): h").structure_hash != unit("def f(a, b): h").structure_hash


def test_renamed_locals_and_a_renamed_function_stay_alike() -> None:
    renamed = (
        CODE.replace("result", "amount")
        .replace("items", "rows")
        .replace("item", "row")
        .replace("total", "add_up")
    )
    assert similarity(unit(CODE).shingles, unit(renamed).shingles) == 1.0


def test_an_edited_line_stays_close_and_other_code_does_not() -> None:
    edited = CODE.replace("round(result, 2)", "result")
    assert 0.8 <= similarity(unit(CODE).shingles, unit(edited).shingles) < 1.0
    assert similarity(unit(CODE).shingles, unit(OTHER).shingles) < 0.2


def test_fingerprints_are_the_same_in_another_process() -> None:
    script = (
        "import sys; from tui_patterns.extraction.python import extract_source as e;"
        "u = e(sys.stdin.buffer.read(), 'a.py').units[0]; print(u.structure_hash, u.code_hash, u.shingles)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=CODE.encode(),
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    here = unit(CODE)
    assert done.stdout.decode().strip() == f"{here.structure_hash} {here.code_hash} {here.shingles}"


HASHES = st.sets(st.integers(0, 2**32 - 1), max_size=600)
APART = st.integers(0, 2**SHINGLE - 1).map(lambda one: one << 32 - SHINGLE)


@given(HASHES, HASHES)
def test_likeness_is_a_symmetric_share(left: set[int], right: set[int]) -> None:
    a, b = sketch(list(left)), sketch(list(right))
    assert 0.0 <= similarity(a, b) == similarity(b, a) <= 1.0
    assert similarity(a, a) == (1.0 if a else 0.0)
    assert len(a) <= SKETCH
    assert list(a) == sorted(set(a))


@given(
    st.sets(APART, max_size=SKETCH - 1),
    st.sets(APART, max_size=SKETCH - 1),
)
def test_small_sets_are_compared_exactly(left: set[int], right: set[int]) -> None:
    exact = len(left & right) / len(left | right) if left and right else 0.0
    assert similarity(sketch(list(left)), sketch(list(right))) == exact


@given(st.integers(300, 3000), st.floats(0, 1), st.integers(0, 2**32))
def test_sketches_estimate_the_index_of_large_sets(size: int, share: float, seed: int) -> None:
    draw = random.Random(seed).sample(range(2**32), 2 * size)
    common = int(size * share)
    left, right = draw[:size], draw[:common] + draw[size : 2 * size - common]
    exact = len(set(left) & set(right)) / len(set(left) | set(right))
    # Five standard errors of SKETCH draws.
    assert abs(similarity(sketch(left), sketch(right)) - exact) <= 5 * 0.5 / SKETCH**0.5
