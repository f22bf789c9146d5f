"""The benchmark's renaming says nothing any more, and changes nothing else."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

HIDDEN = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "hidden_names.py"))
hide, opaque_names, renamed = HIDDEN["hide"], HIDDEN["opaque_names"], HIDDEN["renamed"]

SOURCE = """
import functools
class Shop(Base):  # sells
    def buy(self, item):
        self.items.append(item)
        return f"{self.buy} {item}"
    @functools.wraps
    def append(self): ...
"""


def test_definitions_and_their_uses_get_the_same_opaque_name() -> None:
    names = opaque_names({"shop/till.py": SOURCE})
    text = renamed(SOURCE, names)
    assert "Shop" not in text and "buy" not in text and "sells" not in text
    assert text.count(names["buy"]) == 2


def test_lines_and_what_others_define_stay() -> None:
    text = renamed(SOURCE, opaque_names({"a.py": SOURCE}))
    assert text.count("\n") == SOURCE.count("\n")
    assert "functools.wraps" in text and ".append(item)" in text and "Base" in text
    ast.parse(text)


def test_files_are_renamed_and_can_be_found_again(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "till.py").write_text(SOURCE)
    back = hide(tmp_path, ["shop/till.py"], tmp_path / "out")
    ((copy, original),) = back.items()
    assert original == "shop/till.py" and "till" not in copy and "shop" not in copy
    assert (tmp_path / "out" / copy).is_file()
