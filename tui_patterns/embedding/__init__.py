"""From units to vectors."""
