"""Who calls a pattern: words of its context, whatever was edited in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.models import Unit
from tui_patterns.search import called, searcher
from tui_patterns.search.parameters import FIELDS
from tui_patterns.store import calls, fts


def callers(stock: Stock, name: str) -> set[str]:
    row = stock.row(name)
    return calls.callers(stock.conn, [row]).get(row, set())


def test_who_calls_is_known_by_name_until_the_call_goes(stock: Stock) -> None:
    stock.put("a.py", unit("Box.fit", "a.py", body="return 1"))
    stock.put("b.py", unit("shrink_label", "b.py", body="box.fit(1)"))
    assert callers(stock, "Box.fit") == {"shrink_label"} and callers(stock, "shrink_label") == set()
    stock.put("b.py", unit("narrow_label", "b.py", body="box.fit(1)"))
    assert callers(stock, "Box.fit") == {"narrow_label"}
    stock.drop("b.py")
    assert callers(stock, "Box.fit") == set()


def test_a_call_of_itself_says_nothing_and_a_class_calls_nothing(stock: Stock) -> None:
    stock.put("app.py", unit("fit", body="return fit(1)"), unit("Box", body="fit(2)", kind="class", line=9))
    assert callers(stock, "fit") == set()


def test_what_is_pythons_own_is_not_called_by_name(stock: Stock) -> None:
    stock.put("a.py", unit("Box.append", "a.py", body="return 1"))
    stock.put("b.py", unit("collect", "b.py", body="box.append(1)"))
    assert callers(stock, "Box.append") == set()


def test_names_that_are_called_everywhere_or_defined_often_say_nothing(stock: Stock) -> None:
    many = [unit(f"use{n}", "m.py", body=f"fit({n})", line=9 * n + 1) for n in range(calls.MOST_CALLERS + 1)]
    stock.put("a.py", unit("fit", "a.py", body="pass"))
    stock.put("m.py", *many[:-1])
    assert len(callers(stock, "fit")) == calls.MOST_CALLERS
    stock.put("m.py", *many)
    assert callers(stock, "fit") == set()
    stock.put("m.py", many[0])
    twins = [unit(f"C{n}.fit", f"{n}.py", body=f"return {n}") for n in range(calls.MOST_DEFINITIONS)]
    for twin in twins[:-1]:
        stock.put(twin.path, twin)
    assert callers(stock, "fit") == {"use0"}
    stock.put(twins[-1].path, twins[-1])
    assert callers(stock, "fit") == set()


def test_a_pattern_is_found_better_by_what_it_is_called_for(stock: Stock) -> None:
    stock.put("a.py", unit("Box.fit", "a.py", body="label"), unit("Bag.put", "a.py", body="label ", line=9))
    stock.put("b.py", unit("shrink_things", "b.py", body="box.fit(1)"))
    hits = searcher.search(stock.conn, "shrink label ", 5).hits
    by_name = {hit.pattern.qualname: dict(hit.why["fields"]) for hit in hits}
    assert by_name["Box.fit"]["context"] > 0 and "context" not in by_name["Bag.put"]
    assert [hit.pattern.qualname for hit in hits].index("Box.fit") < 2


def test_only_the_context_is_added_to(stock: Stock) -> None:
    stock.put("a.py", unit("fit", "a.py", body="pass"), unit("shrink", "a.py", body="fit(1)", line=9))
    rows = [stock.row("fit"), stock.row("shrink")]
    plain = fts.fields_of(stock.conn, rows)
    found = called.described(stock.conn, plain, rows)
    changed = [
        name for name, old, new in zip(FIELDS, plain[rows[0]], found[rows[0]], strict=True) if old != new
    ]
    assert changed == ["context"] and found[rows[1]] == plain[rows[1]]


BODIES = st.dictionaries(
    st.sampled_from(["a.py", "b.py"]),
    st.none()
    | st.dictionaries(st.sampled_from(["load", "save"]), st.sampled_from(["load(1)", "save(2)", "3"])),
    min_size=1,
)


def held(stock: Stock) -> set[tuple[str, int]]:
    rows = stock.rows(
        "SELECT p.qualname, c.key FROM calls c JOIN patterns p ON p.id = c.pattern_id WHERE p.gone IS NULL"
    )
    return {(row[0], row[1]) for row in rows}


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(BODIES, min_size=1, max_size=5))
def test_calls_are_those_of_a_cold_scan_after_any_edits(
    steps: list[dict[str, dict[str, str] | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("steps") / "patterns.db")
    cold = Stock(tmp_path_factory.mktemp("cold") / "patterns.db")
    files: dict[str, dict[str, str]] = {}
    for step in steps:
        for path, bodies in step.items():
            files.pop(path, None)
            if bodies is None:
                stock.drop(path)
            else:
                files[path] = bodies
                stock.put(path, *_units(path, bodies))
    for path, bodies in files.items():
        cold.put(path, *_units(path, bodies))
    assert held(stock) == held(cold)
    stock.close()
    cold.close()


def _units(path: str, bodies: dict[str, str]) -> list[Unit]:
    return [
        unit(name, path, body=f"{name} {path} {body}", line=10 * n)
        for n, (name, body) in enumerate(sorted(bodies.items()))
    ]


def test_glued_names_are_found_by_their_parts_and_values_by_their_names(stock: Stock) -> None:
    stock.put("a.py", unit("Bag.__getitem__", "a.py", body="remainder = 3"))
    (found,) = fts.fields_of(stock.conn, [stock.row("Bag.__getitem__")]).values()
    words = {field: text.split() for field, text in zip(FIELDS, found, strict=True)}
    assert {"getitem", "get", "item"} <= set(words["names"]) and "remaind" in words["context"]
