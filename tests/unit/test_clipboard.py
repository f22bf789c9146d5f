"""The clipboard chain: the right route for each terminal, and no success that is not known."""

from __future__ import annotations

import base64
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tui_patterns.clipboard import OSC52_LIMIT, Mode, Route, copy, detect, osc52, run_tool

TEXT = "def f():\n    return 'é漢😀'\n"
TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}
SSH = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
WAYLAND, X11, WSL = {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":0"}, {"WSL_DISTRO_NAME": "Ubuntu"}


class Tools:
    """Programs that exist by name; remembers what was started and what it was given."""

    def __init__(self, *working: str) -> None:
        self.working = working
        self.started: list[tuple[str, ...]] = []
        self.given = b""

    def __call__(self, argv: Sequence[str], data: bytes, env: Mapping[str, str]) -> bool:
        self.started.append(tuple(argv))
        self.given = data
        return argv[0] in self.working or " ".join(argv) in self.working


def send(
    env: dict[str, str], tools: Tools, mode: Mode = "auto", platform: str = "linux", **more: object
) -> tuple[Route, list[str]]:
    """The route taken, and what the terminal got."""
    terminal: list[str] = []
    route = copy(TEXT, mode, env, runner=tools, write_terminal=terminal.append, platform=platform)
    return route, terminal


@pytest.mark.parametrize(
    ("env", "platform", "tool"),
    [
        (TMUX, "linux", "tmux"),
        (TMUX | SSH | X11, "linux", "tmux"),
        (WAYLAND | X11, "linux", "wl-copy"),
        ({}, "darwin", "pbcopy"),
        (X11, "linux", "xclip"),
        (X11, "linux", "xsel"),
        (WSL, "linux", "clip.exe"),
        ({}, "win32", "clip.exe"),
    ],
)
def test_each_terminal_has_its_tool(env: dict[str, str], platform: str, tool: str) -> None:
    tools = Tools(tool)
    route, terminal = send(env, tools, platform=platform)
    assert route == Route(tool, True, None, f"Copied via {tool}")
    assert terminal == []
    assert tools.given.decode("utf-16-le" if tool == "clip.exe" else "utf-8") == TEXT


def test_tmux_passes_the_text_on_and_an_old_one_keeps_it() -> None:
    tools = Tools("tmux")
    send(TMUX, tools)
    assert tools.started == [("tmux", "load-buffer", "-w", "-")]
    route, _ = send(TMUX, Tools("tmux load-buffer -"))
    assert (route.name, route.verified) == ("tmux", True)
    assert route.message == "Copied to tmux's buffer (paste it with prefix ])"


def test_over_ssh_only_the_terminal_is_asked() -> None:
    tools = Tools("wl-copy", "xclip", "pbcopy", "clip.exe")
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        route, terminal = send({name: "x"} | WAYLAND | X11 | WSL, tools, platform="darwin")
        assert route == Route("osc52", False, None, "Sent to the terminal (OSC 52)")
        assert terminal == [osc52(TEXT)]
    assert tools.started == []


def test_the_terminal_is_asked_when_no_tool_works() -> None:
    tools = Tools()
    route, terminal = send(WAYLAND | X11, tools)
    assert [argv[0] for argv in tools.started] == ["wl-copy", "xclip", "xsel"]
    assert (route.name, route.verified, terminal) == ("osc52", False, [osc52(TEXT)])


def test_osc52_holds_the_text() -> None:
    sequence = osc52(TEXT)
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\x07")
    assert base64.b64decode(sequence[7:-1]).decode() == TEXT


def test_modes() -> None:
    tools = Tools("tmux", "xclip")
    assert send(TMUX | X11, tools, "osc52")[0].name == "osc52"
    assert tools.started == []
    assert send(X11, Tools(), "tools")[0].name == "none", "tools only: the terminal is not asked"
    assert send(TMUX | X11, tools, "file")[0].name == "none"
    assert tools.started == []


def test_a_file_is_private_and_exact(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    (tmp_path / "new").mkdir()
    route = copy("old", "file", {}, state_dir=folder)
    route = copy(TEXT, "file", {}, state_dir=folder)
    assert route.path is not None
    assert route == Route("file", True, route.path, f"Written to {route.path}")
    assert route.path.read_bytes() == TEXT.encode()
    assert stat.S_IMODE(route.path.stat().st_mode) == 0o600
    assert [entry.name for entry in folder.iterdir()] == [route.path.name]


def test_what_terminals_would_cut_goes_to_a_file(tmp_path: Path) -> None:
    for text, name in (("é" * (OSC52_LIMIT // 2), "osc52"), ("é" * (OSC52_LIMIT // 2) + "x", "file")):
        terminal: list[str] = []
        route = copy(text, "auto", {}, write_terminal=terminal.append, state_dir=tmp_path, platform="linux")
        assert route.name == name
        assert bool(terminal) == (name == "osc52")


def test_a_closed_terminal_leads_to_a_file(tmp_path: Path) -> None:
    def closed(_: str) -> None:
        raise OSError(5, "Input/output error")

    route = copy(TEXT, "auto", {}, write_terminal=closed, state_dir=tmp_path, platform="linux")
    assert route.name == "file"


def test_nothing_possible_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert copy(TEXT, "file", {}).message == "Not copied: no clipboard is within reach here"
    route = copy(TEXT, "file", {}, state_dir=blocked / "state")
    assert (route.name, route.verified, route.path) == ("none", False, None)
    assert route.message == f"Not copied: cannot write to {blocked / 'state'} (Not a directory)"


def test_a_lone_surrogate_does_not_fail(tmp_path: Path) -> None:
    assert copy("\ud800", "osc52", {}, write_terminal=lambda _: None).name == "osc52"
    assert copy("\ud800", "file", {}, state_dir=tmp_path).name == "file"


def test_programs_really_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write = f"import sys; open({str(out)!r}, 'wb').write(sys.stdin.buffer.read()); print('noise')"
    assert run_tool([sys.executable, "-c", write], TEXT.encode(), {})
    assert out.read_bytes() == TEXT.encode()
    assert not run_tool([sys.executable, "-c", "raise SystemExit(1)"], b"", {})
    assert not run_tool(["no-such-program-at-all"], b"", {})


def test_a_program_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_patterns.clipboard.TIMEOUT_S", 0.2)
    assert not run_tool([sys.executable, "-c", "import threading; threading.Event().wait()"], b"", {})


def test_detect_looks_and_does_not_copy(tmp_path: Path) -> None:
    for name in ("tmux", "xsel"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": str(tmp_path)}
    assert detect(TMUX | X11 | path, platform="linux") == "tmux"
    assert detect(X11 | WAYLAND | path, platform="linux") == "xsel", (
        "the tools that are missing are passed over"
    )
    assert detect(SSH | X11 | path, platform="linux") == "osc52"
    assert detect(path, "tools", platform="linux") == "file"
    assert detect(TMUX | path, "osc52") == "osc52"
    assert detect(TMUX | path, "file") == "file"
