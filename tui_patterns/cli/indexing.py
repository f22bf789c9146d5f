"""``index`` and ``reindex``: from files to patterns, and from patterns to the semantic index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import loop_shapes, output
from tui_patterns.cli.errors import say
from tui_patterns.cli.invocation import existing, invocation
from tui_patterns.cli.parameters import Json, MinQuality, given_path

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.models import EngineStatus, IndexReport

_SHOWN = 10


def index(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", parser=given_path, help="Folders of projects; default: here."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=256, help="Parser processes; default: one for each core."),
    ] = None,
    min_quality: MinQuality = None,
    max_complexity: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Leave out what is more complex than this.")
    ] = None,
    no_embed: Annotated[
        bool, typer.Option("--no-embed", help="No vectors now: search by words only.")
    ] = False,
    run_tests: Annotated[
        bool,
        typer.Option(
            "--run-tests", help="First run each project's own pytest: this runs the project's code."
        ),
    ] = False,
    test_timeout: Annotated[
        float, typer.Option(metavar="S", min=1, max=86_400, help="Seconds that one project's tests may take.")
    ] = 600.0,
    json: Json = False,
) -> None:
    """Read folders into the library; what has not changed is not read again.

    Ignored are what .gitignore names, version control, virtual environments, caches,
    generated and vendored code, binaries and very large files.

    What the project's own tools left is read too: .coverage, coverage.json, lcov.info, JUnit
    reports (extraction.test_reports) and pytest's cache. Tests are patterns once they are known
    to have passed. --run-tests uses the project's .venv if it has pytest, stops all that the
    tests started when the time is up, and keeps the results in the data folder; no other
    option or command ever runs a project's code.

    \b
    Examples:
      patterns-tui index .
      patterns-tui index ~/work/shop ~/work/api --jobs 2
      patterns-tui index . --run-tests --test-timeout 120
    """
    roots = existing(paths or [], folders_only=True)
    overrides = {"extraction.min_quality": min_quality, "extraction.max_complexity": max_complexity}
    library = invocation(ctx).library({key: value for key, value in overrides.items() if value is not None})
    seconds = test_timeout if run_tests else None
    given = {"--jobs": jobs, "--min-quality": min_quality, "--max-complexity": max_complexity}
    own = [flag for flag, value in given.items() if value is not None] + ["--no-embed"] * no_embed
    done = run_once(library, roots, embed=not no_embed, jobs=jobs, run_tests_s=seconds, own=own)
    print_report(done, json=json)


def run_once(
    library: PatternLibrary,
    roots: list[Path],
    *,
    embed: bool = True,
    jobs: int | None = None,
    run_tests_s: float | None = None,
    own: Sequence[str] = (),
) -> IndexReport:
    """Bring ``roots`` up to date, with progress on a terminal.

    ``own`` are flags that hold in this process only: where another one indexes, that is said.
    """
    from tui_patterns.api import Indexer

    with output.Progress() as progress:
        indexer = Indexer(library, on_progress=shown_on(progress))
        folders = [root.resolve() for root in roots]
        done = indexer.index(folders, embed=embed, jobs=jobs, run_tests_s=run_tests_s)
    if own and indexer.handed_over:
        say(f"the app that runs on this library did it, by its own settings: {', '.join(own)} did not apply")
    return done


def shown_on(progress: output.Progress) -> Callable[[EngineStatus], None]:
    """What shows an engine's status as a line of progress."""
    return lambda status: progress.show(status_line(status))


def status_line(status: EngineStatus) -> str:
    """An engine's status in a line."""
    parts: list[str] = [status.state]
    if status.files_total:
        parts.append(f"{status.files_done} of {status.files_total} files")
    parts.append(f"{status.patterns} patterns")
    if status.state == "embedding":
        parts.append(f"{status.embedded} of them embedded{_pace(status)}")
    elif status.semantic is not None:
        parts.append(f"semantic {status.semantic:.0%}{', paused' if status.paused else ''}")
    if status.error:
        parts.append(status.error)
    return " · ".join(parts)


def _pace(status: EngineStatus) -> str:
    """How fast embedding is, and how long it will take, as far as that is known."""
    if status.rate is None or status.remaining_s is None:
        return ""
    return f", {status.rate:.0f}/s, {duration(status.remaining_s)} left"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 40 s, 12 min, 1.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"


def print_report(done: IndexReport, *, json: bool) -> None:
    """What an index run did; what could not be read goes to stderr."""
    if json:
        output.data(loop_shapes.report(done))
        return
    output.line(f"{done.patterns} patterns: {done.new} new, {done.updated} updated, {done.removed} removed")
    output.line(
        f"{done.files} files: {done.parsed} read, {done.unchanged} unchanged, {len(done.failed)} failed"
    )
    output.line(f"{done.embedded} embedded, {done.seconds:.1f} s{_semantic(done)}")
    for title, counts in (("skipped", done.skipped), ("left out", done.left_out), ("tests", done.tests)):
        if counts:
            output.wrapped(f"{title}: " + ", ".join(f"{count} {reason}" for reason, count in counts.items()))
    for each in done.failed[:_SHOWN]:
        say(f"{each['path']}: {each['reason']}")
    if len(done.failed) > _SHOWN:
        say(f"… and {len(done.failed) - _SHOWN} more that failed; --json lists them all")
    for text in done.unsupported:
        say(text)


def _semantic(done: IndexReport) -> str:
    return f"; semantic index: {output.safe(done.semantic)}" if done.semantic else ""


def reindex(ctx: typer.Context, json: Json = False) -> None:
    """Throw the semantic index away and build it again from the library; nothing else changes."""
    from tui_patterns import api

    library, started = invocation(ctx).library(), perf_counter()
    with output.Progress() as progress:
        count = api.reindex(library, shown_on(progress))
    seconds = round(perf_counter() - started, 3)
    if json:
        output.data({"patterns": count, "seconds": seconds})
    else:
        output.line(f"{count} patterns in the semantic index, {seconds:.1f} s")
