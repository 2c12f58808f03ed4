"""Why an import cannot go on, in words for the person who asked for it."""


class StreamError(Exception):
    """What is wrong with the source as a whole, and the mend."""
