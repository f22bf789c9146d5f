"""The layers of the settings, their errors, and ``config.toml`` against the model."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.resources import resource
from tui_patterns.settings import (
    PROJECT_FILE,
    Settings,
    SettingsError,
    asked_in_vain,
    cache_dir,
    data_dir,
    load_settings,
    unsupported,
    user_config_path,
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def refused(**layers: Any) -> str:
    """The error line of settings that must not load."""
    with pytest.raises(SettingsError) as caught:
        load_settings(**layers)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_config_toml_holds_every_key_with_its_default() -> None:
    shipped = tomllib.loads(resource("config.toml").read_text())
    assert shipped == Settings().values()
    assert [list(body) for body in shipped.values()] == [list(b) for b in Settings().values().values()]


def test_config_toml_has_a_comment_above_every_key() -> None:
    lines = resource("config.toml").read_text().splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"\w+ = ", line)]
    assert len(keys) == sum(len(body) for body in Settings().values().values())
    assert [lines[number] for number in keys if not lines[number - 1].startswith("# ")] == []


def test_config_toml_is_a_valid_config_file() -> None:
    assert load_settings(resource("config.toml")) == Settings()


def test_without_any_file_there_are_the_defaults() -> None:
    assert load_settings() == Settings()
    assert load_settings().warnings == ()


def test_each_layer_lies_over_the_one_before(
    project: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lines(**more: Any) -> int:
        return load_settings(**more).extraction.min_lines

    assert lines() == 5
    written(user_config_path(), "[extraction]\nmin_lines = 6\n")
    assert lines() == 6
    written(config, "[extraction]\nmin_lines = 7\n")
    assert lines(config=config) == 7
    written(project / PROJECT_FILE, "[extraction]\nmin_lines = 8\n")
    assert lines(config=config, project=project) == 8
    monkeypatch.setenv("PATTERNS_TUI_EXTRACTION__MIN_LINES", "9")
    assert lines(config=config, project=project) == 9
    assert lines(config=config, project=project, overrides={"extraction.min_lines": 10}) == 10


def test_layers_change_only_the_keys_they_name(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(config, '[ui]\ntheme = "patterns-light"\nkeymap = {quit = "x"}\n')
    monkeypatch.setenv("PATTERNS_TUI_UI__EDITOR", "vi")
    overrides = {"ui": {"keymap": {"help": "f1"}, "theme": None}, "search.default_limit": None}
    settings = load_settings(config, overrides=overrides)
    assert settings.ui.theme == "patterns-light"
    assert settings.ui.editor == "vi"
    assert settings.ui.keymap == {"quit": "x", "help": "f1"}
    assert settings.search.default_limit == 5


@pytest.mark.parametrize(
    ("name", "value", "section", "expected"),
    [
        ("EXTRACTION__LANGUAGES", "python, go", "extraction", ["python", "go"]),
        ("EXTRACTION__LANGUAGES", '["python"]', "extraction", ["python"]),
        ("INJECTION__ENABLED", "no", "injection", False),
        ("INDEX__CHROMA_HEADERS", '{"X-Token": "t"}', "index", {"X-Token": "t"}),
        ("UI__KEYMAP__QUIT", "ctrl+q", "ui", {"quit": "ctrl+q"}),
        ("SEARCH__MIN_RELEVANCE", "0.25", "search", 0.25),
    ],
)
def test_environment_values_are_read_as_text(
    name: str, value: str, section: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PATTERNS_TUI_{name}", value)
    key = name.lower().split("__")[1]
    assert getattr(getattr(load_settings(), section), key) == expected


def test_the_data_folder_is_not_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", "/somewhere")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("text", "wrong", "hint"),
    [
        ("[serch]\nx = 1", "serch: no such section", 'did you mean "search"?'),
        ("[search]\ndefault_limt = 1", "search.default_limt: no such key", '"search.default_limit"?'),
        ("[injection]\nmin_relevance = 1", "injection.min_relevance: no such key", '"search.min_relevance"?'),
        ("[search]\nzzz = 1", "search.zzz: no such key", "keys of search are default_limit"),
        ("[search]\ndefault_limit = '5'", "search.default_limit: must be a valid integer", "not '5'"),
        ("[search]\ndefault_limit = true", "search.default_limit: must be a valid integer", "not True"),
        ("[search]\nmin_relevance = 60", "search.min_relevance: must be less than or equal to 1", "not 60"),
        ("[ui]\nclipboard = 'osc51'", "ui.clipboard: must be 'auto', ", 'did you mean "osc52"?'),
        ("[extraction]\nlanguages = 'python'", "extraction.languages: must be a valid list", "'python'"),
        ("[index]\nchroma = 'ftp://x'", "index.chroma: must be empty or begin with http", "'ftp://x'"),
        ("search = 1", "search: must be a section", "[search]"),
        ("[search\n", "not valid TOML", "line 1"),
        ('[ui]\ntheme = "\\u001b]0;x\\u0007"\nx = 1', "ui.x: no such key", "keys of ui"),
    ],
)
def test_a_wrong_config_file_gives_one_line(config: Path, text: str, wrong: str, hint: str) -> None:
    error = refused(config=written(config, text))
    assert error.startswith(f"{config}: {wrong}")
    assert hint in error


def test_a_config_file_that_was_named_must_exist(tmp_path: Path) -> None:
    assert "no such file" in refused(config=tmp_path / "none.toml")
    assert "not a file" in refused(config=tmp_path)


def test_a_config_file_must_be_utf_8(config: Path) -> None:
    config.write_bytes(b"[ui]\ntheme = '\xff'\n")
    assert "not UTF-8 (byte 14)" in refused(config=config)


def test_errors_never_show_a_token(config: Path) -> None:
    assert "secret" not in refused(config=written(config, '[index.chroma_headers]\na = ["secret"]\n'))
    assert "secret" not in repr(load_settings(overrides={"index.chroma_headers": {"a": "secret"}}))


def test_errors_show_escape_sequences_as_text(config: Path) -> None:
    error = refused(config=written(config, '[search]\n"\\u001b[2J" = 1\n'))
    assert "\x1b" not in error


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("SERCH__X", "1", 'serch: no such section; did you mean "search"?'),
        ("SEARCH__DEFAULT_LIMT", "1", 'no such key; did you mean "search.default_limit"?'),
        ("SEARCH__DEFAULT_LIMIT", "many", "must be a valid integer, not 'many'"),
        ("WATCH__IGNORE", "[1]", "watch.ignore.0: must be a valid string"),
        ("INDEX__CHROMA_HEADERS", "x", "must be a valid dictionary"),
        ("WATCH__IGNORE__X", "1", "watch.ignore: must be a valid list"),
    ],
)
def test_a_wrong_variable_is_named(
    name: str, value: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PATTERNS_TUI_{name}", value)
    error = refused()
    assert error.startswith(f"environment variable PATTERNS_TUI_{'__'.join(name.split('__')[:2])}: ")
    assert wrong in error


def test_a_wrong_flag_is_named() -> None:
    assert refused(overrides={"search.default_limit": 0}).startswith("command line: search.default_limit: ")
    assert "no such section" in refused(overrides={"serch.default_limit": 0})


def test_what_is_not_supported_is_reported() -> None:
    asked = {"extraction": {"languages": ["python", "typescript", "pyton"], "frameworks": ["flask", "react"]}}
    assert unsupported(load_settings(overrides=asked)) == [
        "language typescript is not supported yet; its files are skipped",
        'language pyton is not supported yet; its files are skipped; did you mean "python"?',
        "framework react is not supported yet; it is not recognised",
    ]


def test_a_run_tells_only_what_somebody_asked_for_in_vain() -> None:
    assert asked_in_vain(load_settings()) == [] != unsupported(load_settings())
    asked = {"extraction": {"languages": ["python", "typescript", "cobol"]}}
    assert asked_in_vain(load_settings(overrides=asked)) == [
        "language cobol is not supported yet; its files are skipped"
    ]


def test_globs_of_reports_that_would_leave_the_project_are_reported() -> None:
    globs = ["out/*.xml", "../x.xml", "/tmp/x.xml", "**/x.xml", ""]
    told = unsupported(load_settings(overrides={"extraction.test_reports": globs}))
    assert [line.split()[1] for line in told if "test_reports" in line][:3] == globs[1:4]
    assert sum("test_reports" in line for line in told) == 4


def test_settings_cannot_be_changed_once_loaded() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(load_settings().search, "default_limit", 1)  # noqa: B010 - mypy forbids to assign it


def test_folders(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_dir().is_relative_to(home)
    assert user_config_path().is_relative_to(home)
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(tmp_path / "env"))
    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(tmp_path / "cache"))
    assert data_dir() == tmp_path / "env"
    assert data_dir(tmp_path / "flag") == tmp_path / "flag"
    assert cache_dir() == tmp_path / "cache"


def test_importing_the_settings_loads_nothing_heavy() -> None:
    code = "import sys, tui_patterns.settings; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"textual", "rich", "numpy", "chromadb", "torch", "onnxruntime", "astroid"} & set(loaded)
