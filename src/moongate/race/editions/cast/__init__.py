"""Characters and karts: bodies on one skeleton, their clips, and what they drive."""
