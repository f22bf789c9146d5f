"""What can go wrong on the way to vectors; each message is one line that says what to do."""

from __future__ import annotations


class EmbeddingError(RuntimeError):
    """Vectors cannot be had; lexical search goes on without them."""


class ModelMissing(EmbeddingError):
    """The model named in the settings is not on this machine."""


class ConversionFailed(EmbeddingError):
    """The model is here but could not be converted, or its ONNX twin differs from it."""
