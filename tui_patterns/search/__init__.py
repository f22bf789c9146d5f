"""Lexical and semantic search, fused."""
