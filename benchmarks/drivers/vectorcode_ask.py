"""Many questions to VectorCode from one process: its own command, run again and again.

    python vectorcode_ask.py COUNT < QUESTIONS

Run by the Python of its own environment, in the project. Reads a JSON list of
questions, and prints a line of JSON for each: what the command itself prints.
"""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import import_module


async def main(count: str, questions: list[str]) -> None:
    """Ask one after another."""
    command = import_module("vectorcode.main").async_main
    for question in questions:
        sys.argv = ["vectorcode", "query", "--pipe", "--include", "path", "-n", count, question]
        if await command():
            raise SystemExit(f"no answer to: {question}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.load(sys.stdin)))
