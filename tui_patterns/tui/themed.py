"""The app's colours: the theme that was kept, at once; all others once the first screen stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_patterns.settings import kept_theme
from tui_patterns.text import clean_line
from tui_patterns.tui.themes import find_theme, load_themes, theme_folders
from tui_patterns.tui.typeahead import KeysInTurn

if TYPE_CHECKING:
    from tui_patterns.settings import Settings

FALLBACK_THEME = "textual-dark"


class ThemedApp(KeysInTurn, inherit_bindings=False):
    """An app in the theme of its ``settings``; one that is not there is told, and another is taken."""

    settings: Settings

    def _use_theme(self) -> None:
        """Before anything is drawn: a theme that comes later has every stylesheet read again."""
        wanted = kept_theme(self.settings.ui.theme)
        theme = find_theme(wanted, theme_folders())
        if theme:
            self.register_theme(theme)
        known = wanted in self.available_themes
        self.set_reactive(ThemedApp.theme, wanted if known else FALLBACK_THEME)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def _learn_themes(self) -> None:
        """The other themes, for the list of them."""
        themes, failed = load_themes(theme_folders())
        for theme in themes.values():
            self.register_theme(theme)
        wanted = kept_theme(self.settings.ui.theme)
        known = wanted in self.available_themes
        self.theme = wanted if known else FALLBACK_THEME
        self._tell(failed if known else [*failed, f"theme {clean_line(wanted, 40)} not found: t lists all"])

    def _tell(self, notes: Sequence[str]) -> None:
        if notes:
            self.notify("\n".join(notes), severity="warning", markup=False, timeout=10)
