"""Which versions of libraries a project asks for, as its lock and metadata files say; nothing is run."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tui_patterns.prompts.versions import Versions, exactly, within

MAX_BYTES = 8 * 1024 * 1024
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([<>=!~^][^;#]*)?")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
# Packages whose import name is another one.
_DISTRIBUTIONS = {
    "yaml": "pyyaml", "pil": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "cv2": "opencv-python", "dateutil": "python-dateutil", "jwt": "pyjwt",
    "dotenv": "python-dotenv", "attr": "attrs",
    "openssl": "pyopenssl", "serial": "pyserial", "git": "gitpython",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Requirements:
    """Versions by distribution; a lock file's word counts more than a range."""

    versions: dict[str, Versions] = field(default_factory=dict)

    def of(self, package: str) -> Versions | None:
        """What is asked of an import name's package; ``None`` if nothing is known."""
        name = normal(package)
        return self.versions.get(_DISTRIBUTIONS.get(name, name))


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(root: str) -> Requirements:
    """What the project at ``root`` asks for; empty where no file says, or none can be read."""
    return _read(root, _stamp(root))


def _files(root: str) -> list[Path]:
    folder = Path(root)
    names = (*_LOCKS, "Pipfile.lock", "requirements.txt", "constraints.txt", "pyproject.toml")
    return [folder / name for name in names]


def _stamp(root: str) -> tuple[tuple[int, int], ...]:
    """Size and time of each file that may speak, so that an answer is known to be fresh."""
    found = []
    for file in _files(root):
        try:
            status = file.stat()
            found.append((status.st_size, status.st_mtime_ns))
        except OSError:
            found.append((0, 0))
    return tuple(found)


@lru_cache(maxsize=64)
def _read(root: str, stamp: tuple[tuple[int, int], ...]) -> Requirements:
    found: dict[str, Versions] = {}
    for file, (size, _) in zip(_files(root), stamp, strict=True):
        if 0 < size <= MAX_BYTES:
            for name, versions in _safely(file):
                known = found.get(name)
                if known is None or (versions.locked and not known.locked):
                    found[name] = versions
    return Requirements(found)


def _safely(file: Path) -> list[tuple[str, Versions]]:
    try:
        return list(_reader(file.name)(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return []


Reader = Callable[[str], Iterator[tuple[str, Versions]]]


def _reader(name: str) -> Reader:
    if name in _LOCKS:
        return _toml_lock
    return {"Pipfile.lock": _pipfile_lock, "pyproject.toml": _pyproject}.get(name, _lines)


def _toml_lock(text: str) -> Iterator[tuple[str, Versions]]:
    for package in tomllib.loads(text).get("package", ()):
        if "version" in package:
            yield from _locked(package["name"], package["version"])


def _pipfile_lock(text: str) -> Iterator[tuple[str, Versions]]:
    for name, entry in json.loads(text).get("default", {}).items():
        yield from _locked(name, str(entry.get("version", "")).lstrip("="))


def _locked(name: str, version: str) -> Iterator[tuple[str, Versions]]:
    if (versions := exactly(version)) is not None:
        yield normal(name), versions


def _lines(text: str) -> Iterator[tuple[str, Versions]]:
    for line in text.splitlines():
        yield from _requirement(line)


def _pyproject(text: str) -> Iterator[tuple[str, Versions]]:
    data: dict[str, Any] = tomllib.loads(text)
    for line in data.get("project", {}).get("dependencies", ()):
        yield from _requirement(line)
    for name, wanted in data.get("tool", {}).get("poetry", {}).get("dependencies", {}).items():
        said = wanted.get("version", "") if isinstance(wanted, dict) else wanted
        yield from _requirement(f"{name} {said if said[:1] in '<>=!~^' else f'=={said}'}")


def _requirement(line: str) -> Iterator[tuple[str, Versions]]:
    match = _REQUIREMENT.match(line)
    if match and match[2] and not line.lstrip().startswith(("-", "#")):
        versions = within(match[2].strip())
        if versions is not None:
            yield normal(match[1]), versions
