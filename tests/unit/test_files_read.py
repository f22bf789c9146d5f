"""Files that were read for others: looking for what is out of date costs what there are, not their square."""

from __future__ import annotations

from pathlib import Path

from tests.unit.stock import Stock, unit
from tui_patterns.store import files


def steps(folder: Path, count: int) -> int:
    """How many steps SQLite takes to find that nothing of ``count`` files is out of date."""
    stock = Stock(folder / f"{count}.db")
    for number in range(count):
        stock.put(f"{number}.py", unit(f"f{number}", f"{number}.py"))
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    stock.conn.set_progress_handler(step, 1)
    try:
        assert files.left_outdated(stock.conn, stock.project) == set()
    finally:
        stock.conn.set_progress_handler(None, 0)
        stock.close()
    return taken


def test_four_times_the_files_take_at_most_five_times_the_steps(tmp_path: Path) -> None:
    assert steps(tmp_path, 80) <= 5 * steps(tmp_path, 20)
