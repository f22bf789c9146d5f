"""The walk finds every source file once, follows nothing out of the root and opens no file."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_patterns.engine import discovery
from tui_patterns.engine.discovery import Skipped, read_source, walk
from tui_patterns.engine.ignore import IgnoreRules


def make(root: Path, *files: str, data: bytes = b"x = 1\n") -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def found(root: Path, skipped: Skipped | None = None, under: str = "") -> list[str]:
    return [file.rel for file in walk(root, IgnoreRules(root, max_bytes=1000), skipped=skipped, under=under)]


def test_files_come_with_size_and_time_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a/z.py", "a/y.txt", "a/stub.pyi", "UPPER.PY")
    files = list(walk(tmp_path, IgnoreRules(tmp_path)))
    assert [file.rel for file in files] == ["UPPER.PY", "b.py", "a/z.py"]
    st = (tmp_path / "b.py").stat()
    assert (files[1].size, files[1].mtime_ns) == (st.st_size, st.st_mtime_ns)


def test_what_is_skipped_is_counted_by_reason(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "x_pb2.py", "node_modules/m.js", "app.js", "app.ts", "data.bin")
    make(tmp_path, "big.py", data=b"#" * 2000)
    skipped = Skipped()
    languages = ["python", "javascript", "typescript"]
    files = walk(
        tmp_path,
        IgnoreRules(tmp_path, max_bytes=1000),
        discovery.supported_suffixes(languages),
        unsupported=discovery.unsupported_suffixes(languages),
        skipped=skipped,
    )
    assert [file.rel for file in files] == ["a.py"]
    assert skipped == {"ignored": 1, "generated": 1, "too_large": 1, "unsupported_language": 2}
    assert discovery.unsupported_languages(languages) == ("javascript", "typescript")


def test_links_are_never_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "a/x.py")
    make(tmp_path, "secret/s.py")
    (root / "loop").symlink_to(root)
    (root / "a/up").symlink_to("..")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "s.py").symlink_to(tmp_path / "secret/s.py")
    for number in range(100):
        (root / f"chain{number}").symlink_to(root / f"chain{number + 1}")
    skipped = Skipped()
    assert found(root, skipped) == ["a/x.py"]
    assert skipped["outside_root"] == 2
    assert found(root, under="out") == found(root, under="../secret") == []


def test_a_root_may_itself_be_a_link(tmp_path: Path) -> None:
    make(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == ["a.py"]


def test_a_missing_root_is_an_error_and_a_missing_folder_is_not(tmp_path: Path) -> None:
    assert found(tmp_path, under="gone/deeper") == []
    with pytest.raises(FileNotFoundError):
        found(tmp_path / "gone")
    make(tmp_path, "file.py")
    with pytest.raises(NotADirectoryError):
        found(tmp_path / "file.py")


def test_only_below_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "a/x.py", "a/b/y.py", "ab/z.py", "build/lib/c.py")
    assert found(tmp_path, under="a") == ["a/x.py", "a/b/y.py"]
    assert found(tmp_path, under="build/lib") == []


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/x.py", "b/y.py")
    scandir = os.scandir

    def failing(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "a":
            raise PermissionError(13, "denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    skipped = Skipped()
    assert found(tmp_path, skipped) == ["b/y.py"]
    assert skipped.unreadable == {"a"}


def test_a_name_that_is_not_unicode_is_skipped(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "ünï.py")
    (tmp_path / os.fsdecode(b"bad\xff.py")).write_text("")
    skipped = Skipped()
    assert found(tmp_path, skipped) == ["a.py", "ünï.py"]
    assert skipped == {"bad_name": 1}


def test_folders_may_nest_deeper_than_python_recurses(tmp_path: Path) -> None:
    root = tmp_path / "root"
    folder = root / "/".join("d" * 1500)
    try:
        # By mkdir, since Python's own makedirs recurses.
        subprocess.run(["mkdir", "-p", str(folder)], check=True)
        (folder / "deep.py").write_text("")
        assert found(root) == [f"{folder.relative_to(root)}/deep.py"]
    finally:
        subprocess.run(["rm", "-rf", str(root)], check=True)


def test_reading_gives_bytes_or_a_reason(tmp_path: Path) -> None:
    make(tmp_path, "ok.py", data=b"caf\xc3\xa9 = 1\n")
    make(tmp_path, "nul.py", data=b"a\0b")
    make(tmp_path, "utf16.py", data="x = 1".encode("utf-16"))
    make(tmp_path, "gen.py", data=b"# @generated\n")
    make(tmp_path, "empty.py", data=b"")
    (tmp_path / "link.py").symlink_to(tmp_path / "ok.py")
    with (tmp_path / "sparse.py").open("wb") as file:
        file.truncate(10 * 2**30)
    read = {file.name: read_source(file, 1000, root=tmp_path.resolve()) for file in tmp_path.iterdir()}
    assert read == {
        "ok.py": b"caf\xc3\xa9 = 1\n", "nul.py": "binary", "utf16.py": "binary", "gen.py": "generated",
        "empty.py": b"", "link.py": "not_regular", "sparse.py": "too_large",
    }  # fmt: skip
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "gone.py", 1000)


def test_a_fifo_never_blocks_and_a_device_is_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.py")
    results: list[object] = []
    reader = threading.Thread(
        target=lambda: results.extend(
            (read_source(tmp_path / "fifo.py", 10), read_source(Path("/dev/zero"), 10))
        ),
        daemon=True,
    )
    reader.start()
    reader.join(60)
    assert results == ["not_regular", "not_regular"]


def test_a_folder_swapped_for_a_link_gives_nothing_from_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "pkg/a.py")
    make(tmp_path, "secret/a.py")
    (root / "pkg").rename(root / "old")
    (root / "pkg").symlink_to(tmp_path / "secret")
    assert read_source(root / "pkg/a.py", 1000, root=root.resolve()) == "outside_root"
