"""Patterns and findings to show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tui_patterns.models import Finding, Interval, Label, Pattern, Quality, RatingSummary

CODE = '''async def fetch_with_retry(client: Client, url: str, attempts: int = 5) -> Response:
    """Fetch ``url``, waiting twice as long after each failure.

    Raises ``FetchError`` when every attempt has failed.
    """
    delay = 0.1
    for attempt in range(attempts):
        try:
            return await client.get(url, timeout=10)
        except (TimeoutError, ConnectionError) as error:
            logger.warning("attempt %d of %s failed: %s", attempt + 1, url, error)
            await asyncio.sleep(delay)
            delay *= 2
    raise FetchError(f"{url}: no answer after {attempts} attempts")
'''
NAMES = (
    ("Async Fetch with Retry and Backoff", "net/retry.py", 12, "function", "httpx"),
    ("Bounded Cache with Expiry", "core/cache.py", 48, "class", None),
    ("Text Wrapping at Cell Width", "rendering/text.py", 1201, "method", "rich"),
    ("Atomic File Write", "storage/atomic.py", 9, "function", None),
    ("Database Transaction with Rollback", "store/transactions.py", 33, "function", "sqlalchemy"),
    ("Request Validation by Dependency", "api/dependencies.py", 71, "function", "fastapi"),
    ("Event Loop Shutdown in Order", "core/lifecycle.py", 140, "function", None),
    ("Rate Limiter by Token Bucket", "net/limits.py", 22, "class", None),
    ("Plugin Registry by Entry Points", "plugins/registry.py", 18, "class", None),
    ("Parametrised Test of Parsers", "tests/test_parsers.py", 5, "function", "pytest"),
    ("Command Line Option Groups", "cli/options.py", 61, "function", "typer"),
    ("Structured Log Records", "core/logs.py", 27, "function", None),
)
LABELS = (
    Label("retry", 0.92, (18, 22, 23), "A loop calls again after a failure, and waits longer each time."),
    Label("logging", 0.7, (21,), "The failure is logged."),
)


def make_pattern(number: int, name: str = "", **changes: Any) -> Pattern:
    """A pattern as the library gives it; ``number`` makes its id."""
    known, path, line, kind, framework = NAMES[number % len(NAMES)]
    pattern = Pattern(
        id=f"{number:08d}-0000-4000-8000-000000000000", version=2, name=name or known,
        kind=kind, pattern_type="class_pattern" if kind == "class" else "function_pattern",  # type: ignore[arg-type]
        category=None, language="python", framework=framework, project="sample", root="/projects/sample",
        path=path, qualname="fetch_with_retry", line=line, end_line=line + 13, code=CODE,
        signature="fetch_with_retry(client, url, attempts)", docstring="Fetch.", complexity=4 + number % 6,
        labels=() if number % 3 else LABELS, tags=("io",) if number % 3 else ("async", "retry"),
        dependencies=("asyncio",),
        quality=Quality(0.82 - number % 5 / 20, complexity=1.0, documentation=0.75, reusability=0.6),
        confidence=Interval(0.5, 0.2, 0.8, 0) if number % 2 else Interval(0.73, 0.51, 0.89, 12),
        ratings=RatingSummary(), facets={}, sites=1 + number % 3,
        updated=1_700_000_000.0 - number,
    )  # fmt: skip
    return replace(pattern, **changes)


FINDINGS = [
    Finding("net/retry.py", 21, 23, "fetch_with_retry", "blind-retry", "PT-RETRY", "warning",
            "The wait has no upper bound and no jitter: clients that fail together retry together.",
            "Cap the delay and add jitter: delay = min(delay * 2, 30) * random.uniform(0.5, 1)."),
    Finding("net/retry.py", 40, 44, None, "broad-except", "BLE001", "error",
            "except Exception hides programming errors.", "Name the errors that can be handled."),
]  # fmt: skip
