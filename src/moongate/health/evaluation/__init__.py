"""Measurement: vignettes, DDXPlus, red flags, speed."""
