class DatasetError(Exception):
    """A dataset file that cannot be used."""
