"""Code with facets of every kind, and how tests read them."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit

ALL = ExtractionOptions(min_complexity=0, min_lines=0)


def units(source: str, path: str = "shop.py") -> dict[str, Unit]:
    """The kept units of *source* by qualified name."""
    parsed = extract_source(dedent(source).lstrip("\n").encode("utf-8", "surrogatepass"), path, ALL)
    assert parsed.error is None
    return {unit.qualname: unit for unit in parsed.units if unit.reason is None}


def facet(name: str, source: str, qualname: str | None = None) -> Any:
    """One facet of the first kept unit, or of *qualname*; empty where it is absent."""
    found = units(source)
    unit = found[qualname] if qualname else next(iter(found.values()))
    return unit.facets.get(name, {})


OPERATOR = """
    import logging
    import os
    from base import Operator
    try:
        from fast import parse, Codec
        HAS_FAST = True
    except ImportError:
        from slow import parse
        Codec = None
        HAS_FAST = False
    log = logging.getLogger(__name__)

    class Load(Operator):
        '''Loads.'''
        template_fields = ("query",)
        ui_color = "#fff"

        def __init__(self, query, *, limit=10, tags=[], **kwargs):
            super().__init__(**kwargs)
            self.query = query
            self.limit = limit or 5

        def execute(self, context):
            if "{{" in self.query:
                raise ValueError("not rendered")
            if not HAS_FAST:
                log.warning("slow: %s", self.query)
            try:
                return parse(os.environ["HOME"], context["run"])
            except (KeyError, OSError) as error:
                log.error(f"failed: {error}")
                raise
            finally:
                context.close()
"""
