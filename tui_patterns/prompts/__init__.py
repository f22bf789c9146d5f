"""From chosen patterns to a prompt under a token budget."""
