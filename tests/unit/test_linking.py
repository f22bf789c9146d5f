"""Relations and counts: right on what a person counted, and after any saves those of a cold scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.linked import Linked
from tui_patterns.store import changes, forgetting, projects


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Linked]:
    made = Linked(tmp_path)
    yield made
    made.conn.close()


SHAPES = dedent(
    """
    class Shape:
        def area(self):
            return sum(side * 2 for side in self.sides if side)

        def scaled(self, factor):
            made = Circle(self.sides)
            made.factor = factor
            return made

    class Circle(Shape):
        def area(self):
            return super().area() * 3 + len(self.sides)
    """
)
DRAWING = dedent(
    """
    from __future__ import annotations
    from . import shapes as forms
    from .shapes import Circle
    from .paint import stroke

    class Canvas:
        def __init__(self, first: Circle | None = None):
            self.first = first
            self.spare = Circle([1, 2])

        def draw(self, shape: forms.Shape):
            for line in range(3):
                stroke(line)
            return shape.area() + self.spare.area()
    """
)
PAINT = dedent(
    """
    def stroke(width):
        if width > 3:
            return width * 2
        return width + 1
    """
)
FILES = {"pkg/__init__.py": "", "pkg/shapes.py": SHAPES, "pkg/drawing.py": DRAWING, "pkg/paint.py": PAINT}


def test_relations_are_those_that_the_code_says(project: Linked) -> None:
    project.save(dict(FILES))
    assert project.relations("EXTENDS") == {("pkg/shapes.py:Circle", "EXTENDS", "pkg/shapes.py:Shape")}
    assert project.relations("CREATES") == {("pkg/shapes.py:Shape.scaled", "CREATES", "pkg/shapes.py:Circle")}
    assert ("pkg/drawing.py:Canvas", "COMPOSED_OF", "pkg/shapes.py:Circle") in project.relations()
    assert ("pkg/drawing.py:Canvas", "COMPOSED_OF", "pkg/drawing.py:Canvas.draw") in project.relations()
    assert project.relations("USES") == {
        ("pkg/drawing.py:Canvas.draw", "USES", "pkg/paint.py:stroke"),
        ("pkg/drawing.py:Canvas.draw", "USES", "pkg/shapes.py:Shape.area"),
        ("pkg/drawing.py:Canvas.draw", "USES", "pkg/shapes.py:Circle.area"),
        ("pkg/drawing.py:Canvas.draw", "USES", "pkg/shapes.py:Shape"),
        ("pkg/drawing.py:Canvas.__init__", "USES", "pkg/shapes.py:Circle"),
        ("pkg/shapes.py:Circle.area", "USES", "pkg/shapes.py:Shape.area"),
    }


def test_no_pattern_relates_to_itself(project: Linked) -> None:
    project.save({"a.py": "def walk(tree):\n    for one in tree:\n        walk(one)\n        print(one)\n"})
    assert project.relations() == set()


def test_counts_are_those_that_a_person_counts(project: Linked) -> None:
    project.save(
        {**FILES, "tests/test_paint.py": "from pkg.paint import stroke\n\n\ndef test_it():\n    stroke(1)\n"}
    )
    # draw calls it; its file imports it too. The test does not count.
    assert project.metrics("pkg/paint.py:stroke") == {
        "fan_in": 1, "fan_out": 0, "coupling": 1, "files": 1, "lcom4": None,
    }  # fmt: skip
    # stroke, Shape, Shape.area, Circle.area; on top: stroke, Shape, Circle.
    assert project.metrics("pkg/drawing.py:Canvas.draw") == {
        "fan_in": 0, "fan_out": 4, "coupling": 3, "files": 0, "lcom4": None,
    }  # fmt: skip
    # Shape.scaled makes it; Canvas' two methods name it. It names Shape and Shape.area.
    assert project.metrics("pkg/shapes.py:Circle") == {
        "fan_in": 4, "fan_out": 2, "coupling": 2, "files": 2, "lcom4": 1,
    }  # fmt: skip


RING = """
import pkg

class Ring(pkg.Circle):
    def go(self):
        return pkg.brush(2) + 1
"""


def test_a_base_through_a_star_and_a_renamed_import_is_found(project: Linked) -> None:
    project.save(
        {
            **FILES,
            "pkg/__init__.py": "from .shapes import *\nfrom .paint import stroke as brush\n",
            "app.py": RING,
        }
    )
    assert ("app.py:Ring", "EXTENDS", "pkg/shapes.py:Circle") in project.relations()
    assert ("app.py:Ring.go", "USES", "pkg/paint.py:stroke") in project.relations()


def test_a_name_that_is_hidden_by_a_local_one_is_not_resolved(project: Linked) -> None:
    source = (
        "from pkg.paint import stroke\n\n\ndef mine(stroke):\n    for one in range(2):\n        stroke(one)\n"
    )
    project.save({**FILES, "app.py": source})
    assert not [one for one in project.relations() if one[0] == "app.py:mine"]


def test_what_is_used_of_a_class_follows_when_its_file_appears_and_goes(project: Linked) -> None:
    project.save({path: text for path, text in FILES.items() if path != "pkg/shapes.py"})
    assert not [one for one in project.relations() if "shapes" in one[2]]
    project.save({"pkg/shapes.py": SHAPES})
    assert ("pkg/drawing.py:Canvas.draw", "USES", "pkg/shapes.py:Shape.area") in project.relations()
    project.save({"pkg/shapes.py": None})
    assert not [one for one in project.relations() if "shapes" in one[2]]


SUMMED = """
def summed(values, limit):
    total = 0
    for value in values:
        if value > limit:
            total += value
    return total
"""
ASKING = """
def asking(values):
    if values:
        return summed(values, 3)
    return None
"""


def as_if_cold(warm: Linked, folder: Path, disk: dict[str, str | None]) -> bool:
    cold = Linked(folder)
    cold.save({path: text for path, text in disk.items() if text is not None})
    try:
        return warm.state() == cold.state()
    finally:
        cold.conn.close()


@pytest.mark.parametrize("edited", ["a.py", "b.py"])
def test_a_copy_that_does_not_follow_an_edit_is_related_where_it_stands(
    project: Linked, tmp_path: Path, edited: str
) -> None:
    disk: dict[str, str | None] = {"a.py": SUMMED + ASKING, "b.py": SUMMED + ASKING}
    project.save(disk)
    disk[edited] = SUMMED.replace("> limit", "< limit").replace("+=", "-=") + ASKING
    project.save({edited: disk[edited]})
    assert len(project.relations("USES")) == 2
    assert as_if_cold(project, tmp_path / "cold", disk)


def test_who_uses_what_moved_in_two_saves_is_related_to_it_under_its_old_identity(
    project: Linked, tmp_path: Path
) -> None:
    before = project.save({"old.py": SUMMED}).new
    projects.scanned(project.conn, project.id, "{}")
    user = "from new import summed\n" + ASKING
    moved = SUMMED.replace("> limit", ">= limit")
    project.save({"new.py": moved, "user.py": user})
    project.save({"old.py": None})
    assert project.relations("USES") == {("user.py:asking", "USES", "new.py:summed")}
    assert changes.uuids(project.conn, [1]) == before
    assert as_if_cold(project, tmp_path / "cold", {"new.py": moved, "user.py": user})


HOLDER = """
class Holder:
    def __init__(self):
        self.held = [one for one in range(9) if one]

    def add(self, values):
        for one in values:
            summed(values, one)
        return self.held
"""


def test_what_a_forgotten_method_used_is_used_by_its_class(project: Linked, tmp_path: Path) -> None:
    disk: dict[str, str | None] = {"a.py": SUMMED + HOLDER}
    project.save(disk)
    (method,) = (id for id, name in project.names().items() if name == "a.py:Holder.add")
    cold = Linked(tmp_path / "cold")
    structures = forgetting.structures_of(project.conn, [method])
    for conn in (project.conn, cold.conn):
        forgetting.remove_patterns(conn, forgetting.patterns_of(conn, structures))
        forgetting.shut_out(conn, structures)
    for one in (project, cold):
        one.save(disk)
    assert project.relations("USES") == {("a.py:Holder", "USES", "a.py:summed")}
    assert project.state() == cold.state()
    cold.conn.close()


HEADS = (
    "",
    "from .b import *\n",
    "from .b import Base, helper\n",
    "from .c import make as helper\nfrom .b import Base\n",
    "from pkg import c\nfrom pkg.b import Base\nhelper = c.make\n",
    "import top\nfrom top import helper\nBase = top.Base\n",
)
HELPER = """
def helper({0}):
    for y in {0}:
        Base().run()
    return Base()
"""
PARTS = (
    """
class Base:
    def run(self):
        self.done = [x for x in self.todo if x]
        return self
""",
    """
class Base:
    def run(self):
        return helper(self)
    def stop(self):
        self.x = 1
        print(2)
""",
    """
class Child(Base):
    def __init__(self):
        self.part = Base()
    def go(self):
        self.part.run()
        return self.run()
""",
    HELPER.format("x"),
    """
def make(a):
    if a:
        return helper(a)
    return Child().go()
""",
    HELPER.format("z") + HELPER.format("q").replace("helper", "twin"),
)
PATHS = ("top.py", "pkg/__init__.py", "pkg/b.py", "pkg/c.py", "pkg/d.py")
contents = st.one_of(
    st.none(),
    st.tuples(st.sampled_from(HEADS), st.lists(st.sampled_from(PARTS), max_size=3, unique=True)).map(
        lambda chosen: "\n".join([chosen[0], *chosen[1]])
    ),
)
# A pattern comes to stand in another file, where one that is like it is defined under the same name.
GAINED = [
    {"pkg/b.py": "\n".join((HEADS[1], PARTS[3])), "pkg/d.py": "\n".join((HEADS[0], PARTS[2]))},
    {"pkg/d.py": None, "pkg/c.py": "\n".join((HEADS[1], PARTS[0], PARTS[5]))},
    {"pkg/b.py": "\n".join((HEADS[1], PARTS[5], PARTS[3], PARTS[0]))},
]
saves = st.lists(st.dictionaries(st.sampled_from(PATHS), contents, min_size=1), min_size=1, max_size=6)


@settings(max_examples=80)
@given(saves)
@example(GAINED)
def test_after_any_saves_relations_counts_and_copies_are_those_of_a_cold_scan(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str | None]]
) -> None:
    warm, cold = (Linked(tmp_path_factory.mktemp(kind)) for kind in ("warm", "cold"))
    disk: dict[str, str | None] = {}
    for step in steps:
        warm.save(step)
        disk.update(step)
    cold.save({path: text for path, text in disk.items() if text is not None})
    assert warm.state() == cold.state()
    warm.conn.close()
    cold.conn.close()
