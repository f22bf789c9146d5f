r"""From the text of a failure to the errors in it: tracebacks, pytest's reports, compilers, shells.

Whatever the text is, reading it takes a time in proportion to its length, of which the beginning and
the end are read. Known are Python's tracebacks (also in groups and chains: the last error of a chain is
the one that was seen), pytest's long, short and line styles with its summary, JavaScript's stacks,
``file:line: error: …`` of compilers and type checkers, and what shells say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tui_patterns.learning.error_classes import classify
from tui_patterns.learning.signatures import ErrorSeen, Frame
from tui_patterns.text import clean

HEAD, TAIL = 50_000, 150_000  # characters that are read
LINE = 2_000
MOST = 20
_NAME = r"[A-Za-z_][\w.]{0,200}"
_RAISED = re.compile(
    rf"^(?:E {{1,8}}|[ +|]{{0,12}})({_NAME}(?:Error|Exception|Warning|Exit|Interrupt|Group|Timeout|Failed"
    r"|DoesNotExist|Found)|Failed|StopIteration|(?:[a-z_][\w]*\.){1,8}[A-Z]\w{2,80})(?::[ \t]?(.*))?$"
)
_ASSERT = re.compile(r"^E {1,8}(assert\b.*)$")
_PYTEST_END = re.compile(
    r"^((?:[A-Za-z]:)?[^\s:]{1,400}\.py):(\d{1,7}):"
    r"(?: ?|[ ]((?:[a-z_]\w*\.){0,8}[A-Z]\w{0,100})(?::[ ](.*))?)$"
)
_SHORT_FRAME = re.compile(r"^((?:[A-Za-z]:)?[^\s:]{1,400}\.py):\d{1,7}: in (\S{1,200})$")
_PYTHON_FRAME = re.compile(r'^[ +|]{0,12}File "([^"\n]{1,400})", line \d{1,7}(?:, in (.{1,200}))?$')
_JS_FRAME = re.compile(
    r"^\s{1,12}at (?:(?:async |new )?([\w$.<>]{1,200}) \()?(?:file://)?([^\s():]{1,400}):\d+:\d+\)?$"
)
_DEF = re.compile(r"^(?:>? {1,60}|>)?(?:async )?def (\w{1,200})\(")
_SUMMARY = re.compile(r"^(?:FAILED|ERROR) (\S{1,400}?)(?: - (.*))?$")
_COMPILER = re.compile(
    r"^((?:[A-Za-z]:)?[^\s:()]{1,400})(?::\d{1,7}(?::\d{1,7})?:|\(\d{1,7},\d{1,7}\):) "
    r"(?:fatal )?error(?:[ :]\s?|\s)(?:(TS\d{1,6}|[CE]\d{2,6}): )?(.+?)(?:  \[([\w-]{2,60})\])?$"
)
_RUST = re.compile(r"^error(\[E\d{1,5}\])?: (.+)$")
_SHELL = re.compile(
    r"^(?:(?:/bin/)?(?:ba|z|da)?sh: .*|make(?:\[\d+\])?: \*\*\* .*|npm (?:ERR!|error) .*|fatal: .*)$"
)
_EXIT = re.compile(r"\b(?:exit(?:ed)?(?: with)?(?: status| code)?:? ?|Error )(-?\d{1,5})\]?\s*$", re.I)
_HEADER = re.compile(r"^_{3,} (.{1,300}?) _{3,}$")
_FOREIGN = frozenset({"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox"})
_LIBRARY = re.compile(r"(?:^|/)(?:lib|lib64)/python\d|^<|^node:|/importlib/")


@dataclass(slots=True)
class _Block:
    """What belongs to the error that is being read."""

    frames: list[Frame] = field(default_factory=list)
    defined: str = ""
    said: tuple[str, str] | None = None
    asserted: str | None = None
    test: str | None = None


def errors_in(text: str, root: str | None = None) -> list[ErrorSeen]:
    """The errors that ``text`` tells of, in order and once each, at most ``MOST``.

    Paths below ``root`` become relative to it. Nothing recognised gives an empty list.
    """
    found: dict[str, ErrorSeen] = {}
    for seen in _Reader(root).read(_lines(text)):
        if seen.signature not in found:
            found[seen.signature] = seen
        if len(found) >= 4 * MOST:
            break
    framed = {one.shape for one in found.values() if one.frame is not None}
    kept = [one for one in found.values() if one.frame is not None or one.shape not in framed]
    return kept[:MOST]


def _lines(text: str) -> Iterator[str]:
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    for line in clean(text).split("\n"):
        yield line[:LINE].rstrip()


class _Reader:
    def __init__(self, root: str | None) -> None:
        self._root = root.rstrip("/") if root else None
        self._block = _Block()
        self._exit: int | None = None

    def read(self, lines: Iterator[str]) -> Iterator[ErrorSeen]:
        """Errors as their blocks end."""
        later: list[tuple[str | None, str, str]] = []
        for line in lines:
            if not line:
                continue
            if (code := _EXIT.search(line[-60:])) and self._exit is None:
                self._exit = int(code[1])
            if (summary := _SUMMARY.match(line)) is not None:
                later.append(self._summarised(summary[1], summary[2] or ""))
                continue
            yield from self._line(line)
        yield from self._close()
        for test, type_name, message in later:
            if type_name:
                yield self._seen(type_name, message, [], test=test)

    def _line(self, line: str) -> Iterator[ErrorSeen]:
        block = self._block
        if (header := _HEADER.match(line)) is not None:
            yield from self._close()
            self._block.test = header[1]
        elif line.startswith("Traceback (most recent call last)") or "= FAILURES =" in line:
            yield from self._close()
        elif (frame := _PYTHON_FRAME.match(line) or _SHORT_FRAME.match(line)) is not None:
            if block.said is not None and _PYTHON_FRAME.match(line):
                yield from self._close()
            self._frame(frame[1], frame[2] or "")
        elif (script := _JS_FRAME.match(line)) is not None:
            self._frame(script[2], script[1] or "", first=True)
        elif (end := _PYTEST_END.match(line)) is not None:
            self._frame(end[1], block.defined)
            if end[3] and block.said is None:
                block.said = (end[3], end[4] or block.asserted or "")
        elif (defined := _DEF.match(line)) is not None:
            block.defined = defined[1]
        elif (said := _ASSERT.match(line)) is not None:
            block.asserted = block.asserted or said[1]
        elif (raised := _RAISED.match(line)) is not None:
            if block.said is not None and not line.startswith("E "):
                yield from self._close()
            self._block.said = (raised[1], raised[2] or "")
        else:
            yield from self._other(line)

    def _other(self, line: str) -> Iterator[ErrorSeen]:
        """What tools say that are no interpreters."""
        if (compiled := _COMPILER.match(line)) is not None:
            name = compiled[2] or compiled[4] or "error"
            tool = "lint" if compiled[4] or compiled[1].endswith(".py") else "build"
            yield self._seen(name, compiled[3], [Frame(self._path(compiled[1]))], tool=tool)
        elif (rust := _RUST.match(line)) is not None:
            yield self._seen(f"error{rust[1] or ''}", rust[2], [], tool="build")
        elif _SHELL.match(line) is not None:
            yield self._seen("", line, [], tool="build")

    def _close(self) -> Iterator[ErrorSeen]:
        block, self._block = self._block, _Block()
        said = block.said or (("AssertionError", block.asserted) if block.asserted else None)
        if said is None:
            return
        message = said[1] or (block.asserted or "" if said[0] == "AssertionError" else "")
        yield self._seen(said[0], message, block.frames, test=block.test)

    def _summarised(self, test: str, said: str) -> tuple[str | None, str, str]:
        raised = _RAISED.match(said)
        if raised is not None:
            return test, raised[1], raised[2] or ""
        return test, "AssertionError" if said.startswith("assert") else "", said

    def _seen(
        self,
        type_name: str,
        message: str,
        frames: Sequence[Frame],
        *,
        test: str | None = None,
        tool: str | None = None,
    ) -> ErrorSeen:
        if type_name.rpartition(".")[2] == "AssertionError" and "assert" not in message and not message:
            message = "assert"
        own = [frame for frame in frames if _is_own(frame.path)]
        return ErrorSeen(
            type=type_name,
            message=message,
            error_class=classify(type_name, message, tool),
            frame=own[-1] if own else None,
            exit_code=self._exit,
            files=tuple(dict.fromkeys(frame.path for frame in own)),
            test=test,
        )

    def _frame(self, path: str, function: str, *, first: bool = False) -> None:
        """Python's frames come with the top last, JavaScript's with the top first."""
        name = function.strip().rpartition(".")[2]
        frame = Frame(self._path(path), "" if name.startswith("<module") else name)
        if first:
            self._block.frames.insert(0, frame)
        else:
            self._block.frames.append(frame)

    def _path(self, path: str) -> str:
        plain = path.replace("\\", "/").removeprefix("./")
        if self._root and plain.startswith(f"{self._root}/"):
            return plain[len(self._root) + 1 :]
        return plain


def _is_own(path: str) -> bool:
    return not _LIBRARY.search(path) and not _FOREIGN & set(PurePosixPath(path).parts)
