"""Prompts from commits: what is asked is what the message says, what is right is what the commit changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.commits import cleaned, collect, is_source

BEFORE = """\
class Client:
    def send(self):
        '''Send.'''
        return 1

    def stop(self):
        return 2
"""
MESSAGE = """\
Let the client send everything twice (#12)

Since 4f2a91c it was lost.

Signed-off-by: A <a@b.c>"""


def git(folder: Path, *arguments: str) -> None:
    told = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments]
    subprocess.run(told, check=True, capture_output=True)


def commit(folder: Path, message: str, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def test_a_message_is_asked_without_trailers_hashes_and_numbers() -> None:
    assert cleaned(MESSAGE) == "Let the client send everything twice\n\nSince  it was lost."
    assert cleaned("Fixes #3, as https://a.b/c has it; added files") == ", as  has it; added files"


def test_tests_and_documentation_are_no_source() -> None:
    paths = ["a/b.py", "tests/b.py", "a/test_b.py", "docs/conf.py", "a/b.md"]
    assert [path for path in paths if is_source(path)] == ["a/b.py"]


def test_what_is_right_is_what_was_changed_and_stood_there_before(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q")
    commit(origin, "first", client=BEFORE)
    commit(origin, MESSAGE, client=BEFORE.replace("return 1", "return 1 + 1") + "\n\ndef new():\n    pass\n")
    commit(origin, "Say in other words what sending does here", client=BEFORE.replace("Send.", "Send it."))
    commit(origin, "too short", client=BEFORE.replace("return 2", "return 3"))
    (asked,) = [one for one in collect(origin, tmp_path / "tree", 1) if "twice" in one.text]
    assert asked.changed == {("client.py", "Client.send")}
    assert (tmp_path / "tree" / "client.py").read_text("utf-8") == BEFORE
