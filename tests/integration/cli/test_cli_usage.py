"""Help, settings, exit codes, and one clear line for what goes wrong."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tui_patterns.api
from tests.integration.cli.stand_in import Api, Check, Said
from tui_patterns.cli import output
from tui_patterns.cli.catalog import ENTRIES
from tui_patterns.models import Finding


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


@pytest.mark.parametrize(
    "argv",
    [
        ["--data-dir", "", "stats"],
        ["--config", "", "stats"],
        [""],
        ["index", ""],
        ["watch", "--once", ""],
        ["extract", ""],
        ["backup", ""],
        ["restore", ""],
        ["config", ""],
    ],
)
def test_an_empty_path_is_refused_and_never_means_here(api: Api, said: Said, argv: list[str]) -> None:
    code, out, err = said(*argv)
    assert (code, out) == (2, "") and err.count("\n") == 1 and "the path is empty" in err
    assert api.indexed == []


@pytest.mark.parametrize("group", ["sessions", "forget", "experiment"])
def test_a_group_without_its_command_names_those_there_are(said: Said, group: str) -> None:
    code, out, err = said(group)
    assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 200
    assert err.startswith(f"patterns-tui: `patterns-tui {group}` needs a command: ")


def test_a_global_option_without_its_value_is_not_told_to_stand_elsewhere(said: Said) -> None:
    code, _, err = said("--data-dir")
    assert code == 2 and "requires an argument" in err and "stands before" not in err


def test_a_word_left_out_of_a_search_looks_like_an_option_and_is_explained(said: Said) -> None:
    code, _, err = said("search", "retry", "-async")
    assert code == 2 and 'in quotes: "retry -async"' in err and err.count("\n") == 1


def test_a_home_that_nobody_has_is_one_line(api: Api, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = said("~nobody-of-that-name/x")
    assert code == 2 and "no such folder" in err
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", "~nobody-of-that-name/x")
    code, out, err = said("stats")
    assert (code, out) == (2, "") and "--data-dir" in err and "unexpected" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_folder_whose_name_is_no_text_is_one_line(api: Api, said: Said, tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    Path(folder).mkdir()
    for command in ("index", "watch"):
        code, out, err = said(command, folder)
        assert (code, out) == (2, "") and "not UTF-8" in err and err.count("\n") == 1


def test_config_path_as_json(said: Said, data_dir: Path) -> None:
    plain = said("config", "--path")[1].strip()
    assert json.loads(said("config", "--path", "--json")[1]) == {"path": plain}


def test_what_is_no_choice_is_told_without_the_words_of_a_library(said: Said) -> None:
    code, _, err = said("graph", "--format", "svg")
    assert code == 2 and "'svg' is not one of" in err and "Value error" not in err
