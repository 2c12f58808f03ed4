"""Addresses, as limits count them."""

import ipaddress

IPV6_HOME_BITS = 64  # one household has all addresses that begin alike


def household(address: str) -> str:
    """What stands for an address: itself, or of IPv6 the network one subscriber is given."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    packed = int(parsed) >> (128 - IPV6_HOME_BITS) << (128 - IPV6_HOME_BITS)
    return f"{ipaddress.IPv6Address(packed)}/{IPV6_HOME_BITS}"
