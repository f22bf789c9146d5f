"""What names resolve to in one file: paths that follow imports, scopes, types, and never guess."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source
from tui_patterns.models import FileSymbols


def symbols(source: str, path: str = "app/main.py") -> FileSymbols:
    parsed = extract_source(dedent(source).encode(), path)
    assert parsed.error is None and parsed.symbols is not None
    return parsed.symbols


def refers(source: str, name: str, path: str = "app/main.py") -> dict[str, str]:
    """Paths that the definition ``name`` refers to, with the kinds."""
    return {one.path: one.kinds for one in symbols(source, path).references if one.source == name}


@pytest.mark.parametrize(
    ("path", "statement", "call", "expected"),
    [
        ("app/main.py", "from .models import Unit", "Unit()", "app//models.Unit"),
        ("app/sub/main.py", "from ..models import Unit as U", "U()", "app//models.Unit"),
        ("main.py", "from . import models", "models.Unit()", "//models.Unit"),
        ("app/main.py", "import pkg.models", "pkg.models.Unit()", "pkg.models.Unit"),
        ("app/main.py", "import pkg.models as m", "m.Unit()", "pkg.models.Unit"),
        ("app/__init__.py", "from .models import Unit", "Unit()", "app//models.Unit"),
        ("v1.2/main.py", "from .models import Unit", "Unit()", "v1.2//models.Unit"),
    ],
)
def test_an_import_leads_to_its_module(path: str, statement: str, call: str, expected: str) -> None:
    assert refers(f"{statement}\ndef go():\n    {call}\n", "go", path)[expected] == "c"


def test_the_standard_library_and_what_lies_above_the_project_are_unknown() -> None:
    source = """
        import os.path
        from ... import far
        def go(): return os.path.join(far.away(), len([]))
    """
    assert refers(source, "go") == {}


def test_a_method_is_found_on_self_on_a_typed_name_and_on_what_a_call_gives() -> None:
    source = """
        from .base import Base
        class Tool(Base):
            def __init__(self, other: "Base | None" = None):
                self.other = other
                self.maker = Base.make()
            def go(self, third: Base):
                self.run()
                self.other.stop()
                self.maker.start()
                third.push()
                super().go()
                with Base() as open_one:
                    open_one.pull()
    """
    assert set(refers(source, "Tool.go")) >= {
        "app//main.Tool().run",
        "app//main.Tool().other.stop",
        "app//main.Tool().maker.start",
        "app//base.Base().push",
        "app//main.Tool()^.go",
        "app//base.Base().__enter__().pull",
    }
    names = symbols(source).names
    assert names["Tool"] == "capp//base.Base"
    assert names["Tool.other"] == "vapp//base.Base()"
    assert names["Tool.maker"] == "vapp//base.Base.make()"


@pytest.mark.parametrize(
    "body",
    [
        "tool = 1\n    tool.run()",
        "for tool in tools:\n        tool.run()",
        "(lambda tool: tool.run())(2)",
        "tool = Tool()\n    tool = other()\n    tool.run()",
        "tool = Tool()\n    copy = tool\n    tool = other()\n    copy.run()",
        "try:\n        pass\n    except OSError as tool:\n        tool.run()",
    ],
)
def test_a_name_that_may_be_anything_leads_nowhere(body: str) -> None:
    source = f"from .base import Tool, tool, other\ndef go(tools):\n    {body}\n"
    assert not [path for path in refers(source, "go") if path.endswith(".run")]


def test_what_is_returned_is_told_apart_from_what_is_only_made() -> None:
    source = """
        from .base import Part, Whole
        def direct(): return Whole()
        def by_name():
            made = Whole()
            made.fill()
            return made
        def either(flag): return Whole() if flag else None
        def only_used(): return Part(Whole()).size
        class Maker:
            def __init__(self):
                self.part = Part()
                local = Whole()
            @classmethod
            def new(cls): return cls()
    """
    assert refers(source, "direct")["app//base.Whole"] == "cr"
    assert refers(source, "by_name")["app//base.Whole"] == "cr"
    assert refers(source, "either")["~app//base.Whole"] == "r"
    assert refers(source, "only_used")["app//base.Whole"] == "c"
    assert refers(source, "Maker") == {"app//base.Part": "p"}
    assert refers(source, "Maker.new") == {"app//main.Maker": "cr"}


def test_heads_refer_too() -> None:
    source = """
        from .base import Base, wrap, Kind, Item, default
        @wrap(1)
        class Tool(Base[Item]):
            def go(self, kind: "list[Kind]" = default): ...
    """
    assert refers(source, "Tool") == {
        "app//base.wrap": "cd", "app//base.Base": "b", "app//base.Item": "a",
    }  # fmt: skip
    assert refers(source, "Tool.go") == {"app//base.Kind": "a", "app//base.default": "u"}


def test_what_a_function_gives_is_annotated_or_agreed_on() -> None:
    source = """
        from .base import Whole
        def said() -> "Whole": ...
        def agreed(x):
            if x: return Whole(1)
            return Whole(2)
        def open_to_all(x):
            if x: return Whole(1)
            return x
        class Tool:
            def again(self): return self
            @property
            def whole(self) -> Whole: ...
    """
    names = symbols(source).names
    assert names["said"] == names["agreed"] == "dapp//base.Whole()"
    assert names["open_to_all"] == "d"
    assert names["Tool.again"] == "d$"
    assert names["Tool.whole"] == "gapp//base.Whole()"


def test_lcom4_is_what_a_person_counts() -> None:
    source = """
        class Two:
            def __init__(self): self.a = self.b = self.c = 0
            def one(self): return self.a + self.b
            def two(self): return self.b
            def three(self): return self.four()
            def four(self): return self.c
            @staticmethod
            def apart(x): return x + 1
            def stub(self): ...
        class Data:
            x: int = 0
        class Nested:
            limit = 3
            def outer(self):
                def inner(): return self.a
                return inner
            def other(self): return self.a + Nested.limit
            @classmethod
            def made(cls): return cls.limit
    """
    assert symbols(source).cohesion == {"Two": 2, "Nested": 1}
