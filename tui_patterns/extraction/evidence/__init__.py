"""What a project's own tools left behind about its tests: coverage data, JUnit reports, pytest's cache.

Reading happens in a child process (``python -m tui_patterns.extraction.evidence``)
with limits of time and memory: the files are anybody's. Nothing of the project is
imported or run, and nothing is written into it.
"""
