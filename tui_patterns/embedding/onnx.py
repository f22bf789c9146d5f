"""Has a model converted once, in a process of its own that is thrown away afterwards.

The conversion needs torch and 900 MB, which must never stay in a process that
lives on. Only one runs at a time; a second process waits, then finds the work done.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tui_patterns
from tui_patterns.embedding.errors import ConversionFailed
from tui_patterns.embedding.fingerprint import META_FILE, converted_in, fingerprint, models_dir
from tui_patterns.embedding.locate import Kind, resolve_model

LOG_FILE = "convert.log"
Progress = Callable[[str], None]


def ensure_converted(
    name: str,
    precision: str,
    max_tokens: int,
    cache_dir: Path,
    on_progress: Progress | None = None,
    broken: int | None = None,
    kind: Kind = "embedding",
) -> Path:
    """The folder of the converted model, made now if it is not there.

    ``broken`` is the stamp (see ``stamp``) of a converted model that does not
    load; it is made again unless another process did so meanwhile. Waits while
    another process converts. Raises ``ModelMissing`` or ``ConversionFailed``.
    """
    tell: Progress = on_progress or (lambda line: None)
    source = resolve_model(name, kind)
    home = models_dir(cache_dir)
    target = home / fingerprint(source, precision, max_tokens, cache_dir, kind)
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _only_one(home, tell):
            if broken is not None and stamp(target) == broken:
                _discard(target)
            command = _command(source, target, precision, max_tokens, kind)
            return converted_in(target) or _convert(command, target, tell)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConversionFailed(f"cannot write the converted model to {home}: {reason}") from error


def stamp(folder: Path) -> int | None:
    """Tells one making of a converted model from the next; ``None`` if there is none."""
    try:
        return (folder / META_FILE).stat().st_mtime_ns
    except OSError:
        return None


@contextmanager
def _only_one(home: Path, tell: Progress) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(home / ".convert.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("waiting for another process that converts a model")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _discard(folder: Path) -> None:
    """Away with it by a rename first: nobody may find half of it."""
    trash = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".tmp-"))
    folder.rename(trash / folder.name)
    shutil.rmtree(trash, ignore_errors=True)


def _command(source: Path, target: Path, precision: str, max_tokens: int, kind: Kind) -> list[str]:
    command = [sys.executable, "-P", "-m", "tui_patterns.embedding.convert", str(source), str(target)]
    return [*command, "--precision", precision, "--max-tokens", str(max_tokens), "--kind", kind]


def _convert(command: list[str], target: Path, tell: Progress) -> Path:
    """Run the conversion and pass its progress on; the lock is held."""
    for leftover in target.parent.glob(".tmp-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    log = target.parent / LOG_FILE
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
            text=True,
        )
        try:
            failure = _follow(process.stdout or (), tell)
            process.wait()
        finally:
            process.kill()
            process.wait()
    done = converted_in(target)
    if process.returncode == 0 and done:
        return done
    raise ConversionFailed(failure or f"converting the model failed: see {log}")


def _follow(lines: Iterable[str], tell: Progress) -> str | None:
    """Pass progress lines on as they come; return the line that says why it failed, if one does."""
    failure: str | None = None
    for line in lines:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "error" in message:
            failure = str(message["error"])
        else:
            tell(str(message.get("progress", "")))
    return failure


def _environment() -> dict[str, str]:
    """Offline, quiet, and able to find this package when it is not installed."""
    environment = dict(os.environ, HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    environment.update(TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1")
    root = Path(tui_patterns.__file__).parent.parent
    if root.name not in {"site-packages", "dist-packages"}:
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    return environment
