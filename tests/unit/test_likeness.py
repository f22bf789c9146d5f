"""Near-copies: alike by code or by vectors, shown as one with all sites and all evidence."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary
from tui_patterns.engine import likeness
from tui_patterns.extraction.bands import BINS, ROWS, band_keys
from tui_patterns.extraction.fingerprint import similarity, sketch
from tui_patterns.models import Filters
from tui_patterns.settings import Settings
from tui_patterns.store import ratings, vectors
from tui_patterns.store.sqlite import transaction


def shingles(*parts: tuple[int, int]) -> tuple[int, ...]:
    """Hashes from (seed, count) parts: those of one seed are the same wherever they stand."""
    found: set[int] = set()
    for seed, count in parts:
        source = random.Random(seed)
        found |= {source.getrandbits(32) for _ in range(count)}
    return sketch(sorted(found))


def leads(stock: Stock) -> dict[str, str]:
    """The qualified name of the lead of each near-copy."""
    rows = stock.rows(
        "SELECT m.qualname AS one, l.qualname AS lead FROM patterns m JOIN patterns l ON l.id = m.lead_id"
    )
    return {row["one"]: row["lead"] for row in rows}


def library(stock: Stock) -> PatternLibrary:
    return PatternLibrary(stock.path, settings=Settings())


def test_near_copies_are_one_pattern_with_all_sites_wherever_patterns_are_listed(stock: Stock) -> None:
    stock.put("a.py", unit("wrap_text", "a.py", shingles=shingles((1, 100))))
    stock.put("b.py", unit("wrap_words", "b.py", shingles=shingles((1, 100), (2, 5))))
    stock.put("c.py", unit("send_mail", "c.py", shingles=shingles((3, 100))))
    assert leads(stock) == {"wrap_words": "wrap_text"}
    shown = library(stock)
    assert {one.qualname for one in shown.recent()} == {"wrap_text", "send_mail"}
    assert shown.count() == shown.stats().patterns == 2
    for query, best in (("wrap words", "wrap_words"), ("wrap text", "wrap_text")):
        hits = shown.search(query).hits
        assert [hit.pattern.qualname for hit in hits] == [best]
    assert hits[0].pattern.sites == 2
    for name in ("wrap_text", "wrap_words"):
        assert [site.path for site in shown.sites(stock.id(name))] == ["a.py", "b.py"]
    assert len(shown.recent(limit=1)) == 1
    shown.close()


def test_evidence_of_near_copies_is_pooled(stock: Stock) -> None:
    stock.put("a.py", unit("wrap_text", "a.py", shingles=shingles((1, 100))))
    stock.put("b.py", unit("wrap_words", "b.py", shingles=shingles((1, 100), (2, 5))))
    with transaction(stock.conn):
        ratings.save(stock.conn, stock.row("wrap_text"), "one", 5)
        ratings.save(stock.conn, stock.row("wrap_words"), "two", 2)
    shown = library(stock)
    for name in ("wrap_text", "wrap_words"):
        pattern = shown.pattern(stock.id(name))
        assert (pattern.ratings.usage_count, pattern.ratings.average, pattern.confidence.n) == (2, 3.5, 2)
    shown.close()


def test_a_near_copy_that_is_edited_apart_stands_for_itself_again(stock: Stock) -> None:
    stock.put("a.py", unit("wrap_text", "a.py", shingles=shingles((1, 100))))
    stock.put("b.py", unit("wrap_words", "b.py", shingles=shingles((1, 100), (2, 5))))
    stock.put("b.py", unit("wrap_words", "b.py", body="other", shingles=shingles((1, 100), (2, 60))))
    assert leads(stock) == {}
    edge = stock.rows("SELECT confidence FROM relations WHERE kind = 'SIMILAR_TO'")
    assert [round(row["confidence"], 2) for row in edge] == [0.62]


def test_when_the_lead_goes_the_next_oldest_leads(stock: Stock) -> None:
    for path, extra in (("a.py", 2), ("b.py", 3), ("c.py", 4)):
        stock.put(path, unit(f"in_{path[0]}", path, shingles=shingles((1, 100), (extra, 2))))
    assert leads(stock) == {"in_b": "in_a", "in_c": "in_a"}
    stock.drop("a.py")
    assert leads(stock) == {"in_c": "in_b"}


def test_copies_are_chained_whatever_arrives_first(tmp_path: Path) -> None:
    chain = {f"{n}.py": shingles(*((part, 10) for part in range(n, n + 40))) for n in range(6)}
    found = set()
    for number, order in enumerate(
        (sorted(chain), sorted(chain, reverse=True), ["3.py", "0.py", "5.py", "1.py", "4.py", "2.py"])
    ):
        stock = Stock(tmp_path / f"{number}.db")
        for path in order:
            stock.put(path, unit(f"u{path[0]}", path, shingles=chain[path]))
        rows = stock.rows("SELECT COALESCE(lead_id, id) AS lead, qualname FROM patterns")
        groups: dict[int, set[str]] = {}
        for row in rows:
            groups.setdefault(row["lead"], set()).add(row["qualname"])
        found.add(frozenset(frozenset(group) for group in groups.values()))
        stock.close()
    assert found == {frozenset({frozenset(f"u{n}" for n in range(6))})}


@pytest.mark.parametrize("count", [likeness.CROWD, likeness.CROWD + 5])
def test_a_crowd_of_copies_is_one_family_and_costs_no_square(stock: Stock, count: int) -> None:
    for number in range(count):
        own = shingles((1, 200), (100 + number, 3))
        stock.put(f"f{number}.py", unit(f"u{number}", f"f{number}.py", shingles=own))
    assert len(set(leads(stock).values())) == 1 and len(leads(stock)) == count - 1
    pairs = stock.rows("SELECT COUNT(*) AS n FROM relations WHERE kind = 'SIMILAR_TO'")[0]["n"]
    whole = count * (count - 1) // 2
    assert pairs == whole if count <= likeness.CROWD else pairs < whole


def test_short_units_are_copies_only_under_one_name(stock: Stock) -> None:
    few = shingles((1, 30))
    stock.put("a.py", unit("left", "a.py", shingles=few))
    stock.put("b.py", unit("right", "b.py", shingles=few))
    stock.put("c.py", unit("Tool.left", "c.py", body="other", shingles=few))
    assert leads(stock) == {"Tool.left": "left"}
    assert len(stock.rows("SELECT 1 FROM relations WHERE kind = 'SIMILAR_TO'")) == 3


def test_what_lies_in_another_and_what_is_of_another_kind_is_not_its_copy(stock: Stock) -> None:
    same = shingles((1, 100))
    stock.put(
        "a.py", unit("outer", "a.py", shingles=same), unit("outer.inner", "a.py", line=2, shingles=same)
    )
    stock.put("b.py", unit("Wrap", "b.py", kind="class", shingles=same))
    assert leads(stock) == {}


def test_vectors_tell_copies_among_what_is_alike_in_code(stock: Stock) -> None:
    stock.put("a.py", unit("wrap_text", "a.py", shingles=shingles((1, 100))))
    stock.put("b.py", unit("wrap_words", "b.py", shingles=shingles((1, 100), (2, 50))))
    stock.put("c.py", unit("send_mail", "c.py", shingles=shingles((3, 100))))
    assert leads(stock) == {}
    rows = stock.rows("SELECT doc_hash FROM versions ORDER BY id")
    near = {row["doc_hash"]: array("f", (1.0, 0.0)).tobytes() for row in rows}
    with transaction(stock.conn):
        vectors.save(stock.conn, "model", near.items())
        likeness.embedded(stock.conn, list(near), 0.9)
    assert leads(stock) == {"wrap_words": "wrap_text"}  # send_mail's code is not alike
    with transaction(stock.conn):
        likeness.regroup(stock.conn, stock.project, 1.1)
    assert leads(stock) == {}


def test_a_filter_finds_a_family_by_any_member(stock: Stock) -> None:
    stock.put("a.py", unit("wrap_text", "a.py", shingles=shingles((1, 100))))
    stock.put("b.py", unit("wrap_words", "b.py", framework="rich", shingles=shingles((1, 100), (2, 5))))
    shown = library(stock)
    assert [one.qualname for one in shown.recent(filters=Filters(framework="rich"))] == ["wrap_text"]
    shown.close()


def test_bands_find_nearly_all_that_is_alike() -> None:
    assert BINS % ROWS == 0
    found = 0
    for seed in range(200):
        common, one, other = (seed, 60), (seed + 1000, 30), (seed + 2000, 30)
        a, b = shingles(common, one), shingles(common, other)
        assert 0.4 < similarity(a, b) < 0.6
        found += bool(band_keys(a, "function") & band_keys(b, "function"))
    assert found >= 190
    assert not band_keys(shingles((1, 90)), "function") & band_keys(shingles((1, 90)), "class")
    assert band_keys((), "function") == set()


POOL = [shingles((1, 70), (10 + n % 7, 4 + n % 3), (30 + n % 3, 9)) for n in range(14)]
steps = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.integers(0, 13)), min_size=1),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(steps)
def test_in_crowds_too_pairs_and_families_are_those_of_a_cold_scan(
    tmp_path_factory: pytest.TempPathFactory, saves: list[dict[str, int | None]]
) -> None:
    def pairs(made: Stock) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
        rows = made.rows(
            "SELECT s.path AS one, t.path AS other FROM relations r JOIN patterns s ON s.id = r.source_id "
            "JOIN patterns t ON t.id = r.target_id WHERE r.kind = 'SIMILAR_TO'"
        )
        groups: dict[int, set[str]] = {}
        for row in made.rows("SELECT path, COALESCE(lead_id, id) AS lead FROM patterns WHERE gone IS NULL"):
            groups.setdefault(row["lead"], set()).add(row["path"])
        return {frozenset(tuple(row)) for row in rows}, {frozenset(group) for group in groups.values()}

    def put(made: Stock, name: str, number: int) -> None:
        made.put(f"{name}.py", unit(name, f"{name}.py", body=f"{name}{number}", shingles=POOL[number]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likeness, "CROWD", 3)
        warm, cold = (Stock(tmp_path_factory.mktemp(kind) / "patterns.db") for kind in ("warm", "cold"))
        disk: dict[str, int | None] = {}
        for step in saves:
            for name, number in step.items():
                warm.drop(f"{name}.py") if number is None else put(warm, name, number)
            disk.update(step)
        for name, number in disk.items():
            if number is not None:
                put(cold, name, number)
        assert pairs(warm) == pairs(cold)
        warm.close()
        cold.close()
