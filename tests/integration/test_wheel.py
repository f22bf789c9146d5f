"""The wheel holds all it needs, and runs from an environment of its own, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tui_patterns import __version__

REPO = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    env = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH"
    }  # it may name a checkout
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", out, REPO, cwd=out)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment that has the wheel, and the libraries of this one."""
    root = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(root, with_pip=False, symlinks=True)
    python = root / "bin" / "python"
    pip = run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=root
    )
    assert pip.returncode == 0, pip.stdout + pip.stderr
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(root)}))
    # A path file is read line by line and not recursively, so the checkout's own (editable) stays out.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return root / "bin"


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = REPO / "tui_patterns"
    own = {path.relative_to(REPO).as_posix() for path in package.rglob("*") if is_source(path)}
    themes = {f"tui_patterns/themes/{path.name}" for path in (REPO / "themes").glob("*.toml")}
    assert own | themes | {"tui_patterns/config.toml"} <= inside
    assert {suffix for name in inside if (suffix := Path(name).suffix) in (".sql", ".tcss", ".toml")} >= {
        ".sql",
        ".toml",
        ".tcss",
    }


def is_source(path: Path) -> bool:
    return path.suffix in (".py", ".sql", ".tcss", ".typed") and path.is_file()


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    strays = [name for name in inside if not name.startswith(("tui_patterns/", "patterns_tui-"))]
    assert strays == []
    assert not [name for name in inside if "__pycache__" in name]


def test_the_installed_command_tells_its_version(scripts: Path, tmp_path: Path) -> None:
    done = run(scripts / "patterns-tui", "--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"patterns-tui {__version__}\n"), done.stderr


def test_the_installed_package_is_the_wheels_own(scripts: Path, tmp_path: Path) -> None:
    code = "from tui_patterns.resources import resource; print(resource('themes'), resource('config.toml'))"
    done = run(scripts / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(Path(path).is_relative_to(scripts.parent) for path in done.stdout.split())
    assert str(REPO / "tui_patterns") not in done.stdout


def test_the_installed_command_shows_its_settings(scripts: Path, tmp_path: Path, data_dir: Path) -> None:
    done = run(scripts / "patterns-tui", "config", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "min_complexity" in done.stdout
    assert list(tmp_path.iterdir()) == []
