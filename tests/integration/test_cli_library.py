"""The command line on a real library: the path from files to a rated pattern in a prompt."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.cli.main import run

COMMAND = [sys.executable, "-m", "tui_patterns"]
Said = Callable[..., Any]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line that must succeed: its data if it prints JSON, else its text."""

    def ask(*argv: str) -> Any:
        code = run(argv)
        told = capfd.readouterr()
        assert code == 0, told.err
        return json.loads(told.out) if "--json" in argv else told.out

    return ask


@pytest.fixture
def indexed(data_dir: Path, sample_project: Path, said: Said) -> Path:
    """The sample project, in the library without vectors."""
    said("index", str(sample_project), "--no-embed")
    return sample_project


def test_index_twice_reads_nothing_again(data_dir: Path, sample_project: Path, said: Said) -> None:
    first = said("index", str(sample_project), "--no-embed", "--json")
    assert first["parsed"] == first["files"] == 7 and first["new"] == first["patterns"] > 3
    again = said("index", str(sample_project), "--no-embed", "--json")
    assert (again["parsed"], again["unchanged"], again["new"]) == (0, 7, 0)
    assert again["patterns"] == first["patterns"]


def test_thresholds_leave_patterns_out(data_dir: Path, sample_project: Path, said: Said) -> None:
    everything = said("index", str(sample_project), "--no-embed", "--json")["patterns"]
    simple = said("--data-dir", str(data_dir / "2"), "index", str(sample_project), "--no-embed",
                  "--max-complexity", "3", "--json")["patterns"]  # fmt: skip
    assert 0 < simple < everything


def test_search_rate_and_show_agree(indexed: Path, said: Said) -> None:
    (hit, *_) = said("search", "order total with tax", "--json")["results"]
    assert hit["qualname"] == "order_total" and hit["path"] == "shop/pricing.py"
    rated = said("rate", hit["id"][:8], "5", "--session", "s", "--json")
    again = said("rate", hit["id"][:8], "4", "--session", "s", "--json")
    assert rated["ratings"]["usage_count"] == again["ratings"]["usage_count"] == 1
    shown = said("show", hit["id"][:8], "--json")
    assert shown["ratings"]["last"] == 4 and shown["confidence"]["n"] > 0
    assert "def order_total" in said("show", hit["id"])
    assert shown["facets"]["parameter_ordering"]["of"] == "order_total"
    assert shown["facet_confidence"].keys() == shown["facets"].keys()
    assert said("history", hit["id"], "--json")[0]["current"] is True


def test_filters_narrow_a_search(indexed: Path, said: Said) -> None:
    assert said("search", "order", "--framework", "fastapi", "--limit", "20", "--json")["results"]
    assert said("search", "order", "--project", "no such project", "--json")["results"] == []


def test_enhance_injects_records_and_takes_an_outcome(
    indexed: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__MIN_RELEVANCE", "0.1")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"Write it.\n"), encoding="utf-8"))
    done = said("enhance", "--task", "order total with tax", "--json")
    assert done["patterns"] and "Write it." in done["prompt"]
    (injection,) = said("injections", "--open", "--json")
    assert injection["id"] == done["injection_id"] and injection["session"] == done["session"]
    pattern = injection["patterns"][0]["id"]
    after = said("outcome", injection["id"], pattern, "success", "--json")
    assert after["patterns"][0]["outcome"] == "success"


def test_enhance_without_a_fit_changes_nothing(
    indexed: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"as \r\n it is"), encoding="utf-8"))
    assert said("enhance", "--task", "zebra quaternion cryptography").encode() == b"as \r\n it is"
    assert said("injections", "--json") == []


def test_extract_gives_paths_that_open_from_here(
    data_dir: Path,
    sample_project: Path,
    said: Said,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(sample_project)
    for argv in (["."], ["shop"], ["shop/pricing.py", "shop/retry.py"], [str(sample_project)]):
        assert run(["extract", *argv, "--all", "--json"]) == 0
        rows = [json.loads(row) for row in capfd.readouterr().out.splitlines()]
        assert rows and all(Path(row["path"]).is_file() for row in rows)
    keys = "path qualname kind line end_line name pattern_type category labels tags language framework "
    keys += "complexity quality dependencies docstring facets code"
    assert set(keys.split()) <= set(rows[0])
    assert not list(data_dir.iterdir())


def test_antipatterns_gives_paths_that_open_from_here(
    data_dir: Path, sample_project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample_project)
    for argv in ([], ["shop"], ["shop/legacy.py", "shop/retry.py"]):
        assert run(["antipatterns", *argv, "--json"]) == 0
        rows = [json.loads(row) for row in capfd.readouterr().out.splitlines()]
        assert {row["path"] for row in rows} >= {"shop/legacy.py"}


def test_a_finding_names_a_better_pattern_and_is_dismissed_for_good(
    indexed: Path, said: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    legacy = indexed / "shop" / "legacy.py"

    def rows(*argv: str) -> list[dict[str, Any]]:
        assert run(["antipatterns", str(legacy), "--json", *argv]) == 0
        return [json.loads(row) for row in capfd.readouterr().out.splitlines()]

    found = rows()
    bare = next(row for row in found if row["label"] == "bare_except")
    assert bare["why"] and bare["instead"]["text"]
    for row in found:
        if row["instead"]["pattern_id"]:
            assert said("show", row["instead"]["pattern_id"], "--json")["name"] == row["pattern_name"]
    assert bare["id"] in said("antipatterns", "--dismiss", bare["id"][:8])
    assert bare["id"] not in {row["id"] for row in rows()}
    legacy.write_text("import os\n\n" + legacy.read_text())
    assert bare["id"] not in {row["id"] for row in rows()}
    assert {row["id"]: row["dismissed"] for row in rows("--dismissed")}[bare["id"]] is True
    said("antipatterns", "--undismiss", bare["id"])
    assert bare["id"] in {row["id"] for row in rows()}


def test_a_finding_in_a_folder_that_is_not_indexed_is_dismissed_too(
    data_dir: Path, sample_project: Path, said: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["antipatterns", str(sample_project), "--json"]) == 0
    first = json.loads(capfd.readouterr().out.splitlines()[0])
    said("antipatterns", "--dismiss", first["id"], str(sample_project))
    assert run(["antipatterns", str(sample_project), "--json"]) == 0
    assert first["id"] not in capfd.readouterr().out
    assert run(["antipatterns", "--dismiss", "ffff", str(sample_project)]) == 1
    assert "no finding has the id" in capfd.readouterr().err


def test_indexing_counts_anti_patterns_once(indexed: Path, said: Said) -> None:
    stats = said("stats", "--json")
    assert stats["examined"] == 7
    assert stats["antipatterns"]["bare_except"] == 1
    assert stats["antipatterns_by_project"] == {indexed.name: stats["antipatterns"]}
    assert sum(stats["antipatterns_by_severity"].values()) == sum(stats["antipatterns"].values())
    assert said("index", str(indexed), "--no-embed", "--json")["examined"] == 0


def test_a_file_that_does_not_parse_is_named_and_the_rest_goes_on(
    data_dir: Path, sample_project: Path, capfd: pytest.CaptureFixture[str], said: Said
) -> None:
    bad = sample_project / "shop" / "bad.py"
    bad.write_bytes(b"def broken(:\n")
    assert run(["extract", str(sample_project), "--json"]) == 0
    told = capfd.readouterr()
    assert told.out and "bad.py" in told.err and told.err.count("\n") == 1
    assert run(["extract", str(bad)]) == 1
    report = said("index", str(sample_project), "--no-embed", "--json")
    assert [each["path"] for each in report["failed"]] == ["shop/bad.py"] and report["patterns"] > 3


def test_backup_and_restore_bring_a_rating_back(indexed: Path, said: Said, tmp_path: Path) -> None:
    pattern = said("search", "order", "--json")["results"][0]["id"]
    said("rate", pattern, "5", "--session", "s")
    copy = said("backup", str(tmp_path / "copy.db"), "--json")["path"]
    said("rate", pattern, "1", "--session", "s")
    said("restore", copy)
    assert said("show", pattern, "--json")["ratings"]["last"] == 5


def test_a_pattern_that_keeps_failing_retires_and_can_come_back(indexed: Path, said: Said) -> None:
    (hit, *_) = said("search", "order total with tax", "--json")["results"]
    for number in range(5):
        said("rate", hit["id"], "1", "--session", f"s{number}")
    (gone,) = said("retired", "--json")
    assert (gone["id"], gone["source"]) == (hit["id"], "rule") and gone["confidence"]["n"] == 5
    assert "surely below 70 %" in said("retired")
    found = said("search", "order total with tax", "--limit", "50", "--json")["results"]
    assert found[-1]["id"] == hit["id"] and found[-1]["retired"] is not None
    told = " ".join(said("show", hit["id"]).split())
    assert "retired: goes into no prompt" in told and "5 times" in told and "rising" in told
    assert said("restore-pattern", hit["id"], "--json")["retired"] is None
    assert "No pattern is retired" in said("retired")
    assert "retired" in said("retire", hit["id"], "--why", "too slow")
    assert said("show", hit["id"], "--json")["usage"]["uses"] == 5
    assert said("rebuild-evidence", "--json") == {"changed": {}}
    assert "Nothing changed" in said("rebuild-evidence")


def test_stats_and_doctor_speak_of_this_library(
    indexed: Path, said: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    assert said("stats", "--json")["projects"] == 1
    run(["doctor", "--json"])
    checks = json.loads(capfd.readouterr().out)["checks"]
    assert {"ok", "warn", "fail"} >= {check["state"] for check in checks} and len(checks) > 5


def test_an_unknown_id_is_one_line(indexed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for argv in (["show", "ffffffff"], ["rate", "ffffffff", "3"], ["similar", "zzzz"], ["history", "x"]):
        assert run(argv) == 1
        told = capfd.readouterr()
        assert told.out == "" and told.err.count("\n") == 1 and "Traceback" not in told.err


def test_an_empty_library_answers(data_dir: Path, said: Said) -> None:
    assert said("search", "anything", "--json")["results"] == []
    assert said("injections", "--json") == []
    assert said("stats", "--json")["patterns"] == 0


def test_a_data_folder_that_cannot_be_made_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert run(["--data-dir", str(tmp_path / "file"), "stats"]) == 2
    assert run(["--data-dir", str(tmp_path / "file" / "below"), "stats"]) == 1
    assert capfd.readouterr().err.count("\n") == 2


def test_watch_once_is_index(data_dir: Path, sample_project: Path, said: Said) -> None:
    done = said("watch", str(sample_project), "--once", "--json")
    assert done["patterns"] > 3 and done["learned"] == []


@pytest.fixture
def watching(data_dir: Path, sample_project: Path) -> Iterator[subprocess.Popen[str]]:
    """``watch --json`` on the sample project, as a process."""
    command = [*COMMAND, "watch", str(sample_project), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_watch_tells_changes_and_ends_cleanly(
    watching: subprocess.Popen[str], sample_project: Path, number: int, code: int
) -> None:
    assert watching.stdout is not None
    first = json.loads(watching.stdout.readline())
    assert first["new"] and set(first) == {"project", "files", "new", "updated", "removed", "failed"}
    watching.send_signal(number)
    _, err = watching.communicate(timeout=180)
    assert watching.returncode == code and "Traceback" not in err


def test_a_backup_goes_over_nothing_but_a_backup(
    indexed: Path, data_dir: Path, said: Said, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    for target, why in ((notes, "is no backup"), (data_dir / "patterns.db", "is the database itself")):
        assert run(["backup", str(target)]) == 1
        told = capfd.readouterr()
        assert why in told.err and told.err.count("\n") == 1 and told.out == ""
    assert notes.read_text() == "mine"
    said("backup", str(tmp_path / "copy.db"))
    said("backup", str(tmp_path / "copy.db"))


def test_a_string_that_has_no_utf8_costs_no_run(data_dir: Path, tmp_path: Path, said: Said) -> None:
    odd, good = (tmp_path / "odd" / name for name in ("odd.py", "good.py"))
    odd.parent.mkdir()
    body = (
        "    for item in items:\n        if item in seen:\n            yield item\n        seen.add(item)\n"
    )
    odd.write_text('def doubled(items, seen):\n    """Items seen \\ud800 before."""\n' + body)
    good.write_text(
        'def twice(items, seen):\n    """Items that come twice."""\n' + body + "    seen.clear()\n"
    )
    assert said("index", str(odd.parent), "--no-embed", "--json")["patterns"] == 2
    (hit,) = (one for one in said("search", "doubled", "--json")["results"] if one["qualname"] == "doubled")
    assert said("show", hit["id"], "--json")["docstring"] == "Items seen ? before."


def test_a_damaged_chroma_folder_is_told_with_what_to_do_while_the_scan_answers(
    data_dir: Path, sample_project: Path, said: Said, capfd: pytest.CaptureFixture[str]
) -> None:
    said("index", str(sample_project), "--json")
    assert said("search", "order", "--json")["index"] == "chroma"
    (data_dir / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    assert run(["search", "order", "--json"]) == 0
    told = capfd.readouterr()
    shape = json.loads(told.out)
    assert shape["index"] == "exact" and shape["results"]
    assert told.err.count("\n") == 1 and "`patterns-tui reindex` builds it again" in told.err
    checks = {each["name"]: each for each in said("doctor", "--json")["checks"]}
    assert checks["Chroma"]["state"] == "warn" and "reindex" in checks["Chroma"]["detail"]
    said("reindex")
    assert said("search", "order", "--json")["index"] == "chroma"


def test_a_named_file_without_findings_that_does_not_parse_is_told(
    data_dir: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.py").write_text("def f(:\n")
    (tmp_path / "good.py").write_text("def f():\n    return 1\n")
    assert run(["antipatterns", str(tmp_path / "bad.py"), str(tmp_path / "good.py"), "--json"]) == 0
    told = capfd.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert told.err.startswith(f"{tmp_path / 'bad.py'}: does not parse")
