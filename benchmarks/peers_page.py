"""The pages about peers, written from the record alone: the section, the README's paragraph, the chart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from benchmarks import peers_table
from benchmarks.figures import amount
from benchmarks.peers_chart import draw
from benchmarks.peers_record import Record
from benchmarks.peers_table import Row
from benchmarks.places import TOP
from benchmarks.rivals.base import Taken
from benchmarks.sections import between, write_section

CHART, README = TOP / "docs" / "peers.svg", TOP / "README.md"
WIDTH = 116
ABOUT = """\
## Beside other programs

Written by `benchmarks/peers.py` (`make bench-peers`): the same {files} files of {package} ({lines:,} lines),
in one run, at the same priority, without network, every program with the default model where it can. *Found
by meaning* is the time until everything is; *one question* is a process started for one question, the median
of {turns}, taking turns. *Processor* counts user and system time of all processes, a server's included: of a
machine that is busy, believe that. *÷ ours*: above 1 × ours is quicker. Memory is the most at a time,
resident, pages that processes share counted for each; disk is the index alone.
"""
ANSWERS = """\
Answers: NDCG@10 over public questions about files of repositories (in brackets, how many), by the ten files
that a program finds first; one that finds pieces of files counts with the file of each, once. Every program
has an index of its own of each repository.
"""


def write(record: Record, ours: str) -> None:
    """All pages anew; ``ours`` is the name of the program that the others are compared with."""
    write_section("peers", section(record, ours))
    rows = ordered(record, ours)
    if rows[0].question is not None:
        CHART.write_text(draw(rows), "utf-8")
        README.write_text(between(README.read_text("utf-8"), "peers", paragraph(record, ours)), "utf-8")


def ordered(record: Record, ours: str) -> list[Row]:
    """Ours first, the others as they are in the record."""
    rest = [row for name, row in record.rows.items() if name != ours]
    return [record.rows.get(ours, Row(ours)), *rest]


def section(record: Record, ours: str) -> str:
    """The section of docs/benchmarks.md."""
    mine, *others = rows = ordered(record, ours)
    parts = [ABOUT.format(**record.about), peers_table.times(mine, others)]
    parts.append(peers_table.verdicts(mine, others, record.bulk))
    if peers_table.questions(rows):
        parts += [ANSWERS, peers_table.answers(rows)]
    facts = [*record.told(), *record.about["machine"]]
    parts += [peers_table.notes(rows), "\n".join(f"- {fact}" for fact in facts)]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def paragraph(record: Record, ours: str) -> str:
    """What the README says beside the chart."""
    mine, *others = ordered(record, ours)
    said = [
        f"Beside other programs on the source of {record.about['package']} ({record.about['files']} files), "
        f"{record.date()}, by the clock (in brackets by processor time).",
        _first_index(mine, others),
        _one_question(mine, others),
        _embedding(record),
        _right(mine, others),
        "[docs/benchmarks.md](docs/benchmarks.md) says how each was configured and measured.",
    ]
    return textwrap.fill(" ".join(one for one in said if one), WIDTH, break_on_hyphens=False)


def _first_index(mine: Row, others: Sequence[Row]) -> str:
    if mine.meaning is None:
        return ""
    words = f"by words after {_both(mine.built.words)}, " if mine.built.words else ""
    whole = f"Everything is found {words}by meaning after {_both(mine.meaning)}"
    stopped = [f"{row.name} was stopped before its end" for row in others if row.built.unfinished]
    return f"{_listed([f'{whole} here', *_times_ours(mine, others, lambda row: row.meaning), *stopped])}."


def _one_question(mine: Row, others: Sequence[Row]) -> str:
    if mine.question is None:
        return ""
    found = _times_ours(mine, others, lambda row: row.question)
    return f"{_listed([f'One question from a cold process takes {_both(mine.question)} here', *found])}."


def _times_ours(mine: Row, others: Sequence[Row], of: Callable[[Row], Taken | None]) -> list[str]:
    """How many times as long each takes."""
    base, found = of(mine), [(row.name, of(row)) for row in others]
    return [
        f"with {name} {amount(one.seconds / base.seconds, '×')} ({amount(one.cpu / base.cpu, '×')}) as long"
        for name, one in found
        if one is not None and base is not None
    ]


def _embedding(record: Record) -> str:
    if not record.bulk:
        return ""
    (clock, cpu), (other, other_cpu) = record.bulk["ours"], record.bulk["reference"]
    return (
        f"Embedding alone goes through {amount(clock / other, '×')} ({amount(cpu / other_cpu, '×')}) as many "
        "patterns a second as sentence-transformers on the bare code."
    )


def _right(mine: Row, others: Sequence[Row]) -> str:
    counts = peers_table.questions([mine, *others])
    if not counts:
        return ""
    rows = [("here", mine), *((f"with {row.name}", row) for row in others)]
    found = [_score(name, row, list(counts)) for name, row in rows]
    asked = f"On {sum(counts.values())} public questions about files of {' and '.join(counts)}, NDCG@10 is"
    return f"{asked} {_listed([one for one in found if one])}."


def _score(name: str, row: Row, repos: Sequence[str]) -> str:
    scores = peers_table.every(row)
    if not scores:
        return f"not known {name}"
    alone = "" if len(row.scores) == len(repos) else f", asked about {' and '.join(row.scores)} alone"
    return f"{sum(scores) / len(scores):.2f} {name}{alone}"


def _both(taken: Taken) -> str:
    return f"{amount(taken.seconds, 's')} ({amount(taken.cpu, 's')})"


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts) if any("," in part for part in parts) else ", ".join(parts)
