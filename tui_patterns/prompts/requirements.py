"""Which libraries a project asks for, in which versions, and which it has, as its files say; nothing is run.

Lock files, requirements and metadata are read; of an environment at the project's root only the names of
the folders that installers leave (``httpx-0.27.0.dist-info``, PEP 376).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from tui_patterns.prompts.versions import Versions, exactly, within

MAX_BYTES = 8 * 1024 * 1024
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([<>=!~^][^;#]*)?")
_LINK = re.compile(r"[\w+.-]+://|\w+\+\w+:|\S+\.(?:whl|zip|gz)\b")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_ENVIRONMENTS = ("lib/python*/site-packages", "Lib/site-packages")
_INSTALLED = re.compile(r"([A-Za-z0-9][\w.]*)-(\d[\w.+!]*)\.dist-info")
MOST_VERSION = 40  # characters
MOST_REQUIREMENTS, MOST_INSTALLED = 20, 5_000
# Packages whose import name is another one.
_DISTRIBUTIONS = {
    "yaml": "pyyaml", "pil": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "cv2": "opencv-python", "dateutil": "python-dateutil", "jwt": "pyjwt",
    "dotenv": "python-dotenv", "attr": "attrs",
    "openssl": "pyopenssl", "serial": "pyserial", "git": "gitpython",
    "airflow": "apache-airflow", "rest-framework": "djangorestframework", "psycopg2": "psycopg2-binary",
    "kafka": "kafka-python", "grpc": "grpcio", "jose": "python-jose", "magic": "python-magic",
    "docx": "python-docx", "dns": "dnspython", "nacl": "pynacl", "zmq": "pyzmq", "usb": "pyusb",
    "websocket": "websocket-client", "slugify": "python-slugify", "multipart": "python-multipart",
    "mysqldb": "mysqlclient", "crypto": "pycryptodome", "skimage": "scikit-image",
    "ruamel": "ruamel-yaml", "pkg-resources": "setuptools",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Requirements:
    """Versions by distribution; a lock file's word counts more than a range.

    ``names`` are all that are asked for, ``installed`` the versions in an environment at the root.
    """

    versions: dict[str, Versions] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    installed: dict[str, str] = field(default_factory=dict)

    def has(self, package: str) -> bool:
        """Whether an import name's package is asked for or installed."""
        known = {normal(package), _DISTRIBUTIONS.get(normal(package), "")}
        return bool(known & self.names) or any(name in self.installed for name in known)

    def exact(self, package: str) -> str | None:
        """The one version of it that the project works with; ``None`` if that is not known."""
        asked = self.of(package)
        if asked is not None and asked.locked:
            return asked.text[:MOST_VERSION]
        name = normal(package)
        return self.installed.get(_DISTRIBUTIONS.get(name, name)) or self.installed.get(name)

    def of(self, package: str) -> Versions | None:
        """What is asked of an import name's package; ``None`` if nothing is known."""
        name = normal(package)
        return self.versions.get(name) or self.versions.get(_DISTRIBUTIONS.get(name, name))


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(root: str) -> Requirements:
    """What the project at ``root`` asks for; empty where no file says, or none can be read."""
    return _read(root, _stamp(root))


def _files(root: str) -> list[Path]:
    folder = Path(root)
    names = (*_LOCKS, "Pipfile.lock", "requirements.txt", "constraints.txt", "pyproject.toml")
    return [folder / name for name in names] + _more(folder)


def _more(folder: Path) -> list[Path]:
    """Further requirement files: ``requirements-dev.txt``, ``requirements/base.txt``."""
    try:
        found = {*folder.glob("requirements?*.txt"), *folder.glob("requirements/*.txt")}
    except OSError:
        return []
    return sorted(file for file in found if file.is_file() and not file.is_symlink())[:MOST_REQUIREMENTS]


def _environments(root: str) -> list[Path]:
    found = (
        place
        for name in (".venv", "venv")
        for pattern in _ENVIRONMENTS
        for place in sorted((Path(root) / name).glob(pattern))
    )
    try:
        return list(found)[:2]
    except OSError:
        return []


def _installed(root: str) -> dict[str, str]:
    """Versions by distribution."""
    found: dict[str, str] = {}
    for place in _environments(root):
        try:
            entries = list(islice(place.iterdir(), 2 * MOST_INSTALLED))
        except OSError:
            continue
        for entry in entries:
            if len(found) < MOST_INSTALLED and (match := _INSTALLED.fullmatch(entry.name)):
                found.setdefault(normal(match[1]), match[2])
    return found


def changed(root: str) -> float:
    """When what a project asks for or has last changed, in Unix seconds; 0 where nothing says."""
    return max((mtime for _, mtime in _stamp(root)), default=0) / 1e9


def _stamp(root: str) -> tuple[tuple[int, int], ...]:
    """Size and time of each file that may speak, so that an answer is known to be fresh."""
    found = []
    for file in [*_files(root), *_environments(root)]:
        try:
            status = file.stat()
            found.append((status.st_size, status.st_mtime_ns))
        except OSError:
            found.append((0, 0))
    return tuple(found)


@lru_cache(maxsize=64)
def _read(root: str, stamp: tuple[tuple[int, int], ...]) -> Requirements:
    found: dict[str, Versions] = {}
    names: set[str] = set()
    for file, (size, _) in zip(_files(root), stamp, strict=False):
        if 0 < size <= MAX_BYTES:
            for name, versions in _safely(file):
                names.add(name)
                if versions is None:
                    continue
                known = found.get(name)
                if known is None or (versions.locked and not known.locked):
                    found[name] = versions
    return Requirements(found, frozenset(names), _installed(root))


def _safely(file: Path) -> list[Asked]:
    try:
        return list(_reader(file.name)(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return []


Asked = tuple[str, Versions | None]
Reader = Callable[[str], Iterator[Asked]]


def _reader(name: str) -> Reader:
    if name in _LOCKS:
        return _toml_lock
    return {"Pipfile.lock": _pipfile_lock, "pyproject.toml": _pyproject}.get(name, _lines)


def _toml_lock(text: str) -> Iterator[Asked]:
    for package in tomllib.loads(text).get("package", ()):
        if "version" in package:
            yield from _locked(package["name"], package["version"])


def _pipfile_lock(text: str) -> Iterator[Asked]:
    for name, entry in json.loads(text).get("default", {}).items():
        yield from _locked(name, str(entry.get("version", "")).lstrip("="))


def _locked(name: str, version: str) -> Iterator[Asked]:
    if (versions := exactly(version)) is not None:
        yield normal(name), versions


def _lines(text: str) -> Iterator[Asked]:
    for line in text.splitlines():
        yield from _requirement(line)


def _pyproject(text: str) -> Iterator[Asked]:
    data: dict[str, Any] = tomllib.loads(text)
    for line in data.get("project", {}).get("dependencies", ()):
        yield from _requirement(line)
    groups = [*data.get("project", {}).get("optional-dependencies", {}).values()]
    groups += data.get("dependency-groups", {}).values()
    for line in (line for group in groups for line in group if isinstance(line, str)):
        yield from _requirement(line)
    poetry = data.get("tool", {}).get("poetry", {})
    further = (group.get("dependencies", {}) for group in poetry.get("group", {}).values())
    for wanted in (poetry.get("dependencies", {}), *further):
        yield from _poetry(wanted)


def _poetry(dependencies: dict[str, Any]) -> Iterator[Asked]:
    for name, wanted in dependencies.items():
        said = (wanted.get("version", "") if isinstance(wanted, dict) else wanted) or ""
        if not isinstance(said, str) or said in ("", "*"):
            yield normal(name), None
        else:
            yield from _requirement(f"{name} {said if said[:1] in '<>=!~^' else f'=={said}'}")


def _requirement(line: str) -> Iterator[Asked]:
    match = _REQUIREMENT.match(line)
    plain = line.strip()
    if match and not plain.startswith(("-", "#", ".", "/")) and not _LINK.match(plain):
        yield normal(match[1]), within(match[2].strip()) if match[2] else None
