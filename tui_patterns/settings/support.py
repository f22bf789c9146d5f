"""What the settings may ask for and the program cannot do yet."""

from __future__ import annotations

from pathlib import PurePosixPath

from tui_patterns.settings.errors import did_you_mean, nearest
from tui_patterns.settings.model import Settings
from tui_patterns.text import clean_line

SUPPORTED_LANGUAGES = ("python",)
SUPPORTED_FRAMEWORKS = (
    "fastapi",
    "flask",
    "django",
    "sqlalchemy",
    "pydantic",
    "celery",
    "textual",
    "pytest",
)
PLANNED = ("javascript", "typescript", "react", "express")


def unsupported(settings: Settings) -> list[str]:
    """One line for each language, framework or glob of reports in the settings that is passed over."""
    extraction = settings.extraction
    lines = [
        _line("language", name, SUPPORTED_LANGUAGES, "its files are skipped")
        for name in extraction.languages
        if name.lower() not in SUPPORTED_LANGUAGES
    ]
    lines += [
        _line("framework", name, SUPPORTED_FRAMEWORKS, "it is not recognised")
        for name in extraction.frameworks
        if name.lower() not in SUPPORTED_FRAMEWORKS
    ]
    return lines + [
        f"extraction.test_reports: {clean_line(glob, 60)} is passed over; "
        'a glob stays below the project\'s root and has no "**"'
        for glob in extraction.test_reports
        if not stays_below(glob)
    ]


def asked_in_vain(settings: Settings) -> list[str]:
    """Those of these lines that somebody's own settings cause: the shipped ones are no news at each run."""
    shipped = set(unsupported(Settings()))
    return [line for line in unsupported(settings) if line not in shipped]


def stays_below(glob: str) -> bool:
    """Whether a glob stays below its root, and in folders that it names: "**" would walk them all."""
    path = PurePosixPath(glob)
    return bool(path.parts) and not path.is_absolute() and not {"..", "**"} & set(path.parts)


def _line(what: str, name: str, supported: tuple[str, ...], so: str) -> str:
    guess = None if name.lower() in PLANNED else nearest(name.lower(), supported)
    return f"{what} {clean_line(name, 40)} is not supported yet; {so}{did_you_mean(guess)}"
