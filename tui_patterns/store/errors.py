"""What the store raises: one class, one clear line each."""


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""
