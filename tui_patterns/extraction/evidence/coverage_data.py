"""A ``.coverage`` file, read through the coverage package from a copy.

The package finds the executable lines in the source (its own parser, nothing is
run) and knows both shapes of data, lines and branches. Of the project's
configuration only ``exclude_lines`` and ``exclude_also`` are taken over, so that
the figures are those of ``coverage json``; its plugins are never loaded. The
current folder must be the project's root.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.extraction.evidence.facts import Measured, Unreadable
from tui_patterns.extraction.evidence.reading import read_limited
from tui_patterns.extraction.source import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from coverage import Coverage

MOST_BYTES = 256 << 20


def read(file: Path, wanted: Callable[[str], bool]) -> dict[str, Measured]:
    """Lines and contexts of the measured files that are *wanted*, by the name they have there.

    Raises Unreadable. A single file that the package cannot analyse is left out.
    """
    from coverage.exceptions import CoverageException

    with tempfile.TemporaryDirectory(prefix="patterns-tui-") as folder:
        copy = Path(folder) / "data"
        copy.write_bytes(read_limited(file, MOST_BYTES))
        try:
            return _measured(_opened(copy), wanted)
        except CoverageException as error:
            reason = one_line(str(error).replace(str(copy), file.name))
            raise Unreadable(f"is damaged or of another version of coverage: {reason}") from error


def _opened(copy: Path) -> Coverage:
    from coverage import Coverage, CoverageData

    data = CoverageData(basename=str(copy))
    data.read()
    relative = any(not Path(name).is_absolute() for name in data.measured_files())
    data.close(force=True)
    coverage = Coverage(data_file=str(copy), config_file=False)
    coverage.set_option("report:exclude_lines", _excluded())
    coverage.set_option("run:relative_files", relative)
    coverage.load()
    return coverage


def _excluded() -> list[str] | None:
    """The lines that the project's configuration excludes; the package's own without one."""
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    try:
        found = Coverage(data_file=None, config_file=True).get_option("report:exclude_lines")
    except (CoverageException, OSError, ValueError):
        found = None
    default = Coverage(data_file=None, config_file=False).get_option("report:exclude_lines")
    chosen = found if isinstance(found, list) else default
    return chosen if isinstance(chosen, list) else None


def _measured(coverage: Coverage, wanted: Callable[[str], bool]) -> dict[str, Measured]:
    from coverage.exceptions import CoverageException

    data, found = coverage.get_data(), {}
    named = any(data.measured_contexts() - {""})
    for name in sorted(data.measured_files()):
        if not wanted(name):
            continue
        try:
            _, statements, _, missing, _ = coverage.analysis2(name)
        except (CoverageException, SyntaxError, ValueError, KeyError, OSError, RecursionError):
            continue
        contexts = {line: set(by) for line, by in data.contexts_by_lineno(name).items()} if named else None
        found[name] = Measured(set(statements) - set(missing), set(missing), contexts)
    return found
