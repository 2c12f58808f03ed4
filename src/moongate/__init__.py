"""Moongate: one door to race, fashion, health and awards."""

__version__ = "0.1.0"
