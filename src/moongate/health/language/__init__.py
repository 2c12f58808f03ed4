"""Free text in English and Chinese to findings: what was understood, where, and what was not."""
