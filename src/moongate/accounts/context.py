"""What every template knows about the person."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject

from moongate.accounts.guests import current_person


def person(request: HttpRequest) -> dict:
    if not hasattr(request, "session"):
        return {"person": None}
    return {
        "person": SimpleLazyObject(lambda: current_person(request)),
        # Only when asked: the host of a refused request has no name to be had.
        "passkey_host": SimpleLazyObject(lambda: passkey_host(request)),
    }


def passkey_host(request: HttpRequest) -> dict:
    """Whether passkeys can work at this host: they belong to a name, never to an IP address."""
    host, port = split_domain_port(request.get_host())
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return {"works": True}
    elsewhere = f"http://localhost{':' + port if port else ''}" if address.is_loopback else ""
    return {"works": False, "elsewhere": elsewhere}
