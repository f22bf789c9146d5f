"""Forgetting is for good: a canary is planted wherever it can get to, and then found nowhere."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit import transcripts as make
from tui_patterns.api import Forgetting, Indexer, LibraryError, PatternInjector, PatternLibrary, Sessions
from tui_patterns.api.forgetting_files import UNFINISHED
from tui_patterns.cli.main import run
from tui_patterns.engine.lock import IndexLock
from tui_patterns.store import ledger
from tui_patterns.store.database_file import integrity
from tui_patterns.store.packing import unpack, unpack_words

CANARY = "zqcanaryxv"
OTHER = '''
def collect_pages(fetch, limit=10):
    """Collect pages until one is empty."""
    found = []
    for number in range(limit):
        page = fetch(number)
        if not page:
            break
        found.extend(page)
    return found
'''
SINGING = f'''
def sing_aloud(call, attempts=3):
    """The {CANARY} sings at noon."""
    for attempt in range(attempts):
        try:
            return call("{CANARY}", attempt)
        except ConnectionError:
            print("{CANARY} again")
    raise RuntimeError("gave up")
'''
TASK = "collect pages until one is empty"


PACKED = 48  # bytes of a packed value: enough to know it by, and never on two pages of the database


def packed_values(path: Path) -> list[bytes]:
    """Everything in the tables of a database that ``store.packing`` could have made."""
    with contextlib.closing(sqlite3.connect(path)) as conn:
        tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' "
                                                 "AND sql LIKE 'CREATE TABLE%' ORDER BY 1")]  # fmt: skip
        rows = [row for table in tables for row in conn.execute(f'SELECT * FROM "{table}"')]
    return [value for row in rows for value in row if isinstance(value, bytes)]


def holds_canary(value: bytes) -> bool:
    for read in (unpack, unpack_words):
        with contextlib.suppress(ValueError):
            return any(CANARY in (text or "").lower() for text in read(value))
    return False


class Nest:
    """A library with two projects, of which one has the canary, and what else may hold it."""

    def __init__(self, data: Path, work: Path) -> None:
        self.data, self.work = data, work
        self.packed: set[bytes] = set()
        self.library = PatternLibrary(data / "patterns.db")
        self.project(work / "plain", {"pages.py": OTHER})

    def project(self, root: Path, files: dict[str, str]) -> Path:
        root.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (root / name).write_text(text)
        Indexer(self.library).index([root], embed=False, jobs=1)
        return root

    def index(self, root: Path) -> None:
        Indexer(self.library).index([root], embed=False, jobs=1)

    def id(self, name: str) -> str:
        return next(one.id for one in self.library.recent() if name in one.qualname)

    def scatter(self) -> None:
        """Everything that keeps copies: a backup, a Chroma folder, logs, the clipboard's file, a report."""
        self.library.backup()
        self.remember()
        for name in ("chroma/data.bin", "chroma.damaged-1/data.bin", "engine.log", "engine.log.1",
                     "logs/cli.log", "copied.txt"):  # fmt: skip
            path = self.data / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"… {CANARY} …")

    def remember(self) -> None:
        """Take note of how packed values begin that hold the canary, in the library and its backups."""
        for path in (self.data / "patterns.db", *(self.data / "backups").glob("*.db")):
            self.packed.update(value[:PACKED] for value in packed_values(path) if holds_canary(value))

    def left(self) -> list[str]:
        """Files of the data folder that still hold the canary: as bytes, packed, or as an indexed word."""
        with self.library.connections.lend() as conn:
            words = {row["term"] for row in conn.execute("SELECT term FROM search_words")}
        self.library.close()
        found = [path for path in sorted(self.data.rglob("*")) if path.is_file()]
        named = [path.name for path in found if self._in(path.read_bytes())]
        values = [
            f"packed in {path.name}"
            for path in found
            if path.suffix == ".db" and any(map(holds_canary, packed_values(path)))
        ]
        return [*named, *values, *sorted(word for word in words if CANARY in word)]

    def _in(self, content: bytes) -> bool:
        return CANARY.encode() in content.lower() or any(one in content for one in self.packed)

    def sound(self) -> bool:
        """The library and its backups are whole, and the evidence is what its events say."""
        with self.library.connections.lend() as conn:
            fine = integrity(conn) == "ok" and not conn.execute("PRAGMA foreign_key_check").fetchall()
            conn.execute("BEGIN")
            unchanged = ledger.rebuild(conn) == {}
            conn.execute("ROLLBACK")
        return fine and unchanged


@pytest.fixture
def nest(data_dir: Path, tmp_path: Path) -> Iterator[Nest]:
    made = Nest(data_dir, tmp_path)
    yield made
    made.library.close()


def inject(nest: Nest, name: str, session: str, note: str = CANARY) -> str:
    """An injection of the pattern, used, rated, and with an outcome that names places and a command."""
    pattern = nest.id(name)
    done = PatternInjector(nest.library).enhance("Do it.", "t", session=session, picked=[pattern])
    assert done.injection_id
    nest.library.rate(pattern, 5, session, note=note)
    nest.library.outcome(done.injection_id, pattern, True)
    return done.injection_id


def test_a_pattern_is_forgotten_for_good(nest: Nest) -> None:
    singing = nest.project(nest.work / "shop", {"songs.py": SINGING, "pages.py": OTHER.replace("10", "20")})
    nest.project(nest.work / "shop", {"songs.py": SINGING.replace("range", "reversed")})  # an older version
    nest.project(nest.work / "shop", {"songs.py": SINGING})
    inject(nest, "sing", "s")
    nest.scatter()
    assert {"patterns.db", "engine.log", "data.bin", "packed in patterns.db"} <= set(nest.left())
    assert len(nest.packed) >= 3, "the code of two versions, and the words of one"
    before = {one.qualname for one in nest.library.recent()}
    done = Forgetting(nest.library).pattern(nest.id("sing"))
    assert (done.patterns, done.backups, done.left) == (1, 1, ())
    assert nest.left() == []
    assert {one.qualname for one in nest.library.recent()} == before - {"sing_aloud"}
    nest.index(singing)
    assert {one.qualname for one in nest.library.recent()} == before - {"sing_aloud"}, "it does not return"
    assert nest.sound()
    (singing / "songs.py").write_text(SINGING.replace("3", "4"))
    nest.index(singing)
    assert {one.qualname for one in nest.library.recent()} == before, "other code is another pattern"


def _backups(nest: Nest) -> list[Path]:
    return sorted((nest.data / "backups").glob("*.db"))


def test_a_project_is_forgotten_for_good(nest: Nest) -> None:
    root = nest.project(nest.work / f"shop-{CANARY}", {f"{CANARY}.py": SINGING, "pages.py": OTHER})
    inject(nest, "sing", "s")
    path = make.written(nest.work / "t", [line | {"cwd": str(root / "sub")} for line in make.day_of_work()])
    list(Sessions(nest.library).import_paths([path]))
    far = [
        make.asked("go", 0),
        make.called(1, "w", "Write", {"file_path": str(root / "a.py"), "content": SINGING}),
        *make.ran(3, "c", f"cat {root}/a.py", "ok"),
    ]
    other = "0a1b2c3d-0000-4000-8000-00000000000b"
    list(Sessions(nest.library).import_paths([make.written(nest.work / "t", far, f"{other}.jsonl")]))
    nest.scatter()
    done = Forgetting(nest.library).project(root)
    assert (done.patterns, done.sessions, done.backups, done.left) == (2, 1, 1, ())
    assert nest.left() == []
    assert [one.qualname for one in nest.library.recent()] == ["collect_pages"]
    assert [one.id for one in Sessions(nest.library).imported()] == [other] and nest.sound()
    nest.index(root)
    assert len(nest.library.recent()) == 3, "who indexes it again learns it again"


def test_a_session_is_forgotten_for_good(nest: Nest) -> None:
    lines = [
        make.asked(f"Sing, {CANARY}", 0),
        make.called(1, "w", "Write", {"file_path": f"/work/{CANARY}.py", "content": SINGING}),
        make.returned(2, "w", "ok"),
        *make.ran(3, "c", f"pytest -k {CANARY}", f"1 passed in 0.1s # {CANARY}"),
    ]
    path = make.written(nest.work / "t", lines)
    found = Sessions(nest.library)
    list(found.import_paths([path]))
    found.extract(make.SESSION)
    found.report(found.analyze(make.SESSION))
    injection = inject(nest, "collect", "person", "mine")
    nest.library.rate(nest.id("sing"), 4, make.SESSION)
    from tui_patterns.api.evidence import record_outcome

    said = {"session": make.SESSION, "command": f"pytest -k {CANARY}"}
    record_outcome(nest.library, injection, nest.id("collect"), True, what="build",
                   source=f"session:{make.SESSION}", detail=said)  # fmt: skip
    nest.scatter()
    done = Forgetting(nest.library).session(make.SESSION[:8])
    assert (done.patterns, done.sessions, done.backups, done.left) == (1, 1, 1, ())
    assert nest.left() == [] and nest.sound()
    assert [one.qualname for one in nest.library.recent()] == ["collect_pages"]
    assert nest.library.rating_in(nest.id("collect"), "person") == 5, "what others said stays"
    assert not any(make.SESSION.encode() in path.read_bytes() for path in _backups(nest))


def test_everything_is_forgotten(nest: Nest, capfd: pytest.CaptureFixture[str]) -> None:
    nest.project(nest.work / "shop", {"songs.py": SINGING})
    inject(nest, "sing", "s")
    nest.scatter()
    (nest.data / "prices.json").write_text("{}")
    assert run(["forget", "everything"]) == 2 and "--yes" in capfd.readouterr().err
    nest.library.close()
    assert run(["forget", "everything", "--yes", "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert (done["what"], done["patterns"], done["backups"]) == ("everything", 2, 1)
    left = sorted(path.name for path in nest.data.iterdir() if not path.name.startswith("index."))
    assert left == ["prices.json"]
    assert nest.library.count() == 0, "the library begins anew"


def test_while_the_app_runs_nothing_is_forgotten(nest: Nest) -> None:
    lock = IndexLock(nest.data, "app")
    assert lock.try_acquire()
    try:
        for forget in _ways(nest):
            with pytest.raises(LibraryError, match="close it"):
                forget()
    finally:
        lock.release()
    assert nest.library.count() == 1


def _ways(nest: Nest) -> list[Callable[[], object]]:
    forgetting = Forgetting(nest.library)
    return [lambda: forgetting.pattern(nest.id("collect")), lambda: forgetting.project("plain"),
            forgetting.everything]  # fmt: skip


@pytest.mark.parametrize("argv", [["pattern", "ffffffff"], ["project", "nowhere"], ["session", "nobody"]])
def test_what_is_not_known_cannot_be_forgotten(
    nest: Nest, argv: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["forget", *argv]) == 1
    told = capfd.readouterr().err
    assert told.count("\n") == 1 and "Traceback" not in told


def test_a_backup_that_cannot_be_read_is_named(nest: Nest, capfd: pytest.CaptureFixture[str]) -> None:
    nest.scatter()
    broken = nest.data / "backups" / "patterns-broken.db"
    broken.write_bytes(b"no database at all" * 100)
    nest.library.close()
    assert run(["forget", "project", "plain"]) == 1
    assert "patterns-broken.db" in capfd.readouterr().err
    assert nest.library.count() == 0


def test_what_a_kill_left_half_cleaned_goes_next_time(nest: Nest) -> None:
    nest.scatter()
    (backup,) = _backups(nest)
    for suffix in ("", "-wal"):
        backup.with_name(f".{backup.name}{UNFINISHED}{suffix}").write_text(CANARY)
    Forgetting(nest.library).project("plain")
    assert _backups(nest) == [backup] and list(backup.parent.iterdir()) == [backup]
