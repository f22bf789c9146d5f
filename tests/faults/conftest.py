"""As for the other tests with engines: nothing waits for the model's conversion."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _model(converted: None) -> None:
    """No test's patience has to last for the model's conversion."""
