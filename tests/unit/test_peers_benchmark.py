"""Peers beside each other: what they are asked, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import machine, peers_answers, peers_chart, peers_page, peers_table, peers_times
from benchmarks.cases import Cases
from benchmarks.peers_record import Record
from benchmarks.peers_table import Row, median_of
from benchmarks.rivals.base import Built, Peer, Taken, reason
from benchmarks.rivals.servers import unfinished
from benchmarks.rooms import NotInstalled
from benchmarks.sections import between


def taken(seconds: float, cpu: float = 1.0, memory: int = 1_000_000) -> Taken:
    return Taken(seconds, cpu, memory)


@pytest.fixture
def ours() -> Row:
    built = Built(taken(2.0, 1.5), taken(6.0, 9.0, 300_000_000))
    scores = {"small": [1.0, 0.5], "large": [0.9]}
    return Row("patterns-tui", "patterns-tui 1", built, taken(0.5, 0.4), 4_000_000, scores, "defaults")


@pytest.fixture
def other() -> Row:
    built = Built(None, taken(60.0, 90.0, 900_000_000))
    return Row(
        "VectorCode", "vectorcode 2", built, taken(5.0, 4.0), 9_000_000, {"small": [0.5, 0.0]}, "its | own"
    )


def test_a_ratio_above_one_says_that_ours_is_quicker(ours: Row, other: Row) -> None:
    first, rule, mine, theirs = peers_table.times(ours, [other]).splitlines()
    assert first.count("|") == rule.count("|") == mine.count("|") == theirs.count("|")
    assert mine.startswith("| **patterns-tui** | 2 s | 6 s |  | 9 s |  | 0.5 s |  | 0.4 s |")
    assert (
        theirs == "| VectorCode | – | 60 s | 10 × | 90 s | 10 × | 5 s | 10 × | 4 s | 10 × | 900 MB | 9 MB |"
    )


def test_aims_are_judged_by_the_clock(ours: Row, other: Row) -> None:
    said = peers_table.verdicts(
        ours, [other], {"ours": (100.0, 60.0), "reference": (25.0, 10.0)}
    ).splitlines()
    assert [line.rpartition(": ")[2] for line in said] == ["ok.", "ok.", "**under**.", "**under**."]
    assert "aim ≥ 12 ×" in said[2] and "10 × our time" in said[2]
    assert peers_table.verdicts(Row("patterns-tui"), [], {}) == ""


def test_who_was_not_measured_is_named_with_the_reason(ours: Row, other: Row) -> None:
    other.failed = "not installed: no network"
    assert "VectorCode" not in peers_table.times(ours, [other])
    assert peers_table.notes([ours, other]).splitlines() == [
        "- **patterns-tui** (patterns-tui 1): defaults.",
        "- **VectorCode** could not be measured: not installed: no network.",
    ]


def test_only_who_was_asked_everything_has_a_mean_over_all(ours: Row, other: Row) -> None:
    heading, _, mine, theirs, mute = peers_table.answers([ours, other, Row("mute")]).splitlines()
    assert mute == "| mute | – | – | – |"
    assert heading == "| program | small (2) | large (1) | all |"
    assert mine == "| **patterns-tui** | 0.750 | 0.900 | 0.800 |"
    assert theirs == "| VectorCode | 0.250 | – | – |"


def test_medians_are_of_builds_that_ended() -> None:
    builds = [Built(None, taken(seconds)) for seconds in (3.0, 1.0, 2.0)]
    assert median_of(builds) == Built(None, taken(2.0))
    stopped = Built(taken(1.0), None, "stopped")
    assert median_of([stopped]) == stopped


def test_what_was_stopped_is_not_given_a_time() -> None:
    said = unfinished(200, 1_000, taken(30.0, 50.0), 10.0)
    assert "after 50 s" in said and "200 of 1,000" in said and "take 210 s (extrapolated)" in said
    assert "extrapolated" not in unfinished(0, 1_000, taken(30.0), 0.0)
    row = Row("SeaGOAT", "1", Built(taken(1.0), None, said), note="a server")
    assert said in peers_table.notes([row])


def test_questions_are_put_to_whole_indexes_and_scored_alike(tmp_path: Path) -> None:
    source = tmp_path / "repos" / "owner+one" / "src"
    source.mkdir(parents=True)
    (source / "a.py").write_text("x = 1\n")
    (source / "notes.txt").write_text("no source\n")
    seen: list[list[str]] = []

    class Good(Peer):
        name = "good"

        def answers(self, queries: Any) -> list[list[str]]:
            seen.append(sorted(file.name for file in self.project.rglob("*.*")))
            return [["src/a.py"] for _ in queries]

    class Stopped(Good):
        name = "stopped"

        def index(self) -> Built:
            return Built(unfinished="half of it")

    class Broken(Good):
        name = "broken"

        def prepare(self) -> None:
            raise RuntimeError("no server")

    question = {"repo": "one", "benchmark_root": "src", "query": "where", "relevant": [{"path": "src/a.py"}]}
    scorer = SimpleNamespace(
        semble_ndcg10=lambda found, row: float(found[0][0] == row["relevant"][0]["path"])
    )
    kinds, record = (Good, Stopped, Broken), Record(tmp_path / "peers.json")
    cases = Cases([], [], [question], scorer)
    peers_answers.ask(kinds, record, cases, tmp_path / "repos", 3, tmp_path / "work")
    assert {name: row.scores for name, row in record.rows.items()} == {
        "good": {"one": [1.0]}, "stopped": {}, "broken": {}
    }  # fmt: skip
    assert record.rows["stopped"].silent == {"one": "its index was half of it"} and seen == [["a.py"]]
    assert record.rows["broken"].silent == {"one": "no server"}
    said = peers_table.answers(list(record.rows.values()))
    assert "| stopped | – | – |" in said and "- broken about one: no server." in said
    peers_answers.ask(kinds, record, cases, tmp_path / "repos", 3, tmp_path / "work", resume=True)
    assert len(seen) == 1 and Record.read(record.path).rows == record.rows


def test_one_that_fails_is_told_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    built: list[Path] = []
    ended: list[str] = []

    class Quick(Peer):
        name = "quick"

        def versions(self) -> str:
            return "1"

        def index(self) -> Built:
            built.append(self.work)
            return Built(meaning=taken(float(len(built))))

        def question(self, query: str) -> tuple[Taken, list[str]]:
            return taken(1.0), ["a.py"]

        def close(self) -> None:
            ended.append(self.name)

    class Broken(Quick):
        name = "broken"

        def index(self) -> Built:
            raise RuntimeError("it wants\n the network")

    class Mute(Quick):
        name = "mute"

        def index(self) -> Built:
            return Built(taken(1.0), None, "half of it")

        def question(self, query: str) -> tuple[Taken, list[str]]:
            raise json.JSONDecodeError("nothing", "", 0)

    record = Record(tmp_path / "peers.json")
    record.rows["quick"] = Row("quick", scores={"one": [0.5]}, failed="an old fault")
    peers_times.measure((Quick, Broken, Mute), record, tmp_path / "project", tmp_path / "work", 3, 1.0)
    quick, broken, mute = (record.rows[name] for name in ("quick", "broken", "mute"))
    assert len(set(built)) == 3 and quick.meaning == taken(2.0) and quick.question == taken(1.0)
    assert quick.scores == {"one": [0.5]} and not quick.failed  # what another part measured stays
    assert broken.failed == "it wants the network" and "did not answer" in mute.note and mute.question is None
    assert ended.count("broken") == ended.count("mute") == 1 and ended.count("quick") == 3
    assert Record.read(record.path) == record and all(map(record.fresh, record.stamps))
    assert record.stamps.keys() == {"index/quick", "index/broken", "index/mute"}


def test_what_is_interrupted_is_not_taken_for_measured(tmp_path: Path) -> None:
    record = Record(tmp_path / "peers.json")
    with record.measuring("bulk"):
        record.bulk = {"ours": (2.0, 1.0), "reference": (1.0, 0.5)}
    assert record.fresh("bulk") and Record.read(record.path).bulk == record.bulk
    with pytest.raises(KeyboardInterrupt), record.measuring("bulk"):
        raise KeyboardInterrupt
    assert not record.fresh("bulk")


def test_what_was_measured_at_another_commit_is_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(tmp_path / "peers.json")
    with record.measuring("index/x"):
        pass
    monkeypatch.setattr(machine, "commit", lambda: "another")
    assert not record.fresh("index/x")
    with record.measuring("index/y"):
        pass
    assert [line.partition(",")[0].partition(":")[0] for line in record.told()] == ["index", "index"]


def test_a_record_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "peers.json").write_text("[]")
    with pytest.raises(ValueError, match="no record"):
        Record.read(tmp_path / "peers.json")


def test_a_reason_names_no_folder_of_this_machine() -> None:
    said = reason(RuntimeError("/srv/own/bin/rg -x … failed: '/home/me/its/rg'  is\n gone: 1/2"))
    assert said == "…/rg -x … failed: '…/rg' is gone: 1/2"
    assert reason(TimeoutError()) == "TimeoutError"
    assert reason(NotInstalled("no network")) == "not installed: no network"


def test_the_pages_say_what_the_record_holds(tmp_path: Path, ours: Row, other: Row) -> None:
    about = {"package": "rich", "files": 3, "lines": 4, "turns": 3, "machine": ["2 cores"]}
    rows = {row.name: row for row in (other, ours)}
    rows["mute"] = Row("mute", silent={"small": "no server"})
    record = Record(tmp_path / "peers.json", about, rows, {"ours": (90.0, 50.0), "reference": (9.0, 5.0)})
    with record.measuring("bulk"):
        pass
    said = " ".join(peers_page.paragraph(record, "patterns-tui").split())
    assert "found by words after 2 s (1.5 s), by meaning after 6 s (9 s) here" in said
    assert said.count("with VectorCode 10 × (10 ×) as long") == 2 and "10 × (10 ×) as many patterns" in said
    assert "3 public questions about files of small and large" in said and "0.80 here" in said
    assert "0.25 with VectorCode, asked about small alone" in said and "not known with mute" in said
    whole = peers_page.section(record, "patterns-tui")
    assert whole.startswith("## Beside other programs\n") and "- mute about small: no server." in whole
    assert "- bulk: " in whole and whole.rstrip().endswith("- 2 cores")


def test_text_is_put_between_its_marks() -> None:
    page = "a\n<!-- x: start -->\nold\n<!-- x: end -->\nb\n"
    once = between(page, "x", "new \\1\n")
    assert once == "a\n<!-- x: start -->\nnew \\1\n<!-- x: end -->\nb\n" == between(once, "x", "new \\1")
    with pytest.raises(ValueError, match="no place for y"):
        between(page, "y", "new")


def test_the_chart_has_a_bar_for_each_figure_and_a_dash_for_each_gap(ours: Row, other: Row) -> None:
    drawn = peers_chart.draw([ours, other, Row("gone", failed="not installed")])
    root = ElementTree.fromstring(drawn)
    spaced = "{http://www.w3.org/2000/svg}"
    texts = [text.text for text in root.iter(f"{spaced}text")]
    bars = [float(bar.attrib["width"]) for bar in root.iter(f"{spaced}rect")]
    assert len(bars) == 5 and "0.25, small alone" in texts and "gone" not in texts
    assert bars[1] > bars[0] > 0.0 and "90 s" in texts and "0.80" in texts
    edge = max(float(bar.attrib["x"]) + float(bar.attrib["width"]) for bar in root.iter(f"{spaced}rect"))
    assert edge < peers_chart.WIDTH


def test_the_chart_says_which_index_was_stopped_and_who_has_none(ours: Row) -> None:
    stopped = Row("SeaGOAT", built=Built(taken(1.0), None, "half of it"), question=taken(1.0))
    drawn = peers_chart.draw([ours, stopped, Row("ripgrep", question=taken(0.01, 0.01))])
    assert drawn.count("stopped before its end") == 1 and drawn.count("no index") == 1
