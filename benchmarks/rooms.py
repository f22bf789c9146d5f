"""Virtual environments of peers, one each beside our own, filled once from the package registry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.places import cache_folder, tell

INSTALL_S = 1200.0


class NotInstalled(Exception):
    """One line on why a peer is not there."""


class Room:
    """The virtual environment of one peer."""

    def __init__(self, name: str, packages: Sequence[str]) -> None:
        self.name = name
        self.packages = packages
        self.folder = cache_folder() / "peers" / name

    def command(self, name: str) -> str:
        """The path of a program in it."""
        return str(self.folder / "bin" / name)

    def ensure(self) -> str:
        """Install what is missing; the versions that are there. Raises NotInstalled."""
        done, wanted = self.folder / "done", "\n".join(self.packages)
        if not done.is_file() or done.read_text("utf-8") != wanted:
            tell(f"installing {self.name}, once")
            self._install()
            done.write_text(wanted, "utf-8")
        return self._versions()

    def _install(self) -> None:
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True, capture_output=True)
        pip = [self.command("pip"), "install", "--quiet", "--disable-pip-version-check"]
        # The torch of this environment, not the registry's newest with gigabytes that nothing here uses.
        rules = self.folder / "constraints.txt"
        rules.write_text(f"torch=={_torch()}\n", "utf-8")
        for package in self.packages:  # in turn, since a later one may put right what an earlier one took
            command = [*pip, "-c", str(rules), package]
            try:
                done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=INSTALL_S)
            except subprocess.TimeoutExpired as error:
                raise NotInstalled(f"its installation took more than {INSTALL_S / 60:.0f} minutes") from error
            if done.returncode:
                lines = [line for line in done.stderr.splitlines() if "ERROR" in line]
                raise NotInstalled(lines[-1][:120] if lines else "pip failed")

    def _versions(self) -> str:
        said = subprocess.run(
            [self.command("python"), "-c", _VERSIONS, *(name.split("<")[0] for name in self.packages)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if said.returncode:
            raise NotInstalled("its packages are damaged: delete its folder and run this again")
        return said.stdout.strip()


# Whoever asks for an update or a model is refused at once, not after a time-out that would count as its own.
_REFUSED = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")

_VERSIONS = """
import sys
from importlib.metadata import version
print(", ".join(f"{name} {version(name)}" for name in sys.argv[1:]))
"""


def _torch() -> str:
    from importlib.metadata import version

    return version("torch")


def home(work: Path) -> dict[str, str]:
    """An environment without a user's own settings, and without network."""
    work.mkdir(parents=True, exist_ok=True)
    named = {name: str(work) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
    return {**named, **offline, **_REFUSED, "NO_PROXY": "127.0.0.1,localhost"}
