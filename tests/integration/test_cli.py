"""The command line promises: shapes, exit codes and one clear line, whatever the library answers.

The library is a stand-in with fixed answers, so that each promise is tested by itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tui_patterns.api
from tui_patterns.cli import output
from tui_patterns.cli.catalog import ENTRIES
from tui_patterns.cli.main import run
from tui_patterns.learning.facets import confidences
from tui_patterns.models import (
    Chosen,
    Combination,
    Conflict,
    EngineStatus,
    Enhanced,
    Filters,
    Finding,
    Graph,
    GraphEdge,
    GraphNode,
    HistoryEntry,
    Hit,
    IndexReport,
    InjectedPattern,
    Injection,
    Interval,
    Label,
    LibraryStats,
    Metrics,
    ParsedFile,
    Pattern,
    Quality,
    RatingSummary,
    Related,
    SearchResult,
    SemanticRows,
    Site,
    Unit,
    Usage,
)
from tui_patterns.settings import Settings

ID = "3f9a2c1d-0000-4000-8000-000000000001"
OTHER = "0" * 36
EVIL = "\x1b]52;c;aGk=\x07\x1b[2Jwrap\u202etext"
PATTERN = Pattern(
    id=ID,
    version=2,
    name="Text Wrapping",
    kind="function",
    pattern_type="function_pattern",
    category=None,
    language="python",
    framework=None,
    project="sample",
    root="/work/sample",
    path="shop/text.py",
    qualname="wrap",
    line=10,
    end_line=20,
    code="def wrap(text):\n    return text\n",
    signature="(text)",
    docstring=None,
    complexity=4,
    labels=(Label("iterator", 0.8, (11,)),),
    tags=("text",),
    dependencies=("textwrap",),
    quality=Quality(overall=0.71, complexity=1.0),
    confidence=Interval(0.5, 0.2, 0.8, 0.0),
    ratings=RatingSummary(),
    facets={},
    sites=1,
    updated=1_700_000_000.0,
)
HIT = Hit(PATTERN, 0.031, 0.84, {"words": 1, "cosine": 0.7})
INJECTION = Injection(
    id="8c1d0000-0000-4000-8000-000000000002",
    session="s1",
    created=1_700_000_000.0,
    task="wrap text",
    arm="manual",
    tokens=120,
    patterns=(InjectedPattern(ID, 2, "Text Wrapping", 1, "open", None, None, (), PATTERN.confidence),),
)
REPORT = IndexReport(
    files=3,
    parsed=2,
    unchanged=1,
    skipped={"too large": 1},
    failed=({"path": "bad.py", "reason": "does not parse: line 3"},),
    patterns=5,
    new=5,
    embedded=5,
    seconds=0.5,
)
UNIT = Unit(
    path="text.py",
    qualname="wrap",
    kind="function",
    line=1,
    end_line=9,
    name="Text Wrapping",
    pattern_type="function_pattern",
    category=None,
    language="python",
    code="def wrap(): ...",
    signature="()",
    code_hash="a",
    structure_hash="b",
)
FINDING = Finding(
    "text.py", 3, 4, None, "bare_except", "E722", "warning", "catches all", "name the error", ID
)


class LibraryError(Exception):
    """What the library raises for a person."""


@dataclass
class FakeLibrary:
    """Answers of a library, and what it was asked."""

    path: Path | None = None
    settings: Settings = field(default_factory=Settings)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    found: Pattern = PATTERN

    def search_semantic(
        self, query: str, limit: int | None = None, filters: Filters = Filters()
    ) -> SemanticRows | None:
        self.calls.append(("semantic", query, limit, filters))
        return SemanticRows(((ID, 0.7),), "exact")

    def prompt_semantic(self, prompt: str) -> tuple[SemanticRows, ...] | None:
        self.calls.append(("prompt", prompt))
        return (SemanticRows(((ID, 0.7),), "exact"),)

    def search(
        self, query: str, limit: int | None, filters: Filters, *, semantic: SemanticRows | None
    ) -> SearchResult:
        self.calls.append(("search", query, limit, filters))
        return SearchResult(query, "hybrid", "exact", (replace(HIT, pattern=self.found),))

    def similar(self, id: str, limit: int) -> list[Hit]:
        return [HIT]

    def search_code(self, code: str, limit: int) -> list[Hit]:
        self.calls.append(("search_code", code, limit))
        return [HIT]

    def findings_in(self, id: str) -> list[Finding] | None:
        return [FINDING]

    def combinations(self, id: str) -> list[Combination]:
        return [
            Combination("Text Folding", ID, "file", 3, 9, 2.5),
            Combination("cache", None, "class", 2, 9, 1.5),
        ]

    def conflicts(self, id: str) -> list[tuple[Conflict, Pattern]]:
        return [(Conflict(ID, ID, "async", "the async and the sync form of one thing"), self.found)]

    def count(self) -> int:
        return 1

    def usage(self, id: str) -> Usage:
        return Usage(0, None, 0, 0, {}, (), Interval(0.5, 0.05, 0.95, 0))

    def pattern(self, id: str) -> Pattern:
        if not ID.startswith(id):
            raise LibraryError(f"no pattern {id}; `patterns-tui search` finds ids")
        return self.found

    def sites(self, id: str) -> list[Site]:
        return [Site("sample", "/work/sample", "shop/text.py", "wrap", 10, 20)]

    def facet_confidence(self, id: str) -> dict[str, Interval]:
        return confidences(self.found.facets, {"logging": (3.0, 1.0)})

    def history(self, id: str) -> list[HistoryEntry]:
        old = HistoryEntry(1, 1_600_000_000.0, "Text Wrapping", "def fold(): ...", 4, False)
        return [HistoryEntry(2, 1_700_000_000.0, "Text Wrapping", "def wrap(): ...", 4, True), old]

    def relations(self, id: str) -> list[Related]:
        other = (self.found.name, self.found.qualname, self.found.path, 10)
        return [
            Related("USES", True, 0.95, True, ID, *other),
            Related("CREATES", False, 0.6, False, ID, *other),
        ]

    def metrics(self, id: str) -> Metrics | None:
        return Metrics(2, 3, 4, 1, None)

    def graph(self, id: str | None = None, *, depth: int = 1, project: str | None = None) -> Graph:
        self.calls.append(("graph", id, depth, project))
        one = GraphNode(ID, self.found.name, "function", self.found.qualname, self.found.path, 10, "sample")
        other = replace(one, id=OTHER, kind="class")
        edges = (
            GraphEdge(ID, OTHER, "USES", 0.6, False),
            GraphEdge(ID, OTHER, "SIMILAR_TO", 0.71, True),
            GraphEdge(OTHER, ID, "COMPOSED_OF", 1.0, True),
        )
        return Graph((one, other), edges)

    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern:
        self.calls.append(("rate", id, rating, session, note))
        return self.found

    def injections(self, open_only: bool = False, limit: int = 100) -> list[Injection]:
        self.calls.append(("injections", open_only, limit))
        return [INJECTION]

    def outcome(self, injection_id: str, pattern_id: str, success: bool) -> Injection:
        self.calls.append(("outcome", injection_id, pattern_id, success))
        return INJECTION

    def start_session(self, source: str) -> str:
        return f"new-{source}"

    def stats(self) -> LibraryStats:
        return LibraryStats(1, 3, 5, 0, 5, 1, 1, {"python": 5}, {"function": 5}, {}, {"sample": 5}, 0.7)

    def backup(self, target: Path | None = None) -> Path:
        return target or Path("/copies/now.db")


@dataclass
class Check:
    name: str
    ok: bool | None
    detail: str


class Api:
    """The stand-in for the public API."""

    def __init__(self) -> None:
        self.library = FakeLibrary()
        self.enhanced = Enhanced("do it\n", 0, 2000, reason="no pattern matches the task")
        self.checks = [Check("python", True, "3.11"), Check("clipboard", None, "file only")]
        self.parsed = [ParsedFile("text.py", "h", "python", 9, (UNIT, replace(UNIT, reason="too short")))]
        self.indexed: list[tuple[list[Path], bool, int | None]] = []
        self.tests_run: list[float | None] = []
        self.handed_over = False

    def install(self, patch: pytest.MonkeyPatch) -> None:
        api = self

        class Injector:
            def __init__(self, library: FakeLibrary) -> None: ...

            def enhance(self, prompt: str, task: str, **options: Any) -> Enhanced:
                api.library.calls.append(("enhance", prompt, task, options["session"], options["budget"]))
                return api.enhanced

        class Indexer:
            def __init__(self, library: FakeLibrary, *, on_progress: Callable[[EngineStatus], None]) -> None:
                on_progress(EngineStatus(state="indexing", files_done=1, files_total=3))
                self.handed_over = api.handed_over

            def index(
                self, roots: Sequence[Path], *, embed: bool, jobs: int | None, run_tests_s: float | None
            ) -> IndexReport:
                api.indexed.append((list(roots), embed, jobs))
                api.tests_run.append(run_tests_s)
                return REPORT

        def library(path: Path, *, settings: Settings, settings_for: object, home: object) -> FakeLibrary:
            api.library.path, api.library.settings = path, settings
            return api.library

        names: dict[str, Any] = {
            "PatternLibrary": library,
            "PatternInjector": Injector,
            "Indexer": Indexer,
            "LibraryError": LibraryError,
            "describe": lambda interval: "not yet tried",
            "reindex": lambda library, on_progress: 5,
            "outcomes_of": lambda library, id: {},
            "extract_path": lambda path, settings: iter(api.parsed),
            "unit_json": lambda unit: {"path": unit.path, "qualname": unit.qualname},
            "find_antipatterns": lambda paths, settings: iter([FINDING]),
            "pattern_guards": lambda library, id=None: [],
            "advise": lambda library, found, root, *, dismissed: list(found),
        }
        patch.setattr(import_module("tui_patterns.api.checkup"), "doctor", lambda library: api.checks)
        for name, value in names.items():
            patch.setitem(tui_patterns.api.__dict__, name, value)  # not setattr: names load on first use


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Api:
    fake = Api()
    fake.install(monkeypatch)
    return fake


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line: (exit code, stdout, stderr)."""

    def ask(*argv: str) -> tuple[int, str, str]:
        code = run(argv)
        told = capsys.readouterr()
        return code, told.out, told.err

    return ask


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes on standard input."""
    return lambda raw: monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw), encoding="utf-8"))


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


@pytest.mark.parametrize("rating", ["0", "6", "abc", "4.5", ""])
def test_a_wrong_rating_is_an_error_of_usage(api: Api, said: Said, rating: str) -> None:
    code, out, err = said("rate", "3f9a", rating)
    assert (code, out) == (2, "")
    assert err == f'patterns-tui: a rating is a whole number from 1 to 5, not "{rating}"\n'
    assert api.library.calls == []


def test_ratings_of_one_terminal_and_day_share_a_session(api: Api, said: Said) -> None:
    said("rate", "3f9a", "4")
    said("rate", "3f9a", "5", "--note", "fine")
    first, second = api.library.calls
    assert first[3] == second[3] and re.fullmatch(r"cli-\d{4}-\d\d-\d\d-[\w-]+", first[3])
    assert second == ("rate", "3f9a", 5, second[3], "fine")
    said("rate", "3f9a", "5", "--session", "mine")
    assert api.library.calls[-1][3] == "mine"


def test_rate_json(api: Api, said: Said) -> None:
    shape = json.loads(said("rate", "3f9a", "5", "--session", "s", "--json")[1])
    assert (shape["id"], shape["session"], shape["rating"]) == (ID, "s", 5)


def test_injections_and_outcome_json(api: Api, said: Said) -> None:
    (shape,) = json.loads(said("injections", "--open", "--json")[1])
    assert ("injections", True, 100) in api.library.calls
    assert {"id", "session", "created", "task", "arm", "patterns"} <= set(shape)
    keys = "id version rank state outcome similarity evidence confidence"
    assert set(keys.split()) <= set(shape["patterns"][0])
    assert json.loads(said("outcome", "8c1d", "3f9a", "failure", "--json")[1]) == shape
    assert api.library.calls[-1] == ("outcome", "8c1d", "3f9a", False)


def test_an_outcome_is_success_or_failure(api: Api, said: Said) -> None:
    code, _, err = said("outcome", "8c1d", "3f9a", "maybe")
    assert code == 2 and err.count("\n") == 1


def test_enhance_prints_the_prompt_to_the_byte(
    api: Api, capfdbinary: pytest.CaptureFixture[bytes], stdin: Callable[[bytes], None]
) -> None:
    raw = "één\r\nprompt\x1b without newline".encode()
    stdin(raw)
    api.enhanced = Enhanced(raw.decode(), 0, 2000, reason="nothing")
    session = "cli-2026-01-31-pts-3"
    assert run(["enhance", "--task", "wrap", "--session", session]) == 0
    assert capfdbinary.readouterr().out == raw
    assert api.library.calls[-1] == ("enhance", raw.decode(), "wrap", session, None)


def test_enhance_json(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b"do it")
    api.enhanced = Enhanced("new", 120, 800, (Chosen(HIT, 1, 1.0, 120),), INJECTION.id)
    code, out, _ = said("enhance", "--task", "wrap", "--budget", "800", "--session", "mine", "--json")
    shape = json.loads(out)
    assert code == 0 and api.library.calls[-1] == ("enhance", "do it", "wrap", "mine", 800)
    assert (shape["injection_id"], shape["prompt"], shape["session"]) == (INJECTION.id, "new", "mine")
    assert list(shape["patterns"][0]) == ["id", "version", "rank", "score", "propensity", "tokens", "why"]


def test_enhance_explains_which_clause_a_pattern_answers(
    api: Api, said: Said, stdin: Callable[[bytes], None]
) -> None:
    stdin(b"do it")
    why = {**HIT.why, "clause": {"text": "wrap the \x1b[31mtext", "cosine": 0.5, "match": 0.25}}
    api.enhanced = Enhanced("new", 120, 800, (Chosen(replace(HIT, why=why), 1, 1.0, 120),), INJECTION.id)
    code, out, err = said("enhance", "--task", "wrap", "--explain")
    assert code == 0 and out == "new" and "\x1b" not in err
    assert "clause: wrap the" in err and "cosine 0.50, 25 % of the most" in err.replace("25%", "25 %")


def test_enhance_refuses_what_is_no_text(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b"ab\xff")
    code, out, err = said("enhance", "--task", "wrap")
    assert (code, out) == (2, "") and "not UTF-8 (byte 2)" in err


def test_index_json_has_the_keys_of_the_contract(api: Api, said: Said, tmp_path: Path) -> None:
    code, out, err = said("index", str(tmp_path), "--no-embed", "--jobs", "2", "--json")
    shape = json.loads(out)
    keys = "files parsed unchanged skipped failed patterns new updated removed embedded seconds"
    assert (code, err) == (0, "") and list(shape)[:11] == keys.split()
    assert shape["failed"] == [{"path": "bad.py", "reason": "does not parse: line 3"}]
    assert api.indexed == [([tmp_path], False, 2)]


def test_tests_are_run_only_when_asked_to(api: Api, said: Said, tmp_path: Path) -> None:
    for options in ([], ["--test-timeout", "5"], ["--run-tests"], ["--run-tests", "--test-timeout", "5"]):
        assert said("index", str(tmp_path), *options)[0] == 0
    assert api.tests_run == [None, None, 600.0, 5.0]


def test_index_overrides_settings(api: Api, said: Said, tmp_path: Path) -> None:
    assert said("index", str(tmp_path), "--min-quality", "0.4")[0] == 0
    assert api.library.settings.extraction.min_quality == 0.4


def test_index_says_which_flags_did_not_apply_where_another_process_did_it(
    api: Api, said: Said, tmp_path: Path
) -> None:
    flags = ["--jobs", "2", "--no-embed", "--min-quality", "0"]
    assert "did not apply" not in said("index", str(tmp_path), *flags, "--json")[2]
    api.handed_over = True
    _, out, err = said("index", str(tmp_path), *flags, "--json")
    assert json.loads(out)["patterns"] == 5
    assert err.count("\n") == 1 and "--jobs, --min-quality, --no-embed did not apply" in err
    assert said("index", str(tmp_path), "--json")[2] == ""


def test_index_names_what_failed_on_stderr(api: Api, said: Said, tmp_path: Path) -> None:
    _, out, err = said("index", str(tmp_path))
    assert "5 patterns: 5 new" in out and err == "bad.py: does not parse: line 3\n"


@pytest.mark.parametrize("command", ["index", "extract", "antipatterns", "watch", "run"])
def test_a_folder_that_does_not_exist_is_an_error_of_usage(api: Api, said: Said, command: str) -> None:
    code, out, err = said(command, "/not/there")
    assert (code, out) == (2, "") and err.count("\n") == 1 and "/not/there" in err


def test_a_file_is_no_folder(api: Api, said: Said, tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    assert said("index", str(tmp_path / "a.py"))[0] == 2


def test_extract_is_json_lines_with_paths_from_here(
    api: Api, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, _ = said("extract", "src", "--json")
    assert code == 0 and [json.loads(row)["path"] for row in out.splitlines()] == ["src/text.py"]
    assert len(said("extract", "src", "--all", "--json")[1].splitlines()) == 2
    assert "left out: too short" in said("extract", "src", "--all")[1]


def test_extract_fails_only_for_a_named_file(api: Api, said: Said, tmp_path: Path) -> None:
    api.parsed.append(ParsedFile("bad.py", "h", "python", 1, (), "does not parse: line 1"))
    code, _, err = said("extract", str(tmp_path), "--json")
    assert code == 0 and err.endswith("bad.py: does not parse: line 1\n")
    (tmp_path / "bad.py").touch()
    assert said("extract", str(tmp_path / "bad.py"), "--json")[0] == 1


def test_antipatterns_is_json_lines(api: Api, said: Said, tmp_path: Path) -> None:
    code, out, _ = said("antipatterns", str(tmp_path), "--json")
    shape = json.loads(out)
    assert code == 0 and out.count("\n") == 1
    assert list(shape)[:9] == [
        "path",
        "line",
        "end_line",
        "qualname",
        "label",
        "rule",
        "severity",
        "message",
        "instead",
    ]
    assert shape["instead"] == {"text": "name the error", "pattern_id": ID}
    assert {"why", "pattern_name", "id", "dismissed"} <= set(shape)


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


def test_patterns_that_do_not_go_together_are_told_on_stderr(
    api: Api, said: Said, stdin: Callable[[bytes], None]
) -> None:
    stdin(b"do it")
    api.enhanced = replace(api.enhanced, warnings=("One and Two do not go together",))
    code, out, err = said("enhance", "--task", "wrap")
    assert code == 0 and out == "do it\n" and "One and Two" in err
    stdin(b"do it")
    assert json.loads(said("enhance", "--task", "wrap", "--json")[1])["warnings"]


def test_doctor_fails_only_for_what_is_broken(api: Api, said: Said) -> None:
    code, out, _ = said("doctor")
    assert code == 0 and "✓ ok" in out and "! warn" in out
    api.checks.append(Check("model", False, "is missing"))
    code, out, _ = said("doctor", "--json")
    assert code == 1
    assert json.loads(out)["checks"][-1] == {"name": "model", "state": "fail", "detail": "is missing"}


def test_the_data_folder_is_flag_then_environment(
    api: Api, said: Said, data_dir: Path, tmp_path: Path
) -> None:
    said("stats", "--json")
    assert api.library.path == data_dir / "patterns.db"
    said("--data-dir", str(tmp_path), "stats", "--json")
    assert api.library.path == tmp_path / "patterns.db"


def test_wrong_settings_are_exit_2(api: Api, said: Said, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[search]\ndefault_limt = 3\n")
    code, out, err = said("--config", str(wrong), "search", "x")
    assert (code, out) == (2, "") and "default_limit" in err and err.count("\n") == 1


def test_an_unexpected_error_is_one_line_and_a_log(
    api: Api, said: Said, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Iterator[Finding]:
        raise RuntimeError("surprise\x1b[2J")

    monkeypatch.setitem(tui_patterns.api.__dict__, "find_antipatterns", fail)
    code, out, err = said("antipatterns")
    log = data_dir / "logs" / "cli.log"
    assert (code, out) == (1, "") and err.count("\n") == 1 and str(log) in err
    assert "Traceback" in log.read_text() and "Traceback" not in err and "\x1b" not in err


def test_ctrl_c_is_quiet(api: Api, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Iterator[Finding]:
        raise KeyboardInterrupt

    monkeypatch.setitem(tui_patterns.api.__dict__, "find_antipatterns", interrupted)
    assert said("antipatterns") == (130, "", "")


@pytest.mark.parametrize(
    "argv", [["--foo"], ["rate"], ["search", "--limit", "x", "q"], ["search", "--nope", "q"]]
)
def test_errors_of_usage_are_one_line(api: Api, said: Said, argv: list[str]) -> None:
    code, out, err = said(*argv)
    assert (code, out) == (2, "") and err.count("\n") == 1 and "--help`" in err


def test_a_global_option_in_the_wrong_place_is_told_the_right_one(api: Api, said: Said) -> None:
    code, out, err = said("search", "q", "--data-dir", "somewhere")
    assert (code, out) == (2, "") and "`patterns-tui --data-dir … COMMAND`" in err


def test_a_mistyped_command_is_explained(said: Said) -> None:
    code, _, err = said("serach", "x")
    assert code == 2 and 'did you mean the command "search"?' in err


def test_every_command_has_help_with_its_summary(said: Said) -> None:
    overview = said("--help")[1]
    for entry in ENTRIES.values():
        code, out, _ = said(entry.name, "--help")
        assert code == 0 and f"Usage: patterns-tui {entry.name}" in out
        assert entry.summary in overview
        assert max(map(len, out.splitlines())) <= 80


def test_config_tells_where_each_value_comes_from(
    said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[search]\nmin_relevance = 0.5\n[index]\nchroma_headers = {Authorization = "secret"}\n')
    (tmp_path / ".patterns-tui.toml").write_text("[extraction]\nmin_lines = 9\n")
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__DEFAULT_LIMIT", "7")
    code, out, _ = said("--config", str(own), "config", str(tmp_path), "--json")
    shape = json.loads(out)["settings"]
    assert code == 0 and "secret" not in out
    assert shape["search.min_relevance"] == {"value": 0.5, "from": str(own)}
    assert shape["search.default_limit"] == {
        "value": 7,
        "from": "environment PATTERNS_TUI_SEARCH__DEFAULT_LIMIT",
    }
    assert shape["extraction.min_lines"] == {"value": 9, "from": str(tmp_path / ".patterns-tui.toml")}
    assert shape["ui.theme"]["from"] == "default"


def test_config_reports_what_is_not_supported_yet(said: Said, data_dir: Path) -> None:
    _, out, err = said("config")
    assert "default_limit = 5" in out and "javascript is not supported yet" in err


def test_config_init_writes_once(said: Said, data_dir: Path) -> None:
    target = Path(said("config", "--path")[1].strip())
    assert said("config", "--init")[0] == 0
    assert "# Every setting" in target.read_text()
    target.write_text("[search]\ndefault_limit = 3\n")
    code, _, err = said("config", "--init")
    assert code == 1 and "is there already" in err and "3" in target.read_text()


def test_themes_lists_what_is_shipped(said: Said) -> None:
    shape = json.loads(said("themes", "--json")[1])
    assert [theme["name"] for theme in shape if theme["used"]] == ["patterns-dark"]


def test_no_colour_and_no_progress_without_a_terminal(api: Api, said: Said, tmp_path: Path) -> None:
    for argv in (["index", str(tmp_path)], ["search", "x"], ["doctor"], ["injections"], ["history", "3f9a"]):
        code, out, err = said(*argv)
        assert code == 0 and "\x1b" not in out + err and "\r" not in err


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_fitted_text_is_never_too_wide(text: str, size: int) -> None:
    shown = output.fit(text, size)
    assert output.cells(shown) <= size and "\n" not in shown and "\x1b" not in shown
