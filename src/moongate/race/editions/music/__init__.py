"""Scores: what an edition's music is written in, checked and compiled for the browser's player."""
