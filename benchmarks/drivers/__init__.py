"""Programs that are measured: each a script of its own, run in a terminal."""
