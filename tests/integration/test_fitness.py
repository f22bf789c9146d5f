"""What does not fit is left out with its reason; where a pattern failed again and again it is avoided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternInjector, PatternLibrary, pattern_guards
from tui_patterns.cli.loop_shapes import enhanced
from tui_patterns.learning import guarding
from tui_patterns.learning.recording import record_outcome
from tui_patterns.models import Unit
from tui_patterns.prompts.budget import count_tokens
from tui_patterns.prompts.fit import Fitted
from tui_patterns.prompts.render import AVOID, strip_injected
from tui_patterns.settings import load_settings
from tui_patterns.store.sqlite import transaction

TASK = "wrap text to width"
PROMPT = "Write it.\n"


class Two:
    """A library of two projects: patterns stand in one, work is done in the other."""

    def __init__(self, folder: Path) -> None:
        self.source, self.target = folder / "source", folder / "target"
        for root in (self.source, self.target):
            root.mkdir()
        self.stock = Stock(folder / "patterns.db", self.source)
        self.there = Stock(folder / "patterns.db", self.target)
        self.there.put("own.py", unit("own", "own.py"))
        settings = load_settings(
            overrides={"search": {"min_relevance": 0.0}, "injection": {"min_success_rate": 0.0}}
        )
        self.library = PatternLibrary(folder / "patterns.db", settings=settings, home=[self.target])

    def put(self, **change: object) -> str:
        one = replace(unit("wrap_text_to_width", "text.py", docstring="Wrap text."), **change)  # type: ignore[arg-type]
        self.stock.put("text.py", one)
        return self.stock.id("wrap_text_to_width")

    def preview(self, task: str = TASK, picked: tuple[str, ...] = (), budget: int | None = None) -> Fitted:
        return PatternInjector(self.library).preview(PROMPT, task, picked=picked, budget=budget)

    def left(self, task: str = TASK) -> dict[str, str]:
        return {one.kind: one.reason for one in self.preview(task).left_out}

    def fail(self, number: int, pattern: str, task: str, success: bool = False, **context: object) -> None:
        done = PatternInjector(self.library).enhance(PROMPT, task, session=f"s{number}", picked=[pattern])
        assert done.injection_id is not None
        with transaction(self.stock.conn):
            record_outcome(
                self.stock.conn, done.injection_id, pattern, success, what="test", source="tests",
                project=str(self.target), detail={"context": context},
            )  # fmt: skip

    def pass_tests(self, count: int, name: str = "plain") -> None:
        """So many units of the target project that their tests cover and pass."""
        words = ("alpha", "beta", "gamma", "delta", "omega")
        made: list[Unit] = [
            unit(
                f"{name}_{words[at % 5]}_{chr(97 + at % 26)}{chr(97 + at // 26)}x",
                f"{name}.py",
                line=10 * at + 1,
            )
            for at in range(count)
        ]
        self.there.put(f"{name}.py", *made)
        self.there.conn.execute(
            "INSERT INTO version_tests (version_id, passed, failed, unknown, failing) "
            "SELECT version_id, 1, 0, 0, '[]' FROM patterns WHERE path = :path",
            {"path": f"{name}.py"},
        )

    def shown(self, task: str = TASK) -> list[str]:
        return [one.hit.pattern.qualname for one in self.preview(task).chosen]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    yield made
    made.library.close()
    made.stock.close()
    made.there.close()


# -- language, framework, dependencies --------------------------------------------------


def test_another_language_does_not_fit(two: Two) -> None:
    two.put(language="rust")
    assert two.left() == {"language": "it is rust, target is python"}
    assert "wrap_text_to_width" not in two.shown()


def test_a_framework_that_the_project_does_not_use_does_not_fit(two: Two) -> None:
    two.put(framework="fastapi")
    assert two.left() == {}, "nothing says what the project depends on"
    (two.target / "requirements.txt").write_text("django>=5\n")
    assert two.left() == {"framework": "it is for fastapi, which target does not use"}
    (two.target / "requirements.txt").write_text("django>=5\nfastapi\n")
    assert two.left() == {} and "wrap_text_to_width" in two.shown()


def test_dependencies_that_are_not_there_do_not_fit(two: Two) -> None:
    two.put(dependencies=("json", "httpx", "shop_internals"))
    (two.target / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["attrs"]\n')
    assert two.left() == {}, "its own project does not say that httpx is a library"
    (two.source / "requirements.txt").write_text("httpx\n")
    assert two.left() == {"dependency": "it needs httpx, which target does not have"}
    place = two.target / ".venv" / "lib" / "python3.11" / "site-packages" / "httpx-0.27.0.dist-info"
    place.mkdir(parents=True)
    assert two.left() == {}


def test_what_a_person_picked_goes_in_and_own_code_always_fits(two: Two) -> None:
    id = two.put(language="rust")
    assert [one.hit.pattern.id for one in two.preview(picked=(id,)).chosen] == [id]
    own = PatternLibrary(two.stock.path, settings=two.library.settings, home=[two.source])
    assert PatternInjector(own).preview(PROMPT, TASK).left_out == ()
    nowhere = PatternLibrary(two.stock.path, settings=two.library.settings)
    assert PatternInjector(nowhere).preview(PROMPT, TASK).left_out == ()


def test_the_reason_is_in_the_json_and_in_the_prompts_place(two: Two) -> None:
    two.put(language="rust", name="Evil\x1b[31m```")
    two.there.put("own.py")
    built = two.preview()
    shape = enhanced(built, "s")
    assert shape["left_out"][0]["kind"] == "language" and shape["avoid"] == []
    assert built.prompt == PROMPT and built.reason is not None
    assert "it is rust" in built.reason and "\x1b" not in built.reason and "`" not in built.reason


# -- versions of libraries --------------------------------------------------------------


def test_a_library_with_which_it_failed_is_warned_about(two: Two) -> None:
    id = two.put(dependencies=("httpx",))
    lock = two.target / "uv.lock"
    lock.write_text('[[package]]\nname = "httpx"\nversion = "0.27.2"\n')
    assert two.preview().warnings == ()
    two.fail(1, id, TASK, versions={"httpx": "0.27.0"})
    assert two.preview().warnings == (
        "Wrap Text To Width failed with httpx 0.27.0 (1 of 1); target has 0.27.2",
    )
    lock.write_text('[[package]]\nname = "httpx"\nversion = "0.28.0"\n')
    assert two.preview().warnings == ()
    two.fail(2, id, TASK, success=True, versions={"httpx": "0.26.1"})
    assert two.preview().warnings == (
        "Wrap Text To Width was seen to work with httpx 0.26.1 only; target has 0.28.0",
    )
    assert two.library.rebuild_evidence() == {}


def test_the_same_word_with_another_version_is_another_trial_of_the_library(two: Two) -> None:
    id = two.put(dependencies=("httpx",))
    done = PatternInjector(two.library).enhance(PROMPT, TASK, session="s", picked=[id])
    for version in ("0.26.0", "0.26.0", "0.27.0"):
        detail = {"passed": 1, "context": {"versions": {"httpx": version}}}
        record_outcome(two.stock.conn, done.injection_id, id, True, what="test", source="t", detail=detail)
    record_outcome(two.stock.conn, done.injection_id, id, True, what="test", source="t", detail={"passed": 1})
    rows = two.stock.conn.execute("SELECT version, success FROM library_trials ORDER BY version").fetchall()
    assert [tuple(row) for row in rows] == [("0.26.0", 1), ("0.27.0", 1)]
    assert two.stock.conn.execute("SELECT COUNT(*) FROM outcomes").fetchone()[0] == 1
    assert two.library.rebuild_evidence() == {}


# -- guards -----------------------------------------------------------------------------


def guarded(two: Two, failures: int = 3, passing: int = 40) -> str:
    id = two.put()
    two.pass_tests(passing)
    for number in range(failures):
        two.fail(number, id, "wrap text in the scheduler")
    guarding.review(two.stock.conn)
    return id


def test_repeated_failures_in_a_context_keep_the_pattern_out_and_say_what_to_avoid(two: Two) -> None:
    id = guarded(two)
    (one,) = pattern_guards(two.library)
    assert (one.id, one.guard.failures, one.guard.passing) == (id, 3, 0)
    built = two.preview("wrap text in the scheduler")
    assert id not in [pick.hit.pattern.id for pick in built.chosen]
    assert [left.kind for left in built.left_out] == ["guard"]
    assert AVOID in built.prompt and built.avoid and built.avoid[0] in built.prompt
    assert "failed 3 times there" in built.avoid[0]
    assert strip_injected(built.prompt) == PROMPT


def test_where_the_guard_does_not_hold_the_pattern_goes_in(two: Two) -> None:
    id = guarded(two)
    built = two.preview("width of a paragraph")
    assert id in [pick.hit.pattern.id for pick in built.chosen]
    assert AVOID not in built.prompt and built.avoid == ()
    assert not [left for left in built.left_out if left.kind == "guard"]


def test_a_guard_holds_also_against_what_was_picked(two: Two) -> None:
    id = guarded(two)
    built = two.preview("wrap text in the scheduler", picked=(id,))
    assert id not in [pick.hit.pattern.id for pick in built.chosen] and built.left_out[0].kind == "guard"


def test_too_few_failures_or_too_little_passing_code_are_no_guard(two: Two) -> None:
    guarded(two, failures=2)
    assert pattern_guards(two.library) == []


def test_without_passing_code_there_is_no_guard(two: Two) -> None:
    guarded(two, passing=10)
    assert pattern_guards(two.library) == []


def test_guards_are_the_same_however_often_they_are_worked_out_and_go_with_their_reason(two: Two) -> None:
    guarded(two)
    before = pattern_guards(two.library)
    assert not guarding.review(two.stock.conn) and pattern_guards(two.library) == before
    for number in range(3, 6):
        two.stock.conn.execute(
            "UPDATE injections SET task = 'other' WHERE session_id = :id", {"id": f"s{number - 3}"}
        )
    assert guarding.review(two.stock.conn) and pattern_guards(two.library) != before


def test_lines_on_what_to_avoid_count_in_the_budget(two: Two) -> None:
    guarded(two)
    for budget in (0, 20, 60, 120, 300, 2000):
        built = two.preview("wrap text in the scheduler", budget=budget)
        section = built.prompt[len(PROMPT.rstrip()) :] if built.injection_id else ""
        assert built.tokens <= budget
        assert count_tokens(section.strip()) <= budget or not section
