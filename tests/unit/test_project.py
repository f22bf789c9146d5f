"""Base classes in other files: followed as Python would, noted, and the store equal to a cold scan."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine.indexing import ProjectIndex
from tui_patterns.engine.worker_main import ParseTask, parse_task
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.project import ProjectClasses
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import ParsedFile
from tui_patterns.settings import Settings
from tui_patterns.store.sqlite import connect

BASE = "class Drink:\n    def cost(self): raise NotImplementedError\n"
HOLDS = "from base import Drink\nclass Topping(Drink):\n    def __init__(self, drink): self.drink = drink\n"
MILK = "class Milk(Topping):\n    def cost(self): return self.drink.cost() + 1\n"


def read(files: dict[str, str], path: str) -> ParsedFile:
    project = ProjectClasses(lambda name: files[name].encode() if name in files else None)
    return extract_source(files[path].encode(), path, project=project)


OF_MID = MILK.replace("Topping", "mid.Topping")


def labels(parsed: ParsedFile, qualname: str) -> set[str]:
    return {label.label for unit in parsed.units if unit.qualname == qualname for label in unit.labels}


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        ({"base.py": BASE, "mid.py": HOLDS, "use.py": f"from mid import Topping\n{MILK}"}, "use.py"),
        ({"base.py": BASE, "mid.py": HOLDS, "use.py": f"import mid\n{OF_MID}"},
         "use.py"),
        ({"base.py": BASE, "app/mid.py": HOLDS, "app/use.py": f"from .mid import Topping\n{MILK}"},
         "app/use.py"),
        ({"base.py": BASE, "app/mid.py": HOLDS, "app/sub/use.py": f"from ..mid import Topping\n{MILK}"},
         "app/sub/use.py"),
        ({"base.py": BASE, "app/mid.py": HOLDS, "app/__init__.py": "from .mid import Topping\n",
          "use.py": f"from app import Topping\n{MILK}"}, "use.py"),
    ],
)  # fmt: skip
def test_a_base_is_followed_into_other_files(layout: dict[str, str], path: str) -> None:
    assert "decorator" in labels(read(layout, path), "Milk")


def test_without_the_base_nothing_is_claimed() -> None:
    assert "decorator" not in labels(read({"use.py": f"from mid import Topping\n{MILK}"}, "use.py"), "Milk")


def test_what_was_looked_at_is_noted_also_where_nothing_was() -> None:
    use = f"from mid import Topping\n{MILK}"
    noted = dict(read({"base.py": BASE, "mid.py": HOLDS, "use.py": use}, "use.py").reads)
    assert noted["mid.py"] and noted["base.py"]
    absent = dict(read({"use.py": use}, "use.py").reads)
    assert absent["mid.py"] is None and absent["mid/__init__.py"] is None


def test_the_second_file_notes_the_same_as_the_first() -> None:
    files = {"base.py": BASE, "mid.py": HOLDS, "use.py": f"from mid import Topping\n{MILK}"}
    project = ProjectClasses(lambda name: files[name].encode() if name in files else None)
    first, second = (extract_source(files["use.py"].encode(), "use.py", project=project) for _ in range(2))
    assert first == second and first.reads


@pytest.mark.parametrize("other", ["class B(A): pass\n", "class (:\n", "\0", "from use import A\n"])
def test_circles_and_broken_files_end(other: str) -> None:
    files = {"use.py": "from other import B\nclass A(B):\n    def f(self): return 1\n", "other.py": other}
    assert read(files, "use.py").error is None


class Here:
    """A pool that parses in this process."""

    def parse(self, tasks: Iterable[ParseTask]) -> Iterator[ParsedFile]:
        return (parse_task(task, ExtractionOptions(), 10**6) for task in tasks)


BODIES = {
    "base.py": [BASE, "class Drink:\n    def price(self): return 1\n", "x = 1\n", "class (\n"],
    "mid.py": [HOLDS, HOLDS.replace("base", "other"), "class Topping: pass\n"],
    "mid/__init__.py": [HOLDS, "from other import Drink as Topping\n"],
    "other.py": [BASE, "x = 2\n"],
    "use.py": [f"from mid import Topping\n{MILK}", f"from other import Drink as Topping\n{MILK}"],
}
steps = st.lists(
    st.dictionaries(st.sampled_from(sorted(BODIES)), st.integers(-1, 3), min_size=1, max_size=3), max_size=5
)


def stored(index: ProjectIndex) -> list[tuple[object, ...]]:
    """Every unit that is kept and every label, with what the files were read against."""
    conn = index._conn
    kept = conn.execute(
        "SELECT f.path, s.qualname, l.label, l.why FROM sites s JOIN files f ON f.id = s.file_id "
        "LEFT JOIN labels l ON l.version_id = s.version_id ORDER BY 1, 2, 3"
    )
    reads = conn.execute(
        "SELECT f.path, r.path, r.content_hash FROM file_reads r "
        "JOIN files f ON f.id = r.file_id ORDER BY 1, 2"
    )
    return [tuple(row) for row in (*kept, *reads)]


@settings(max_examples=40)
@given(steps)
def test_after_any_saves_the_store_equals_a_cold_scan(
    tmp_path_factory: pytest.TempPathFactory, saves: list[dict[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    root, pool = folder / "root", Here()
    root.mkdir()
    warm = ProjectIndex(connect(folder / "warm.db", durable=False), root, Settings())
    for save in saves:
        for name, number in save.items():
            file = root / name
            file.parent.mkdir(exist_ok=True)
            file.unlink(missing_ok=True)
            if number >= 0:
                file.write_text(BODIES[name][number % len(BODIES[name])])
        warm.take_up(pool, save, lambda change: None)  # type: ignore[arg-type]
    cold = ProjectIndex(connect(folder / "cold.db", durable=False), root, Settings())
    cold.scan(pool, on_change=lambda change: None, on_progress=lambda done, total: None)  # type: ignore[arg-type]
    assert stored(warm) == stored(cold)
    for index in (warm, cold):
        index._conn.close()
    shutil.rmtree(folder)


class Followed:
    """A folder where one file's labels depend on another one's class, and a store of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self._folder = folder
        for path, text in (("base.py", BASE), ("mid.py", HOLDS), ("use.py", BODIES["use.py"][0])):
            (self.root / path).write_text(text)

    def scan(self, name: str, stop: threading.Event | None = None) -> list[tuple[object, ...]]:
        """Scan into the store of this name; what it holds then. With ``stop`` it ends at its first batch."""
        index = ProjectIndex(connect(self._folder / name, durable=False), self.root, Settings())
        index.scan(
            Here(),  # type: ignore[arg-type]
            on_change=lambda change: stop.set() if stop else None,
            on_progress=lambda done, total: None,
            stop=stop,
        )
        found = stored(index)
        index._conn.close()
        return found


def test_what_a_run_cut_short_did_not_follow_the_next_scan_does(tmp_path: Path) -> None:
    project = Followed(tmp_path)
    before = project.scan("warm.db")
    (project.root / "base.py").write_text(BODIES["base.py"][1])
    project.scan("warm.db", threading.Event())
    after = project.scan("warm.db")
    assert after == project.scan("cold.db") != before


def test_a_class_in_an_ignored_file_is_followed_by_the_next_scan(tmp_path: Path) -> None:
    project = Followed(tmp_path)
    (project.root / ".gitignore").write_text("mid.py\n")
    before = project.scan("warm.db")
    (project.root / "mid.py").write_text(BODIES["mid.py"][2])
    after = project.scan("warm.db")
    assert after == project.scan("cold.db") != before
