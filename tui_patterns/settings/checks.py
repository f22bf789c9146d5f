"""The pydantic models behind the settings: made from the plain sections, to check what a person wrote."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Checked
from pydantic_settings import BaseSettings

from tui_patterns.settings.model import SECTIONS, Limits

ENV_PREFIX = "PATTERNS_TUI_"
ENV_DELIMITER = "__"


@cache
def section_model(name: str) -> type[BaseModel]:
    """The model of the section ``name``: no unknown keys; raises KeyError for a section that is none."""
    kind = SECTIONS[name]
    hints = get_type_hints(kind, include_extras=True)
    keys: dict[str, Any] = {one.name: (_checked(hints[one.name]), _default(one)) for one in fields(kind)}
    return create_model(kind.__name__, __config__=ConfigDict(extra="forbid"), **keys)


@cache
def settings_model() -> type[BaseSettings]:
    """All sections in one, as the environment fills them."""

    class Environment(BaseSettings):
        model_config = {"env_prefix": ENV_PREFIX, "env_nested_delimiter": ENV_DELIMITER, "defer_build": True}

    sections: dict[str, Any] = {
        name: (section_model(name), Checked(default_factory=section_model(name))) for name in SECTIONS
    }
    return create_model("Settings", __base__=Environment, **sections)


def _checked(hint: Any) -> Any:
    """*hint* with its limits as pydantic knows them."""
    if get_origin(hint) is not Annotated:
        return hint
    kind, *extras = get_args(hint)
    limits = [extra._asdict() for extra in extras if isinstance(extra, Limits)]
    given = {name: value for each in limits for name, value in each.items() if value is not None}
    return Annotated[kind, Checked(**given)]


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return Checked(default_factory=one.default_factory)
    return one.default
