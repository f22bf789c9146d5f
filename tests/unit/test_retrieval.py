"""The arithmetic of the retrieval benchmark: gains, strata, blanked docstrings, fitted weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from benchmarks import scores
from benchmarks.cases import Cases, CasesError, checkout, docstring_scores, gain, question_scores
from benchmarks.exam import Exam
from benchmarks.retrieval import line, main, page
from benchmarks.shelf import Remembering, without_docstrings
from benchmarks.tune import Choice, cross_validated, fit, gains

SCORER = """
def docstring_metrics(ranked, queries):
    return {"mrr10": 0.5, "recall@10": 1.0}
def semble_ndcg10(ranked, task):
    return float(ranked[0][0] == task["relevant"][0]["path"]) if ranked else 0.0
"""


class Model:
    """Stands in for the model: a text's vector is drawn by its length."""

    fingerprint, dimension = "drawn", 8

    def embed(self, texts: Sequence[str], batch_size: int = 32, role: str = "document") -> np.ndarray:
        rows = [np.random.default_rng(len(text)).normal(size=self.dimension) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    folder = tmp_path / "dev"
    folder.mkdir()
    (tmp_path / "score_retrieval.py").write_text(SCORER)
    queries = [
        {"id": n, "query": t, "target": t, "name_overlap": o}
        for n, t, o in (("q0", "a", 0.2), ("q1", "b", 0.9))
    ]
    (folder / "docstring_queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    return tmp_path


def test_a_gain_falls_with_the_rank_and_ends_after_ten() -> None:
    assert (gain(0), gain(None), gain(10)) == (1.0, 0.0, 0.0)
    assert gain(1) == pytest.approx(0.6309, abs=1e-4) and gain(9) > 0


def test_strata_are_scored_apart_and_a_part_without_cases_is_null(truth: Path) -> None:
    cases = Cases.load(truth, "dev")
    found = docstring_scores(cases, {"q0": ["x", "a"], "q1": ["b"]})
    assert found is not None
    assert found["ndcg10"] == pytest.approx(0.8155, abs=1e-4) and found["n"] == 2
    assert found["low_overlap"] == {"ndcg10": 0.6309, "n": 1}
    assert question_scores(cases, []) is None
    assert docstring_scores(Cases([], [], [], cases.scorer), {}) is None


def test_questions_are_scored_by_the_files_found(truth: Path) -> None:
    row: dict[str, Any] = {"repo": "r", "relevant": [{"path": "a.py"}]}
    assert question_scores(Cases.load(truth, "dev"), [(row, ["a.py"]), (row, ["b.py"])]) == {
        "ndcg10": 0.5,
        "n": 2,
    }


def test_what_is_missing_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--truth", str(tmp_path), "--repos", str(tmp_path)]) == 1
    assert "is not there" in capsys.readouterr().err
    with pytest.raises(CasesError, match=r"owner\+name"):
        checkout(tmp_path, "owner/name")
    (tmp_path / "someone+click").mkdir()
    assert checkout(tmp_path, "click").name == "someone+click"


@pytest.mark.parametrize(
    ("row", "told"), [('{"id": 1', "no JSON"), ('{"id": "q0", "query": "x"}', "lacks target, name_overlap")]
)
def test_rows_that_are_no_cases_are_one_line_that_names_them(
    truth: Path, capsys: pytest.CaptureFixture[str], row: str, told: str
) -> None:
    file = truth / "dev" / "docstring_queries.jsonl"
    file.write_text(file.read_text() + "\n\n" + row)
    assert main(["--truth", str(truth), "--repos", str(truth), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"{file}, line 4: {told}") and err.count("\n") == 1


def test_cases_without_a_scorer_are_scored_all_the_same(truth: Path) -> None:
    (truth / "score_retrieval.py").unlink()
    found = docstring_scores(Cases.load(truth, "dev"), {"q0": ["x", "a"], "q1": ["b"]})
    assert found is not None and (found["mrr10"], found["recall10"]) == (0.75, 1.0)


def test_a_targets_gain_is_that_of_its_first_chunk() -> None:
    whole = {"path": "src/a.py", "start_line": None, "end_line": None}
    lines = {"path": "b.py", "start_line": 10, "end_line": 20}
    task = {"relevant": [whole], "secondary": [lines]}
    ideal = 1 + 1 / np.log2(3)
    chunks = [("x.py", 1, 9), ("a.py", 1, 5), ("a.py", 6, 9), ("deep/b.py", 21, 30), ("deep/b.py", 1, 10)]
    assert scores.semble_ndcg10(chunks, task) == pytest.approx((1 / np.log2(3) + 1 / np.log2(6)) / ideal)
    assert scores.semble_ndcg10([], task) == 0.0
    assert scores.semble_ndcg10(chunks, {"relevant": [], "secondary": []}) == 0.0


def test_candidates_in_any_encoding_are_read_and_a_missing_file_is_told(truth: Path) -> None:
    row = {"id": "a", "repo": "o/n", "path": "a.py", "line": 3, "doc_start": 4, "doc_end": 4}
    code = "# -*- coding: latin-1 -*-\n# caf\xe9\ndef f(x):\n    'Doc.'\n    return [y for y in x if y]\n"
    (truth / "o+n").mkdir()
    model = cast(Remembering, Model())
    cases = Cases([{"id": "q", "query": "x", "target": "a", "name_overlap": 0}], [row], [], scores)
    with pytest.raises(CasesError, match=r"a\.py is not there"):
        Exam(cases, truth, truth / "shelf", model, chroma=False)
    (truth / "o+n" / "a.py").write_bytes(code.encode("latin-1"))
    exam = Exam(cases, truth, truth / "shelf", model, chroma=False)
    assert exam.ask()["docstring"]["recall10"] == 1.0  # type: ignore[index]
    exam.close()


def test_docstrings_go_and_no_line_moves() -> None:
    source = 'def f():\n    """Doc\n    more."""\n    return 1\n'
    assert without_docstrings(source, [(2, 3)]) == "def f():\n\n\n    return 1\n"


def test_the_fit_finds_what_tells_the_right_one() -> None:
    chance = np.random.default_rng(5)
    choices = []
    for number in range(60):
        seen = chance.normal(size=(20, 2))
        choices.append(Choice(f"r{number % 3}", number % 4 == 0, seen, int(np.argmax(3 * seen[:, 0]))))
    weights = fit(choices)
    assert weights[0] > 5 * abs(weights[1])
    assert np.mean(gains(choices, weights)) > 0.95 and np.mean(cross_validated(choices)) > 0.95
    assert gains([Choice("r", False, seen, None)], weights) == [0.0]


def test_tables_show_a_dash_for_what_was_not_asked(truth: Path) -> None:
    cases = Cases.load(truth, "dev")
    found = {"docstring": docstring_scores(cases, {"q1": ["b"]}), "questions": None}
    assert "docstring 0.5000  low overlap 0.0000" in line("everything", found)
    assert "| everything | 0.5000 | 0.0000 | – |" in page(cases, [("everything", found)], "Chroma")
