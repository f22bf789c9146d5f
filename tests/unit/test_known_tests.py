"""Which tests and fixtures are known to pass."""

from __future__ import annotations

from tui_patterns.engine.known_tests import known_to_pass
from tui_patterns.store.testing import TestUnit


def case(path: str, name: str, *requests: str) -> TestUnit:
    return TestUnit(path, 10, name, None, False, requests)


def fixture(path: str, name: str, *requests: str, autouse: bool = False, mtime_ns: int = 10) -> TestUnit:
    return TestUnit(path, mtime_ns, name, name, autouse, requests)


def passing(*units: TestUnit, ran: int = 20) -> set[str]:
    """What is known to pass when the test ``t/u/test_a.py:test_a`` did."""
    found = known_to_pass(units, {("t/u/test_a.py", "test_a"): ran})
    return {f"{path}:{name}" for path, name in found} - {"t/u/test_a.py:test_a"}


ASKING = case("t/u/test_a.py", "test_a", "shop", "tmp_path")


def test_a_fixture_passes_with_a_test_that_asks_for_it() -> None:
    assert passing(ASKING, fixture("t/u/test_a.py", "shop"), fixture("t/u/test_a.py", "till")) == {
        "t/u/test_a.py:shop"
    }
    assert passing(case("t/u/test_a.py", "test_b", "shop"), fixture("t/u/test_a.py", "shop")) == set()


def test_fixtures_of_fixtures_pass_too_and_circles_end() -> None:
    units = (
        fixture("t/u/test_a.py", "shop", "till"),
        fixture("t/conftest.py", "till", "clock"),
        fixture("conftest.py", "clock", "till"),
    )
    assert passing(ASKING, *units) == {"t/u/test_a.py:shop", "t/conftest.py:till", "conftest.py:clock"}


def test_the_nearest_fixture_of_a_name_is_meant() -> None:
    near, far = fixture("t/u/conftest.py", "shop"), fixture("conftest.py", "shop")
    assert passing(ASKING, near, far, fixture("other/conftest.py", "shop")) == {"t/u/conftest.py:shop"}
    overriding = fixture("t/u/conftest.py", "shop", "shop")
    assert passing(ASKING, overriding, far) == {"t/u/conftest.py:shop", "conftest.py:shop"}


def test_autouse_fixtures_run_for_every_test_below_them() -> None:
    units = (fixture("t/conftest.py", "reset", autouse=True), fixture("o/conftest.py", "other", autouse=True))
    assert passing(ASKING, *units) == {"t/conftest.py:reset"}


def test_a_fixture_changed_since_the_run_is_not_known() -> None:
    assert passing(ASKING, fixture("t/u/test_a.py", "shop", mtime_ns=21)) == set()
