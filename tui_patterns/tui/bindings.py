"""The keys of the app: each action has an id, by which ``[ui] keymap`` gives it other keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from textual.binding import Binding, BindingType

from tui_patterns.text import clean_line


def key(keys: str, action: str, id: str, words: str, tooltip: str) -> Binding:
    """A binding as all of them are: remappable, explained, and listed by the help."""
    return Binding(keys, action, words, id=id, tooltip=tooltip, show=False)


APP_KEYS: list[BindingType] = [
    key("ctrl+p,colon", "command_palette", "palette", "Commands", "Find any command by name"),
    key("ctrl+q", "quit", "force_quit", "Quit", "Quit from anywhere, also while typing"),
    key("ctrl+c", "interrupted", "interrupt", "Quit (twice)", "Pressed twice: quit"),
]
SCREEN_KEYS: list[BindingType] = [
    key("slash", "search", "search", "Search", "Type a query; results follow each key"),
    key("s", "similar", "similar", "Similar", "Find patterns like the marked lines, or like the pattern"),
    key("space", "pick", "pick", "Pick", "Add the pattern to the prompt, or drop it"),
    key("p", "reveal('prompt')", "prompt", "Prompt", "Open or close the prompt"),
    key("y", "copy_code", "copy_code", "Copy code", "Copy the code of the pattern"),
    key("Y", "copy_prompt", "copy_prompt", "Copy prompt", "Copy the prompt as previewed, and record it"),
    key("r", "rate", "rate", "Rate", "Rate the pattern: then 1 to 5"),
    key("plus", "nudge(1)", "rate_up", "Rate up", "One star more"),
    key("minus", "nudge(-1)", "rate_down", "Rate down", "One star less"),
    key(
        "u",
        "undo",
        "undo",
        "Undo",
        "Take back this session's rating; in the anti-patterns, the last dismissal",
    ),
    key("g", "go", "go", "Go", "Then g: first row or line; r: along the relations of the pattern"),
    key(
        "f",
        "filter",
        "filter",
        "Filter",
        "Narrow the list by language, category, label, tag, quality and more",
    ),
    key("o", "edit", "editor", "Editor", "Open the file at its line in your editor"),
    key(
        "a",
        "reveal('findings')",
        "antipatterns",
        "Anti-patterns",
        "What is wrong in this file; what to do",
    ),
    key("v", "facets", "facets", "Facets", "What the pattern is made of, in place of its code; or the code"),
    key("w", "why", "why", "Why", "Say what puts the pattern in its place, or no longer"),
    key("m", "reveal('session')", "metrics", "Metrics", "Whether the library learns, and what happened"),
    key("i", "injections", "injections", "Injections", "Prompts and their patterns; + and - say how it went"),
    key("M", "stats", "stats", "Statistics", "What the library holds, what is used most, and by whom"),
    key("z", "zoom", "zoom", "Zoom", "Give the pane the whole screen, or take it back"),
    key("d", "diff", "diff", "Changes", "What each version changed, or the code again"),
    key("J", "scroll_code(3)", "code_down", "Code down", "Scroll the code from anywhere"),
    key("K", "scroll_code(-3)", "code_up", "Code up", "Scroll the code from anywhere"),
    key("1", "pane('results')", "pane_results", "Patterns", "Go to the patterns"),
    key("2", "pane('code')", "pane_code", "Code", "Go to the code"),
    key("3", "pane('ratings')", "pane_ratings", "About", "Go to what is known of the pattern"),
    key("4", "pane('findings')", "pane_findings", "Anti-patterns", "Go to the anti-patterns"),
    key("5", "pane('session')", "pane_session", "Metrics", "Go to the metrics and this run"),
    key("6", "pane('prompt')", "pane_prompt", "Prompt", "Go to the prompt"),
    key("tab", "app.focus_next", "next_pane", "Next", "Go on to the next pane or field"),
    key(
        "shift+tab",
        "app.focus_previous",
        "previous_pane",
        "Previous",
        "Go back to the previous pane or field",
    ),
    key("t", "theme", "theme", "Theme", "Choose colours, with a live preview"),
    key("escape", "back", "back", "Back", "One step back: leave a field, a pane, the search, the filter"),
    key("question_mark,f1", "help", "help", "Help", "All keys"),
    key("q", "app.quit", "quit", "Quit", "Quit"),
]
HINTS = {
    "results": ("search", "open", "pick", "prompt", "copy_code", "rate", "filter", "similar", "editor",
                "antipatterns", "zoom", "theme", "help", "quit"),
    "code": ("back", "mark_lines", "similar", "facets", "copy_code", "pick", "rate", "editor", "zoom",
             "antipatterns", "search", "help", "quit"),
    "facets": ("back", "fold", "facets", "copy_code", "pick", "rate", "editor", "zoom", "antipatterns",
               "search", "help", "quit"),
    "marked": ("similar", "copy_code", "back", "down", "up", "help", "quit"),
    "findings": ("open_instead", "dismiss_finding", "undo", "back", "zoom", "search", "help", "quit"),
    "session": ("open_figure", "shorter", "longer", "injections", "stats", "zoom", "back", "search", "help",
                "quit"),
    "prompt": ("copy_prompt", "write_task", "zoom", "back", "pick", "search", "help", "quit"),
    "pane": ("back", "rate", "undo", "zoom", "search", "antipatterns", "prompt", "help", "quit"),
    "query": ("palette", "back", "force_quit"),
    "task": ("palette", "back", "force_quit"),
    "words": ("palette", "back", "force_quit"),
}  # fmt: skip
"""Actions that the last line names, by where the focus is: the most useful first, the last two always."""
TYPING = {
    "query": [("↑↓", "Choose"), ("Enter", "To the patterns")],
    "task": [("Enter", "To the preview, where Y copies"), ("Tab", "Next field")],
    "words": [("Tab", "To the preview, where Y copies")],
}
"""What keys do inside a field, where most of them are text."""
GROUPS = {
    "Find": ("search", "down", "up", "top", "bottom", "page_down", "page_up", "filter", "similar", "open",
             "go"),
    "Read": ("code_down", "code_up", "left", "right", "mark_lines", "why", "facets", "fold", "diff",
             "antipatterns", "open_instead", "dismiss_finding", "editor", "copy_code", "zoom"),
    "Rate": ("rate", "rate_up", "rate_down", "undo"),
    "Prompt": ("pick", "prompt", "write_task", "copy_prompt"),
    "Learn": ("metrics", "open_figure", "shorter", "longer", "injections", "stats"),
    "Panes": ("pane_results", "pane_code", "pane_ratings", "pane_findings", "pane_session", "pane_prompt",
              "next_pane", "previous_pane", "back"),
    "App": ("palette", "theme", "help", "quit", "force_quit", "interrupt"),
}  # fmt: skip
SYMBOLS = {
    "left_square_bracket": "[", "right_square_bracket": "]",
    "slash": "/", "colon": ":", "plus": "+", "minus": "-", "question_mark": "?", "escape": "Esc",
    "enter": "Enter", "tab": "Tab", "shift+tab": "Shift+Tab", "space": "Space",
    "down": "↓", "up": "↑", "left": "←", "right": "→",
    "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "f1": "F1",
}  # fmt: skip


def _readable(name: str) -> str:
    return f"Ctrl+{name[5:].upper()}" if name.startswith("ctrl+") else name


def shown(keys: str) -> str:
    """Keys as a person reads them: ``question_mark,f1`` as ``? F1``."""
    return " ".join(SYMBOLS.get(name, _readable(name)) for name in keys.split(","))


def pressed(shown_key: str) -> str:
    """The key that is shown so; empty where that is no single one."""
    names = {sign: name for name, sign in SYMBOLS.items()}
    readable = shown_key.lower() if shown_key.startswith("Ctrl+") else shown_key
    return names.get(shown_key, readable if len(shown_key) == 1 or readable != shown_key else "")


def in_force(bindings: Iterable[Binding], keymap: Mapping[str, str]) -> dict[str, Binding]:
    """Bindings by id with the user's keys, the first of each id."""
    found: dict[str, Binding] = {}
    for binding in bindings:
        if binding.id and binding.id not in found:
            found[binding.id] = binding.with_key(keymap.get(binding.id, binding.key))
    return found


def checked_keymap(
    keymap: Mapping[str, str], bindings: Iterable[Binding]
) -> tuple[dict[str, str], list[str]]:
    """The entries of ``keymap`` that can be used, and one clear line for each that cannot."""
    known = in_force(bindings, {})
    good: dict[str, str] = {}
    problems: list[str] = []
    for id, keys in keymap.items():
        if id in known and keys.strip():
            good[id] = keys
        else:
            problems.append(f"keymap: {_wrong(id, known)}")
    problems += _clashes(good, known)
    return good, problems


def _wrong(id: str, known: Mapping[str, Binding]) -> str:
    if id in known:
        return f"{id} has no key"
    near = get_close_matches(id, known, n=1)
    return f"{clean_line(id, 40)} is no action" + (f"; did you mean {near[0]}?" if near else "")


def _clashes(keymap: Mapping[str, str], known: Mapping[str, Binding]) -> list[str]:
    users: defaultdict[str, list[str]] = defaultdict(list)
    for id, binding in known.items():
        for name in keymap.get(id, binding.key).split(","):
            users[name.strip()].append(id)
    clashing = [(name, ids) for name, ids in users.items() if len(ids) > 1 and set(ids) & set(keymap)]
    return [f"keymap: {clean_line(name, 20)} is taken twice: {', '.join(ids)}" for name, ids in clashing]
