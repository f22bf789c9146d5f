"""What is left out: git's own rules to the letter, and what no project wrote itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine import gitignore
from tui_patterns.engine.discovery import walk
from tui_patterns.engine.ignore import IgnoreRules

NAMES = ("a", "b", "ab", "logs", "x1")
FILES = ("a.py", "b.py", "a_b.py", "note.py")
GIT = shutil.which("git")


def make(root: Path, *files: str, text: str = "x = 1\n") -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def found(root: Path, *extra: str) -> list[str]:
    return [file.rel for file in walk(root, IgnoreRules(root, extra))]


segments = st.sampled_from([*NAMES, *FILES, "*", "a*", "*.py", "?", "[ab]", "**", "a?b", "*b"])
patterns = st.builds(
    lambda negate, start, parts, end: f"{negate}{start}{'/'.join(parts)}{end}",
    st.sampled_from(["", "", "", "!"]),
    st.sampled_from(["", "", "/", "**/"]),
    st.lists(segments, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/**", "/*", " "]),
).filter(lambda pattern: pattern.replace("**", "").count("*") <= gitignore.MAX_STARS)
folders = st.lists(st.sampled_from(NAMES), max_size=3).map("/".join)
paths = st.builds(lambda folder, name: f"{folder}/{name}".lstrip("/"), folders, st.sampled_from(FILES))


@pytest.mark.skipif(GIT is None, reason="git is the judge here")
@settings(max_examples=60)
@given(
    files=st.sets(paths, min_size=1, max_size=12),
    rules=st.dictionaries(folders, st.lists(patterns, max_size=4), max_size=3),
    exclude=st.lists(patterns, max_size=2),
)
def test_the_walk_finds_what_git_finds(
    files: set[str], rules: dict[str, list[str]], exclude: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        make(root, *files)
        for folder, lines in rules.items():
            make(root, f"{folder}/.gitignore".lstrip("/"), text="\n".join(lines))
        make(root, ".git/info/exclude", text="\n".join(exclude))
        listed = subprocess.run(
            ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-o", "-z", "--exclude-standard"],
            cwd=root, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert sorted(found(root)) == sorted(path for path in listed.stdout.split("\0") if path[-3:] == ".py")


@pytest.mark.parametrize(
    "folder",
    [
        ".git", ".hg", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", ".mypy_cache",
        "_vendor", "vendor", "third_party", "build", "dist", "thing.egg-info", "lib/site-packages",
    ],
)  # fmt: skip
def test_folders_that_hold_nobodys_own_code_are_left_out(tmp_path: Path, folder: str) -> None:
    make(tmp_path, f"{folder}/deep/a.py", f"src/{folder}/a.py", "keep.py")
    assert found(tmp_path) == ["keep.py"]


@pytest.mark.parametrize("sign", ["pyvenv.cfg", "conda-meta/history"])
def test_an_environment_is_known_by_what_is_in_it(tmp_path: Path, sign: str) -> None:
    make(tmp_path, f"my-env/{sign}", "my-env/lib/a.py", "keep.py")
    assert found(tmp_path) == ["keep.py"]


def test_a_package_called_build_is_source(tmp_path: Path) -> None:
    make(tmp_path, "src/build/__init__.py", "src/build/wheel.py", "build/lib/copy.py")
    assert found(tmp_path) == ["src/build/__init__.py", "src/build/wheel.py"]


def test_names_that_start_with_an_underscore_are_source(tmp_path: Path) -> None:
    make(tmp_path, "_private.py", "_inner/_mod.py", "__main__.py")
    assert sorted(found(tmp_path)) == ["__main__.py", "_inner/_mod.py", "_private.py"]


def test_a_root_that_is_named_is_always_entered(tmp_path: Path) -> None:
    site = tmp_path / ".venv/lib/python3.11/site-packages"
    make(site, "rich/wrap.py", "rich/_wrap.py", "rich/__pycache__/wrap.py")
    make(tmp_path, ".venv/pyvenv.cfg", ".git/HEAD", ".gitignore", text=".venv/\nlib/\nwrap.py\n")
    make(tmp_path / ".venv", ".gitignore", text="*\n")
    assert found(site / "rich") == ["_wrap.py", "wrap.py"]


def test_rules_of_the_repository_above_hold_for_a_folder_in_it(tmp_path: Path) -> None:
    make(tmp_path, ".git/HEAD", "src/app/a.py", "src/app/local_a.py", "src/local_b.py")
    make(tmp_path, ".gitignore", text="/src/local_*.py\nlocal_a.py\n")
    assert found(tmp_path / "src") == ["app/a.py"]


def test_a_worktree_has_the_excludes_of_its_repository(tmp_path: Path) -> None:
    make(tmp_path, "main/.git/info/exclude", text="mine.py\n")
    make(tmp_path, "main/.git/worktrees/w/commondir", text="../..\n")
    make(tmp_path, "tree/.git", text=f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    make(tmp_path, "tree/mine.py", "tree/all.py")
    assert found(tmp_path / "tree") == ["all.py"]


def test_extra_rules_come_first(tmp_path: Path) -> None:
    make(tmp_path, "vendor/ours.py", "legacy/a.py", "b.py")
    make(tmp_path, ".gitignore", text="b.py\n")
    assert found(tmp_path, "legacy/", "!vendor/", "!b.py") == ["b.py", "vendor/ours.py"]


def test_changed_rules_hold_after_a_reload(tmp_path: Path) -> None:
    make(tmp_path, "gen/a.py")
    rules = IgnoreRules(tmp_path)
    assert not rules.ignored("gen/a.py")
    make(tmp_path, ".gitignore", text="gen/\n")
    rules.reload()
    assert rules.ignored("gen/a.py")
    assert rules.dir_ignored("gen/deeper")


def test_an_ignore_file_that_is_a_link_or_no_file_is_not_read(tmp_path: Path) -> None:
    make(tmp_path, "rules.txt", text="*\n")
    (tmp_path / ".gitignore").symlink_to(tmp_path / "rules.txt")
    make(tmp_path, "a.py", "sub/b.py")
    os.mkfifo(tmp_path / "sub/.gitignore")
    assert found(tmp_path) == ["a.py", "sub/b.py"]


def test_lines_that_git_would_refuse_are_passed_over() -> None:
    spec = gitignore.parse(["!", "\\", "# note", "", "a.py", "x" * 1000])
    assert spec is not None
    assert spec.check_file("a.py").include is True


def test_a_pattern_that_takes_ages_to_match_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore", text="*a" * 20 + "b\n")
    rules = IgnoreRules(tmp_path)
    began = time.thread_time()
    assert not rules.ignored("a" * 250)
    assert time.thread_time() - began < 1


@pytest.mark.parametrize(
    "head",
    [
        b"# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n",
        b"# Code generated by sqlc. DO NOT EDIT.\n",
        b"# @generated by tool\n",
        b'"""This file was autogenerated; do not edit."""\n',
        b"# This file is automatically generated by make.\n# Do not edit it by hand.\n",
        b"# Generated by Django 4.2 on 2024-01-01 10:00\n",
    ],
)
def test_generated_code_is_known_by_its_head(head: bytes) -> None:
    assert IgnoreRules.generated(head)


@pytest.mark.parametrize(
    "head",
    [
        b"MARKERS = ['@generated', 'DO NOT EDIT']\n",
        b"def generated():\n    return '# Code generated by hand'\n",
        b"# Names generated by the parser are cached here.\n",
        b"x = 1\n" * 2000 + b"# @generated\n",
    ],
)
def test_code_about_generated_code_is_not_generated(head: bytes) -> None:
    assert not IgnoreRules.generated(head)


@given(st.binary(max_size=300))
def test_any_head_can_be_asked(head: bytes) -> None:
    assert IgnoreRules.generated(b"# @generated\n" + head)
    IgnoreRules.generated(head)


def test_reasons_to_skip_a_file(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "big.py", "a.py", "api_pb2.py", "ignored.py")
    make(root, "big.py", text="x" * 100)
    make(root, ".gitignore", text="ignored.py\n")
    make(tmp_path, "outside.py")
    os.mkfifo(root / "fifo.py")
    (root / "out.py").symlink_to(tmp_path / "outside.py")
    (root / "in.py").symlink_to(root / "a.py")
    (root / "loop.py").symlink_to(root / "loop.py")
    rules = IgnoreRules(root, max_bytes=50)
    reasons = {
        file.name: rules.skip_reason(file, file.name, file.lstat()) for file in root.iterdir() if file.suffix
    }
    assert reasons == {
        "big.py": "too_large", "a.py": None, "api_pb2.py": "generated", "ignored.py": "ignored",
        "fifo.py": "not_regular", "out.py": "outside_root", "in.py": "linked", "loop.py": "not_regular",
    }  # fmt: skip
