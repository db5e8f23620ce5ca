"""Finding services: what can be asked and what comes back, whatever engine looks.

``queries/searching`` holds the engines; nothing here knows of a database.
"""

from referral.directory.search.found import EXCERPT, Found
from referral.directory.search.wish import COSTS, COUNT_MAX, RADIUS_MAX, Wish

__all__ = ["COSTS", "COUNT_MAX", "EXCERPT", "RADIUS_MAX", "Found", "Wish"]
