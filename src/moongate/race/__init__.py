"""A 3D mobile racing game: one deterministic physics, proven records, editions as content."""
