"""Filling our own map: outward codes and postcodes."""

from referral.places.services.loading import begin, finish, missing_outward_codes, take
from referral.places.services.outcodes import load_outward_codes, named

__all__ = ["begin", "finish", "load_outward_codes", "missing_outward_codes", "named", "take"]
