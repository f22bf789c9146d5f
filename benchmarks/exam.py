"""Every case of a split, its libraries built once, asked as often as wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.ablations import Ablation
from benchmarks.cases import Cases, CasesError, Row, checkout, docstring_scores, question_scores
from benchmarks.places import tell
from benchmarks.shelf import Remembering, Shelf, without_docstrings
from tui_patterns.models import Hit, SemanticRows
from tui_patterns.search.files import FileHit
from tui_patterns.search.parameters import FILE_POOL, POOL

DEEP = FILE_POOL  # hits asked for: several patterns of one file


class Exam:
    """The libraries of a split's cases, and what they answer."""

    def __init__(self, cases: Cases, repos: Path, folder: Path, model: Remembering, *, chroma: bool) -> None:
        self._cases = cases
        self._repos = repos
        self._chroma = chroma
        self._functions = self._function_shelf(repos, folder / "functions", model)
        self._files = dict(self._file_shelves(repos, folder / "questions", model))
        self._near: dict[tuple[Shelf, str], SemanticRows] = {}

    def _function_shelf(self, repos: Path, folder: Path, model: Remembering) -> Shelf | None:
        if not self._cases.queries:
            return None
        shelf = Shelf(folder, model)
        by_file: dict[str, dict[str, list[Row]]] = {}
        for row in self._cases.candidates:
            by_file.setdefault(row["repo"], {}).setdefault(row["path"], []).append(row)
        for repo, files in by_file.items():
            root = checkout(repos, repo)
            wanted = {(path, row["line"]) for path, rows in files.items() for row in rows}
            sources = {path: _source(root / path, rows) for path, rows in files.items()}
            shelf.put(root, sources, lambda unit, wanted=wanted: (unit.path, unit.line) in wanted)  # type: ignore[misc]
            tell(f"{repo}: {len(wanted):,} candidates in {len(files):,} files")
        shelf.embed(chroma=self._chroma)
        tell("embedded")
        return shelf

    def _file_shelves(self, repos: Path, folder: Path, model: Remembering) -> Iterator[tuple[str, Shelf]]:
        for repo, questions in self._cases.question_repos().items():
            root = checkout(repos, repo)
            shelf = Shelf(folder / repo.replace("/", "+"), model)
            below = root / (questions[0].get("benchmark_root") or "")
            files = {
                file.relative_to(root).as_posix(): file.read_bytes() for file in sorted(below.rglob("*.py"))
            }
            shelf.put(root, files, lambda unit: True)
            shelf.embed(chroma=self._chroma)
            tell(f"{repo}: {len(files)} files, {len(questions)} questions")
            yield repo, shelf

    def ask(self, *, meaning: bool = True) -> dict[str, Row | None]:
        """The figures of both kinds of case; with ``meaning`` off, by words alone."""
        return {
            "docstring": docstring_scores(self._cases, self._functions_found(meaning)),
            "questions": question_scores(self._cases, self._files_found(meaning)),
        }

    def observed(self) -> Iterator[tuple[Row, np.ndarray, int | None]]:
        """Each docstring question with what is seen of its candidates, [n, 2] of words' share and cosine.

        With the row of the answer, if it is among them.
        """
        shelf, places = self._functions, self._names()
        for row in self._cases.queries if shelf else ():
            hits = shelf.search(row["query"], 2 * POOL, self._meant(shelf, row["query"])).hits  # type: ignore[union-attr,arg-type]
            seen = np.array([(hit.why["match"], hit.why["cosine"] or 0.0) for hit in hits]).reshape(-1, 2)
            right = [at for at, hit in enumerate(hits) if row["target"] in places[hit.pattern.id]]
            yield row, seen, right[0] if right else None

    def _names(self) -> dict[str, list[str]]:
        """The candidates that each stored pattern stands for, by its id."""
        if self._functions is None:
            return {}
        names = {
            (checkout(self._repos, row["repo"]).name, row["path"], row["line"]): row["id"]
            for row in self._cases.candidates
        }
        return {
            uuid: [names[Path(root).name, path, line] for root, path, line in found]
            for uuid, found in self._functions.places().items()
        }

    def _functions_found(self, meaning: bool) -> dict[str, list[str]]:
        """Candidates by query, best first; the places of one pattern one after another."""
        shelf, places = self._functions, self._names()
        if shelf is None:
            return {}
        return {
            row["id"]: [
                name for hit in self._hits(shelf, row["query"], meaning) for name in places[hit.pattern.id]
            ]
            for row in self._cases.queries
        }

    def _files_found(self, meaning: bool) -> list[tuple[Row, list[str]]]:
        return [
            (row, [file.path for file in self._found_files(self._files[repo], row["query"], meaning)])
            for repo, rows in self._cases.question_repos().items()
            for row in rows
        ]

    def _found_files(self, shelf: Shelf, query: str, meaning: bool) -> list[FileHit]:
        return shelf.files(query, DEEP, self._meant(shelf, query) if meaning else None)

    def _hits(self, shelf: Shelf, query: str, meaning: bool) -> tuple[Hit, ...]:
        """What is found, best first."""
        return shelf.search(query, DEEP, self._meant(shelf, query) if meaning else None).hits

    def _meant(self, shelf: Shelf, query: str) -> SemanticRows:
        """What is near in meaning; asked for once."""
        if (shelf, query) not in self._near:
            self._near[shelf, query] = shelf.near(query)
        return self._near[shelf, query]

    @contextmanager
    def without(self, ablation: Ablation) -> Iterator[None]:
        """The pipeline with one part of it switched off."""
        with ablation.applied([shelf for shelf in (self._functions, *self._files.values()) if shelf]):
            if ablation.asks_anew:
                self._near = {}
            yield
        if ablation.asks_anew:
            self._near = {}

    def close(self) -> None:
        """Let every library go."""
        for shelf in (self._functions, *self._files.values()):
            if shelf is not None:
                shelf.close()


def _source(file: Path, candidates: Sequence[Row]) -> bytes:
    spans = [(row["doc_start"], row["doc_end"]) for row in candidates if row["doc_start"]]
    try:
        # As bytes, but split by \n alone: whatever the encoding, and with the lines that the cases count.
        source = file.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        raise CasesError(f"{file} is not there: is the checkout at the commit of the cases?") from None
    return without_docstrings(source, spans).encode("utf-8", "surrogateescape")
