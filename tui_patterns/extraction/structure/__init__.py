"""Who calls whom, what is stored, returned and overridden in one file: what detectors reason about."""
