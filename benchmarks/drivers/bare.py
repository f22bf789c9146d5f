"""The yardstick of start-up: a Textual app with the same widgets and nothing behind them."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static, TextArea

from benchmarks.drivers.frames import end_at_first_frame


class Blank(ScrollView, can_focus=True):
    """A scrolling window onto nothing."""

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width)


class Bare(App[None]):
    """Six panes, two lines of text, three inputs: what patterns-tui composes."""

    CSS = """
    #search, #status, #hints { height: 1; }
    #slash { width: 3; }
    #query { border: none; height: 1; width: 1fr; }
    #mode { width: auto; }
    #panes { layout: grid; grid-size: 3 2; grid-columns: 40 1fr 1fr; grid-rows: 1fr 8; height: 1fr; }
    #panes Vertical { border: round $foreground 25%; padding: 0 1; }
    #results { row-span: 2; }
    #code { column-span: 2; }
    #prompt, #session { display: none; }
    Blank { height: 1fr; width: 1fr; }
    #name, #about, #picks, #tokens { height: auto; }
    #task { border: none; height: 1; }
    #words { border: none; height: 4; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal(id="search"):
            yield Static("/", id="slash")
            yield Input(placeholder="search in plain words", id="query")
            yield Static("", id="mode")
        with Grid(id="panes"):
            with Vertical(id="results"):
                yield Blank(id="list")
            with Vertical(id="code"):
                yield Static("No pattern selected.", id="name")
                yield Static("", id="about")
                yield Blank(id="source")
            with Vertical(id="prompt"):
                yield Input(placeholder="task, for example: add retries to the client", id="task")
                yield TextArea(id="words", placeholder="prompt", show_line_numbers=False)
                yield Static("", id="picks")
                yield Blank(id="preview")
                yield Static("", id="tokens")
            for name in ("ratings", "findings", "session"):
                with Vertical(id=name):
                    yield Blank(id=f"{name}-text")
        yield Static("", id="status")
        yield Static("", id="hints")


if __name__ == "__main__":
    end_at_first_frame()
    Bare().run()
