"""A person's own health records: sealed at rest, read, compared, shared and erased."""
