"""Consented assessments as a task set for research, with nothing in it that points to anybody."""
