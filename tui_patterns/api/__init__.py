"""The public Python API, and all that the faces use."""
