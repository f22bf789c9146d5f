"""Where the benchmarks keep what can be made again, and what they say on the way."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
_STARTED = time.monotonic()


def isolate() -> None:
    """No settings or data of this user; the converted model is shared with the tests."""
    cache = Path(sys.prefix) / "patterns-tui-cache"
    for name in [name for name in os.environ if name.startswith("PATTERNS_TUI_")]:
        del os.environ[name]
    os.environ["PATTERNS_TUI_CACHE_DIR"] = str(cache)
    home = cache / "bench" / "home"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home)


def cache_folder() -> Path:
    """Beside the virtual environment."""
    return Path(os.environ["PATTERNS_TUI_CACHE_DIR"]) / "bench"


def tell(line: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(f"[{time.monotonic() - _STARTED:5.0f} s] {line}\n")
    sys.stderr.flush()
