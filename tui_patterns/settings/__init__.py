"""Settings: one model, filled in layers, and where the program keeps its files.

Layers, each over the one before: defaults, the user's config file, a watched
folder's ``.patterns-tui.toml`` (untrusted: a short list of keys), environment
variables ``PATTERNS_TUI_<SECTION>__<KEY>``, flags.
"""

from __future__ import annotations

from tui_patterns.settings.errors import SettingsError
from tui_patterns.settings.kept import keep_theme, kept_theme
from tui_patterns.settings.layers import PROJECT_FILE, load_settings
from tui_patterns.settings.model import (
    EmbeddingSettings,
    ExtractionSettings,
    IndexSettings,
    InjectionSettings,
    LearningSettings,
    SearchSettings,
    SessionsSettings,
    Settings,
    UiSettings,
    WatchSettings,
)
from tui_patterns.settings.paths import cache_dir, data_dir, user_config_path
from tui_patterns.settings.support import (
    SUPPORTED_FRAMEWORKS,
    SUPPORTED_LANGUAGES,
    asked_in_vain,
    unsupported,
)

__all__ = [
    "PROJECT_FILE",
    "SUPPORTED_FRAMEWORKS",
    "SUPPORTED_LANGUAGES",
    "EmbeddingSettings",
    "ExtractionSettings",
    "IndexSettings",
    "InjectionSettings",
    "LearningSettings",
    "SearchSettings",
    "SessionsSettings",
    "Settings",
    "SettingsError",
    "UiSettings",
    "WatchSettings",
    "asked_in_vain",
    "cache_dir",
    "data_dir",
    "keep_theme",
    "kept_theme",
    "load_settings",
    "unsupported",
    "user_config_path",
]
