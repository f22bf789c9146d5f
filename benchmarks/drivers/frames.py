"""When the first frame of an app is written to its terminal."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from textual._compositor import LayoutUpdate
from textual.app import App


def end_at_first_frame() -> None:
    """Have the app write when its first frame was out to the file named by ``BENCH_OUT``, and end."""
    real_display = App._display

    def display(app: App[Any], screen: Any, frame: Any) -> None:
        real_display(app, screen, frame)
        out = Path(os.environ["BENCH_OUT"])
        if isinstance(frame, LayoutUpdate) and not out.exists():
            out.write_text(str(time.monotonic()), "ascii")
            app.call_later(app.exit)

    setattr(App, "_display", display)  # noqa: B010 - mypy forbids to assign a method
