"""The command line as a whole: global options, help by groups, and folders in place of a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from tui_patterns.cli.catalog import ENTRIES, GROUPS
from tui_patterns.cli.errors import CliError, usage
from tui_patterns.cli.invocation import expanded
from tui_patterns.cli.launch import GLOBAL_OPTIONS
from tui_patterns.cli.parameters import given_path

NAME = "patterns-tui"
EXAMPLES = """
Examples:

\b
  patterns-tui                                open the app here
  patterns-tui ~/work/shop                    open the app on a project
  patterns-tui index . && patterns-tui search "retry with back-off"
  patterns-tui show 3f9a && patterns-tui rate 3f9a 5
  patterns-tui enhance --task "add retries" < prompt.txt | your-agent

Exit codes: 0 done, 1 something failed, 2 wrong usage or settings.
`patterns-tui COMMAND --help` says more about each.
"""


class Commands(TyperGroup):
    """The commands of the catalogue, built when needed; any other word is a folder for ``run``."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the help."""
        return list(ENTRIES)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """The command ``cmd_name``, or ``None``."""
        entry = ENTRIES.get(cmd_name)
        return entry.build() if entry else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """A command with its arguments; ``run`` with all of them where the first is no command."""
        if args[0] in ENTRIES:
            return args[0], self.get_command(ctx, args[0]), args[1:]
        if not expanded(Path(args[0])).exists():
            raise usage(_neither(args[0]))
        return "run", self.get_command(ctx, "run"), args

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands under the headings of their groups, without building any."""
        width = max(map(len, ENTRIES))
        for title, entries in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{entry.name:{width}}", entry.summary) for entry in entries])


def _neither(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(ENTRIES), n=1)
    guess = f'; did you mean the command "{close[0]}"?' if close else f"; `{NAME} --help` lists the commands"
    return f"{word}: no such folder and no such command{guess}"


def _version(wanted: bool) -> None:
    if wanted:
        from tui_patterns import __version__

        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit


def _globals(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            envvar="PATTERNS_TUI_DATA_DIR",
            parser=given_path,
            help="Folder of the library and its index.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", parser=given_path, help="Config file to use instead of your own."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Proven code patterns from the projects beside you: search them in plain words,
    rate them, and put the best into a prompt.

    Without a command, PATHs (or the current folder) are opened in the app. Global
    options stand before the command.
    """
    from tui_patterns.cli.invocation import begin

    ctx.obj = begin(data_dir, config)
    if ctx.invoked_subcommand is None:
        run = ENTRIES["run"].build()
        with run.make_context("run", [], parent=ctx) as inner:
            run.invoke(inner)


def build() -> Commands:
    """The whole command line."""
    holder = typer.Typer(
        name=NAME, cls=Commands, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    holder.callback(
        invoke_without_command=True,
        subcommand_metavar="[PATH]... | COMMAND ...",
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog=EXAMPLES,
    )(_globals)
    group = typer.main.get_command(holder)
    assert isinstance(group, Commands)
    return group


def invoke(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    Raises whatever the command raises; an error in how it was called is a
    ``CliError`` of one line.
    """
    try:
        with build().make_context(NAME, list(argv)) as ctx:
            ctx.command.invoke(ctx)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        raise _one_line(error) from None
    return 0


def _one_line(error: typer.TyperException) -> CliError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else NAME
    misplaced = getattr(error, "option_name", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the whole help
        members = ", ".join(getattr(getattr(context, "command", None), "commands", ()))
        return usage(f"`{command}` needs a command: {members}; see `{command} --help`")
    if misplaced in GLOBAL_OPTIONS and context is not None:
        right = f"{NAME} {misplaced} … COMMAND"
        return usage(f"{misplaced} is for all commands and stands before them: `{right}`")
    words = error.format_message().rstrip(".").replace("Value error, ", "")
    if command == f"{NAME} search" and misplaced and not misplaced.startswith("--"):
        words += '; put a query with -word in quotes: "retry -async"'
    return CliError(f"{words}; see `{command} --help`", error.exit_code)
