"""What went wrong, in one line on stderr, and the exit code that goes with it."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from tui_patterns.text import clean_line

FAILED, USAGE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141
PROGRAM = "patterns-tui"
# By module, name and exit code. An error's class can only come from a module that is loaded, so
# nothing has to be imported to recognise it.
_KNOWN = (
    ("tui_patterns.settings.errors", "SettingsError", USAGE),
    ("tui_patterns.api", "LibraryError", FAILED),
    ("tui_patterns.store.errors", "StoreError", FAILED),
    ("tui_patterns.embedding.errors", "EmbeddingError", FAILED),
)


class CliError(Exception):
    """A command cannot go on; ``str()`` is one line that says what to do, ``code`` the exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def usage(message: str) -> CliError:
    """An error in how the command was called."""
    return CliError(message, USAGE)


def report(error: BaseException) -> int:
    """Say what happened, if there is anything to say, and return the exit code."""
    if isinstance(error, SystemExit):
        return _system_exit(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _forget_stdout()
        return BROKEN_PIPE
    message, code = _explain(error)
    say(f"{PROGRAM}: {message}")
    return code


def say(line: str) -> None:
    """One line of foreign or own text on stderr; a stderr that is gone is no reason to fail."""
    try:
        sys.stderr.write(clean_line(line) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def _explain(error: BaseException) -> tuple[str, int]:
    if isinstance(error, CliError):
        return str(error), error.code
    for module, name, code in _KNOWN:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(error, kind):
            return str(error), code
    if isinstance(error, OSError):
        return _system_error(error), FAILED
    database = getattr(sys.modules.get("sqlite3"), "Error", None)
    if isinstance(database, type) and isinstance(error, database):
        return f"the database cannot be used: {error}; `{PROGRAM} doctor` says more", FAILED
    if isinstance(error, MemoryError):
        return "out of memory; name fewer or smaller folders, or fewer --jobs", FAILED
    return _unexpected(error), FAILED


def _system_error(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {what}" if error.filename else what


def _unexpected(error: BaseException) -> str:
    """A fault of the program: its traceback goes into a log, never to the terminal."""
    said = f"unexpected error: {type(error).__name__}: {clean_line(str(error), 200)}"
    log = _log(error)
    return f"{said}; please report it with {log}" if log else said


def _log(error: BaseException) -> Path | None:
    try:
        from tui_patterns.cli.invocation import chosen_data_dir

        path = chosen_data_dir() / "logs" / "cli.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
    except Exception:
        return None
    return path


def _system_exit(error: SystemExit) -> int:
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else FAILED


def _forget_stdout() -> None:
    """The interpreter flushes stdout when it ends: let that go nowhere instead of complaining."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
