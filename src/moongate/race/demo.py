"""Demo content: labelled players whose records the AI really drove."""

from __future__ import annotations


def load_demo() -> None:
    """Enter the demo players' records, each through the same door as anybody's."""
