"""Proof that one physics runs to the same bits on CPython, Numba, Node and Chromium."""
