"""From source text to scored, named units of code."""
