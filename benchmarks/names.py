"""How the titles of real packages read: shares, lengths, and a sample to judge by eye.

    python benchmarks/names.py PACKAGE… [--sample N] [--seed S] [--shared]

PACKAGE is an installed package's name or a folder. For each: how many of the
kept units' titles are shared by units of another structure (duplicates), how
long titles are, how many equal the stem of a file of the package, and how many
structures with equal labels have more than one title. ``--sample`` prints so
many titles with what they name, drawn at random over all packages; ``--shared``
lists the titles that are shared.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one package; ``duplicates`` counts structures whose title another one has too."""

    structures: int
    duplicates: int
    stems: int
    unstable: int
    lengths: Counter[int]
    shared: dict[str, list[Unit]]


def folder_of(package: str) -> Path:
    """A folder as given, or that of an installed package, which is looked up and not imported."""
    if Path(package).is_dir():
        return Path(package)
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"{package}: no such folder or installed package")
    return Path(next(iter(found.submodule_search_locations)))


def kept_units(root: Path) -> list[Unit]:
    """The units of *root* that pass the gate, by path and line."""
    found: list[Unit] = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        found += [unit for unit in extract_source(path.read_bytes(), name).units if unit.reason is None]
    return found


def measure(units: Iterable[Unit]) -> Measured:
    """Every structure counts once, under the titles that it has."""
    chosen = {unit.structure_hash: unit for unit in units}
    titled: dict[str, list[Unit]] = defaultdict(list)
    for unit in chosen.values():
        titled[unit.name].append(unit)
    stems = {Path(unit.path).stem.lower() for unit in chosen.values()}
    shared = {title: found for title, found in titled.items() if len(found) > 1}
    return Measured(
        structures=len(chosen),
        duplicates=sum(map(len, shared.values())),
        stems=sum("_".join(unit.name.lower().split()) in stems for unit in chosen.values()),
        unstable=_unstable(units),
        lengths=Counter(len(unit.name.split()) for unit in chosen.values()),
        shared=shared,
    )


def _unstable(units: Iterable[Unit]) -> int:
    """Structures that have several titles though their labels and the class around them are the same."""
    titles: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for unit in units:
        owner = unit.qualname.rpartition(".")[0]
        labels = ",".join(label.label for label in unit.labels)
        titles[unit.structure_hash, labels, owner].add(unit.name)
    return sum(len(found) > 1 for found in titles.values())


def show(package: str, measured: Measured, *, shared: bool) -> None:
    total = measured.structures or 1
    lengths = " ".join(f"{size}:{count}" for size, count in sorted(measured.lengths.items()))
    print(
        f"{package:14} structures {measured.structures:5}  shared {measured.duplicates / total:6.2%}  "
        f"file names {measured.stems}  unstable {measured.unstable}  words {lengths}"
    )
    for title, found in sorted(measured.shared.items()) if shared else ():
        print(f"    {title}: {', '.join(f'{one.path}:{one.qualname}' for one in found)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--shared", action="store_true")
    chosen = parser.parse_args()
    everything: list[Unit] = []
    for package in chosen.packages:
        units = kept_units(folder_of(package))
        show(package, measure(units), shared=chosen.shared)
        everything += {unit.structure_hash: unit for unit in units}.values()
    drawn = random.Random(chosen.seed).sample(everything, min(chosen.sample, len(everything)))
    for unit in drawn:
        print(f"  {unit.name:58} {unit.kind:8} {unit.qualname}")


if __name__ == "__main__":
    main()
