"""The child process that reads evidence: limited in time, and the only one that opens these files."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tui_patterns.extraction.evidence import wire
from tui_patterns.extraction.evidence.facts import Evidence, Source

logger = logging.getLogger(__name__)
TIMEOUT_S = 120.0


def read_in_child(
    root: Path, sources: Sequence[Source], spans: wire.Spans = wire.NO_SPANS, timeout_s: float = TIMEOUT_S
) -> Evidence:
    """What the sources say; if the child fails, nothing, and one line for the first of them."""
    request = json.dumps(wire.request(str(root), list(sources), spans))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui_patterns.extraction.evidence"],
            input=request.encode(),
            capture_output=True,
            timeout=timeout_s,
            env=_surroundings(),
            check=True,
        )
        return wire.evidence_in(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        reason = f"was not read within {timeout_s:g} s"
    except (subprocess.CalledProcessError, OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("evidence of %s: %s %s", root, error, getattr(error, "stderr", b"")[-2000:])
        reason = "could not be read: the process that reads test evidence failed"
    return Evidence(faults={sources[0].path: reason})


def _surroundings() -> dict[str, str]:
    """Ours, without what would make the coverage package read or write elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
