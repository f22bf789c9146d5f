"""The words for each label, and what the patterns that do it right look like; kept in ``advice.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tui_patterns.models import Severity

RULES_VERSION = 1  # raise it when the same source gives other findings: files are then examined again


@dataclass(frozen=True, slots=True)
class Better:
    """The patterns that do it right: those with one of ``labels`` or ``tags``, where any are named,
    whose code holds ``text`` and passes the check of ``witness.py`` named ``shown``."""

    labels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    text: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One label: what it is, why it hurts, what to do instead (one sentence each), and who does."""

    severity: Severity
    what: str
    why: str
    instead: str
    better: Better | None = None


@cache
def advice() -> dict[str, Advice]:
    """Every label with its words."""
    text = files(__package__).joinpath("advice.toml").read_text("utf-8")
    return {label: _advice(table) for label, table in tomllib.loads(text).items()}


def _advice(table: dict[str, Any]) -> Advice:
    better = table.pop("better", None)
    return Advice(**table, better=_better(better) if better else None)


def _better(table: dict[str, Any]) -> Better:
    labels, tags = table.pop("labels", ()), table.pop("tags", ())
    return Better(tuple(labels), tuple(tags), **table)


def told(label: str, measured: str) -> str:
    """What is wrong, in one sentence: the label's words, with what was measured."""
    what = advice()[label].what
    return f"{what}: {measured}." if measured else f"{what}."
