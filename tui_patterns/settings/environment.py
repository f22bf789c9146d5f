"""Settings in the environment: ``PATTERNS_TUI_<SECTION>__<KEY>``, read by pydantic-settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from tui_patterns.settings.checks import ENV_DELIMITER, ENV_PREFIX, settings_model
from tui_patterns.settings.errors import SettingsError, unknown_section
from tui_patterns.settings.model import SECTIONS
from tui_patterns.text import clean_line


class _Environment(EnvSettingsSource):
    """Environment variables; a list may be words with commas instead of JSON."""

    def __init__(self) -> None:
        super().__init__(settings_model())
        prefix = ENV_PREFIX.lower()
        named = {key: value for key, value in self.env_vars.items() if key.startswith(prefix)}
        self.env_vars = {key: value for key, value in named.items() if ENV_DELIMITER in key}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return json.loads(value)
        except ValueError:
            is_list = "list" in str(field.annotation)
            return [word.strip() for word in value.split(",") if word.strip()] if is_list else value


def variables() -> Iterator[tuple[str, str, Any]]:
    """(section, variable as it is written, body of the section that it gives) of each that is set.

    Raises SettingsError for a section that does not exist; values are not checked yet.
    """
    source = _Environment()
    for name in source.env_vars:
        section = name[len(ENV_PREFIX) :].partition(ENV_DELIMITER)[0]
        if section not in SECTIONS:
            raise SettingsError(
                f"environment variable {clean_line(name.upper(), 80)}: {unknown_section(section)}"
            )
    for section, body in source().items():
        for key, value in body.items() if isinstance(body, Mapping) else ():
            yield section, f"{ENV_PREFIX}{section}{ENV_DELIMITER}{key}".upper(), {key: value}
