"""The Chroma index answers like the exact scan, and no damage to its folder reaches the caller."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tui_patterns.search.chroma import ChromaIndex, ChromaUnavailable, open_or_rebuild, rebuild
from tui_patterns.search.chroma_folder import CrashGuard, set_aside
from tui_patterns.search.chroma_reader import ChromaReader
from tui_patterns.search.exact import ExactIndex
from tui_patterns.search.vectors import VectorIndex

PRINT = "0" * 32
DIMENSION = 32
COUNT = 1200
IDS = [f"p{row}" for row in range(COUNT)]
USE = f"""
import sys
from pathlib import Path
import numpy as np
from tui_patterns.search.chroma import ChromaDamaged, open_or_rebuild, rebuild
index = open_or_rebuild(Path(sys.argv[1]), "{PRINT}", {DIMENSION}, deadline_s=20)
vector = np.eye(1, {DIMENSION}, dtype=np.float32)
try:
    index.upsert(["fresh"], vector)
    print(index.rebuilt, index.query(vector[0], 1)[0][0])
except ChromaDamaged:
    index.close()
    index = rebuild(Path(sys.argv[1]), "{PRINT}", {DIMENSION}, deadline_s=20)
    index.upsert(["fresh"], vector)
    print(index.rebuilt, index.query(vector[0], 1)[0][0])
"""


def unit_rows(count: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((count, DIMENSION)).astype(np.float32)
    scaled: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


VECTORS = unit_rows(COUNT)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with 1,200 vectors: more than Chroma keeps in its log before writing its files."""
    path = tmp_path_factory.mktemp("filled") / "chroma"
    index = open_or_rebuild(path, PRINT, DIMENSION)
    index.upsert(IDS, VECTORS, [{"row": row} for row in range(COUNT)])
    index.close()
    return path


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "chroma"))


def use(path: Path) -> subprocess.CompletedProcess[str]:
    """Open, write and query in a process of its own, which may die of it."""
    return subprocess.run(
        [sys.executable, "-c", USE, str(path)], capture_output=True, text=True, timeout=180, check=False
    )


def test_answers_as_the_exact_scan_does(folder: Path) -> None:
    index: VectorIndex = ChromaIndex(folder, PRINT, DIMENSION)
    exact = ExactIndex(IDS, VECTORS)
    shared = sum(
        len({one for one, _ in index.query(v, 10)} & {one for one, _ in exact.query(v, 10)})
        for v in VECTORS[:50]
    )
    assert index.kind == "chroma"
    assert shared / 500 >= 0.95
    found, similarity = index.query(VECTORS[7], 1)[0]
    assert found == "p7"
    assert similarity == pytest.approx(1.0, abs=1e-5)


def test_allowed_ids_may_be_unknown_to_it(folder: Path) -> None:
    index = ChromaIndex(folder, PRINT, DIMENSION)
    assert [one for one, _ in index.query(VECTORS[0], 5, {"p3", "not synced yet"})] == ["p3"]
    assert index.query(VECTORS[0], 5, ["not synced yet"]) == []
    assert index.query(VECTORS[0], 5, []) == []


def test_upsert_replaces_and_delete_passes_over_the_unknown(folder: Path) -> None:
    index = ChromaIndex(folder, PRINT, DIMENSION)
    index.upsert(["p0"], -VECTORS[:1])
    assert index.count() == COUNT
    assert index.query(-VECTORS[0], 1)[0][0] == "p0"
    index.delete(["p0", "unknown"])
    assert index.count() == COUNT - 1
    assert sorted(index.ids()) == sorted(IDS[1:])


def test_a_folder_opened_again_is_the_same_and_keeps_its_key(folder: Path) -> None:
    first = open_or_rebuild(folder, PRINT, DIMENSION)
    key = first.key
    first.close()
    again = open_or_rebuild(folder, PRINT, DIMENSION)
    assert (again.key, again.rebuilt, again.count()) == (key, False, COUNT)
    assert again.lost(VECTORS[:20]) == []


def test_other_models_vectors_go_when_told(folder: Path) -> None:
    ChromaIndex(folder, "1" * 32, DIMENSION).drop_others()
    assert ChromaIndex(folder, PRINT, DIMENSION).count() == 0


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("chroma.sqlite3", "third"),
        ("header.bin", "third"),
        ("header.bin", "noise"),
        ("index_metadata.pickle", "noise"),
        ("data_level0.bin", "empty"),
    ],
)
def test_damaged_files_end_in_an_index_that_answers(folder: Path, name: str, damage: str) -> None:
    """Chroma may die of torn files; the third process at the latest works."""
    file = next(folder.rglob(name))
    whole = file.read_bytes()
    noise = np.random.default_rng(2).bytes(len(whole))
    file.write_bytes({"empty": b"", "third": whole[: len(whole) // 3], "noise": noise}[damage])
    runs = [use(folder)]
    while runs[-1].returncode and len(runs) < 3:
        runs.append(use(folder))
    assert runs[-1].stdout in {"True fresh\n", "False fresh\n"}, runs
    assert use(folder).stdout == "False fresh\n"


def test_a_rebuilt_index_is_empty_and_has_another_key(folder: Path) -> None:
    key = ChromaIndex(folder, PRINT, DIMENSION).key
    (folder / "chroma.sqlite3").write_bytes(b"not a database, and long enough to be looked at" * 99)
    index = open_or_rebuild(folder, PRINT, DIMENSION)
    assert index.rebuilt
    assert index.count() == 0
    assert index.key != key


def test_an_index_that_proved_damaged_is_rebuilt_in_the_same_process(folder: Path) -> None:
    index = ChromaIndex(folder, PRINT, DIMENSION)
    index.close()
    fresh = rebuild(folder, PRINT, DIMENSION)
    fresh.upsert(IDS[:5], VECTORS[:5])
    assert (fresh.rebuilt, fresh.count(), fresh.query(VECTORS[4], 1)[0][0]) == (True, 5, "p4")
    assert fresh.lost(VECTORS[:6]) == [5]


def test_two_damaged_folders_are_kept(tmp_path: Path) -> None:
    for _ in range(4):
        (tmp_path / "chroma").mkdir()
        set_aside(tmp_path / "chroma")
    assert len(list(tmp_path.iterdir())) == 2
    assert set_aside(tmp_path / "chroma") is None


@pytest.mark.parametrize("step", CrashGuard.STEPS)
def test_one_death_is_forgiven_two_are_not(folder: Path, step: str) -> None:
    marker = folder.with_name(f"chroma.{step}")
    marker.write_text("1")
    first = open_or_rebuild(folder, PRINT, DIMENSION)
    first.close()
    assert not first.rebuilt
    marker.write_text("2")
    assert open_or_rebuild(folder, PRINT, DIMENSION).rebuilt
    assert not marker.exists()


def test_an_exception_is_no_death(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path / "chroma")
    with pytest.raises(KeyboardInterrupt), guard.step("asking"):
        assert guard.deaths == 1
        raise KeyboardInterrupt
    assert guard.deaths == 0


def test_the_reader_sees_what_the_index_holds(folder: Path) -> None:
    index = ChromaIndex(folder, PRINT, DIMENSION)
    expected, key = index.query(VECTORS[5], 10), index.key
    index.close()
    reader = ChromaReader(folder, PRINT)
    assert (reader.kind, reader.key, reader.count()) == ("chroma", key, COUNT)
    assert [one for one, _ in reader.query(VECTORS[5], 10)] == [one for one, _ in expected]
    assert [one for one, _ in reader.query(VECTORS[5], 10, ["p9", "unknown"])] == ["p9"]
    reader.close()


def test_the_reader_never_imports_chromadb(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tui_patterns.search.chroma_reader import ChromaReader\n"
        f"ChromaReader(Path(sys.argv[1]), '{PRINT}').count(); print('chromadb' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_the_reader_declines_what_it_cannot_be_sure_of(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ChromaUnavailable, match="no Chroma folder"):
        ChromaReader(tmp_path / "absent", PRINT)
    with pytest.raises(ChromaUnavailable, match="no collection"):
        ChromaReader(folder, "1" * 32)
    folder.with_name("chroma.writing").write_text("1")
    with pytest.raises(ChromaUnavailable, match="died"):
        ChromaReader(folder, PRINT)
    folder.with_name("chroma.writing").unlink()
    monkeypatch.setattr("tui_patterns.search.chroma_reader.CHECKED", ("0.0.1",))
    with pytest.raises(ChromaUnavailable, match=r"0\.0\.1"):
        ChromaReader(folder, PRINT)


def test_a_foreign_env_file_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / ".env").write_text("PERSIST_DIRECTORY=/nowhere\nCHROMA_SERVER_HOST=evil.example\n")
    monkeypatch.chdir(folder.parent)
    assert use(folder).stdout == "False fresh\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Chroma server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("server")
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home)
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("the Chroma server did not start")


def test_a_server_does_the_same_without_a_folder(server: str, tmp_path: Path) -> None:
    index = open_or_rebuild(tmp_path / "unused", PRINT, DIMENSION, server, {"X-Token": "t"})
    index.upsert(IDS[:300], VECTORS[:300])
    assert index.query(VECTORS[7], 1)[0][0] == "p7"
    assert [one for one, _ in index.query(VECTORS[7], 5, ["p9", "unknown"])] == ["p9"]
    assert index.count() == 300
    index.close()
    assert open_or_rebuild(tmp_path / "unused", PRINT, DIMENSION, server).key == index.key
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(
        ChromaUnavailable, match=r"no Chroma server answers at http://127.0.0.1:1: check"
    ) as raised:
        open_or_rebuild(tmp_path / "unused", PRINT, DIMENSION, "http://127.0.0.1:1")
    assert "\n" not in str(raised.value)
