"""What the benchmarks at size are made of: corpora, growth laws, charts and sections."""

from __future__ import annotations

import signal
import sys
from array import array
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import corpus, scale, scale_branches, scale_parts, sections
from benchmarks.figures import Figure
from benchmarks.grown import MARK, grow
from benchmarks.measured import run
from benchmarks.scale import main, write
from benchmarks.scale_app import jumped
from benchmarks.scale_chart import draw
from benchmarks.scale_growth import figures, power_law, table
from benchmarks.scale_parts import PARTS, Plan, run_parts
from benchmarks.scale_record import Collection, Record, Size
from benchmarks.scale_vectors import table as vectors_table
from tests.unit.stock import Stock, unit
from tui_patterns.search import lexical
from tui_patterns.store import vectors
from tui_patterns.store.numbers import widen

PRINT = "model"


def size(vectors: int, factor: float) -> Size:
    asked = {kind: [(factor * n, factor * n / 2) for n in range(1, 11)]
             for kind in ("vector", "lexical", "hybrid", "filtered")}  # fmt: skip
    return Size(vectors, asked, factor, 10_000, 1_000, 1_000)


def collection(vectors: int, factor: float) -> Collection:
    return Collection(vectors, 100, factor, factor / 2, [(factor, factor / 2)] * 5, 0.99, 1_000, 2_000)


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


def test_the_smallest_files_make_up_the_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, lines in (("a", 3), ("b", 90), ("c", 4), ("d", 5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("x = 1\n" * lines)
    monkeypatch.setattr(corpus, "packages", lambda: sorted(tmp_path.iterdir()))
    more = corpus.add_small_files(corpus.Corpus(tmp_path.parent / "more", 1, 3, ("a",)), 3)
    assert (more.files, more.lines) == (3, 12)
    assert sorted(one.name for one in more.folder.iterdir()) == ["c", "d"]
    with pytest.raises(ValueError, match="only 4 files"):
        corpus.add_small_files(corpus.Corpus(tmp_path.parent / "more", 1, 3, ("a",)), 9)


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
    measured = [collection(10_000, 0.001), collection(300_000, 0.0015)]
    picture = ElementTree.fromstring(draw([size(10_000, 0.001), size(100_000, 0.002)], measured))
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


def test_what_was_measured_is_there_after_an_interruption(tmp_path: Path) -> None:
    record = Record.begin(tmp_path / "growth.json", "growth", "whole")
    record.add(
        [Figure("a", 1.5, "s", 2.0, "how")], size=size(10_000, 0.01), collection=collection(10_000, 0.1)
    )
    found = Record.read(record.path)
    assert found is not None and not found.done and not found.fresh("whole")
    assert (found.figures, found.collections) == (record.figures, record.collections)
    assert found.sizes[0].ms("hybrid") == record.sizes[0].ms("hybrid")
    assert "not to its end" in found.told()
    found.finish()
    again = Record.read(record.path)
    assert again is not None and again.fresh("whole") and not again.fresh("quick")


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"part": "a"')
    (tmp_path / "b.json").write_text('{"part": "b", "load": ["1", "2"], "older": 1}')
    assert [Record.read(tmp_path / name) for name in ("a.json", "b.json", "c.json")] == [None] * 3


def test_a_part_that_fails_leaves_the_others_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(tmp_path))
    ran = []

    def child(part: str, plan: Plan) -> int:
        ran.append(part)
        if part == "index":
            return 1
        Record.begin(plan.file(part), part, plan.name).finish()
        return 0

    monkeypatch.setattr(scale_parts, "_child", child)
    plan = Plan("quick", tmp_path)
    assert run_parts(["index", "growth", "app"], plan, resume=False) == ["index"]
    assert run_parts(["index", "growth", "app"], plan, resume=True) == ["index"]
    assert ran == ["index", "growth", "app", "index"]


def test_a_part_needs_room_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(tmp_path))
    left = tmp_path / "bench" / "scale" / "work" / "999999999"
    left.mkdir(parents=True)
    made = []

    def fail(work: Path, *_: object) -> None:
        made.append(work)
        assert work.is_dir() and not left.exists()
        raise RuntimeError("broken")

    monkeypatch.setattr(scale_branches, "measure", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(RuntimeError, match="broken"):
        scale_parts.run_part("branches", Plan("quick", tmp_path))
    assert not made[0].exists()
    monkeypatch.setattr(scale_parts, "ROOM", dict.fromkeys(PARTS, 1e18))
    with pytest.raises(SystemExit, match="GB are needed"):
        scale_parts.run_part("branches", Plan("quick", tmp_path))


def test_the_page_says_of_each_part_when_and_under_which_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {}
    monkeypatch.setattr(scale, "write_section", lambda name, text: written.update({name: text}))
    monkeypatch.setattr(scale, "CHART", tmp_path / "scale.svg")
    growth = Record.begin(tmp_path / "growth.json", "growth", "whole")
    sizes = [size(10_000, 0.01), size(100_000, 0.02)]
    growth.add(size=sizes[0])
    growth.add(figures(sizes), size=sizes[1])
    vectors = Record.begin(tmp_path / "vectors.json", "vectors", "whole")
    vectors.add(collection=collection(10_000, 0.1))
    write([growth, vectors])
    assert "- growth: " in written["scale"] and "- vectors: " in written["scale"]
    assert "≤ 30 ms" in written["scale"] and (tmp_path / "scale.svg").is_file()


def test_targets_are_for_the_large_library_only() -> None:
    judged = {one.what: one.target for one in figures([size(10_000, 0.01), size(100_000, 0.02)])}
    assert judged["warm search, by words"] == 30.0
    assert figures([size(10_000, 0.01), size(15_000, 0.02)])[0].target is None


def test_of_a_million_everything_is_extrapolated_but_what_is_found() -> None:
    rows = vectors_table(
        [collection(10_000, 0.1), collection(30_000, 0.2), collection(100_000, 0.4)]
    ).splitlines()
    cells = [one.strip() for one in rows[-1].strip("|").split("|")]
    heads = [one.strip() for one in rows[0].strip("|").split("|")]
    assert cells[heads.index("of the 50 nearest found")] == ""
    assert all(cell for head, cell in zip(heads, cells, strict=True) if head != "of the 50 nearest found")


def test_a_row_jumps_when_pattern_row_or_line_is_another() -> None:
    place = {"id": "a", "row": 3, "line": 6}
    assert not jumped({"before": place, "after": dict(place)})
    assert all(jumped({"before": place, "after": {**place, key: "b"}}) for key in place)


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "growth,gravity"]) == 2
    assert "gravity" in capsys.readouterr().err
