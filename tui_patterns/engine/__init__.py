"""The child process that watches, parses, embeds and indexes."""
