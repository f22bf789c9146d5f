"""Readable titles for units, by rule: never a file's name, the same for the same structure."""
