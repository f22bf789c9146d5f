"""A command's category, and whether its exit code can be believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.sessions.commands import judge
from tui_patterns.sessions.outputs import coverage, exit_code, verdict, wall_ms


@pytest.mark.parametrize(
    ("command", "category", "decisive"),
    [
        ("pytest -q", "test", True),
        ("cd app && python -m pytest -x 2>&1", "test", True),
        ("uv run ruff check . && uv run pytest", "test", True),
        ("pytest -q | tail -5", "test", False),
        ("pytest || true", "test", False),
        ("pytest; echo done", "test", False),
        ("echo start; pytest", "test", True),
        ("pytest a; pytest b", "test", False),
        ("bash -lc 'npm test'", "test", True),
        ("PYTHONPATH=. timeout 60 .venv/bin/pytest", "test", True),
        ("npm run build", "build", True),
        ("cargo build --release", "build", True),
        ("make", "build", True),
        ("make test", "test", True),
        ("go vet ./...", "lint", True),
        ("ruff format --check", "lint", True),
        ("git commit -m 'make test; pytest'", "vcs", True),
        ("cat > test.sh <<'EOF'\npytest\nEOF\nls", "read", False),
        ("python script.py", "other", True),
        ("echo 'unclosed", "other", True),
        ("", "other", True),
    ],
)
def test_commands_are_judged(command: str, category: str, decisive: bool) -> None:
    assert judge(command) == (category, decisive)


@given(st.text(max_size=300))
def test_any_text_is_judged(command: str) -> None:
    assert judge(command).category in {"test", "build", "lint", "vcs", "read", "other"}


@pytest.mark.parametrize(
    ("output", "passed"),
    [
        ("=== 3 passed, 1 warning in 0.12s ===", True),
        ("=== 1 failed, 3 passed in 0.12s ===", False),
        ("2 errors in 0.10s", False),
        ("Ran 3 tests in 0.1s\n\nOK\n", True),
        ("Ran 3 tests in 0.1s\n\nFAILED (failures=1)\n", False),
        ("Tests:       1 failed, 3 passed, 4 total", False),
        ("test result: ok. 5 passed; 0 failed;", True),
        ("ok  \texample.org/a\t0.1s\nFAIL\texample.org/b", False),
        ("it passed my expectations", None),
        ("", None),
    ],
)
def test_the_summary_of_a_runner_is_understood(output: str, passed: bool | None) -> None:
    assert verdict(output) is passed


def test_numbers_in_outputs() -> None:
    assert coverage("Name Stmts Miss Cover\nTOTAL   120   12   90%\n") == 0.9
    assert coverage("TOTAL eclipse") is None
    assert exit_code("Exit code 127\nnot found") == 127 and exit_code("fine") is None
    assert exit_code("Exit code: 0\nWall time: 1.5 seconds\nOutput:") == 0
    assert wall_ms("Exit code: 0\nWall time: 1.5 seconds\nOutput:") == 1500
