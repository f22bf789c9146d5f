"""The keys in force: those of the screen and of all lists, as the user's keymap has them."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding

from tui_patterns.tui.bindings import APP_KEYS, HINTS, TYPING, checked_keymap, in_force, shown
from tui_patterns.tui.panes.facets import FacetLines
from tui_patterns.tui.panes.prompt import Preview
from tui_patterns.tui.screens.actions import MainScreen
from tui_patterns.tui.themed import ThemedApp
from tui_patterns.tui.widgets.code_lines import CodeLines
from tui_patterns.tui.widgets.figure_list import FigureList
from tui_patterns.tui.widgets.finding_list import FindingList
from tui_patterns.tui.widgets.lines import SIDEWAYS
from tui_patterns.tui.widgets.pattern_list import PatternList


class KeymappedApp(ThemedApp, inherit_bindings=False):
    """An app whose help and hints name the keys that are in force."""

    def _use_keymap(self) -> list[str]:
        keymap, problems = checked_keymap(self.settings.ui.keymap, self._all_keys())
        self.set_keymap(keymap)
        return problems

    @staticmethod
    def _all_keys() -> list[Binding]:
        lists: list[Any] = [
            *MainScreen.BINDINGS,
            *PatternList.BINDINGS,
            *Preview.BINDINGS,
            *CodeLines.BINDINGS,
            *FacetLines.BINDINGS,
            *FindingList.BINDINGS,
            *FigureList.BINDINGS,
            *SIDEWAYS,
            *APP_KEYS,
        ]
        return [binding for binding in lists if isinstance(binding, Binding)]

    def keys_in_force(self) -> list[Binding]:
        """Every action once, with the user's keys."""
        return list(in_force(self._all_keys(), self._keymap).values())

    def key_hints(self, area: str) -> list[tuple[str, str]]:
        """Keys and words for the last line, the most useful first; ``area`` as in ``HINTS``."""
        keys = in_force(self._all_keys(), self._keymap)
        named = [(shown(keys[id].key).split()[0], keys[id].description) for id in HINTS[area]]
        return [*TYPING.get(area, ()), *named]
