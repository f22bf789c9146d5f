"""SeaGOAT's server on this machine's own address: by itself it listens on every one.

    python seagoat_server.py start PROJECT --port PORT

Run by the Python of its own environment.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def main() -> None:
    """Its own command, with the address taken from it."""
    server = import_module("seagoat.server")
    serve = server.serve

    def here(app: Any, *, host: str, **options: Any) -> None:
        serve(app, host="127.0.0.1", **options)

    server.serve = here  # type: ignore[attr-defined]
    server.server()


if __name__ == "__main__":
    main()
