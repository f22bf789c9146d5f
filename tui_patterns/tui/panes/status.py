"""The last two lines: how things stand, and the keys that help right now."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from textual.events import Resize
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget

from tui_patterns.models import EngineStatus
from tui_patterns.text import clean_line
from tui_patterns.tui.bindings import pressed
from tui_patterns.tui.formats import MUTED, percent, plural

BAR = 12
STAYS_S = 30.0  # a problem, in the status line; the metrics pane keeps it
DOWN = "engine restarting…, lexical search goes on"


class StatusBar(Widget):
    """Counts, progress and the last error, as much as fits, the most urgent first."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.status = EngineStatus()
        self.patterns = 0
        self.down: str | None = None
        self.problem: str | None = None
        self._until: Timer | None = None

    def show(self, status: EngineStatus) -> None:
        """Take over what the engine reports; it is up, then."""
        self.status, self.down = status, None
        self.patterns = max(status.patterns, self.patterns) if not status.patterns else status.patterns
        self.refresh()

    def show_down(self, reason: str) -> None:
        """The engine has died, and will be started again."""
        self.down = clean_line(reason, 120)
        self.refresh()

    def show_problem(self, text: str | None) -> None:
        """The last thing that failed, for a while: it may be mended since, and it hides what follows."""
        if self._until is not None:
            self._until.stop()
        self.problem = text
        self._until = self.set_timer(STAYS_S, partial(self.show_problem, None)) if text else None
        self.refresh()

    def show_count(self, patterns: int) -> None:
        """How many patterns the library holds."""
        self.patterns = patterns
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self.refresh()

    def render(self) -> Content:
        """One line, cut at its end where the terminal is narrow."""
        parts = [part for part in (self._work(), self._count(), self._error(), *self._facts()) if part]
        return Content(" · ").join(parts).truncate(max(self.size.width, 1), ellipsis=True)

    def _work(self) -> Content | None:
        status = self.status
        if self.down is not None:
            return Content.styled(f"✗ {DOWN}", "bold $text-warning")
        reading = status.state == "indexing" or status.files_done < status.files_total
        if reading and status.files_total:
            return Content.assemble(
                "indexing ",
                *bar(status.files_done / status.files_total),
                f" {status.files_done:,}/{status.files_total:,} files",
            )
        words = {
            "starting": "engine starting…",
            "indexing": "looking through the folders…",
            "converting": "preparing search by meaning, once…",
        }
        return Content(words[status.state]) if status.state in words else None

    def _count(self) -> Content:
        return Content(plural(self.patterns, "pattern"))

    def _facts(self) -> list[Content]:
        status, words = self.status, list[str]()
        words += [plural(len(status.folders), "folder") + " watched"] if status.folders else []
        waiting = status.queue - 1  # the first is under way
        words += [f"{waiting:,} queued"] if waiting > 0 else []
        if status.semantic is not None:
            words.append("semantic ready" if status.semantic >= 1 else f"semantic {percent(status.semantic)}")
        words += _pace(status) if status.semantic is not None and status.semantic < 1 else []
        words += ["guest: another app indexes"] if self._guest else []
        words += [clean_line(status.watch_note, 80)] if status.watch_note else []
        return [Content(word) for word in words]

    @property
    def _guest(self) -> bool:
        return self.status.role == "guest" and self.status.state not in ("starting", "stopped")

    def _error(self) -> Content | None:
        text = self.problem or self.status.error
        return Content.styled(f"! {clean_line(text, 160)}", "$text-error") if text else None


def _pace(status: EngineStatus) -> list[str]:
    """How fast embedding is and how long it will take, or that it waits."""
    if status.paused:
        return ["embedding paused"]
    if status.rate is None or status.remaining_s is None:
        return []
    left = status.remaining_s
    words = f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min"
    return [f"{status.embedded:,} embedded, {status.rate:.0f}/s, {words} left"]


def bar(share: float) -> list[tuple[str, str]]:
    """A progress bar of text, readable without colour."""
    full = round(max(0.0, min(share, 1.0)) * BAR)
    return [("━" * full, "$primary"), ("┄" * (BAR - full), MUTED)]


class KeyHints(Widget):
    """Keys with their words; the first and the last always fit, those between as width allows."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.set_reactive(KeyHints.auto_links, False)  # keys look as keys do, not as links
        self.hints: list[tuple[str, str]] = []

    def show(self, hints: list[tuple[str, str]]) -> None:
        """Take over (key, word), the most useful first; the last two are always shown."""
        self.hints = hints
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self.refresh()

    def render(self) -> Content:
        """One line of what fits."""
        *between, _, _ = self.hints or [("", "")] * 2
        last, room, shown = self.hints[-2:], self.size.width, []
        room -= sum(len(key) + len(word) + 3 for key, word in last)
        for key, word in between:
            room -= len(key) + len(word) + 3
            if room < 0:
                break
            shown.append((key, word))
        return Content("  ").join(self._hint(key, word) for key, word in [*shown, *last])

    @staticmethod
    def _hint(key: str, word: str) -> Content:
        """A click presses the key."""
        hint = Content.assemble((key, "bold $text-accent"), " ", (word, MUTED))
        name = pressed(key)
        return hint.stylize(Style.from_meta({"@click": f"app.simulate_key({name!r})"})) if name else hint
