"""Fixtures of unit tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stock import Stock


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    """An empty library of one project."""
    made = Stock(tmp_path / "patterns.db")
    yield made
    made.close()
