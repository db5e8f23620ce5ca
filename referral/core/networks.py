"""Whose an address is, for counting: pure."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """The address, or the /64 network of an IPv6 one: that is what one household or site has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)
