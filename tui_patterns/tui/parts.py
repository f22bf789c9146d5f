"""The real library, injector and engine, loaded when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.settings import Settings
    from tui_patterns.tui.filters import Values
    from tui_patterns.tui.ports import Engine, Examples, Injector, Library, Measures

DATABASE = "patterns.db"


def library(data_dir: Path, settings: Settings, roots: Sequence[Path] = ()) -> Library:
    """The library in the data folder, as seen from the watched ``roots``."""
    from tui_patterns.api import PatternLibrary

    return PatternLibrary(data_dir / DATABASE, settings=settings, home=roots)


def engine(
    data_dir: Path, roots: Sequence[Path], on_event: Callable[[Any], None], config: Path | None
) -> Engine:
    """The engine as a child process."""
    from tui_patterns.api import EngineClient

    return EngineClient(data_dir, roots, on_event, config)


def filter_values(library: Library) -> Values:
    """What the list of ``library`` can be narrowed to."""
    from tui_patterns.api import filter_values as values_of

    return values_of(cast("PatternLibrary", library))


def examples(library: Library) -> Examples:
    """What finds patterns of ``library`` by example."""
    from tui_patterns.api import Examples

    return Examples(cast("PatternLibrary", library))


def injector(library: Library) -> Injector:
    """What puts the patterns of ``library`` into prompts."""
    from tui_patterns.api import PatternInjector

    return PatternInjector(cast("PatternLibrary", library))


def metrics(library: Library) -> Measures:
    """The figures of ``library``."""
    from tui_patterns.api import Metrics

    return Metrics(cast("PatternLibrary", library))
