"""The engine as the app has it: a real child on a real project, through saves, storms, kills and its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from tests.conftest import SAMPLE
from tests.integration.engines import Engine, descendants, living, sites, until, write
from tui_patterns.api import Indexer, PatternLibrary, StatusEvent
from tui_patterns.engine import rpc
from tui_patterns.settings import Settings

ENGINE = [sys.executable, "-m", "tui_patterns.engine"]
SOON_S = 30.0  # by themselves; four seconds where nothing else runs
WRAP = '''
def fold_paragraph(text: str, width: int) -> list[str]:
    """Break a paragraph into lines no longer than the given number of columns."""
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current] if current else lines
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project") / "shop"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.fixture(scope="module")
def engine(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for the tests that leave it running."""
    with Engine(tmp_path_factory.mktemp("data"), project) as running:
        yield running.ready()


def find(engine: Engine, query: str) -> str:
    """The qualified name of the best hit by words."""
    hits = engine.library.search(query, 1).hits
    return hits[0].pattern.qualname if hits else ""


# -- the work -----------------------------------------------------------------------


def test_it_indexes_embeds_and_fills_chroma(engine: Engine, project: Path) -> None:
    status = engine.status
    assert (status.role, status.folders, status.error) == ("owner", (str(project),), None)
    assert status.watches >= 1 and status.patterns == engine.library.count() > 5
    rows = engine.semantic("price of an order including tax")
    assert rows is not None and rows.index == "chroma" and len(rows.rows) == 5
    assert engine.nearest("price of an order including tax") == "order_total"
    assert engine.client.bad_frames == 0


def test_a_save_by_another_process_is_announced_and_found(engine: Engine, project: Path) -> None:
    heard = len(engine.changes)
    save = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"
    subprocess.run([sys.executable, "-c", save, str(project / "folding.py"), WRAP], check=True, timeout=180)
    change = engine.until(lambda: next((one for one in engine.changes[heard:] if one.new), None))
    assert change.files == ("folding.py",) and change.project == "shop"
    assert find(engine, "fold paragraph") == "fold_paragraph"
    until(lambda: engine.nearest("wrap text to a given width") == "fold_paragraph", "its vector")
    until(lambda: engine.ready().status.patterns == engine.library.count(), "their number")


def test_a_rating_survives_rename_move_and_edit(engine: Engine, project: Path) -> None:
    (hit, *_) = engine.library.search("retry with backoff", 1).hits
    known, source = hit.pattern.id, project / "shop" / "retry.py"
    engine.library.rate(known, 5, "session", task="calls that fail")
    text = source.read_text().replace("retry_with_backoff", "call_again")
    text = text.replace("base_delay: float = 0.1", "first_delay: float = 0.2").replace(
        "base_delay *", "first_delay *"
    )
    source.unlink()
    write(project / "shop" / "net" / "again.py", text)
    until(lambda: engine.library.pattern(known).qualname == "call_again", "the new name")
    found = engine.library.pattern(known)
    assert (found.path, found.gone) == ("shop/net/again.py", False)
    assert (found.ratings.usage_count, found.ratings.last) == (1, 5)
    assert "first_delay" in found.code and len(engine.library.history(known)) == 2
    assert find(engine, "call again") == "call_again"


def test_a_save_in_two_steps_keeps_the_rating_too(engine: Engine, project: Path) -> None:
    """The copy is stored well before the original goes, as a slow refactoring does."""
    (hit, *_) = engine.library.search("parse amount", 1).hits
    engine.library.rate(hit.pattern.id, 4, "session")
    pricing = project / "shop" / "pricing.py"
    function = (
        "def parse_amount" + pricing.read_text().partition("def parse_amount")[2].partition("\n\n\n")[0]
    )
    write(project / "shop" / "money.py", function.replace("no amount given", "no amount") + "\n")
    until(lambda: any("shop/money.py" in one.files for one in engine.changes), "the copy")
    write(pricing, pricing.read_text().replace(function, ""))
    until(lambda: engine.library.pattern(hit.pattern.id).path == "shop/money.py", "the move")
    assert engine.library.pattern(hit.pattern.id).ratings.last == 4


def function(number: int, step: str) -> str:
    return (
        f"def work_{number}(items):\n    total = {number}\n    for item in items:\n"
        f"        if item > {number}:\n            total {step} item\n    return total\n"
    )


def test_after_a_storm_of_checkouts_the_index_equals_a_cold_one(
    engine: Engine, project: Path, tmp_path: Path
) -> None:
    folder = project / "storm"

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)

    folder.mkdir()
    git("init", "-q", "-b", "one")
    for number in range(200):
        (folder / f"f{number}.py").write_text(function(number, "+="))
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "two")
    for number in range(200):
        if number % 4 == 0:
            (folder / f"f{number}.py").unlink()
        elif number % 4 == 1:
            (folder / f"f{number}.py").rename(folder / f"moved{number}.py")
        elif number % 4 == 2:
            (folder / f"f{number}.py").write_text(function(number, "-="))
    git("add", "-A")
    git("commit", "-qm", "two")
    for branch in ("one", "two", "one", "two"):
        git("checkout", "-q", branch)
    cold = PatternLibrary(tmp_path / "cold" / "patterns.db", settings=Settings())
    Indexer(cold).index([project])
    expected = sites(cold.path)
    assert len(expected) > 150
    until(lambda: sites(engine.library.path) == expected, "the index to equal a cold one")
    until(lambda: engine.ready().library.count() == cold.count(), "its near-copies to be told")
    shutil.rmtree(folder)
    until(lambda: not any(path.startswith("storm/") for path, *_ in sites(engine.library.path)), "it to go")


def test_rescan_takes_up_what_no_event_told_of(engine: Engine) -> None:
    heard = len(engine.events)
    engine.ask(engine.client.rescan())
    engine.until(lambda: any(isinstance(one, StatusEvent) and one.status.state == "indexing"
                             for _, one in engine.events[heard:]))  # fmt: skip
    engine.ready()


def test_findings_come_from_the_engine(engine: Engine, project: Path) -> None:
    found = engine.ask(engine.client.findings(str(project), "shop/legacy.py"))
    assert found and {one.path for one in found} == {"shop/legacy.py"}
    assert engine.ask(engine.client.findings(str(project), "not/there.py")) == []


def test_an_idle_engine_examines_the_files_it_has_indexed(engine: Engine, project: Path) -> None:
    def kept() -> list[str] | None:
        found = engine.library.findings(str(project), "shop/idle.py")
        return None if found is None else [finding.label for finding in found]

    write(project / "shop" / "idle.py", "def idle(x):\n    return x == None\n")
    until(lambda: kept() == ["compare_none"], "the finding to be kept")
    write(project / "shop" / "idle.py", "def idle(x):\n    return x\n")
    until(lambda: kept() == [], "the finding to be gone")


# -- kills and ends -------------------------------------------------------------------


def test_after_kill_nine_it_says_so_and_is_back_soon(engine: Engine) -> None:
    downs, killed = len(engine.downs), engine.pid
    os.kill(killed, signal.SIGKILL)
    down = engine.until(lambda: engine.downs[downs:])[0]
    assert "exit -9" in down.reason and down.retry_s < 1 and "\n" not in down.reason
    assert find(engine, "order total")  # the app's own search never stopped
    rows = until(lambda: engine.semantic("order total"), "an answer")
    assert rows.rows and engine.pid != killed
    engine.ready()
    assert engine.status.role == "owner" and engine.status.index == "chroma"


def parsing(pid: int) -> set[int] | None:
    """An engine and all below it, once there is anything."""
    family = descendants(pid)
    return family if len(family) > 1 else None


def test_stop_leaves_no_process_and_no_lock(project: Path, tmp_path: Path) -> None:
    with Engine(tmp_path, project) as running:
        running.until(lambda: running.changes)  # its parsers run now, and it embeds
        family = until(lambda: parsing(running.pid), "its parsers")
    until(lambda: not living(family), f"the end of {family}", SOON_S)
    (tmp_path / "engine.log").write_bytes(b"an old line\n" * 200_000)
    with Engine(tmp_path, project) as again:  # nothing was lost, and nothing holds the lock
        again.ready()
        assert again.status.role == "owner"
        assert not any(change.new for change in again.changes)
        assert (tmp_path / "engine.log").stat().st_size < 100_000 < (tmp_path / "engine.log.1").stat().st_size


CLIENT = """
import asyncio, sys
from pathlib import Path
from typing import BinaryIO, cast
from tui_patterns.api import EngineClient

async def main():
    client = EngineClient(Path(sys.argv[1]), [Path(sys.argv[2])], lambda event: None)
    await client.start()
    while client.pid is None or client.status.state == "starting":
        await asyncio.sleep(0.01)
    print(client.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("when", [signal.SIGKILL, signal.SIGTERM])
def test_no_engine_outlives_its_app(project: Path, tmp_path: Path, when: signal.Signals) -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(tmp_path), str(project)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert app.stdout is not None
        pid = int(app.stdout.readline())
        family = descendants(pid)
        app.send_signal(when)
        app.wait(timeout=180)
        family |= descendants(pid)
        until(lambda: not living(family), f"the end of {family}", SOON_S)
    finally:
        app.kill()
    library = PatternLibrary(tmp_path / "patterns.db", settings=Settings())
    assert Indexer(library).index([project], embed=False).patterns > 5  # takes the lock at once


# -- the pipe ---------------------------------------------------------------------------

NOISY = """
import os, subprocess, sys
from tui_patterns.engine import __main__ as engine, rpc

source, sink = engine._take_pipe()
os.write(1, b"native noise\\n")
print("printed noise", flush=True)
subprocess.run(["echo", "noise of a grandchild"], check=True)
assert subprocess.run(["cat"], capture_output=True, timeout=10).stdout == b""
assert not os.get_inheritable(source.fileno()) and not os.get_inheritable(sink.fileno())
body = rpc.read(source)
sink.write(rpc.encode({"result": rpc.decode(body)["method"]}))
sink.flush()
"""


def test_what_libraries_print_never_reaches_the_pipe() -> None:
    asked = rpc.encode({"id": 1, "method": "ping"})
    done = subprocess.run(
        [sys.executable, "-c", NOISY], input=asked, capture_output=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == rpc.encode({"result": "ping"})
    for noise in (b"native noise", b"printed noise", b"noise of a grandchild"):
        assert noise in done.stderr


def frame(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An engine without a client, watching nothing; without a model: loading it may hold up the end."""
    command = [*ENGINE, "--data-dir", str(folder)]
    env = {**os.environ, "PATTERNS_TUI_EMBEDDING__MODEL": "no-such-model"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env) as process:
        try:
            yield process
        finally:
            process.kill()


def test_bad_messages_cost_only_themselves(tmp_path: Path) -> None:
    bad = [b"{", b"\xff\x00", b"[" * 50_000, b"null", b"[]", b'{"method": "sing", "id": 1}', b'{"id": 2}']
    wrong = rpc.encode({"id": 3, "method": "semantic", "params": {"query": 7}})
    with bare(tmp_path) as engine:
        assert engine.stdin is not None and engine.stdout is not None
        engine.stdin.write(b"".join(map(frame, bad)) + wrong + rpc.encode({"id": 4, "method": "ping"}))
        engine.stdin.flush()
        answers: dict[int, rpc.Message] = {}
        while not {3, 4} <= set(answers):
            message = rpc.decode(rpc.read(cast(BinaryIO, engine.stdout)) or b"")
            assert message is not None, "it ended, or printed into the pipe"
            answers[message.get("id", 0)] = message
        engine.stdin.close()
        assert engine.wait(timeout=180) == 0
    assert answers[4]["result"] == "pong"
    assert answers[3]["result"] is None and answers[3]["error"]["code"] < 0
    assert not {1, 2} & set(answers)


def test_a_frame_beyond_all_measure_ends_the_engine(tmp_path: Path) -> None:
    with bare(tmp_path) as engine:
        _, log = engine.communicate(b"\xff\xff\xff\xff" + b"x" * 100, timeout=180)
    assert engine.returncode == 0 and b"cannot be understood any more" in log
