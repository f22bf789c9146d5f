"""What the benchmarks at size are made of: corpora, growth laws, charts and sections."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import corpus, sections
from benchmarks.grown import MARK, grow
from benchmarks.measured import run
from benchmarks.scale_chart import draw
from benchmarks.scale_growth import Size, power_law, table
from tests.unit.stock import Stock, unit
from tui_patterns.search import lexical
from tui_patterns.store import vectors
from tui_patterns.store.packing import widen

PRINT = "model"


def size(vectors: int, factor: float) -> Size:
    asked = {kind: [(factor * n, factor * n / 2) for n in range(1, 11)]
             for kind in ("vector", "lexical", "hybrid", "filtered")}  # fmt: skip
    return Size(vectors, asked, factor, 10_000, vectors, factor, factor, 1_000, 1_000)


def test_whole_packages_are_copied_until_there_are_enough_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, lines in (("a", 3), ("b", 90), ("c", 3), ("d", 3)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("x = 1\n" * lines)
    monkeypatch.setattr(corpus, "packages", lambda: sorted(tmp_path.iterdir()))
    copied = corpus.copy_lines(tmp_path.parent / "copy", 5, largest=50)
    assert (copied.packages, copied.files, copied.lines) == (("a", "c"), 2, 6)
    assert (copied.folder / "c" / "__init__.py").is_file()


def test_a_grown_library_has_patterns_that_are_found_and_all_of_their_own(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "patterns.db")
    stock.put("app.py", *(unit(f"job_{n}", line=10 * n, docstring=f"Does job {n}.") for n in range(5)))
    hashes = [row["doc_hash"] for row in stock.rows("SELECT DISTINCT doc_hash FROM versions")]
    blobs = [(one, array("f", [0.6, 0.8] if n % 2 else [1.0, 0.0]).tobytes()) for n, one in enumerate(hashes)]
    vectors.save(stock.conn, PRINT, blobs)
    assert grow(tmp_path / "patterns.db", 12, PRINT) == 12
    assert grow(tmp_path / "patterns.db", 12, PRINT) == 12
    grown = stock.rows(f"SELECT id, uuid FROM patterns WHERE uuid LIKE '{MARK}%'")
    assert len({row["uuid"] for row in grown}) == 7
    assert len(lexical.search(stock.conn, "job", 50)) == 12
    lengths = [
        sum(x * x for x in array("f", widen(row["vector"])))
        for row in stock.rows("SELECT vector FROM vectors")
    ]
    assert lengths == pytest.approx([1.0] * len(lengths), abs=1e-3)
    assert stock.rows("PRAGMA foreign_key_check") == []
    stock.close()


def test_a_power_law_is_continued() -> None:
    assert power_law([10, 100, 1000], [2, 4, 8], 10_000) == pytest.approx(16)
    with pytest.raises(ValueError, match="two sizes"):
        power_law([10, 10], [1, 2], 100)


def test_the_table_tells_what_is_extrapolated() -> None:
    rows = table([size(10_000, 0.01), size(30_000, 0.02), size(100_000, 0.04)]).splitlines()
    assert len({row.count("|") for row in rows}) == 1
    assert [row for row in rows if "extrapolated" in row] == rows[-1:]


def test_the_chart_is_drawn_from_the_figures() -> None:
    picture = ElementTree.fromstring(draw([size(10_000, 0.001), size(100_000, 0.002)]))
    lines = picture.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 4
    places = {
        float(y) for line in lines for y in (point.split(",")[1] for point in line.get("points", "").split())
    }
    assert len(places) > 1 and all(0 < y < 340 for y in places)


def test_a_section_takes_the_place_of_the_one_with_its_heading() -> None:
    page = "# P\n\n## One\n\nold\n\n## Two\n\nkept\n"
    once = sections.put(page, "## One\n\nnew\n")
    assert "old" not in once and "new" in once and once.count("## One") == 1 and "kept" in once
    assert sections.put(once, "## Three\n\nmore\n").rstrip().endswith("more")


def test_a_command_is_measured_with_all_that_it_started() -> None:
    inner = "x = bytearray(3 * 10**7)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{inner}']); print('done')"
    done = run([sys.executable, "-c", code])
    assert (done.out, done.code) == ("done\n", 0)
    assert done.cpu > 0.0 and done.seconds > 0.0
    with pytest.raises(RuntimeError, match="failed"):
        run([sys.executable, "-c", "raise SystemExit(3)"])
