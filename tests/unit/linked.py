"""A project in memory, stored through Ingest, and what is known of how its patterns hang together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Change
from tui_patterns.store import projects
from tui_patterns.store.sqlite import connect

Sites = frozenset[str]


class Linked:
    """Files by name; every definition with a body of its own is kept as a pattern."""

    def __init__(self, folder: Path, root: Path = Path("/project")) -> None:
        self.conn = connect(folder / "patterns.db", durable=False)
        self.id = projects.ensure(self.conn, root)
        self._ingest = Ingest(self.conn, self.id, root.name)

    def save(self, sources: dict[str, str | None]) -> Change:
        """Write files at once; ``None`` deletes."""
        options = ExtractionOptions(min_complexity=0, min_lines=1)
        arrivals = [
            Arrival(extract_source(text.encode(), path, options), len(text), 1)
            for path, text in sources.items()
            if text is not None
        ]
        return self._ingest.apply(arrivals, [path for path, text in sources.items() if text is None])

    def sites(self) -> dict[int, Sites]:
        """Where each pattern stands, as ``path:qualname:line``."""
        rows = self.conn.execute(
            "SELECT s.pattern_id, f.path || ':' || s.qualname || ':' || s.line AS place FROM sites s "
            "JOIN files f ON f.id = s.file_id"
        )
        found: dict[int, set[str]] = {}
        for row in rows:
            found.setdefault(row["pattern_id"], set()).add(row["place"])
        return {pattern: frozenset(places) for pattern, places in found.items()}

    def names(self) -> dict[int, str]:
        """The main ``path:qualname`` of each live pattern."""
        rows = self.conn.execute("SELECT id, path, qualname FROM patterns WHERE gone IS NULL")
        return {row["id"]: f"{row['path']}:{row['qualname']}" for row in rows}

    def relations(self, *kinds: str) -> set[tuple[str, str, str]]:
        """(source, kind, target) by name."""
        names = self.names()
        return {
            (names[row["source_id"]], row["kind"], names[row["target_id"]])
            for row in self.conn.execute("SELECT * FROM relations")
            if not kinds or row["kind"] in kinds
        }

    def metrics(self, name: str) -> dict[str, Any]:
        """What is counted of the pattern at ``path:qualname``."""
        pattern = {name: id for id, name in self.names().items()}[name]
        row = self.conn.execute("SELECT * FROM metrics WHERE pattern_id = ?", (pattern,)).fetchone()
        return {key: row[key] for key in ("fan_in", "fan_out", "coupling", "files", "lcom4")}

    def state(self) -> dict[str, Any]:
        """All that must equal a cold scan, by place and not by id."""
        sites = self.sites()
        return {
            "relations": {
                (
                    frozenset((sites[row["source_id"]], sites[row["target_id"]]))
                    if row["kind"] == "SIMILAR_TO"
                    else (sites[row["source_id"]], sites[row["target_id"]]),
                    *(row[key] for key in ("kind", "confidence", "resolved")),
                )
                for row in self.conn.execute("SELECT * FROM relations")
            },
            "metrics": {
                (sites[row["pattern_id"]], *tuple(row)[1:])
                for row in self.conn.execute("SELECT * FROM metrics")
            },
            "quality": {
                (sites[row["id"]], row["quality"], row["quality_parts"])
                for row in self.conn.execute(
                    "SELECT p.id, v.quality, v.quality_parts FROM patterns p "
                    "JOIN versions v ON v.id = p.version_id WHERE p.gone IS NULL"
                )
            },
            "families": self.families(),
        }

    def families(self) -> set[frozenset[Sites]]:
        """Near-copies, by the sites of each member."""
        sites = self.sites()
        found: dict[int, set[Sites]] = {}
        for row in self.conn.execute(
            "SELECT id, COALESCE(lead_id, id) AS lead FROM patterns WHERE gone IS NULL"
        ):
            found.setdefault(row["lead"], set()).add(sites[row["id"]])
        return {frozenset(members) for members in found.values() if len(members) > 1}
