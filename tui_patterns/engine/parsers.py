"""The parser processes that settings ask for; light, so that they may start before all else is loaded."""

from __future__ import annotations

from tui_patterns.engine.workers import ParserPool
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.settings import Settings


def extraction_options(settings: Settings) -> ExtractionOptions:
    """The part of the settings that travels to parser processes."""
    extraction = settings.extraction
    return ExtractionOptions(
        min_complexity=extraction.min_complexity,
        max_complexity=extraction.max_complexity,
        min_lines=extraction.min_lines,
        min_quality=extraction.min_quality,
        frameworks=tuple(extraction.frameworks),
        quality_profile=extraction.quality_profile,
    )


def parser_pool(settings: Settings, jobs: int | None = None, *, nice: int = 0) -> ParserPool:
    """The parser processes these settings ask for; they start with the first file, or with ``warm``."""
    extraction = settings.extraction
    return ParserPool(
        extraction.jobs if jobs is None else jobs,
        extraction_options(settings),
        extraction.task_timeout_s,
        max_bytes=settings.watch.max_file_kb * 1024,
        nice=nice,
    )
