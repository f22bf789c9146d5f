"""What every part of a library stands on: its database, its settings, and who works where."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.connections import Connections, LibraryError
from tui_patterns.learning import records
from tui_patterns.learning.evidence import Rules, rules_from
from tui_patterns.models import Filters, Pattern
from tui_patterns.store import patterns, projects
from tui_patterns.store.sqlite import data_version

if TYPE_CHECKING:
    from tui_patterns.settings import Settings

DATABASE = "patterns.db"
MIN_PREFIX = 4


class LibraryBase:
    """A database of patterns, opened when first used."""

    def __init__(
        self,
        db_path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        settings_for: Callable[[Path], Settings] | None = None,
        home: Sequence[Path] = (),
    ) -> None:
        """``settings_for`` gives the settings of a project's folder, with what its own file may set.

        Without it, ``settings`` hold for every project; without either, the files are looked up.
        ``home`` are the folders that are worked in: their patterns come first among equals, and
        what happened in other projects counts less there, until a pattern has worked in several.
        Without any, everything counts in full.
        """
        self._places = _absolute(home)
        self.path = Path(db_path).expanduser().absolute() if db_path else _default_path()
        self.data_dir = self.path.parent
        self._settings = settings
        self._settings_for = settings_for or ((lambda project: settings) if settings is not None else None)
        self.connections = Connections(self.path)
        """The database, for the other classes of this package."""
        self._watching: sqlite3.Connection | None = None

    @property
    def settings(self) -> Settings:
        """The settings it works by; loaded on first use."""
        if self._settings is None:
            from tui_patterns.settings import load_settings

            self._settings = load_settings()
        return self._settings

    def settings_for(self, project: Path) -> Settings:
        """The settings that hold for the project at this folder."""
        if self._settings_for is None:
            from tui_patterns.settings import load_settings

            return load_settings(project=project)
        return self._settings_for(project)

    @property
    def strength(self) -> float:
        """Pseudo-observations behind the prior of every success rate."""
        return self.settings.learning.prior_strength

    @property
    def rules(self) -> Rules:
        """How evidence is read, as configured."""
        return rules_from(self.settings)

    def home(self, conn: sqlite3.Connection, folders: Sequence[Path] | None = None) -> frozenset[str]:
        """Roots of the known projects that are worked in: around ``folders``, by default the library's."""
        places = self._places if folders is None else _absolute(folders)
        return projects.around(conn, places) if places else frozenset()

    def load(self, conn: sqlite3.Connection, row_ids: Sequence[int]) -> list[Pattern]:
        """Patterns as they are believed in the projects that are worked in."""
        half_life = self.settings.learning.half_life_days
        return records.load(conn, row_ids, self.strength, home=self.home(conn), half_life_days=half_life)

    def close(self) -> None:
        """Close the database; the library opens it again when used again."""
        self.connections.close()
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def data_version(self) -> int:
        """A number that changes when anybody has written since the last call; from one thread at a time."""
        if self._watching is None:
            with self.connections.lend():
                pass  # creates and migrates, or says what is wrong
            self._watching = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        return data_version(self._watching)

    def row_id(self, conn: sqlite3.Connection, id: str) -> int:
        """The row of the pattern whose id begins so. Raises LibraryError unless there is exactly one."""
        prefix = id.strip().lower()
        if len(prefix) < MIN_PREFIX:
            raise LibraryError(f"{id!r} is too short for a pattern id: give {MIN_PREFIX} characters or more")
        found = patterns.by_prefix(conn, prefix)
        if not found:
            raise LibraryError(f"no pattern has the id {id!r}: `patterns-tui search` lists ids")
        if len(found) > 1 and found[0][0] != prefix:
            raise LibraryError(f"several patterns have an id that begins with {id!r}: give more of it")
        return found[0][1]

    def believing(self, filters: Filters) -> Filters:
        """*filters* with the prior that this library's success rates start from."""
        half_life = self.settings.learning.half_life_days
        if filters.min_confidence is None:
            return filters
        return replace(filters, prior_strength=self.strength, half_life_days=half_life)


def _absolute(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(folder.expanduser().resolve()) for folder in folders)


def _default_path() -> Path:
    from tui_patterns.settings import data_dir

    return data_dir() / DATABASE
