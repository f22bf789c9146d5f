"""What the learning loop is measured by.

    python benchmarks/learning.py attribution [--wrong]

attribution: labelled cases over real functions, whether an injected pattern was used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(arguments: Sequence[str]) -> int:
    """Run the part that is named; exit code 2 for another name."""
    parts: dict[str, Callable[[Sequence[str]], int]] = {"attribution": _attribution}
    if not arguments or arguments[0] not in parts:
        print(__doc__)
        return 2
    return parts[arguments[0]](arguments[1:])


def _attribution(arguments: Sequence[str]) -> int:
    from benchmarks import attribution

    return attribution.main(arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
