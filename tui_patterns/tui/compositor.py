"""How a change reaches the terminal: only what it touches is asked for lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class NarrowCompositor(Compositor):
    """Textual's, but a partial update leaves alone the widgets, and the lines of them, that nothing touched.

    The one before it asks all widgets between the first and the last line that changed, and throws away
    what did not change: half of what a key press costs.
    """

    _touched: Collection[Region] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw what changed since the last frame; ``None``: nothing did."""
        self._touched = self._dirty_regions.copy()
        try:
            return super().render_partial_update()
        finally:
            self._touched = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if not self._touched:
            yield from super()._get_renders(crop)
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            touched = [part for one in self._touched if (part := seen.intersection(one))]
            if touched:
                rows = Region.from_union(touched)
                lines = Region(seen.x, rows.y, seen.width, rows.height)
                yield region, lines, widget.render_lines(lines.translate(-region.offset))
