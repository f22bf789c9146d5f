"""What the output of a tool says of how it went: exit codes and the last lines of test runners."""

from __future__ import annotations

import re

TAIL = 8_000  # characters at the end, where runners write their summary
KEPT = 2_000
_EXIT = re.compile(
    r"^(?:Error: )?(?:Exit code:? |Command failed with exit code |Process exited with code )(-?\d{1,9})\b",
    re.M,
)
_WALL = re.compile(r"^Wall time: (\d+(?:\.\d+)?) seconds", re.M)
_PYTEST = re.compile(r"^=* ?(?=.*\b\d+ (?:passed|failed|errors?)\b)(.*) in [\d.]+s", re.M)
_COUNT = re.compile(r"\b(\d+) (passed|failed|errors?)\b")
_UNITTEST = re.compile(r"^Ran \d+ tests? in .*\n+(OK|FAILED)", re.M)
_JEST = re.compile(r"^ *Tests:? +(.*\b\d+ (?:passed|failed)\b.*)$", re.M)
_CARGO = re.compile(r"^test result: (ok|FAILED)\.", re.M)
_TELLING = (" passed", " failed", " error", "Ran ", "test result: ", "FAIL", "ok ")
_COVERAGE = re.compile(r"^TOTAL\b.*?(\d{1,3}(?:\.\d+)?)%\s*$", re.M)
_GO = re.compile(r"^(ok|FAIL|--- FAIL)[:\s]", re.M)


def verdict(output: str) -> bool | None:
    """Whether the tests in this output passed, by the summary of their runner; ``None`` if there is none.

    Knows pytest, unittest, Jest and Vitest, cargo test and go test.
    """
    end = output[-TAIL:]
    if not any(word in end for word in _TELLING):
        return None
    counted = _PYTEST.findall(end) or _JEST.findall(end)
    if counted:
        kinds = {kind: int(many) for many, kind in _COUNT.findall(counted[-1])}
        return not any(many for kind, many in kinds.items() if kind != "passed")
    if found := _UNITTEST.findall(end):
        return bool(found[-1] == "OK")
    if found := _CARGO.findall(end):
        return "FAILED" not in found
    if found := _GO.findall(end):
        return all(word == "ok" for word in found)
    return None


def coverage(output: str) -> float | None:
    """The share of lines covered, 0 to 1, in the table of coverage.py (its last one)."""
    end = output[-TAIL:]
    found = _COVERAGE.findall(end) if "TOTAL" in end else []
    return float(found[-1]) / 100 if found and float(found[-1]) <= 100 else None


def exit_code(output: str) -> int | None:
    """The exit code that an agent writes at the head of an output."""
    found = _EXIT.search(output[:400])
    return int(found[1]) if found else None


def wall_ms(output: str) -> float | None:
    """The duration that an agent writes at the head of an output, in milliseconds."""
    found = _WALL.search(output[:400])
    return float(found[1]) * 1000 if found else None


def tail(output: str) -> str:
    """The end of an output, as much as is kept of a failure."""
    return output[-KEPT:]
