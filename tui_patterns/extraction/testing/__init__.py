"""Tests as patterns of their own: which structures a test shows, and what it asks for."""
