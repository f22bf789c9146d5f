"""Calls again what fails for a moment."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


async def retry_with_backoff(
    call: Callable[[], Awaitable[T]], attempts: int = 5, base_delay: float = 0.1, max_delay: float = 5.0
) -> T:
    """Await ``call`` until it succeeds, waiting longer after each failure (exponential, with jitter)."""
    for attempt in range(1, attempts + 1):
        try:
            return await call()
        except (ConnectionError, asyncio.TimeoutError) as error:
            if attempt == attempts:
                raise
            delay = min(max_delay, base_delay * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0)
            log.warning("attempt %d of %d failed: %s", attempt, attempts, error)
            await asyncio.sleep(delay)
    raise AssertionError("unreachable")
