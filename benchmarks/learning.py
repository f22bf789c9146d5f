"""What the learning loop is measured by.

    python -m benchmarks.learning attribution [--wrong]
    python -m benchmarks.learning simulate [--no-write]

attribution: labelled cases over real functions, whether an injected pattern was used.
simulate: made worlds with known truth, in which the product's own functions choose and learn.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def _attribution(arguments: Sequence[str]) -> int:
    from benchmarks import attribution

    return attribution.main(arguments)


def _simulate(arguments: Sequence[str]) -> int:
    from benchmarks import simulation

    return simulation.main(arguments)


PARTS: dict[str, Callable[[Sequence[str]], int]] = {"attribution": _attribution, "simulate": _simulate}


def main(arguments: Sequence[str]) -> int:
    """Run the part that is named; exit code 2 for another name."""
    if not arguments or arguments[0] not in PARTS:
        print(__doc__)
        return 2
    return PARTS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
