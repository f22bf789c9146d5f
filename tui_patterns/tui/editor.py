"""The command that opens a file in the user's editor at a line. No shell is involved."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"})
COLON = frozenset({"subl", "zed", "zeditor"})
FALLBACKS = ("nvim", "vim", "nano", "vi")


def editor_command(
    configured: str,
    file: Path,
    line: int,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
) -> list[str]:
    """Arguments for the setting, else ``$VISUAL``, ``$EDITOR``, else the first editor installed.

    ``file`` must be absolute, so that no name can pass for an option. Raises
    ``ValueError`` with one clear line when there is no editor, or its command does not parse.
    """
    named = configured or environ.get("VISUAL") or environ.get("EDITOR")
    command = shlex.split(named) if named else [name for name in FALLBACKS if which(name)][:1]
    if not command:
        raise ValueError('no editor found: set $EDITOR, or [ui] editor = "…" in the config file')
    return [*command, *_position(Path(command[0]).name, file.absolute(), line)]


def _position(editor: str, file: Path, line: int) -> list[str]:
    """How this editor takes a line: ``-g FILE:LINE``, ``FILE:LINE``, or as vi does, ``+LINE FILE``."""
    if editor in GOTO:
        return ["-g", f"{file}:{line}"]
    if editor in COLON:
        return [f"{file}:{line}"]
    return [f"+{line}", str(file)]
