"""What drivers do every tick, in the simulation's dialect.

The files run as they are on CPython, are compiled by Numba (`drivers.compiled`) and become an ES
module for the browser (`race.transpile`): one driver, everywhere the same to the bit.
"""
