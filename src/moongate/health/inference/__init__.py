"""Inference over the network of conditions and findings: posterior, questions, triage."""
