"""What the global options chose: the data folder, the config file, and the library behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.cli.errors import usage

if TYPE_CHECKING:
    import typer

    from tui_patterns.api import PatternLibrary
    from tui_patterns.settings import Settings

DATABASE = "patterns.db"


@dataclass(slots=True)
class Invocation:
    """The global options of this command line."""

    data_dir: Path | None = None
    config: Path | None = None

    def folder(self) -> Path:
        """The data folder: flag, environment, platform. It need not exist."""
        from tui_patterns.settings import data_dir

        try:
            folder = data_dir(self.data_dir)
        except RuntimeError as error:  # ~somebody
            raise usage(f"the data folder has no place: {error} Name it in full: --data-dir") from None
        if folder.exists() and not folder.is_dir():
            raise usage(f"{folder}: not a folder; --data-dir names the folder of the library")
        return folder

    def settings(self, overrides: Mapping[str, Any] | None = None, project: Path | None = None) -> Settings:
        """The effective settings; ``project`` is a folder whose project file counts."""
        from tui_patterns.cli.errors import say
        from tui_patterns.settings import load_settings

        settings = load_settings(config=self.config, project=project, overrides=overrides)
        for warning in settings.warnings:
            say(warning)
        return settings

    def library(self, overrides: Mapping[str, Any] | None = None) -> PatternLibrary:
        """The library in the data folder."""
        from tui_patterns.api import PatternLibrary

        return PatternLibrary(
            self.folder() / DATABASE,
            settings=self.settings(overrides),
            settings_for=lambda project: self.settings(overrides, project),
            home=_here(),
        )


def _here() -> list[Path]:
    """The current folder, unless it is gone."""
    try:
        return [Path.cwd()]
    except OSError:
        return []


_current = Invocation()


def begin(data_dir: Path | None, config: Path | None) -> Invocation:
    """Note the global options of this command line."""
    global _current  # noqa: PLW0603 - one command line per process; only the crash log looks here
    _current = Invocation(data_dir, config)
    return _current


def chosen_data_dir() -> Path:
    """The data folder of this command line, for a log after a crash."""
    return _current.folder()


def invocation(ctx: typer.Context) -> Invocation:
    """The global options that a command was called with."""
    found = ctx.find_object(Invocation)
    return found if found is not None else Invocation()


def _in_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def expanded(path: Path) -> Path:
    """``path`` with ``~`` followed; as it is where that leads nowhere."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def existing(paths: Sequence[Path], *, folders_only: bool = False) -> list[Path]:
    """``paths`` (or the current folder) if all are there; an error of usage otherwise."""
    for path in paths:
        if not path.exists():
            raise usage(f"{path}: no such {'folder' if folders_only else 'file or folder'}")
        if not path.is_dir() and not path.is_file():
            raise usage(f"{path}: neither a file nor a folder")
        if folders_only and not path.is_dir():
            raise usage(f"{path}: not a folder; name the folder of a project")
        if folders_only and not _in_utf8(path.resolve()):
            raise usage(f"{path}: its name is not UTF-8, which the library cannot keep: rename the folder")
    return list(paths) or [Path()]
