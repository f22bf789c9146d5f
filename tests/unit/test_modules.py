"""The modules of a project, as files come and go: always as if they were read anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.engine.modules import Modules, existence_keys

PATHS = st.sampled_from(
    ["__init__.py", "a.py", "a/__init__.py", "a/b.py", "a/b/__init__.py", "a/b/c.py", "src/a/b.py",
     "src/a.py", "src/a/__init__.py", "logging.py", "x/shop.py", "y/shop.py", "shop.py", "shop.pyi",
     "x/__init__.pyi"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.sets(PATHS, max_size=4), st.sets(PATHS, max_size=4)), max_size=6)
BASES = ["", "a", "a/b", "a/b/c", "src", "src/a", "src/a/b", "x", "x/shop", "shop", "logging", "nowhere"]


def meanings(modules: Modules) -> dict[str, tuple[str | None, bool]]:
    return {base: (modules.file_of(base), modules.exists(base)) for base in BASES}


@given(first=st.sets(PATHS), changes=CHANGES)
def test_changes_come_to_the_same_as_reading_all_files_anew(
    first: set[str], changes: list[tuple[set[str], set[str]]]
) -> None:
    files, modules = set(first), Modules(first, "shop")
    for added, removed in changes:
        before, tops = meanings(modules), dict(modules.tops)
        files = (files - removed) | added
        bases, names = modules.change(added, removed - added)
        anew = Modules(files, "shop")
        assert (meanings(modules), modules.tops) == (meanings(anew), anew.tops)
        assert {base for base, was in before.items() if meanings(modules)[base] != was} <= bases
        assert names == {
            name for name in tops.keys() | modules.tops.keys() if tops.get(name) != modules.tops.get(name)
        }


def test_a_file_in_a_package_that_is_there_leaves_the_package_alone() -> None:
    modules = Modules(["pkg/__init__.py", "pkg/one.py"], "project")
    bases, names = modules.change(["pkg/two.py"], [])
    assert (bases, names) == ({"pkg/two"}, set())


def test_the_file_of_the_root_package_has_a_part_in_the_root() -> None:
    assert existence_keys("__init__.py") == {"__init__", ""}
    assert Modules(["__init__.py"], "project").tops == {"project": ""}
