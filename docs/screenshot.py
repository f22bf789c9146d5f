"""Takes the picture of the README: the real app, its engine and its library, on the source of rich.

make screenshot            writes docs/screenshot.svg; with chromium, docs/screenshot.png too
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from textual.pilot import Pilot

from tui_patterns.api import EngineClient, PatternLibrary
from tui_patterns.settings import load_settings
from tui_patterns.tui.app import PatternsApp

DOCS = Path(__file__).resolve().parent
SIZE = (120, 40)
QUERY = "wrap text"
PATIENCE_S = 300.0
PNG_LIMIT = 300_000
# The picture loads nothing: where the font is missing, the viewer's own stands in.
FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Index, search, rate, pick; then draw what stands on the screen."""
    spec = find_spec("rich")
    assert spec is not None and spec.origin is not None
    with tempfile.TemporaryDirectory(prefix="patterns-tui-") as folder:
        library = PatternLibrary(Path(folder) / "patterns.db", settings=load_settings())
        picture = asyncio.run(_draw(library, Path(spec.origin).parent))
        library.close()
    target = DOCS / "screenshot.svg"
    target.write_text(FONT_FACE.sub("", picture), encoding="utf-8")
    sys.stderr.write(f"{target}: {target.stat().st_size:,} bytes\n")
    _rasterise(target)


async def _draw(library: PatternLibrary, project: Path) -> str:
    app = PatternsApp(lambda: library, [project], settings=library.settings)
    async with app.run_test(size=SIZE) as pilot:
        await _until(pilot, lambda: _indexed(app))
        await pilot.press("slash", *QUERY, "enter")
        await _until(pilot, lambda: app.main.search.answer and app.main.search.answer.mode == "hybrid")
        await _rate_in_earlier_sessions(pilot, app, library)
        await pilot.press("r", "5", "space", "j", "space", "k")
        await _until(pilot, lambda: app.main.ratings.mine and len(app.main.prompt.picks) == 2)
        await _until(pilot, lambda: app.main.findings.findings and app.main.code.marked)
        await pilot.pause(0.5)
        picture = app.export_screenshot()
        if isinstance(app.services.engine, EngineClient):
            await app.services.engine.stop()
    return picture


def _indexed(app: PatternsApp) -> bool:
    status = app.services.engine.status if app.services.engine else None
    return status is not None and status.state == "idle" and status.semantic == 1.0


async def _rate_in_earlier_sessions(pilot: Pilot[None], app: PatternsApp, library: PatternLibrary) -> None:
    """What was found, as after some days of work."""
    found = [row.pattern.id for row in app.main.results.list.rows]
    for id, ratings in zip(found, ((5, 4, 5, 2, 5), (4, 5), (), (3, 4, 4)), strict=False):
        for rating in ratings:
            session = await asyncio.to_thread(library.start_session, "screenshot")
            await asyncio.to_thread(library.rate, id, rating, session)
    best = found[0]
    await _until(pilot, lambda: app.main.pattern and app.main.pattern.id == best)
    await _until(pilot, lambda: app.main.pattern and app.main.pattern.ratings.usage_count == 5)


async def _until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"screenshot: the app did not get there in {PATIENCE_S:.0f} s")
        await pilot.pause(0.05)


def _rasterise(svg: Path) -> None:
    """A PNG beside it, where a Chromium is installed and the picture stays small."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text(encoding="utf-8"))
    if browser is None or size is None:
        return
    png = svg.with_suffix(".png")
    window = f"--window-size={round(float(size[1]))},{round(float(size[2]))}"
    options = [
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--default-background-color=00000000",
        window,
    ]
    options += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [browser, *options, f"--screenshot={png}", svg.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    if png.stat().st_size > PNG_LIMIT:
        png.unlink()


if __name__ == "__main__":
    main()
