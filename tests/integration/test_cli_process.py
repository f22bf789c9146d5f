"""The command as a process: what it loads, pipes that close, and a terminal behind it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "tui_patterns"]
HEAVY = ["pydantic", "textual", "rich", "sqlite3", "asyncio", "numpy", "chromadb", "torch"]


def in_terminal(*argv: str, **env: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    done = subprocess.Popen(
        [*COMMAND, *argv], stdin=theirs, stdout=theirs, stderr=theirs, env={**plain, "TERM": "xterm", **env}
    )
    os.close(theirs)
    chunks: list[bytes] = []
    try:
        while chunk := os.read(ours, 65536):
            chunks.append(chunk)
    except OSError:  # Linux: the other end is closed
        pass
    done.wait(timeout=180)
    os.close(ours)
    return b"".join(chunks).decode()


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(option: str) -> None:
    code = f"import sys\nfrom tui_patterns.cli.main import run\nrun([{option!r}])\n"
    code += f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_version_is_name_and_number() -> None:
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "patterns-tui 0.1.0\n", "")


def test_exit_codes_reach_the_shell(data_dir: Path) -> None:
    done = subprocess.run([*COMMAND, "index", "/not/there"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "patterns-tui: /not/there: no such folder\n"


def test_a_pipe_that_closes_is_no_error(data_dir: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, "themes"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_closed_stdout_is_no_error(data_dir: Path) -> None:
    shell = f'"{sys.executable}" -m tui_patterns themes >&-'
    done = subprocess.run(shell, shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_without_unicode_is_no_error(data_dir: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PATTERNS_TUI_UI__EDITOR": "é"}
    done = subprocess.run([*COMMAND, "config"], capture_output=True, env=env, check=False)
    assert done.returncode == 0 and b'editor = "?"' in done.stdout


def test_colour_is_for_terminals_that_want_it(data_dir: Path) -> None:
    assert "\x1b[1m[watch]" in in_terminal("config")
    assert "\x1b" not in in_terminal("config", NO_COLOR="1")
    assert "\x1b" not in in_terminal("config", TERM="dumb")


def test_enhance_asks_for_the_prompt_instead_of_waiting(data_dir: Path) -> None:
    assert "the prompt comes from standard input" in in_terminal("enhance", "--task", "wrap text")


def test_the_app_needs_a_terminal(data_dir: Path, tmp_path: Path) -> None:
    for argv in ([str(tmp_path)], ["run", str(tmp_path)]):
        done = subprocess.run(
            [*COMMAND, *argv], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        assert done.returncode == 2 and "needs a terminal" in done.stderr


def test_progress_shows_on_a_terminal_and_is_taken_away(data_dir: Path, sample_project: Path) -> None:
    shown = in_terminal("index", str(sample_project), "--no-embed")
    assert "\r\x1b[Kindexing" in shown
    assert shown.rindex("\r\x1b[K") < shown.index("patterns: ")
