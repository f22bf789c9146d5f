"""A project file in a watched folder is untrusted: it sets what is listed as safe, and nothing stops."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.settings import PROJECT_FILE, Settings, load_settings
from tui_patterns.settings.layers import SAFE_IN_PROJECT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize("dotted", sorted(SAFE_IN_PROJECT))
def test_a_project_may_set_what_is_safe(dotted: str, project: Path) -> None:
    section, _, key = dotted.partition(".")
    value: Any = ["docs/"] if key in {"ignore", "opt_out"} else 1
    text = f"[{section}]\n{key} = {value}\n".replace("'", '"')
    written(project / PROJECT_FILE, text)
    settings = load_settings(project=project)
    assert settings.values()[section][key] == value
    assert settings.warnings == ()


UNSAFE = [
    f"{section}.{key}"
    for section, body in Settings().values().items()
    for key in body
    if f"{section}.{key}" not in SAFE_IN_PROJECT
]


@pytest.mark.parametrize("dotted", [*UNSAFE, "ui.colour", "commands.run"])
def test_a_project_may_set_nothing_else(dotted: str, project: Path) -> None:
    section, _, key = dotted.partition(".")
    tables = {"watch": "ignore = ['a']\n"}
    tables[section] = f"{key} = 1\n{tables.get(section, '')}"
    written(project / PROJECT_FILE, "".join(f"[{name}]\n{body}" for name, body in tables.items()))
    settings = load_settings(project=project)
    assert settings.values() == load_settings(overrides={"watch.ignore": ["a"]}).values()
    assert len(settings.warnings) == 1
    assert settings.warnings[0].startswith(f"{project / PROJECT_FILE}: {dotted}: not for a project file")


def test_what_is_wrong_in_a_project_is_left_out_and_the_rest_goes_on(project: Path) -> None:
    written(project / PROJECT_FILE, "x = 1\n[extraction]\nmin_quality = 7\nmin_lines = 9\n")
    settings = load_settings(project=project)
    assert settings.extraction.min_lines == 9
    assert settings.extraction.min_quality == 0
    assert [line.split(": ")[1] for line in settings.warnings] == ["x", "extraction.min_quality"]


def test_a_broken_project_file_is_a_warning(project: Path) -> None:
    path = written(project / PROJECT_FILE, "[watch")
    assert load_settings(project=project).warnings[0].startswith(f"{path}: not valid TOML")
    path.write_text("# " + "x" * 100_000)
    assert "larger than 64 KiB" in load_settings(project=project).warnings[0]


def test_a_project_file_that_would_never_end_is_not_read(project: Path) -> None:
    os.mkfifo(project / PROJECT_FILE)
    assert "not a file" in load_settings(project=project).warnings[0]


def test_the_users_ignore_rules_come_last(project: Path, tmp_path: Path) -> None:
    config = written(tmp_path / "config.toml", "[watch]\nignore = ['mine/']\n")
    written(project / PROJECT_FILE, "[watch]\nignore = ['!mine/', 'docs/']\n")
    assert load_settings(config, project).watch.ignore == ["!mine/", "docs/", "mine/"]
