"""``config`` and ``themes``: what is set, and where it was set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import CliError, say, usage
from tui_patterns.cli.invocation import existing, invocation
from tui_patterns.cli.parameters import Json, given_path

if TYPE_CHECKING:
    from tui_patterns.cli.invocation import Invocation
    from tui_patterns.settings import Settings

Value = tuple[Any, str]
_SECRET = {"index.chroma_headers"}


def config(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", parser=given_path, help="The watched folder whose project file counts."
        ),
    ] = Path(),
    path: Annotated[
        bool, typer.Option("--path", help="Print only where your config file is, or would be.")
    ] = False,
    init: Annotated[
        bool,
        typer.Option("--init", help="Write a config file with every key explained, unless you have one."),
    ] = False,
    json: Json = False,
) -> None:
    """The settings in force, and where each value comes from.

    Later layers win: defaults, your config file, the watched folder's
    .patterns-tui.toml, environment variables such as
    PATTERNS_TUI_SEARCH__DEFAULT_LIMIT=10, options.

    \b
    Examples:
      patterns-tui config --init
      patterns-tui config | grep -v default
    """
    if path and init:
        raise usage("--path and --init exclude each other")
    chosen = invocation(ctx)
    if init or path:
        named = _write_config(_config_path(chosen)) if init else _config_path(chosen)
        words = f"Written: {named}" if init else str(named)
        output.data({"path": str(named)}) if json else output.line(output.safe(words))
    else:
        _print_settings(chosen, existing([folder], folders_only=True)[0], json=json)


def _config_path(chosen: Invocation) -> Path:
    from tui_patterns.settings import user_config_path

    return chosen.config.expanduser() if chosen.config else user_config_path()


def _write_config(target: Path) -> Path:
    from tui_patterns.resources import resource

    text = resource("config.toml").read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(text)
    except FileExistsError:
        raise CliError(f"{target}: is there already; nothing was written") from None
    return target


def _print_settings(chosen: Invocation, folder: Path, *, json: bool) -> None:
    from tui_patterns.settings import unsupported

    settings = chosen.settings(project=folder)
    values = _with_origins(chosen, settings, folder)
    place, data = _config_path(chosen), chosen.folder()
    if json:
        shape = {key: {"value": value, "from": origin} for key, (value, origin) in values.items()}
        output.data({"config": str(place), "data_dir": str(data), "settings": shape})
        return
    output.facts(
        [("config file", f"{place}{'' if place.exists() else ' (not there)'}"), ("data folder", data)]
    )
    section = ""
    for key, (value, origin) in values.items():
        if key.partition(".")[0] != section:
            section = key.partition(".")[0]
            output.line("\n" + output.styled(f"[{section}]", "bold"))
        setting = output.safe(f"{key.partition('.')[2]} = {_toml(value)}")
        output.line(f"{output.pad(setting, 32)}  {output.styled(f'# {output.safe(origin)}', 'dim')}")
    for text in unsupported(settings):
        say(text)


def _with_origins(chosen: Invocation, settings: Settings, folder: Path) -> dict[str, Value]:
    """Every ``section.key`` with its value and the layer that it comes from."""
    from tui_patterns.settings import PROJECT_FILE, load_settings

    without = load_settings(config=chosen.config).values()
    named = _keys_of(_config_path(chosen))
    variables = {name.upper(): name for name in os.environ}
    found: dict[str, Value] = {}
    for section, keys in settings.values().items():
        for key, value in keys.items():
            dotted = f"{section}.{key}"
            variable = variables.get(f"PATTERNS_TUI_{section}__{key}".upper())
            origin = "default"
            if value != without[section][key]:
                origin = str(folder / PROJECT_FILE)
            elif variable:
                origin = f"environment {variable}"
            elif dotted in named:
                origin = str(_config_path(chosen))
            found[dotted] = (_hidden(value) if dotted in _SECRET else value, origin)
    return found


def _keys_of(path: Path) -> set[str]:
    """The keys that a config file names; it has been checked already."""
    import tomllib

    if not path.exists():
        return set()
    tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return {f"{section}.{key}" for section, keys in tables.items() for key in keys}


def _hidden(value: Any) -> Any:
    return dict.fromkeys(value, "…") if isinstance(value, dict) else value


def _toml(value: Any) -> str:
    import json as encoder

    if isinstance(value, dict):
        return "{" + ", ".join(f"{encoder.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    return encoder.dumps(value, ensure_ascii=False)


def themes(ctx: typer.Context, json: Json = False) -> None:
    """The colour themes of the app; ``*`` marks the one in use (`ui.theme` in the settings)."""
    import tomllib

    from tui_patterns.resources import resource

    used = invocation(ctx).settings().ui.theme
    rows = []
    for file in sorted(resource("themes").glob("*.toml")):
        theme = tomllib.loads(file.read_text(encoding="utf-8"))
        rows.append(
            (str(theme.get("name", file.stem)), "dark" if theme.get("dark", True) else "light", str(file))
        )
    if json:
        output.data(
            [{"name": name, "kind": kind, "path": path, "used": name == used} for name, kind, path in rows]
        )
        return
    output.columns([("*" if name == used else " ", name, kind) for name, kind, _ in rows])
