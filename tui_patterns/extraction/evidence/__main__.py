"""The child that reads evidence: a request as JSON on stdin, evidence as JSON on stdout."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path

from tui_patterns.extraction.complexity import deep_stack
from tui_patterns.extraction.evidence import wire
from tui_patterns.extraction.evidence.read import read

MOST_MEMORY = 4 << 30


def main() -> None:
    """Read one request, answer it, end."""
    request = json.load(sys.stdin)
    _limit_memory()
    # Nothing may be imported from the project, although its root is the current folder from here on.
    sys.path[:] = [path for path in sys.path if Path(path).is_absolute()]
    root = Path(request["root"])
    os.chdir(root)
    with redirect_stdout(sys.stderr), deep_stack():  # libraries print
        evidence = read(root, wire.sources_in(request), wire.spans_in(request))
    json.dump(wire.evidence_out(evidence), sys.stdout)


def _limit_memory() -> None:
    """Where the system can: a file made to fill the memory ends this process, no other."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
