"""What was measured of each program, and the tables it is shown in. Pure: nothing is measured here."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.figures import amount
from benchmarks.rivals.base import Built, Peer, Taken

NONE = "–"
MEGABYTE = 1_000_000
# What this project set itself, against VectorCode and in itself.
WORDS_S, INDEX_TIMES, QUESTION_TIMES, EMBEDDING_TIMES = 3.0, 10.0, 12.0, 5.0


@dataclass(slots=True)
class Row:
    """One program: medians of what it took, its answers by repository, and what a reader must know.

    ``silent`` says of a repository why there are no answers about it.
    """

    name: str
    versions: str = ""
    built: Built = field(default_factory=Built)
    question: Taken | None = None
    disk: int = 0
    scores: dict[str, list[float]] = field(default_factory=dict)
    note: str = ""
    failed: str = ""
    silent: dict[str, str] = field(default_factory=dict)

    @property
    def meaning(self) -> Taken | None:
        """Until everything is found by meaning."""
        return self.built.meaning

    def memory(self) -> int | None:
        """The most bytes at a time, indexing or answering; ``None`` if nothing was seen."""
        seen = [one.memory for one in (self.built.meaning, self.question) if one is not None]
        return max(seen, default=0) or None


def middle(taken: Sequence[Taken]) -> Taken:
    """The median of time and of processor time; the most memory of any."""
    return Taken(
        statistics.median(one.seconds for one in taken),
        statistics.median(one.cpu for one in taken),
        max(one.memory for one in taken),
    )


def median_of(builds: Sequence[Built]) -> Built:
    """Medians of what every build has; what one lacks, or was stopped in, as the last has it."""
    words = [one.words for one in builds if one.words is not None]
    meaning = [one.meaning for one in builds if one.meaning is not None]
    return Built(
        middle(words) if len(words) == len(builds) else builds[-1].words,
        middle(meaning) if len(meaning) == len(builds) else builds[-1].meaning,
        builds[-1].unfinished,
    )


Side = tuple[type[Peer], Row]
Rates = Mapping[str, tuple[float, float]]
"""Patterns embedded by "ours" and by "reference", in a second of the clock and of the processor."""

TIMES = (
    "program", "found by words", "found by meaning", "÷ ours", "processor", "÷ ours",
    "one question", "÷ ours", "processor", "÷ ours", "memory", "disk",
)  # fmt: skip


def times(ours: Row, rows: Sequence[Row]) -> str:
    """Seconds of the clock and of the processor, and each by ours, above 1: ours is quicker."""
    lines = [_cells(TIMES), _cells(["---", *["---:"] * (len(TIMES) - 1)])]
    lines += [_cells(_times(row, ours)) for row in (ours, *(row for row in rows if not row.failed))]
    return "\n".join(lines)


def _times(row: Row, ours: Row) -> list[str]:
    name = f"**{row.name}**" if row is ours else row.name
    words = row.built.words
    cells = [name, _seconds(words.seconds if words else None)]
    for mine, base in ((row.meaning, ours.meaning), (row.question, ours.question)):
        for side in ("seconds", "cpu"):
            value, by = getattr(mine, side, None), getattr(base, side, None)
            cells += [_seconds(value), "" if row is ours else _ratio(value, by)]
    memory = row.memory()
    return [*cells, _megabytes(memory), _megabytes(row.disk or None)]


def answers(rows: Sequence[Row]) -> str:
    """NDCG@10 by repository, over all questions, and under the table why who has none; ours comes first."""
    counts = questions(rows)
    heading = ["program", *(f"{repo} ({n})" for repo, n in counts.items()), "all"]
    lines = [_cells(heading), _cells(["---", *["---:"] * (len(heading) - 1)])]
    for row in rows:
        name = f"**{row.name}**" if row is rows[0] else row.name
        means = [_mean(row.scores.get(repo, [])) for repo in counts]
        lines.append(
            _cells([name, *means, _mean(every(row)) if row.scores.keys() == counts.keys() else NONE])
        )
    return "\n".join([*lines, *_silence(rows)])


def questions(rows: Sequence[Row]) -> dict[str, int]:
    """Each repository that anybody has answers about, and how many questions."""
    return {repo: len(scores) for row in rows for repo, scores in row.scores.items()}


def every(row: Row) -> list[float]:
    """The scores of all that a program was asked."""
    return [score for scores in row.scores.values() for score in scores]


def _silence(rows: Sequence[Row]) -> list[str]:
    told = [f"- {row.name} about {repo}: {why}." for row in rows for repo, why in row.silent.items()]
    return ["", "No answers:", "", *told] if told else []


def verdicts(ours: Row, rows: Sequence[Row], bulk: Rates) -> str:
    """What this project set itself, and whether it holds; clock first, processor time in brackets."""
    lines = []
    if ours.built.words is not None:
        took = ours.built.words
        lines.append(
            f"Found by words after {amount(took.seconds, 's')} ({amount(took.cpu, 's')} of processor time); "
            f"aim ≤ {amount(WORDS_S, 's')}: {_verdict(took.seconds <= WORDS_S)}."
        )
    peer = next((row for row in rows if row.name == "VectorCode"), None)
    taken: tuple[tuple[str, Taken | None, Taken | None, float], ...] = (
        ("First index, fully embedded", ours.meaning, peer.meaning if peer else None, INDEX_TIMES),
        ("A question from a cold process", ours.question, peer.question if peer else None, QUESTION_TIMES),
    )
    for what, mine, their, aim in taken:
        if mine is not None and their is not None:
            clock, cpu = their.seconds / mine.seconds, their.cpu / mine.cpu
            lines.append(
                f"{what}: VectorCode takes {amount(clock, '×')} our time ({amount(cpu, '×')} our processor "
                f"time); aim ≥ {amount(aim, '×')}: {_verdict(clock >= aim)}."
            )
    if bulk:
        (clock, cpu), (other, other_cpu) = bulk["ours"], bulk["reference"]
        lines.append(
            f"Embedding alone, models loaded: {amount(clock, 'patterns/s')} against "
            f"{amount(other, 'patterns/s')} of sentence-transformers on bare code, "
            f"{amount(clock / other, '×')} ({amount(cpu / other_cpu, '×')} by processor time); "
            f"aim ≥ {amount(EMBEDDING_TIMES, '×')}: "
            f"{_verdict(clock / other >= EMBEDDING_TIMES)}."
        )
    return "\n".join(f"- {line}" for line in lines)


def notes(rows: Sequence[Row]) -> str:
    """How each was configured, or why it is not in the tables; a line each."""
    return "\n".join(f"- {_note(row)}" for row in rows)


def _note(row: Row) -> str:
    if row.failed:
        return f"**{row.name}** could not be measured: {row.failed}."
    more = f" Its index: {row.built.unfinished}." if row.built.unfinished else ""
    return f"**{row.name}** ({row.versions}): {row.note}.{more}"


def _verdict(holds: bool) -> str:
    return "ok" if holds else "**under**"


def _mean(scores: Sequence[float]) -> str:
    return f"{sum(scores) / len(scores):.3f}" if scores else NONE


def _seconds(value: float | None) -> str:
    return NONE if value is None else amount(value, "s")


def _ratio(value: float | None, base: float | None) -> str:
    return NONE if value is None or not base else amount(value / base, "×")


def _megabytes(size: int | None) -> str:
    return NONE if size is None else amount(size / MEGABYTE, "MB")


def _cells(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
