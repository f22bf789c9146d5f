"""JUnit XML, as pytest and others write it, read with expat: no tree in memory, no entities.

A document type is refused: a report needs none, and every trick with entities does.
pytest's ``xunit1`` names the file of a test; ``xunit2`` only a dotted class name,
whose longest beginning that is a file below the root is taken for the module.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from tui_patterns.extraction.evidence.facts import Failure, Outcome, Result, TestId, Unreadable
from tui_patterns.extraction.evidence.reading import read_limited
from tui_patterns.extraction.source import one_line

MOST_TESTS = 200_000
MOST_SECONDS = 1e6
MOST_FAILURES = 60
TEXT = 6_000  # characters of what a failing test printed that are kept, from the end
_OUTCOMES: dict[str, Outcome] = {"failure": "failed", "error": "failed", "skipped": "skipped"}
_WORSE: dict[Outcome, int] = {"passed": 1, "skipped": 0, "failed": 2}


def read(file: Path, root: Path, ran: int, failures: list[Failure] | None = None) -> list[Result]:
    """The tests of a report; of those listed twice the worse outcome. Raises Unreadable.

    What failing tests printed is added to ``failures``.
    """
    reader = _Reader(root)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(read_limited(file), True)
    except expat.ExpatError as error:
        raise Unreadable(f"is damaged, it is not XML: {one_line(error)}") from error
    if failures is not None:
        failures += [Failure(test, text, ran) for test, text in list(reader.failures.items())[:MOST_FAILURES]]
    return [Result(test, outcome, ran, reader.seconds.get(test)) for test, outcome in reader.tests.items()]


def _refuse(*_: object) -> None:
    raise Unreadable("declares a document type, which no test report needs: it was not read")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0.0 < seconds < MOST_SECONDS else None


class _Reader:
    def __init__(self, root: Path) -> None:
        self.tests: dict[TestId, Outcome] = {}
        self.seconds: dict[TestId, float] = {}
        self._root = root
        self._modules: dict[str, bool] = {}
        self._test: TestId | None = None
        self._outcome: Outcome = "passed"
        self.failures: dict[TestId, str] = {}
        self._place_of_text: TestId | None = None
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "testcase":
            self._test, self._outcome = self._named(attributes), "passed"
            self._place_of_text = self._test or self._uncollected(attributes)
            if self._test is not None and (seconds := _seconds(attributes.get("time", ""))) is not None:
                self.seconds[self._test] = seconds
        elif name in _OUTCOMES and self._outcome != "failed":
            self._outcome = _OUTCOMES[name]
            self._text = f"E   {attributes.get('message', '')[:TEXT]}\n" if self._outcome == "failed" else ""

    def text(self, data: str) -> None:
        """Characters between the elements; those of a failure are kept, as they end."""
        if self._text:
            self._text += data
            if len(self._text) > 4 * TEXT:
                self._text = self._text[-TEXT:]

    def end(self, name: str) -> None:
        if self._text and _OUTCOMES.get(name) == "failed":
            place, text = self._place_of_text, self._text[-TEXT:]
            if place is not None and len(self.failures) < MOST_FAILURES:
                self.failures.setdefault(place, text)
            self._text = ""
        if name != "testcase" or self._test is None:
            return
        if len(self.tests) >= MOST_TESTS:
            raise Unreadable(f"holds more than {MOST_TESTS} tests")
        known = self.tests.get(self._test)
        if known is None or _WORSE[self._outcome] > _WORSE[known]:
            self.tests[self._test] = self._outcome
        self._test = None

    def _uncollected(self, attributes: dict[str, str]) -> TestId | None:
        """A test file that could not be imported: pytest gives its module as the name, and no class."""
        path = attributes.get("name", "").replace(".", "/") + ".py"
        return TestId(path, "") if not attributes.get("classname") and self._is_file(path) else None

    def _named(self, attributes: dict[str, str]) -> TestId | None:
        name, bracket, variant = attributes.get("name", "").partition("[")
        file, classes = self._place(attributes.get("file", ""), attributes.get("classname", ""))
        if not name or file is None:
            return None
        return TestId(file, ".".join([*classes, name]), bracket + variant)

    def _place(self, file: str, classname: str) -> tuple[str | None, list[str]]:
        """The file of a test and the classes that it stands in."""
        parts = [part for part in classname.split(".") if part]
        if file.endswith(".py"):
            path = file.replace("\\", "/").removeprefix("./")
            module = path.removesuffix(".py").split("/")
            return path, parts[len(module) :] if parts[: len(module)] == module else []
        for length in range(len(parts), 0, -1):
            path = "/".join(parts[:length]) + ".py"
            if self._is_file(path):
                return path, parts[length:]
        return None, []

    def _is_file(self, path: str) -> bool:
        if path not in self._modules:
            try:
                self._modules[path] = (self._root / path).is_file()
            except (OSError, ValueError):
                self._modules[path] = False
        return self._modules[path]
