"""What drivers do every tick, compiled by Numba; `drivers.compiled` keeps it between runs."""
