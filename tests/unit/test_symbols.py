"""The symbol table: what a path stands for across files, and what it asked for on the way."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.engine.modules import Modules
from tui_patterns.engine.symbols import SymbolTable, module_key, name_key, top_key
from tui_patterns.extraction.python import extract_source

FILES = {
    "src/shop/__init__.py": "from .models import Order\nfrom .extra import *\n",
    "src/shop/models.py": """
        from __future__ import annotations
        class Base:
            def save(self): return self
            @property
            def owner(self) -> User: ...
        class Order(Base):
            def __init__(self, user: User): self.user = user
            def save(self): return super().save()
        class User(Base):
            def greet(self): ...
        def load() -> Order: ...
        """,
    "src/shop/extra.py": "def bonus(): ...\ndef again(): return again()\n",
    "scripts/logging.py": "def info(): ...\n",
    "scripts/deploy.py": "from shop import Order\nimport one\n",
    "scripts/one.py": "def run(): ...\n",
}


def table(files: dict[str, str] = FILES, name: str = "project") -> SymbolTable:
    names = {}
    for path, text in files.items():
        parsed = extract_source(dedent(text).encode(), path)
        assert parsed.symbols is not None
        names[path] = parsed.symbols.names
    return SymbolTable(Modules(files, name), lambda path: names[path])


@pytest.mark.parametrize(
    ("path", "file", "name"),
    [
        ("shop.models.Order", "src/shop/models.py", "Order"),
        ("shop.Order", "src/shop/models.py", "Order"),
        ("shop.bonus", "src/shop/extra.py", "bonus"),
        ("src/shop//models.User", "src/shop/models.py", "User"),
        ("shop.load().save", "src/shop/models.py", "Order.save"),
        ("shop.Order().owner", "src/shop/models.py", "Base.owner"),
        ("shop.Order().owner.greet", "src/shop/models.py", "User.greet"),
        ("shop.Order().user.greet", "src/shop/models.py", "User.greet"),
        ("shop.models.User().save().greet", "src/shop/models.py", "User.greet"),
        ("src/shop//models.Order()^.save", "src/shop/models.py", "Base.save"),
        ("one.run", "scripts/one.py", "run"),
    ],
)
def test_a_path_leads_to_its_definition(path: str, file: str, name: str) -> None:
    symbol, _ = table().resolve(
        path if not path.startswith("shop.load") else path.replace("shop", "shop.models")
    )
    assert symbol is not None and symbol.is_definition
    assert (symbol.file, symbol.name) == (file, name)


@pytest.mark.parametrize(
    "path",
    ["shop.nothing", "logging.info", "numpy.array", "shop.Order().unknown", "src/shop//models", "shop"],
)
def test_what_is_not_a_definition_of_the_project_is_none(path: str) -> None:
    symbol, _ = table().resolve(path)
    assert symbol is None or not symbol.is_definition


def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    files = {
        "a.py": "from b import x, y\nfrom c import *\n",
        "b.py": "from a import y, z\nfrom c import x\n",
        "c.py": "from a import z\ndef x(): ...\ndef y(): return z()\ndef z(): return y()\n",
    }
    paths = [f"{module}.{name}{end}" for module in "abc" for name in "xyz" for end in ("", "()", "().q")]
    forward, backward = table(files), table(files)
    found = {path: forward.resolve(path) for path in paths}
    assert {path: backward.resolve(path) for path in reversed(paths)} == found
    assert {path: table(files).resolve(path) for path in paths} == found


def test_needs_name_all_that_could_change_the_answer() -> None:
    _, needs = table().resolve("shop.Order")
    assert needs >= {
        top_key("shop"), name_key("src/shop/__init__.py", "Order"), name_key("src/shop/models.py", "Order"),
    }  # fmt: skip
    _, needs = table().resolve("src/shop//later.thing")
    assert {module_key("src/shop/later"), name_key("src/shop/__init__.py", "later")} <= needs


def test_an_attribute_that_holds_what_a_property_gave_is_not_that_property() -> None:
    source = """
        class User:
            def greet(self): ...
        class Shop:
            def __init__(self): self.first = self.owner; self.hello = self.owner.greet
            @property
            def owner(self) -> User: ...
    """
    symbols = table({"a.py": source})
    assert symbols.resolve("a.Shop().first")[0] == symbols.resolve("a.User()")[0]
    greeted = symbols.resolve("a.Shop().hello")[0]
    assert greeted is not None and greeted.name == "User.greet"


def test_stars_that_import_each_other_are_followed_once() -> None:
    files = {f"m{n}.py": "".join(f"from m{k} import *\n" for k in range(30)) for n in range(30)}
    files["m29.py"] += "def far(): ...\n"
    symbol, needs = table(files).resolve("m0.far")
    assert symbol is not None and symbol.file == "m29.py"
    assert table(files).resolve("m0.nowhere")[0] is None
    assert len(needs) < 10


def test_a_package_that_is_the_project_itself_is_known_by_its_folder() -> None:
    files = {"__init__.py": "", "models.py": "class Order: ...\n"}
    symbol, _ = table(files, "shop").resolve("shop.models.Order")
    assert symbol is not None and (symbol.file, symbol.name) == ("models.py", "Order")


def test_a_script_that_two_folders_have_is_meant_by_neither() -> None:
    files = {"a/tool.py": "def go(): ...\n", "b/tool.py": "def go(): ...\n"}
    assert table(files).resolve("tool.go")[0] is None
