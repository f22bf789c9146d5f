"""Copying inside a real tmux: its buffer then holds the text, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_patterns.clipboard import Route, copy

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

REPO = Path(__file__).resolve().parents[2]
TEXTS = {
    "trailing newline": "def f():\n\treturn 1\n",
    "no trailing newline": "x",
    "many newlines": "\n\n  a\r\n\n\n",
    "unicode": "naïve 漢字 😀 e\u0301 \u202e\n",
    "control characters": "\x1b[31mred\x1b[0m \x07 \x7f\n",
    "beyond what OSC 52 carries": "0123456789 é\n" * 20_000,
}


class Tmux:
    """A server of its own, which reads nobody's configuration."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def run(self, *argv: str) -> bytes:
        env = {name: value for name, value in os.environ.items() if name != "TMUX"}
        command = ["tmux", "-S", str(self.socket), "-f", os.devnull, *argv]
        return subprocess.run(command, env=env, capture_output=True, check=True, timeout=180).stdout


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    server = Tmux(tmp_path / "s")
    server.run("new-session", "-d", "-x", "80", "-y", "24", "cat")
    yield server
    server.run("kill-server")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_buffer_equals_the_text(tmux: Tmux, text: str) -> None:
    address = tmux.run("display-message", "-p", "#{socket_path},#{pid},0").decode().strip()
    route = copy(text, env=os.environ | {"TMUX": address})
    assert route == Route("tmux", True, None, "Copied via tmux")
    assert tmux.run("show-buffer") == text.encode()


def test_from_inside_a_pane(tmux: Tmux, tmp_path: Path) -> None:
    """The pane's own environment leads to its server, whatever else it says."""
    script = tmp_path / "in_pane.py"
    script.write_text(
        "import subprocess\nfrom tui_patterns.clipboard import copy\n"
        "route = copy('from the pane é\\n')\n"
        "subprocess.run(['tmux', 'wait-for', '-S', route.name])\n"
    )
    environment = ["-e", f"PYTHONPATH={REPO}", "-e", "SSH_TTY=/dev/pts/0"]
    tmux.run("new-window", "-d", *environment, sys.executable, str(script))
    tmux.run("wait-for", "tmux")
    assert tmux.run("show-buffer") == "from the pane é\n".encode()


def test_a_server_that_is_gone_is_not_a_success(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "TMUX": f"{tmp_path / 'gone'},1,0"}
    assert copy("x", "tools", env, state_dir=tmp_path, platform="linux").name == "file"
