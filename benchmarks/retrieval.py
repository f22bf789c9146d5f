"""How well search finds what is asked for, through the real pipeline.

    python benchmarks/retrieval.py --truth DIR --repos DIR [--split NAME] [--json] [--ablate] [--write]

DIR of ``--truth`` holds a folder NAME with questions (see its README), and the
scorer if it has one; ``--repos`` holds checkouts named owner+name at the commits of the cases.
Candidates are extracted, stored, embedded and searched as any pattern: SQLite,
FTS5, Chroma, the default model. A candidate's docstring lines are emptied first.
A question of several files is answered by ``search --files``. ``--ablate``
switches every part of the ranking off in turn.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.ablations import ABLATIONS
from benchmarks.cases import Cases, CasesError, Row, cases_parser
from benchmarks.exam import Exam
from benchmarks.places import isolate
from benchmarks.shelf import remembering

Answer = tuple[str, dict[str, Row | None]]
PAGE = Path(__file__).with_name("retrieval.md")
ABOUT = """\
## Retrieval

Written by `benchmarks/retrieval.py --ablate --write`: questions that nobody in the project wrote, through
SQLite, FTS5, {index} and the default model. *docstring*: a function is asked for by its docstring's first
sentence among {candidates:,}, whose docstrings the index does not see; *low overlap*: where the sentence says
at most a third of the function's name. *questions*: files of a repository asked for in plain words, answered
as `search --files` does. A part that is switched off shows what it adds; the last digit is noise.

| NDCG@10 | docstring ({n}) | low overlap ({low}) | questions ({questions}) |
| --- | ---: | ---: | ---: |
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and print; 1 with one line where something is missing."""
    options = _parser().parse_args(arguments)
    isolate()
    try:
        cases = Cases.load(options.truth, options.split)
        with tempfile.TemporaryDirectory(prefix="retrieval-") as folder:
            exam = Exam(cases, options.repos, Path(folder), remembering(), chroma=not options.exact)
            try:
                _report(exam, cases, options)
            finally:
                exam.close()
    except CasesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _report(exam: Exam, cases: Cases, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(exam.ask()))
        return
    rows = []
    for name, found in _answers(exam, ablate=options.ablate):
        print(line(name, found), flush=True)
        rows.append((name, found))
    if options.write:
        PAGE.write_text(page(cases, rows, "the exact scan" if options.exact else "Chroma"), "utf-8")


def _answers(exam: Exam, *, ablate: bool) -> Iterator[Answer]:
    """Everything, then without each part."""
    yield "everything", exam.ask()
    yield "words alone", exam.ask(meaning=False)
    for ablation in ABLATIONS if ablate else ():
        with exam.without(ablation):
            yield f"without {ablation.name}", exam.ask()


def line(name: str, found: dict[str, Row | None]) -> str:
    """One line for a terminal."""
    docstring, questions = found["docstring"], found["questions"]
    cells = [f"{name:48}"]
    if docstring:
        cells.append(f"docstring {_shown(docstring)}  low overlap {_shown(docstring['low_overlap'])}")
        cells.append(f"mrr {docstring['mrr10']:.4f}  recall {docstring['recall10']:.4f}")
    if questions:
        cells.append(f"questions {_shown(questions)}")
    return "  ".join(cells)


def page(cases: Cases, rows: Sequence[Answer], index: str) -> str:
    """The table in Markdown, with what it means."""
    _, (docstring, questions) = rows[0][0], (rows[0][1]["docstring"] or {}, rows[0][1]["questions"] or {})
    about = ABOUT.format(
        index=index,
        candidates=len(cases.candidates),
        n=docstring.get("n", 0),
        low=docstring.get("low_overlap", {}).get("n", 0),
        questions=questions.get("n", 0),
    )
    return about + "\n".join(_markdown(name, found) for name, found in rows) + "\n"


def _markdown(name: str, found: dict[str, Row | None]) -> str:
    docstring = found["docstring"]
    cells = (docstring, docstring and docstring["low_overlap"], found["questions"])
    return f"| {name} | " + " | ".join(_shown(cell) for cell in cells) + " |"


def _shown(figures: Row | None) -> str:
    return "–" if not figures or figures["ndcg10"] is None else f"{figures['ndcg10']:.4f}"


def _parser() -> argparse.ArgumentParser:
    parser = cases_parser(__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ablate", action="store_true", help="switch every part off in turn")
    parser.add_argument("--exact", action="store_true", help="the exact scan in place of Chroma")
    parser.add_argument("--write", action="store_true", help="put the table on its page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
