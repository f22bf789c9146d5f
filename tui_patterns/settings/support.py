"""What the settings may ask for and the program cannot do yet."""

from __future__ import annotations

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
    """One line for each language or framework named in the settings that is not supported yet."""
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
    return lines


def _line(what: str, name: str, supported: tuple[str, ...], so: str) -> str:
    guess = None if name.lower() in PLANNED else nearest(name.lower(), supported)
    return f"{what} {clean_line(name, 40)} is not supported yet; {so}{did_you_mean(guess)}"
