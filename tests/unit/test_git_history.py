"""git is asked about a repository and runs nothing of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tui_patterns.engine.git_history import GitHistory


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, timeout=180)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text("def f():\n    return 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "One")
    return tmp_path


def test_the_last_commit_and_its_files_below_a_folder(root: Path) -> None:
    for folder, path in ((root, "sub/a.py"), (root / "sub", "a.py")):
        history = GitHistory(folder)
        head = history.head()
        assert head is not None and head.at > 1e9
        assert history.committed(head, path) == ["def f():", "return 1", ""]
        assert history.committed(head, "missing.py") is None


def test_a_commit_changes_the_signature(root: Path) -> None:
    history = GitHistory(root)
    before = history.signature()
    assert before == history.signature() is not None
    (root / "b.py").write_text("")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Two")
    assert history.signature() != before


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    history = GitHistory(tmp_path)
    assert history.signature() is None and history.head() is None
    (tmp_path / ".git").mkdir()
    assert history.head() is None


def test_programs_named_by_the_repository_are_not_run(root: Path) -> None:
    trap = root / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {root}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external"):
        git(root, "config", key, str(trap))
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "filter.x.smudge", str(trap))
    git(root, "config", "diff.x.textconv", str(trap))
    (root / ".gitattributes").write_text("*.py filter=x diff=x\n")
    history = GitHistory(root)
    head = history.head()
    assert head is not None and history.committed(head, "sub/a.py")
    assert not (root / "sprung").exists()
