"""Copying text by the best route that this terminal has, and saying which one it was.

Order of ``auto``: tmux's own buffer; over SSH the terminal only, since a tool there
would fill the clipboard of the wrong machine; the tool of the desktop; the terminal
(OSC 52, xterm's "Manipulate Selection Data", which answers nothing); a file.
All of it blocks, for two seconds a tool at most: call it in a worker thread.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["auto", "osc52", "tools", "file"]
Runner = Callable[[Sequence[str], bytes, Mapping[str, str]], bool]

TIMEOUT_S = 2.0
OSC52_LIMIT = 70_000
_FILE = "copied.txt"


@dataclass(frozen=True, slots=True)
class Route:
    """How text went out. ``verified``: it is known to have arrived where ``message`` says."""

    name: str
    verified: bool
    path: Path | None
    message: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes the text on its standard input."""

    name: str
    argv: tuple[str, ...]
    message: str
    encoding: str = "utf-8"


# -w passes the buffer on to the outer terminal's clipboard, from tmux 3.2 on.
_TMUX = (
    Tool("tmux", ("tmux", "load-buffer", "-w", "-"), "Copied via tmux"),
    Tool("tmux", ("tmux", "load-buffer", "-"), "Copied to tmux's buffer (paste it with prefix ])"),
)
_WAYLAND = Tool("wl-copy", ("wl-copy",), "Copied via wl-copy")
_MACOS = Tool("pbcopy", ("pbcopy",), "Copied via pbcopy")
_X11 = (
    Tool("xclip", ("xclip", "-selection", "clipboard", "-in"), "Copied via xclip"),
    Tool("xsel", ("xsel", "--clipboard", "--input"), "Copied via xsel"),
)
_WINDOWS = Tool("clip.exe", ("clip.exe",), "Copied via clip.exe", "utf-16-le")


def run_tool(argv: Sequence[str], data: bytes, env: Mapping[str, str]) -> bool:
    """Whether the program took ``data`` and ended well within two seconds."""
    try:
        # xclip goes on in the background holding its outputs: a pipe would never close.
        done = subprocess.run(
            list(argv),
            input=data,
            env=dict(env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def copy(
    text: str,
    mode: Mode = "auto",
    env: Mapping[str, str] = os.environ,
    *,
    runner: Runner = run_tool,
    write_terminal: Callable[[str], None] | None = None,
    state_dir: Path | None = None,
    platform: str = sys.platform,
) -> Route:
    """Copy ``text``; never raises, and never claims a success that is not known.

    ``write_terminal`` writes to the terminal as it is (None: there is none);
    ``state_dir`` is where a file goes, readable by its owner only.
    """
    for tool in _tools(env, platform) if mode in ("auto", "tools") else ():
        if runner(tool.argv, text.encode(tool.encoding, "replace"), env):
            return Route(tool.name, True, None, tool.message)
    if mode in ("auto", "osc52") and write_terminal is not None and _fits(text):
        with suppress(OSError, ValueError):
            write_terminal(osc52(text))
            return Route("osc52", False, None, "Sent to the terminal (OSC 52)")
    return _to_file(text, state_dir)


def detect(env: Mapping[str, str] = os.environ, mode: Mode = "auto", platform: str = sys.platform) -> str:
    """The route that ``copy`` would try first, by name, without copying anything."""
    for tool in _tools(env, platform) if mode in ("auto", "tools") else ():
        if shutil.which(tool.argv[0], path=env.get("PATH")):
            return tool.name
    return "osc52" if mode in ("auto", "osc52") else "file"


def osc52(text: str) -> str:
    """The control sequence that sets the terminal's clipboard."""
    return f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"


def _fits(text: str) -> bool:
    """Terminals cut or drop longer sequences without a word."""
    return len(text.encode("utf-8", "replace")) <= OSC52_LIMIT


def _tools(env: Mapping[str, str], platform: str) -> Iterator[Tool]:
    if env.get("TMUX"):
        yield from _TMUX
    if any(env.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return
    if env.get("WAYLAND_DISPLAY"):
        yield _WAYLAND
    if platform == "darwin":
        yield _MACOS
    if env.get("DISPLAY"):
        yield from _X11
    if platform == "win32" or env.get("WSL_DISTRO_NAME"):
        yield _WINDOWS


def _to_file(text: str, state_dir: Path | None) -> Route:
    if state_dir is None:
        return Route("none", False, None, "Not copied: no clipboard is within reach here")
    try:
        path = _write(text, state_dir)
    except OSError as error:
        return Route("none", False, None, f"Not copied: cannot write to {state_dir} ({error.strerror})")
    return Route("file", True, path, f"Written to {path}")


def _write(text: str, folder: Path) -> Path:
    """The text as a file of mode 0600, complete or not there at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".copied-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        path = folder / _FILE
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    return path
