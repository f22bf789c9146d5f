"""The layers of the settings, each checked by itself so that an error names where it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui_patterns.settings.errors import SettingsError, describe, unknown_section
from tui_patterns.settings.files import read_toml, shown
from tui_patterns.settings.model import SECTIONS, Settings
from tui_patterns.settings.paths import user_config_path
from tui_patterns.text import clean_line

PROJECT_FILE = ".patterns-tui.toml"
MAX_PROJECT_BYTES = 64 * 1024
# What a stranger's project may decide: nothing that names a path, an address, a command or a cost.
SAFE_IN_PROJECT = frozenset(
    {
        "watch.ignore",
        "extraction.min_complexity",
        "extraction.min_lines",
        "extraction.min_quality",
        "extraction.max_similarity",
        "learning.opt_out",
    }
)
_ADDED = (("watch", "ignore"), ("learning", "opt_out"))

Layer = dict[str, dict[str, Any]]


def load_settings(
    config: Path | None = None,
    project: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Defaults, user config, project file, environment and flags, each over the one before.

    ``config`` replaces the user's config file and must exist; ``project`` is a
    watched folder, whose ``.patterns-tui.toml`` need not exist. ``overrides``
    has keys ``"section.key"`` or nested mappings; ``None`` means *not given*.

    Raises ``SettingsError`` for anything wrong outside the project file; what
    is wrong inside it is left out and stands in ``Settings.warnings``.
    """
    merged = _user_layer(config)
    notes: list[str] = []
    if project is not None:
        _merge_project(merged, _project_layer(project, notes))
    _merge(merged, _environment_layer())
    _merge(merged, _flag_layer(overrides or {}))
    sections = {name: kind(**merged.get(name, {})) for name, kind in SECTIONS.items()}
    return Settings(**sections, warnings=tuple(notes))


def _user_layer(config: Path | None) -> Layer:
    path = config.expanduser() if config else user_config_path()
    if config is None and not path.exists():
        return {}
    return _checked(read_toml(path), str(path), strict=True)


def _checked(layer: Mapping[str, Any], origin: str, *, strict: bool) -> Layer:
    """Only right keys and values, or ``SettingsError``; ``strict``: types as written, as in TOML."""
    if not layer:
        return {}
    from pydantic import ValidationError

    from tui_patterns.settings.checks import section_model

    checked = {}
    for section, body in layer.items():
        if section not in SECTIONS:
            raise SettingsError(f"{clean_line(origin)}: {unknown_section(section)}")
        if not isinstance(body, Mapping):
            raise SettingsError(f"{clean_line(origin)}: {section}: must be a section, [{section}]")
        try:
            model = section_model(section).model_validate(dict(body), strict=strict)
        except ValidationError as error:
            raise SettingsError(f"{clean_line(origin)}: {describe(section, error)}") from None
        checked[section] = model.model_dump(exclude_unset=True)
    return checked


def _leaves(layer: Mapping[str, Any]) -> Iterator[tuple[str, Any, Layer]]:
    for section, body in layer.items():
        if not isinstance(body, Mapping):
            yield section, body, {}
            continue
        for key, value in body.items():
            yield f"{section}.{key}", value, {section: {key: value}}


def _project_layer(folder: Path, notes: list[str]) -> Layer:
    path = folder / PROJECT_FILE
    layer: Layer = {}
    try:
        if not path.exists():
            return {}
        for dotted, _, leaf in _leaves(read_toml(path, MAX_PROJECT_BYTES)):
            _take_leaf(layer, dotted, leaf, path, notes)
    except (SettingsError, OSError) as error:
        notes.append(clean_line(str(error)))
    return layer


def _take_leaf(layer: Layer, dotted: str, leaf: Layer, path: Path, notes: list[str]) -> None:
    if dotted not in SAFE_IN_PROJECT:
        allowed = ", ".join(sorted(SAFE_IN_PROJECT))
        notes.append(f"{shown(path)}: {clean_line(dotted, 80)}: not for a project file; it may set {allowed}")
        return
    try:
        _merge(layer, _checked(leaf, str(path), strict=True))
    except SettingsError as error:
        notes.append(str(error))


def _merge_project(merged: Layer, project: Layer) -> None:
    """A project adds to the user's lists; the user's ignore rules come last, where the last match wins."""
    own = {(section, key): merged.get(section, {}).get(key, []) for section, key in _ADDED}
    _merge(merged, project)
    for section, key in _ADDED:
        if key in project.get(section, {}):
            merged[section][key] = [*project[section][key], *own[section, key]]


def _merge(into: Layer, layer: Layer) -> None:
    for section, body in layer.items():
        for key, value in body.items():
            old = into.setdefault(section, {}).get(key)
            into[section][key] = {**old, **value} if isinstance(old, dict) else value


def _environment_layer() -> Layer:
    if not any(name.upper().startswith("PATTERNS_TUI_") and "__" in name for name in os.environ):
        return {}
    from tui_patterns.settings.environment import variables

    layer: Layer = {}
    for section, name, body in variables():
        _merge(layer, _checked({section: body}, f"environment variable {name}", strict=False))
    return layer


def _flag_layer(overrides: Mapping[str, Any]) -> Layer:
    nested: Layer = {}
    for name, value in overrides.items():
        section, dot, key = name.partition(".")
        body = {key: value} if dot else value
        given = {k: v for k, v in body.items() if v is not None} if isinstance(body, Mapping) else body
        if isinstance(given, dict):
            nested.setdefault(section, {}).update(given)
        elif given is not None:
            nested[section] = given
    return _checked(nested, "command line", strict=False)
