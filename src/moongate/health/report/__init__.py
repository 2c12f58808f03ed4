"""A kept assessment on paper, for the doctor."""
