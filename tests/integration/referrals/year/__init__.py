"""A year of one locality, played against the real services and the real worker."""
