"""Reading files, indexing and examining: what the command line promises of its answers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.integration.cli.stand_in import ID, Api, Said
from tui_patterns.models import ParsedFile


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


def test_a_named_file_that_is_not_read_is_told(api: Api, said: Said, tmp_path: Path) -> None:
    api.parsed = [ParsedFile("big.py", "", "python", 0, skipped="too_large")]
    (tmp_path / "big.py").touch()
    code, out, err = said("extract", str(tmp_path / "big.py"), "--json")
    assert (code, out) == (1, "") and err.endswith("big.py: left out: larger than watch.max_file_kb\n")
    assert said("extract", str(tmp_path))[0] == 0


@pytest.mark.parametrize("command", ["extract", "antipatterns"])
def test_a_device_is_neither_file_nor_folder(api: Api, said: Said, command: str) -> None:
    code, out, err = said(command, os.devnull)
    assert (code, out) == (2, "") and "neither a file nor a folder" in err
