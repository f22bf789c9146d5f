"""``enhance``: the best patterns, put into a prompt that comes in on standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import loop_shapes, output
from tui_patterns.cli.errors import say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json
from tui_patterns.cli.session import terminal_session

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.models import Enhanced


MOST_LEFT_OUT = 10  # that are told of; --json names all


def enhance(
    ctx: typer.Context,
    task: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is to be done, in plain words.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(metavar="TOKENS", min=0, max=1_000_000, help="Most tokens for the patterns.")
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(
            metavar="S", help="The session it belongs to; default: this terminal on this day, as for `rate`."
        ),
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the prompt too, and say on stderr how.")] = False,
    automatic: Annotated[
        bool,
        typer.Option(
            "--automatic", help="No person asks: experiments choose, and held-out sessions get nothing."
        ),
    ] = False,
    hook: Annotated[
        bool,
        typer.Option("--hook", help="Automatic, as an agent's UserPromptSubmit hook; see below."),
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say on stderr why each one is in, and for which clause.")
    ] = False,
    json: Json = False,
) -> None:
    """Put the best-proven patterns for a task into a prompt.

    The prompt is read from standard input and printed with its patterns, byte for byte
    and with no newline added. Where nothing fits it is printed unchanged; otherwise the
    injection is recorded (see `patterns-tui injections`). A task may be as long as a prompt
    to an agent is: code, errors and each clause in it are looked for by themselves, and names
    written as in the code are met exactly.

    \b
    Examples:
      patterns-tui enhance --task "retry failed requests" < prompt.txt
      pbpaste | patterns-tui enhance --task "parse a date" --budget 800 --copy

    With --automatic --hook the agent's event is read as JSON from standard input, and
    patterns for its prompt are printed as the JSON that Claude Code and Codex expect;
    nothing is printed where nothing fits, the session is held out, or the project is
    in learning.opt_out. In ~/.claude/settings.json:

    \b
      {"hooks": {"UserPromptSubmit": [{"hooks": [{"type": "command",
        "command": "patterns-tui enhance --automatic --hook"}]}],
       "Stop": [{"hooks": [{"type": "command", "async": true,
        "command": "patterns-tui sessions follow"}]}]}}
    """
    if hook:
        _answer_hook(ctx, task=task)
        return
    if task is None or not task.strip():
        raise usage('the task is empty; say what is to be done: --task "retry failed requests"')
    prompt = _prompt()
    from tui_patterns.api import PatternInjector

    library = invocation(ctx).library()
    semantic = library.prompt_semantic(task)
    here = session or terminal_session()
    arm = "auto" if automatic else "manual"
    done = PatternInjector(library).enhance(
        prompt, task, session=here, budget=budget, semantic=semantic, arm=arm
    )
    if json:
        output.data(loop_shapes.enhanced(done, here))
    else:
        output.exact(done.prompt)
    for warning in done.warnings:
        say(warning)
    for each in getattr(done, "left_out", ())[:MOST_LEFT_OUT]:
        output.hint(each.words)
    if explain:
        _say_why(done)
    _explain(done, here)
    if copy:
        _copy(done.prompt, library)


def _answer_hook(ctx: typer.Context, *, task: str | None) -> None:
    from tui_patterns.cli.hooks import quietly, read_event

    with quietly():
        if task is not None:
            raise usage("--hook takes its task from the agent's prompt: leave --task out")
        event = read_event()
        if event is None:
            return
        from tui_patterns.api import AgentHooks

        context, reason = AgentHooks(invocation(ctx).library()).context(event)
        if context is None:
            say(f"patterns-tui: nothing was put in: {reason}")
            return
        output.data({"hookSpecificOutput": {"hookEventName": event.name, "additionalContext": context}})


def _prompt() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise usage('the prompt comes from standard input: patterns-tui enhance --task "…" < prompt.txt')
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise usage(
            f"the prompt on standard input is not UTF-8 (byte {error.start}); convert it first"
        ) from None


def _explain(done: Enhanced, session: str) -> None:
    if done.injection_id is None:
        output.hint(f"The prompt is unchanged: {done.reason or 'nothing fits'}.")
        return
    count = f"{len(done.chosen)} pattern{'s' if len(done.chosen) != 1 else ''}"
    used = f"{done.tokens} of {done.budget} tokens"
    output.hint(f"Injection {done.injection_id}, session {session}: {count}, {used}.")


def _say_why(done: Enhanced) -> None:
    """Each pattern, and every part of its place."""
    from tui_patterns.api import why_lines

    for each in done.chosen:
        pattern = each.hit.pattern
        say(f"{each.rank}. {pattern.name} ({pattern.path}:{pattern.line}), {each.hit.relevance:.0%} relevant")
        for reason in why_lines(each.hit.why):
            say(f"· {reason}")


def _copy(text: str, library: PatternLibrary) -> None:
    from tui_patterns.api import copy_text

    write = _to_terminal if sys.stderr.isatty() else None
    say(copy_text(text, library.settings, write, state_dir=library.data_dir).message)


def _to_terminal(sequence: str) -> None:
    sys.stderr.write(sequence)
    sys.stderr.flush()
