"""The deterministic core, in a restricted dialect of Python (see `docs/simulation.md`).

These files run as they are on CPython, are compiled by Numba on the server and become one ES
module for the browser (`moongate.race.transpile`). They import nothing but `sqrt` and each other.
"""
