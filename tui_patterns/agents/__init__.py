"""The face for coding agents: MCP and hooks."""
