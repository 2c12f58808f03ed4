"""Editions: content packs of tracks, karts and characters, and the tool that builds them."""
