"""Every command by name: where it is built, and its line in the help.

The modules of the commands are imported when a command is run or explained,
so that none pays for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its module in this package, its function there, and its one line of help."""

    name: str
    module: str
    function: str
    summary: str

    def build(self) -> TyperCommand | TyperGroup:
        """The command itself; imports its module."""
        import typer
        from typer.core import TyperCommand

        holder = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        function = getattr(import_module(f"tui_patterns.cli.{self.module}"), self.function)
        holder.command(self.name)(function)
        command = typer.main.get_command(holder)
        assert isinstance(command, TyperCommand)
        return command


@dataclass(frozen=True, slots=True)
class Family(Entry):
    """A command with commands of its own: ``members`` by name, each a function of its module."""

    members: tuple[tuple[str, str], ...] = ()

    def build(self) -> TyperCommand | TyperGroup:
        """The command with its commands; imports its module."""
        import typer

        module = import_module(f"tui_patterns.cli.{self.module}")
        holder = typer.Typer(
            name=self.name, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        holder.callback(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})(
            getattr(module, self.function)
        )
        for name, function in self.members:
            holder.command(name)(getattr(module, function))
        return typer.main.get_group(holder)


SESSIONS = (
    ("import", "import_"),
    ("list", "list_"),
    ("extract", "extract"),
    ("analyze", "analyze"),
    ("forget", "forget"),
    ("follow", "follow"),
)
FORGET = (
    ("pattern", "pattern"),
    ("project", "project"),
    ("session", "session"),
    ("everything", "everything"),
)
EXPERIMENT = (("start", "start"), ("list", "list_"), ("stop", "stop"))
GROUPS: dict[str, tuple[Entry, ...]] = {
    "Start": (
        Entry("run", "start", "run", "open the app on folders, and watch them"),
        Entry("watch", "watching", "watch", "follow folders without the app"),
    ),
    "Index and extract": (
        Entry("index", "indexing", "index", "read folders into the library"),
        Entry("extract", "code", "extract", "print the patterns of files; store nothing"),
        Entry("antipatterns", "antipatterns", "antipatterns", "print what to do otherwise, and how"),
    ),
    "Find": (
        Entry("search", "find", "search", "find patterns in plain words"),
        Entry("show", "look", "show", "one pattern, with its code"),
        Entry("similar", "find", "similar", "patterns like one"),
        Entry("history", "look", "history", "the versions of a pattern"),
        Entry("graph", "graph", "graph", "how patterns hang together, as a graph"),
    ),
    "Use and learn": (
        Entry("enhance", "prompt", "enhance", "put the best patterns into a prompt"),
        Entry("fix", "fix", "fix", "what helped against an error before"),
        Entry("rate", "feedback", "rate", "rate a pattern, 1 to 5"),
        Entry("injections", "feedback", "injections", "which prompts got which patterns"),
        Entry("outcome", "feedback", "outcome", "say whether an injected pattern worked"),
        Entry("retired", "retirement", "retired", "patterns that go into no prompt any more"),
        Entry("retire", "retirement", "retire", "put a pattern into no prompt any more"),
        Entry("guards", "guards", "guards", "where a pattern fails again and again, and is left out"),
        Entry("restore-pattern", "retirement", "restore_pattern", "take a retired pattern back"),
        Family(
            "experiment", "experiment", "experiment", "two patterns against each other, and lift", EXPERIMENT
        ),
        Entry("decisions", "experiment", "decisions", "what voters decided, and how right they were"),
        Entry("simulate", "simulation", "simulate", "how well choosing works where the truth is known"),
        Family("sessions", "sessions", "sessions", "what agents' sessions cost, and what worked", SESSIONS),
    ),
    "Look after the library": (
        Entry("metrics", "metrics", "metrics", "whether the library learns, and from what"),
        Entry("stats", "statistics", "stats", "what the library holds, and what is used"),
        Entry("doctor", "upkeep", "doctor", "check the installation and the library"),
        Entry("embedding", "embedding", "embedding", "how far search by meaning is; pause, resume"),
        Entry("reindex", "indexing", "reindex", "build the semantic index again"),
        Entry("rebuild-evidence", "retirement", "rebuild_evidence", "work out all evidence from its events"),
        Entry("backup", "upkeep", "backup", "copy the library to a file"),
        Entry("restore", "upkeep", "restore", "bring the library back from a copy"),
        Family("forget", "forgetting", "forget", "delete for good, in backups too", FORGET),
        Entry("config", "configure", "config", "the settings, and where each comes from"),
        Entry("themes", "configure", "themes", "the colour themes of the app"),
    ),
}
ENTRIES: dict[str, Entry] = {entry.name: entry for group in GROUPS.values() for entry in group}
