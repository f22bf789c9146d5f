"""The interface process stays light, and its small parts do what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from textual.binding import Binding

from tui_patterns.tui.bindings import checked_keymap, shown
from tui_patterns.tui.editor import editor_command
from tui_patterns.tui.themes import load_themes

HEAVY = ("chromadb", "torch", "onnxruntime", "sentence_transformers", "astroid")
PROBE = """
import asyncio, sys
from pathlib import Path
from tui_patterns.api import PatternLibrary
from tui_patterns.models import EngineStatus
from tui_patterns.tui.app import PatternsApp

class Engine:
    status = EngineStatus()
    async def start(self): pass
    def leave(self): pass
    async def semantic(self, query, limit=50, filters=None): return None
    async def prompt(self, text): return None
    async def example(self, example, limit=50, filters=None): return None
    async def findings(self, root, path): return None

async def run():
    library = PatternLibrary(Path(sys.argv[1]) / "patterns.db")
    app = PatternsApp(lambda: library, [], settings=library.settings, engine_factory=lambda *_: Engine())
    async with app.run_test() as pilot:
        while app.main.results.answer is None:
            await pilot.pause(0.01)
        await pilot.press("s")
        app.main.search.paste("x = 1\\ny = f(x)\\n")
        while not (app.main.search.answer and app.main.search.answer.question.like):
            await pilot.pause(0.01)
        await pilot.press("slash", *"retry", "escape", "escape", "p", *"a task")
        while app.main.prompt.built is None:
            await pilot.pause(0.01)
        await pilot.press("enter", "m")
        while app.main.session.measured is None:
            await pilot.pause(0.01)
        assert "plotext" not in sys.modules  # charts are loaded with the first of them
        await pilot.press("enter", "escape", "i", "escape")
        while len(app.screen_stack) > 1:
            await pilot.pause(0.01)

asyncio.run(run())
print(" ".join(name for name in sys.modules))
"""


def test_the_app_on_a_real_library_imports_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, timeout=180, check=True
    )
    assert not set(HEAVY) & set(done.stdout.split())


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("vim", ["vim", "+12", "/p/a.py"]),
        ("/usr/bin/nvim -R", ["/usr/bin/nvim", "-R", "+12", "/p/a.py"]),
        ("code --wait", ["code", "--wait", "-g", "/p/a.py:12"]),
        ("subl", ["subl", "/p/a.py:12"]),
    ],
)
def test_each_editor_gets_the_line_in_its_own_way(editor: str, expected: list[str]) -> None:
    assert editor_command(editor, Path("/p/a.py"), 12, {}) == expected


def test_the_editor_is_the_setting_then_the_environment_then_what_is_installed() -> None:
    file = Path("/p/a.py")
    assert editor_command("", file, 1, {"VISUAL": "hx", "EDITOR": "vi"})[0] == "hx"
    assert editor_command("", file, 1, {}, which=lambda name: name if name == "nano" else None)[0] == "nano"
    with pytest.raises(ValueError, match="no editor found"):
        editor_command("", file, 1, {}, which=lambda _: None)


def test_a_theme_that_is_wrong_is_one_line_and_the_others_load(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text('primary = "#ff0000"\n')
    (tmp_path / "colour.toml").write_text('primary = "no such colour"\n')
    (tmp_path / "key.toml").write_text('primary = "red"\nfont = "big"\n')
    (tmp_path / "broken.toml").write_text("primary = \n")
    loaded, failed = load_themes([tmp_path])
    assert list(loaded) == ["good"]
    assert len(failed) == 3
    assert any("is not a colour" in line for line in failed)


def test_a_keymap_keeps_what_is_right_and_names_what_is_wrong() -> None:
    keys = [Binding("a", "x", id="one"), Binding("b", "y", id="two")]
    good, problems = checked_keymap({"one": "b", "tow": "c", "two": ""}, keys)
    assert good == {"one": "b"}
    assert any("did you mean two?" in line for line in problems)
    assert any("taken twice: one, two" in line for line in problems)
    assert any("two has no key" in line for line in problems)


def test_keys_read_as_a_person_writes_them() -> None:
    assert shown("question_mark,f1") == "? F1"
    assert shown("ctrl+d,pagedown") == "Ctrl+D PgDn"
