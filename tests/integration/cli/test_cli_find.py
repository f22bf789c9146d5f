"""Searching, showing and drawing patterns: what the command line promises of its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.integration.cli.stand_in import EVIL, ID, OTHER, PATTERN, Api, Said
from tui_patterns.models import Filters


def test_search_json_has_the_keys_of_the_contract(api: Api, said: Said) -> None:
    code, out, err = said("search", "wrap", "text", "--json")
    shape = json.loads(out)
    assert (code, err) == (0, "")
    assert list(shape) == ["query", "mode", "index", "results"]
    assert (shape["query"], shape["mode"], shape["index"]) == ("wrap text", "hybrid", "exact")
    keys = "id score relevance why name qualname path line end_line project labels quality confidence"
    keys += " pattern_type form category subcategory component_type tags complexity complexity_range retired"
    assert list(shape["results"][0]) == keys.split()
    assert list(shape["results"][0]["confidence"]) == ["mean", "low", "high", "n"]


def test_search_narrows_by_category_component_tag_complexity_and_confidence(api: Api, said: Said) -> None:
    code, *_ = said(
        "search", "x", "--category", "io", "--subcategory", "files", "--component", "route", "--tag", "async",
        "--complexity-range", "low", "--min-confidence", "0.7",
    )  # fmt: skip
    assert code == 0
    assert api.library.calls[-1][3] == Filters(
        category="io", subcategory="files", component_type="route", tag="async", complexity_range="low",
        min_confidence=0.7,
    )  # fmt: skip


def test_an_unknown_complexity_range_is_named_with_those_there_are(api: Api, said: Said) -> None:
    code, _, err = said("search", "x", "--complexity-range", "huge")
    assert code == 2
    assert "very_high" in err


def test_search_hands_limit_and_filters_over(api: Api, said: Said) -> None:
    code, *_ = said(
        "search", "x", "--limit", "9", "--language", "python", "--type", "idiom", "--min-quality", "0.5"
    )
    assert code == 0
    assert api.library.calls[-1] == (
        "search", "x", 9, Filters(language="python", pattern_type="idiom", min_quality=0.5)
    )  # fmt: skip


def test_search_for_people_fits_into_80_columns(api: Api, said: Said) -> None:
    api.library.found = replace(PATTERN, name="Very " * 40, tags=("t",) * 90)
    _, out, _ = said("search", "wrap", "--explain")
    assert max(map(len, out.splitlines())) <= 80
    assert "84%" in out and "meaning: cosine 0.70" in out and "not yet tried" in out


@pytest.mark.parametrize(
    "argv",
    [
        ["search", "x"],
        ["show", "3f9a"],
        ["graph"],
        ["graph", "--format", "mermaid"],
        ["similar", "3f9a"],
        ["rate", "3f9a", "5"],
    ],
)
def test_foreign_text_cannot_reach_the_terminal(api: Api, said: Said, argv: list[str]) -> None:
    api.library.found = replace(PATTERN, name=EVIL, path=EVIL, qualname=EVIL, code=EVIL, project=EVIL)
    _, out, err = said(*argv)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out + err)


def test_json_is_ascii_and_exact(api: Api, said: Said) -> None:
    api.library.found = replace(PATTERN, code=EVIL)
    _, out, _ = said("show", "3f9a", "--json")
    assert out.isascii() and "\x1b" not in out
    assert json.loads(out)["code"] == EVIL


def test_show_json_tells_ratings_sites_and_unknown_quality_as_null(api: Api, said: Said) -> None:
    shape = json.loads(said("show", "3f9a", "--json")[1])
    assert shape["ratings"] == {"usage_count": 0, "success_count": 0, "average": None, "last": None}
    assert shape["quality"]["coverage"] is None
    assert shape["sites"][0]["path"] == "shop/text.py"


def test_show_tells_of_each_facet_and_how_far_to_rely_on_it(api: Api, said: Said) -> None:
    logs = {"loggers": ["log"], "levels": {"info": 2}, "calls": [{"line": 1, "level": "info", "style": EVIL}]}
    api.library.found = replace(PATTERN, facets={"logging": logs, "execution": {"method": "run", "line": 0}})
    lines = said("show", "3f9a")[1].splitlines()
    assert next(line for line in lines if line.startswith("execution")).endswith("run() (not yet tried)")
    shown = next(line for line in lines if line.startswith("logging"))
    assert "log · info 2" in shown and "\x1b" not in shown
    assert "(67 % n 4)" in " ".join(lines)
    shape = json.loads(said("show", "3f9a", "--json")[1])
    assert shape["facets"]["logging"] == logs
    assert shape["facet_confidence"]["logging"]["n"] == 4.0


def test_show_tells_relations_and_coupling(api: Api, said: Said) -> None:
    shape = json.loads(said("show", "3f9a", "--json")[1])
    assert [(one["kind"], one["outgoing"]) for one in shape["relations"]] == [
        ("USES", True),
        ("CREATES", False),
    ]
    assert shape["metrics"] == {"fan_in": 2, "fan_out": 3, "coupling": 4, "files": 1, "lcom4": None}
    out = said("show", "3f9a")[1]
    assert "uses (1)" in out and "created by (1)" in out and "60% likely" in out
    assert "fan-in 2, fan-out 3, 1 file refers to it" in out


def test_graph_as_dot_names_every_node_and_edge(api: Api, said: Said) -> None:
    api.library.found = replace(PATTERN, name='Say "hi" \\ now', path=EVIL)
    code, out, err = said("graph", "3f9a", "--depth", "2")
    assert (code, err) == (0, "") and api.library.calls == [("graph", "3f9a", 2, None)]
    assert out.startswith("digraph patterns {") and out.rstrip().endswith("}")
    assert 'Say \\"hi\\" \\\\ now' in out and "\x1b" not in out
    assert f'"{ID}" -> "{OTHER}" [label="USES ?", color=gray];' in out
    assert f'"{ID}" -> "{OTHER}" [label="SIMILAR_TO 71%", style=dashed, dir=none];' in out


def test_graph_as_mermaid_leaves_no_markup_in_labels(api: Api, said: Said) -> None:
    api.library.found = replace(PATTERN, name='a["<b>"]')
    out = said("graph", "--format", "mermaid", "--project", "sample")[1]
    assert out.splitlines()[0] == "flowchart LR"
    assert 'n0["a#91;#34;#60;b#62;#34;#93;<br/>' in out
    assert 'n0 -.-|"SIMILAR_TO 71%"| n1' in out and 'n1 ==>|"COMPOSED_OF"| n0' in out


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_graph_as_json_has_nodes_and_edges_by_id(api: Api, said: Said, option: list[str]) -> None:
    shape = json.loads(said("graph", *option)[1])
    assert [node["id"] for node in shape["nodes"]] == [ID, OTHER]
    assert {(edge["source"], edge["kind"]) for edge in shape["edges"]} == {
        (ID, "USES"), (ID, "SIMILAR_TO"), (OTHER, "COMPOSED_OF"),
    }  # fmt: skip


def test_what_the_library_refuses_is_one_line_and_exit_1(api: Api, said: Said) -> None:
    assert said("show", "nope") == (1, "", "patterns-tui: no pattern nope; `patterns-tui search` finds ids\n")


def test_show_tells_anti_patterns_company_and_conflicts(api: Api, said: Said) -> None:
    shape = json.loads(said("show", ID, "--json")[1])
    assert [one["label"] for one in shape["antipatterns"]] == ["bare_except"]
    assert [(one["name"], one["support"]) for one in shape["often_together_with"]] == [
        ("Text Folding", 3),
        ("cache", 2),
    ]
    assert shape["conflicts"][0]["kind"] == "async"
    told = said("show", ID)[1]
    assert "in 3 files, 2.5 times chance" in told and "cache (label)" in told
    assert "does not go with" in told and "instead: name the error" in told


def test_history_tells_what_each_version_changed(api: Api, said: Said) -> None:
    newest, first = json.loads(said("history", ID, "--diff", "--json")[1])
    assert "-def fold(): ..." in newest["diff"] and "+def wrap(): ..." in newest["diff"]
    assert newest["diff"].startswith("--- v1") and first["diff"] == ""
    assert "diff" not in json.loads(said("history", ID, "--json")[1])[0]
    assert "+def wrap(): ..." in said("history", ID, "--diff")[1]


def test_similar_takes_code_on_standard_input(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b"def fold(text): ...")
    shape = json.loads(said("similar", "-", "--limit", "3", "--json")[1])
    assert shape["id"] is None and len(shape["results"]) == 1
    assert api.library.calls == [("search_code", "def fold(text): ...", 3)]
    stdin(b"  ")
    assert said("similar", "-")[0] == 2
