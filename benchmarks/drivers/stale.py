"""Import the modules named; print those of all that are loaded whose bytecode does not fit their source."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType


def stale(module: ModuleType) -> bool:
    """Whether its bytecode is missing or older than the source (PEP 552: size and time in the header)."""
    known = vars(module)  # not getattr: it would load what lazy modules put off
    source, cached = known.get("__file__") or "", known.get("__cached__")
    if not cached or not source.endswith(".py"):
        return False
    try:
        head = Path(cached).read_bytes()[:16]
    except OSError:
        return True
    by_time = head[4:8] == bytes(4)
    return by_time and int.from_bytes(head[8:12], "little") != int(Path(source).stat().st_mtime) & 0xFFFFFFFF


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    loaded = [(name, module) for name, module in sys.modules.items() if isinstance(module, ModuleType)]
    print("\n" + json.dumps([name for name, module in loaded if stale(module)]))
