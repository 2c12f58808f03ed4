"""Why a request is not WeChat's. The sender is never told which."""

from __future__ import annotations


class Refused(ValueError):
    """Not signed by WeChat for this account, out of its time, replayed, or not readable."""
