"""From outcomes to confidence."""
