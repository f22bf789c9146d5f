"""From close-after-write to visible in search: a live engine, real edits, a search without pause."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from benchmarks.figures import Figure, percentile
from benchmarks.library import source_of
from benchmarks.places import tell
from tui_patterns.api import EngineClient, PatternLibrary
from tui_patterns.models import Hit
from tui_patterns.settings import Settings

EDITS = 40
LOOK_S = 0.005
READY_S = 120.0
VISIBLE_S = 20.0
# Invented words, so that no pattern but the new one can be meant.
WORDS = (
    "quokka", "marmot", "ocelot", "tapir", "lemur", "gecko", "heron", "ibis", "jackal", "koala",
    "llama", "narwhal", "otter", "puffin", "quail", "raven", "stork", "toucan", "urchin", "vulture",
)  # fmt: skip
FUNCTION = '''

def {name}(values, limit):
    """{sentence}"""
    kept = []
    for value in values:
        if value is None or value in kept:
            continue
        if len(kept) >= limit:
            raise ValueError("too many {second}")
        kept.append(value)
    return kept
'''


def measure(data: Path, work: Path) -> list[Figure]:
    """``data`` holds 10,000 patterns and is written to."""
    project = source_of("rich", work / "edited")
    lexical, semantic = asyncio.run(_edit(data, project, sorted(project.glob("*.py"))))
    tell(f"edits: {percentile(lexical, 0.95):.2f} s by words, {percentile(semantic, 0.95):.2f} s by meaning")
    how = f"p95 of {EDITS} edits of rich's files, a live engine, 10,000 patterns stored"
    return [
        Figure("close-after-write → found by words", percentile(lexical, 0.95) * 1000, "ms", 500, how),
        Figure("close-after-write → found by meaning", percentile(semantic, 0.95) * 1000, "ms", 1500, how),
    ]


async def _edit(data: Path, project: Path, files: Sequence[Path]) -> tuple[list[float], list[float]]:
    client = EngineClient(data, [project], lambda event: None)
    library = PatternLibrary(data / "patterns.db", settings=Settings())
    await client.start()
    try:
        await _until(_ready(client), READY_S)
        rounds = [await _one(client, library, files[turn % len(files)], turn) for turn in range(EDITS)]
    finally:
        await client.stop()
    return [one for one, _ in rounds], [other for _, other in rounds]


def _ready(client: EngineClient) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        status = client.status
        return (
            status.state == "idle"
            and status.role == "owner"
            and status.semantic == 1.0
            and status.index == "chroma"
        )

    return look


async def _one(client: EngineClient, library: PatternLibrary, file: Path, turn: int) -> tuple[float, float]:
    """Add a function to ``file``; the seconds until it is found by words, and by meaning."""
    first, second = WORDS[turn % 20], WORDS[(turn * 7 + turn // 20 + 3) % 20]
    name = f"pick_{first}_{second}_{turn}"
    query = f"pick {first} and {second} number {turn}"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(
            FUNCTION.format(
                name=name, sentence=f"Pick every {first} and {second}, number {turn}.", second=second
            )
        )
    closed = time.monotonic()

    def is_it(hit: Hit) -> bool:
        return hit.pattern.qualname == name

    async def by_words() -> bool:
        return any(map(is_it, library.search(query, 5).hits))

    async def by_meaning() -> bool:
        rows = await client.semantic(query, 50)
        if rows is None:
            return False
        near = {pattern for pattern, _ in rows.rows}
        return any(
            is_it(hit) and hit.pattern.id in near for hit in library.search(query, 10, semantic=rows).hits
        )

    lexical = await _until(by_words, VISIBLE_S) - closed
    return lexical, await _until(by_meaning, VISIBLE_S) - closed


async def _until(holds: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """The monotonic time when ``holds`` first did; raises TimeoutError."""
    ends = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {seconds:.0f} s")
        await asyncio.sleep(LOOK_S)
    return time.monotonic()
