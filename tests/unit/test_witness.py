"""What shows that a pattern does it right: each check holds for the one and not for the other."""

from __future__ import annotations

import ast

import pytest

from tui_patterns.extraction.antipatterns import nodes
from tui_patterns.extraction.antipatterns.advice import advice
from tui_patterns.extraction.antipatterns.nodes import walked
from tui_patterns.extraction.antipatterns.witness import CHECKS, parsed

RIGHT_AND_WRONG = {
    "specific_handlers": (
        "try:\n    a()\nexcept OSError:\n    b()\n",
        "try:\n    a()\nexcept OSError:\n    b()\nexcept Exception:\n    c()\n",
    ),
    "ordered_handlers": (
        "try:\n    a()\nexcept OSError:\n    b()\nexcept Exception:\n    c()\n",
        "try:\n    a()\nexcept Exception:\n    b()\nexcept OSError:\n    c()\n",
    ),
    "handled_errors": (
        "try:\n    a()\nexcept OSError:\n    log.warning('x')\n",
        "try:\n    a()\nexcept OSError:\n    pass\n",
    ),
    "specific_raise": ("raise StoreError('x')\n", "raise Exception('x')\n"),
    "raise_from": (
        "try:\n    a()\nexcept OSError as e:\n    raise StoreError() from e\n",
        "try:\n    a()\nexcept OSError as e:\n    raise StoreError()\n",
    ),
    "async_work": (
        "async def f():\n    return await asyncio.to_thread(g)\n",
        "async def f():\n    return g()\n",
    ),
    "awaited_sleep": (
        "async def f():\n    await asyncio.sleep(1)\n",
        "async def f():\n    time.sleep(1)\n",
    ),
    "awaited_event": (
        "async def f():\n    await event.wait()\n",
        "async def f():\n    while not done:\n        await asyncio.sleep(1)\n",
    ),
    "instance_cache": (
        "@cached_property\ndef f(self): ...\n",
        "@lru_cache\ndef f(self):\n    if self.a is None:\n        self.a = 1\n",
    ),
    "none_default": (
        "def f(a=None):\n    if a is None:\n        a = []\n",
        "def f(a=[]):\n    if a is None:\n        a = []\n",
    ),
    "with_block": ("with open('x') as f:\n    f.read()\n", "f = open('x')\nf.close()\n"),
    "bound_parameters": (
        "db.execute('SELECT :a', {'a': 1})\n",
        "db.execute(f'SELECT {a}', {})\n",
    ),
    "environment_read": ("key = os.environ['KEY']\n", "key = 'secret'\n"),
    "parsed_literal": ("ast.literal_eval(text)\n", "eval(text)\n"),
    "table_dispatch": ("handlers[kind](event)\n", "if a:\n    b()\nelif c:\n    d()\n"),
    "child_environment": ("subprocess.run(a, env=b)\n", "os.environ = {}\n"),
    "made_function": (
        "def outer(x):\n    def inner():\n        return x\n    return inner\n",
        "def outer(xs):\n    for x in xs:\n        def inner():\n            return x\n",
    ),
    "super_init": ("def __init__(self):\n    super().__init__()\n", "def __init__(self):\n    pass\n"),
    "filtered_copy": ("b = [x for x in a if x]\n", "for x in a:\n    a.remove(x)\n"),
    "joined_text": ("text = ', '.join(parts)\n", "text += part\n"),
    "logging": ("logger.info('x')\n", "logger.info('x')\nprint('x')\n"),
    "abstract_method": (
        "class A:\n    @abstractmethod\n    def f(self): ...\n",
        "class A:\n    def f(self): ...\n",
    ),
}  # fmt: skip


def shows(name: str, code: str) -> bool:
    """Whether ``code`` passes the check ``name``; without a name whatever parses does."""
    module = parsed(code)
    return module is not None and (not name or CHECKS[name](module))


@pytest.mark.parametrize("name", RIGHT_AND_WRONG)
def test_a_check_tells_right_from_wrong(name: str) -> None:
    right, wrong = RIGHT_AND_WRONG[name]
    assert shows(name, right)
    assert not shows(name, wrong)


def test_every_check_is_used_and_has_an_example() -> None:
    used = {words.better.shown for words in advice().values() if words.better and words.better.shown}
    assert used == set(CHECKS) == set(RIGHT_AND_WRONG)


def test_code_that_does_not_parse_shows_nothing() -> None:
    assert not shows("", "def (")
    assert shows("", "    def indented(): ...\n")


def test_a_unit_is_walked_once_for_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    module = parsed(
        "class A:\n    def f(self, x=None):\n        with x[0] as self.y:\n            return g(*x)\n"
    )
    assert module is not None
    contexts = (ast.expr_context,)
    assert list(walked(module)) == [node for node in ast.walk(module) if not isinstance(node, contexts)]
    seen: list[ast.AST] = []

    def looked_at(node: ast.AST) -> list[ast.AST]:
        seen.append(node)
        return []

    monkeypatch.setattr(nodes, "children", looked_at)
    assert not any(CHECKS[name](module) for name in ("filtered_copy", "joined_text", "specific_raise"))
    assert not seen
