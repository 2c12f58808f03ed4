"""Addresses, as limits count them."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from moongate.accounts.addresses import household


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_household_counts_as_one_address(address, counted):
    assert household(address) == counted


@pytest.mark.django_db
def test_a_flood_from_one_household_is_held_up(client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    statuses = [
        client.post(reverse("account_signup"), {}, REMOTE_ADDR=f"2001:db8::{k}").status_code
        for k in range(1, 4)
    ]
    assert statuses == [200, 200, 429]
